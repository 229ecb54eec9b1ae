/* primitive.h - what asyncio's locks and queues have in common.
 *
 * Each is an object that belongs to the first loop in which somebody waits
 * for it (asyncio.mixins._LoopBoundMixin), has waiters, and tells whoever
 * watches of every change.  Their methods follow CPython 3.14's; those that
 * are `async def` there return a coroutine not yet begun, which holds a
 * reference to its primitive.  False or NULL: raised. */
#ifndef AL_PRIMITIVE_H
#define AL_PRIMITIVE_H

#include "loop/sync/waiters.h"
#include "loop/task/coroutine.h"

typedef struct al_primitive al_primitive;

/* What `async with` and Condition need of a lock. */
typedef struct al_lock_ops {
    al_coroutine *(*acquire)(al_primitive *self);
    bool (*release)(al_primitive *self);
    bool (*is_locked)(const al_primitive *self);

    /* The id of the task that took it last and has not given it back; 0: it
     * is free, or no task did.  NULL: several may have it. */
    uint64_t (*holder)(const al_primitive *self);
} al_lock_ops;

typedef struct al_primitive_kind {
    const al_type *type;     /* an AL_PRIMITIVE_TYPE */
    const al_lock_ops *lock; /* NULL: it is no lock */

    /* What repr shows in brackets; and for events, where that is NULL the
     * same: "locked", "3 items". */
    void (*add_state)(const al_primitive *self, al_text *out);
    void (*tell_state)(const al_primitive *self, al_text *out);

    /* A second deque of waiters; NULL: there is but one. */
    const al_waiters *(*putters)(const al_primitive *self);
    void (*clear)(al_primitive *self);   /* drop what may form cycles */
    void (*release)(al_primitive *self); /* what it holds beyond the head */
} al_primitive_kind;

struct al_primitive { /* the head of a Lock, a Queue, … */
    al_object head;
    const al_primitive_kind *kind;
    al_loop *loop;       /* a reference; NULL: not bound yet */
    uint64_t id;         /* p1, p2, …; 0: nobody was told of it */
    al_waiters waiters;
    al_primitive *owner; /* whose part it is; borrowed; NULL: nobody's */
    al_primitive *previous, *next; /* in the ring of all of this thread */
};

/* The type of a kind's objects: all share their functions. */
#define AL_PRIMITIVE_TYPE(type_name, repr_function)                            \
    {                                                                          \
        .name = type_name, .free = al_primitive_free, .repr = repr_function    \
    }
void al_primitive_free(al_object *self);

/* <asyncio.locks.Lock object [unlocked, waiters:1]>; the address that
 * CPython shows is left out. */
void al_primitive_repr(const al_object *self, al_text *out);

/* `size` bytes, zeroed beyond the head.  owner: whose part it is, or NULL. */
void *al_primitive_new(const al_primitive_kind *kind, size_t size,
                       al_primitive *owner);

/* NULL: it is none. */
static inline al_primitive *al_primitive_peek(al_value value)
{
    return value.tag == AL_OBJECT &&
                   value.as.object->type->free == al_primitive_free
               ? (al_primitive *)value.as.object : NULL;
}

/* The owner drops its reference to a part, which may live on. */
void al_primitive_disown(al_primitive *part);

/* For the end of a run: take waiters and contents out of all primitives of
 * this thread, some of which may hold each other. */
void al_primitives_clear(void);

/* _get_loop(): borrowed.  NULL: raised RuntimeError "… is bound to a
 * different event loop". */
al_loop *al_primitive_get_loop(al_primitive *primitive);

/* Tell of its state and waiters, which have changed, if anybody watches. */
void al_primitive_changed(al_primitive *primitive);

/* The same, with who began or ceased to wait; each may be NULL. */
typedef struct al_move {
    const al_future *joined, *putter, *left;
} al_move;
void al_primitive_moved(al_primitive *primitive, al_move move);

/* All of this thread: the one after it, of NULL the first; NULL: no more. */
al_primitive *al_next_primitive(al_primitive *primitive);

/* -- coroutines that wait in one ------------------------------------------ */

typedef struct al_waiting { /* the head of such a coroutine's struct */
    al_coroutine coroutine;
    al_primitive *on;  /* a reference */
    al_future *waiter; /* a reference; NULL: it has not waited yet */
} al_waiting;

void *al_waiting_new(const al_coroutine_ops *ops, size_t size,
                     al_primitive *on);
void al_waiting_release(al_coroutine *self);

/* Wait for a new future, the last of `waiters`.  And: it is over; take the
 * future out again, unless somebody did already. */
al_step al_waiting_begin(al_waiting *waiting, al_waiters *waiters);
void al_waiting_end(al_waiting *waiting, al_waiters *waiters);

/* The al_coroutine_ops' waits_in of all these. */
uint64_t al_waiting_waits_in(const al_coroutine *self, al_text *out);

/* The end of an `except` or `finally` block that caught `e`, which is taken:
 * it is raised again, unless the block itself raised (`ok` is false). */
al_step al_step_reraise(al_exception *e, bool ok);

/* The same of a `finally` block after `step`. */
al_step al_step_finally(al_step step, al_exception *e, bool ok);

#endif
