/* lock.c - asyncio.Lock; see lock.h.
 *
 * release() frees the lock and wakes the first waiter, which takes it once
 * its task runs.  In between the lock looks free, but nobody else gets it:
 * while a waiter is left that was not cancelled, newcomers queue up. */
#include "loop/sync/lock.h"

#include "loop/core/policy.h"
#include "loop/task/task.h"

static al_lock *lock_of(al_primitive *primitive)
{
    return (al_lock *)primitive;
}

/* The task that is being stepped; 0: none. */
static uint64_t current_task(void)
{
    al_loop *loop = al_peek_running_loop();
    const al_task *task = loop ? al_current_task(loop) : NULL;

    return task ? task->future.id : 0;
}

static void set_locked(al_lock *lock, bool is_locked)
{
    lock->is_locked = is_locked;
    lock->holder = is_locked ? current_task() : 0;
    al_primitive_changed(&lock->primitive);
}

/* _wake_up_first(): one that is done already is on its way. */
static bool wake_up_first(al_lock *lock)
{
    al_waiters *waiters = &lock->primitive.waiters;
    al_future *first =
        waiters->count > 0 ? al_waiters_peek(waiters, 0) : NULL;

    return !first || al_future_done(first) ||
           al_future_set_result(first, al_bool(true));
}

/* -- acquire -------------------------------------------------------------- */

static al_step take(al_lock *lock)
{
    set_locked(lock, true);
    return al_step_return(al_bool(true));
}

static al_step give_up(al_lock *lock)
{
    al_exception *e = al_fetch_raised();

    if (al_exception_is(e, &al_CancelledError) && !lock->is_locked)
        return al_step_reraise(e, wake_up_first(lock));
    return al_step_reraise(e, true);
}

static al_step acquire_resume(al_coroutine *self, al_value sent)
{
    al_waiting *waiting = (al_waiting *)self;
    al_lock *lock = lock_of(waiting->on);
    al_waiters *waiters = &lock->primitive.waiters;

    if (!waiting->waiter) {
        if (!lock->is_locked && al_waiters_all_cancelled(waiters))
            return take(lock);
        return al_waiting_begin(waiting, waiters);
    }
    al_waiting_end(waiting, waiters);
    return sent.tag == AL_ABSENT ? give_up(lock) : take(lock);
}

static const al_coroutine_ops acquire_ops = {
    .name = "Lock.acquire",
    .resume = acquire_resume,
    .release = al_waiting_release,
    .waits_in = al_waiting_waits_in,
};

al_coroutine *al_lock_acquire(al_lock *lock)
{
    return al_waiting_new(&acquire_ops, sizeof(al_waiting), &lock->primitive);
}

/* -- the rest ------------------------------------------------------------- */

bool al_lock_release(al_lock *lock)
{
    if (!lock->is_locked)
        return al_raise(&al_RuntimeError, "Lock is not acquired.");
    set_locked(lock, false);
    return wake_up_first(lock);
}

bool al_lock_is_locked(const al_lock *lock)
{
    return lock->is_locked;
}

static void add_state(const al_primitive *primitive, al_text *out)
{
    al_text_add(out, ((const al_lock *)primitive)->is_locked ? "locked"
                                                             : "unlocked");
}

static al_coroutine *acquire(al_primitive *primitive)
{
    return al_lock_acquire(lock_of(primitive));
}

static bool release(al_primitive *primitive)
{
    return al_lock_release(lock_of(primitive));
}

static bool is_locked(const al_primitive *primitive)
{
    return ((const al_lock *)primitive)->is_locked;
}

const al_type al_lock_type = AL_PRIMITIVE_TYPE("Lock", al_primitive_repr);

static uint64_t holder(const al_primitive *primitive)
{
    return ((const al_lock *)primitive)->holder;
}

static const al_lock_ops lock_ops = {acquire, release, is_locked, holder};

static const al_primitive_kind lock_kind = {
    .type = &al_lock_type,
    .lock = &lock_ops,
    .add_state = add_state,
};

al_lock *al_lock_new(al_primitive *owner)
{
    return al_primitive_new(&lock_kind, sizeof(al_lock), owner);
}
