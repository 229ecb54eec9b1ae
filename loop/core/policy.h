/* policy.h - which loop is the current one: asyncio.events in 3.14.
 *
 * One slot a thread for the running loop, one for the loop that was set;
 * the policy is global, and replaceable: set it before threads start. */
#ifndef AL_POLICY_H
#define AL_POLICY_H

#include "loop/core/loop.h"

typedef struct al_policy_ops {
    /* asyncio.get_event_loop where none runs: borrowed; NULL: raised. */
    al_loop *(*get_event_loop)(void *self);

    /* asyncio.set_event_loop: a reference is kept; NULL for None.  False:
     * raised. */
    bool (*set_event_loop)(void *self, al_loop *loop);

    /* asyncio.new_event_loop: the caller's; NULL: raised. */
    al_loop *(*new_event_loop)(void *self);
} al_policy_ops;

typedef struct al_policy {
    const al_policy_ops *ops; /* NULL: the default policy */
    void *self;               /* borrowed while the policy is in force */
} al_policy;

/* asyncio.set_event_loop_policy and its counterpart. */
void al_set_event_loop_policy(al_policy policy);
al_policy al_get_event_loop_policy(void);

/* The default policy: a slot a thread; new loops are al_loop_new_real()'s
 * unless another factory was set (it returns an owned loop, or NULL: raised;
 * NULL takes it back). */
al_policy al_default_policy(void);
typedef al_loop *al_loop_factory(void *self);
void al_set_loop_factory(al_loop_factory *factory, void *self);

/* asyncio.get_running_loop: borrowed.  NULL: raised RuntimeError "no running
 * event loop". */
al_loop *al_get_running_loop(void);

/* asyncio._get_running_loop and _set_running_loop: NULL is none; borrowed
 * both ways. */
al_loop *al_peek_running_loop(void);
void al_set_running_loop(al_loop *loop);

/* asyncio.get_event_loop: the running loop, else the policy's; borrowed.
 * NULL: raised RuntimeError "There is no current event loop in thread …". */
al_loop *al_get_event_loop(void);

/* asyncio.set_event_loop, by the policy; NULL: None.  False: raised. */
bool al_set_event_loop(al_loop *loop);

/* asyncio.new_event_loop, by the policy: the caller's.  NULL: raised. */
al_loop *al_new_event_loop(void);

#endif
