/* awaiters.h - by whom a future is awaited: _asyncio_awaited_by.
 *
 * Most often by tasks, but future_add_to_awaited_by() takes any future.  The
 * call graph (call_graph.h) reads it; and a future keeps those alive. */
#ifndef AL_AWAITERS_H
#define AL_AWAITERS_H

#include <stddef.h>
#include <stdint.h>
#include "loop/object/value.h"

typedef struct al_future al_future;

typedef struct al_awaiters { /* a set; all references */
    al_future *first; /* most futures have one; NULL: a gap */
    al_future **others;    /* a table; NULL: nobody */
    uint32_t count;        /* of the others */
    uint32_t capacity;     /* a power of two, or 0 */
} al_awaiters;

/* futures.future_add_to_awaited_by, future_discard_from_awaited_by; the waiter
 * is shared. */
void al_awaiters_add(al_awaiters *awaiters, al_future *waiter);
void al_awaiters_discard(al_awaiters *awaiters, al_future *waiter);

/* How many there are; and all of them, borrowed, in no order that means
 * anything. */
size_t al_awaiters_count(const al_awaiters *awaiters);
void al_awaiters_list(const al_awaiters *awaiters, al_value *to);
void al_awaiters_release(al_awaiters *awaiters);

#endif
