/* waiters.h - who waits in a primitive: a deque of futures, oldest first.
 *
 * Cancelled and woken futures stand in it until their coroutine has run and
 * taken itself out: fairness depends on that. */
#ifndef AL_WAITERS_H
#define AL_WAITERS_H

#include "loop/task/future.h"

typedef struct al_waiters { /* zero-initialise */
    al_future **items;      /* references; those waiting begin at `first` */
    size_t first, count, capacity;
    size_t done; /* so many of the oldest are known to be done */
} al_waiters;

void al_waiters_release(al_waiters *waiters); /* empty: may be used again */

/* future: younger than all that stand there. */
void al_waiters_append(al_waiters *waiters, al_future *future); /* shared */

/* The oldest, taken out: the caller's; NULL: there is none. */
al_future *al_waiters_popleft(al_waiters *waiters);

/* deque.remove(future).  False: it is not there. */
bool al_waiters_remove(al_waiters *waiters, const al_future *future);

/* By age, 0 the oldest; borrowed. */
static inline al_future *al_waiters_peek(const al_waiters *waiters,
                                         size_t index)
{
    return waiters->items[waiters->first + index];
}

bool al_waiters_all_cancelled(const al_waiters *waiters); /* of none: true */

/* The oldest that is not done; borrowed; NULL: there is none. */
al_future *al_waiters_peek_pending(al_waiters *waiters);

#endif
