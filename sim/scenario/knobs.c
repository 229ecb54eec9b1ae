/* knobs.c - the table of settings; see knobs.h. */
#include "sim/scenario/knobs.h"

#include <string.h>

const char *const al_knob_section_names[AL_KNOBS_SECTION_COUNT] = {
    [AL_KNOBS_LOOP] = "loop",
    [AL_KNOBS_CLOCK] = "loop.clock",
    [AL_KNOBS_LIMITS] = "limits",
};

#define LOOP(name, kind, usual, doc)                                           \
    {AL_KNOBS_LOOP, #name, AL_KNOB_##kind, offsetof(al_loop_knobs, name),      \
     usual, doc}
#define CLOCK(name, kind, usual, doc)                                          \
    {AL_KNOBS_CLOCK, #name, AL_KNOB_##kind,                                    \
     offsetof(al_loop_knobs, clock_##name), usual, doc}
#define LIMIT(name, kind, usual, doc)                                          \
    {AL_KNOBS_LIMITS, #name, AL_KNOB_##kind, offsetof(al_limits, name), usual, \
     doc}

const al_knob al_knobs[] = {
    LOOP(debug, BOOL, false, "asyncio's debug mode"),
    LOOP(slow_callback_duration, SECONDS, 0.1,
         "seconds from which debug mode calls a callback slow"),
    {AL_KNOBS_LOOP, "python", AL_KNOB_PYTHON,
     offsetof(al_loop_knobs, python_minor), 14,
     "whose rules hold: \"3.14\" or \"3.15\""},
    LOOP(min_scheduled_timer_handles, COUNT, 100,
         "a heap of at most so many timers is not compacted"),
    LOOP(min_cancelled_timer_handles_fraction, FRACTION, 0.5,
         "the share of cancelled timers above which the heap is compacted"),
    LOOP(maximum_select_timeout, SECONDS, 24 * 3600,
         "the longest select may block, in seconds"),
    CLOCK(start, SECONDS, 0, "what the clock shows at the beginning"),
    CLOCK(resolution, SECONDS, 1e-9,
          "the clock's resolution as the loop is told"),
    CLOCK(tick, SECONDS, 0, "the clock shows multiples of this; 0: exact"),
    LIMIT(until, UNTIL, -1, "virtual time at which the run ends"),
    LIMIT(iterations, LIMIT, 0,
          "turns of the loop after which the run ends"),
    LIMIT(standstill, LIMIT, 100000,
          "turns of the loop, while time stands still, after which the run "
          "ends"),
    LIMIT(steps, LIMIT, 100000000,
          "steps of the script after which the run ends"),
    LIMIT(memory, LIMIT, 0, "bytes the scenario may take"),
};

const size_t al_knob_count = sizeof al_knobs / sizeof *al_knobs;

const al_knob *al_knob_find(al_knob_section section, const char *name)
{
    for (size_t i = 0; i < al_knob_count; i++) {
        if (al_knobs[i].section == section &&
            strcmp(al_knobs[i].name, name) == 0)
            return &al_knobs[i];
    }
    return NULL;
}

void *al_knob_value(const al_knob *knob, al_loop_knobs *loop,
                    al_limits *limits)
{
    char *base = knob->section == AL_KNOBS_LIMITS ? (char *)limits
                                                  : (char *)loop;

    return base ? base + knob->offset : NULL;
}

static void set_default(const al_knob *knob, void *value)
{
    switch (knob->kind) {
    case AL_KNOB_BOOL:
        *(bool *)value = knob->usual != 0;
        break;
    case AL_KNOB_SECONDS:
    case AL_KNOB_FRACTION:
    case AL_KNOB_UNTIL:
        *(double *)value = knob->usual;
        break;
    case AL_KNOB_COUNT:
    case AL_KNOB_LIMIT:
        *(uint64_t *)value = (uint64_t)knob->usual;
        break;
    case AL_KNOB_PYTHON:
        *(int *)value = (int)knob->usual;
        break;
    }
}

void al_knobs_set_defaults(al_loop_knobs *loop, al_limits *limits)
{
    for (size_t i = 0; i < al_knob_count; i++) {
        void *value = al_knob_value(&al_knobs[i], loop, limits);

        if (value)
            set_default(&al_knobs[i], value);
    }
}

static bool has_no_limit(const al_knob *knob)
{
    return (knob->kind == AL_KNOB_UNTIL && knob->usual < 0) ||
           (knob->kind == AL_KNOB_LIMIT && knob->usual == 0);
}

void al_knob_describe(const al_knob *knob, al_text *out)
{
    al_text_add_format(out, "%s; default: ", knob->doc);
    if (knob->kind == AL_KNOB_BOOL)
        al_text_add(out, knob->usual != 0 ? "true" : "false");
    else if (knob->kind == AL_KNOB_PYTHON)
        al_text_add_format(out, "\"3.%.0f\"", knob->usual);
    else if (has_no_limit(knob))
        al_text_add(out, "null, none");
    else
        al_text_add_format(out, "%.9g", knob->usual);
}
