/* policy.c - the running loop, the current loop, and who makes new ones. */
#include "loop/core/policy.h"

#include <string.h>
#include "loop/object/thread.h"

/* -- the default policy ------------------------------------------------- */

static al_loop_factory *make_loop;
static void *make_loop_self;

void al_set_loop_factory(al_loop_factory *factory, void *self)
{
    make_loop = factory;
    make_loop_self = self;
}

static const char *thread_name(const al_thread *thread)
{
    return thread->name ? thread->name : "MainThread";
}

static void raise_no_loop(const char *name)
{
    al_text repr = {0};

    al_str_repr_bytes(name, strlen(name), &repr);
    al_raise(&al_RuntimeError, "There is no current event loop in thread %s.",
             repr.bytes);
    al_text_release(&repr);
}

static al_loop *default_get(void *self)
{
    al_thread *thread = al_thread_current();

    (void)self;
    if (!thread->event_loop)
        raise_no_loop(thread_name(thread));
    return thread->event_loop;
}

static bool default_set(void *self, al_loop *loop)
{
    al_thread *thread = al_thread_current();
    al_loop *old = thread->event_loop;

    (void)self;
    thread->event_loop = al_ref(loop);
    al_unref(old);
    return true;
}

static al_loop *default_new(void *self)
{
    (void)self;
    return make_loop ? make_loop(make_loop_self) : al_loop_new_real();
}

static const al_policy_ops default_policy = {
    .get_event_loop = default_get,
    .set_event_loop = default_set,
    .new_event_loop = default_new,
};

/* -- the policy in force ------------------------------------------------ */

static al_policy in_force;

al_policy al_default_policy(void)
{
    return (al_policy){&default_policy, NULL};
}

void al_set_event_loop_policy(al_policy policy)
{
    in_force = policy;
}

al_policy al_get_event_loop_policy(void)
{
    return in_force.ops ? in_force : al_default_policy();
}

/* -- asyncio's functions ------------------------------------------------ */

al_loop *al_peek_running_loop(void)
{
    return al_thread_current()->running_loop;
}

void al_set_running_loop(al_loop *loop)
{
    al_thread_current()->running_loop = loop;
}

al_loop *al_get_running_loop(void)
{
    al_loop *loop = al_peek_running_loop();

    if (!loop)
        al_raise(&al_RuntimeError, "no running event loop");
    return loop;
}

al_loop *al_get_event_loop(void)
{
    al_loop *loop = al_peek_running_loop();
    al_policy policy = al_get_event_loop_policy();

    return loop ? loop : policy.ops->get_event_loop(policy.self);
}

bool al_set_event_loop(al_loop *loop)
{
    al_policy policy = al_get_event_loop_policy();

    return policy.ops->set_event_loop(policy.self, loop);
}

al_loop *al_new_event_loop(void)
{
    al_policy policy = al_get_event_loop_policy();

    return policy.ops->new_event_loop(policy.self);
}
