/* awaiters.h - by whom a future is awaited.
 *
 * CPython keeps this for asyncio's call graph; it matters here because a
 * future keeps those tasks alive. */
#ifndef AL_AWAITERS_H
#define AL_AWAITERS_H

#include <stdint.h>

typedef struct al_task al_task;

typedef struct al_awaiters { /* a set; all references */
    al_task *first; /* most futures have one; NULL: a gap */
    al_task **others;
    uint32_t count, capacity; /* of the others */
} al_awaiters;

/* futures.future_add_to_awaited_by, future_discard_from_awaited_by; the task
 * is shared. */
void al_awaiters_add(al_awaiters *awaiters, al_task *task);
void al_awaiters_discard(al_awaiters *awaiters, al_task *task);
void al_awaiters_release(al_awaiters *awaiters);

#endif
