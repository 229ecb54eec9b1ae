/* future.h - asyncio.Future: a result that is not there yet.
 *
 * The rules are those of CPython's _asyncio.Future, the one in C.  A task is
 * a future too (task.h); so is what gather returns. */
#ifndef AL_FUTURE_H
#define AL_FUTURE_H

#include "loop/core/loop.h"
#include "loop/object/exception.h"
#include "loop/object/value.h"
#include "loop/task/awaiters.h"

typedef struct al_future al_future;

typedef enum al_future_state {
    AL_FUTURE_PENDING,
    AL_FUTURE_CANCELLED,
    AL_FUTURE_FINISHED
} al_future_state;

/* What is called, by way of call_soon, when a future is done. */
typedef struct al_done_ops {
    const char *name;  /* __qualname__, where add_name is NULL */
    const char *shown; /* in reprs; NULL: the name */
    bool (*call)(void *self, al_future *future); /* false: raised */
    void (*release)(void *self);                 /* NULL: nothing to drop */
    void (*add_name)(const void *self, al_text *out);
    void (*add_place)(const void *self, al_text *out); /* as al_callable's */
    bool (*equal)(const void *a, const void *b); /* NULL: the same pointer */
    al_task_ref (*task_of)(const void *self); /* as al_callable's; or NULL */

    /* For the future it is a callback of: what that one waits for itself;
     * borrowed.  NULL: nothing. */
    al_future *(*awaited)(const void *self);
    const char *made_by; /* what made it, and this: "shield()"; or NULL */
} al_done_ops;

typedef struct al_done_callback {
    const al_done_ops *ops;
    void *self;
} al_done_callback;

typedef struct al_done_entry {
    al_done_callback callback;
    al_context *context; /* NULL: an empty one, not yet made */
} al_done_entry;

typedef struct al_done_entries { /* in the order in which they were added */
    al_done_entry first; /* most futures have one */
    al_done_entry *others;
    uint32_t count, capacity; /* of all; of the others */
} al_done_entries;

/* What differs between a Future, a Task, and gather's. */
typedef struct al_future_kind {
    const al_type *type; /* an AL_FUTURE_TYPE */

    /* f.cancel(msg): *done tells whether it did anything; false: raised. */
    bool (*cancel)(al_future *future, al_value message, bool *done);

    /* For repr: its state where it is not the future's (NULL: it is), and
     * what comes after the state.  All optional. */
    const char *(*state)(const al_future *future);
    void (*add_details)(const al_future *future, al_text *out);

    /* The futures that it waits for itself, by index; NULL: no more. */
    al_future *(*awaited)(const al_future *future, size_t index);
    const char *made_by; /* what makes them: "gather()"; NULL: anything */

    void (*finalize)(al_future *future); /* __del__, before a future's */
    void (*release)(al_future *future);  /* what it holds beyond a future; may
                                            be called twice */
    bool is_task;
} al_future_kind;

/* In the order of use, a cache line of 64 bytes each: what every await
 * touches, who is to be told of its end, and what few ask for. */
struct al_future {
    al_object head;
    const al_future_kind *kind;
    al_loop *loop;      /* a reference */
    al_future_state state;
    bool is_blocking;   /* _asyncio_future_blocking: handed to a task */
    bool log_traceback; /* its exception was not looked at yet */
    al_value result;
    al_exception *exception;
    al_done_entries callbacks;
    al_awaiters awaiters;
    al_future *previous, *next; /* in its loop's list of all futures */
    uint64_t id;        /* f1, f2, …; of a task t1, t2, … */
    uint64_t serial;    /* by order of creation, of futures and tasks alike */
    al_value cancel_message;       /* AL_ABSENT: none */
    al_exception *cancelled_error; /* to be raised once; or NULL */
    uint64_t mark; /* graph.c's */
};

/* The type of a kind's objects: all share their functions. */
#define AL_FUTURE_TYPE(type_name, whole_name)                                  \
    {                                                                          \
        .name = type_name, .full_name = whole_name, .free = al_future_free,    \
        .repr = al_future_type_repr                                            \
    }
void al_future_free(al_object *self);
void al_future_type_repr(const al_object *self, al_text *out);

extern const al_type al_future_type;
extern const al_future_kind al_plain_future;

/* loop.create_future(): a new reference. */
al_future *al_future_new(al_loop *loop);

/* For kinds with members of their own: `size` bytes, zeroed beyond the head,
 * which is a pending future. */
void *al_future_new_kind(al_loop *loop, const al_future_kind *kind,
                         size_t size);

al_future *al_future_peek(al_value value); /* a task too; NULL: it is none */

static inline bool al_future_done(const al_future *future)
{
    return future->state != AL_FUTURE_PENDING;
}

static inline bool al_future_cancelled(const al_future *future)
{
    return future->state == AL_FUTURE_CANCELLED;
}

/* Raise InvalidStateError where the future is done already.  The value is
 * shared, the exception is too. */
bool al_future_set_result(al_future *future, al_value result);
bool al_future_set_exception(al_future *future, al_exception *e);

/* f.cancel(msg): asks the kind.  *done: was it pending?  May be NULL. */
bool al_future_cancel(al_future *future, al_value message, bool *done);

void al_future_set_cancel_message(al_future *future, al_value message);

/* Make a pending one cancelled.  False: raised (the loop is closed). */
bool al_future_set_cancelled(al_future *future, al_value message);

/* f.result(): owned; AL_ABSENT: raised (its exception, CancelledError, or
 * InvalidStateError "Result is not set."). */
al_value al_future_result(al_future *future);

/* f.exception(): *e is owned, NULL for None.  False: raised. */
bool al_future_exception(al_future *future, al_exception **e);

/* The CancelledError it raises now; owned. */
al_exception *al_future_make_cancelled_error(al_future *future);

/* Called with call_soon once it is done, at once if it is.  The callback is
 * taken over; context NULL: a copy of the current one.  False: raised (the
 * loop is closed). */
bool al_future_add_done_callback(al_future *future, al_done_callback callback,
                                 al_context *context);

/* Returns how many there were. */
size_t al_future_remove_done_callback(al_future *future,
                                      al_done_callback callback);

/* Its __qualname__; or the repr that stands for it. */
void al_done_callback_add_name(al_done_callback callback, al_text *out);

/* Does it resume a task that waits? */
bool al_done_callback_is_wakeup(al_done_callback callback);

/* At the end of a run: have all futures and tasks of a loop drop what they
 * hold, without reports.  Who waits for what is a web of cycles, which counting
 * alone would never free; those that stay are good for nothing any more. */
void al_futures_let_go(al_loop *loop);

void al_future_repr(const al_future *future, al_text *out);

/* What it waits for: a task its waiter, gather's future its children, shield's
 * the one that is shielded.
 * Borrowed; NULL: there are not so many. */
al_future *al_future_peek_awaited(const al_future *future, size_t index);

/* Which of asyncio's functions made it, where that can be told: "gather()";
 * else NULL. */
const char *al_future_maker(const al_future *future);

/* Into the order that stands for a set's, which in Python is an accident of
 * addresses: futures and tasks by creation, anything else before them, as it
 * was given. */
void al_futures_sort(al_value *items, size_t count);

/* Its id, "f1" or "t1": how events show it. */
void al_future_add_id(const al_future *future, al_text *out);

/* A callback's argument as al_callable's add_args shows it: in an event a
 * future by its id. */
void al_add_argument(al_value argument, bool is_short, al_text *out);

#endif
