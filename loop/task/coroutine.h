/* coroutine.h - the coroutine seam: what awaits, and goes on later.
 *
 * A coroutine has a body, which runs from one await to the next.  Two kinds
 * of body exist: the script machine's frames, and C functions for asyncio's
 * own helpers (Lock.acquire, wait_for, …).  What a body awaits, a future or
 * another coroutine, is driven here, as `yield from` does it: a body only
 * sees what its await gave in the end. */
#ifndef AL_COROUTINE_H
#define AL_COROUTINE_H

#include <string.h>
#include "loop/base/alloc.h"
#include "loop/object/exception.h"
#include "loop/object/value.h"

typedef struct al_coroutine al_coroutine;
typedef struct al_future al_future;

typedef enum al_step_kind {
    AL_STEP_AWAIT, /* it waits */
    AL_STEP_RETURN,
    AL_STEP_RAISE  /* the exception is in the thread's slot */
} al_step_kind;

/* How a coroutine was left.  AWAIT: of a body, what it awaits (None: it only
 * lets the loop go round); of a coroutine, what it yields to its task.
 * RETURN: the result.  The value is the receiver's.  It lies flat in here, so
 * that a step travels in two registers. */
typedef struct al_step {
    al_step_kind kind;
    al_tag tag;
    al_content as;
} al_step;

static inline al_step al_step_await(al_value value)
{
    return (al_step){AL_STEP_AWAIT, value.tag, value.as};
}

static inline al_step al_step_return(al_value value)
{
    return (al_step){AL_STEP_RETURN, value.tag, value.as};
}

static inline al_step al_step_raise(void)
{
    return (al_step){.kind = AL_STEP_RAISE, .tag = AL_ABSENT};
}

static inline al_value al_step_value(al_step step)
{
    return (al_value){step.tag, step.as};
}

/* Called with each of several futures, borrowed. */
typedef void al_future_visitor(void *context, al_future *future);

/* A body. */
typedef struct al_coroutine_ops {
    const char *name; /* __qualname__, where add_name is NULL */
    const char *type; /* of one that has no name: what reprs show instead;
                         its body sees even an exception that is thrown in
                         before it has begun */

    /* Go on: `sent`, borrowed, is what the await gave (None at first);
     * AL_ABSENT: an exception comes out of it, and is in the slot. */
    al_step (*resume)(al_coroutine *self, al_value sent);

    /* What it awaits is about to run inside it, or has run: only the outer
     * one's frames know what exception is being handled there.  NULL: it has
     * none. */
    void (*lend)(al_coroutine *self, bool begins);

    /* Drop what it holds: once its body is over, as a frame's locals go; with
     * a type of its own, when it is freed.  NULL: it holds nothing. */
    void (*release)(al_coroutine *self);
    void (*add_name)(const al_coroutine *self, al_text *out);

    /* Where it is suspended; its texts are borrowed.  NULL, or line 0: in no
     * code that anybody could read. */
    al_traceback_entry (*place)(const al_coroutine *self);

    /* CPython awaits in a generator inside it: that one must not raise
     * StopIteration. */
    bool is_around_generator;

    /* While it waits: the lock, queue or the like in which it does; and the
     * id of the task that keeps it from going on, or 0.  NULL: in none. */
    uint64_t (*waits_in)(const al_coroutine *self, al_text *out);

    /* While it waits: the futures whose ends it waits for, where those are
     * others than what it yields.  NULL: none. */
    void (*each_awaited)(const al_coroutine *self, al_future_visitor *visit,
                         void *context);
    const char *several; /* how that is called: "wait()"; else NULL */

    /* While it waits: the async functions inside its own that CPython has
     * there and this body does without, outermost first, ended by NULL; for
     * call graphs.  NULL: none. */
    const char *const *(*inside)(const al_coroutine *self);

    /* What it is that was never awaited: "coroutine method 'asend' of 'g'".
     * NULL: a coroutine of its name; or, with a type, nothing to warn of. */
    void (*add_unawaited)(const al_coroutine *self, al_text *out);

    /* What it is that is awaited again; NULL: a "coroutine". */
    const char *again;
} al_coroutine_ops;

typedef enum al_coroutine_state {
    AL_CORO_CREATED,
    AL_CORO_RUNNING,
    AL_CORO_SUSPENDED,
    AL_CORO_CLOSED
} al_coroutine_state;

/* Where an exception that a body is resumed by comes from, which tells what
 * becomes its __context__. */
typedef enum al_arrival {
    AL_ARRIVES_RAISED, /* from a future: what is being handled, here or by
                          whoever runs this */
    AL_ARRIVES_PASSED, /* from an inner coroutine: it has one already */
    AL_ARRIVES_THROWN  /* from throw(): what is being handled here */
} al_arrival;

struct al_coroutine { /* the head of a body's own struct */
    al_object head;
    const al_coroutine_ops *ops;
    al_value awaiting; /* cr_await; AL_ABSENT: nothing */
    al_coroutine_state state : 8;
    al_arrival arrival : 8; /* when resumed by an exception */
    bool has_begun;         /* for the body: it has run to an await before */
};

extern const al_type al_coroutine_type;

/* `size` bytes, zeroed, whose head is a coroutine not yet begun.  Inline, for
 * every await of one of asyncio's makes one, and the size is known there. */
static inline void *al_coroutine_new(const al_coroutine_ops *ops, size_t size)
{
    al_coroutine *c = (al_coroutine *)memset(al_alloc(size), 0, size);

    c->head.type = &al_coroutine_type;
    c->head.refs = 1;
    c->ops = ops;
    return c;
}

/* NULL: it is none. */
static inline al_coroutine *al_coroutine_peek(al_value value)
{
    return al_is(value, &al_coroutine_type)
               ? (al_coroutine *)value.as.object : NULL;
}


/* coro.send(value), coro.throw(e), coro.close(), with CPython's errors.
 * throw takes over `e`.  close: what the coroutine returned when told to end,
 * owned, or None; AL_ABSENT: raised. */
al_step al_coroutine_send(al_coroutine *coroutine, al_value value);
al_step al_coroutine_throw(al_coroutine *coroutine, al_exception *e);
al_value al_coroutine_close(al_coroutine *coroutine);

/* The running body of `coroutine` awaits `inner`, taken, which has not begun:
 * begin it without leaving the body.  AWAIT: the body is to be left by this
 * step, as if by an await of its own; else the await is over. */
al_step al_coroutine_await_inside(al_coroutine *coroutine, al_coroutine *inner);

/* close() where another exception is raised already, which stays. */
void al_coroutine_abandon(al_coroutine *coroutine);

void al_coroutine_add_name(const al_coroutine *coroutine, al_text *out);
void al_coroutine_add_unawaited(const al_coroutine *coroutine, al_text *out);

/* Where it is suspended.  False: nobody knows. */
bool al_coroutine_place(const al_coroutine *coroutine,
                        al_traceback_entry *place);

/* The same of the innermost, of it and of those it awaits, of which that is
 * known. */
bool al_coroutine_innermost_place(const al_coroutine *coroutine,
                                  al_traceback_entry *place);

/* Can it stand after await?  True for futures and coroutines. */
bool al_is_awaitable(al_value value);

/* Called for a coroutine that is freed without having been awaited; it may
 * not keep it.  NULL: nobody wants to know.  Returns the one before. */
typedef void al_never_awaited(const al_coroutine *coroutine);
al_never_awaited *al_set_never_awaited(al_never_awaited *hook);

/* Who knows what is being handled gives what a body in C raises its
 * __context__, and what goes into one: by complete(), which with is_complete
 * finds that it has it already, and only keeps it on its way out. */
typedef struct al_context_keeper al_context_keeper;

struct al_context_keeper {
    void (*complete)(al_context_keeper *self, al_exception *e,
                     bool is_complete);
    uint64_t passing; /* serial of the exception on its way out of bodies, its
                         __context__ complete; 0 once a body goes on without
                         it */
};

/* Borrowed; NULL: nobody knows.  Returns the one before. */
al_context_keeper *al_set_context_keeper(al_context_keeper *keeper);

/* In a body in C: `e` is raised where the body handles `handled`, which becomes
 * its __context__; NULL: it handles nothing, but whoever awaits it may.  And:
 * it goes on as by a bare `raise`, with the __context__ it has. */
void al_body_raises(al_exception *e, al_exception *handled);
void al_body_reraises(al_exception *e);

/* In a body in C, `raise cls from handled` in the clause that handles it:
 * returns false.  `handled` is borrowed. */
bool al_raise_from(const al_exception_class *cls, al_exception *handled);

/* At the end of a run: coroutines that are freed from now on are neither
 * closed, which would run their finally blocks, nor told of.  Returns what was
 * set before. */
bool al_coroutines_silence(bool is_silent);

#endif
