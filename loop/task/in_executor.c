/* in_executor.c - a loop and its executor; see in_executor.h. */
#include "loop/task/in_executor.h"

#include "loop/base/alloc.h"
#include "loop/core/policy.h"
#include "loop/io/threads.h"
#include "loop/task/anchor.h"
#include "loop/task/chain.h"
#include "loop/task/timeout.h"

/* -- the default executor ------------------------------------------------- */

static al_executor *default_of(al_loop *loop)
{
    return (al_executor *)al_loop_task_slots(loop)->executor;
}

/* BaseEventLoop.close(): it is not waited for. */
static void drop_executor(al_loop *loop)
{
    al_task_slots *slots = al_loop_task_slots(loop);
    al_executor *executor = default_of(loop);

    slots->executor = NULL;
    slots->is_executor_shut_down = true;
    if (executor && !al_executor_shutdown(executor, false, false))
        al_unref(al_fetch_raised());
    al_unref(executor);
}

void al_loop_set_default_executor(al_loop *loop, al_executor *executor)
{
    al_task_slots *slots = al_loop_task_slots(loop);
    al_executor *old = default_of(loop);

    slots->executor = al_ref(executor);
    slots->close_executor = drop_executor;
    al_unref(old);
}

static al_executor *find_default(al_loop *loop)
{
    al_executor *executor;

    if (al_loop_task_slots(loop)->is_executor_shut_down) {
        al_raise(&al_RuntimeError, "Executor shutdown has been called");
        return NULL;
    }
    if (!default_of(loop)) {
        executor = al_executor_new(0, "asyncio");
        al_loop_set_default_executor(loop, executor);
        al_unref(executor);
    }
    return default_of(loop);
}

static void release_work(al_work work)
{
    if (work.ops->release)
        work.ops->release(work.self);
}

al_future *al_loop_run_in_executor(al_loop *loop, al_executor *executor,
                                   al_work work)
{
    al_concurrent *job;
    al_future *future;

    if (al_loop_check_closed(loop) && !executor)
        executor = find_default(loop);
    if (al_loop_is_closed(loop) || !executor) {
        release_work(work);
        return NULL;
    }
    job = al_executor_submit(executor, work);
    if (!job)
        return NULL;
    future = al_wrap_future(job, loop);
    al_unref(job);
    return future;
}

/* -- to_thread ------------------------------------------------------------ */

typedef struct in_context { /* functools.partial(ctx.run, func) */
    al_work work;
    al_context *context; /* NULL with real threads */
} in_context;

static al_value run_in_context(void *self)
{
    in_context *c = self;
    al_value result;

    if (!c->context)
        return c->work.ops->run(c->work.self);
    if (!al_context_enter(c->context))
        return al_no_value();
    result = c->work.ops->run(c->work.self);
    al_context_exit(c->context);
    return result;
}

static void release_in_context(void *self)
{
    in_context *c = self;

    release_work(c->work);
    al_unref(c->context);
    al_free(c);
}

static void in_context_name(const void *self, al_text *out)
{
    const in_context *c = self;

    if (c->work.ops->add_name)
        c->work.ops->add_name(c->work.self, out);
}

static const al_work_ops context_ops = {
    .run = run_in_context,
    .release = release_in_context,
    .add_name = in_context_name,
};

static al_work with_context(al_work work)
{
    bool is_parallel = al_threads_in_force()->ops->is_parallel;
    in_context *c = al_alloc(sizeof *c);

    *c = (in_context){work, is_parallel ? NULL : al_context_copy()};
    return (al_work){&context_ops, c};
}

typedef struct to_thread {
    al_coroutine coroutine;
    al_work work; /* ops NULL: handed over */
} to_thread;

static al_step begin(to_thread *t)
{
    al_loop *loop = al_get_running_loop();
    al_work work = t->work;
    al_future *future;

    if (!loop)
        return al_step_raise();
    t->work.ops = NULL;
    future = al_loop_run_in_executor(loop, NULL, with_context(work));
    return future ? al_step_await(al_take(future)) : al_step_raise();
}

static al_step to_thread_resume(al_coroutine *self, al_value sent)
{
    to_thread *t = (to_thread *)self;

    if (sent.tag == AL_ABSENT)
        return al_step_raise();
    return t->work.ops ? begin(t) : al_step_return(al_value_dup(sent));
}

static void to_thread_release(al_coroutine *self)
{
    to_thread *t = (to_thread *)self;

    if (t->work.ops)
        release_work(t->work);
    t->work.ops = NULL;
}

static const al_coroutine_ops to_thread_ops = {
    .name = "to_thread",
    .resume = to_thread_resume,
    .release = to_thread_release,
};

al_coroutine *al_to_thread(al_work work)
{
    to_thread *t = al_coroutine_new(&to_thread_ops, sizeof *t);

    t->work = work;
    return &t->coroutine;
}

/* -- shutdown_default_executor -------------------------------------------- */

typedef struct joining { /* what the thread of _do_shutdown has */
    al_executor *executor;
    al_anchor *future;
} joining;

static bool set_unless_cancelled(al_loop *loop, void *self)
{
    al_future *future = self;

    (void)loop;
    return al_future_cancelled(future) ||
           al_future_set_result(future, al_none());
}

static void future_and_none(const void *self, bool is_short, al_text *out)
{
    al_future *future = (al_future *)self;

    al_add_argument((al_value){AL_OBJECT, {.object = &future->head}}, is_short,
                    out);
    al_text_add(out, ", None");
}

static const al_callable set_result = {
    .name = "_set_result_unless_cancelled",
    .call = set_unless_cancelled,
    .release = al_unref,
    .add_args = future_and_none,
};

static void free_joining(joining *j)
{
    al_unref(j->executor);
    al_anchor_free(j->future);
    al_free(j);
}

static void tell_joined(al_anchor *anchor)
{
    al_loop *loop;
    al_future *future = al_anchor_lift(anchor, &loop);

    if (future && al_loop_is_closed(loop))
        al_unref(future);
    else if (future)
        al_loop_call_soon_threadsafe(loop, (al_callback){&set_result, future},
                                     NULL, NULL);
}

/* _do_shutdown, in its thread.  What it raises ends the thread. */
static void join_executor(void *self)
{
    joining *j = self;

    if (al_executor_shutdown(j->executor, true, false)) {
        al_threads_lock();
        tell_joined(j->future);
        al_threads_unlock();
    }
    free_joining(j);
}

typedef struct shutdown {
    al_coroutine coroutine;
    enum { BEFORE, INSIDE } at;
    al_loop *loop;
    al_value timeout;
    al_timeout *scope;
} shutdown;

static bool start_joining(al_executor *executor, al_future *future)
{
    al_threads *threads = al_threads_in_force();
    joining *j = al_alloc(sizeof *j);

    *j = (joining){al_ref(executor),
                   al_anchor_new_take(future->loop, al_ref(future))};
    if (threads->ops->start(threads->self, "_do_shutdown", join_executor, j))
        return true;
    free_joining(j);
    return false;
}

static al_step begin_shutdown(shutdown *s)
{
    al_executor *executor = default_of(s->loop);
    al_future *future;

    al_loop_task_slots(s->loop)->is_executor_shut_down = true;
    al_loop_task_slots(s->loop)->close_executor = drop_executor;
    if (!executor)
        return al_step_return(al_none());
    future = al_future_new(s->loop);
    if (start_joining(executor, future) &&
        (s->scope = al_timeout_after(s->timeout)) != NULL &&
        al_timeout_enter(s->scope)) {
        s->at = INSIDE;
        return al_step_await(al_take(future));
    }
    al_unref(future);
    return al_step_raise();
}

/* Too late: the threads are left to themselves (CPython warns). */
static al_step give_up(shutdown *s)
{
    if (!al_exception_is(al_peek_raised(), &al_TimeoutError))
        return al_step_raise();
    al_unref(al_fetch_raised());
    if (default_of(s->loop) &&
        !al_executor_shutdown(default_of(s->loop), false, false))
        return al_step_raise();
    return al_step_return(al_none());
}

static al_step leave(shutdown *s, al_value sent)
{
    al_exception *raised = sent.tag == AL_ABSENT ? al_fetch_raised() : NULL;
    bool ok = al_timeout_exit(s->scope, raised);

    if (ok && !raised)
        return al_step_return(al_none());
    if (ok)
        al_raise_take(al_ref(raised));
    al_unref(raised);
    return give_up(s);
}

static al_step shutdown_resume(al_coroutine *self, al_value sent)
{
    shutdown *s = (shutdown *)self;

    if (s->at == INSIDE)
        return leave(s, sent);
    return sent.tag == AL_ABSENT ? al_step_raise() : begin_shutdown(s);
}

static void shutdown_release(al_coroutine *self)
{
    shutdown *s = (shutdown *)self;

    al_unref(s->loop);
    al_value_release(s->timeout);
    al_unref(s->scope);
    s->loop = NULL;
    s->timeout = al_no_value();
    s->scope = NULL;
}

static const al_coroutine_ops shutdown_ops = {
    .name = "BaseEventLoop.shutdown_default_executor",
    .resume = shutdown_resume,
    .release = shutdown_release,
};

al_coroutine *al_shutdown_default_executor(al_loop *loop, al_value timeout)
{
    shutdown *s = al_coroutine_new(&shutdown_ops, sizeof *s);

    s->loop = al_ref(loop);
    s->timeout = al_value_dup(timeout);
    return &s->coroutine;
}
