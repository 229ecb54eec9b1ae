/* sleep.c - asyncio.sleep(): a timer that sets a future's result. */
#include "loop/task/sleep.h"

#include <math.h>
#include "loop/base/alloc.h"
#include "loop/core/policy.h"
#include "loop/task/future.h"
#include "loop/task/seconds.h"

/* -- futures._set_result_unless_cancelled --------------------------------- */

static bool set_unless_cancelled(al_future *future, al_value result)
{
    return al_future_cancelled(future) || al_future_set_result(future, result);
}

static void add_arguments(al_future *future, al_value result, bool is_short,
                          al_text *out)
{
    al_add_argument((al_value){AL_OBJECT, {.object = &future->head}}, is_short,
                    out);
    al_text_add(out, ", ");
    al_add_argument(result, is_short, out);
}

/* The result is mostly None: then the callback needs the future alone. */
static bool set_none(al_loop *loop, void *self)
{
    (void)loop;
    return set_unless_cancelled(self, al_none());
}

static void add_args_none(const void *self, bool is_short, al_text *out)
{
    add_arguments((al_future *)self, al_none(), is_short, out);
}

static const al_callable set_none_callable = {
    .name = "_set_result_unless_cancelled",
    .call = set_none,
    .release = al_unref,
    .add_args = add_args_none,
};

typedef struct late_result {
    al_future *future;
    al_value result;
} late_result;

static bool set_result(al_loop *loop, void *self)
{
    const late_result *late = self;

    (void)loop;
    return set_unless_cancelled(late->future, late->result);
}

static void release_late(void *self)
{
    late_result *late = self;

    al_unref(late->future);
    al_value_release(late->result);
    al_free(late);
}

static void add_args(const void *self, bool is_short, al_text *out)
{
    const late_result *late = self;

    add_arguments(late->future, late->result, is_short, out);
}

static const al_callable set_result_callable = {
    .name = "_set_result_unless_cancelled",
    .call = set_result,
    .release = release_late,
    .add_args = add_args,
};

static al_callback result_setter(al_future *future, al_value result)
{
    late_result *late;

    if (result.tag == AL_NONE)
        return (al_callback){&set_none_callable, al_ref(future)};
    late = al_alloc(sizeof *late);
    *late = (late_result){al_ref(future), al_value_dup(result)};
    return (al_callback){&set_result_callable, late};
}

/* -- the coroutine -------------------------------------------------------- */

typedef struct sleeper {
    al_coroutine coroutine;
    al_value delay; /* once it has begun, its timer */
    al_value result;
} sleeper;

static bool set_timer(sleeper *s, al_loop *loop, al_future *future)
{
    al_handle *timer =
        al_loop_call_later(loop, al_numeric_real(s->delay),
                           result_setter(future, s->result), NULL);

    if (!timer)
        return false;
    s->delay = al_take(al_ref(timer));
    s->coroutine.has_begun = true;
    return true;
}

static al_step wait_for_timer(sleeper *s)
{
    al_loop *loop = al_get_running_loop();
    al_future *future;

    if (!loop)
        return al_step_raise();
    future = al_future_new(loop);
    if (!set_timer(s, loop, future)) {
        al_unref(future);
        return al_step_raise();
    }
    return al_step_await(al_take(future));
}

static al_step begin(sleeper *s)
{
    if (!al_check_seconds(s->delay, "int"))
        return al_step_raise();
    if (isnan(al_numeric_real(s->delay))) {
        al_raise(&al_ValueError, "Invalid delay: NaN (not a number)");
        return al_step_raise();
    }
    return wait_for_timer(s);
}

static al_step sleep_resume(al_coroutine *self, al_value sent)
{
    sleeper *s = (sleeper *)self;

    if (self->has_begun)
        al_handle_cancel((al_handle *)s->delay.as.object);
    if (sent.tag == AL_ABSENT)
        return al_step_raise();
    return self->has_begun ? al_step_return(al_value_dup(sent)) : begin(s);
}

static void sleep_release(al_coroutine *self)
{
    sleeper *s = (sleeper *)self;

    al_value_release(s->delay);
    al_value_release(s->result);
}

static const al_coroutine_ops sleep_ops = {
    .name = "sleep",
    .resume = sleep_resume,
    .release = sleep_release,
};

/* -- sleep(0) ------------------------------------------------------------- */

/* What never waits needs no timer, and no delay to be kept: the body of every
 * sleep(0), which programs yield by. */
typedef struct yielder {
    al_coroutine coroutine;
    al_value result;
} yielder;

static al_step yield_resume(al_coroutine *self, al_value sent)
{
    yielder *y = (yielder *)self;

    if (sent.tag == AL_ABSENT)
        return al_step_raise();
    if (self->has_begun)
        return al_step_return(al_value_dup(y->result));
    self->has_begun = true;
    return al_step_await(al_none());
}

static void yield_release(al_coroutine *self)
{
    al_value_release(((yielder *)self)->result);
}

static const al_coroutine_ops yield_ops = {
    .name = "sleep",
    .resume = yield_resume,
    .release = yield_release,
    .is_around_generator = true,
};

static al_coroutine *sleep_zero(al_value result)
{
    yielder *y = al_coroutine_new(&yield_ops, sizeof *y);

    y->result = al_value_dup(result);
    return &y->coroutine;
}

al_coroutine *al_sleep(al_value delay, al_value result)
{
    sleeper *s;

    if (al_is_numeric(delay) && al_numeric_real(delay) <= 0)
        return sleep_zero(result);
    s = al_coroutine_new(&sleep_ops, sizeof *s);

    s->delay = al_value_dup(delay);
    s->result = al_value_dup(result);
    return &s->coroutine;
}
