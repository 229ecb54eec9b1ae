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
KEYS    ?= 100000

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
curses_libs = $(shell pkg-config --libs ncursesw 2>/dev/null || \
  echo -lncursesw -ltinfo)
check_flags = $(shell pkg-config --cflags --libs check 2>/dev/null || \
  echo -lcheck)
compile = $(CC) $(base_cflags) $(json_cflags) $(WARN) $(CPPFLAGS) $(CFLAGS) \
  -MMD -MP

loop_obj := $(patsubst %.c,$(BUILD)/%.o,$(wildcard loop/*/*.c))
sim_obj  := $(patsubst %.c,$(BUILD)/%.o,$(wildcard sim/*.c sim/*/*.c))
cli_obj  := $(patsubst %.c,$(BUILD)/%.o,$(wildcard cli/*.c cli/*/*.c))
cli_rest := $(filter-out $(BUILD)/cli/main.o,$(cli_obj))
unit_src := $(wildcard tests/unit/*.c)
unit_obj := $(unit_src:%.c=$(BUILD)/%.o)
suites   := $(patsubst tests/unit/check_%.c,%,$(filter \
  tests/unit/check_%.c,$(unit_src)))

lib_loop := $(BUILD)/libasyncloop.a
lib_sim  := $(BUILD)/libsim.a
app      := $(BUILD)/asyncloop-sim
manual   := $(BUILD)/asyncloop-sim.1
unit     := $(BUILD)/unit

.PHONY: all
all: $(app) $(manual)

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	$(compile) -c $< -o $@

$(lib_loop): $(loop_obj)
	rm -f $@ && $(AR) rcs $@ $^

$(lib_sim): $(sim_obj)
	rm -f $@ && $(AR) rcs $@ $^

$(app): $(cli_obj) $(lib_sim) $(lib_loop)
	$(CC) $(CFLAGS) $(LDFLAGS) -pthread $^ $(json_libs) $(curses_libs) -lm -o $@

$(manual): $(app)
	$< help man > $@.new
	mv $@.new $@

# What is carried inside the binary, as lists of bytes: the recorder, and the
# page that `export --to html` fills in.
page := cli/export/timeline
$(BUILD)/recorder.inc: cli/record/asyncloop_sim_record.py
$(BUILD)/timeline_page.inc: $(page)/page.html
$(BUILD)/timeline_style.inc: $(page)/style.css
$(BUILD)/timeline_script.inc: $(patsubst %,$(page)/%.js,queues model words \
  paint panel input)
$(BUILD)/%.inc:
	@mkdir -p $(@D)
	cat $^ | od -An -v -tu1 | sed 's/  */,/g; s/^,//; s/$$/,/' > $@

$(BUILD)/cli/python.o: $(BUILD)/recorder.inc
$(BUILD)/cli/export/html.o: $(BUILD)/timeline_page.inc \
  $(BUILD)/timeline_style.inc $(BUILD)/timeline_script.inc

$(BUILD)/suites.inc: $(unit_src) Makefile
	@mkdir -p $(@D)
	printf 'SUITE(%s)\n' $(suites) > $@

$(unit_obj): $(BUILD)/suites.inc

$(unit): $(unit_obj) $(cli_rest) $(lib_sim) $(lib_loop)
	$(CC) $(CFLAGS) $(LDFLAGS) -pthread $^ $(json_libs) $(curses_libs) $(check_flags) -lm -o $@

# Of all that was ever built here: a header may be anybody's.
-include $(wildcard $(foreach depth,* */* */*/* */*/*/*,$(BUILD)/$(depth).d))

# -- running and testing ------------------------------------------------------

need := sh tests/tools/need.sh
build_needs := gcc libc6-dev pkg-config libcjson-dev libncurses-dev
test_needs  := check python3-jsonschema

.PHONY: run test tests-built
run:
	$(need) $(build_needs)
	@$(MAKE) --no-print-directory all
	$(app) run scenarios/heap-compaction.json

test:
	$(need) $(build_needs) $(test_needs)
	@$(MAKE) --no-print-directory tests-built
	@sh tests/run.sh $(BUILD)

# The fuzzers, too, lest they are left behind: linked they are by `make fuzz`.
fuzz_obj := $(patsubst %.c,$(BUILD)/%.o,$(wildcard tests/fuzz/*.c))
tests-built: $(app) $(unit) $(BUILD)/oom $(BUILD)/schema_gen $(fuzz_obj)

# The schema derives from the loader's tables.
.PHONY: schema
schema: $(BUILD)/schema_gen
	$< > $(BUILD)/scenario.schema.json
	mv $(BUILD)/scenario.schema.json scenarios/scenario.schema.json

$(BUILD)/schema_gen: $(BUILD)/tests/tools/schema_gen.o $(lib_sim) $(lib_loop)
	$(CC) $(CFLAGS) $(LDFLAGS) -pthread $^ $(json_libs) -lm -o $@

# The command itself, its main() renamed, in a process that runs out of memory.
$(BUILD)/oom_main.o: cli/main.c
	@mkdir -p $(@D)
	$(compile) -Dmain=cli_main -Wno-missing-prototypes -c $< -o $@

$(BUILD)/oom: $(BUILD)/tests/oom/oom.o $(BUILD)/oom_main.o \
  $(cli_rest) $(lib_sim) $(lib_loop)
	$(CC) $(CFLAGS) $(LDFLAGS) -pthread $^ $(json_libs) $(curses_libs) -lm -o $@

# -- sanitizers and coverage --------------------------------------------------

.PHONY: asan monkey tsan valgrind coverage
sanitized = SANITIZED=1 CK_FORK=no $(MAKE) BUILD=$(BUILD)/asan LDFLAGS= \
  CFLAGS="-O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all"
asan:
	$(sanitized) test
	@$(MAKE) --no-print-directory monkey

# Keys at random, others by another SEED.
monkey:
	$(need) $(build_needs) check
	$(sanitized) $(BUILD)/asan/unit
	AL_KEYS=$(KEYS) AL_SEED=$(SEED) CK_FORK=no $(BUILD)/asan/unit monkey

# Threads meet in the core alone.
tsan:
	$(need) $(build_needs) $(test_needs) clang
	$(MAKE) BUILD=$(BUILD)/tsan CC=clang CFLAGS="-O1 -g -fsanitize=thread" \
	  $(BUILD)/tsan/unit
	CK_FORK=no TSAN_OPTIONS=halt_on_error=1 $(BUILD)/tsan/unit real

valgrind: $(unit)
	$(need) valgrind
	CK_FORK=no valgrind -q --error-exitcode=1 --leak-check=full \
	  --errors-for-leak-kinds=definite $(unit)

coverage:
	$(need) $(build_needs) $(test_needs) gcovr
	$(MAKE) BUILD=$(BUILD)/coverage CFLAGS="-O0 -g --coverage" test
	gcovr -r . --filter loop/ --filter sim/ --print-summary $(BUILD)/coverage

# -- fuzzing ------------------------------------------------------------------

.PHONY: fuzz
fuzz_cflags := -O1 -g -fsanitize=fuzzer-no-link,address,undefined
fuzzers := $(patsubst tests/fuzz/%.c,%,$(wildcard tests/fuzz/*.c))
fuzz:
	$(need) $(build_needs) clang libclang-rt-14-dev
	$(MAKE) BUILD=$(BUILD)/fuzz CC=clang CFLAGS="$(fuzz_cflags)" \
	  $(fuzzers:%=$(BUILD)/fuzz/%)
	for f in $(fuzzers); do \
	  mkdir -p $(BUILD)/fuzz/corpus/$$f && \
	  $(BUILD)/fuzz/$$f -max_total_time=$(SECONDS) -print_final_stats=0 \
	    -verbosity=0 $(BUILD)/fuzz/corpus/$$f scenarios || exit 1; \
	done

$(BUILD)/fuzz_%: $(BUILD)/tests/fuzz/fuzz_%.o $(lib_sim) $(lib_loop)
	$(CC) $(CFLAGS) -fsanitize=fuzzer -pthread $^ $(json_libs) -lm -o $@

# -- measuring ----------------------------------------------------------------

# Beside whichever of libev, libuv and libevent is there.
.PHONY: bench
have = $(shell printf '\043include <$(1)>\n' | $(CC) -E - >/dev/null 2>&1 && \
  echo yes)
bench_src := $(filter-out tests/bench/bench_lib% tests/bench/%_libuv.c,\
  $(wildcard tests/bench/*.c))
ifneq ($(filter bench %/bench,$(MAKECMDGOALS)),)
ifeq ($(call have,ev.h),yes)
bench_src += tests/bench/bench_libev.c
bench_def += -DHAVE_LIBEV
bench_libs += -lev # has libevent's names too: it comes last
endif
ifeq ($(call have,uv.h),yes)
bench_src += tests/bench/bench_libuv.c tests/bench/bench_echo_libuv.c
bench_def += -DHAVE_LIBUV
bench_libs += -luv
endif
ifeq ($(call have,event2/event.h),yes)
bench_src += tests/bench/bench_libevent.c
bench_def += -DHAVE_LIBEVENT
bench_libs := -levent_core $(bench_libs)
endif
endif
$(BUILD)/tests/bench/main.o: CPPFLAGS += $(bench_def)
bench:
	$(need) $(build_needs)
	-$(need) libev-dev libuv1-dev libevent-dev
	@$(MAKE) --no-print-directory all $(BUILD)/bench
	$(BUILD)/bench
	sh tests/bench/end_to_end.sh $(app)

$(BUILD)/bench: $(bench_src:%.c=$(BUILD)/%.o) $(lib_loop)
	$(CC) $(CFLAGS) $(LDFLAGS) -pthread $^ $(bench_libs) -lm -o $@

# -- the proof ----------------------------------------------------------------

.PHONY: conformance golden
scenarios  := $(filter-out %.schema.json,$(wildcard scenarios/*.json))
kept       := $(wildcard tests/conformance/found/*.json \
  tests/conformance/cpython/*/*.json)
conform_js := tests/conformance/conform.mjs
pyodide    := tests/conformance/node_modules/pyodide/package.json

$(pyodide): tests/conformance/package.json
	cd tests/conformance && npm install --no-audit --no-fund --silent
	@touch $@

conformance:
	@command -v node >/dev/null || $(need) nodejs npm
	$(need) $(build_needs)
	@$(MAKE) --no-print-directory all $(pyodide)
	node $(conform_js) --binary $(app) $(scenarios) $(kept)
	node tests/conformance/endless.mjs --binary $(app)
	node $(conform_js) --binary $(app) --random $(N) --seed $(SEED)
	node tests/conformance/expressions.mjs --binary $(app) \
	  --random $$(($(N) * 20)) --seed $(SEED)

golden:
	@command -v node >/dev/null || $(need) nodejs npm
	$(need) $(build_needs)
	@$(MAKE) --no-print-directory all $(pyodide)
	node $(conform_js) --binary $(app) --golden $(scenarios) $(kept)
	node tests/conformance/tracebacks.mjs --binary $(app) tests/tracebacks/*.json

# What Python knows of characters and of its classes' names, asked of it.
.PHONY: characters names
characters: $(pyodide)
	node tests/tools/table.mjs $(dir $(pyodide)) \
	  tests/tools/character_table.py > $(BUILD)/characters
	mv $(BUILD)/characters loop/object/character_table.inc

names: $(pyodide)
	node tests/tools/table.mjs $(dir $(pyodide)) \
	  tests/tools/name_table.py > $(BUILD)/names
	mv $(BUILD)/names sim/python/name_table.inc

# -- installing ---------------------------------------------------------------

# The command, and the event loop as a library: loop/README.md shows its use.
.PHONY: install uninstall clean
into    := $(DESTDIR)$(PREFIX)
private := loop/base/hash.h loop/base/suggestion.h loop/core/loop_private.h \
  loop/core/ready.h \
  loop/core/slab.h loop/core/telling.h loop/task/identities.h \
  loop/object/numeric.h loop/task/seconds.h loop/task/tell.h loop/task/waiter.h
headers := loop/asyncloop.h $(filter-out $(private),$(wildcard loop/*/*.h))
install: $(app) $(manual) $(lib_loop)
	install -D -m 755 $(app) $(into)/bin/asyncloop-sim
	install -d $(into)/share/man/man1 $(into)/share/bash-completion/completions
	install -m 644 $(manual) $(into)/share/man/man1/asyncloop-sim.1
	$(app) help bash > $(into)/share/bash-completion/completions/asyncloop-sim
	install -D -m 644 $(lib_loop) $(into)/lib/libasyncloop.a
	for header in $(headers); do \
	  install -D -m 644 $$header $(into)/include/asyncloop/$$header || exit 1; \
	done
	install -d $(into)/lib/pkgconfig
	sed 's|@PREFIX@|$(PREFIX)|; s|@VERSION@|$(VERSION)|' loop/asyncloop.pc.in \
	  > $(into)/lib/pkgconfig/asyncloop.pc

uninstall:
	rm -f $(into)/bin/asyncloop-sim $(into)/lib/libasyncloop.a \
	  $(into)/lib/pkgconfig/asyncloop.pc \
	  $(into)/share/man/man1/asyncloop-sim.1 \
	  $(into)/share/bash-completion/completions/asyncloop-sim
	rm -rf $(into)/include/asyncloop

clean:
	rm -rf $(BUILD)
