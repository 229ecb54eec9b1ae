/* state.h - events folded: what the loops look like after each of them.
 *
 * Every view reads (event, state), never the running loop, so that one view
 * serves a live run, a recorded file and a trace from a real Python alike.
 * The heap is folded with the core's own heap code: the array is exact.
 *
 * Nothing an event says is trusted: what cannot be (an unknown handle, a
 * timer due that is not the heap's head) is counted as an oddity, and folded
 * as well as it goes.  Memory stays within that of the trace; a handle that
 * has run is forgotten, unless the state was told to keep all; so is a future
 * that is done and that nobody waits for.
 *
 * A trace recorded from a real program tells of waits, of gather's children
 * and of cancelling(), of no other detail; one of core events alone not even
 * that: what a task waits for is known then once it is woken. */
#ifndef AL_TRACE_STATE_H
#define AL_TRACE_STATE_H

#include "loop/core/event.h"
#include "loop/core/heap.h"
#include "sim/trace/idmap.h"

typedef struct al_state al_state;

typedef enum al_loop_phase { /* where in its life a loop is */
    AL_LOOP_CREATED,         /* not running yet */
    AL_LOOP_STARTED,         /* in run_forever, before an iteration */
    AL_LOOP_PRUNING,         /* an iteration has begun */
    AL_LOOP_SELECTING,       /* select is called */
    AL_LOOP_WOKEN,           /* it returned: handles move to ready */
    AL_LOOP_RUNNING,         /* the callbacks */
    AL_LOOP_STOPPED,
    AL_LOOP_CLOSED
} al_loop_phase;

typedef struct al_traced_task al_traced_task;
typedef struct al_traced_future al_traced_future;
typedef struct al_traced_primitive al_traced_primitive;
typedef struct al_shared_name al_shared_name; /* of tasks: outlives them */

typedef struct al_traced_job { /* of an executor */
    uint64_t number;
    const char *callback; /* what it calls; NULL: unknown, or long over */
    const char *thread;   /* that runs it; NULL: none yet */
} al_traced_job;

typedef struct al_traced { /* a handle, as the trace tells it */
    uint64_t id;
    uint64_t loop;
    uint64_t by;           /* who scheduled it: see AL_BY_… */
    uint64_t task;         /* that it steps; 0: none */
    uint64_t maker;        /* the task that scheduled it; 0: none */
    al_traced_future *about; /* its only argument; NULL: it is no future */
    al_traced_job *job;    /* whose end it tells; NULL: none */
    const char *callback;  /* "?" where unknown */
    char *args;            /* NULL: none */
    const char *where;     /* that is defined: "app.py:12"; NULL: unknown */
    double when;           /* deadline; NaN where it is no timer */
    double scheduled_at;   /* time of the event that created it */
    double ready_since;    /* when it came to ready last */
    uint64_t runs;         /* how many times it was run */
    unsigned in_ready;     /* how many times it stands in ready */
    unsigned watches;      /* fds and signals that call it */
    unsigned refs;         /* private */
    unsigned char origin;  /* kind of the event that created it; of a handle
                              never introduced AL_EVENT_COUNT */
    bool in_heap;
    bool is_running;
    bool is_cancelled;
    bool is_dropped;       /* by close(), while it waited: it can still be
                              found */
    bool is_listed;        /* private: its id finds it */
} al_traced;

typedef enum al_traced_outcome {
    AL_TRACED_PENDING,
    AL_TRACED_RESULT,
    AL_TRACED_EXCEPTION,
    AL_TRACED_CANCELLED
} al_traced_outcome;

typedef struct al_traced_ending { /* what a future came to */
    uint64_t id;
    bool is_task;
    unsigned char outcome; /* al_traced_outcome */
    al_shared_name *name;  /* a task's; NULL: unknown */
    const char *type;      /* of the exception */
    char *text;            /* its; of a task's result the repr */
} al_traced_ending;

typedef struct al_deed { /* who did something, and how */
    uint64_t handle;        /* that ran; or AL_BY_… */
    const char *callback;   /* its, or the signal handler's: see
                               AL_SIGINT_HANDLER; NULL: unknown */
    uint64_t task;          /* that was stepped; 0: none */
    al_shared_name *name;   /* its; NULL: unknown */
    double slept;           /* a timer's callback: the delay; else NaN */
    al_traced_ending *about;       /* what ended and so had the callback called;
                               NULL: no future */
    al_traced_job *job;     /* a job that did; NULL: none */
    bool is_end_of_job;     /* it did by having ended */
} al_deed;

/* What a Runner does on SIGINT; no handle runs it. */
#define AL_SIGINT_HANDLER "Runner._on_sigint"

typedef struct al_traced_child { /* of gather's */
    uint64_t id;
    bool is_task;
    al_traced_future *future; /* NULL: it was over before */
} al_traced_child;

typedef struct al_traced_callbacks { /* in the order they were added */
    const char **names;
    size_t count, capacity;
} al_traced_callbacks;

struct al_traced_future { /* a future, or the head of a task */
    uint64_t id, loop;
    uint64_t by;             /* who created it */
    double since;            /* when */
    const char *type;        /* of its exception */
    char *text;              /* the exception's; of a task's result its repr */
    al_traced_task *awaiters, *last_awaiter; /* tasks that wait for it; those
                                that are woken too, until they run */
    al_traced_callbacks callbacks; /* of a pending one: other than those by
                                which its awaiters are woken */
    al_traced_child *children; /* of gather's: what it gathers */
    size_t child_count;      /* as many as there were arguments */
    al_traced_primitive *in; /* where its coroutine waits; NULL: in none */
    al_traced_future *next_waiter, *previous_waiter; /* in the same list */
    al_deed done_by;
    uint64_t woken_in;       /* a primitive's waiter, done: which */
    const char *woken_type;  /* its class; NULL: no such waiter */
    bool is_passed_on; /* so done not by who released it */
    bool is_shut_down; /* done by its queue's shutdown() */
    bool is_putter;    /* it waits to put */
    bool is_of_sleep;  /* sleep() made it: a timer will end it */
    bool is_task;
    bool is_listed;    /* private: its id finds it */
    bool is_aside;     /* private: it may be freed soon */
    unsigned char outcome; /* al_traced_outcome */
    unsigned users;    /* private: who points here */
    al_traced_future *previous, *next; /* private: of all */
};

struct al_traced_task {
    al_traced_future future;
    al_shared_name *name;
    const char *coroutine;  /* its qualified name; "?" where unknown */
    al_traced_future *waits; /* what it waits for; NULL: nothing known */
    double waits_since;
    const char *where;      /* the line it waits in, or waited in last; NULL:
                               unknown */
    const char *defined;    /* where its coroutine is; NULL: unknown */
    al_traced_future *woken; /* while it runs: what it had waited for */
    uint64_t step;          /* the handle of its next step; 0: none is
                               scheduled */
    uint64_t creator;       /* the task that created it; 0: none */
    uint64_t cancelling;    /* cancellations asked for and not taken back */
    al_deed cancelled_by;   /* the latest */
    char *cancel_message;   /* its; NULL: none */
    bool is_cancel_new;     /* it came after the latest step began */
    bool is_uncancelled;    /* the latest that was told of ->cancelling is that
                               a request was taken back */
    bool is_running, has_begun;
    al_traced_task *outer;  /* that is being stepped meanwhile: it is eager */
    al_traced_task *next_awaiter, *previous_awaiter;
    al_traced_task *next_task, *previous_task; /* by creation */
};

typedef struct al_waiting_list {
    al_traced_future *first, *last; /* by next_waiter, the oldest first */
    size_t count;
} al_waiting_list;

struct al_traced_primitive {
    uint64_t id, loop;
    uint64_t of;      /* the one it is a part of; 0: none */
    const char *type; /* "Lock" */
    char *state;      /* "locked", "3 items"; NULL: not told yet */
    al_waiting_list waiters, putters;
    al_deed taken_by; /* of a lock that is locked: who locked it last */
    al_deed freed_by; /* of one that is not: who released it */
    bool is_locked;
    al_traced_primitive *next, *previous; /* by creation */
};

typedef struct al_watched {      /* an fd, or a signal, and its handles */
    const char *fd;              /* NULL: a signal */
    uint64_t sig;
    al_traced *reader, *writer;  /* or NULL; a signal's is the reader */
    struct al_watched *next, *previous; /* in the order they were added */
} al_watched;

typedef struct al_traced_spot { /* of a callback, or of a task's step */
    const char *function; /* the callback's name, or the coroutine's; NULL:
                             nothing has run */
    const char *where;    /* the line it came to last; NULL: unknown */
    bool is_line;         /* else where the function is defined */
} al_traced_spot;

enum { AL_RAN_KEPT = 4 };

typedef struct al_loop_state {
    uint64_t number; /* 1 for l1 */
    al_loop_phase phase;
    bool debug;
    double time;        /* of its latest event */
    uint64_t iteration; /* number of the latest */
    uint64_t iteration_at; /* number of the event that began it */
    double timeout;     /* of the latest select; or AL_FOREVER */
    al_heap heap;       /* items are al_traced */
    uint64_t cancelled; /* asyncio's count of cancelled timers in the heap:
                           those that came due cancelled stay in it */
    al_traced **ring;   /* the ready deque: see al_loop_state_ready */
    size_t ring_head, ring_count, ring_capacity;
    size_t todo; /* the first of them, which this turn runs; _run_once's ntodo,
                    less what it ran; before it runs all of them */
    al_traced *running;               /* or NULL */
    al_traced_task *current;          /* that is being stepped; or NULL */
    al_traced_spot ran[AL_RAN_KEPT];   /* the latest first, each function once:
                                         some are asyncio's own */
    al_watched *watches, *last_watch; /* a list */
    al_idmap watch_index;             /* private */
} al_loop_state;

typedef struct al_counts { /* of all loops together */
    uint64_t events;
    uint64_t oddities; /* things that cannot be */
    uint64_t iterations;
    uint64_t runs, skips;
    uint64_t soon, timers, threadsafe; /* handles scheduled, by how */
    uint64_t watched;        /* handles of fds, not counting the loops' own
                                for their self-pipes */
    uint64_t signals;        /* handles of signals */
    uint64_t fired;          /* timers that were run */
    uint64_t cancels;        /* handles cancelled before they were over */
    uint64_t timer_cancels;  /* timers among them */
    uint64_t prunes;         /* cancelled timers popped at the head */
    uint64_t compactions, compacted; /* compacted: timers dropped by them */
    uint64_t exceptions, logs, warnings, thread_errors;
    uint64_t most_ready, most_scheduled;
} al_counts;

typedef struct al_state_options {
    bool keep_finished; /* handles that are over can still be found */
} al_state_options;

al_state *al_state_new(const al_state_options *options); /* NULL: defaults */
void al_state_free(al_state *state);

void al_state_apply(al_state *state, const al_event *event);

/* All that is given here is borrowed until the next apply.  A handle that
 * the latest event ended can still be found. */
const al_loop_state *al_state_loop(const al_state *state, uint64_t number);
const al_loop_state *al_state_loop_at(const al_state *state, size_t index);
size_t al_state_loop_count(const al_state *state);
const al_traced *al_state_handle(const al_state *state, uint64_t id);
size_t al_state_handle_count(const al_state *state); /* findable ones */

/* The time of the latest event, of whichever loop, and the number of the first
 * in a row at it; 0: there was none yet. */
double al_state_time(const al_state *state);
uint64_t al_state_moment(const al_state *state);

/* Has the clock of any loop come to that time? */
bool al_state_has_come_to(const al_state *state, double time);

/* Tasks and futures: those that are pending, waited for, or just done; a
 * primitive is known until it is dropped. */
const al_traced_task *al_state_task(const al_state *state, uint64_t id);

/* An executor's job that is not over; NULL: none. */
const al_traced_job *al_state_job(const al_state *state, uint64_t number);

/* The oldest of these, in order, at most `most` of them into `oldest`;
 * returns how many there are. */
size_t al_state_oldest_jobs(const al_state *state,
                            const al_traced_job **oldest, size_t most);
const al_traced_future *al_state_future(const al_state *state, uint64_t id);
const al_traced_primitive *al_state_primitive(const al_state *state,
                                              uint64_t id);

/* In the order of their creation; NULL: no more.  Begin with NULL. */
const al_traced_task *al_state_next_task(const al_state *state,
                                         const al_traced_task *task);
size_t al_state_count_pending_tasks(const al_state *state);

const al_traced_primitive *al_state_next_primitive(
    const al_state *state, const al_traced_primitive *primitive);

/* What a pending task does. */
typedef enum al_task_doing {
    AL_TASK_CREATED, /* its first step is not scheduled yet */
    AL_TASK_RUNS,
    AL_TASK_READY, /* its step is scheduled */
    AL_TASK_WAITS  /* for ->waits; NULL: that is not known */
} al_task_doing;

al_task_doing al_traced_task_doing(const al_traced_task *task);

const char *al_shared_name_text(const al_shared_name *name); /* NULL: NULL */

/* Is the latest event a deed of a Runner's handler of SIGINT? */
bool al_state_is_interrupting(const al_state *state);

const al_counts *al_state_counts(const al_state *state);
bool al_state_has_ended(const al_state *state);

/* The ready deque; its length is ring_count. */
const al_traced *al_loop_state_ready(const al_loop_state *loop, size_t index);

/* Is it what a loop itself watches its self-pipe with? */
bool al_is_self_pipe_callback(const char *callback);

/* Is it what sleep() has its timer call, with the future that it waits for:
 * "_set_result_unless_cancelled(f2, None)"?  args may be NULL. */
bool al_is_sleep_call(const char *callback, const char *args);

#endif
