/* run.c - ensure_future and run_until_complete; see run.h. */
#include "loop/task/run.h"

#include "loop/core/policy.h"

static al_value nothing(void)
{
    return (al_value){.tag = AL_ABSENT};
}

/* -- ensure_future -------------------------------------------------------- */

static al_value new_task(al_value coroutine, al_loop *loop)
{
    al_task_options options = {0};
    al_value task;

    if (!loop)
        loop = al_get_event_loop();
    if (!loop)
        return nothing();
    task = al_create_task(loop, coroutine, &options);
    if (task.tag == AL_ABSENT &&
        al_exception_is(al_peek_raised(), &al_RuntimeError))
        al_coroutine_abandon(al_coroutine_peek(coroutine));
    return task;
}

al_value al_ensure_future(al_value awaitable, al_loop *loop)
{
    al_future *future = al_future_peek(awaitable);

    if (al_coroutine_peek(awaitable))
        return new_task(awaitable, loop);
    if (!future)
        al_raise(&al_TypeError, "An asyncio.Future, a coroutine or an "
                 "awaitable is required");
    else if (!loop || loop == future->loop)
        return al_value_dup(awaitable);
    else
        al_raise(&al_ValueError, "The future belongs to a different loop than "
                 "the one specified as the loop argument");
    return nothing();
}

al_future *al_ensure_future_with(al_value awaitable, al_loop *loop,
                                 const char *attribute)
{
    al_value value = al_ensure_future(awaitable, loop);
    al_future *future = al_future_peek(value);
    bool sets = *attribute == '=';

    if (future || value.tag == AL_ABSENT)
        return future;
    al_raise(&al_AttributeError, "'%s' object has no attribute '%s'%s",
             al_value_full_type_name(value), attribute + sets,
             sets ? " and no __dict__ for setting new attributes" : "");
    al_exception_set_name(al_peek_raised(), attribute + sets, value);
    al_value_release(value);
    return NULL;
}

/* -- run_until_complete --------------------------------------------------- */

/* With SystemExit or KeyboardInterrupt run_forever has ended already. */
static bool stop_its_loop(void *self, al_future *future)
{
    (void)self;
    if (!al_future_cancelled(future)) {
        al_exception *e;

        if (!al_future_exception(future, &e))
            return false;
        if (e && al_exception_passes_through(e)) {
            al_unref(e);
            return true;
        }
        al_unref(e);
    }
    al_loop_stop(future->loop);
    return true;
}

static const al_done_ops stop_ops = {
    .name = "_run_until_complete_cb",
    .call = stop_its_loop,
};

/* The coroutine raised a BaseException: nobody else will look at it. */
static void consume_exception(al_future *future)
{
    if (al_future_done(future) && !al_future_cancelled(future))
        future->log_traceback = false;
}

static al_value result_of(al_future *future, bool ok, bool is_new)
{
    if (!ok) {
        if (is_new)
            consume_exception(future);
        return nothing();
    }
    if (al_future_done(future))
        return al_future_result(future);
    al_raise(&al_RuntimeError, "Event loop stopped before Future completed.");
    return nothing();
}

al_value al_run_until_complete(al_loop *loop, al_value awaitable)
{
    const al_done_callback stop = {&stop_ops, NULL};
    bool is_new = !al_future_peek(awaitable);
    al_future *future;
    al_value result;
    bool ok;

    if (!al_loop_check_may_run(loop))
        return nothing();
    future = al_ensure_future_with(awaitable, loop, "=_log_destroy_pending");
    if (!future)
        return nothing();
    if (is_new)
        al_task_silence(future);
    ok = al_future_add_done_callback(future, stop, NULL) &&
         al_loop_run_forever(loop);
    al_future_remove_done_callback(future, stop);
    result = result_of(future, ok, is_new);
    al_unref(future);
    return result;
}
