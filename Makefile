# Makefile - build, test, prove and measure asyncloop-sim.
#
#   make run    install what is missing, build, run a shipped scenario
#   make test   the same for all the tests
#
# Everything that is built goes to $(BUILD); a variant (asan, tsan, coverage)
# is a recursive call with another one.

BUILD   ?= build
PREFIX  ?= /usr/local
N       ?= 200
SEED    ?= 1
SECONDS ?= 60

VERSION := 0.1.0

WARN := -Wall -Wextra -Wshadow -Wconversion -Wmissing-prototypes \
  -Wstrict-prototypes
ifeq ($(WERROR),1)
WARN += -Werror
endif

CFLAGS ?= -O2 -g
# Pairing two arguments into one vector store (slp) goes through the stack and
# stalls: it would make call_soon twice as slow.
base_cflags = -std=c11 -D_GNU_SOURCE -DAL_VERSION='"$(VERSION)"' -I. \
  -I$(BUILD) -pthread -fno-tree-slp-vectorize
json_cflags = $(shell pkg-config --cflags libcjson 2>/dev/null)
json_libs   = $(shell pkg-config --libs libcjson 2>/dev/null || echo -lcjson)
check_flags = $(shell pkg-config --cflags --libs check 2>/dev/null || \
  echo -lcheck)
compile = $(CC) $(base_cflags) $(json_cflags) $(WARN) $(CPPFLAGS) $(CFLAGS) \
  -MMD -MP

loop_obj := $(patsubst %.c,$(BUILD)/%.o,$(wildcard loop/*/*.c))
sim_obj  := $(patsubst %.c,$(BUILD)/%.o,$(wildcard sim/*.c sim/*/*.c))
cli_obj  := $(patsubst %.c,$(BUILD)/%.o,$(wildcard cli/*.c))
unit_src := $(wildcard tests/unit/*.c)
unit_obj := $(unit_src:%.c=$(BUILD)/%.o)
suites   := $(patsubst tests/unit/check_%.c,%,$(filter \
  tests/unit/check_%.c,$(unit_src)))

lib_loop := $(BUILD)/libasyncloop.a
lib_sim  := $(BUILD)/libsim.a
app      := $(BUILD)/asyncloop-sim
unit     := $(BUILD)/unit

.PHONY: all
all: $(app)

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	$(compile) -c $< -o $@

$(lib_loop): $(loop_obj)
	rm -f $@ && $(AR) rcs $@ $^

$(lib_sim): $(sim_obj)
	rm -f $@ && $(AR) rcs $@ $^

$(app): $(cli_obj) $(lib_sim) $(lib_loop)
	$(CC) $(CFLAGS) $(LDFLAGS) -pthread $^ $(json_libs) -lm -o $@

# The recorder is carried inside the binary, as a list of bytes.
$(BUILD)/recorder.inc: cli/recorder/asyncloop_sim_record.py
	@mkdir -p $(@D)
	od -An -v -tu1 $< | sed 's/  */,/g; s/^,//; s/$$/,/' > $@

$(BUILD)/cli/python.o: $(BUILD)/recorder.inc

$(BUILD)/suites.inc: $(unit_src) Makefile
	@mkdir -p $(@D)
	printf 'SUITE(%s)\n' $(suites) > $@

$(unit_obj): $(BUILD)/suites.inc

$(unit): $(unit_obj) $(BUILD)/cli/account.o $(BUILD)/cli/folder.o \
  $(BUILD)/cli/page.o $(BUILD)/cli/palette.o $(lib_sim) $(lib_loop)
	$(CC) $(CFLAGS) $(LDFLAGS) -pthread $^ $(json_libs) $(check_flags) -lm -o $@

-include $(loop_obj:.o=.d) $(sim_obj:.o=.d) $(cli_obj:.o=.d) \
  $(unit_obj:.o=.d)
