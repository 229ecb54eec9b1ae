/* threads.h - the seam to threads: starting one, waiting, waking.
 *
 * What Python's concurrent.futures is made of.  Executors and their futures
 * (loop/task/executor.h) are written once, on this; the threads are real
 * ones, or a simulated world's, which runs one at a time in virtual time.
 *
 * There is one lock for all of them.  It is held for moments only, and never
 * while somebody else's code runs. */
#ifndef AL_THREADS_H
#define AL_THREADS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "loop/object/exception.h"

typedef struct al_event al_event;
struct al_shared;
struct al_pool;

typedef struct al_threads_ops {
    const char *name;
    bool is_parallel; /* several run at once: what they share must be counted
                         atomically, and what they pass on handed over */

    /* Have a new thread call run(arg), and end.  The name, copied, is its
     * al_thread's.  False: raised RuntimeError. */
    bool (*start)(void *self, const char *name, void (*run)(void *arg),
                  void *arg);

    void (*lock)(void *self);
    void (*unlock)(void *self);

    /* With the lock held, which is given up meanwhile: wait until somebody
     * wakes this point, or for so many seconds; INFINITY: for ever.  `what`
     * says what for, as in "waits for what"; NULL: for something to do.
     * *woken: not by the time alone.  False: raised (whatever ends a wait
     * early; a deadlock). */
    bool (*wait)(void *self, const void *point, const char *what,
                 double seconds, bool *woken);

    /* With the lock held: wake who waits there longest, or all. */
    void (*wake)(void *self, const void *point, bool all);

    unsigned (*cpu_count)(void *self); /* os.process_cpu_count() */

    /* An event that belongs to no loop; NULL: nobody watches. */
    void (*emit)(void *self, al_event *event);

    /* A record of concurrent.futures' logger, as al_logger_ops.log (see
     * loop/core/loop.h); NULL: nowhere. */
    void (*log)(void *self, const char *level, const char *text,
                const al_exception *exception);
} al_threads_ops;

typedef struct al_threads {
    const al_threads_ops *ops;
    void *self;
    uint64_t pools; /* ThreadPoolExecutors without a name, so far */
    uint64_t jobs;  /* the last job's number */
    struct al_shared *shared; /* see loop/task/shared.h */
    struct al_pool *pools_alive; /* see loop/task/executor.c */
    bool is_exiting;          /* executors take no job any more */
} al_threads;

/* Those in force in the process: real ones, unless others were set; NULL sets
 * the real ones again.  Borrowed. */
al_threads *al_threads_in_force(void);
void al_set_threads(al_threads *threads);

/* The lock of those in force. */
void al_threads_lock(void);
void al_threads_unlock(void);

/* Tell their logger, if there is one. */
void al_threads_log(const char *level, const char *text,
                    const al_exception *exception);

#endif
