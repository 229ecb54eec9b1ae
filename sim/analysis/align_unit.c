/* align_unit.c - units and their doings; see align_private.h. */
#include "sim/analysis/align_private.h"

#include <ctype.h>
#include <math.h>
#include <string.h>
#include "loop/base/alloc.h"
#include "loop/base/hash.h"

/* -- strands -------------------------------------------------------------- */

strand *al_strand_new(al_side s, strand_kind kind, uint64_t id)
{
    strand *one = al_alloc_zero(1, sizeof *one);

    one->kind = kind;
    one->side = s;
    one->id = id;
    one->when = NAN;
    one->refs = 1;
    return one;
}

strand *al_strand_ref(strand *of)
{
    if (of)
        of->refs++;
    return of;
}

void al_strand_unref(strand *of)
{
    if (!of || --of->refs > 0)
        return;
    if (of->twin) {
        of->twin->twin = NULL;
        of->twin->is_widowed = true;
    }
    al_free(of->label);
    al_free(of->args);
    al_free(of);
}

/* -- hashing -------------------------------------------------------------- */

static uint64_t mix(uint64_t hash, uint64_t value)
{
    hash = (hash ^ value) * AL_HASH_FACTOR;
    return hash ^ hash >> 29;
}

static bool is_word(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

/* How many bytes at `at` are the digits of an id, or of "Task-3"? */
static size_t masked_length(const char *text, const char *at, bool has_ids)
{
    size_t length = 0;

    if (at == text || !isdigit((unsigned char)*at))
        return 0;
    while (isdigit((unsigned char)at[length]))
        length++;
    if (at - text >= 5 && memcmp(at - 5, "Task-", 5) == 0)
        return length;
    if (!has_ids || is_word(at[length]) || !strchr("hftpl", at[-1]) ||
        (at - text >= 2 && is_word(at[-2])))
        return 0;
    return length;
}

static uint64_t hash_text(const char *text, bool has_ids, bool is_exact)
{
    uint64_t hash = AL_HASH_START;

    for (const char *at = text; *at; at++) {
        if (!is_exact && isdigit((unsigned char)*at))
            at += masked_length(text, at, has_ids);
        if (!*at)
            break;
        hash = al_hash_byte(hash, *at);
    }
    return hash ^ hash >> 32;
}

bool al_align_are_near(double a, double b)
{
    double scale = fmax(1, fmax(fabs(a), fabs(b)));

    return a == b || fabs(a - b) <= 1e-9 * scale || (isnan(a) && isnan(b));
}

static uint64_t hash_seconds(double seconds)
{
    double rounded = seconds * 1e9;

    if (!(fabs(rounded) < 9e18))
        return isnan(seconds) ? 1 : seconds > 0 ? 2 : 3;
    return (uint64_t)llround(rounded);
}

static bool is_ignored(const al_align *align, const al_event *event,
                       unsigned field)
{
    unsigned ignored = align->options.ignored;

    switch (field) {
    case AL_FIELD_when:
    case AL_FIELD_duration:
    case AL_FIELD_timeout:
        return ignored & AL_IGNORE_TIMES;
    case AL_FIELD_args:
        return ignored & AL_IGNORE_ARGS;
    case AL_FIELD_name:
        return ignored & AL_IGNORE_NAMES;
    case AL_FIELD_where:
        return true; /* a place in a file is nothing that is done */
    case AL_FIELD_text:
        return event->kind == AL_EVENT_LOG && (ignored & AL_IGNORE_LOGS);
    default:
        return false;
    }
}

/* Deadlines count from when they were set. */
static double seconds_of(const al_event *event, unsigned field)
{
    const double *value = al_event_value(event, &al_field_specs[field]);

    return field == AL_FIELD_when ? *value - event->time : *value;
}

static uint64_t hash_field(const al_event *event, unsigned field,
                           bool is_exact)
{
    const al_field_spec *spec = &al_field_specs[field];
    const void *at = al_event_value(event, spec);
    const char *text;

    switch (spec->type) {
    case AL_TYPE_COUNT:
        return *(const uint64_t *)at;
    case AL_TYPE_SECONDS:
    case AL_TYPE_TIMEOUT:
        return hash_seconds(seconds_of(event, field));
    case AL_TYPE_FLAG:
        return *(const bool *)at;
    case AL_TYPE_TEXT:
    case AL_TYPE_JSON:
        text = *(const char *const *)at;
        return text ? hash_text(text, field != AL_FIELD_text, is_exact) : 0;
    default:
        return 0; /* ids: what they stand for is compared */
    }
}

uint64_t al_align_hash(al_align *align, const al_event *event, bool is_exact)
{
    const al_event_spec *spec = &al_event_specs[event->kind];
    uint64_t hash = mix(AL_HASH_START, event->kind);

    for (unsigned i = 0; i < spec->field_count; i++) {
        if (!is_ignored(align, event, spec->fields[i]))
            hash = mix(hash, hash_field(event, spec->fields[i], is_exact));
    }
    return hash;
}

/* -- doings --------------------------------------------------------------- */

bool al_is_default_name(const char *label)
{
    return label && strncmp(label, "Task-", 5) == 0 && label[5] &&
           strspn(label + 5, "0123456789") == strlen(label + 5);
}

static char *dup_text(const char *text)
{
    return text ? al_strdup(text) : NULL;
}

static const char *intern(al_align *align, const char *text)
{
    return text ? al_intern_text(&align->names, text) : NULL;
}

static const char *name_of(const al_event *event)
{
    if (event->callback)
        return event->callback;
    if (event->coroutine)
        return event->coroutine;
    return event->fd ? event->fd : event->function;
}

/* Fields an event's kind lacks are not set. */
static void clear_others(al_event *to, const al_event *from)
{
    const al_event_spec *spec = &al_event_specs[from->kind];

    *to = (al_event){.kind = from->kind, .loop = from->loop,
                     .time = from->time, .when = NAN};
    for (unsigned i = 0; i < spec->field_count; i++) {
        const al_field_spec *field = &al_field_specs[spec->fields[i]];
        size_t size = field->type == AL_TYPE_FLAG ? sizeof(bool)
                                                  : sizeof(uint64_t);

        memcpy((char *)to + field->offset, al_event_value(from, field), size);
    }
}

static void set_id(al_doing *told, const al_event *event)
{
    if (event->handle) {
        told->letter = 'h';
        told->id = event->handle;
        told->task = event->task;
    } else if (event->task) {
        told->letter = 't';
        told->id = event->task;
    } else if (event->future) {
        told->letter = 'f';
        told->id = event->future;
    } else if (event->primitive) {
        told->letter = 'p';
        told->id = event->primitive;
    } else if (event->kind == AL_EVENT_LOOP) {
        told->letter = 'l';
        told->id = event->loop;
    }
}

static const char *text_of(const al_event *event)
{
    if (event->kind == AL_EVENT_LOOP)
        return event->debug ? "debug=True" : "debug=False";
    return event->text ? event->text : event->state;
}

static void fill(al_align *align, doing *one, const al_event *event)
{
    one->told = (al_doing){
        .kind = event->kind,
        .name = intern(align, name_of(event)),
        .label = dup_text(event->name),
        .args = dup_text(event->args),
        .text = dup_text(text_of(event)),
        .outcome = intern(align, event->outcome ? event->outcome
                                                : event->level),
        .type = intern(align, event->type),
        .time = event->time,
        .when = event->when,
    };
    set_id(&one->told, event);
    one->base = al_align_hash(align, event, false);
    one->exact = al_align_hash(align, event, true);
    one->weak = mix(mix(AL_HASH_START, event->kind),
                    (uint64_t)(uintptr_t)one->told.name);
}

doing *al_unit_add(al_align *align, unit *one, const al_event *event)
{
    al_event own;
    doing *added;

    one->doings = al_grow(one->doings, &one->capacity, one->count + 1,
                          sizeof *one->doings);
    added = &one->doings[one->count++];
    *added = (doing){0};
    clear_others(&own, event);
    fill(align, added, &own);
    added->event = align->sides[one->side].position;
    one->base = mix(one->base, added->base);
    align->kept++;
    return added;
}

/* -- units ---------------------------------------------------------------- */

/* Most do little, and very many may wait. */
void al_unit_trim(unit *one)
{
    if (one->count == one->capacity)
        return;
    one->doings = al_realloc_array(one->doings, one->count,
                                   sizeof *one->doings);
    one->capacity = one->count;
}

unit *al_unit_new(al_align *align, al_side s, lane *on, strand *of)
{
    unit *one = al_alloc_zero(1, sizeof *one);

    one->side = s;
    one->lane = on;
    one->of = al_strand_ref(of);
    one->duration = NAN;
    one->base = AL_HASH_START;
    align->kept++;
    return one;
}

void al_unit_free(al_align *align, unit *one)
{
    for (size_t i = 0; i < one->count; i++) {
        al_doing_release(&one->doings[i].told);
        al_strand_unref(one->doings[i].made);
        al_strand_unref(one->doings[i].about);
    }
    align->kept -= one->count + 1;
    al_free(one->doings);
    al_strand_unref(one->of);
    al_strand_unref(one->handle);
    al_free(one);
}
