/* as_completed.h - asyncio.as_completed(): awaitables in the order in which
 * they come to their end. */
#ifndef AL_AS_COMPLETED_H
#define AL_AS_COMPLETED_H

#include "loop/task/coroutine.h"

typedef struct al_as_completed al_as_completed;

extern const al_type al_as_completed_type;

/* asyncio.as_completed(fs, timeout=…): a new one; NULL: raised. */
al_as_completed *al_as_completed_new(al_value fs, al_value timeout);

al_as_completed *al_as_completed_peek(al_value value); /* NULL: it is none */

/* next(it): a coroutine, owned, for the result of the next one that is done;
 * NULL: that were all. */
al_coroutine *al_as_completed_next(al_as_completed *it);

/* it.__anext__(): a coroutine for the next one itself, which raises
 * StopAsyncIteration where that were all. */
al_coroutine *al_as_completed_anext(al_as_completed *it);

#endif
