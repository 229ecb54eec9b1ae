/* policy.h - which loop is the current one: asyncio.events in 3.14.
 *
 * One slot a thread for the running loop, one for the loop that was set;
 * the policy is global, and replaceable. */
#ifndef AL_POLICY_H
#define AL_POLICY_H

#include "loop/core/loop.h"

typedef struct al_policy_ops {
    al_loop *(*get_event_loop)(void *self);     /* borrowed; NULL: raised */
    bool (*set_event_loop)(void *self, al_loop *loop);
    al_loop *(*new_event_loop)(void *self);     /* owned; NULL: raised */
} al_policy_ops;

typedef struct al_policy {
    const al_policy_ops *ops; /* NULL: the default policy */
    void *self;
} al_policy;

void al_set_event_loop_policy(al_policy policy);
al_policy al_get_event_loop_policy(void);

/* The default policy: a slot a thread; new loops are al_loop_new_real()'s
 * unless another factory was set. */
al_policy al_default_policy(void);
typedef al_loop *al_loop_factory(void *self);
void al_set_loop_factory(al_loop_factory *factory, void *self);

/* All borrowed but new_event_loop's.  NULL: raised. */
al_loop *al_get_running_loop(void);  /* "no running event loop" */
al_loop *al_peek_running_loop(void); /* _get_running_loop(): NULL is none */
void al_set_running_loop(al_loop *loop);
al_loop *al_get_event_loop(void);
bool al_set_event_loop(al_loop *loop); /* NULL: None */
al_loop *al_new_event_loop(void);

#endif
