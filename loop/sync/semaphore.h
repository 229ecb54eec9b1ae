/* semaphore.h - asyncio.Semaphore and BoundedSemaphore: so many at a time. */
#ifndef AL_SEMAPHORE_H
#define AL_SEMAPHORE_H

#include "loop/sync/primitive.h"

typedef struct al_semaphore {
    al_primitive primitive;
    al_value value; /* a number, as the bound is */
    al_value bound; /* of a BoundedSemaphore */
} al_semaphore;

extern const al_type al_semaphore_type, al_bounded_semaphore_type;

/* asyncio.Semaphore(value), BoundedSemaphore(value).  NULL: raised
 * ValueError (the value is negative), TypeError (it is no number). */
al_semaphore *al_semaphore_new(al_value value);
al_semaphore *al_bounded_semaphore_new(al_value value);

/* semaphore.acquire(): a new reference, for a task to await; returns True. */
al_coroutine *al_semaphore_acquire(al_semaphore *semaphore);

/* semaphore.release().  False: raised ValueError (released more often than
 * acquired). */
bool al_semaphore_release(al_semaphore *semaphore);

/* semaphore.locked(): would acquire() have to wait?  Also where others wait
 * already. */
bool al_semaphore_is_locked(const al_semaphore *semaphore);

#endif
