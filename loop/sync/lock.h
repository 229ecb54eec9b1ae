/* lock.h - asyncio.Lock: one at a time, in order of arrival. */
#ifndef AL_LOCK_H
#define AL_LOCK_H

#include "loop/sync/primitive.h"

typedef struct al_lock {
    al_primitive primitive;
    bool is_locked;
    uint64_t holder; /* the id of the task that took it; 0: none */
} al_lock;

extern const al_type al_lock_type;

/* asyncio.Lock(); owner: whose part it is, or NULL. */
al_lock *al_lock_new(al_primitive *owner);

/* lock.acquire(): a new reference, for a task to await; returns True. */
al_coroutine *al_lock_acquire(al_lock *lock);

/* lock.release(), by whomever.  False: raised RuntimeError (nobody has it). */
bool al_lock_release(al_lock *lock);

/* lock.locked() */
bool al_lock_is_locked(const al_lock *lock);

#endif
