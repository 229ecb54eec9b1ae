/* items.c - see items.h.
 *
 * The heap is a second transcription of heapq, beside loop/core/heap.c: that
 * one compares doubles, for speed; here a comparison may raise, and what was
 * moved until then stays moved. */
#include "loop/sync/items.h"

#include <assert.h>
#include <string.h>
#include "loop/base/alloc.h"
#include "loop/object/exception.h"
#include "loop/object/numeric.h"

/* -- a < b ---------------------------------------------------------------- */

static _Thread_local al_less_hook *less_hook;

al_less_hook *al_set_less_hook(al_less_hook *hook)
{
    al_less_hook *before = less_hook;

    less_hook = hook;
    return before;
}

static int is_less(al_value a, al_value b)
{
    if (less_hook)
        return less_hook(a, b);
    if (al_is_whole(a) && al_is_whole(b))
        return al_numeric_whole(a) < al_numeric_whole(b);
    if (al_is_numeric(a) && al_is_numeric(b))
        return al_numeric_real(a) < al_numeric_real(b);
    al_raise(&al_TypeError,
             "'<' not supported between instances of '%s' and '%s'",
             al_value_full_type_name(a),
             al_value_full_type_name(b));
    return -1;
}

/* -- heapq ---------------------------------------------------------------- */

static void swap(al_value *a, al_value *b)
{
    al_value kept = *a;

    *a = *b;
    *b = kept;
}

/* heapq._siftdown.  False: raised. */
static bool rise(al_value *heap, size_t pos)
{
    while (pos > 0) {
        size_t parent = (pos - 1) >> 1;
        int less = is_less(heap[pos], heap[parent]);

        if (less <= 0)
            return less == 0;
        swap(&heap[pos], &heap[parent]);
        pos = parent;
    }
    return true;
}

/* heapq._siftup, of the root: down to a leaf, along the smaller children (a
 * tie prefers the right one), and from there to its place. */
static bool sink(al_value *heap, size_t count)
{
    size_t limit = count >> 1;
    size_t pos = 0;

    while (pos < limit) {
        size_t child = 2 * pos + 1;

        if (child + 1 < count) {
            int less = is_less(heap[child], heap[child + 1]);

            if (less < 0)
                return false;
            child += less == 0;
        }
        swap(&heap[child], &heap[pos]);
        pos = child;
    }
    return rise(heap, pos);
}

static al_value pop_least(al_items *items)
{
    al_value last = items->values[--items->count];
    al_value least;

    if (items->count == 0)
        return last;
    least = items->values[0];
    items->values[0] = last;
    if (sink(items->values, items->count))
        return least;
    al_value_release(least);
    return (al_value){.tag = AL_ABSENT};
}

/* -- the rest ------------------------------------------------------------- */

void al_items_clear(al_items *items)
{
    al_items old = *items;

    *items = (al_items){.order = old.order};
    for (size_t i = 0; i < old.count; i++)
        al_value_release(old.values[old.first + i]);
    al_free(old.values);
}

/* Room for one more; a gap at the beginning is used before memory is. */
static void make_room(al_items *items)
{
    if (items->first + items->count < items->capacity)
        return;
    if (items->first > items->count) {
        memmove(items->values, items->values + items->first,
                items->count * sizeof *items->values);
        items->first = 0;
        return;
    }
    items->values =
        al_grow(items->values, &items->capacity,
                items->first + items->count + 1, sizeof *items->values);
}

bool al_items_put(al_items *items, al_value item)
{
    make_room(items);
    items->values[items->first + items->count++] = al_value_dup(item);
    return items->order != AL_ITEMS_LEAST ||
           rise(items->values, items->count - 1);
}

al_value al_items_get(al_items *items)
{
    assert(items->count > 0);
    if (items->order == AL_ITEMS_LEAST)
        return pop_least(items);
    items->count--;
    return items->order == AL_ITEMS_LIFO
               ? items->values[items->count] : items->values[items->first++];
}

void al_items_repr(const al_items *items, al_text *out)
{
    al_text_add_char(out, '[');
    al_values_repr(items->values + items->first, items->count, out);
    al_text_add_char(out, ']');
}
