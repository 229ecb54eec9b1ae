/* chain.h - asyncio.wrap_future and run_coroutine_threadsafe: a future of a
 * loop's, and one that threads wait for, each of which follows the other. */
#ifndef AL_CHAIN_H
#define AL_CHAIN_H

#include "loop/task/concurrent.h"
#include "loop/task/coroutine.h"
#include "loop/task/future.h"

/* asyncio.wrap_future(future, loop=loop): a new future of the loop's; when it
 * is cancelled so is the other.  NULL: raised. */
al_future *al_wrap_future(al_concurrent *future, al_loop *loop);

/* asyncio.run_coroutine_threadsafe(coro, loop), from any thread: a new
 * reference.  The coroutine is taken over.  NULL: raised (the loop is
 * closed). */
al_concurrent *al_run_coroutine_threadsafe_take(al_coroutine *coroutine,
                                                al_loop *loop);

#endif
