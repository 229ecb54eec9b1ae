/* run.h - running a loop until something is done; runner.h has asyncio.run. */
#ifndef AL_RUN_H
#define AL_RUN_H

#include "loop/task/task.h"

/* asyncio.ensure_future(awaitable, loop=loop): a new reference, to the future
 * itself or to a new task for the coroutine; loop NULL: the current one, or
 * the future's.  With a task factory it may be anything.  AL_ABSENT: raised. */
al_value al_ensure_future(al_value awaitable, al_loop *loop);

/* The same, for who then looks up an attribute of the result, or sets it with
 * an "=" before its name: a task factory may have made something that is no
 * future.  A new reference; NULL: raised. */
al_future *al_ensure_future_with(al_value awaitable, al_loop *loop,
                                 const char *attribute);

/* loop.run_until_complete(awaitable): owned; AL_ABSENT: raised. */
al_value al_run_until_complete(al_loop *loop, al_value awaitable);

#endif
