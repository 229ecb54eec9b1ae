/* run.c - ensure_future, run_until_complete and asyncio.run; see run.h. */
#include "loop/task/run.h"

#include "loop/base/alloc.h"
#include "loop/core/policy.h"
#include "loop/task/asyncgen.h"
#include "loop/task/gather.h"

static al_value nothing(void)
{
    return (al_value){.tag = AL_ABSENT};
}

/* -- ensure_future -------------------------------------------------------- */

static al_future *new_task(al_coroutine *coroutine, al_loop *loop)
{
    al_task_options options = {0};
    al_task *task;

    if (!loop)
        loop = al_get_event_loop();
    if (!loop)
        return NULL;
    task = al_create_task(loop, coroutine, &options);
    if (task || !al_exception_is(al_peek_raised(), &al_RuntimeError))
        return &task->future;
    al_coroutine_abandon(coroutine);
    return NULL;
}

al_future *al_ensure_future(al_value awaitable, al_loop *loop)
{
    al_future *future = al_future_peek(awaitable);
    al_coroutine *coroutine = al_coroutine_peek(awaitable);

    if (coroutine)
        return new_task(coroutine, loop);
    if (!future) {
        al_raise(&al_TypeError, "An asyncio.Future, a coroutine or an "
                 "awaitable is required");
        return NULL;
    }
    if (!loop || loop == future->loop)
        return al_ref(future);
    al_raise(&al_ValueError, "The future belongs to a different loop than the "
             "one specified as the loop argument");
    return NULL;
}

/* -- run_until_complete --------------------------------------------------- */

static bool passes_through(const al_exception *e)
{
    return al_exception_is(e, &al_SystemExit) ||
           al_exception_is(e, &al_KeyboardInterrupt);
}

/* With SystemExit or KeyboardInterrupt run_forever has ended already. */
static bool stop_its_loop(void *self, al_future *future)
{
    (void)self;
    if (!al_future_cancelled(future)) {
        al_exception *e;

        if (!al_future_exception(future, &e))
            return false;
        if (e && passes_through(e)) {
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
    future = al_ensure_future(awaitable, loop);
    if (!future)
        return nothing();
    if (is_new)
        ((al_task *)future)->is_silent = true;
    ok = al_future_add_done_callback(future, stop, NULL) &&
         al_loop_run_forever(loop);
    al_future_remove_done_callback(future, stop);
    result = result_of(future, ok, is_new);
    al_unref(future);
    return result;
}

/* -- asyncio.run ---------------------------------------------------------- */

typedef struct tasks {
    al_value *items; /* references */
    size_t count, capacity;
} tasks;

static void gather_all(al_loop *loop, tasks *all)
{
    for (al_task *t = al_next_task(loop, NULL); t; t = al_next_task(loop, t)) {
        all->items = al_grow(all->items, &all->capacity, all->count + 1,
                             sizeof *all->items);
        all->items[all->count++] = al_take(al_ref(t));
    }
}

static bool report_failure(al_loop *loop, al_future *future)
{
    al_error_context context = {
        .message = "unhandled exception during asyncio.run() shutdown",
        .subject_key = "task",
        .subject = &future->head,
        .subject_context = al_future_peek_context(future),
    };
    bool ok = true;

    if (al_future_cancelled(future))
        return true;
    if (!al_future_exception(future, &context.exception))
        return false;
    if (context.exception)
        ok = al_loop_call_exception_handler(loop, &context);
    al_unref(context.exception);
    return ok;
}

static bool await_all(al_loop *loop, const tasks *all)
{
    al_future *gathered = al_gather(all->items, all->count, true);
    al_value result;

    if (!gathered)
        return false;
    result = al_run_until_complete(
        loop, (al_value){AL_OBJECT, {.object = &gathered->head}});
    al_unref(gathered);
    al_value_release(result);
    return result.tag != AL_ABSENT;
}

/* _cancel_all_tasks: in order of creation, where Python's set has none. */
static bool cancel_all_tasks(al_loop *loop)
{
    tasks all = {0};
    bool ok = true;

    gather_all(loop, &all);
    for (size_t i = 0; ok && i < all.count; i++)
        ok = al_future_cancel(al_future_peek(all.items[i]), al_none(), NULL);
    ok = ok && (all.count == 0 || await_all(loop, &all));
    for (size_t i = 0; i < all.count; i++) {
        ok = ok && report_failure(loop, al_future_peek(all.items[i]));
        al_value_release(all.items[i]);
    }
    al_free(all.items);
    return ok;
}

/* loop.shutdown_default_executor: there is none yet, but it still costs a
 * task. */
static al_step end_at_once(al_coroutine *self, al_value sent)
{
    (void)self;
    return sent.tag == AL_ABSENT ? al_step_raise() : al_step_return(al_none());
}

static const al_coroutine_ops shutdown_executor_ops = {
    .name = "BaseEventLoop.shutdown_default_executor",
    .resume = end_at_once,
};

/* Takes the coroutine. */
static bool run_shutdown(al_loop *loop, al_coroutine *coroutine)
{
    al_value result = al_run_until_complete(
        loop, (al_value){AL_OBJECT, {.object = &coroutine->head}});

    al_unref(coroutine);
    al_value_release(result);
    return result.tag != AL_ABSENT;
}

/* Runner.close() */
static bool close_runner(al_loop *loop)
{
    bool ok = cancel_all_tasks(loop) &&
              run_shutdown(loop, al_shutdown_asyncgens(loop)) &&
              run_shutdown(loop, al_coroutine_new(&shutdown_executor_ops,
                                                  sizeof(al_coroutine)));

    ok = al_set_event_loop(NULL) && ok;
    return al_loop_close(loop) && ok;
}

/* Runner.__exit__: what was raised before is handled meanwhile. */
static bool shut_down(al_loop *loop)
{
    al_exception *raised = al_fetch_raised();
    al_handling handling;
    bool ok;

    if (!raised)
        return close_runner(loop);
    al_begin_handling(&handling, raised);
    ok = close_runner(loop);
    al_end_handling(&handling);
    if (ok)
        return al_raise_take(raised);
    if (al_peek_raised() != raised && !al_peek_raised()->context)
        al_exception_take_context(al_peek_raised(), raised);
    else
        al_unref(raised);
    return false;
}

static al_value run_main(al_loop *loop, al_value main)
{
    al_task_options options = {.context = al_context_copy()};
    al_coroutine *coroutine = al_coroutine_peek(main);
    al_value result = nothing();
    al_task *task = NULL;

    if (!coroutine)
        al_raise(&al_TypeError, "An asyncio.Future, a coroutine or an "
                 "awaitable is required");
    else
        task = al_create_task(loop, coroutine, &options);
    if (task)
        result = al_run_until_complete(
            loop, (al_value){AL_OBJECT, {.object = &task->future.head}});
    al_unref(task);
    al_unref(options.context);
    return result;
}

al_value al_asyncio_run(al_value main, int debug)
{
    al_loop *loop;
    al_value result;

    if (al_peek_running_loop()) {
        al_raise(&al_RuntimeError, "asyncio.run() cannot be called from a "
                 "running event loop");
        return nothing();
    }
    loop = al_new_event_loop();
    if (!loop)
        return nothing();
    al_set_event_loop(loop);
    if (debug >= 0)
        al_loop_set_debug(loop, debug);
    result = run_main(loop, main);
    if (!shut_down(loop)) {
        al_value_release(result);
        result = nothing();
    }
    al_unref(loop);
    return result;
}
