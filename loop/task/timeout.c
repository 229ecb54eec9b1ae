/* timeout.c - asyncio.timeout(); see timeout.h.
 *
 * A cancellation that the timeout asked for looks like any other.  What tells
 * them apart is the task's count of requests: the timeout takes its own one
 * back, and when no more are left than there were on entering, it was the only
 * one to ask. */
#include "loop/task/timeout.h"

#include <stdio.h>
#include <stdlib.h>
#include "loop/base/alloc.h"
#include "loop/core/policy.h"
#include "loop/task/seconds.h"
#include "loop/task/task.h"

typedef enum state { CREATED, ENTERED, EXPIRING, EXPIRED, EXITED } state;

struct al_timeout {
    al_object head;
    state state;
    al_value when;
    al_handle *timer; /* borrowed: it holds us, while it may yet run; or NULL */
    al_task *task;    /* a reference; NULL until entered */
    size_t cancelling; /* its count of requests on entering */
};

/* -- the object ----------------------------------------------------------- */

static const char *const state_names[] = {
    [CREATED] = "created",   [ENTERED] = "active",  [EXPIRING] = "expiring",
    [EXPIRED] = "expired",   [EXITED] = "finished",
};

static void timeout_free(al_object *self)
{
    al_timeout *t = (al_timeout *)self;

    al_unref(t->task);
    al_value_release(t->when);
    al_free(t);
}

/* round(when, 3) */
static al_value rounded(al_value when)
{
    char digits[400];

    if (when.tag != AL_FLOAT)
        return when;
    snprintf(digits, sizeof digits, "%.3f", when.as.real);
    return al_float(strtod(digits, NULL));
}

static void timeout_repr(const al_object *self, al_text *out)
{
    const al_timeout *t = (const al_timeout *)self;

    al_text_add_format(out, "<Timeout [%s]", state_names[t->state]);
    if (t->state == ENTERED) {
        al_text_add(out, " when=");
        al_value_repr(rounded(t->when), out);
    }
    al_text_add_char(out, '>');
}

const al_type al_timeout_type = {
    .name = "Timeout",
    .free = timeout_free,
    .repr = timeout_repr,
};

al_timeout *al_timeout_peek(al_value value)
{
    return al_is(value, &al_timeout_type) ? (al_timeout *)value.as.object
                                          : NULL;
}

al_timeout *al_timeout_at(al_value when)
{
    al_timeout *t = al_alloc_zero(1, sizeof *t);

    al_object_init(&t->head, &al_timeout_type);
    t->when = al_value_dup(when);
    return t;
}

al_timeout *al_timeout_after(al_value delay)
{
    al_loop *loop = al_get_running_loop();
    double when = 0;

    if (!loop)
        return NULL;
    if (delay.tag == AL_NONE)
        return al_timeout_at(delay);
    return al_add_seconds(al_loop_time(loop), delay, &when)
               ? al_timeout_at(al_float(when)) : NULL;
}

al_value al_timeout_when(const al_timeout *timeout)
{
    return timeout->when;
}

bool al_timeout_expired(const al_timeout *timeout)
{
    return timeout->state == EXPIRING || timeout->state == EXPIRED;
}

/* -- the deadline --------------------------------------------------------- */

static bool on_timeout(al_loop *loop, void *self)
{
    al_timeout *t = self;

    (void)loop;
    if (!al_future_cancel(&t->task->future, al_none(), NULL))
        return false;
    t->state = EXPIRING;
    t->timer = NULL;
    return true;
}

static void release_timeout(void *self)
{
    ((al_timeout *)self)->timer = NULL;
    al_unref(self);
}

static const al_callable on_timeout_callable = {
    .name = "Timeout._on_timeout",
    .call = on_timeout,
    .release = release_timeout,
};

static al_handle *schedule(al_timeout *t, al_loop *loop)
{
    double when = al_numeric_real(t->when);
    al_callback callback = {&on_timeout_callable, al_ref(t)};
    al_handle *handle;

    if (when <= al_loop_time(loop))
        return al_loop_call_soon(loop, callback, NULL);
    handle = al_loop_call_at(loop, when, callback, NULL);
    if (handle && t->when.tag == AL_INT)
        al_handle_set_integer(handle);
    return handle;
}

static bool set_timer(al_timeout *t)
{
    al_loop *loop = al_get_running_loop();

    if (!loop || !al_check_seconds(t->when, "float"))
        return false;
    t->timer = schedule(t, loop);
    return t->timer != NULL;
}

static bool may_reschedule(const al_timeout *t)
{
    if (t->state == ENTERED)
        return true;
    if (t->state == CREATED)
        return al_raise(&al_RuntimeError, "Timeout has not been entered");
    return al_raise(&al_RuntimeError, "Cannot change state of %s Timeout",
                    state_names[t->state]);
}

bool al_timeout_reschedule(al_timeout *t, al_value when)
{
    al_value before = t->when;

    if (!may_reschedule(t))
        return false;
    t->when = al_value_dup(when);
    al_value_release(before);
    if (t->timer)
        al_handle_cancel(t->timer);
    if (when.tag != AL_NONE)
        return set_timer(t);
    t->timer = NULL;
    return true;
}

/* -- entering and leaving ------------------------------------------------- */

bool al_timeout_enter(al_timeout *t)
{
    al_loop *loop;
    al_task *task;

    if (t->state != CREATED)
        return al_raise(&al_RuntimeError, "Timeout has already been entered");
    loop = al_get_running_loop();
    if (!loop)
        return false;
    task = al_current_task(loop);
    if (!task)
        return al_raise(&al_RuntimeError,
                        "Timeout should be used inside a task");
    t->state = ENTERED;
    t->task = al_ref(task);
    t->cancelling = al_task_cancelling(task);
    return al_timeout_reschedule(t, t->when);
}

/* Where the CancelledError was replaced by another exception, the
 * TimeoutError goes between the two. */
static void insert_timeout_error(al_exception *e)
{
    al_exception *instead;

    while (e->context && !al_exception_is(e->context, &al_CancelledError))
        e = e->context;
    if (!e->context)
        return;
    instead = al_exception_new(&al_TimeoutError, NULL, 0);
    al_exception_take_context(instead, al_ref(e->context));
    al_exception_take_cause(instead, al_ref(e->context));
    instead->suppress_context = true;
    al_exception_take_context(e, instead);
}

static void insert_timeout_errors(al_exception *e)
{
    const al_tuple *inside;

    insert_timeout_error(e);
    if (e->cls != &al_ExceptionGroup)
        return;
    inside = (const al_tuple *)e->details[0].as.object;
    for (size_t i = 0; i < inside->count; i++)
        insert_timeout_error((al_exception *)inside->items[i].as.object);
}

static bool expire(al_timeout *t, al_exception *raised)
{
    t->state = EXPIRED;
    if (al_task_uncancel_block(t->task, raised ? NULL : "result")
            > t->cancelling || !raised)
        return true;
    if (al_exception_is(raised, &al_CancelledError))
        return al_raise_from(&al_TimeoutError, raised);
    insert_timeout_errors(raised);
    return true;
}

bool al_timeout_exit(al_timeout *t, al_exception *raised)
{
    if (t->state != ENTERED && t->state != EXPIRING) {
        al_raise_take(al_exception_new(&al_AssertionError, NULL, 0));
        return false;
    }
    if (t->timer)
        al_handle_cancel(t->timer);
    t->timer = NULL;
    if (t->state == EXPIRING)
        return expire(t, raised);
    t->state = EXITED;
    return true;
}

/* -- the same as coroutines, which never wait ----------------------------- */

typedef struct passage {
    al_coroutine coroutine;
    al_timeout *timeout;
    al_exception *raised;
} passage;

static al_step enter_resume(al_coroutine *self, al_value sent)
{
    al_timeout *t = ((passage *)self)->timeout;

    if (sent.tag == AL_ABSENT || !al_timeout_enter(t))
        return al_step_raise();
    return al_step_return(al_take(al_ref(t)));
}

static al_step exit_resume(al_coroutine *self, al_value sent)
{
    const passage *p = (const passage *)self;

    if (sent.tag == AL_ABSENT || !al_timeout_exit(p->timeout, p->raised))
        return al_step_raise();
    return al_step_return(al_none());
}

static void passage_release(al_coroutine *self)
{
    al_unref(((passage *)self)->timeout);
    al_unref(((passage *)self)->raised);
}

static const al_coroutine_ops enter_ops = {
    .name = "Timeout.__aenter__",
    .resume = enter_resume,
    .release = passage_release,
};

static const al_coroutine_ops exit_ops = {
    .name = "Timeout.__aexit__",
    .resume = exit_resume,
    .release = passage_release,
};

static al_coroutine *new_passage(const al_coroutine_ops *ops, al_timeout *t,
                                 al_exception *raised)
{
    passage *p = al_coroutine_new(ops, sizeof *p);

    p->timeout = al_ref(t);
    p->raised = al_ref(raised);
    return &p->coroutine;
}

al_coroutine *al_timeout_aenter(al_timeout *timeout)
{
    return new_passage(&enter_ops, timeout, NULL);
}

al_coroutine *al_timeout_aexit(al_timeout *timeout, al_exception *raised)
{
    return new_passage(&exit_ops, timeout, raised);
}
