/* event.h - everything the loop does, as events.
 *
 * The two lists below are the only place where kinds and fields are named:
 * the enums, the JSON names, the trace writer and reader, the recorder's
 * check and the reference all derive from them.
 *
 * CORE events are observable in any conforming loop, and equal CPython's;
 * DETAIL events are ours. */
#ifndef AL_EVENT_H
#define AL_EVENT_H

#include <stdbool.h>
#include <stdint.h>

/* Fields:  X(field, json key, type, meaning).
 * The types: HANDLE, TASK, FUTURE, PRIMITIVE and CAUSE are ids ("h3", "t1",
 * "f2", "p4"; a cause may be a job, "j1", or "world"; 0, which is no id, is left out of TASK,
 * FUTURE and PRIMITIVE),
 * COUNT an unsigned number, SECONDS a double, TIMEOUT a double where a
 * negative one means none (null), FLAG a boolean, TEXT a string (NULL: left
 * out), JSON a text that is a JSON value already (NULL: left out). */
#define AL_EVENT_FIELDS(X)                                                     \
    X(n, "n", COUNT, "number of the iteration, from 1")                        \
    X(handle, "h", HANDLE, "the handle concerned")                             \
    X(task, "task", TASK, "the task concerned")                                \
    X(future, "future", FUTURE, "the future concerned")                        \
    X(on, "on", TASK, "the task it waits for")                                 \
    X(primitive, "p", PRIMITIVE, "the lock, queue or the like")                \
    X(of, "of", PRIMITIVE, "the one it is a part of")                          \
    X(state, "state", TEXT, "its state: locked, value 2, 3 items")             \
    X(count, "count", COUNT, "how many wait in it; cancellations asked for")   \
    X(waiters, "waiters", JSON, "they, or of over 32 the first 4: [\"f3\"]")   \
    X(putters, "putters", JSON, "those that wait to put, likewise")            \
    X(joined, "joined", FUTURE, "who begins to wait in it")                    \
    X(putter, "putter", FUTURE, "who begins to wait to put")                   \
    X(left, "left", FUTURE, "who waits in it no longer")                       \
    X(children, "children", JSON, "what is gathered: [\"t2\",\"f3\"]")         \
    X(index, "index", COUNT, "its place among such callbacks, from 0")         \
    X(name, "name", TEXT, "the task's name")                                   \
    X(coroutine, "coro", TEXT, "__qualname__ of the task's coroutine")         \
    X(outcome, "outcome", TEXT, "result, exception or cancelled")              \
    X(callback, "callback", TEXT, "what the handle will call")                 \
    X(args, "args", TEXT, "its arguments, as repr shows them")                 \
    X(when, "when", SECONDS, "the deadline of a timer")                        \
    X(ready, "ready", COUNT, "len(ready)")                                     \
    X(scheduled, "scheduled", COUNT, "len(scheduled)")                         \
    X(cancelled, "cancelled", COUNT, "cancelled timers in scheduled")          \
    X(removed, "removed", COUNT, "how many timers compaction dropped")         \
    X(kept, "kept", COUNT, "how many timers compaction kept")                  \
    X(timeout, "timeout", TIMEOUT, "select's timeout; null: for ever")         \
    X(fds, "fds", TEXT, "what select reported: \"conn:r out:w\"")              \
    X(fd, "fd", TEXT, "the file descriptor's name or number")                  \
    X(sig, "sig", COUNT, "signal number")                                      \
    X(duration, "duration", SECONDS, "how long the callback ran")              \
    X(debug, "debug", FLAG, "debug mode")                                      \
    X(level, "level", TEXT, "of a log record; NULL: the scenario's log")       \
    X(type, "type", TEXT, "class of the exception, or of the primitive")       \
    X(message, "message", TEXT, "message handed to the exception handler")     \
    X(text, "text", TEXT, "log text; str(exception); repr of a result")        \
    X(function, "function", TEXT, "name of the thread, or of a function")      \
    X(job, "job", COUNT, "number of an executor's job")                        \
    X(role, "role", TEXT,                                                      \
      "raised, cause, context, handler, exit, clean-up, called, dropped")      \
    X(where, "where", TEXT, "what raised or waits, or a function: a.json:12")  \
    X(heap, "heap", JSON, "the heap's array: [[\"h4\", 1.5], ...]")            \
    X(deque, "ready", JSON, "the ready deque: [\"h3\", ...]")                  \
    X(tasks, "tasks", JSON, "[id, name, what it does, by or for which], ...")  \
    X(primitives, "primitives", JSON,                                          \
      "[id, class, state, those that wait, those that wait to put], ...")      \
    X(by, "by", CAUSE, "the handle or job that was running, or world")

/* Kinds:  X(KIND, name, class, fields in the order written, meaning).
 * Every event also carries the time ("t"), and "loop" unless it is l1. */
#define AL_EVENT_KINDS(X)                                                      \
    X(LOOP, loop, CORE, F(debug), "a loop was created")                        \
    X(START, start, CORE, , "run_forever begins")                              \
    X(STOP, stop, CORE, F(by), "loop.stop() was called")                       \
    X(STOPPED, stopped, CORE, , "run_forever ends")                            \
    X(CLOSE, close, CORE, , "the loop was closed")                             \
    X(ITERATION, iteration, CORE,                                              \
      F(n) F(ready) F(scheduled) F(cancelled), "_run_once begins")             \
    X(PRUNE, prune, CORE, F(handle),                                           \
      "a cancelled timer was popped from the heap's head")                     \
    X(COMPACT, compact, CORE, F(removed) F(kept),                              \
      "cancelled timers were filtered out and the rest heapified")             \
    X(SELECT, select, CORE, F(timeout), "select is called")                    \
    X(WAKE, wake, CORE, F(fds), "select returned")                             \
    X(READY, ready, CORE, F(handle),                                           \
      "an fd's or signal's handle was appended to ready")                      \
    X(DUE, due, CORE, F(handle), "a timer moved from the heap to ready")       \
    X(RUN, run, CORE, F(handle) F(callback) F(task), "a callback begins")      \
    X(RAN, ran, CORE, F(handle) F(duration), "it returned or raised")          \
    X(SKIP, skip, CORE, F(handle), "a cancelled handle was popped")            \
    X(CALL_SOON, call_soon, CORE,                                              \
      F(handle) F(callback) F(task) F(args) F(where) F(by),                    \
      "appended to ready")                                                     \
    X(CALL_AT, call_at, CORE,                                                  \
      F(handle) F(callback) F(args) F(when) F(where) F(by),                    \
      "pushed on the heap")                                                    \
    X(CALL_SOON_THREADSAFE, call_soon_threadsafe, CORE,                        \
      F(handle) F(callback) F(args) F(where) F(by),                            \
      "appended to ready, and the self-pipe written")                          \
    X(CANCEL, cancel, CORE, F(handle) F(by), "handle.cancel(), first time")    \
    X(ADD_READER, add_reader, CORE,                                            \
      F(fd) F(handle) F(callback) F(args) F(where) F(by),                      \
      "an fd is watched to read")                                              \
    X(REMOVE_READER, remove_reader, CORE, F(fd) F(by), "no longer")            \
    X(ADD_WRITER, add_writer, CORE,                                            \
      F(fd) F(handle) F(callback) F(args) F(where) F(by),                      \
      "an fd is watched to write")                                             \
    X(REMOVE_WRITER, remove_writer, CORE, F(fd) F(by), "no longer")            \
    X(ADD_SIGNAL, add_signal_handler, CORE,                                    \
      F(sig) F(handle) F(callback) F(args) F(where) F(by),                     \
      "a signal is handled")                                                   \
    X(REMOVE_SIGNAL, remove_signal_handler, CORE, F(sig) F(by), "no longer")   \
    X(TASK, task, CORE, F(task) F(name) F(coroutine) F(where) F(by),           \
      "a task was created")                                                    \
    X(TASK_CANCEL, task_cancel, CORE, F(task) F(by),                           \
      "task.cancel() of one that is not done")                                 \
    X(TASK_DONE, task_done, CORE, F(task) F(outcome) F(type) F(text),          \
      "a task came to its end")                                                \
    X(FUTURE, future, CORE, F(future) F(by), "a future was created")           \
    X(FUTURE_DONE, future_done, CORE,                                          \
      F(future) F(outcome) F(type) F(text) F(by), "a future is done")          \
    X(TASK_WAITS, task_waits, DETAIL, F(task) F(future) F(on) F(where),        \
      "a task waits for a future, or another task")                            \
    X(ADD_DONE_CALLBACK, add_done_callback, DETAIL,                            \
      F(task) F(future) F(callback) F(by),                                     \
      "called once it is done; a waiting task's wakeup is not told")           \
    X(REMOVE_DONE_CALLBACK, remove_done_callback, DETAIL,                      \
      F(task) F(future) F(index) F(callback) F(by), "it was removed")          \
    X(GATHER, gather, DETAIL, F(future) F(children) F(by),                     \
      "the future is gather's; its children, one an argument")                 \
    X(CANCELLING, cancelling, DETAIL,                                          \
      F(task) F(count) F(outcome) F(text) F(by),                               \
      "task.cancel(text) or uncancel(); outcome: of an expired timeout")       \
    X(TASK_NAME, task_name, DETAIL, F(task) F(name) F(by),                     \
      "task.set_name(name): it is called so from now on")                      \
    X(RESULT, result, DETAIL, F(task) F(text),                                 \
      "what the task that just ended returned, if not None")                   \
    X(EAGER, eager, DETAIL, F(task),                                           \
      "a task begins within the step that creates it")                         \
    X(EAGER_END, eager_end, DETAIL, F(task), "it waits, or has ended")         \
    X(PRIMITIVE, primitive, DETAIL, F(primitive) F(type) F(of) F(by),          \
      "a lock, queue or the like was created")                                 \
    X(WAITERS, waiters, DETAIL,                                                \
      F(primitive) F(type) F(state) F(count) F(waiters) F(putters)             \
      F(joined) F(putter) F(left) F(by),                                       \
      "its state or its waiters changed")                                      \
    X(DROPPED, dropped, DETAIL, F(task) F(future) F(primitive),                \
      "what was still pending, or a lock or queue, is gone: nobody has it")    \
    X(DEADLOCK, deadlock, DETAIL, F(text),                                     \
      "nothing can ever happen again; text: who waits for what, in lines")     \
    X(EXCEPTION, exception, CORE, F(message) F(type) F(text) F(by),            \
      "handed to the loop's exception handler")                                \
    X(LOG, log, CORE, F(level) F(text) F(by),                                  \
      "the program logged, or asyncio's logger warned")                        \
    X(THREAD_ERROR, thread_error, CORE, F(function) F(type) F(text),           \
      "a thread of the world ended by an exception")                           \
    X(END, end, CORE, F(type) F(text),                                         \
      "the program ended; type: the exception that ended it")                  \
    X(RAISED, raised, DETAIL,                                                  \
      F(role) F(type) F(text) F(where) F(function) F(by),                      \
      "an exception's origin; the one told before, or another by its role")    \
    X(HANDLER, handler, DETAIL, F(callback) F(by),                             \
      "the exception handler that was set is called")                          \
    X(WORLD_FD, world_fd, DETAIL, F(fd) F(fds),                                \
      "the world changed an fd's readiness (fds: r, w, rw or nothing)")        \
    X(WORLD_SIGNAL, world_signal, DETAIL, F(sig), "the world sent a signal")   \
    X(WORLD_THREAD, world_thread, DETAIL, F(function),                         \
      "a thread of the world acts")                                            \
    X(JOB, job, DETAIL, F(job) F(callback) F(where) F(by),                     \
      "an executor was given a job")                                           \
    X(JOB_BEGUN, job_begun, DETAIL, F(job) F(function), "a thread takes it")   \
    X(JOB_ENDED, job_ended, DETAIL, F(job) F(function),                        \
      "it is over: it returned or raised, and who waits was told")             \
    X(JOB_TOLD, job_told, DETAIL, F(job) F(handle),                            \
      "its end is passed on to a loop's future by that handle")                \
    X(BUSY, busy, DETAIL, F(duration) F(by),                                   \
      "work begins that takes virtual time")                                   \
    X(WORKED, worked, DETAIL, F(duration) F(by),                               \
      "it ends; duration: less where a signal cut it short")                   \
    X(READ, read, DETAIL, F(fd) F(by), "the scenario drained an fd")           \
    X(WRITE, write, DETAIL, F(fd) F(by), "the scenario filled an fd")          \
    X(SNAPSHOT, snapshot, DETAIL, F(heap) F(deque) F(tasks) F(primitives),     \
      "the heap, the ready deque, tasks, locks and queues (--snapshots)")

typedef enum al_event_kind {
#define AL_EVENT_ENUM(KIND, name, class, fields, meaning) AL_EVENT_##KIND,
    AL_EVENT_KINDS(AL_EVENT_ENUM)
#undef AL_EVENT_ENUM
    AL_EVENT_COUNT
} al_event_kind;

typedef enum al_event_field {
#define AL_FIELD_ENUM(field, key, type, meaning) AL_FIELD_##field,
    AL_EVENT_FIELDS(AL_FIELD_ENUM)
#undef AL_FIELD_ENUM
    AL_FIELD_COUNT
} al_event_field;

#define AL_FIELD_C_HANDLE  uint64_t
#define AL_FIELD_C_TASK    uint64_t
#define AL_FIELD_C_FUTURE  uint64_t
#define AL_FIELD_C_PRIMITIVE uint64_t
#define AL_FIELD_C_CAUSE   uint64_t
#define AL_FIELD_C_COUNT   uint64_t
#define AL_FIELD_C_SECONDS double
#define AL_FIELD_C_TIMEOUT double
#define AL_FIELD_C_FLAG    bool
#define AL_FIELD_C_TEXT    const char *
#define AL_FIELD_C_JSON    const char *

/* Were all of a crowd of waiters listed each time, a trace would grow with its
 * square: so many are, and of more only the first few. */
enum { AL_WAITERS_WHOLE = 32, AL_WAITERS_OF_CROWD = 4 };

enum { AL_BY_PROGRAM = 0 };     /* cause: no handle was running ("by" is
                                   left out) */
#define AL_BY_WORLD UINT64_MAX  /* cause: the world outside ("world") */
#define AL_BY_JOB (UINT64_C(1) << 63) /* cause: an executor's job ("j1"): this
                                         bit and its number */
#define AL_FOREVER (-1.0)       /* timeout: none (null) */

static inline uint64_t al_cause_job(uint64_t cause) /* 0: it is no job */
{
    return cause & AL_BY_JOB && cause != AL_BY_WORLD ? cause & ~AL_BY_JOB : 0;
}

typedef struct al_cause_id { /* "h3" or "j1", as a trace has it */
    char letter;
    uint64_t number;
} al_cause_id;

/* The world has none; the program's number is 0. */
static inline al_cause_id al_cause_id_of(uint64_t cause)
{
    return (al_cause_id){cause & AL_BY_JOB ? 'j' : 'h', cause & ~AL_BY_JOB};
}

typedef struct al_event {
    al_event_kind kind;
    uint64_t loop; /* 1 for l1 */
    double time;
#define AL_FIELD_MEMBER(field, key, type, meaning) AL_FIELD_C_##type field;
    AL_EVENT_FIELDS(AL_FIELD_MEMBER)
#undef AL_FIELD_MEMBER
} al_event; /* texts are borrowed, until emit returns */

typedef struct al_event_spec {
    const char *name;              /* "call_soon" */
    bool is_core;
    const unsigned char *fields;   /* al_event_field, in the order written */
    unsigned field_count;
    const char *meaning;
} al_event_spec;

typedef enum al_field_type {
    AL_TYPE_HANDLE,
    AL_TYPE_TASK,
    AL_TYPE_FUTURE,
    AL_TYPE_PRIMITIVE,
    AL_TYPE_CAUSE,
    AL_TYPE_COUNT,
    AL_TYPE_SECONDS,
    AL_TYPE_TIMEOUT,
    AL_TYPE_FLAG,
    AL_TYPE_TEXT,
    AL_TYPE_JSON
} al_field_type;

typedef struct al_field_spec {
    const char *key; /* in JSON */
    al_field_type type;
    unsigned offset; /* in al_event */
    const char *meaning;
} al_field_spec;

extern const al_event_spec al_event_specs[AL_EVENT_COUNT];
extern const al_field_spec al_field_specs[AL_FIELD_COUNT];

/* Where the event has the field's value, of the C type that its type stands
 * for. */
static inline const void *al_event_value(const al_event *event,
                                         const al_field_spec *field)
{
    return (const char *)event + field->offset;
}

/* Has the kind of event such a field? */
bool al_event_has_field(al_event_kind kind, al_event_field field);

/* The observer seam: who watches a loop.  It is called in the loop's thread,
 * in the midst of what it is told of: it must not call the loop, and steers
 * nothing.  What the event points to is borrowed until it returns. */
typedef struct al_observer_ops {
    void (*emit)(void *self, const al_event *event);
} al_observer_ops;

typedef struct al_observer { /* {NULL, NULL}: nobody watches */
    const al_observer_ops *ops;
    void *self;
} al_observer;

/* Tell it, if there is one. */
static inline void al_observer_emit(al_observer observer, const al_event *event)
{
    if (observer.ops)
        observer.ops->emit(observer.self, event);
}

#endif
