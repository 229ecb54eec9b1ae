/* concurrent.h - concurrent.futures.Future: a result that threads wait for.
 *
 * The rules are those of CPython's concurrent/futures/_base.py.  Unlike an
 * asyncio.Future it belongs to no loop: any thread may ask it, wait for it
 * and finish it, and its callbacks run at once, in the thread that does.  It
 * is counted atomically. */
#ifndef AL_CONCURRENT_H
#define AL_CONCURRENT_H

#include "loop/object/exception.h"
#include "loop/object/value.h"

typedef struct al_concurrent al_concurrent;

extern const al_type al_concurrent_type;

/* What is called when it is done; equal to no other. */
typedef struct al_concurrent_ops {
    /* False: raised; of what is no SystemExit or KeyboardInterrupt only the
     * logger is told (see al_threads_log). */
    bool (*call)(void *self, al_concurrent *future);
    void (*release)(void *self); /* NULL: nothing to drop */
} al_concurrent_ops;

al_concurrent *al_concurrent_new(void); /* a new reference */
al_concurrent *al_concurrent_peek(al_value value); /* NULL: it is none */

bool al_concurrent_done(al_concurrent *future);
bool al_concurrent_cancelled(al_concurrent *future);
bool al_concurrent_running(al_concurrent *future);

/* f.cancel(): *done tells whether it is cancelled now; false where it runs or
 * is finished.  False: raised (by a callback). */
bool al_concurrent_cancel(al_concurrent *future, bool *done);

/* f.result(timeout): owned; waits for so many seconds, INFINITY: for ever.
 * AL_ABSENT: raised: its exception, CancelledError of concurrent.futures,
 * TimeoutError, or what ends a wait early. */
al_value al_concurrent_result(al_concurrent *future, double timeout);

/* f.exception(timeout): *e is owned, NULL for None.  False: raised. */
bool al_concurrent_exception(al_concurrent *future, double timeout,
                             al_exception **e);

/* Called at once where it is done already.  False: raised (by the callback,
 * then, and only SystemExit and KeyboardInterrupt). */
bool al_concurrent_add_done_callback(al_concurrent *future,
                                     const al_concurrent_ops *ops,
                                     void *self);

/* -- for whoever fulfils it ---------------------------------------------- */

/* f.set_running_or_notify_cancel(): *runs is false where it was cancelled.
 * False: raised RuntimeError. */
bool al_concurrent_begin(al_concurrent *future, bool *runs);

/* It is the result of that job of an executor's; 0: of none. */
void al_concurrent_set_job(al_concurrent *future, uint64_t job);
uint64_t al_concurrent_job(const al_concurrent *future);

/* The value or exception is taken over, and the caller's no longer.  False:
 * raised InvalidStateError of concurrent.futures, or by a callback. */
bool al_concurrent_take_result(al_concurrent *future, al_value result);
bool al_concurrent_take_exception(al_concurrent *future, al_exception *e);

#endif
