/* in_executor.h - loop.run_in_executor, and a loop's default executor. */
#ifndef AL_IN_EXECUTOR_H
#define AL_IN_EXECUTOR_H

#include "loop/task/coroutine.h"
#include "loop/task/executor.h"
#include "loop/task/future.h"

/* loop.run_in_executor(executor, func): NULL: the loop's default one, made on
 * first use.  A new future; the work is taken over.  NULL: raised. */
al_future *al_loop_run_in_executor(al_loop *loop, al_executor *executor,
                                   al_work work);

/* asyncio.to_thread(func): a coroutine.  The work is taken over, and runs in
 * a copy of the context in which the coroutine begins (with real threads, in
 * that of the thread). */
al_coroutine *al_to_thread(al_work work);

/* loop.set_default_executor(executor). */
void al_loop_set_default_executor(al_loop *loop, al_executor *executor);

/* loop.shutdown_default_executor(timeout): a coroutine. */
al_coroutine *al_shutdown_default_executor(al_loop *loop, al_value timeout);

#endif
