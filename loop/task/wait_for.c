/* wait_for.c - asyncio.wait_for(): an await inside a timeout.
 *
 * A timeout that is over before it begins is a case of its own: what is to be
 * awaited must not run at all, so it is cancelled first, and then waited for
 * until it has taken note. */
#include "loop/task/wait_for.h"

#include "loop/core/policy.h"
#include "loop/task/run.h"
#include "loop/task/seconds.h"
#include "loop/task/timeout.h"
#include "loop/task/waiter.h"

typedef struct wait_for {
    al_coroutine coroutine;
    enum { BEFORE, INSIDE, CANCELLING } at;
    al_value awaitable, timeout;
    al_timeout *scope; /* INSIDE */
    al_future *future, *waiter; /* CANCELLING */
} wait_for;

/* -- timeout <= 0 --------------------------------------------------------- */

static al_step result_of(al_future *future)
{
    al_value result = al_future_result(future);

    return result.tag == AL_ABSENT ? al_step_raise() : al_step_return(result);
}

/* _cancel_and_wait: not for the future itself, which could not be left. */
static al_step cancel_and_wait(wait_for *w)
{
    al_loop *loop = al_get_running_loop();

    if (!loop)
        return al_step_raise();
    w->waiter = al_future_new(loop);
    w->at = CANCELLING;
    if (!al_future_add_done_callback(w->future,
                                     al_waiter_done_callback(w->waiter),
                                     NULL))
        return al_step_raise();
    if (al_future_cancel(w->future, al_none(), NULL))
        return al_step_await(al_take(al_ref(w->waiter)));
    al_waiter_forget(w->waiter, w->future);
    return al_step_raise();
}

static al_step give_up_at_once(wait_for *w)
{
    w->future = al_ensure_future_with(w->awaitable, NULL, "done");
    if (!w->future)
        return al_step_raise();
    al_value_release(w->awaitable); /* fut = ensure_future(fut) */
    w->awaitable = al_no_value();
    return al_future_done(w->future) ? result_of(w->future)
                                     : cancel_and_wait(w);
}

static al_step after_cancelling(wait_for *w, al_value sent)
{
    al_exception *cancelled;
    al_step step;

    al_waiter_forget(w->waiter, w->future);
    if (sent.tag == AL_ABSENT)
        return al_step_raise();
    step = result_of(w->future);
    if (step.kind != AL_STEP_RAISE ||
        !al_exception_is(al_peek_raised(), &al_CancelledError))
        return step;
    cancelled = al_fetch_raised();
    al_raise_from(&al_TimeoutError, cancelled);
    al_unref(cancelled);
    return al_step_raise();
}

/* -- async with timeout: return await … ----------------------------------- */

/* What ended the body is in the slot. */
static al_step leave_raised(wait_for *w)
{
    al_exception *raised = al_fetch_raised();

    if (al_timeout_exit(w->scope, raised))
        al_raise_take(raised);
    else
        al_unref(raised);
    return al_step_raise();
}

static al_step enter(wait_for *w)
{
    w->scope = al_timeout_after(w->timeout);
    if (!w->scope || !al_timeout_enter(w->scope))
        return al_step_raise();
    w->at = INSIDE;
    if (al_is_awaitable(w->awaitable))
        return al_step_await(al_value_dup(w->awaitable));
    al_raise(&al_TypeError, "'%s' object can't be awaited",
             al_value_full_type_name(w->awaitable));
    return leave_raised(w);
}

static al_step leave(wait_for *w, al_value sent)
{
    if (sent.tag == AL_ABSENT)
        return leave_raised(w);
    return al_timeout_exit(w->scope, NULL) ? al_step_return(al_value_dup(sent))
                                           : al_step_raise();
}

/* -- the coroutine -------------------------------------------------------- */

static al_step begin(wait_for *w)
{
    if (w->timeout.tag == AL_NONE)
        return enter(w);
    if (!al_check_seconds(w->timeout, "int"))
        return al_step_raise();
    return al_numeric_real(w->timeout) <= 0 ? give_up_at_once(w) : enter(w);
}

static al_step wait_for_resume(al_coroutine *self, al_value sent)
{
    wait_for *w = (wait_for *)self;

    if (w->at == INSIDE)
        return leave(w, sent);
    if (w->at == CANCELLING)
        return after_cancelling(w, sent);
    return sent.tag == AL_ABSENT ? al_step_raise() : begin(w);
}

static void wait_for_release(al_coroutine *self)
{
    wait_for *w = (wait_for *)self;

    al_value_release(w->awaitable);
    al_value_release(w->timeout);
    al_unref(w->scope);
    al_unref(w->future);
    al_unref(w->waiter);
}

static const char *const *wait_for_inside(const al_coroutine *self)
{
    static const char *const names[] = {"_cancel_and_wait", NULL};

    return ((const wait_for *)self)->at == CANCELLING ? names : NULL;
}

static const al_coroutine_ops wait_for_ops = {
    .name = "wait_for",
    .resume = wait_for_resume,
    .release = wait_for_release,
    .inside = wait_for_inside,
};

al_coroutine *al_wait_for(al_value awaitable, al_value timeout)
{
    wait_for *w = al_coroutine_new(&wait_for_ops, sizeof *w);

    w->awaitable = al_value_dup(awaitable);
    w->timeout = al_value_dup(timeout);
    return &w->coroutine;
}
