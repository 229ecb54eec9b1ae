/* run.h - running a loop until something is done; asyncio.run is in runner.h. */
#ifndef AL_RUN_H
#define AL_RUN_H

#include "loop/task/task.h"

/* asyncio.ensure_future(awaitable, loop=loop): a new reference, to the future
 * itself or to a new task for the coroutine; loop NULL: the current one, or
 * the future's.  NULL: raised. */
al_future *al_ensure_future(al_value awaitable, al_loop *loop);

/* loop.run_until_complete(awaitable): owned; AL_ABSENT: raised. */
al_value al_run_until_complete(al_loop *loop, al_value awaitable);

#endif
