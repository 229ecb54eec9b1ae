/* task.h - asyncio.Task: a coroutine that the loop steps.
 *
 * The rules are those of CPython's _asyncio.Task: which step is scheduled
 * when, and what a cancellation does.  A task is a future (future.h), and
 * every function on futures takes one. */
#ifndef AL_TASK_H
#define AL_TASK_H

#include "loop/task/coroutine.h"
#include "loop/task/future.h"

typedef struct al_task al_task;

struct al_task {
    al_future future;
    al_coroutine *coroutine; /* a reference; NULL once an eager one is done */
    al_context *context;     /* a reference */
    al_value name;           /* str; an int N as long as nobody asked for a
                                name that is "Task-N" */
    al_future *waiter;       /* _fut_waiter: what it waits for; or NULL */
    al_task *previous, *next; /* in its loop's list of all tasks */
    uint32_t cancels_requested; /* cancelling() */
    bool must_cancel;        /* throw CancelledError at the next step */
    bool is_registered;
    bool is_cancelling;       /* the request is being passed on */
    bool is_silent;           /* not _log_destroy_pending */
};

extern const al_type al_task_type;

/* An argument by keyword; borrowed. */
typedef struct al_keyword {
    const char *name;
    al_value value;
} al_keyword;

/* What a Task is made with.  Zeroes are asyncio's defaults. */
typedef struct al_task_options {
    al_value name;       /* AL_ABSENT or None: "Task-N" */
    al_context *context; /* NULL: a copy of the current one */
    bool eager_start;    /* run to its first await at once */
    bool has_eager_start; /* it was given: a factory obeys it */
    bool adds_eager_start; /* the factory gave it */
    const al_keyword *given; /* the same as they were given, in that order, */
    size_t given_count;      /* and others: what a factory is called with */
} al_task_options;

/* asyncio.Task(coro, loop=loop, …): a new reference; NULL: raised.  The
 * coroutine is shared. */
al_task *al_task_new(al_loop *loop, al_coroutine *coroutine,
                     const al_task_options *options);

/* Task(coro, …) of any value: TypeError where that is no coroutine. */
al_value al_task_from(al_loop *loop, al_value coroutine,
                      const al_task_options *options);

/* loop.create_task(coro, …): what the loop's task factory returns, which may
 * be anything; without one a Task.  Owned; AL_ABSENT: raised (the loop is
 * closed, the factory raised). */
al_value al_create_task(al_loop *loop, al_value coroutine,
                        const al_task_options *options);

/* A task factory: called in the place of Task(). */
typedef struct al_task_factory_ops {
    al_value (*make)(void *self, al_loop *loop, al_value coroutine,
                     const al_task_options *options);
} al_task_factory_ops;

/* asyncio.eager_task_factory: its tasks run to their first await at once. */
extern const al_task_factory_ops al_eager_task_factory;

/* loop.set_task_factory(factory): taken; zeroes: none. */
void al_set_task_factory(al_loop *loop, al_task_factory factory);
al_task_factory al_task_factory_peek(al_loop *loop);

al_task *al_task_peek(al_value value); /* NULL: it is none */

/* task.get_name(): a str, borrowed.  And: as reprs and events show it, in
 * quotes or not. */
al_value al_task_peek_name(al_task *task);
void al_task_add_name(const al_task *task, bool is_quoted, al_text *out);

/* future._log_destroy_pending = False: means something for a task. */
void al_task_silence(al_future *future);

/* What calls an exception handler about a future runs it in this context, if
 * it is a task's: borrowed, or NULL. */
al_context *al_future_peek_context(const al_future *future);

/* task.cancelling(), task.uncancel(): requests that are left. */
size_t al_task_cancelling(const al_task *task);
size_t al_task_uncancel(al_task *task);

/* The same at the end of the block for whose sake it was asked.  Outcome, for
 * the trace to tell: "result" where no exception leaves the block, though it
 * was to be cancelled; else NULL. */
size_t al_task_uncancel_block(al_task *task, const char *outcome);

/* asyncio.current_task(loop): borrowed; NULL: none. */
al_task *al_current_task(al_loop *loop);

/* The tasks of a loop that are not done, in order of creation: the one after
 * `task`, the first after NULL; NULL: there is none.  Borrowed. */
al_task *al_next_task(al_loop *loop, al_task *task);

#endif
