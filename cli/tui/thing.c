/* thing.c - see thing.h. */
#include "cli/tui/thing.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

bool al_same_thing(al_thing a, al_thing b)
{
    return a.kind != AL_THING_NONE && a.kind == b.kind && a.id == b.id;
}

void al_thing_add_name(al_text *out, al_thing thing)
{
    static const char *const prefixes[] = {
        [AL_THING_NONE] = "",         [AL_THING_HANDLE] = "h",
        [AL_THING_TASK] = "t",        [AL_THING_FUTURE] = "f",
        [AL_THING_PRIMITIVE] = "p",   [AL_THING_EVENT] = "event ",
        [AL_THING_LINE] = "line ",
    };

    al_text_add(out, prefixes[thing.kind]);
    if (thing.kind != AL_THING_NONE)
        al_text_add_uint(out, thing.id);
}

static bool is_of_word(char c)
{
    return isalnum((unsigned char)c) || c == '_' || (unsigned char)c >= 0x80;
}

static const char digits[] = "0123456789";

al_thing al_thing_parse(const char *text, size_t length)
{
    static const char letters[] = "htfp";
    const char *letter = length > 1 ? memchr(letters, *text, 4) : NULL;

    if (!letter || length > 18 || text[1] == '0' ||
        strspn(text + 1, digits) < length - 1)
        return (al_thing){0};
    return (al_thing){(al_thing_kind)(AL_THING_HANDLE + (letter - letters)),
                      strtoull(text + 1, NULL, 10)};
}

/* Where no word goes on before or after it. */
static al_thing thing_at(const char *text, const char *start)
{
    size_t length = 1 + strspn(start + 1, digits);

    if ((start > text && is_of_word(start[-1])) || is_of_word(start[length]))
        return (al_thing){0};
    return al_thing_parse(start, length);
}

al_thing al_thing_named_in(const char *text, al_thing other)
{
    for (const char *at = text; *at; at++) {
        al_thing thing = thing_at(text, at);

        if (thing.kind != AL_THING_NONE && !al_same_thing(thing, other))
            return thing;
    }
    return (al_thing){0};
}

/* -- in events ------------------------------------------------------------ */

al_thing al_thing_of_event(const al_event *event)
{
    if (event->handle)
        return (al_thing){AL_THING_HANDLE, event->handle};
    if (event->task)
        return (al_thing){AL_THING_TASK, event->task};
    if (event->future)
        return (al_thing){AL_THING_FUTURE, event->future};
    return (al_thing){AL_THING_PRIMITIVE, event->primitive};
}

static al_thing_kind kind_of_field(al_field_type type)
{
    switch (type) {
    case AL_TYPE_HANDLE:
    case AL_TYPE_CAUSE:
        return AL_THING_HANDLE;
    case AL_TYPE_TASK:
        return AL_THING_TASK;
    case AL_TYPE_FUTURE:
        return AL_THING_FUTURE;
    case AL_TYPE_PRIMITIVE:
        return AL_THING_PRIMITIVE;
    default:
        return AL_THING_NONE;
    }
}

static bool is_named(const al_event *event, al_thing thing, bool as_cause)
{
    const al_event_spec *spec = &al_event_specs[event->kind];

    if (thing.kind == AL_THING_NONE)
        return false;
    for (unsigned i = 0; i < spec->field_count; i++) {
        const al_field_spec *field = &al_field_specs[spec->fields[i]];
        const uint64_t *id = al_event_value(event, field);

        if (kind_of_field(field->type) == thing.kind && *id == thing.id &&
            (as_cause || field->type != AL_TYPE_CAUSE))
            return true;
    }
    return false;
}

bool al_event_touches(const al_event *event, al_thing thing)
{
    return is_named(event, thing, true);
}

bool al_event_changes(const al_event *event, al_thing thing)
{
    return is_named(event, thing, false);
}
