/* loop.h - the event loop: asyncio's BaseSelectorEventLoop, in C.
 *
 * Each function follows the method of the same name in CPython 3.14; where
 * that would raise, it returns false or NULL and leaves the exception in
 * the thread's slot (exception.h).  A loop belongs to the thread that runs
 * it; from others only al_loop_call_soon_threadsafe may be called, and
 * al_handle_cancel and al_unref on the handle it gave, while the loop lives.
 *
 * Ownership: an al_callback passed in is taken over, even on failure; a
 * handle returned is borrowed (handle.h); contexts are borrowed. */
#ifndef AL_LOOP_H
#define AL_LOOP_H

#include "loop/core/event.h"
#include "loop/core/handle.h"
#include "loop/io/clock.h"
#include "loop/io/selector.h"
#include "loop/object/context.h"
#include "loop/object/exception.h"

typedef enum al_python { /* whose end-time rule _run_once follows */
    AL_PYTHON_3_14,      /* end_time = time() + resolution */
    AL_PYTHON_3_15       /* … and never less than one ulp beyond time() */
} al_python;

/* The knobs; al_loop_defaults() has CPython's values. */
/* The last id given, by kind: they count what all loops of a run create. */
typedef struct al_ids {
    uint64_t handles, futures, tasks;
    uint64_t task_names; /* "Task-1", "Task-2", … */
} al_ids;

typedef struct al_loop_options {
    bool debug;
    double slow_callback_duration;               /* seconds; 0.1 */
    size_t min_scheduled_timer_handles;          /* 100 */
    double min_cancelled_timer_handles_fraction; /* 0.5 */
    double maximum_select_timeout;               /* seconds; 24 * 3600 */
    double clock_resolution;                     /* seconds; NaN: the clock's */
    al_python python;
    uint64_t number; /* 1 for l1; for the observer */
    struct al_loop **alive; /* head of a list of the loops not yet freed;
                             NULL: not kept */
    al_ids *ids; /* counters that ids are taken from; NULL: the loop's own */
} al_loop_options;

al_loop_options al_loop_defaults(void);

/* A new loop on that clock and selector (the selector is taken over, and
 * freed with the loop).  NULL options: the defaults.  NULL: raised. */
al_loop *al_loop_new(al_clock clock, al_selector selector,
                     al_observer observer, const al_loop_options *options);

/* A loop on the monotonic clock and epoll, as asyncio.SelectorEventLoop(). */
al_loop *al_loop_new_real(void);

/* At the end of a run: close the loops of that list, and drop their exception
 * handlers.  A callback or handler may hold its own loop (a script's
 * "loop.stop" does): counting alone would never free such a loop. */
void al_loops_close(al_loop *alive);

/* Loops are al_objects: drop the reference with al_unref.  The last one
 * closes the loop if need be. */
extern const al_type al_loop_type;

/* -- scheduling --------------------------------------------------------- */

/* context NULL: a copy of the current one, as in Python. */
al_handle *al_loop_call_soon(al_loop *loop, al_callback callback,
                             al_context *context);
al_handle *al_loop_call_later(al_loop *loop, double delay,
                              al_callback callback, al_context *context);
al_handle *al_loop_call_at(al_loop *loop, double when, al_callback callback,
                           al_context *context);

/* From any thread; from another than the loop's own it runs in an empty
 * context unless one is given, which then is the loop's to use alone.  With
 * `handle` the caller gets a reference of its own,
 * which it drops with al_unref, from whatever thread. */
bool al_loop_call_soon_threadsafe(al_loop *loop, al_callback callback,
                                  al_context *context, al_handle **handle);

/* -- running ------------------------------------------------------------ */

double al_loop_time(const al_loop *loop);

/* One turn: BaseEventLoop._run_once().  False: raised (by the selector, or
 * a callback's SystemExit or KeyboardInterrupt). */
bool al_loop_run_once(al_loop *loop);

bool al_loop_run_forever(al_loop *loop);
void al_loop_stop(al_loop *loop);
bool al_loop_close(al_loop *loop); /* raises while running */
bool al_loop_is_running(const al_loop *loop);
bool al_loop_is_closed(const al_loop *loop);

/* Raises "Event loop is closed" if it is: _check_closed(). */
bool al_loop_check_closed(const al_loop *loop);

/* Raises "Non-thread-safe operation …" in another thread than the one that
 * runs the loop: _check_thread(), which debug mode asks. */
bool al_loop_check_thread(const al_loop *loop);

void al_loop_set_debug(al_loop *loop, bool debug);
bool al_loop_get_debug(const al_loop *loop);
double al_loop_get_slow_callback_duration(const al_loop *loop);
void al_loop_set_slow_callback_duration(al_loop *loop, double seconds);

void al_loop_repr(const al_loop *loop, al_text *out);

/* -- file descriptors --------------------------------------------------- */

/* Call back whenever fd is readable; replaces (and cancels) what was there.
 * False: raised. */
bool al_loop_add_reader(al_loop *loop, int fd, al_callback callback);
bool al_loop_add_writer(al_loop *loop, int fd, al_callback callback);

/* True: there was one, now cancelled. */
bool al_loop_remove_reader(al_loop *loop, int fd);
bool al_loop_remove_writer(al_loop *loop, int fd);

/* -- signals ------------------------------------------------------------ */

bool al_loop_add_signal_handler(al_loop *loop, int sig, al_callback callback);

/* *removed says whether there was one.  False: raised ValueError. */
bool al_loop_remove_signal_handler(al_loop *loop, int sig, bool *removed);

/* Is a handler for sig installed? */
bool al_loop_handles_signal(const al_loop *loop, int sig);

/* -- exceptions --------------------------------------------------------- */

/* What asyncio's context dict holds.  All borrowed. */
typedef struct al_error_context {
    const char *message;
    al_exception *exception; /* or NULL */
    al_handle *handle;       /* or NULL */
    const struct al_error_context *inner; /* 'context': of a failed handler */
    const char *subject_key;  /* "future", "task"; or NULL */
    const al_object *subject; /* with subject_key */
    const char *repr;         /* of the whole dict, where somebody else made
                                 one; NULL: as made of the above */
    const char *details;      /* "\nkey: value" for each key of that dict but
                                 message and exception; with repr */
} al_error_context;

/* A custom exception handler; false: raised. */
typedef struct al_exception_handler_ops {
    bool (*handle)(void *self, al_loop *loop, const al_error_context *context);
    void (*release)(void *self); /* NULL: nothing to do */
} al_exception_handler_ops;

typedef struct al_exception_handler {
    const al_exception_handler_ops *ops; /* NULL: the default handler */
    void *self;
} al_exception_handler;

/* Taken over; the one before is released. */
void al_loop_set_exception_handler(al_loop *loop, al_exception_handler handler);
al_exception_handler al_loop_peek_exception_handler(const al_loop *loop);

/* False: raised (SystemExit, KeyboardInterrupt; see call_exception_handler). */
bool al_loop_call_exception_handler(al_loop *loop,
                                    const al_error_context *context);
bool al_loop_default_exception_handler(al_loop *loop,
                                       const al_error_context *context);

/* Where asyncio's logger writes: records of the default handler and debug
 * mode's warnings.  Default: nowhere (the observer sees them as events). */
typedef struct al_logger_ops {
    void (*log)(void *self, const char *level, const char *text,
                const al_exception *exception);
} al_logger_ops;

typedef struct al_logger {
    const al_logger_ops *ops;
    void *self;
} al_logger;

void al_loop_set_logger(al_loop *loop, al_logger logger);

/* -- for loop/task ------------------------------------------------------- */

/* A loop's tasks, which it keeps for al_current_task and al_next_task but
 * knows nothing of. */
typedef struct al_task_slots {
    struct al_task *current;      /* whose step runs */
    struct al_task *first, *last; /* all that are not done */
} al_task_slots;

al_task_slots *al_loop_task_slots(al_loop *loop);
al_ids *al_loop_ids(al_loop *loop);

/* -- looking inside (debuggers, tests, --snapshots) --------------------- */

size_t al_loop_ready_count(const al_loop *loop);
al_handle *al_loop_peek_ready(const al_loop *loop, size_t index);
size_t al_loop_scheduled_count(const al_loop *loop);
al_handle *al_loop_peek_scheduled(const al_loop *loop, size_t index);
size_t al_loop_timer_cancelled_count(const al_loop *loop);
uint64_t al_loop_number(const al_loop *loop);

/* Does the turn poll (timeout 0) only because a timer's moment is exactly
 * now?  Where time() + resolution is time(), it goes on doing so until the
 * clock has moved: a virtual clock must see to that. */
bool al_loop_polls_for_timer(const al_loop *loop);

/* The handle being run, or NULL; and what an event now would be caused by. */
al_handle *al_loop_peek_current_handle(const al_loop *loop);

/* Emit an event of the caller's own (a log, a detail) as the loop's: fills
 * in the loop and the time. */
void al_loop_emit(al_loop *loop, al_event *event);
bool al_loop_is_observed(const al_loop *loop);

#endif
