/* heap_history.h - a heap of timers, and what it would have been.
 *
 * What was pushed, popped and dropped is remembered, so that it can be done
 * again without one of the timers, or with one more: would others then leave
 * in another order? */
#ifndef AL_ANALYSIS_HEAP_HISTORY_H
#define AL_ANALYSIS_HEAP_HISTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { AL_HEAP_HISTORY_MOST = 4096 }; /* longer ones are given up */

typedef enum al_heap_deed {
    AL_HEAP_PUSH,
    AL_HEAP_POP,
    AL_HEAP_CANCEL, /* it stays, until a compaction */
    AL_HEAP_COMPACT
} al_heap_deed;

typedef struct al_heap_step {
    al_heap_deed deed;
    uint64_t handle; /* of what is pushed or cancelled */
    double when;
} al_heap_step;

typedef struct al_heap_history { /* zero-initialise */
    al_heap_step *steps; /* since the first after the heap was empty */
    size_t count, capacity;
    size_t pushed, popped;
    bool is_given_up; /* until it begins anew */
} al_heap_history;

void al_heap_history_release(al_heap_history *history);
void al_heap_history_add(al_heap_history *history, al_heap_step step);

/* A compaction dropped so many. */
void al_heap_history_drop(al_heap_history *history, size_t dropped);

typedef struct al_heap_change { /* what is otherwise */
    uint64_t without; /* a handle that is never pushed; 0: none */
    bool is_more;     /* or: one more, pushed before the first of the group,
                         due just before them */
} al_heap_change;

/* Do the first `steps` of the history again, changed; then the group, which
 * is of one deadline, leaves in which order?  False: it cannot be told. */
bool al_heap_history_order(const al_heap_history *history, size_t steps,
                           al_heap_change change, const uint64_t *group,
                           size_t size, uint64_t *order);

#endif
