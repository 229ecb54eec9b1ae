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

al_coroutine *al_lock_acquire(al_lock *lock); /* returns True */
bool al_lock_release(al_lock *lock); /* false: raised (RuntimeError) */
bool al_lock_is_locked(const al_lock *lock);

#endif
