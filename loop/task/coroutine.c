/* coroutine.c - driving a body from await to await; see coroutine.h.
 *
 * CPython's coroutines delegate send() and throw() by `yield from`, and its
 * futures yield themselves once to the task.  Both are here, so that a body,
 * in C or in script, is told nothing but how its await ended. */
#include "loop/task/coroutine.h"

#include "loop/base/alloc.h"
#include "loop/object/thread.h"
#include "loop/task/future.h"

static _Thread_local al_never_awaited *never_awaited;
static _Thread_local al_context_keeper *context_keeper;
static _Thread_local bool is_silenced;

al_never_awaited *al_set_never_awaited(al_never_awaited *hook)
{
    al_never_awaited *before = never_awaited;

    never_awaited = hook;
    return before;
}

al_context_keeper *al_set_context_keeper(al_context_keeper *keeper)
{
    al_context_keeper *before = context_keeper;

    context_keeper = keeper;
    return before;
}

static void complete_context(al_exception *e, bool is_complete)
{
    if (context_keeper)
        context_keeper->complete(context_keeper, e, is_complete);
}

bool al_coroutines_silence(bool is_silent)
{
    bool before = is_silenced;

    is_silenced = is_silent;
    return before;
}

/* What seldom happens stays out of the way of what every step does. */
#define APART __attribute__((noinline))

/* -- the object ---------------------------------------------------------- */

static APART void release_beside(al_coroutine *c, al_exception *raised)
{
    c->ops->release(c);
    al_raise_take(raised);
}

/* Its body is over, and what that held goes, as a frame's locals do; one that
 * is no frame but an object of a type of its own keeps it until it is freed. */
static inline void end_body(al_coroutine *c)
{
    c->state = AL_CORO_CLOSED;
    if (c->ops->type || !c->ops->release)
        return;
    if (al_thread_current()->raised)
        release_beside(c, al_fetch_raised());
    else
        c->ops->release(c);
}

static bool close_quietly(al_coroutine *c);

/* As PyGen's finalizer: one that waits is closed, its finally blocks run; but
 * not asend() and its like, whose generator is its loop's to close. */
static void finalize(al_coroutine *c)
{
    al_exception *raised;

    if (is_silenced)
        return;
    raised = al_fetch_raised();
    if (c->state == AL_CORO_CREATED && never_awaited &&
        (!c->ops->type || c->ops->add_unawaited))
        never_awaited(c);
    if (c->state == AL_CORO_SUSPENDED && !c->ops->type && !close_quietly(c))
        al_unref(al_fetch_raised()); /* CPython: unraisable */
    if (raised)
        al_raise_take(raised);
}

static void coroutine_free(al_object *self)
{
    al_coroutine *c = (al_coroutine *)self;

    if (c->state != AL_CORO_CLOSED) {
        self->refs = 1; /* it lives while its finally blocks run */
        finalize(c);
        if (--self->refs > 0)
            return;
    }
    if (c->ops->release && (c->ops->type || c->state != AL_CORO_CLOSED))
        c->ops->release(c);
    al_value_release(c->awaiting);
    al_free(c);
}

static void coroutine_repr(const al_object *self, al_text *out)
{
    const al_coroutine *c = (const al_coroutine *)self;

    if (!c->ops->type)
        al_text_add(out, "<coroutine object ");
    al_coroutine_add_name(c, out);
    if (!c->ops->type)
        al_text_add_char(out, '>');
}

static const char *type_name(const al_object *self)
{
    const al_coroutine *c = (const al_coroutine *)self;

    return c->ops->type ? c->ops->type : "coroutine";
}

const al_type al_coroutine_type = {
    .name = "coroutine",
    .own_name = type_name,
    .free = coroutine_free,
    .repr = coroutine_repr,
};

void al_coroutine_add_name(const al_coroutine *coroutine, al_text *out)
{
    if (coroutine->ops->type)
        al_text_add_format(out, "<%s object>", coroutine->ops->type);
    else if (coroutine->ops->add_name)
        coroutine->ops->add_name(coroutine, out);
    else
        al_text_add(out, coroutine->ops->name);
}

void al_coroutine_add_unawaited(const al_coroutine *coroutine, al_text *out)
{
    if (coroutine->ops->add_unawaited) {
        coroutine->ops->add_unawaited(coroutine, out);
        return;
    }
    al_text_add(out, "coroutine '");
    al_coroutine_add_name(coroutine, out);
    al_text_add_char(out, '\'');
}

bool al_coroutine_place(const al_coroutine *coroutine,
                        al_traceback_entry *place)
{
    if (!coroutine->ops->place)
        return false;
    *place = coroutine->ops->place(coroutine);
    return place->line > 0;
}

bool al_coroutine_innermost_place(const al_coroutine *coroutine,
                                  al_traceback_entry *place)
{
    al_traceback_entry inner;
    bool is_known = false;

    for (; coroutine; coroutine = al_coroutine_peek(coroutine->awaiting)) {
        if (!al_coroutine_place(coroutine, &inner))
            continue;
        *place = inner;
        is_known = true;
    }
    return is_known;
}

bool al_is_awaitable(al_value value)
{
    return al_coroutine_peek(value) || al_future_peek(value);
}

/* -- awaiting ------------------------------------------------------------ */

/* FutureIter: hand the future to the task until it is done. */
static al_step await_future(al_future *future)
{
    al_value result;

    if (!al_future_done(future)) {
        if (future->is_blocking) {
            al_raise(&al_RuntimeError, "await wasn't used with future");
            return al_step_raise();
        }
        future->is_blocking = true;
        return al_step_await(al_take(al_ref(future)));
    }
    result = al_future_result(future);
    return result.tag == AL_ABSENT ? al_step_raise() : al_step_return(result);
}

static inline void lend(al_coroutine *c, bool begins)
{
    if (c->ops->lend)
        c->ops->lend(c, begins);
}

static inline al_step send_to_awaited(al_coroutine *c, al_value value)
{
    al_coroutine *inner = al_coroutine_peek(c->awaiting);
    al_step step;

    c->arrival = inner ? AL_ARRIVES_PASSED : AL_ARRIVES_RAISED;
    if (!inner)
        return await_future(al_future_peek(c->awaiting));
    lend(c, true);
    step = al_coroutine_send(inner, value);
    lend(c, false);
    return step;
}

/* A coroutine that waits has somebody who awaits it, or steps it by hand. */
static al_step begin_await(al_coroutine *c)
{
    const al_coroutine *inner = al_coroutine_peek(c->awaiting);

    if (!inner || inner->state != AL_CORO_SUSPENDED || inner->ops->type)
        return send_to_awaited(c, al_none());
    c->arrival = AL_ARRIVES_RAISED;
    al_raise(&al_RuntimeError, "coroutine is being awaited already");
    return al_step_raise();
}

/* GeneratorExit closes it, and comes out again. */
static al_step close_awaited(al_coroutine *inner)
{
    al_exception *exit = al_fetch_raised();

    if (close_quietly(inner))
        al_raise_take(exit);
    else
        al_unref(exit);
    return al_step_raise();
}

/* A future lets it through, and to whoever awaits it a StopIteration is the
 * end of the await. */
static al_step throw_into_future(void)
{
    al_exception *stop;
    al_value value;

    if (!al_exception_is(al_peek_raised(), &al_StopIteration))
        return al_step_raise();
    stop = al_fetch_raised();
    value = stop->args->count > 0 ? al_value_dup(stop->args->items[0])
                                  : al_none();
    al_unref(stop);
    return al_step_return(value);
}

/* The exception in the slot goes into what is awaited. */
static al_step throw_into_awaited(al_coroutine *c)
{
    al_coroutine *inner = al_coroutine_peek(c->awaiting);
    al_step step;

    if (c->awaiting.tag == AL_ABSENT)
        return al_step_raise();
    if (!inner)
        return throw_into_future();
    lend(c, true);
    if (al_exception_is(al_peek_raised(), &al_GeneratorExit))
        step = close_awaited(inner);
    else
        step = al_coroutine_throw(inner, al_fetch_raised());
    lend(c, false);
    return step;
}

static al_value take_awaiting(al_coroutine *c)
{
    al_value awaited = c->awaiting;

    c->awaiting = (al_value){.tag = AL_ABSENT};
    return awaited;
}

/* A coroutine must not end by StopIteration, which would look like a plain
 * end. */
static APART void check_stop_iteration(const al_coroutine *c)
{
    al_exception *stop = al_peek_raised();
    al_exception *e;

    if (!al_exception_is(stop, &al_StopIteration))
        return;
    stop = al_fetch_raised();
    al_raise(&al_RuntimeError, "%s raised StopIteration",
             c->ops->is_around_generator ? "generator" : "coroutine");
    e = al_peek_raised();
    al_exception_take_cause(e, al_ref(stop));
    al_exception_take_context(e, stop);
    e->suppress_context = true;
}

static inline al_step finish(al_coroutine *c, al_step step)
{
    if (step.kind == AL_STEP_RAISE)
        check_stop_iteration(c);
    end_body(c);
    return step;
}

/* As _PyErr_SetObject: never so that the chain forms a cycle. */
static void set_context(al_exception *e, al_exception *handled)
{
    if (handled == e)
        return;
    for (al_exception *o = handled; o->context; o = o->context) {
        if (o->context == e) {
            al_exception_take_context(o, NULL);
            break;
        }
    }
    al_exception_take_context(e, al_ref(handled));
}

void al_body_raises(al_exception *e, al_exception *handled)
{
    if (handled)
        set_context(e, handled);
    complete_context(e, handled != NULL);
}

void al_body_reraises(al_exception *e)
{
    complete_context(e, true);
}

bool al_raise_from(const al_exception_class *cls, al_exception *handled)
{
    al_exception *e = al_exception_new(cls, NULL, 0);

    al_exception_take_cause(e, al_ref(handled));
    al_exception_take_context(e, al_ref(handled));
    e->suppress_context = true;
    complete_context(e, true);
    return al_raise_take(e);
}

/* Scripts see to the __context__ of what they raise; for a body in C it is
 * done here, in the moment at which Python would do it. */
static APART al_step resume_by_exception(al_coroutine *c)
{
    al_step step;

    if (c->arrival == AL_ARRIVES_RAISED)
        context_keeper->passing = 0;
    complete_context(al_peek_raised(), c->arrival == AL_ARRIVES_THROWN);
    step = c->ops->resume(c, al_no_value());
    if (step.kind == AL_STEP_RAISE)
        complete_context(al_peek_raised(), false);
    return step;
}

static inline al_step resume_in_c(al_coroutine *c, al_value sent)
{
    al_step step;

    context_keeper->passing = 0;
    step = c->ops->resume(c, sent);
    if (step.kind == AL_STEP_RAISE)
        complete_context(al_peek_raised(), false);
    return step;
}

static inline al_step resume(al_coroutine *c, al_value sent)
{
    if (c->ops->lend || !context_keeper)
        return c->ops->resume(c, sent);
    return sent.tag == AL_ABSENT ? resume_by_exception(c)
                                 : resume_in_c(c, sent);
}

/* `step` is how what it awaited went: hand that to the body, and so on, until
 * it waits for something that is not ready, or ends. */
static inline __attribute__((always_inline)) al_step drive(al_coroutine *c,
                                                           al_step step)
{
    while (step.kind != AL_STEP_AWAIT) {
        al_value sent = al_step_value(step);

        al_value_release(take_awaiting(c));
        step = resume(c, sent);
        al_value_release(sent);
        if (step.kind != AL_STEP_AWAIT)
            return finish(c, step);
        if (step.tag == AL_NONE || c->awaiting.tag != AL_ABSENT)
            break; /* a bare yield: the loop goes round once; or begun inside */
        c->awaiting = al_step_value(step);
        step = begin_await(c);
    }
    c->state = AL_CORO_SUSPENDED;
    return step;
}

/* It runs, is over, or would be too deep: raises, and returns false. */
static APART bool refuse(al_coroutine *c)
{
    if (c->state == AL_CORO_RUNNING)
        return al_raise(&al_ValueError, "coroutine already executing");
    if (c->state == AL_CORO_CLOSED)
        return al_raise(&al_RuntimeError, "cannot reuse already awaited %s",
                        c->ops->again ? c->ops->again : "coroutine");
    end_body(c);
    return al_raise(&al_RecursionError, "maximum recursion depth exceeded");
}

/* False: raised. */
static inline bool begin(al_coroutine *c)
{
    if (c->state == AL_CORO_SUSPENDED ||
        (c->state == AL_CORO_CREATED && al_thread_depth < AL_RECURSION_LIMIT))
        return true;
    return refuse(c);
}

al_step al_coroutine_send(al_coroutine *c, al_value value)
{
    al_step step;

    if (!begin(c))
        return al_step_raise();
    if (c->state == AL_CORO_CREATED && value.tag != AL_NONE) {
        al_raise(&al_TypeError,
                 "can't send non-None value to a just-started coroutine");
        return al_step_raise();
    }
    c->state = AL_CORO_RUNNING;
    al_thread_depth++;
    step = c->awaiting.tag == AL_ABSENT ? al_step_return(al_value_dup(value))
                                        : send_to_awaited(c, value);
    step = drive(c, step);
    al_thread_depth--;
    return step;
}

al_step al_coroutine_await_inside(al_coroutine *c, al_coroutine *inner)
{
    al_step step;

    c->awaiting = al_take(inner);
    c->arrival = AL_ARRIVES_PASSED;
    step = al_coroutine_send(inner, al_none());
    if (step.kind != AL_STEP_AWAIT)
        al_value_release(take_awaiting(c));
    return step;
}

al_step al_coroutine_throw(al_coroutine *c, al_exception *e)
{
    al_step step;

    if (!begin(c)) {
        al_unref(e);
        return al_step_raise();
    }
    al_raise_take(e);
    if (c->state == AL_CORO_CREATED && !c->ops->type) {
        complete_context(e, true); /* it handles nothing */
        end_body(c); /* it was never entered */
        return al_step_raise();
    }
    c->state = AL_CORO_RUNNING;
    c->arrival = AL_ARRIVES_THROWN;
    al_thread_depth++;
    step = drive(c, throw_into_awaited(c));
    al_thread_depth--;
    return step;
}

/* Its exit is no error; None in the place of it. */
static al_value swallow_exit(void)
{
    al_exception *e = al_peek_raised();

    if (!al_exception_is(e, &al_GeneratorExit) &&
        !al_exception_is(e, &al_StopIteration))
        return al_no_value();
    al_unref(al_fetch_raised());
    return al_none();
}

al_value al_coroutine_close(al_coroutine *c)
{
    al_step step;

    if (c->state == AL_CORO_CREATED && !c->ops->type)
        end_body(c);
    if (c->state == AL_CORO_CLOSED)
        return al_none();
    step = al_coroutine_throw(c, al_exception_new(&al_GeneratorExit, NULL, 0));
    if (step.kind == AL_STEP_RETURN && !c->ops->type)
        return al_step_value(step);
    al_value_release(al_step_value(step));
    if (step.kind == AL_STEP_AWAIT)
        al_raise(&al_RuntimeError, "coroutine ignored GeneratorExit");
    return step.kind == AL_STEP_RETURN ? al_none()
           : step.kind == AL_STEP_AWAIT ? al_no_value() : swallow_exit();
}

/* Whatever it returns; false: raised. */
static bool close_quietly(al_coroutine *c)
{
    al_value value = al_coroutine_close(c);

    al_value_release(value);
    return value.tag != AL_ABSENT;
}

void al_coroutine_abandon(al_coroutine *c)
{
    al_exception *raised = al_fetch_raised();

    if (!close_quietly(c))
        al_unref(al_fetch_raised());
    al_raise_take(raised);
}
