/* items.h - what is in a queue, and who of it leaves next.
 *
 * The deque, list and heap of asyncio's Queue, LifoQueue and PriorityQueue.
 * Comparing is Python's `<`, which may raise. */
#ifndef AL_ITEMS_H
#define AL_ITEMS_H

#include "loop/object/value.h"

typedef enum al_items_order {
    AL_ITEMS_FIFO,
    AL_ITEMS_LIFO,
    AL_ITEMS_LEAST /* a heap, sifted as heapq sifts */
} al_items_order;

typedef struct al_items { /* zero-initialise */
    al_items_order order;
    al_value *values;     /* references; they begin at `first` */
    size_t first, count, capacity;
} al_items;

void al_items_clear(al_items *items); /* the storage too: usable again */

/* The item is shared.  False: raised (by a comparison): it is in, but perhaps
 * not in its place, as with heapq. */
bool al_items_put(al_items *items, al_value item);

/* Of what is not empty: owned.  AL_ABSENT: raised, and the item is lost. */
al_value al_items_get(al_items *items);

/* list(queue)!r */
void al_items_repr(const al_items *items, al_text *out);

/* a < b of any two values: 1, 0, or -1: raised.  NULL: only numbers have an
 * order.  Returns the one before. */
typedef int al_less_hook(al_value a, al_value b);
al_less_hook *al_set_less_hook(al_less_hook *hook);

#endif
