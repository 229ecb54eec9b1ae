/* barrier.h - asyncio.Barrier: all go on when so many have come. */
#ifndef AL_BARRIER_H
#define AL_BARRIER_H

#include "loop/sync/condition.h"

typedef enum al_barrier_state {
    AL_BARRIER_FILLING,
    AL_BARRIER_DRAINING,
    AL_BARRIER_RESETTING,
    AL_BARRIER_BROKEN
} al_barrier_state;

typedef struct al_barrier {
    al_primitive primitive;
    al_condition *condition; /* where they wait; a reference */
    al_value parties; /* a number */
    int64_t count; /* inside it now */
    al_barrier_state state;
} al_barrier;

extern const al_type al_barrier_type;

/* asyncio.Barrier(parties).  NULL: raised ValueError (less than one),
 * TypeError (no number). */
al_barrier *al_barrier_new(al_value parties);

/* Returns its index; raises BrokenBarrierError.  enter is __aenter__(), which
 * is the same; exit, __aexit__(), does nothing. */
al_coroutine *al_barrier_wait(al_barrier *barrier);
al_coroutine *al_barrier_enter(al_barrier *barrier);
al_coroutine *al_barrier_exit(al_barrier *barrier);

al_coroutine *al_barrier_reset(al_barrier *barrier);
al_coroutine *al_barrier_abort(al_barrier *barrier);

int64_t al_barrier_n_waiting(const al_barrier *barrier);
bool al_barrier_is_broken(const al_barrier *barrier);

#endif
