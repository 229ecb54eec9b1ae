/* verbs.h - the operations of the scenario language.
 *
 * A verb is a call: {"call_later": {"delay": 1, "callback": "tick"}}.  The
 * one table in verbs.c gives its parameters and what they mean; the loader,
 * the compiler, the Python export, the JSON Schema and the reference derive
 * from it.  Control forms (if, try, …) are no verbs: see ast.h. */
#ifndef AL_VERBS_H
#define AL_VERBS_H

#include <stdbool.h>
#include <stddef.h>

enum { AL_VERB_MAX_PARAMS = 6 };

/* X(enum name, JSON name) */
#define AL_VERBS(X)                                                            \
    /* the loop's methods; each also takes "loop", default: the current one */ \
    X(CALL_SOON, call_soon)                                                    \
    X(CALL_LATER, call_later)                                                  \
    X(CALL_AT, call_at)                                                        \
    X(CALL_SOON_THREADSAFE, call_soon_threadsafe)                              \
    X(TIME, time)                                                              \
    X(RUN_FOREVER, run_forever)                                                \
    X(STOP, stop)                                                              \
    X(CLOSE, close)                                                            \
    X(IS_RUNNING, is_running)                                                  \
    X(IS_CLOSED, is_closed)                                                    \
    X(ADD_READER, add_reader)                                                  \
    X(REMOVE_READER, remove_reader)                                            \
    X(ADD_WRITER, add_writer)                                                  \
    X(REMOVE_WRITER, remove_writer)                                            \
    X(ADD_SIGNAL_HANDLER, add_signal_handler)                                  \
    X(REMOVE_SIGNAL_HANDLER, remove_signal_handler)                            \
    X(SET_EXCEPTION_HANDLER, set_exception_handler)                            \
    X(GET_EXCEPTION_HANDLER, get_exception_handler)                            \
    X(CALL_EXCEPTION_HANDLER, call_exception_handler)                          \
    X(DEFAULT_EXCEPTION_HANDLER, default_exception_handler)                    \
    X(SET_DEBUG, set_debug)                                                    \
    X(GET_DEBUG, get_debug)                                                    \
    /* asyncio's functions */                                                  \
    X(GET_RUNNING_LOOP, get_running_loop)                                      \
    X(GET_EVENT_LOOP, get_event_loop)                                          \
    X(SET_EVENT_LOOP, set_event_loop)                                          \
    X(NEW_EVENT_LOOP, new_event_loop)                                          \
    /* handles */                                                              \
    X(CANCEL, cancel)                                                          \
    X(CANCELLED, cancelled)                                                    \
    X(WHEN, when)                                                              \
    /* coroutines, tasks, futures */                                           \
    X(AWAIT, await)                                                            \
    X(YIELD, yield)                                                            \
    X(ASYNCIO_RUN, asyncio_run)                                                \
    X(RUN_UNTIL_COMPLETE, run_until_complete)                                  \
    X(CREATE_TASK, create_task)                                                \
    X(CREATE_FUTURE, create_future)                                            \
    X(SET_RESULT, set_result)                                                  \
    X(SET_EXCEPTION, set_exception)                                            \
    X(ADD_DONE_CALLBACK, add_done_callback)                                    \
    X(REMOVE_DONE_CALLBACK, remove_done_callback)                              \
    X(TASK, Task)                                                              \
    X(FUTURE, Future)                                                          \
    X(CURRENT_TASK, current_task)                                              \
    X(SLEEP, sleep)                                                            \
    X(GATHER, gather)                                                          \
    X(TIMEOUT, timeout)                                                        \
    X(TIMEOUT_AT, timeout_at)                                                  \
    X(WAIT_FOR, wait_for)                                                      \
    X(WAIT, wait)                                                              \
    X(SHIELD, shield)                                                          \
    X(AS_COMPLETED, as_completed)                                              \
    X(ENSURE_FUTURE, ensure_future)                                            \
    X(ALL_TASKS, all_tasks)                                                    \
    X(TASK_GROUP, TaskGroup)                                                   \
    X(SET_TASK_FACTORY, set_task_factory)                                      \
    X(GET_TASK_FACTORY, get_task_factory)                                      \
    X(RUNNER, Runner)                                                          \
    /* asyncio.graph */                                                        \
    X(CAPTURE_CALL_GRAPH, capture_call_graph)                                  \
    X(FORMAT_CALL_GRAPH, format_call_graph)                                    \
    X(PRINT_CALL_GRAPH, print_call_graph)                                      \
    X(FUTURE_ADD_TO_AWAITED_BY, future_add_to_awaited_by)                      \
    X(FUTURE_DISCARD_FROM_AWAITED_BY, future_discard_from_awaited_by)          \
    /* executors and threads */                                                \
    X(RUN_IN_EXECUTOR, run_in_executor)                                        \
    X(SET_DEFAULT_EXECUTOR, set_default_executor)                              \
    X(SHUTDOWN_DEFAULT_EXECUTOR, shutdown_default_executor)                    \
    X(TO_THREAD, to_thread)                                                    \
    X(RUN_COROUTINE_THREADSAFE, run_coroutine_threadsafe)                      \
    X(WRAP_FUTURE, wrap_future)                                                \
    X(THREAD_POOL_EXECUTOR, ThreadPoolExecutor)                                \
    X(SUBMIT, submit)                                                          \
    X(TIME_SLEEP, time_sleep)                                                  \
    /* locks, queues and the like */                                           \
    X(LOCK, Lock)                                                              \
    X(EVENT, Event)                                                            \
    X(CONDITION, Condition)                                                    \
    X(SEMAPHORE, Semaphore)                                                    \
    X(BOUNDED_SEMAPHORE, BoundedSemaphore)                                     \
    X(BARRIER, Barrier)                                                        \
    X(QUEUE, Queue)                                                            \
    X(LIFO_QUEUE, LifoQueue)                                                   \
    X(PRIORITY_QUEUE, PriorityQueue)                                           \
    X(ACQUIRE, acquire)                                                        \
    X(RELEASE, release)                                                        \
    X(LOCKED, locked)                                                          \
    X(SET, set)                                                                \
    X(CLEAR, clear)                                                            \
    X(IS_SET, is_set)                                                          \
    X(NOTIFY, notify)                                                          \
    X(NOTIFY_ALL, notify_all)                                                  \
    X(PUT, put)                                                                \
    X(PUT_NOWAIT, put_nowait)                                                  \
    X(GET, get)                                                                \
    X(GET_NOWAIT, get_nowait)                                                  \
    X(TASK_DONE, task_done)                                                    \
    X(JOIN, join)                                                              \
    X(SHUTDOWN, shutdown)                                                      \
    /* contextvars */                                                          \
    X(CONTEXT_VAR, ContextVar)                                                 \
    X(COPY_CONTEXT, copy_context)                                              \
    /* Python */                                                               \
    X(CALL, call)                                                              \
    X(LOG, log)                                                                \
    /* the simulated world */                                                  \
    X(BUSY, busy)                                                              \
    X(READ, read)                                                              \
    X(WRITE, write)

typedef enum al_verb {
#define AL_VERB_ENUM(NAME, name) AL_VERB_##NAME,
    AL_VERBS(AL_VERB_ENUM)
#undef AL_VERB_ENUM
    AL_VERB_COUNT
} al_verb;

/* How a verb is spelled in Python. */
typedef enum al_verb_style {
    AL_STYLE_LOOP,    /* loop.verb(...), loop from the "loop" parameter */
    AL_STYLE_ASYNCIO, /* asyncio.verb(...) */
    AL_STYLE_METHOD,  /* first.verb(rest) */
    AL_STYLE_CONTEXTVARS, /* contextvars.verb(...) */
    AL_STYLE_FUTURES, /* concurrent.futures.verb(...) */
    AL_STYLE_TIME,    /* time.verb(...), "time." in its name */
    AL_STYLE_CALL,    /* function(*args) */
    AL_STYLE_AWAIT,   /* await value */
    AL_STYLE_YIELD,   /* (yield value) */
    AL_STYLE_SIM      /* verb(...): a function of the recorder's */
} al_verb_style;

typedef enum al_param_kind {
    AL_PARAM_VALUE,      /* any value */
    AL_PARAM_CALLABLE,   /* a value that is to be called: a function's name,
                            "loop.stop", "handle.cancel" */
    AL_PARAM_ARGS,       /* a JSON array of values: positional arguments */
    AL_PARAM_KWARGS,     /* a JSON object of values: keyword arguments */
    AL_PARAM_ITEMS,      /* the same, or "*EXPRESSION": an iterable of them */
    AL_PARAM_FORMAT,     /* text with {expressions}: an f-string's body */
    AL_PARAM_TEXT,       /* the same, or a value that is no string */
    AL_PARAM_IDENTIFIER, /* literal text: a name */
    AL_PARAM_FD,         /* an expression: the name of an fd */
    AL_PARAM_SIGNAL      /* "SIGTERM" literally, or an expression */
} al_param_kind;

typedef struct al_param_spec {
    const char *name;
    al_param_kind kind;
    bool is_required;
    bool is_keyword;  /* written name=value in Python */
    const char *doc;
} al_param_spec;

typedef struct al_verb_spec {
    const char *name;
    al_verb_style style;
    size_t param_count;  /* the first may be given in place of the object:
                            {"cancel": "handle"} */
    al_param_spec params[AL_VERB_MAX_PARAMS];
    const char *doc;     /* one line */
} al_verb_spec;

extern const al_verb_spec al_verb_specs[AL_VERB_COUNT];

/* The verb of that name, or AL_VERB_COUNT. */
al_verb al_verb_find(const char *name);

/* Index of the parameter, or -1. */
int al_verb_param(al_verb verb, const char *name);

#endif
