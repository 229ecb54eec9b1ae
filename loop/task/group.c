/* group.c - asyncio.TaskGroup; see group.h.
 *
 * The group's own waiting is in group_exit.  A child that fails cancels the
 * others, and the parent, which may be anywhere inside the body: that one
 * request is taken back on the way out, so that the parent's count of requests
 * tells whether somebody else wanted it cancelled too. */
#include "loop/task/group.h"

#include "loop/base/alloc.h"
#include "loop/core/policy.h"
#include "loop/object/exception_group.h"
#include "loop/object/hashable.h"

/* A task that is not done, as far as the group was told.  It belongs to its
 * done callback, and where that never ran to the group. */
typedef struct member {
    al_task_group *group; /* the callback's reference */
    al_future *task;      /* a reference: what the loop made of it */
    struct member *previous, *next; /* in order of creation */
} member;

struct al_task_group {
    al_object head;
    bool is_entered, is_exiting, is_aborting, has_cancelled_parent;
    al_loop *loop;    /* a reference; NULL before */
    al_task *parent;  /* a reference; NULL before and after */
    member *first, *last;
    size_t count;
    al_value stray;   /* a member, as a task factory made it, that is none */
    al_exception **errors; /* references */
    size_t error_count, error_capacity;
    al_exception *base_error; /* a reference, or NULL */
    al_future *completed;     /* _on_completed_fut: a reference, or NULL */
};

/* -- the object ----------------------------------------------------------- */

static void discard(member *m)
{
    al_task_group *g = m->group;
    al_future *task = m->task;

    if (!task)
        return;
    *(m->previous ? &m->previous->next : &g->first) = m->next;
    *(m->next ? &m->next->previous : &g->last) = m->previous;
    g->count--;
    m->task = NULL;
    al_unref(task);
}

static void drop_errors(al_task_group *g)
{
    al_exception **errors = g->errors;
    al_exception *base = g->base_error;
    size_t count = g->error_count;

    g->errors = NULL;
    g->error_count = g->error_capacity = 0;
    g->base_error = NULL;
    for (size_t i = 0; i < count; i++)
        al_unref(errors[i]);
    al_free(errors);
    al_unref(base);
}

static void drop_parent(al_task_group *g)
{
    al_task *parent = g->parent;

    g->parent = NULL;
    al_unref(parent);
}

static void drop_completed(al_task_group *g)
{
    al_future *completed = g->completed;

    g->completed = NULL;
    al_unref(completed);
}

/* Those whose done callback was dropped by a loop that was closed. */
static void drop_members(al_task_group *g)
{
    while (g->first) {
        member *m = g->first;

        discard(m);
        al_free(m);
    }
}

static void group_free(al_object *self)
{
    al_task_group *g = (al_task_group *)self;

    drop_members(g);
    drop_errors(g);
    drop_parent(g);
    drop_completed(g);
    al_value_release(g->stray);
    al_unref(g->loop);
    al_free(g);
}

static void group_repr(const al_object *self, al_text *out)
{
    const al_task_group *g = (const al_task_group *)self;

    al_text_add(out, "<TaskGroup");
    if (g->count)
        al_text_add_format(out, " tasks=%zu", g->count);
    if (g->error_count)
        al_text_add_format(out, " errors=%zu", g->error_count);
    if (g->is_aborting)
        al_text_add(out, " cancelling");
    else if (g->is_entered)
        al_text_add(out, " entered");
    al_text_add_char(out, '>');
}

const al_type al_task_group_type = {
    .name = "TaskGroup",
    .free = group_free,
    .repr = group_repr,
};

al_task_group *al_task_group_new(void)
{
    al_task_group *g = al_alloc_zero(1, sizeof *g);

    al_object_init(&g->head, &al_task_group_type);
    return g;
}

al_task_group *al_task_group_peek(al_value value)
{
    return al_is(value, &al_task_group_type)
               ? (al_task_group *)value.as.object : NULL;
}

/* raise RuntimeError(f"TaskGroup {self!r} …") */
static bool refuse(const al_task_group *g, const char *why)
{
    al_text text = {0};

    group_repr(&g->head, &text);
    al_raise(&al_RuntimeError, "TaskGroup %s %s", text.bytes, why);
    al_text_release(&text);
    return false;
}

/* -- its members ---------------------------------------------------------- */

static void enlist(member *m)
{
    al_task_group *g = m->group;

    m->previous = g->last;
    *(g->last ? &g->last->next : &g->first) = m;
    g->last = m;
    g->count++;
}

static void release_member(void *self)
{
    member *m = self;
    al_task_group *g = m->group;

    if (!m->task)
        al_free(m);
    al_unref(g);
}

/* Each is told of it; none has run any of its code when the next is. */
static bool abort_all(al_task_group *g)
{
    g->is_aborting = true;
    if (g->stray.tag != AL_ABSENT)
        return al_raise_no_attribute(g->stray, "done");
    for (member *m = g->first; m; m = m->next) {
        if (!al_future_done(m->task) &&
            !al_future_cancel(m->task, al_none(), NULL))
            return false;
    }
    return true;
}

/* -- a member is done ----------------------------------------------------- */

static void add_error(al_task_group *g, al_exception *e)
{
    g->errors = al_grow(g->errors, &g->error_capacity, g->error_count + 1,
                        sizeof *g->errors);
    g->errors[g->error_count++] = al_ref(e);
}

static bool report_orphan(const al_task_group *g, al_future *task)
{
    al_error_context context = {
        .exception = task->exception,
        .subject_key = "task",
        .subject = &task->head,
    };
    al_text message = {0};
    bool ok;

    al_text_add(&message, "Task ");
    al_future_repr(task, &message);
    al_text_add(&message, " has errored out but its parent task ");
    al_future_repr(&g->parent->future, &message);
    al_text_add(&message, " is already completed");
    context.message = message.bytes;
    ok = al_loop_call_exception_handler(g->loop, &context);
    al_text_release(&message);
    return ok;
}

static bool tell_completed(const al_task_group *g)
{
    return !g->completed || g->count > 0 || al_future_done(g->completed) ||
           al_future_set_result(g->completed, al_bool(true));
}

/* After its exit the group has no list of errors any more. */
static bool fail(al_task_group *g, al_future *task)
{
    if (!g->parent)
        return al_raise_no_attribute(al_none(), "append");
    add_error(g, task->exception);
    if (al_exception_passes_through(task->exception) && !g->base_error)
        g->base_error = al_ref(task->exception);
    if (al_future_done(&g->parent->future))
        return report_orphan(g, task);
    if (g->is_aborting || g->has_cancelled_parent)
        return true;
    if (!abort_all(g))
        return false;
    g->has_cancelled_parent = true;
    return al_future_cancel(&g->parent->future, al_none(), NULL);
}

static bool on_task_done(void *self, al_future *task)
{
    member *m = self;

    discard(m);
    if (m->group->parent)
        al_awaiters_discard(&task->awaiters, &m->group->parent->future);
    if (!tell_completed(m->group))
        return false;
    if (al_future_cancelled(task))
        return true;
    task->log_traceback = false;
    return !task->exception || fail(m->group, task);
}

static const al_done_ops task_done_ops = {
    .name = "TaskGroup._on_task_done",
    .call = on_task_done,
    .release = release_member,
};

/* -- create_task ---------------------------------------------------------- */

static bool may_create(const al_task_group *g)
{
    if (!g->is_entered)
        return refuse(g, "has not been entered");
    if (g->is_exiting && g->count == 0)
        return refuse(g, "is finished");
    return !g->is_aborting || refuse(g, "is shutting down");
}

/* Even one that is done already: its error must not arrive before create_task
 * has returned. */
static bool take_in(al_task_group *g, al_future *task)
{
    member *m = al_alloc_zero(1, sizeof *m);

    if (g->parent)
        al_awaiters_add(&task->awaiters, &g->parent->future);
    m->group = al_ref(g);
    m->task = al_ref(task);
    enlist(m);
    return al_future_add_done_callback(
        task, (al_done_callback){&task_done_ops, m}, NULL);
}

/* What is no future never gets done: the group waits for it in vain, unless
 * it could not even enter the set of its tasks. */
static void take_in_stray(al_task_group *g, al_value stray)
{
    if (!al_check_hashable(stray, "set element")) {
        al_value_release(stray);
        return;
    }
    al_raise_no_attribute(stray, "add_done_callback");
    g->count += g->stray.tag == AL_ABSENT;
    al_value_release(g->stray);
    g->stray = stray;
}

static al_value refuse_coroutine(al_value coroutine)
{
    if (al_coroutine_peek(coroutine)) {
        al_coroutine_abandon(al_coroutine_peek(coroutine));
        return al_no_value();
    }
    al_unref(al_fetch_raised()); /* close() comes first */
    al_raise_no_attribute(coroutine, "close");
    return al_no_value();
}

al_value al_task_group_create_task(al_task_group *group, al_value coroutine,
                                   const al_task_options *options)
{
    al_value task;
    al_future *future;

    if (!may_create(group))
        return refuse_coroutine(coroutine);
    task = al_create_task(group->loop, coroutine, options);
    future = al_future_peek(task);
    if (task.tag == AL_ABSENT || (future && take_in(group, future)))
        return task;
    if (future)
        al_value_release(task);
    else
        take_in_stray(group, task);
    return al_no_value();
}

/* -- entering ------------------------------------------------------------- */

static bool enter(al_task_group *g)
{
    al_task *parent;

    if (g->is_entered)
        return refuse(g, "has already been entered");
    if (!g->loop)
        g->loop = al_ref(al_get_running_loop());
    if (!g->loop)
        return false;
    parent = al_current_task(g->loop);
    if (!parent)
        return refuse(g, "cannot determine the parent task");
    g->parent = al_ref(parent);
    g->is_entered = true;
    return true;
}

typedef struct passage {
    al_coroutine coroutine;
    al_task_group *group;
    al_exception *raised;    /* what ended the body; or NULL */
    al_exception *propagate; /* propagate_cancellation_error; or NULL */
    bool is_waiting;
} passage;

static al_step enter_resume(al_coroutine *self, al_value sent)
{
    al_task_group *g = ((passage *)self)->group;

    if (sent.tag == AL_ABSENT || !enter(g))
        return al_step_raise();
    return al_step_return(al_take(al_ref(g)));
}

/* -- leaving -------------------------------------------------------------- */

static bool is_cancellation(const al_exception *e)
{
    return e && al_exception_is(e, &al_CancelledError);
}

static bool begin_exit(passage *p)
{
    al_task_group *g = p->group;

    g->is_exiting = true;
    if (p->raised && al_exception_passes_through(p->raised) && !g->base_error)
        g->base_error = al_ref(p->raised);
    if (is_cancellation(p->raised))
        p->propagate = al_ref(p->raised);
    return !p->raised || g->is_aborting || abort_all(g);
}

/* The wait was cancelled: from outside, or by the group's own request. */
static bool note_cancellation(passage *p)
{
    al_exception *e;

    if (!is_cancellation(al_peek_raised()))
        return false;
    e = al_fetch_raised();
    if (p->group->is_aborting) {
        al_unref(e);
        return true;
    }
    al_unref(p->propagate);
    p->propagate = e;
    return abort_all(p->group);
}

static bool raise_group(al_task_group *g)
{
    al_value message = al_str_new("unhandled errors in a TaskGroup");
    al_exception *e =
        al_exception_group_new(message, g->errors, g->error_count);

    al_value_release(message);
    e->suppress_context = true; /* from None */
    return al_raise_take(e);
}

/* What comes of it all.  False: raised. */
static bool conclude(passage *p)
{
    al_task_group *g = p->group;

    if (g->base_error)
        return al_raise_take(al_ref(g->base_error));
    if (g->has_cancelled_parent && al_task_uncancel(g->parent) == 0) {
        al_unref(p->propagate);
        p->propagate = NULL;
    }
    if (p->propagate && g->error_count == 0)
        return al_raise_take(al_ref(p->propagate));
    if (p->raised && !is_cancellation(p->raised))
        add_error(g, p->raised);
    if (g->error_count == 0)
        return true;
    if (al_task_cancelling(g->parent)) { /* the count stays as it is */
        al_task_uncancel(g->parent);
        if (!al_future_cancel(&g->parent->future, al_none(), NULL))
            return false;
    }
    return raise_group(g);
}

static al_step end_exit(passage *p, bool ok)
{
    ok = ok && conclude(p);
    drop_parent(p->group);
    drop_errors(p->group);
    return ok ? al_step_return(al_none()) : al_step_raise();
}

static al_step wait_for_members(passage *p)
{
    al_task_group *g = p->group;

    if (!g->completed)
        g->completed = al_future_new(g->loop);
    p->is_waiting = true;
    return al_step_await(al_take(al_ref(g->completed)));
}

static al_step exit_resume(al_coroutine *self, al_value sent)
{
    passage *p = (passage *)self;
    bool ok = sent.tag != AL_ABSENT;

    if (p->is_waiting) {
        ok = ok || note_cancellation(p);
        if (ok)
            drop_completed(p->group);
    } else {
        ok = ok && begin_exit(p);
    }
    return ok && p->group->count > 0 ? wait_for_members(p) : end_exit(p, ok);
}

static void passage_release(al_coroutine *self)
{
    passage *p = (passage *)self;

    al_unref(p->group);
    al_unref(p->raised);
    al_unref(p->propagate);
}

static void each_member(const al_coroutine *self, al_future_visitor *visit,
                        void *context)
{
    const member *m = ((const passage *)self)->group->first;

    for (; m; m = m->next)
        visit(context, m->task);
}

static const char *const *exit_inside(const al_coroutine *self)
{
    static const char *const names[] = {"TaskGroup._aexit", NULL};

    (void)self;
    return names;
}

static const al_coroutine_ops enter_ops = {
    .name = "TaskGroup.__aenter__",
    .resume = enter_resume,
    .release = passage_release,
};

static const al_coroutine_ops exit_ops = {
    .name = "TaskGroup.__aexit__",
    .resume = exit_resume,
    .release = passage_release,
    .each_awaited = each_member,
    .several = "TaskGroup",
    .inside = exit_inside,
};

static al_coroutine *new_passage(const al_coroutine_ops *ops,
                                 al_task_group *group, al_exception *raised)
{
    passage *p = al_coroutine_new(ops, sizeof *p);

    p->group = al_ref(group);
    p->raised = al_ref(raised);
    return &p->coroutine;
}

al_coroutine *al_task_group_aenter(al_task_group *group)
{
    return new_passage(&enter_ops, group, NULL);
}

al_coroutine *al_task_group_aexit(al_task_group *group, al_exception *raised)
{
    return new_passage(&exit_ops, group, raised);
}
