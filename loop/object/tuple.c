/* tuple.c - tuple: the arguments of exceptions and callbacks. */
#include "loop/object/value.h"

#include "loop/base/alloc.h"
#include "loop/object/exception.h"

static size_t size_of(size_t count)
{
    return sizeof(al_tuple) + count * sizeof(al_value);
}

static void tuple_free(al_object *self)
{
    al_tuple *tuple = (al_tuple *)self;

    for (size_t i = tuple->count; i > 0; i--) /* as CPython does */
        al_value_release(tuple->items[i - 1]);
    al_free(tuple);
}

static void tuple_share(al_object *self)
{
    const al_tuple *tuple = (const al_tuple *)self;

    for (size_t i = 0; i < tuple->count; i++)
        al_value_share(tuple->items[i]);
}

static void tuple_repr(const al_object *self, al_text *out)
{
    const al_tuple *tuple = (const al_tuple *)self;

    if (!al_repr_enter(self)) { /* inside itself by way of a list */
        al_text_add(out, "(...)");
        return;
    }
    al_text_add_char(out, '(');
    al_values_repr(tuple->items, tuple->count, out);
    al_text_add(out, tuple->count == 1 ? ",)" : ")");
    al_repr_leave(self);
}

static bool tuple_truth(const al_object *self)
{
    return ((const al_tuple *)self)->count > 0;
}

static bool tuple_equal(const al_object *self, const al_object *other)
{
    const al_tuple *a = (const al_tuple *)self;
    const al_tuple *b = (const al_tuple *)other;

    if (a->count != b->count || !al_may_work(a->count))
        return false;
    for (size_t i = 0; i < a->count; i++) {
        if (!al_value_same(a->items[i], b->items[i]) &&
            !al_value_equal(a->items[i], b->items[i]))
            return false;
    }
    return true;
}

static uint64_t tuple_hash(const al_object *self)
{
    const al_tuple *tuple = (const al_tuple *)self;
    uint64_t hash = tuple->count + 0x345678;

    if (!al_may_work(tuple->count))
        return 0;
    for (size_t i = 0; i < tuple->count; i++)
        hash = hash * 1000003 ^ al_value_hash(tuple->items[i]);
    return hash;
}

const al_type al_tuple_type = {
    .name = "tuple",
    .free = tuple_free,
    .repr = tuple_repr,
    .truth = tuple_truth,
    .equal = tuple_equal,
    .hash = tuple_hash,
    .share = tuple_share,
};

al_tuple *al_tuple_alloc(size_t count)
{
    al_tuple *tuple = al_alloc(size_of(count));

    al_object_init(&tuple->head, &al_tuple_type);
    tuple->count = count;
    return tuple;
}

al_tuple *al_tuple_new(const al_value *items, size_t count)
{
    al_tuple *tuple = al_tuple_alloc(count);

    for (size_t i = 0; i < count; i++)
        tuple->items[i] = al_value_dup(items[i]);
    return tuple;
}

/* -- lists, as somebody else makes them ----------------------------------- */

static al_list_hook *list_hook;

void al_set_list_hook(al_list_hook *hook)
{
    list_hook = hook;
}

al_value al_list_make(const al_value *items, size_t count)
{
    return list_hook ? list_hook(items, count)
                     : al_take(al_tuple_new(items, count));
}

static al_list_hook *set_hook;

void al_set_set_hook(al_list_hook *hook)
{
    set_hook = hook;
}

al_value al_set_make(const al_value *items, size_t count)
{
    return set_hook ? set_hook(items, count)
                    : al_take(al_tuple_new(items, count));
}

static al_tuple_hook *tuple_hook;

void al_set_tuple_hook(al_tuple_hook *hook)
{
    tuple_hook = hook;
}

al_tuple *al_tuple_from(al_value iterable)
{
    if (al_is(iterable, &al_tuple_type))
        return al_ref(iterable.as.object);
    if (tuple_hook)
        return tuple_hook(iterable);
    al_raise(&al_TypeError, "'%s' object is not iterable",
             al_value_full_type_name(iterable));
    return NULL;
}
