/* header.c - the first line of a trace, read; see header.h. */
#include "sim/trace/header.h"

#include <stdio.h>
#include <string.h>
#include "sim/scenario/knobs.h"

static bool scan_knob(al_loop_knobs *loop, const al_knob *knob, al_scan *scan)
{
    void *value = al_knob_value(knob, loop, NULL);

    switch (knob->kind) {
    case AL_KNOB_BOOL:
        return al_scan_flag(scan, value);
    case AL_KNOB_COUNT:
        return al_scan_count(scan, value);
    case AL_KNOB_SECONDS:
    case AL_KNOB_FRACTION:
        return al_scan_seconds(scan, value);
    case AL_KNOB_PYTHON: /* stands outside of "loop" */
    case AL_KNOB_UNTIL:
    case AL_KNOB_LIMIT:
        break;
    }
    return al_scan_skip(scan);
}

static bool scan_section(al_loop_knobs *loop, al_knob_section section,
                         al_scan *scan);

static bool scan_section_member(al_loop_knobs *loop, al_knob_section section,
                                const char *key, al_scan *scan)
{
    const al_knob *knob = al_knob_find(section, key);

    if (knob)
        return scan_knob(loop, knob, scan);
    if (section == AL_KNOBS_LOOP && strcmp(key, "clock") == 0)
        return scan_section(loop, AL_KNOBS_CLOCK, scan);
    return al_scan_skip(scan);
}

static bool scan_section(al_loop_knobs *loop, al_knob_section section,
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
    if (strcmp(key, "real_time") == 0)
        return al_scan_flag(scan, &header->is_real_time);
    if (strcmp(key, "loop") == 0)
        return scan_section(&header->loop, AL_KNOBS_LOOP, scan);
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

    *header = (al_trace_header){0};
    al_knobs_set_defaults(&header->loop, NULL);
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
