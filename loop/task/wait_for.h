/* wait_for.h - asyncio.wait_for(). */
#ifndef AL_WAIT_FOR_H
#define AL_WAIT_FOR_H

#include "loop/task/coroutine.h"

/* asyncio.wait_for(awaitable, timeout): a coroutine not yet begun.  Both are
 * looked at only when it runs. */
al_coroutine *al_wait_for(al_value awaitable, al_value timeout);

#endif
