/* load_knobs.c - settings: from the file, then from overrides. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "loop/base/alloc.h"
#include "sim/base/escape.h"
#include "sim/json/suggest.h"
#include "sim/scenario/knobs.h"
#include "sim/scenario/loader.h"

/* -- one setting -------------------------------------------------------- */

typedef struct setting { /* what is set, and where it was said */
    al_loader *l;
    const al_knob *knob;
    al_json_value value;
    const al_override *override; /* or NULL: it is the file's */
} setting;

enum { SHOWN = 60 }; /* columns of what the user gave */

/* "--until: must not …", "--set 'loop.debug=1': …" */
__attribute__((format(printf, 4, 5)))
static bool refuse_override(al_loader *l, const al_override *override,
                            const char *suggestion, const char *format, ...)
{
    al_text message = {0};
    va_list args;

    al_text_add_format(&message, "%s '", override->option);
    al_escape_add_cut(&message, override->text, SHOWN);
    al_text_add(&message, "': ");
    va_start(args, format);
    al_text_add_vformat(&message, format, args);
    va_end(args);
    al_diagnose(l->diagnostics, AL_NO_PLACE, 0, suggestion, "%s",
                message.bytes);
    al_text_release(&message);
    return false;
}

/* `what` is wrong with it: "must not be negative". */
static bool refuse(const setting *s, const char *what)
{
    if (!s->override)
        return al_load_fail(s->l, s->value, NULL, "'%s' %s", s->knob->name,
                            what);
    if (s->override->setting) /* whose name the user did not say */
        return refuse_override(s->l, s->override, NULL, "it %s", what);
    return refuse_override(s->l, s->override, NULL, "'%s' %s", s->knob->name,
                           what);
}

static bool refuse_type(const setting *s, const char *wanted)
{
    char what[200];

    snprintf(what, sizeof what, "must be %s, and is %s", wanted,
             al_json_kind(s->value));
    return refuse(s, what);
}

static void *target(const setting *s)
{
    al_scenario *scenario = s->l->scenario;

    return al_knob_value(s->knob, &scenario->loop, &scenario->limits);
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
        return refuse(s, "must not be negative");
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
        return refuse(s, "must be from 0 to 1");
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
        return refuse(s, "must be greater than 0");
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
        return refuse(s, "must be an integer, without a point or exponent");
    if (!al_json_get_integer(s->value, &count))
        return refuse(s, "is beyond 64 bits");
    if (count < is_limit)
        return refuse(s, is_limit ? "must be at least 1"
                                  : "must not be negative");
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
        return refuse(s, "must be \"3.14\" or \"3.15\"");
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

static void collect_names(al_knob_section section, const char **names)
{
    for (size_t i = 0; i < al_knob_count; i++) {
        if (al_knobs[i].section == section)
            *names++ = al_knobs[i].name;
    }
    if (section == AL_KNOBS_LOOP)
        *names++ = "clock";
    *names = NULL;
}

static void load_section(al_loader *l, al_json_value object,
                         al_knob_section section, const char *what)
{
    const char **names;

    if (!object.item)
        return;
    if (!cJSON_IsObject(object.item)) {
        al_load_fail_type(l, object, "an object");
        return;
    }
    names = al_alloc_zero(al_knob_count + 2, sizeof *names);
    collect_names(section, names);
    al_load_check_keys(l, object, what, names);
    al_free(names);
    for (size_t i = 0; i < al_knob_count; i++) {
        setting s = {l, &al_knobs[i], {0}, NULL};

        s.value = al_json_member(object, s.knob->name);
        if (s.value.item && s.knob->section == section)
            set_knob(&s);
    }
}

void al_load_knobs(al_loader *l, al_json_value root)
{
    al_json_value loop = al_json_member(root, "loop");

    al_knobs_set_defaults(&l->scenario->loop, &l->scenario->limits);
    load_section(l, loop, AL_KNOBS_LOOP, "\"loop\"");
    if (loop.item)
        load_section(l, al_json_member(loop, "clock"), AL_KNOBS_CLOCK,
                     "\"clock\"");
    load_section(l, al_json_member(root, "limits"), AL_KNOBS_LIMITS,
                 "\"limits\"");
}

/* -- overrides ---------------------------------------------------------- */

/* Of "loop.clock.tick": the sections' names hold dots, too. */
static const al_knob *find_knob(const char *path, size_t length)
{
    for (size_t i = 0; i < al_knob_count; i++) {
        const char *section = al_knob_section_names[al_knobs[i].section];
        size_t dot = strlen(section);

        if (length == dot + 1 + strlen(al_knobs[i].name) &&
            memcmp(path, section, dot) == 0 && path[dot] == '.' &&
            memcmp(path + dot + 1, al_knobs[i].name, length - dot - 1) == 0)
            return &al_knobs[i];
    }
    return NULL;
}

static bool unknown_knob(al_loader *l, const al_override *override,
                         size_t length)
{
    al_text *paths = al_alloc_zero(al_knob_count, sizeof *paths);
    const char **names = al_alloc_zero(al_knob_count, sizeof *names);
    char *path = al_strndup(override->text, length);
    al_text shown = {0};

    for (size_t i = 0; i < al_knob_count; i++) {
        al_text_add_format(&paths[i], "%s.%s",
                           al_knob_section_names[al_knobs[i].section],
                           al_knobs[i].name);
        names[i] = paths[i].bytes;
    }
    al_escape_add_cut(&shown, path, SHOWN);
    refuse_override(l, override, al_suggest(path, names, al_knob_count),
                    "there is no setting '%s'", al_text_peek(&shown));
    for (size_t i = 0; i < al_knob_count; i++)
        al_text_release(&paths[i]);
    al_text_release(&shown);
    al_free(path);
    al_free(names);
    al_free(paths);
    return false;
}

/* What is no JSON at all, where the knob wants a word or a number. */
static void refuse_word(const setting *s, const char *value)
{
    al_text what = {0};

    if (s->override->setting) {
        refuse(s, "is no number");
        return;
    }
    al_text_add_format(&what, "must be %s, and is '",
                       s->knob->kind == AL_KNOB_BOOL     ? "true or false"
                       : s->knob->kind == AL_KNOB_PYTHON ? "3.14 or 3.15"
                                                         : "a number");
    al_escape_add_cut(&what, value, SHOWN);
    al_text_add_char(&what, '\'');
    refuse(s, what.bytes);
    al_text_release(&what);
}

static bool apply_value(al_loader *l, const al_override *override,
                        const al_knob *knob, const char *value)
{
    al_diagnostics unused = {0};
    al_json json = {0};
    setting s = {l, knob, {0}, override};
    bool ok;

    ok = al_json_parse(&json, value, strlen(value), &unused);
    if (ok) {
        s.value = al_json_root(&json);
        ok = set_knob(&s);
    } else {
        refuse_word(&s, value);
    }
    al_json_release(&json);
    al_diagnostics_release(&unused);
    return ok;
}

/* "NAME=VALUE" */
static bool apply_text(al_loader *l, const al_override *override)
{
    const char *equals = strchr(override->text, '=');
    const al_knob *knob;
    size_t length;

    if (!equals)
        return refuse_override(l, override, NULL,
                               "expected NAME=VALUE, as in loop.debug=true");
    length = (size_t)(equals - override->text);
    knob = find_knob(override->text, length);
    return knob ? apply_value(l, override, knob, equals + 1)
                : unknown_knob(l, override, length);
}

static bool apply(al_loader *l, const al_override *override)
{
    const char *path = override->setting;

    return path ? apply_value(l, override, find_knob(path, strlen(path)),
                              override->text)
                : apply_text(l, override);
}

void al_load_overrides(al_loader *l, const al_override *overrides,
                       size_t count)
{
    for (size_t i = 0; i < count; i++)
        apply(l, &overrides[i]);
}

bool al_override_check(const al_override *override, al_error *err)
{
    al_scenario scratch = {0};
    al_diagnostics diagnostics = {0};
    al_loader l = {.scenario = &scratch, .diagnostics = &diagnostics};
    const al_diagnostic *told = diagnostics.items;
    bool ok = apply(&l, override);

    if (!ok && told->suggestion[0])
        al_fail(err, "%s; did you mean '%s'?", told->message,
                told->suggestion);
    else if (!ok)
        al_fail(err, "%s", told->message);
    al_diagnostics_release(&diagnostics);
    return ok;
}
