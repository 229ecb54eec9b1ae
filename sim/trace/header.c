/* header.c - the first line of a trace, read; see header.h. */
#include "sim/trace/header.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

typedef enum knob_type { KNOB_FLAG, KNOB_COUNT, KNOB_SECONDS } knob_type;

typedef struct knob {
    const char *section; /* "loop", or "clock" in it */
    const char *key;
    knob_type type;
    size_t offset; /* in al_loop_knobs */
} knob;

#define KNOB(section, key, type, member)                                       \
    {section, key, KNOB_##type, offsetof(al_loop_knobs, member)}

static const knob knobs[] = {
    KNOB("loop", "debug", FLAG, debug),
    KNOB("loop", "slow_callback_duration", SECONDS, slow_callback_duration),
    KNOB("loop", "min_scheduled_timer_handles", COUNT,
         min_scheduled_timer_handles),
    KNOB("loop", "min_cancelled_timer_handles_fraction", SECONDS,
         min_cancelled_timer_handles_fraction),
    KNOB("loop", "maximum_select_timeout", SECONDS, maximum_select_timeout),
    KNOB("clock", "start", SECONDS, clock_start),
    KNOB("clock", "resolution", SECONDS, clock_resolution),
    KNOB("clock", "tick", SECONDS, clock_tick),
};

static const al_loop_knobs default_knobs = {
    .slow_callback_duration = 0.1,
    .min_scheduled_timer_handles = 100,
    .min_cancelled_timer_handles_fraction = 0.5,
    .maximum_select_timeout = 86400,
    .python_minor = 14,
    .clock_resolution = 1e-9,
};

static const knob *find_knob(const char *section, const char *key)
{
    for (size_t i = 0; i < sizeof knobs / sizeof *knobs; i++) {
        if (strcmp(knobs[i].section, section) == 0 &&
            strcmp(knobs[i].key, key) == 0)
            return &knobs[i];
    }
    return NULL;
}

static bool scan_knob(al_loop_knobs *loop, const knob *which, al_scan *scan)
{
    void *value = (char *)loop + which->offset;

    switch (which->type) {
    case KNOB_FLAG:
        return al_scan_flag(scan, value);
    case KNOB_COUNT:
        return al_scan_count(scan, value);
    case KNOB_SECONDS:
        return al_scan_seconds(scan, value);
    }
    return false;
}

static bool scan_section(al_loop_knobs *loop, const char *section,
                         al_scan *scan);

static bool scan_section_member(al_loop_knobs *loop, const char *section,
                                const char *key, al_scan *scan)
{
    const knob *which = find_knob(section, key);

    if (which)
        return scan_knob(loop, which, scan);
    if (strcmp(section, "loop") == 0 && strcmp(key, "clock") == 0)
        return scan_section(loop, "clock", scan);
    return al_scan_skip(scan);
}

static bool scan_section(al_loop_knobs *loop, const char *section,
                         al_scan *scan)
{
    bool is_first = true;
    const char *key;

    if (!al_scan_expect(scan, '{', "'{'"))
        return false;
    while (al_scan_key(scan, is_first, &key)) {
        if (!key)
            return true;
        if (!scan_section_member(loop, section, key, scan))
            return false;
        is_first = false;
    }
    return false;
}

static bool scan_text(al_intern *texts, const char **text, al_scan *scan)
{
    if (!al_scan_text(scan, text))
        return false;
    *text = al_intern_text(texts, *text);
    return true;
}

static bool scan_member(al_trace_header *header, al_intern *texts,
                        const char *key, al_scan *scan)
{
    if (strcmp(key, "producer") == 0)
        return scan_text(texts, &header->producer, scan);
    if (strcmp(key, "scenario") == 0)
        return scan_text(texts, &header->scenario, scan);
    if (strcmp(key, "python") == 0)
        return scan_text(texts, &header->python, scan);
    if (strcmp(key, "loop") == 0)
        return scan_section(&header->loop, "loop", scan);
    return al_scan_skip(scan);
}

/* Before anything else: of another version we could not judge the rest. */
static bool check_version(al_scan *scan)
{
    char message[80];
    char *start = scan->at;
    char *value;
    uint64_t version;

    if (*start != '{' || !al_scan_locate(scan, "\"trace\"", &value) || !value) {
        scan->at = start;
        return al_scan_fail(scan, "this is no trace: its first line is no "
                                  "object with a \"trace\" version");
    }
    scan->at = value;
    if (!al_scan_count(scan, &version))
        return false;
    scan->at = version == AL_TRACE_VERSION ? start : value;
    if (version == AL_TRACE_VERSION)
        return true;
    snprintf(message, sizeof message,
             "version %llu of the trace format is not supported, only %d",
             (unsigned long long)version, AL_TRACE_VERSION);
    return al_scan_fail(scan, message);
}

static void take_python_minor(al_trace_header *header)
{
    int minor;

    if (header->python && sscanf(header->python, "3.%3d", &minor) == 1)
        header->loop.python_minor = minor;
}

bool al_trace_header_scan(al_trace_header *header, al_intern *texts,
                          al_scan *scan)
{
    bool is_first = true;
    const char *key;

    *header = (al_trace_header){.loop = default_knobs};
    al_scan_space(scan);
    if (!check_version(scan) || !al_scan_expect(scan, '{', "'{'"))
        return false;
    while (al_scan_key(scan, is_first, &key) && key) {
        if (!scan_member(header, texts, key, scan))
            return false;
        is_first = false;
    }
    if (scan->error.message[0])
        return false;
    take_python_minor(header);
    return al_scan_is_blank(scan) ||
           al_scan_fail(scan, "there is more after the header's '}'");
}
