/* suggestion.c - see suggestion.h.
 *
 * CPython chooses among all that dir() tells, also what scenarios do not have
 * and what only CPython's own classes need; so the names come from it, as a
 * table.  The distance is that of its Python/suggestions.c, to the limits at
 * which it gives up, or other names would be suggested. */
#include "sim/python/suggestion.h"

#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "loop/base/alloc.h"
#include "sim/machine/machine.h"
#include "sim/python/class.h"

enum {
    MOST_CANDIDATES = 750,
    LONGEST = 40,  /* bytes of a name that are compared */
    MOVE_COST = 2, /* a letter more, less or another */
    CASE_COST = 1
};

typedef struct row {
    const char *key, *base; /* of classes; base "": none */
    const char *names;      /* each followed by a space */
    const char *only_instances; /* have these */
} row;

#define ROW(key, base, names, only_instances)                                  \
    {key, base, names, only_instances},
#define BUILTINS(names)
#define MODULES(names)
static const row rows[] = {
#include "sim/python/name_table.inc"
};
#undef ROW
#undef BUILTINS
#undef MODULES

#define ROW(key, base, names, only_instances)
#define BUILTINS(names) static const char builtin_names[] = names;
#define MODULES(names) static const char module_names[] = names;
#include "sim/python/name_table.inc"
#undef ROW
#undef BUILTINS
#undef MODULES

typedef struct name {
    const char *text;
    size_t length;
} name;

typedef struct candidates {
    name names[MOST_CANDIDATES];
    size_t count; /* may be more: then nothing is suggested */
} candidates;

static void add_candidate(candidates *c, const char *text, size_t length)
{
    if (c->count < MOST_CANDIDATES)
        c->names[c->count] = (name){text, length};
    c->count++;
}

/* Those of a table's text; `hides`: not those that begin with '_'. */
static void add_names(candidates *c, const char *names, bool hides)
{
    while (*names) {
        size_t length = strcspn(names, " ");

        if (!hides || *names != '_')
            add_candidate(c, names, length);
        names += length + 1;
    }
}

/* -- the distance --------------------------------------------------------- */

static size_t substitution_cost(char a, char b)
{
    if (a == b)
        return 0;
    return tolower((unsigned char)a) == tolower((unsigned char)b) ? CASE_COST
                                                                  : MOVE_COST;
}

static size_t lesser(size_t a, size_t b)
{
    return a < b ? a : b;
}

static void trim_what_is_common(name *a, name *b)
{
    while (a->length && b->length && a->text[0] == b->text[0]) {
        a->text++, a->length--;
        b->text++, b->length--;
    }
    while (a->length && b->length &&
           a->text[a->length - 1] == b->text[b->length - 1]) {
        a->length--;
        b->length--;
    }
}

/* Levenshtein's, a row of his matrix at a time; beyond `most` any number that
 * is more. */
static size_t distance_of(name a, name b, size_t most)
{
    size_t costs[LONGEST], result = 0;

    trim_what_is_common(&a, &b);
    if (a.length == 0 || b.length == 0)
        return (a.length + b.length) * MOVE_COST;
    if (a.length > LONGEST || b.length > LONGEST)
        return most + 1;
    for (size_t i = 0; i < a.length; i++)
        costs[i] = (i + 1) * MOVE_COST;
    for (size_t j = 0; j < b.length; j++) {
        size_t diagonal = j * MOVE_COST, least = SIZE_MAX;

        result = diagonal;
        for (size_t i = 0; i < a.length; i++) {
            size_t substituted =
                diagonal + substitution_cost(b.text[j], a.text[i]);

            diagonal = costs[i];
            result = lesser(substituted,
                            lesser(result, diagonal) + MOVE_COST);
            costs[i] = result;
            least = lesser(least, result);
        }
        if (least > most)
            return most + 1;
    }
    return result;
}

/* The nearest, and of those the first; NULL: none is near. */
static const name *nearest(const candidates *c, name wrong)
{
    const name *found = NULL;
    size_t least = SIZE_MAX;

    if (c->count >= MOST_CANDIDATES)
        return NULL;
    for (size_t i = 0; i < c->count; i++) {
        const name *one = &c->names[i];
        size_t most = lesser((one->length + wrong.length + 3) * MOVE_COST / 6,
                             least - 1);
        size_t distance;

        if (one->length == wrong.length &&
            memcmp(one->text, wrong.text, wrong.length) == 0)
            continue; /* it was there, and was not found */
        distance = distance_of(wrong, *one, most);
        if (distance > most)
            continue;
        found = one;
        least = distance;
    }
    return found;
}

/* -- attributes ----------------------------------------------------------- */

static const row *find_row(const char *key)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (strcmp(rows[i].key, key) == 0)
            return &rows[i];
    }
    return NULL;
}

static const row *row_of_exception(const al_exception_class *cls)
{
    const row *found = find_row(cls->name);

    return found ? found : find_row("BaseException");
}

static const row *row_of_class(const al_class *cls)
{
    al_text key = {0};
    const row *found;

    al_text_add_format(&key, "%s%s", cls->module ? cls->module : "",
                       cls->name);
    found = find_row(al_text_as_string(&key));
    al_text_release(&key);
    return found;
}

/* Whose names dir(object) tells; NULL: it is a thing of ours alone. */
static const row *row_of(al_value object, bool *is_class)
{
    const al_exception_class *exception = al_exception_class_peek(object);
    const al_class *cls = al_class_peek(object);

    *is_class = exception || cls;
    if (al_is(object, &al_exception_type))
        exception = ((const al_exception *)object.as.object)->cls;
    if (exception)
        return row_of_exception(exception);
    if (!cls)
        cls = al_members_of(object);
    return cls ? row_of_class(cls) : NULL;
}

static int compare_names(const void *a, const void *b)
{
    const name *one = a, *other = b;
    int order = memcmp(one->text, other->text,
                       lesser(one->length, other->length));

    return order ? order : (one->length > other->length) -
                               (one->length < other->length);
}

/* sorted(dir(object)) */
static void add_attributes(candidates *c, al_value object, bool hides)
{
    bool is_class;
    const row *found = row_of(object, &is_class);

    if (found && !is_class)
        add_names(c, found->only_instances, hides);
    for (; found; found = find_row(found->base))
        add_names(c, found->names, hides);
    if (c->count < MOST_CANDIDATES)
        qsort(c->names, c->count, sizeof *c->names, compare_names);
}

static void suggest_attribute(const al_exception *e, name wrong, al_text *out)
{
    candidates c;
    const name *found;

    c.count = 0;
    add_attributes(&c, e->details[1], wrong.text[0] != '_');
    found = nearest(&c, wrong);
    if (found)
        al_text_add_format(out, ". Did you mean: '%.*s'?", (int)found->length,
                           found->text);
}

/* -- names ---------------------------------------------------------------- */

al_value al_suggestion_for_name(const al_frame *frame, const char *text)
{
    const al_code *code = frame->code;
    const al_vm *vm = code->vm;
    candidates c;
    const name *found;

    c.count = 0;
    for (size_t i = 0; i < code->local_count; i++) {
        if (frame->slots[i].tag != AL_ABSENT)
            add_candidate(&c, code->local_names[i],
                          strlen(code->local_names[i]));
    }
    for (size_t i = 0; i < vm->global_count; i++) {
        if (vm->globals[i].tag != AL_ABSENT)
            add_candidate(&c, vm->global_names[i], strlen(vm->global_names[i]));
    }
    add_names(&c, builtin_names, false);
    found = nearest(&c, (name){text, strlen(text)});
    return found ? al_str_from(found->text, found->length)
                 : al_no_value();
}

static bool is_module(name wrong)
{
    candidates c;

    c.count = 0;
    add_names(&c, module_names, false);
    for (size_t i = 0; i < c.count; i++) {
        if (compare_names(&c.names[i], &wrong) == 0)
            return true;
    }
    return false;
}

static void suggest_name(const al_exception *e, name wrong, al_text *out)
{
    const al_str *meant = al_str_peek(e->details[1]);

    if (meant)
        al_text_add_format(out, ". Did you mean: '%s'?", meant->bytes);
    if (is_module(wrong))
        al_text_add_format(out, "%s forget to import '%.*s'?",
                           meant ? " Or did you" : ". Did you",
                           (int)wrong.length, wrong.text);
}

void al_suggestion_add(const al_exception *e, al_text *out)
{
    bool is_attribute = al_exception_is(e, &al_AttributeError);
    const al_str *wrong = al_str_peek(e->details[0]);

    if (!wrong || (!is_attribute && !al_exception_is(e, &al_NameError)))
        return;
    if (is_attribute)
        suggest_attribute(e, (name){wrong->bytes, wrong->length}, out);
    else
        suggest_name(e, (name){wrong->bytes, wrong->length}, out);
}
