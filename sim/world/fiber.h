/* fiber.h - a stack of its own, for what has to wait in the midst of a call.
 *
 * A simulated thread runs on a fiber until it blocks; whoever resumed it
 * then goes on, and resumes it later.  Only one runs at a time, all in one
 * real thread. */
#ifndef AL_FIBER_H
#define AL_FIBER_H

#include <stdbool.h>

typedef struct al_fiber al_fiber;

/* One that will call run(self), not yet begun.  NULL: there is no memory for
 * its stack. */
al_fiber *al_fiber_new(void (*run)(void *self), void *self);

/* Have it run until it suspends itself or its function returns.  Not from
 * within a fiber. */
void al_fiber_resume(al_fiber *fiber);

/* From within: back to whoever resumed it, until the next time. */
void al_fiber_suspend(al_fiber *fiber);

bool al_fiber_is_done(const al_fiber *fiber); /* the function has returned */

void al_fiber_free(al_fiber *fiber); /* one that is done, or never began */

#endif
