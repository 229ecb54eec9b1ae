/* loop.h - the event loop: asyncio's BaseSelectorEventLoop, in C.
 *
 * Each function follows the method of the same name in CPython 3.14
 * (al_loop_call_soon is loop.call_soon); where that would raise, it returns
 * false or NULL and leaves the exception in the thread's slot (exception.h).
 * All times are doubles, in seconds of the loop's clock.
 *
 * A loop belongs to the thread that runs it, and until it runs to the one
 * that made it; from others only al_loop_call_soon_threadsafe may be called,
 * and al_handle_cancel and al_unref on the handle it gave, while the loop
 * lives.
 *
 * Ownership: an al_callback passed in is taken over, even on failure; a
 * handle returned is borrowed (handle.h); contexts are borrowed.  A loop is
 * an al_object: the caller of al_loop_new drops its reference with al_unref,
 * and the last one closes the loop if need be. */
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

/* The last id given, by kind: they count what all loops of a run create. */
typedef struct al_ids {
    uint64_t handles, futures, tasks, primitives;
    uint64_t task_names; /* "Task-1", "Task-2", … */
} al_ids;

/* The knobs; al_loop_defaults() has CPython's values. */
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

/* A new loop on that clock and selector, owned by the caller.  The selector
 * is taken over, even on failure, and freed when the loop is closed; clock
 * and observer are borrowed, and must outlive the loop.  NULL options: the
 * defaults.  NULL: raised (the self-pipe cannot be opened). */
al_loop *al_loop_new(al_clock clock, al_selector selector,
                     al_observer observer, const al_loop_options *options);

/* asyncio.SelectorEventLoop(): on the monotonic clock and epoll, with nobody
 * watching.  NULL: raised OSError. */
al_loop *al_loop_new_real(void);

/* At the end of a run: close the loops of that list, and drop their exception
 * handlers.  A callback or handler may hold its own loop (a script's
 * "loop.stop" does): counting alone would never free such a loop.  What
 * closing raises is dropped. */
void al_loops_close(al_loop *alive);

extern const al_type al_loop_type;

/* -- scheduling --------------------------------------------------------- */

/* Call back in the next turn, after `delay` seconds, or at `when` seconds of
 * al_loop_time.  context NULL: a copy of the current one, as in Python.
 * NULL: raised RuntimeError (closed; in debug mode, another thread). */
al_handle *al_loop_call_soon(al_loop *loop, al_callback callback,
                             al_context *context);
al_handle *al_loop_call_later(al_loop *loop, double delay,
                              al_callback callback, al_context *context);
al_handle *al_loop_call_at(al_loop *loop, double when, al_callback callback,
                           al_context *context);

/* From any thread; from another than the loop's own it runs in an empty
 * context unless one is given, which then is the loop's to use alone.  With
 * `handle` not NULL the caller gets a reference of its own, which it drops
 * with al_unref, from whatever thread.  False: raised RuntimeError (closed),
 * in the calling thread's slot. */
bool al_loop_call_soon_threadsafe(al_loop *loop, al_callback callback,
                                  al_context *context, al_handle **handle);

/* -- running ------------------------------------------------------------ */

/* loop.time(): seconds, from whatever moment the clock counts from. */
double al_loop_time(const al_loop *loop);

/* One turn: BaseEventLoop._run_once(), for who runs a loop inside another
 * one.  False: raised (by the selector, or a callback's SystemExit or
 * KeyboardInterrupt). */
bool al_loop_run_once(al_loop *loop);

/* Turn after turn, until al_loop_stop.  False: raised: as run_once, or
 * RuntimeError (closed, running already, or another loop of this thread is). */
bool al_loop_run_forever(al_loop *loop);

/* End run_forever after the turn that runs; where none does, after one. */
void al_loop_stop(al_loop *loop);

/* Drop what is scheduled, stop watching and free the selector; then remove
 * the signal handlers.  Closing again does nothing, but for signal handlers
 * that could not be removed.  False: raised RuntimeError (the loop runs), or
 * what al_loop_remove_signal_handler raises. */
bool al_loop_close(al_loop *loop);
bool al_loop_is_running(const al_loop *loop);
bool al_loop_is_closed(const al_loop *loop);

/* Raises what run_forever would: closed, running already, or another loop
 * is: _check_closed(), _check_running(). */
bool al_loop_check_may_run(const al_loop *loop);

/* _check_closed().  False: raised RuntimeError "Event loop is closed". */
bool al_loop_check_closed(const al_loop *loop);

/* _check_thread(), which debug mode asks.  False: it runs in another thread;
 * raised RuntimeError "Non-thread-safe operation …". */
bool al_loop_check_thread(const al_loop *loop);

/* loop.set_debug, loop.get_debug: debug mode warns of slow callbacks, refuses
 * calls from other threads, and shows arguments in reprs. */
void al_loop_set_debug(al_loop *loop, bool debug);
bool al_loop_get_debug(const al_loop *loop);

/* loop.slow_callback_duration, in seconds. */
double al_loop_get_slow_callback_duration(const al_loop *loop);
void al_loop_set_slow_callback_duration(al_loop *loop, double seconds);

/* -- file descriptors --------------------------------------------------- */

/* loop.add_reader, loop.add_writer: call back in every turn in which fd is
 * readable (writable); replaces, and cancels, the handle that was there.
 * False: raised RuntimeError (closed), ValueError (a negative fd) or OSError
 * (the selector cannot watch it; readers and writers of that fd, if any, are
 * then forgotten, as Python's selector forgets its key). */
bool al_loop_add_reader(al_loop *loop, int fd, al_callback callback);
bool al_loop_add_writer(al_loop *loop, int fd, al_callback callback);

/* loop.remove_reader, loop.remove_writer: cancel it and stop watching.
 * *removed, if not NULL, says whether there was one.  On a closed loop there
 * is none.  To be called before fd is closed.  False: raised ValueError (a
 * negative fd) or OSError (the selector refused to go on watching for the
 * other of the two; both are then forgotten, but not cancelled). */
bool al_loop_remove_reader(al_loop *loop, int fd, bool *removed);
bool al_loop_remove_writer(al_loop *loop, int fd, bool *removed);

/* -- signals ------------------------------------------------------------ */

/* loop.add_signal_handler: call back, in the loop's thread, a turn after the
 * signal has arrived; replaces the handler that was there, which is dropped
 * but not cancelled.  A process has one pipe for signals: they all go to the
 * loop that was asked last.  False: raised ValueError (no such signal),
 * RuntimeError (closed; SIGKILL and the like; not the main thread), or
 * NotImplementedError (the selector has no signals). */
bool al_loop_add_signal_handler(al_loop *loop, int sig, al_callback callback);

/* As asyncio.Runner handles SIGINT while it runs: from now on `handler` is
 * called where SIGINT arrives.  Simulated, that is at once, wherever the loop
 * is; on epoll, where the loop waits or next begins a turn, for C has nowhere
 * else where anything may be called.  False: something else handles SIGINT,
 * or this is not the main thread.
 *
 * And back again: where the handler, told from others by its `self`, is still
 * there, SIGINT has its default effect.  False: one had come meanwhile, and
 * the handler raised. */
bool al_loop_catch_interrupt(al_loop *loop, al_interrupt handler);
bool al_loop_release_interrupt(al_loop *loop, const void *self);

/* loop.remove_signal_handler: the signal has its default effect again.
 * *removed, if not NULL, says whether there was a handler.  False: raised
 * ValueError (no such signal, not the main thread) or OSError: the handler
 * is gone, but the process still catches the signal. */
bool al_loop_remove_signal_handler(al_loop *loop, int sig, bool *removed);

/* -- exceptions --------------------------------------------------------- */

/* A context that the program made itself, which may be anything. */
typedef struct al_error_dict {
    const char *repr;     /* of the whole */
    al_value exception;   /* its value of that key; AL_ABSENT: none */
    const char *log;      /* what the default handler logs of it */
    al_exception *unfit;  /* NULL, or what the default handler raises on
                             looking at it */
} al_error_dict;

/* What asyncio's context dict holds.  All borrowed. */
typedef struct al_error_context {
    const char *message;     /* or NULL */
    al_exception *exception; /* or NULL */
    al_handle *handle;       /* or NULL; a handler runs in its context */
    const struct al_error_context *inner; /* 'context': of a failed handler */
    const char *subject_key;     /* "future", "task"; or NULL */
    const al_object *subject;    /* with subject_key */
    al_context *subject_context; /* a task's: a handler runs in it; or NULL */
    const al_error_dict *dict; /* NULL: asyncio's own, made of the above */
} al_error_context;

/* A custom exception handler. */
typedef struct al_exception_handler_ops {
    /* False: raised, and the default handler is told of that. */
    bool (*handle)(void *self, al_loop *loop, const al_error_context *context);
    void (*add_name)(const void *self, al_text *out); /* for traces; NULL: it
                                    has none */
    void (*release)(void *self); /* NULL: nothing to do */
} al_exception_handler_ops;

typedef struct al_exception_handler {
    const al_exception_handler_ops *ops; /* NULL: the default handler */
    void *self;
} al_exception_handler;

/* loop.set_exception_handler: taken over; the one before is released. */
void al_loop_set_exception_handler(al_loop *loop, al_exception_handler handler);

/* loop.get_exception_handler: borrowed until another is set. */
al_exception_handler al_loop_peek_exception_handler(const al_loop *loop);

/* loop.call_exception_handler: the handler that was set, in the context of
 * context->handle, or the default one.  False: raised SystemExit or
 * KeyboardInterrupt; anything else is logged. */
bool al_loop_call_exception_handler(al_loop *loop,
                                    const al_error_context *context);

/* loop.default_exception_handler: one record of the logger.  False: raised
 * context->dict->unfit. */
bool al_loop_default_exception_handler(al_loop *loop,
                                       const al_error_context *context);

/* Where asyncio's logger writes: records of the default handler and debug
 * mode's warnings.  level: "ERROR" or "WARNING", or
 * "CRITICAL"; exception: NULL or the one
 * the record is about; all borrowed for the call. */
typedef struct al_logger_ops {
    void (*log)(void *self, const char *level, const char *text,
                const al_exception *exception);
} al_logger_ops;

typedef struct al_logger {
    const al_logger_ops *ops; /* NULL: nowhere */
    void *self;               /* borrowed: must outlive the loop */
} al_logger;

/* At first nowhere: the observer sees the records as events. */
void al_loop_set_logger(al_loop *loop, al_logger logger);

/* -- for loop/task ------------------------------------------------------- */

/* loop.set_task_factory(): what makes the loop's tasks (loop/task/task.h). */
typedef struct al_task_factory {
    const struct al_task_factory_ops *ops; /* NULL: Task() itself */
    void *self;
    void (*release)(void *self); /* NULL: nothing to drop */
} al_task_factory;

/* A loop's tasks, which it keeps for al_current_task and al_next_task but
 * knows nothing of. */
typedef struct al_task_slots {
    struct al_task *current;      /* whose step runs */
    struct al_task *first, *last; /* all that are not done */
    struct al_future *futures;    /* all, tasks among them, newest first */
    al_task_factory factory;
    struct al_asyncgen *first_asyncgen, *last_asyncgen;
    struct al_executor *executor; /* the default one; a reference */
    bool is_executor_shut_down;
    void (*close_executor)(struct al_loop *loop); /* as the loop closes; or
                                                     NULL */
    struct al_anchor *anchors; /* what threads hold of the loop's */
    void (*give_up_anchors)(struct al_loop *loop); /* before it closes; or
                                                      NULL */
} al_task_slots;

al_task_slots *al_loop_task_slots(al_loop *loop);
al_ids *al_loop_ids(al_loop *loop);

/* -- for selectors and observers ------------------------------------------ */

/* Does the turn poll (timeout 0) only because a timer's moment is exactly
 * now?  Where time() + resolution is time(), it goes on doing so until the
 * clock has moved: a virtual clock must see to that. */
bool al_loop_polls_for_timer(const al_loop *loop);

/* loop._current_handle: the handle being run, or NULL; borrowed while it
 * runs. */
al_handle *al_loop_peek_current_handle(const al_loop *loop);

/* Emit an event of the caller's own (a log, a detail) as the loop's: fills
 * in the loop and the time.  Nothing where nobody watches. */
void al_loop_emit(al_loop *loop, al_event *event);

#endif
