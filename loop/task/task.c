/* task.c - asyncio.Task; see task.h.
 *
 * Read step() first.  A task is always in one of three states: it waits for
 * a future (waiter), which will call wake_up; or a step of it is scheduled;
 * or it runs.  Every await of something that is not done therefore costs one
 * handle, and a bare yield one too. */
#include "loop/task/task.h"

#include "loop/base/alloc.h"
#include "loop/base/suggestion.h"
#include "loop/task/tell.h"

static const al_done_ops wake_up_ops;
static bool step(al_task *task, al_exception *e);

/* -- the loop's list ------------------------------------------------------ */

static void enlist(al_task *task)
{
    al_task_slots *slots = al_loop_task_slots(task->future.loop);

    task->is_registered = true;
    task->previous = slots->last;
    if (slots->last)
        slots->last->next = task;
    else
        slots->first = task;
    slots->last = task;
}

static void delist(al_task *task)
{
    al_task_slots *slots = al_loop_task_slots(task->future.loop);

    if (!task->is_registered)
        return;
    task->is_registered = false;
    if (task->previous)
        task->previous->next = task->next;
    else
        slots->first = task->next;
    if (task->next)
        task->next->previous = task->previous;
    else
        slots->last = task->previous;
}

al_task *al_next_task(al_loop *loop, al_task *task)
{
    task = task ? task->next : al_loop_task_slots(loop)->first;
    while (task && al_future_done(&task->future))
        task = task->next;
    return task;
}

al_task *al_current_task(al_loop *loop)
{
    return al_loop_task_slots(loop)->current;
}

/* -- scheduling a step ---------------------------------------------------- */

static void show_step(const void *self, al_text *out)
{
    (void)self;
    al_text_add(out, "<_asyncio.TaskStepMethWrapper object>");
}

static al_task_ref refer_to(const al_task *task)
{
    return (al_task_ref){task->future.id, &task->future.head};
}

static bool call_step(al_loop *loop, void *self)
{
    (void)loop;
    return step(self, NULL);
}

static al_task_ref task_of_step(const void *self)
{
    return refer_to(self);
}

static const al_callable step_callable = {
    .name = "Task.__step",
    .call = call_step,
    .release = al_unref,
    .add_shown = show_step,
    .task_of = task_of_step,
};

typedef struct throwing_step {
    al_task *task;
    al_exception *e; /* to be thrown in */
} throwing_step;

static bool call_throwing_step(al_loop *loop, void *self)
{
    const throwing_step *next = self;

    (void)loop;
    return step(next->task, al_ref(next->e));
}

static void release_throwing_step(void *self)
{
    throwing_step *next = self;

    al_unref(next->task);
    al_unref(next->e);
    al_free(next);
}

static al_task_ref task_of_throwing_step(const void *self)
{
    return refer_to(((const throwing_step *)self)->task);
}

static const al_callable throwing_step_callable = {
    .name = "Task.__step",
    .call = call_throwing_step,
    .release = release_throwing_step,
    .add_shown = show_step,
    .task_of = task_of_throwing_step,
};

static bool call_soon(al_task *task, const al_callable *callable, void *self)
{
    return al_loop_call_soon(task->future.loop, (al_callback){callable, self},
                             task->context);
}

static bool call_step_soon(al_task *task)
{
    return call_soon(task, &step_callable, al_ref(task));
}

/* Takes `e`.  False: raised. */
static bool throw_soon(al_task *task, al_exception *e)
{
    throwing_step *next = al_alloc(sizeof *next);

    *next = (throwing_step){al_ref(task), e};
    return call_soon(task, &throwing_step_callable, next);
}

/* -- what a step came to -------------------------------------------------- */

static bool fail_soon(al_task *task, al_text *text)
{
    al_value message = al_str_from_text(text);
    al_exception *e = al_exception_new(&al_RuntimeError, &message, 1);

    al_value_release(message);
    al_text_release(text);
    return throw_soon(task, e);
}

static bool awaits_itself(al_task *task)
{
    al_text text = {0};

    al_text_add(&text, "Task cannot await on itself: ");
    al_future_repr(&task->future, &text);
    return fail_soon(task, &text);
}

static bool awaits_other_loops(al_task *task, const al_future *future)
{
    al_text text = {0};

    al_text_add(&text, "Task ");
    al_future_repr(&task->future, &text);
    al_text_add(&text, " got Future ");
    al_future_repr(future, &text);
    al_text_add(&text, " attached to a different loop");
    return fail_soon(task, &text);
}

static void stop_waiting(al_task *task)
{
    al_future *waiter = task->waiter;

    task->waiter = NULL;
    al_unref(waiter);
}

/* The task waits for `future`, and is woken when that is done. */
static bool wait_for(al_task *task, al_future *future)
{
    al_done_callback wake_up = {&wake_up_ops, al_ref(task)};
    bool cancelled;

    future->is_blocking = false;
    if (!al_future_add_done_callback(future, wake_up, task->context))
        return false;
    stop_waiting(task);
    task->waiter = al_ref(future);
    al_awaiters_add(&future->awaiters, &task->future);
    al_task_tell_waits(task, future);
    if (!task->must_cancel)
        return true;
    if (!al_future_cancel(future, task->future.cancel_message, &cancelled))
        return false;
    if (cancelled)
        task->must_cancel = false;
    return true;
}

static bool handle_await(al_task *task, al_value yielded)
{
    al_future *future = al_future_peek(yielded);

    if (!future)
        return call_step_soon(task); /* a bare yield */
    if (future == &task->future)
        return awaits_itself(task);
    if (future->loop != task->future.loop)
        return awaits_other_loops(task, future);
    return wait_for(task, future);
}

static bool handle_return(al_task *task, al_value result)
{
    if (!task->must_cancel)
        return al_future_set_result(&task->future, result);
    task->must_cancel = false; /* cancelled right before it came to its end */
    return al_future_set_cancelled(&task->future, task->future.cancel_message);
}

static bool handle_raise(al_task *task)
{
    al_exception *e = al_fetch_raised();
    bool ok;

    if (al_exception_is(e, &al_CancelledError)) {
        al_unref(task->future.cancelled_error);
        task->future.cancelled_error = e; /* to be chained later */
        return al_future_set_cancelled(&task->future, al_none());
    }
    ok = al_future_set_exception(&task->future, e);
    if (ok && al_exception_passes_through(e))
        return al_raise_take(e);
    al_unref(e);
    return ok;
}

static bool handle(al_task *task, al_step came)
{
    al_value value = al_step_value(came);
    bool was_done = al_future_done(&task->future); /* by Future.set_result */
    bool ok = came.kind == AL_STEP_AWAIT    ? handle_await(task, value)
              : came.kind == AL_STEP_RETURN ? handle_return(task, value)
                                            : handle_raise(task);

    al_value_release(value);
    if (!was_done && al_future_done(&task->future)) {
        delist(task);
        al_future_tell_done(&task->future);
    }
    return ok;
}

/* -- a step --------------------------------------------------------------- */

static bool enter(al_task *task)
{
    al_task_slots *slots = al_loop_task_slots(task->future.loop);
    al_text text = {0};

    if (!slots->current) {
        slots->current = task;
        return true;
    }
    al_text_add(&text, "Cannot enter into task ");
    al_future_repr(&task->future, &text);
    al_text_add(&text, " while another task ");
    al_future_repr(&slots->current->future, &text);
    al_text_add(&text, " is being executed.");
    al_raise(&al_RuntimeError, "%s", text.bytes);
    al_text_release(&text);
    return false;
}

static void already_done(const al_task *task, al_exception *e)
{
    al_text text = {0};

    al_text_add(&text, "__step(): already done: ");
    al_future_repr(&task->future, &text);
    al_text_add(&text, " ");
    al_value_repr(e ? (al_value){.tag = AL_OBJECT, .as.object = &e->head}
                    : al_none(), &text);
    al_raise(&al_InvalidStateError, "%s", text.bytes);
    al_text_release(&text);
}

/* Takes `e`, to be thrown in, or NULL. */
static bool step_inside(al_task *task, al_exception *e)
{
    if (al_future_done(&task->future)) {
        already_done(task, e);
        al_unref(e);
        return false;
    }
    if (task->must_cancel) {
        if (!e || !al_exception_is(e, &al_CancelledError)) {
            al_unref(e);
            e = al_future_make_cancelled_error(&task->future);
        }
        task->must_cancel = false;
    }
    stop_waiting(task);
    return handle(task, e ? al_coroutine_throw(task->coroutine, e)
                          : al_coroutine_send(task->coroutine, al_none()));
}

static bool step(al_task *task, al_exception *e)
{
    al_loop *loop = task->future.loop;
    bool ok;

    if (!enter(task)) {
        al_unref(e);
        return false;
    }
    ok = step_inside(task, e);
    al_loop_task_slots(loop)->current = NULL;
    return ok;
}

/* The exception of a future or task itself is taken as it is; others are
 * asked for their result(), which raises. */
static bool asks_for_result(const al_future *future)
{
    return al_future_cancelled(future) ||
           !(future->kind == &al_plain_future || future->kind->is_task);
}

/* Task.__wakeup */
static bool wake_up(void *self, al_future *future)
{
    al_value result;

    al_awaiters_discard(&future->awaiters, &((al_task *)self)->future);
    result = al_future_result(future);
    al_value_release(result);
    if (result.tag == AL_ABSENT && asks_for_result(future))
        al_chain_raised();
    return step(self, result.tag == AL_ABSENT ? al_fetch_raised() : NULL);
}

static const al_done_ops wake_up_ops = {
    .name = "Task.__wakeup",
    .shown = "Task.task_wakeup",
    .call = wake_up,
    .release = al_unref,
    .task_of = task_of_step,
};

/* To the first await, before whoever created it goes on. */
static bool start_eagerly(al_task *task)
{
    al_task_slots *slots = al_loop_task_slots(task->future.loop);
    al_task *outer = slots->current;
    bool ok;

    enlist(task);
    slots->current = task;
    al_task_tell_eager(task, true);
    ok = al_context_enter(task->context);
    if (ok) {
        ok = handle(task, al_coroutine_send(task->coroutine, al_none()));
        al_context_exit(task->context);
    }
    slots->current = outer;
    al_task_tell_eager(task, false);
    if (al_future_done(&task->future)) {
        al_unref(task->coroutine);
        task->coroutine = NULL;
    }
    return ok;
}

/* -- cancelling ----------------------------------------------------------- */

/* Tasks that wait for each other would pass it on for ever: CPython's
 * recursion ends at its limit, this one where it comes round. */
static bool pass_on(al_task *task, al_value message, bool *passed_on)
{
    bool ok;

    *passed_on = false;
    if (!task->waiter)
        return true;
    if (task->is_cancelling)
        return al_raise(&al_RecursionError,
                        "maximum recursion depth exceeded");
    task->is_cancelling = true;
    ok = al_future_cancel(task->waiter, message, passed_on);
    task->is_cancelling = false;
    return ok;
}

static bool cancel(al_future *future, al_value message, bool *done)
{
    al_task *task = (al_task *)future;
    bool passed_on;

    future->log_traceback = false;
    *done = !al_future_done(future);
    if (!*done)
        return true;
    task->cancels_requested++;
    al_task_tell_cancel(task, message);
    if (!pass_on(task, message, &passed_on))
        return false;
    if (passed_on)
        return true; /* the waiter stays: it may ignore the request */
    task->must_cancel = true;
    al_future_set_cancel_message(future, message);
    return true;
}

size_t al_task_cancelling(const al_task *task)
{
    return task->cancels_requested;
}

size_t al_task_uncancel(al_task *task)
{
    return al_task_uncancel_block(task, NULL);
}

size_t al_task_uncancel_block(al_task *task, const char *outcome)
{
    if (task->cancels_requested == 0)
        return 0;
    if (--task->cancels_requested == 0)
        task->must_cancel = false;
    al_task_tell_uncancelled(task, outcome);
    return task->cancels_requested;
}

/* -- the object ----------------------------------------------------------- */

/* Task.__del__ */
/* Whatever is on its way out meanwhile goes on. */
static void report_destroyed(al_task *task)
{
    al_exception *raised = al_fetch_raised();
    al_error_context context = {
        .message = "Task was destroyed but it is pending!",
        .subject_key = "task",
        .subject = &task->future.head,
        .subject_context = task->context,
    };

    if (!al_loop_call_exception_handler(task->future.loop, &context))
        al_unref(al_fetch_raised()); /* CPython: unraisable */
    if (raised)
        al_raise_take(raised);
}

static void finalize(al_future *future)
{
    al_task *task = (al_task *)future;

    if (!al_future_done(future) && task->coroutine && !task->is_silent)
        report_destroyed(task);
}

static al_future *awaited(const al_future *future, size_t index)
{
    return index == 0 ? ((const al_task *)future)->waiter : NULL;
}

static void release(al_future *future)
{
    al_task *task = (al_task *)future;

    al_coroutine *coroutine = task->coroutine;
    al_context *context = task->context;
    al_future *waiter = task->waiter;
    al_value name = task->name;

    delist(task);
    task->coroutine = NULL;
    task->context = NULL;
    task->waiter = NULL;
    task->name = (al_value){.tag = AL_ABSENT};
    al_unref(coroutine);
    al_unref(context);
    al_unref(waiter);
    al_value_release(name);
}

static void add_coroutine(const al_task *task, al_text *out)
{
    const char *type = task->coroutine->ops->type;

    al_text_add(out, " coro=<");
    if (type) {
        al_text_add_format(out, "<%s without __name__>()>", type);
        return;
    }
    al_coroutine_add_name(task->coroutine, out);
    al_text_add(out, "()");
    al_text_add(out, task->coroutine->state == AL_CORO_CLOSED ? " done>"
                                                              : " running>");
}

static void add_details(const al_future *future, al_text *out)
{
    const al_task *task = (const al_task *)future;

    al_text_add(out, " name=");
    al_task_add_name(task, true, out);
    if (task->coroutine)
        add_coroutine(task, out);
    if (task->waiter) {
        al_text_add(out, " wait_for=");
        al_future_repr(task->waiter, out);
    }
}

static const char *state_of(const al_future *future)
{
    const al_task *task = (const al_task *)future;

    return !al_future_done(future) && task->cancels_requested ? "cancelling"
                                                              : NULL;
}

const al_type al_task_type = AL_FUTURE_TYPE("Task", "_asyncio.Task");

static const al_future_kind task_kind = {
    .type = &al_task_type,
    .cancel = cancel,
    .state = state_of,
    .add_details = add_details,
    .awaited = awaited,
    .finalize = finalize,
    .release = release,
    .is_task = true,
};

/* -- its name ------------------------------------------------------------- */

static void add_default_name(const al_task *task, al_text *out)
{
    al_text_add(out, "Task-");
    al_text_add_int(out, task->name.as.integer);
}

void al_task_add_name(const al_task *task, bool is_quoted, al_text *out)
{
    if (task->name.tag == AL_INT) {
        al_text_add(out, is_quoted ? "'" : "");
        add_default_name(task, out);
        al_text_add(out, is_quoted ? "'" : "");
    } else if (is_quoted) {
        al_value_repr(task->name, out);
    } else {
        al_text_add(out, al_str_peek(task->name)->bytes);
    }
}

al_value al_task_peek_name(al_task *task)
{
    al_text text = {0};

    if (task->name.tag == AL_INT) {
        add_default_name(task, &text);
        task->name = al_str_from_text(&text);
        al_text_release(&text);
    }
    return task->name;
}

/* -- making one ----------------------------------------------------------- */

al_task *al_task_new(al_loop *loop, al_coroutine *coroutine,
                     const al_task_options *options)
{
    al_task *task = al_future_new_kind(loop, &task_kind, sizeof *task);
    al_ids *ids = al_loop_ids(loop);
    bool ok;

    task->future.id = ++ids->tasks;
    task->future.serial = ids->futures + ids->tasks;
    task->name = options->name.tag == AL_OBJECT
                     ? al_value_dup(options->name)
                     : al_int((int64_t)++ids->task_names);
    task->coroutine = al_ref(coroutine);
    task->context = options->context ? al_ref(options->context)
                                     : al_context_copy();
    al_task_tell_new(task);
    if (options->eager_start && al_loop_is_running(loop)) {
        ok = start_eagerly(task);
    } else {
        ok = call_step_soon(task);
        if (ok)
            enlist(task);
    }
    if (ok)
        return task;
    al_unref(task);
    return NULL;
}

static al_value no_coroutine(al_value value)
{
    al_text text = {0};

    al_value_repr(value, &text);
    if (!al_peek_raised())
        al_raise(&al_TypeError, "a coroutine was expected, got %s",
                 al_text_as_string(&text));
    al_text_release(&text);
    return al_no_value();
}

static bool is_known(const char *keyword)
{
    return strcmp(keyword, "name") == 0 || strcmp(keyword, "context") == 0 ||
           strcmp(keyword, "eager_start") == 0;
}

/* Task(coro, loop=loop, **given), as the one in C refuses keywords; an eager
 * factory adds eager_start where it was not given. */
static bool check_keywords(const al_task_options *options)
{
    static const char *const known[] = {"coro", "loop", "name", "context",
                                        "eager_start"};
    size_t total = 2 + options->given_count + options->adds_eager_start;
    const char *unknown = NULL, *near;

    for (size_t i = 0; i < options->given_count; i++) {
        const char *name = options->given[i].name;

        if (strcmp(name, "loop") == 0)
            return al_raise(&al_TypeError, "_asyncio.Task() got multiple "
                            "values for keyword argument 'loop'");
        if (!unknown && !is_known(name))
            unknown = name;
    }
    if (!unknown)
        return true;
    if (total > 5)
        return al_raise(&al_TypeError,
                        "Task() takes at most 5 arguments (%zu given)", total);
    near = al_suggestion_find(unknown, known, 5);
    return al_raise(&al_TypeError, near ? "Task() got an unexpected keyword "
                    "argument '%s'. Did you mean '%s'?" : "Task() got an "
                    "unexpected keyword argument '%s'", unknown, near);
}

al_value al_task_from(al_loop *loop, al_value coroutine,
                      const al_task_options *options)
{
    al_task *task;

    if (!check_keywords(options))
        return al_no_value();
    if (!al_coroutine_peek(coroutine))
        return no_coroutine(coroutine);
    task = al_task_new(loop, al_coroutine_peek(coroutine), options);
    return task ? al_take(task) : al_no_value();
}

al_value al_create_task(al_loop *loop, al_value coroutine,
                        const al_task_options *options)
{
    al_task_factory factory = al_task_factory_peek(loop);

    if (!al_loop_check_closed(loop))
        return al_no_value();
    return factory.ops
               ? factory.ops->make(factory.self, loop, coroutine, options)
               : al_task_from(loop, coroutine, options);
}

/* -- factories ------------------------------------------------------------ */

static al_value make_eager(void *self, al_loop *loop, al_value coroutine,
                           const al_task_options *options)
{
    al_task_options own = *options;

    (void)self;
    own.adds_eager_start = !own.has_eager_start;
    own.eager_start |= own.adds_eager_start;
    return al_task_from(loop, coroutine, &own);
}

const al_task_factory_ops al_eager_task_factory = {.make = make_eager};

void al_set_task_factory(al_loop *loop, al_task_factory factory)
{
    al_task_factory *set = &al_loop_task_slots(loop)->factory;
    al_task_factory before = *set;

    *set = factory;
    if (before.release)
        before.release(before.self);
}

al_task_factory al_task_factory_peek(al_loop *loop)
{
    return al_loop_task_slots(loop)->factory;
}

al_context *al_future_peek_context(const al_future *future)
{
    return future->kind->is_task ? ((const al_task *)future)->context : NULL;
}

void al_task_silence(al_future *future)
{
    if (future->kind == &task_kind)
        ((al_task *)future)->is_silent = true;
}

al_task *al_task_peek(al_value value)
{
    al_future *future = al_future_peek(value);

    return future && future->kind == &task_kind ? (al_task *)future : NULL;
}
