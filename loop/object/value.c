/* value.c - what Python's object protocol does for every value: truth,
 * equality, hash, repr; see value.h. */
#include "loop/object/value.h"

#include <math.h>
#include <string.h>
#include "loop/base/alloc.h"
#include "loop/base/hash.h"
#include "loop/object/exception.h"

void al_object_init(al_object *object, const al_type *type)
{
    object->type = type;
    object->refs = 1;
    object->flags = 0;
}

/* -- nesting ------------------------------------------------------------ */

/* Values may be nested more deeply than the C stack can follow: freeing
 * puts off what is too deep, anything else raises RecursionError (in the
 * thread's slot; the caller looks there). */
enum { MAX_NESTING = 2000, MAX_FREE_NESTING = 100, MAX_REPR = 1 << 30 };

static _Thread_local int nesting, free_nesting;

static _Thread_local struct {
    al_object **items;
    size_t count, capacity;
} put_off;

void al_object_destroy(al_object *object)
{
    if (free_nesting >= MAX_FREE_NESTING) {
        put_off.items = al_grow(put_off.items, &put_off.capacity,
                                put_off.count + 1, sizeof *put_off.items);
        put_off.items[put_off.count++] = object;
        return;
    }
    free_nesting++;
    object->type->free(object);
    if (--free_nesting > 0 || !put_off.items)
        return;
    free_nesting++;
    while (put_off.count > 0) {
        object = put_off.items[--put_off.count];
        object->type->free(object);
    }
    free_nesting--;
    al_free(put_off.items);
    put_off.items = NULL;
    put_off.capacity = 0;
}

static al_work_hook *count_work;

al_work_hook *al_set_work_hook(al_work_hook *hook)
{
    al_work_hook *before = count_work;

    count_work = hook;
    return before;
}

bool al_may_work(size_t size)
{
    enum { SHORT = 256 }; /* not worth counting */

    return size < SHORT || !count_work || count_work(size);
}

/* Or too long: [x, x] inside [x, x] inside … has no end in practice. */
static bool too_deep(const char *where)
{
    if (nesting < MAX_NESTING)
        return nesting > 0 && count_work && !count_work(0);
    al_raise(&al_RecursionError, "maximum recursion depth exceeded%s", where);
    return true;
}

bool al_nesting_enter(const char *where)
{
    if (too_deep(where))
        return false;
    nesting++;
    return true;
}

void al_nesting_leave(void)
{
    nesting--;
}

void al_object_ref_special(al_object *object)
{
    if (__atomic_load_n(&object->refs, __ATOMIC_RELAXED) != AL_IMMORTAL)
        __atomic_fetch_add(&object->refs, 1, __ATOMIC_RELAXED);
}

void al_object_unref_special(al_object *object)
{
    if (__atomic_load_n(&object->refs, __ATOMIC_RELAXED) == AL_IMMORTAL)
        return;
    if (__atomic_sub_fetch(&object->refs, 1, __ATOMIC_ACQ_REL) == AL_SHARED)
        al_object_destroy(object);
}

/* What is shared already was so with all it holds. */
void al_value_share(al_value value)
{
    al_object *object = value.tag == AL_OBJECT ? value.as.object : NULL;

    if (!object || object->refs & AL_SHARED)
        return;
    object->refs |= AL_SHARED;
    if (object->type->share)
        object->type->share(object);
}

bool al_value_truth(al_value value)
{
    switch (value.tag) {
    case AL_ABSENT:
    case AL_NONE:
        return false;
    case AL_BOOL:
        return value.as.boolean;
    case AL_INT:
        return value.as.integer != 0;
    case AL_FLOAT:
        return value.as.real != 0;
    case AL_OBJECT:
        break;
    }
    if (!value.as.object->type->truth)
        return true;
    return value.as.object->type->truth(value.as.object);
}

static bool is_number(al_value value)
{
    return value.tag == AL_BOOL || value.tag == AL_INT ||
           value.tag == AL_FLOAT;
}

static int64_t whole(al_value value) /* of a bool or an int */
{
    return value.tag == AL_BOOL ? value.as.boolean : value.as.integer;
}

/* Is the double exactly this integer?  Comparing as doubles would round. */
static bool double_is_int(double real, int64_t integer)
{
    return real >= -0x1p63 && real < 0x1p63 && real == floor(real) &&
           (int64_t)real == integer;
}

static bool numbers_equal(al_value a, al_value b)
{
    if (a.tag == AL_FLOAT && b.tag == AL_FLOAT)
        return a.as.real == b.as.real;
    if (a.tag == AL_FLOAT)
        return double_is_int(a.as.real, whole(b));
    if (b.tag == AL_FLOAT)
        return double_is_int(b.as.real, whole(a));
    return whole(a) == whole(b);
}

/* CPython has one empty string, one of each Latin-1 character, and one empty
 * tuple. */
static bool is_unique(const al_object *object)
{
    const al_str *str = (const al_str *)object;

    if (object->type == &al_tuple_type)
        return ((const al_tuple *)object)->count == 0;
    return object->type == &al_str_type &&
           (str->length < 2 ||
            (str->length == 2 && ((unsigned char)str->bytes[0] & 0xfe) ==
                                     0xc2));
}

bool al_value_same(al_value a, al_value b)
{
    if (a.tag != b.tag)
        return false;
    switch (a.tag) {
    case AL_ABSENT:
    case AL_NONE:
        return true;
    case AL_BOOL:
        return a.as.boolean == b.as.boolean;
    case AL_INT:
        return a.as.integer == b.as.integer;
    case AL_FLOAT:
        return memcmp(&a.as.real, &b.as.real, sizeof a.as.real) == 0;
    case AL_OBJECT:
        break;
    }
    return a.as.object == b.as.object ||
           (a.as.object->type == b.as.object->type &&
            is_unique(a.as.object) && al_value_equal(a, b));
}

bool al_value_equal(al_value a, al_value b)
{
    bool equal;

    if (is_number(a) && is_number(b))
        return numbers_equal(a, b);
    if (a.tag != AL_OBJECT || b.tag != AL_OBJECT)
        return a.tag == b.tag;
    if (a.as.object == b.as.object)
        return true;
    if (a.as.object->type != b.as.object->type ||
        !a.as.object->type->equal)
        return false;
    if (too_deep(" in comparison"))
        return false;
    nesting++;
    equal = a.as.object->type->equal(a.as.object, b.as.object);
    nesting--;
    return equal;
}

static uint64_t mix(uint64_t bits) /* splitmix64's finalizer */
{
    bits = (bits ^ (bits >> 30)) * 0xbf58476d1ce4e5b9u;
    bits = (bits ^ (bits >> 27)) * 0x94d049bb133111ebu;
    return bits ^ (bits >> 31);
}

static uint64_t hash_double(double real)
{
    uint64_t bits;

    if (real >= -0x1p63 && real < 0x1p63 && real == floor(real))
        return mix((uint64_t)(int64_t)real);
    memcpy(&bits, &real, sizeof bits);
    return mix(bits);
}

uint64_t al_value_hash(al_value value)
{
    uint64_t hash;

    switch (value.tag) {
    case AL_ABSENT:
    case AL_NONE:
        return mix(AL_HASH_FACTOR);
    case AL_BOOL:
    case AL_INT:
        return mix((uint64_t)whole(value));
    case AL_FLOAT:
        return hash_double(value.as.real);
    case AL_OBJECT:
        break;
    }
    if (value.as.object->type->hash) {
        if (too_deep(""))
            return 0;
        nesting++;
        hash = value.as.object->type->hash(value.as.object);
        nesting--;
        return hash;
    }
    return mix((uint64_t)(uintptr_t)value.as.object);
}

const char *al_value_type_name(al_value value)
{
    switch (value.tag) {
    case AL_ABSENT:
    case AL_NONE:
        return "NoneType";
    case AL_BOOL:
        return "bool";
    case AL_INT:
        return "int";
    case AL_FLOAT:
        return "float";
    case AL_OBJECT:
        break;
    }
    if (value.as.object->type->own_name)
        return value.as.object->type->own_name(value.as.object);
    return value.as.object->type->name;
}

const char *al_value_full_type_name(al_value value)
{
    const char *full = value.tag == AL_OBJECT
                           ? value.as.object->type->full_name : NULL;

    return full ? full : al_value_type_name(value);
}

enum { IN_REPR = 1 };

bool al_repr_enter(const al_object *container)
{
    if (container->flags & IN_REPR)
        return false;
    ((al_object *)container)->flags |= IN_REPR;
    return true;
}

void al_repr_leave(const al_object *container)
{
    ((al_object *)container)->flags &= ~(uint32_t)IN_REPR;
}

static void repr_object(const al_object *object, al_text *out)
{
    if (!object->type->repr) {
        al_text_add_format(out, "<%s object>",
                           object->type->full_name ? object->type->full_name
                                                   : object->type->name);
    } else if (!too_deep(" while getting the repr of an object")) {
        nesting++;
        object->type->repr(object, out);
        nesting--;
    }
}

void al_value_repr(al_value value, al_text *out)
{
    switch (value.tag) {
    case AL_ABSENT:
    case AL_NONE:
        al_text_add(out, "None");
        break;
    case AL_BOOL:
        al_text_add(out, value.as.boolean ? "True" : "False");
        break;
    case AL_INT:
        al_text_add_int(out, value.as.integer);
        break;
    case AL_FLOAT:
        al_text_add_double(out, value.as.real);
        break;
    case AL_OBJECT:
        repr_object(value.as.object, out);
        break;
    }
}

void al_value_str(al_value value, al_text *out)
{
    if (value.tag != AL_OBJECT || !value.as.object->type->str) {
        al_value_repr(value, out);
    } else if (!too_deep(" while getting the str of an object")) {
        nesting++;
        value.as.object->type->str(value.as.object, out);
        nesting--;
    }
}

void al_values_repr(const al_value *items, size_t count, al_text *out)
{
    if (out->length > MAX_REPR) {
        al_raise(&al_MemoryError, "the repr of an object is too long");
        return;
    }
    if (!al_may_work(count))
        return;
    for (size_t i = 0; i < count; i++) {
        if (i)
            al_text_add(out, ", ");
        al_value_repr(items[i], out);
    }
}
