/* hashable.c - see hashable.h.  A tuple is as hashable as what is in it. */
#include "loop/object/hashable.h"

#include "loop/object/exception.h"

enum { MAX_DEPTH = 1000 }; /* of tuples: beyond it hash() will complain */

enum { A_LOT = 1024 }; /* of items: now it is work */

/* Tuples of tuples of the same tuple may take for ever. */
static bool may_go_on(size_t *items)
{
    if (*items >= A_LOT) {
        if (!al_may_work(*items))
            return false;
        *items = 0;
    }
    return true;
}

/* The name of the type that cannot be hashed; NULL: none, or raised.
 * `items`: how many were looked at since al_may_work was asked. */
static const char *unhashable(al_value value, int depth, size_t *items)
{
    const al_tuple *tuple;
    const char *name = NULL;

    if (value.tag != AL_OBJECT)
        return NULL;
    if (value.as.object->type->is_unhashable)
        return al_value_full_type_name(value);
    if (!al_is(value, &al_tuple_type) || depth >= MAX_DEPTH ||
        !may_go_on(items))
        return NULL;
    tuple = (const al_tuple *)value.as.object;
    *items += tuple->count + 1;
    for (size_t i = 0; i < tuple->count && !name; i++)
        name = unhashable(tuple->items[i], depth + 1, items);
    return name;
}

bool al_check_hashable(al_value value, const char *use)
{
    size_t items = 0;
    const char *name = unhashable(value, 0, &items);

    if (name)
        al_raise(&al_TypeError,
                 "cannot use '%s' as a %s (unhashable type: '%s')",
                 al_value_full_type_name(value), use, name);
    return !name && !al_peek_raised();
}
