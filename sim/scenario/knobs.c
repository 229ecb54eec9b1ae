/* knobs.c - settings: from the file, then from overrides. */
#include "sim/scenario/knobs.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "loop/base/alloc.h"
#include "sim/scenario/loader.h"

#define AT(member) offsetof(al_scenario, member)

const al_knob al_knobs[] = {
    {"loop", "debug", AL_KNOB_BOOL, AT(loop.debug),
     "asyncio's debug mode; default: false"},
    {"loop", "slow_callback_duration", AL_KNOB_SECONDS,
     AT(loop.slow_callback_duration),
     "seconds from which debug mode calls a callback slow; default: 0.1"},
    {"loop", "python", AL_KNOB_PYTHON, AT(loop.python_minor),
     "whose rules hold: \"3.14\" (default) or \"3.15\""},
    {"loop", "min_scheduled_timer_handles", AL_KNOB_COUNT,
     AT(loop.min_scheduled_timer_handles),
     "a heap of at most so many timers is not compacted; default: 100"},
    {"loop", "min_cancelled_timer_handles_fraction", AL_KNOB_FRACTION,
     AT(loop.min_cancelled_timer_handles_fraction),
     "the share of cancelled timers above which the heap is compacted; "
     "default: 0.5"},
    {"loop", "maximum_select_timeout", AL_KNOB_SECONDS,
     AT(loop.maximum_select_timeout),
     "the longest select may block, in seconds; default: 86400"},
    {"loop.clock", "start", AL_KNOB_SECONDS, AT(loop.clock_start),
     "what the clock shows at the beginning; default: 0"},
    {"loop.clock", "resolution", AL_KNOB_SECONDS, AT(loop.clock_resolution),
     "the clock's resolution as the loop is told; default: 1e-9"},
    {"loop.clock", "tick", AL_KNOB_SECONDS, AT(loop.clock_tick),
     "the clock shows multiples of this; default: 0, exact"},
    {"limits", "until", AL_KNOB_UNTIL, AT(limits.until),
     "virtual time at which the run ends; default: null, none"},
    {"limits", "iterations", AL_KNOB_LIMIT, AT(limits.iterations),
     "turns of the loop after which the run ends; default: null, none"},
    {"limits", "steps", AL_KNOB_LIMIT, AT(limits.steps),
     "steps of the script after which the run ends; default: 100000000"},
    {"limits", "memory", AL_KNOB_LIMIT, AT(limits.memory),
     "bytes the scenario's values may take; default: null, any number"},
};

enum { KNOB_COUNT = sizeof al_knobs / sizeof *al_knobs };

const size_t al_knob_count = KNOB_COUNT;

/* -- one setting -------------------------------------------------------- */

typedef struct setting { /* what is set, and where it was said */
    al_loader *l;
    const al_knob *knob;
    al_json_value value;
    const char *override; /* or NULL: it is the file's */
} setting;

__attribute__((format(printf, 2, 3)))
static bool refuse(const setting *s, const char *format, ...)
{
    char message[300];
    va_list args;

    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    if (s->override) {
        al_diagnose(s->l->diagnostics, AL_NO_PLACE, 0, NULL,
                    "override '%.80s': %s", s->override, message);
        return false;
    }
    return al_load_fail(s->l, s->value, NULL, "%s", message);
}

static bool refuse_type(const setting *s, const char *wanted)
{
    return refuse(s, "'%s' must be %s, and is %s", s->knob->name, wanted,
                  al_json_kind(s->value));
}

static void *target(const setting *s)
{
    return (char *)s->l->scenario + s->knob->offset;
}

static bool set_bool(const setting *s)
{
    if (!cJSON_IsBool(s->value.item))
        return refuse_type(s, "true or false");
    *(bool *)target(s) = cJSON_IsTrue(s->value.item);
    return true;
}

static bool set_seconds(const setting *s)
{
    double seconds;

    if (!cJSON_IsNumber(s->value.item))
        return refuse_type(s, "a number of seconds");
    seconds = al_json_get_double(s->value);
    if (seconds < 0)
        return refuse(s, "'%s' must not be negative", s->knob->name);
    *(double *)target(s) = seconds;
    return true;
}

static bool set_fraction(const setting *s)
{
    double fraction;

    if (!cJSON_IsNumber(s->value.item))
        return refuse_type(s, "a number from 0 to 1");
    fraction = al_json_get_double(s->value);
    if (fraction < 0 || fraction > 1)
        return refuse(s, "'%s' must be from 0 to 1", s->knob->name);
    *(double *)target(s) = fraction;
    return true;
}

static bool set_until(const setting *s)
{
    double until;

    if (cJSON_IsNull(s->value.item)) {
        *(double *)target(s) = -1;
        return true;
    }
    if (!cJSON_IsNumber(s->value.item))
        return refuse_type(s, "a number of seconds, or null");
    until = al_json_get_double(s->value);
    if (until <= 0)
        return refuse(s, "'%s' must be greater than 0", s->knob->name);
    *(double *)target(s) = until;
    return true;
}

static bool set_count(const setting *s)
{
    bool is_limit = s->knob->kind == AL_KNOB_LIMIT;
    int64_t count;

    if (is_limit && cJSON_IsNull(s->value.item)) {
        *(uint64_t *)target(s) = 0;
        return true;
    }
    if (!cJSON_IsNumber(s->value.item))
        return refuse_type(s, is_limit ? "an integer, or null" : "an integer");
    if (!al_json_is_integer(s->value))
        return refuse(s, "'%s' must be an integer, without a point or "
                      "exponent", s->knob->name);
    if (!al_json_get_integer(s->value, &count))
        return refuse(s, "'%s' is beyond 64 bits", s->knob->name);
    if (count < is_limit)
        return refuse(s, is_limit ? "'%s' must be at least 1"
                                  : "'%s' must not be negative",
                      s->knob->name);
    *(uint64_t *)target(s) = (uint64_t)count;
    return true;
}

/* 3.15 in the file is a number, and no version; on the command line nobody
 * wants to quote it. */
static bool is_version(const setting *s, const char *version)
{
    const char *text = cJSON_GetStringValue(s->value.item);
    const al_json_node *node = al_json_node_of(s->value);

    if (text)
        return strcmp(text, version) == 0;
    return s->override && node->end - node->offset == strlen(version) &&
           memcmp(s->value.json->text + node->offset, version,
                  strlen(version)) == 0;
}

static bool set_python(const setting *s)
{
    bool is_next = is_version(s, "3.15");

    if (!is_next && !is_version(s, "3.14"))
        return refuse(s, "'%s' must be \"3.14\" or \"3.15\"", s->knob->name);
    *(int *)target(s) = is_next ? 15 : 14;
    return true;
}

static bool set_knob(const setting *s)
{
    switch (s->knob->kind) {
    case AL_KNOB_BOOL:
        return set_bool(s);
    case AL_KNOB_SECONDS:
        return set_seconds(s);
    case AL_KNOB_FRACTION:
        return set_fraction(s);
    case AL_KNOB_UNTIL:
        return set_until(s);
    case AL_KNOB_COUNT:
    case AL_KNOB_LIMIT:
        return set_count(s);
    case AL_KNOB_PYTHON:
        return set_python(s);
    }
    return false;
}

/* -- the file's --------------------------------------------------------- */

static void collect_names(const char *section, const char **names)
{
    for (size_t i = 0; i < al_knob_count; i++) {
        if (strcmp(al_knobs[i].section, section) == 0)
            *names++ = al_knobs[i].name;
    }
    if (strcmp(section, "loop") == 0)
        *names++ = "clock";
    *names = NULL;
}

static void load_section(al_loader *l, al_json_value object,
                         const char *section, const char *what)
{
    const char *names[KNOB_COUNT + 2]; /* "clock", and the end */

    if (!object.item)
        return;
    if (!cJSON_IsObject(object.item)) {
        al_load_fail_type(l, object, "an object");
        return;
    }
    collect_names(section, names);
    al_load_check_keys(l, object, what, names);
    for (size_t i = 0; i < al_knob_count; i++) {
        setting s = {l, &al_knobs[i], {0}, NULL};

        s.value = al_json_member(object, s.knob->name);
        if (s.value.item && strcmp(s.knob->section, section) == 0)
            set_knob(&s);
    }
}

static void set_defaults(al_scenario *scenario)
{
    scenario->loop = (al_loop_knobs){
        .slow_callback_duration = 0.1,
        .min_scheduled_timer_handles = 100,
        .min_cancelled_timer_handles_fraction = 0.5,
        .maximum_select_timeout = 24 * 3600,
        .python_minor = 14,
        .clock_resolution = 1e-9,
    };
    scenario->limits = (al_limits){.until = -1, .steps = 100000000};
}

void al_load_knobs(al_loader *l, al_json_value root)
{
    al_json_value loop = al_json_member(root, "loop");

    set_defaults(l->scenario);
    load_section(l, loop, "loop", "\"loop\"");
    if (loop.item)
        load_section(l, al_json_member(loop, "clock"), "loop.clock",
                     "\"clock\"");
    load_section(l, al_json_member(root, "limits"), "limits", "\"limits\"");
}

/* -- overrides ---------------------------------------------------------- */

static const al_knob *find_knob(const char *path, size_t length)
{
    for (size_t i = 0; i < al_knob_count; i++) {
        const char *section = al_knobs[i].section;
        size_t dot = strlen(section);

        if (length == dot + 1 + strlen(al_knobs[i].name) &&
            memcmp(path, section, dot) == 0 && path[dot] == '.' &&
            memcmp(path + dot + 1, al_knobs[i].name, length - dot - 1) == 0)
            return &al_knobs[i];
    }
    return NULL;
}

static void unknown_knob(al_loader *l, const char *text, size_t length)
{
    al_text paths[KNOB_COUNT] = {0};
    const char *names[KNOB_COUNT];
    char *path = al_strndup(text, length);

    for (size_t i = 0; i < al_knob_count; i++) {
        al_text_add_format(&paths[i], "%s.%s", al_knobs[i].section,
                           al_knobs[i].name);
        names[i] = paths[i].bytes;
    }
    al_diagnose(l->diagnostics, AL_NO_PLACE, 0,
                al_suggest(path, names, al_knob_count),
                "override '%.80s': there is no setting '%.80s'", text, path);
    for (size_t i = 0; i < al_knob_count; i++)
        al_text_release(&paths[i]);
    al_free(path);
}

static void apply_value(al_loader *l, const al_knob *knob, const char *text,
                        const char *value)
{
    al_diagnostics unused = {0};
    al_json json = {0};
    setting s = {l, knob, {0}, text};

    if (al_json_parse(&json, value, strlen(value), &unused)) {
        s.value = al_json_root(&json);
        set_knob(&s);
    } else {
        al_diagnose(l->diagnostics, AL_NO_PLACE, 0, NULL,
                    "override '%.80s': '%.80s' is no JSON value", text,
                    value);
    }
    al_json_release(&json);
    al_diagnostics_release(&unused);
}

static void apply_override(al_loader *l, const char *text)
{
    const char *equals = strchr(text, '=');
    const al_knob *knob = equals ? find_knob(text, (size_t)(equals - text))
                                 : NULL;

    if (!equals)
        al_diagnose(l->diagnostics, AL_NO_PLACE, 0, NULL,
                    "override '%.80s': expected NAME=VALUE, as in "
                    "loop.debug=true", text);
    else if (!knob)
        unknown_knob(l, text, (size_t)(equals - text));
    else
        apply_value(l, knob, text, equals + 1);
}

void al_load_overrides(al_loader *l, const al_override *overrides,
                       size_t count)
{
    for (size_t i = 0; i < count; i++)
        apply_override(l, overrides[i].text);
}
