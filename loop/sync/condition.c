/* condition.c - asyncio.Condition; see condition.h.
 *
 * Whatever ends a wait, the lock is taken again first: a cancellation that
 * arrives meanwhile is kept, and raised when the lock is there.  And since
 * who raises may have been notified before, it notifies another one. */
#include "loop/sync/condition.h"

#include "loop/sync/lock.h"

/* -- the lock ------------------------------------------------------------- */

al_coroutine *al_condition_acquire(al_condition *condition)
{
    return condition->lock->kind->lock->acquire(condition->lock);
}

bool al_condition_release(al_condition *condition)
{
    return condition->lock->kind->lock->release(condition->lock);
}

bool al_condition_is_locked(const al_condition *condition)
{
    return condition->lock->kind->lock->is_locked(condition->lock);
}

/* -- notify --------------------------------------------------------------- */

/* _notify(n) */
static bool wake_up(al_condition *condition, int64_t n)
{
    al_future *next;

    for (; n > 0; n--) {
        next = al_waiters_peek_pending(&condition->primitive.waiters);
        if (!next)
            break;
        if (!al_future_set_result(next, al_bool(false)))
            return false;
    }
    return true;
}

bool al_condition_notify(al_condition *condition, int64_t n)
{
    if (!al_condition_is_locked(condition))
        return al_raise(&al_RuntimeError,
                        "cannot notify on un-acquired lock");
    return wake_up(condition, n);
}

bool al_condition_notify_all(al_condition *condition)
{
    return al_condition_notify(condition,
                               (int64_t)condition->primitive.waiters.count);
}

/* -- wait ----------------------------------------------------------------- */

typedef struct condition_wait {
    al_waiting waiting;
    enum { BEFORE, WAITING, LOCKING } at;
    al_exception *raised;    /* that ended the waiting; or NULL */
    al_exception *cancelled; /* the last that came while locking; or NULL */
} condition_wait;

static al_condition *condition_of(const al_waiting *waiting)
{
    return (al_condition *)waiting->on;
}

static al_step begin_wait(condition_wait *w)
{
    al_condition *condition = condition_of(&w->waiting);
    al_loop *loop;

    if (!al_condition_is_locked(condition)) {
        al_raise(&al_RuntimeError, "cannot wait on un-acquired lock");
        return al_step_raise();
    }
    loop = al_primitive_get_loop(&condition->primitive);
    if (!loop)
        return al_step_raise();
    w->waiting.waiter = al_future_new(loop); /* before the lock is released */
    if (!al_condition_release(condition))
        return al_step_raise();
    al_waiters_append(&condition->primitive.waiters, w->waiting.waiter);
    al_primitive_moved(&condition->primitive,
                       (al_move){.joined = w->waiting.waiter});
    w->at = WAITING;
    return al_step_await(al_take(al_ref(w->waiting.waiter)));
}

static al_step lock_again(condition_wait *w)
{
    w->at = LOCKING;
    return al_step_await(
        al_take(al_condition_acquire(condition_of(&w->waiting))));
}

static al_step end_wait(condition_wait *w, al_value sent)
{
    al_condition *condition = condition_of(&w->waiting);

    al_waiting_end(&w->waiting, &condition->primitive.waiters);
    if (sent.tag == AL_ABSENT)
        w->raised = al_fetch_raised();
    return lock_again(w);
}

/* `except BaseException: self._notify(1); raise` */
static al_step pass_on(condition_wait *w, al_exception *e)
{
    return al_step_reraise(e, wake_up(condition_of(&w->waiting), 1));
}

static al_step fail_locking(condition_wait *w)
{
    al_exception *e = al_fetch_raised();

    al_body_raises(e, w->raised);
    if (!al_exception_is(e, &al_CancelledError))
        return pass_on(w, e);
    al_unref(w->cancelled);
    w->cancelled = e;
    return lock_again(w);
}

static al_step finish_wait(condition_wait *w)
{
    if (w->cancelled) {
        al_body_raises(w->cancelled, w->raised);
        return pass_on(w, al_ref(w->cancelled));
    }
    return w->raised ? pass_on(w, al_ref(w->raised))
                     : al_step_return(al_bool(true));
}

static al_step wait_resume(al_coroutine *self, al_value sent)
{
    condition_wait *w = (condition_wait *)self;

    if (w->at == BEFORE)
        return begin_wait(w);
    if (w->at == WAITING)
        return end_wait(w, sent);
    return sent.tag == AL_ABSENT ? fail_locking(w) : finish_wait(w);
}

static void wait_release(al_coroutine *self)
{
    condition_wait *w = (condition_wait *)self;

    al_unref(w->raised);
    al_unref(w->cancelled);
    al_waiting_release(self);
}

static const al_coroutine_ops wait_ops = {
    .name = "Condition.wait",
    .resume = wait_resume,
    .release = wait_release,
    .waits_in = al_waiting_waits_in,
};

al_coroutine *al_condition_wait(al_condition *condition)
{
    return al_waiting_new(&wait_ops, sizeof(condition_wait),
                          &condition->primitive);
}

/* -- wait_for ------------------------------------------------------------- */

typedef struct condition_wait_for {
    al_waiting waiting;
    al_predicate predicate;
} condition_wait_for;

static al_step wait_for_resume(al_coroutine *self, al_value sent)
{
    condition_wait_for *w = (condition_wait_for *)self;
    al_value answer;
    bool is_true;

    if (sent.tag == AL_ABSENT)
        return al_step_raise();
    answer = w->predicate.call(w->predicate.self);
    if (answer.tag == AL_ABSENT)
        return al_step_raise();
    is_true = al_value_truth(answer);
    if (is_true && !al_peek_raised())
        return al_step_return(answer);
    al_value_release(answer);
    if (al_peek_raised())
        return al_step_raise();
    return al_step_await(
        al_take(al_condition_wait(condition_of(&w->waiting))));
}

static void wait_for_release(al_coroutine *self)
{
    condition_wait_for *w = (condition_wait_for *)self;

    if (w->predicate.release)
        w->predicate.release(w->predicate.self);
    al_waiting_release(self);
}

static const al_coroutine_ops wait_for_ops = {
    .name = "Condition.wait_for",
    .resume = wait_for_resume,
    .release = wait_for_release,
};

al_coroutine *al_condition_wait_for(al_condition *condition,
                                    al_predicate predicate)
{
    condition_wait_for *w = al_waiting_new(&wait_for_ops, sizeof *w,
                                           &condition->primitive);

    w->predicate = predicate;
    return &w->waiting.coroutine;
}

/* -- the object ----------------------------------------------------------- */

static al_coroutine *acquire(al_primitive *primitive)
{
    return al_condition_acquire((al_condition *)primitive);
}

static bool release_lock(al_primitive *primitive)
{
    return al_condition_release((al_condition *)primitive);
}

static bool is_locked(const al_primitive *primitive)
{
    return al_condition_is_locked((const al_condition *)primitive);
}

static void add_state(const al_primitive *primitive, al_text *out)
{
    al_text_add(out, is_locked(primitive) ? "locked" : "unlocked");
}

static void release(al_primitive *primitive)
{
    al_primitive *lock = ((al_condition *)primitive)->lock;

    if (lock->owner == primitive)
        al_primitive_disown(lock);
    else
        al_unref(lock);
}

const al_type al_condition_type =
    AL_PRIMITIVE_TYPE("Condition", al_primitive_repr);

static const al_lock_ops lock_ops = {
    .acquire = acquire,
    .release = release_lock,
    .is_locked = is_locked,
};

static const al_primitive_kind condition_kind = {
    .type = &al_condition_type,
    .lock = &lock_ops,
    .add_state = add_state,
    .release = release,
};

al_condition *al_condition_new(al_primitive *lock, al_primitive *owner)
{
    al_condition *condition =
        al_primitive_new(&condition_kind, sizeof *condition, owner);

    condition->lock = lock ? al_ref(lock)
                           : &al_lock_new(&condition->primitive)->primitive;
    return condition;
}
