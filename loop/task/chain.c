/* chain.c - _chain_future, in its two directions; see chain.h.
 *
 * What follows the other is the destination, what it follows the source.
 * Who holds whom is as in CPython, whose closures these structs are: it tells
 * how long a future lives whose exception nobody has looked at. */
#include "loop/task/chain.h"

#include "loop/base/alloc.h"
#include "loop/io/threads.h"
#include "loop/task/anchor.h"
#include "loop/task/run.h"
#include "loop/task/task.h"

/* asyncio has exceptions of its own for these. */
static al_exception *convert(al_exception *e)
{
    const al_exception_class *cls =
        e->cls == &al_ConcurrentCancelledError ? &al_CancelledError
        : e->cls == &al_ConcurrentInvalidStateError ? &al_InvalidStateError
                                                    : NULL;

    return cls ? al_exception_new(cls, e->args->items, e->args->count)
               : al_ref(e);
}

static bool fail_future(al_future *future, al_exception *e)
{
    al_exception *converted = convert(e);
    bool ok = al_future_set_exception(future, converted);

    al_unref(converted);
    return ok;
}

/* -- the destination is asyncio's: wrap_future ---------------------------- */

typedef struct setting { /* what call_soon_threadsafe is given */
    al_future *destination;
    al_concurrent *source;
} setting;

/* _copy_future_state; the source is done: nothing waits here. */
static bool copy_state(al_future *destination, al_concurrent *source)
{
    al_exception *e;
    al_value result;
    bool ok;

    if (al_future_cancelled(destination))
        return true;
    if (al_concurrent_cancelled(source))
        return al_future_cancel(destination, al_none(), NULL);
    if (!al_concurrent_exception(source, 0, &e))
        return false;
    if (e) {
        ok = fail_future(destination, e);
        al_unref(e);
        return ok;
    }
    result = al_concurrent_result(source, 0);
    ok = al_future_set_result(destination, result);
    al_value_release(result);
    return ok;
}

static bool call_setting(al_loop *loop, void *self)
{
    const setting *s = self;

    (void)loop;
    return copy_state(s->destination, s->source);
}

static void release_setting(void *self)
{
    setting *s = self;

    al_unref(s->destination);
    al_unref(s->source);
    al_free(s);
}

static void setting_args(const void *self, bool is_short, al_text *out)
{
    const setting *s = self;

    al_add_argument((al_value){AL_OBJECT, {.object = &s->destination->head}},
                    is_short, out);
    al_text_add(out, ", ");
    al_add_argument(
        (al_value){AL_OBJECT, {.object = (al_object *)s->source}}, is_short,
        out);
}

static const al_callable set_state = {
    .name = "_chain_future.<locals>._set_state",
    .call = call_setting,
    .release = release_setting,
    .add_args = setting_args,
};

/* Where threads are real the handle's event is still to come, and nobody is
 * told of jobs. */
static void tell_end_of_job(al_loop *loop, uint64_t job,
                            const al_handle *handle)
{
    al_event event = {.kind = AL_EVENT_JOB_TOLD, .job = job};

    if (job == 0 || al_threads_in_force()->ops->is_parallel)
        return;
    event.handle = handle->id;
    al_loop_emit(loop, &event);
}

static bool schedule_setting(al_loop *loop, setting *s)
{
    uint64_t job = al_concurrent_job(s->source);
    al_handle *handle = NULL;
    bool ok = al_loop_call_soon_threadsafe(loop, (al_callback){&set_state, s},
                                           NULL, &handle);

    if (ok)
        tell_end_of_job(loop, job, handle);
    al_unref(handle);
    return ok;
}

/* _call_set_state; self: the destination's anchor. */
static bool source_done(void *self, al_concurrent *source)
{
    setting *s = al_alloc(sizeof *s);
    bool ok = true;
    al_loop *loop;

    *s = (setting){NULL, al_ref(source)};
    al_threads_lock();
    s->destination = al_anchor_lift(self, &loop);
    if (s->destination && !al_loop_is_closed(loop))
        ok = schedule_setting(loop, s);
    else
        release_setting(s);
    al_threads_unlock();
    return ok;
}

static void release_anchor(void *self)
{
    al_anchor_free(self);
}

static const al_concurrent_ops follow_ops = {
    .call = source_done,
    .release = release_anchor,
};

/* _call_check_cancel. */
static bool check_cancel(void *self, al_future *destination)
{
    bool done;

    return !al_future_cancelled(destination) ||
           al_concurrent_cancel(self, &done);
}

static const al_done_ops check_ops = {
    .name = "_chain_future.<locals>._call_check_cancel",
    .call = check_cancel,
    .release = al_unref,
};

al_future *al_wrap_future(al_concurrent *future, al_loop *loop)
{
    al_future *destination = al_future_new(loop);
    al_anchor *anchor = al_anchor_new_take(loop, al_ref(destination));

    al_future_add_done_callback(
        destination, (al_done_callback){&check_ops, al_ref(future)}, NULL);
    if (al_concurrent_add_done_callback(future, &follow_ops, anchor))
        return destination;
    al_unref(destination);
    return NULL;
}

/* -- the source is asyncio's: run_coroutine_threadsafe -------------------- */

/* _set_concurrent_future_state. */
static bool set_concurrent_state(al_concurrent *destination, al_future *source)
{
    al_exception *e;
    al_value result;
    bool runs, done;

    if (al_future_cancelled(source) &&
        !al_concurrent_cancel(destination, &done))
        return false;
    if (!al_concurrent_begin(destination, &runs))
        return false;
    if (!runs)
        return true;
    if (!al_future_exception(source, &e))
        return false;
    if (e) {
        al_exception *converted = convert(e);

        al_unref(e);
        return al_concurrent_take_exception(destination, converted);
    }
    result = al_future_result(source);
    return result.tag != AL_ABSENT &&
           al_concurrent_take_result(destination, result);
}

static bool task_done(void *self, al_future *source)
{
    return set_concurrent_state(self, source);
}

static const al_done_ops task_done_ops = {
    .name = "_chain_future.<locals>._call_set_state",
    .call = task_done,
    .release = al_unref,
};

static bool call_cancel(al_loop *loop, void *self)
{
    (void)loop;
    return al_future_cancel(self, al_none(), NULL);
}

static void cancel_name(const void *self, al_text *out)
{
    al_text_add_format(out, "%s.cancel",
                       ((const al_future *)self)->kind->type->name);
}

/* What reprs show of a method written in C. */
static const al_callable cancel_source = {
    .name = "cancel",
    .call = call_cancel,
    .release = al_unref,
    .add_name = cancel_name,
};

/* _call_check_cancel: the concurrent future is done, in whatever thread;
 * self: the source's anchor. */
static bool destination_done(void *self, al_concurrent *destination)
{
    bool ok = true;
    al_future *source;
    al_loop *loop;

    if (!al_concurrent_cancelled(destination))
        return true;
    al_threads_lock();
    source = al_anchor_lift(self, &loop);
    if (source)
        ok = al_loop_call_soon_threadsafe(
            loop, (al_callback){&cancel_source, source}, NULL, NULL);
    al_threads_unlock();
    return ok;
}

static const al_concurrent_ops destination_ops = {
    .call = destination_done,
    .release = release_anchor,
};

typedef struct starting {
    al_coroutine *coroutine;
    al_concurrent *future;
} starting;

static bool chain(al_future *source, al_concurrent *destination)
{
    al_anchor *anchor = al_anchor_new_take(source->loop, al_ref(source));

    return al_concurrent_add_done_callback(destination, &destination_ops,
                                           anchor) &&
           al_future_add_done_callback(
               source, (al_done_callback){&task_done_ops, al_ref(destination)},
               NULL);
}

/* It could not become a task: whoever waits is told, and the loop too. */
static bool fail(al_concurrent *future)
{
    al_exception *raised = al_fetch_raised();
    bool runs, ok;

    if (al_exception_passes_through(raised))
        return al_raise_take(raised);
    ok = al_concurrent_begin(future, &runs) &&
         (!runs || al_concurrent_take_exception(future, al_ref(raised)));
    if (ok)
        return al_raise_take(raised);
    al_unref(raised);
    return false;
}

static bool call_starting(al_loop *loop, void *self)
{
    const starting *s = self;
    al_value coroutine = {AL_OBJECT, {.object = (al_object *)s->coroutine}};
    al_value made = al_ensure_future(coroutine, loop);
    al_future *task = al_future_peek(made);
    bool ok = task && chain(task, s->future);

    if (!task && made.tag != AL_ABSENT)
        al_raise(&al_TypeError, "A future is required for source argument");
    al_value_release(made);
    return ok || fail(s->future);
}

static void release_starting(void *self)
{
    starting *s = self;

    al_unref(s->coroutine);
    al_unref(s->future);
    al_free(s);
}

static const al_callable start_callable = {
    .name = "run_coroutine_threadsafe.<locals>.callback",
    .call = call_starting,
    .release = release_starting,
};

al_concurrent *al_run_coroutine_threadsafe_take(al_coroutine *coroutine,
                                                al_loop *loop)
{
    al_concurrent *future = al_concurrent_new();
    starting *s = al_alloc(sizeof *s);

    *s = (starting){coroutine, al_ref(future)};
    if (al_loop_call_soon_threadsafe(loop, (al_callback){&start_callable, s},
                                     NULL, NULL))
        return future;
    al_unref(future);
    return NULL;
}
