/* executor.h - concurrent.futures.ThreadPoolExecutor: a pool of threads.
 *
 * The rules are those of CPython's concurrent/futures/thread.py: jobs are
 * taken in order, a thread is started on submit while none is idle and the
 * pool is not full.  The threads are those in force (loop/io/threads.h).
 * An executor may be used from any thread, and is counted atomically. */
#ifndef AL_EXECUTOR_H
#define AL_EXECUTOR_H

#include "loop/task/concurrent.h"

typedef struct al_executor al_executor;

extern const al_type al_executor_type;

/* A job. */
typedef struct al_work_ops {
    /* In a thread of the pool: the result, owned, and with real threads
     * nobody else's; AL_ABSENT: raised. */
    al_value (*run)(void *self);
    void (*release)(void *self); /* when it has run or never will; or NULL */
    void (*add_name)(const void *self, al_text *out); /* for events; or NULL */
} al_work_ops;

typedef struct al_work {
    const al_work_ops *ops;
    void *self;
} al_work;

/* A new reference.  max_workers 0: min(32, process_cpu_count() + 4); a NULL or
 * empty prefix of the threads' names: "ThreadPoolExecutor-N". */
al_executor *al_executor_new(size_t max_workers, const char *prefix);

/* ThreadPoolExecutor(initializer=…): what each of its threads begins with.
 * Taken over; `run` is called once in each thread, in parallel where they
 * are.  Where it raises the pool is broken: jobs that have not begun fail,
 * and submit() raises BrokenThreadPool.  Before the first job. */
void al_executor_take_initializer(al_executor *executor, al_work initializer);

al_executor *al_executor_peek(al_value value); /* NULL: it is none */

/* executor.submit(): a new reference; the work is taken over.  NULL: raised
 * RuntimeError (it is shut down, or no thread can be started), or
 * BrokenThreadPool. */
al_concurrent *al_executor_submit(al_executor *executor, al_work work);

/* executor.shutdown(): wait for its threads to end; cancel what has not
 * begun.  False: raised. */
bool al_executor_shutdown(al_executor *executor, bool wait,
                          bool cancel_futures);

/* At the end of a program: wait until the threads of all executors have worked
 * off their jobs and ended, those of executors too that nobody holds.  None
 * takes a job any more.  False: raised. */
bool al_executors_exit(void);

#endif
