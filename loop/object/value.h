/* value.h - a Python value as the loop passes it around.
 *
 * The loop core does not compute with values; it carries them: the
 * arguments of an exception, a context variable's value, later the result
 * of a future.  Numbers, None and booleans are held in place; everything
 * else is a counted reference to an al_object.
 *
 * Ownership: an al_value that a function returns is the caller's (a new
 * reference) unless its name says peek; one that is passed in is borrowed,
 * unless the function's name says take.  Counting is not atomic: an object
 * belongs to one thread, the loop's, unless it is shared. */
#ifndef AL_VALUE_H
#define AL_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "loop/base/text.h"

typedef struct al_object al_object;
typedef struct al_type al_type;

typedef enum al_tag {
    AL_ABSENT, /* no value at all: all-zero memory */
    AL_NONE,
    AL_BOOL,
    AL_INT,
    AL_FLOAT,
    AL_OBJECT
} al_tag;

typedef union al_content {
    bool boolean;
    int64_t integer;
    double real;
    al_object *object;
} al_content;

typedef struct al_value {
    al_tag tag;
    al_content as;
} al_value;

/* What a kind of object can do.  Only `name` and `free` are required. */
struct al_type {
    const char *name;                                  /* type(x).__name__ */
    const char *full_name;  /* tp_name: with its module, as C's types have it;
                               NULL: the name alone */
    const char *(*own_name)(const al_object *self); /* of one that Python has
                                       a type of its own for; NULL: all are
                                       called the same */
    void (*free)(al_object *self);                     /* members, storage */
    void (*repr)(const al_object *self, al_text *out); /* NULL: <name object> */
    void (*str)(const al_object *self, al_text *out);  /* NULL: as repr */
    bool (*truth)(const al_object *self);              /* NULL: true */
    bool (*equal)(const al_object *self, const al_object *other);
    uint64_t (*hash)(const al_object *self);           /* NULL: by identity */
    bool is_unhashable;                                /* __hash__ is None */
    void (*share)(al_object *self); /* al_value_share what it holds; NULL: it
                                       holds nothing */
};

/* Above this bit a count is special: AL_IMMORTAL, or AL_SHARED plus a count
 * that several real threads change. */
#define AL_SHARED   0x80000000u
#define AL_IMMORTAL UINT32_MAX /* objects in static storage */

struct al_object {
    const al_type *type;
    uint32_t refs;
    uint32_t flags; /* for the type's own use */
};

/* -- making values ------------------------------------------------------ */

static inline al_value al_no_value(void) /* AL_ABSENT */
{
    return (al_value){.tag = AL_ABSENT};
}

static inline al_value al_none(void)
{
    return (al_value){.tag = AL_NONE};
}

static inline al_value al_bool(bool boolean)
{
    return (al_value){.tag = AL_BOOL, .as.boolean = boolean};
}

static inline al_value al_int(int64_t integer)
{
    return (al_value){.tag = AL_INT, .as.integer = integer};
}

static inline al_value al_float(double real)
{
    return (al_value){.tag = AL_FLOAT, .as.real = real};
}

/* The value takes over the caller's reference to the object. */
static inline al_value al_take(void *object)
{
    return (al_value){.tag = AL_OBJECT, .as.object = (al_object *)object};
}

/* -- counting ----------------------------------------------------------- */

void al_object_init(al_object *object, const al_type *type); /* refs = 1 */
void al_object_destroy(al_object *object); /* refs reached 0: type->free */
void al_object_ref_special(al_object *object);   /* refs has AL_SHARED */
void al_object_unref_special(al_object *object);

/* From now on several real threads may count it, and what it holds.  It is
 * this one's so far. */
void al_value_share(al_value value);

static inline void *al_ref(void *object) /* al_ref(NULL) is NULL */
{
    al_object *o = (al_object *)object;
    uint32_t refs;

    if (!o)
        return NULL;
    refs = __atomic_load_n(&o->refs, __ATOMIC_RELAXED);
    if (refs & AL_SHARED)
        al_object_ref_special(o);
    else
        o->refs = refs + 1;
    return object;
}

static inline void al_unref(void *object) /* al_unref(NULL) is harmless */
{
    al_object *o = (al_object *)object;
    uint32_t refs;

    if (!o)
        return;
    refs = __atomic_load_n(&o->refs, __ATOMIC_RELAXED);
    if (refs & AL_SHARED)
        al_object_unref_special(o);
    else if ((o->refs = refs - 1) == 0)
        al_object_destroy(o);
}

static inline al_value al_value_dup(al_value value)
{
    if (value.tag == AL_OBJECT)
        al_ref(value.as.object);
    return value;
}

static inline void al_value_release(al_value value)
{
    if (value.tag == AL_OBJECT)
        al_unref(value.as.object);
}

/* -- looking ------------------------------------------------------------ */

static inline bool al_is(al_value value, const al_type *type)
{
    return value.tag == AL_OBJECT && value.as.object->type == type;
}

/* These may meet values nested too deeply, or a work hook (below) that stops
 * them: they then raise, and return false, 0 or what they wrote so far. */
bool al_value_truth(al_value value);         /* bool(value) */
bool al_value_same(al_value a, al_value b);  /* Python's `is` */
bool al_value_equal(al_value a, al_value b); /* Python's `==` */
uint64_t al_value_hash(al_value value);      /* equal values hash alike */
const char *al_value_type_name(al_value value); /* type(value).__name__ */
const char *al_value_full_type_name(al_value value); /* as errors show it */

void al_value_repr(al_value value, al_text *out); /* repr(value) */
void al_value_str(al_value value, al_text *out);  /* str(value) */

/* As reprlib.repr(value): what asyncio's debug mode shows of arguments. */
void al_value_short_repr(al_value value, al_text *out);

/* -- str ---------------------------------------------------------------- */

typedef struct al_str {
    al_object head;
    size_t length; /* in bytes of UTF-8 */
    char bytes[];  /* NUL-terminated; may hold NULs of its own */
} al_str;

extern const al_type al_str_type;

/* A str of a copy of the text: the caller's. */
al_value al_str_new(const char *text);
al_value al_str_from(const char *bytes, size_t length);
al_value al_str_from_text(const al_text *text);

const al_str *al_str_peek(al_value value); /* NULL where it is no str */

/* Add the repr of a str of these bytes. */
void al_str_repr_bytes(const char *bytes, size_t length, al_text *out);

/* -- tuple -------------------------------------------------------------- */

typedef struct al_tuple {
    al_object head;
    size_t count;
    al_value items[];
} al_tuple;

extern const al_type al_tuple_type;

/* Room for so many items, which the caller fills in at once, handing over
 * a reference with each.  Both tuples are the caller's. */
al_tuple *al_tuple_alloc(size_t count);

/* Copies the items, taking a reference to each. */
al_tuple *al_tuple_new(const al_value *items, size_t count);

/* Write items[0..count) as repr shows them, ", " between, no brackets. */
void al_values_repr(const al_value *items, size_t count, al_text *out);

/* -- nesting -------------------------------------------------------------- */

/* Py_EnterRecursiveCall, Py_LeaveRecursiveCall: around what goes down into
 * nested values on the C stack.  False: raised RecursionError, whose text ends
 * by `where`, " in comparison"; or the run is to end. */
bool al_nesting_enter(const char *where);
void al_nesting_leave(void);

/* -- containers ---------------------------------------------------------- */

/* Py_ReprEnter, Py_ReprLeave: around the repr of what may contain itself.
 * False: it is being written already, and shows as "[...]".  Takes the
 * lowest of the object's flags. */
bool al_repr_enter(const al_object *container);
void al_repr_leave(const al_object *container);

/* -- hooks, of the whole process ----------------------------------------- */

/* Called for each value that repr, == or hash meets inside another one, and
 * with its size for a long one: who computes with values of others may limit
 * it so.  False: they are to give up, and it has raised why. */
typedef bool al_work_hook(size_t size);

/* NULL: none.  Returns the one before. */
al_work_hook *al_set_work_hook(al_work_hook *hook);

/* A type's own function is about to look at so many items or bytes. */
bool al_may_work(size_t size);

/* A list of these values, shared: what asyncio's own functions return one as.
 * Without a hook, for a program that has no lists, a tuple. */
typedef al_value al_list_hook(const al_value *items, size_t count);

/* NULL: none. */
void al_set_list_hook(al_list_hook *hook);
al_value al_list_make(const al_value *items, size_t count);

/* The same for a set, of objects that are all different; in this order.
 * Without a hook a tuple. */
void al_set_set_hook(al_list_hook *hook);
al_value al_set_make(const al_value *items, size_t count);

/* tuple(iterable): a new one; NULL: raised.  Without a hook only tuples can be
 * iterated. */
typedef al_tuple *al_tuple_hook(al_value iterable);

/* NULL: none. */
void al_set_tuple_hook(al_tuple_hook *hook);
al_tuple *al_tuple_from(al_value iterable);

/* How reprlib.repr shows a type that this library does not have (list and
 * dict are two that reprlib knows): writes it, inside it so many levels of
 * nesting, and returns true, or returns false for any other. */
typedef bool al_short_repr_hook(al_value value, int level, al_text *out);

/* NULL: none. */
void al_set_short_repr_hook(al_short_repr_hook *hook);

/* reprlib.Repr.repr1: for such a hook, to show what is inside. */
void al_value_short_repr_level(al_value value, int level, al_text *out);

#endif
