/* condition.h - asyncio.Condition: waiting to be notified, under a lock. */
#ifndef AL_CONDITION_H
#define AL_CONDITION_H

#include "loop/sync/primitive.h"

typedef struct al_condition {
    al_primitive primitive;
    al_primitive *lock; /* a reference; its kind has a `lock` */
} al_condition;

/* What wait_for() calls: its answer, owned; AL_ABSENT: raised. */
typedef struct al_predicate {
    al_value (*call)(void *self);
    void (*release)(void *self); /* NULL: nothing to drop */
    void *self;
} al_predicate;

extern const al_type al_condition_type;

/* asyncio.Condition(lock); lock NULL: one of its own.  owner: whose part it
 * is, or NULL. */
al_condition *al_condition_new(al_primitive *lock, al_primitive *owner);

/* Its lock's. */
al_coroutine *al_condition_acquire(al_condition *condition);
bool al_condition_release(al_condition *condition);
bool al_condition_is_locked(const al_condition *condition);

al_coroutine *al_condition_wait(al_condition *condition); /* returns True */

/* Takes the predicate over; returns its last, true, answer. */
al_coroutine *al_condition_wait_for(al_condition *condition,
                                    al_predicate predicate);

/* False: raised RuntimeError (the lock is not held, or the loop closed). */
bool al_condition_notify(al_condition *condition, int64_t n);
bool al_condition_notify_all(al_condition *condition);

#endif
