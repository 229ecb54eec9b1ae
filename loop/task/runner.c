/* runner.c - asyncio.Runner; see runner.h. */
#include "loop/task/runner.h"

#include "loop/base/alloc.h"
#include "loop/core/event.h"
#include "loop/core/policy.h"
#include "loop/object/thread.h"
#include "loop/task/asyncgen.h"
#include "loop/task/gather.h"
#include "loop/task/in_executor.h"
#include "loop/task/run.h"

enum { THREAD_JOIN_TIMEOUT = 300 }; /* seconds: asyncio.constants */

struct al_runner {
    al_object head;
    enum { CREATED, INITIALIZED, CLOSED } state;
    int debug;
    al_runner_factory factory;
    bool has_factory, has_set_loop;
    al_loop *loop;       /* a reference; NULL: none yet, or no longer */
    al_context *context; /* the same: of all that it runs */
};

/* What it is running, for as long as it does. */
typedef struct running {
    al_future *main;
    unsigned interrupts;
} running;

/* -- the object ----------------------------------------------------------- */

static void runner_free(al_object *self)
{
    al_runner *r = (al_runner *)self;

    if (r->factory.release)
        r->factory.release(r->factory.self);
    al_unref(r->loop);
    al_unref(r->context);
    al_free(r);
}

const al_type al_runner_type = {
    .name = "Runner",
    .free = runner_free,
};

al_runner *al_runner_new(int debug, const al_runner_factory *factory)
{
    al_runner *r = al_alloc_zero(1, sizeof *r);

    al_object_init(&r->head, &al_runner_type);
    r->debug = debug;
    r->has_factory = factory != NULL;
    if (factory)
        r->factory = *factory;
    return r;
}

al_runner *al_runner_peek(al_value value)
{
    return al_is(value, &al_runner_type) ? (al_runner *)value.as.object : NULL;
}

/* -- closing: cancel what is left ----------------------------------------- */

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

/* Takes the coroutine. */
static bool run_shutdown(al_loop *loop, al_coroutine *coroutine)
{
    al_value result = al_run_until_complete(
        loop, (al_value){AL_OBJECT, {.object = &coroutine->head}});

    al_unref(coroutine);
    al_value_release(result);
    return result.tag != AL_ABSENT;
}

static bool shut_down(al_loop *loop)
{
    return cancel_all_tasks(loop) &&
           run_shutdown(loop, al_shutdown_asyncgens(loop)) &&
           run_shutdown(loop, al_shutdown_default_executor(
                                  loop, al_int(THREAD_JOIN_TIMEOUT)));
}

bool al_runner_close(al_runner *r)
{
    al_loop *loop = r->loop;
    bool ok;

    if (r->state != INITIALIZED)
        return true;
    ok = shut_down(loop);
    if (r->has_set_loop)
        ok = al_set_event_loop(NULL) && ok;
    ok = al_loop_close(loop) && ok;
    r->loop = NULL;
    r->state = CLOSED;
    al_unref(loop);
    return ok;
}

bool al_runner_exit(al_runner *r)
{
    al_exception *raised = al_fetch_raised();
    al_handling handling;
    bool ok;

    if (!raised)
        return al_runner_close(r);
    al_begin_handling(&handling, raised);
    ok = al_runner_close(r);
    al_end_handling(&handling);
    if (ok)
        return al_raise_take(raised);
    if (al_peek_raised() != raised && !al_peek_raised()->context)
        al_exception_take_context(al_peek_raised(), raised);
    else
        al_unref(raised);
    return false;
}

/* -- _lazy_init ----------------------------------------------------------- */

static bool make_loop(al_runner *r)
{
    if (r->has_factory) {
        r->loop = r->factory.make(r->factory.self);
        return r->loop;
    }
    r->loop = al_new_event_loop();
    if (!r->loop || r->has_set_loop)
        return r->loop;
    r->has_set_loop = true;
    return al_set_event_loop(r->loop);
}

bool al_runner_enter(al_runner *r)
{
    if (r->state == CLOSED)
        return al_raise(&al_RuntimeError, "Runner is closed");
    if (r->state == INITIALIZED)
        return true;
    if (!make_loop(r))
        return false;
    if (r->debug >= 0)
        al_loop_set_debug(r->loop, r->debug);
    r->context = al_context_copy();
    r->state = INITIALIZED;
    return true;
}

al_loop *al_runner_get_loop(al_runner *r)
{
    return al_runner_enter(r) ? r->loop : NULL;
}

/* -- run ------------------------------------------------------------------ */

static al_value nothing(void)
{
    return (al_value){.tag = AL_ABSENT};
}

typedef struct wrapped {
    al_coroutine coroutine;
    al_value awaitable; /* AL_ABSENT: it is being awaited */
} wrapped;

static al_step wrapped_resume(al_coroutine *self, al_value sent)
{
    wrapped *w = (wrapped *)self;
    al_value awaitable = w->awaitable;

    if (sent.tag == AL_ABSENT)
        return al_step_raise();
    w->awaitable = nothing();
    return awaitable.tag == AL_ABSENT ? al_step_return(al_value_dup(sent))
                                      : al_step_await(awaitable);
}

static void wrapped_release(al_coroutine *self)
{
    al_value_release(((wrapped *)self)->awaitable);
}

static const al_coroutine_ops wrapped_ops = {
    .name = "Runner.run.<locals>._wrap_awaitable",
    .resume = wrapped_resume,
    .release = wrapped_release,
};

/* A task is made of coroutines only.  A new reference; NULL: raised. */
static al_coroutine *coroutine_of(al_value main)
{
    wrapped *w;

    if (al_coroutine_peek(main))
        return al_ref(al_coroutine_peek(main));
    if (!al_is_awaitable(main)) {
        al_raise(&al_TypeError, "An asyncio.Future, a coroutine or an "
                 "awaitable is required");
        return NULL;
    }
    w = al_coroutine_new(&wrapped_ops, sizeof *w);
    w->awaitable = al_value_dup(main);
    return &w->coroutine;
}

static bool nothing_to_do(al_loop *loop, void *self)
{
    (void)loop;
    (void)self;
    return true;
}

static const al_callable wake_up = {
    .name = "Runner._on_sigint.<locals>.<lambda>",
    .call = nothing_to_do,
};

/* The first SIGINT cancels the main task, and wakes the loop up; any other is
 * a KeyboardInterrupt. */
static bool interrupt(running *now)
{
    al_future *main = now->main;

    if (++now->interrupts > 1 || al_future_done(main))
        return al_raise_take(
            al_exception_new(&al_KeyboardInterrupt, NULL, 0));
    return al_future_cancel(main, al_none(), NULL) &&
           al_loop_call_soon_threadsafe(
               main->loop, (al_callback){&wake_up, NULL}, NULL, NULL);
}

/* What it does the world has caused, whatever runs. */
static bool on_sigint(void *self)
{
    al_thread *thread = al_thread_current();
    uint64_t cause = thread->cause;
    bool ok;

    thread->cause = AL_BY_WORLD;
    ok = interrupt(self);
    thread->cause = cause;
    return ok;
}

/* Where it was SIGINT alone that cancelled the task, that is what comes out. */
static void explain_cancellation(const running *now)
{
    al_exception *cancelled;

    if (now->interrupts == 0 || !now->main->kind->is_task ||
        !al_exception_is(al_peek_raised(), &al_CancelledError) ||
        al_task_uncancel((al_task *)now->main) > 0)
        return;
    cancelled = al_fetch_raised();
    al_raise_take(al_exception_new(&al_KeyboardInterrupt, NULL, 0));
    al_exception_take_context(al_peek_raised(), cancelled);
}

/* One that came at the very last is raised in the place of any result, and
 * after what the task has raised. */
static bool release_interrupt(al_loop *loop, const running *now)
{
    al_exception *raised = al_fetch_raised();

    if (al_loop_release_interrupt(loop, now))
        return !raised || al_raise_take(raised);
    if (raised)
        al_exception_take_context(al_peek_raised(), raised);
    return false;
}

/* What a task factory made may be no future at all: then nothing runs. */
static al_value run_task(al_loop *loop, al_value main)
{
    running now = {.main = al_future_peek(main)};
    bool catches =
        now.main &&
        al_loop_catch_interrupt(loop, (al_interrupt){on_sigint, &now});
    al_value result = al_run_until_complete(loop, main);

    if (result.tag == AL_ABSENT)
        explain_cancellation(&now);
    if (catches && !release_interrupt(loop, &now)) {
        al_value_release(result);
        return nothing();
    }
    return result;
}

static al_value run_main(al_runner *r, al_coroutine *main, al_context *context)
{
    al_context *chosen = context ? context : r->context;
    const al_keyword given = {"context", al_context_as_value(chosen)};
    const al_task_options options = {
        .context = chosen, .given = &given, .given_count = 1,
    };
    const al_value coroutine = {AL_OBJECT, {.object = &main->head}};
    al_value task = al_create_task(r->loop, coroutine, &options);
    al_value result = nothing();

    if (task.tag != AL_ABSENT)
        result = run_task(r->loop, task);
    al_value_release(task);
    al_value_release(given.value);
    return result;
}

static bool check_none_runs(const char *who)
{
    return !al_peek_running_loop() ||
           al_raise(&al_RuntimeError, "%s cannot be called from a running "
                    "event loop", who);
}

al_value al_runner_run(al_runner *r, al_value main, al_context *context)
{
    al_coroutine *coroutine;
    al_value result;

    if (!check_none_runs("Runner.run()") || !al_runner_enter(r))
        return nothing();
    coroutine = coroutine_of(main);
    if (!coroutine)
        return nothing();
    result = run_main(r, coroutine, context);
    al_unref(coroutine);
    return result;
}

al_value al_asyncio_run(al_value main, int debug,
                        const al_runner_factory *factory)
{
    al_runner *r = al_runner_new(debug, factory);
    al_value result = nothing();

    if (check_none_runs("asyncio.run()") && al_runner_enter(r)) {
        result = al_runner_run(r, main, NULL);
        if (!al_runner_exit(r)) {
            al_value_release(result);
            result = nothing();
        }
    }
    al_unref(r);
    return result;
}
