/* waiter.c - see waiter.h. */
#include "loop/task/waiter.h"

bool al_waiter_release(al_future *waiter)
{
    return al_future_done(waiter) || al_future_set_result(waiter, al_none());
}

static bool release_by_timer(al_loop *loop, void *self)
{
    (void)loop;
    return al_waiter_release(self);
}

static bool release_when_done(void *self, al_future *future)
{
    (void)future;
    return al_waiter_release(self);
}

static void add_args(const void *self, bool is_short, al_text *out)
{
    if (is_short)
        al_future_repr(self, out);
    else
        al_future_add_id(self, out);
}

static const al_callable timer_callable = {
    .name = "_release_waiter",
    .call = release_by_timer,
    .release = al_unref,
    .add_args = add_args,
};

/* A partial has no __qualname__: its repr stands for it. */
static void add_partial(const void *self, al_text *out)
{
    al_text_add(out, "functools.partial(<function _release_waiter>, ");
    al_future_repr(self, out);
    al_text_add_char(out, ')');
}

static const al_done_ops done_ops = {
    .name = "_release_waiter",
    .shown = "_release_waiter()",
    .call = release_when_done,
    .release = al_unref,
    .add_name = add_partial,
};

al_callback al_waiter_timer(al_future *waiter)
{
    return (al_callback){&timer_callable, al_ref(waiter)};
}

al_done_callback al_waiter_done_callback(al_future *waiter)
{
    return (al_done_callback){&done_ops, al_ref(waiter)};
}

void al_waiter_forget(al_future *waiter, al_future *future)
{
    al_future_remove_done_callback(future,
                                   (al_done_callback){&done_ops, waiter});
}
