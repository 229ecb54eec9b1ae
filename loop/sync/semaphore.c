/* semaphore.c - asyncio.Semaphore; see semaphore.h.
 *
 * Who wakes a waiter takes one from the value on its behalf: the waiter has
 * acquired when its future is done.  So one that is cancelled just then must
 * give it back, and let the next one have it. */
#include "loop/sync/semaphore.h"

#include "loop/object/numeric.h"

static al_semaphore *semaphore_of(al_primitive *primitive)
{
    return (al_semaphore *)primitive;
}

/* False: raised, it would be too large. */
static bool add_to_value(al_semaphore *semaphore, int change)
{
    if (!al_numeric_add(&semaphore->value, change))
        return false;
    al_primitive_changed(&semaphore->primitive);
    return true;
}

/* _wake_up_next(); *woken: was there one?  False: raised. */
static bool wake_up_next(al_semaphore *semaphore, bool *woken)
{
    al_future *next = al_waiters_peek_pending(&semaphore->primitive.waiters);

    *woken = next != NULL;
    if (!next)
        return true;
    return add_to_value(semaphore, -1) &&
           al_future_set_result(next, al_bool(true));
}

bool al_semaphore_is_locked(const al_semaphore *semaphore)
{
    return al_numeric_real(semaphore->value) == 0 ||
           !al_waiters_all_cancelled(&semaphore->primitive.waiters);
}

/* -- acquire -------------------------------------------------------------- */

/* New waiters may have queued up behind one that is done. */
static bool wake_up_many(al_semaphore *semaphore)
{
    bool woken = true;

    while (al_numeric_real(semaphore->value) > 0 && woken) {
        if (!wake_up_next(semaphore, &woken))
            return false;
    }
    return true;
}

static al_step end_acquire(al_waiting *waiting, al_value sent)
{
    al_semaphore *semaphore = semaphore_of(waiting->on);
    const al_future *waiter = waiting->waiter;
    al_exception *e = sent.tag == AL_ABSENT ? al_fetch_raised() : NULL;
    bool ok = true;

    al_waiting_end(waiting, &semaphore->primitive.waiters);
    if (e && al_exception_is(e, &al_CancelledError) &&
        al_future_done(waiter) && !al_future_cancelled(waiter))
        ok = add_to_value(semaphore, 1);
    return al_step_finally(al_step_return(al_bool(true)), e,
                           ok && wake_up_many(semaphore));
}

static al_step acquire_resume(al_coroutine *self, al_value sent)
{
    al_waiting *waiting = (al_waiting *)self;
    al_semaphore *semaphore = semaphore_of(waiting->on);

    if (waiting->waiter)
        return end_acquire(waiting, sent);
    if (al_semaphore_is_locked(semaphore))
        return al_waiting_begin(waiting, &semaphore->primitive.waiters);
    return add_to_value(semaphore, -1) ? al_step_return(al_bool(true))
                                       : al_step_raise();
}

static const al_coroutine_ops acquire_ops = {
    .name = "Semaphore.acquire",
    .resume = acquire_resume,
    .release = al_waiting_release,
    .waits_in = al_waiting_waits_in,
};

al_coroutine *al_semaphore_acquire(al_semaphore *semaphore)
{
    return al_waiting_new(&acquire_ops, sizeof(al_waiting),
                          &semaphore->primitive);
}

/* -- the rest ------------------------------------------------------------- */

static bool is_bounded(const al_semaphore *semaphore)
{
    return semaphore->primitive.kind->type == &al_bounded_semaphore_type;
}

bool al_semaphore_release(al_semaphore *semaphore)
{
    bool woken;

    if (is_bounded(semaphore) && al_numeric_real(semaphore->value) >=
                                     al_numeric_real(semaphore->bound))
        return al_raise(&al_ValueError,
                        "BoundedSemaphore released too many times");
    return add_to_value(semaphore, 1) && wake_up_next(semaphore, &woken);
}

static al_coroutine *acquire(al_primitive *primitive)
{
    return al_semaphore_acquire(semaphore_of(primitive));
}

static bool release(al_primitive *primitive)
{
    return al_semaphore_release(semaphore_of(primitive));
}

static bool is_locked(const al_primitive *primitive)
{
    return al_semaphore_is_locked((const al_semaphore *)primitive);
}

static void add_state(const al_primitive *primitive, al_text *out)
{
    const al_semaphore *semaphore = (const al_semaphore *)primitive;

    if (is_locked(primitive)) {
        al_text_add(out, "locked");
        return;
    }
    al_text_add(out, "unlocked, value:");
    al_value_repr(semaphore->value, out);
}

static void tell_state(const al_primitive *primitive, al_text *out)
{
    al_text_add(out, "value ");
    al_value_repr(((const al_semaphore *)primitive)->value, out);
}

const al_type al_semaphore_type =
    AL_PRIMITIVE_TYPE("Semaphore", al_primitive_repr);
const al_type al_bounded_semaphore_type =
    AL_PRIMITIVE_TYPE("BoundedSemaphore", al_primitive_repr);

static const al_lock_ops lock_ops = {
    .acquire = acquire,
    .release = release,
    .is_locked = is_locked,
};

static const al_primitive_kind semaphore_kind = {
    .type = &al_semaphore_type,
    .lock = &lock_ops,
    .add_state = add_state,
    .tell_state = tell_state,
};

static const al_primitive_kind bounded_kind = {
    .type = &al_bounded_semaphore_type,
    .lock = &lock_ops,
    .add_state = add_state,
    .tell_state = tell_state,
};

static al_semaphore *new_kind(const al_primitive_kind *kind, al_value value)
{
    al_semaphore *semaphore;

    if (!al_check_numeric(value, "<", "int"))
        return NULL;
    if (al_numeric_real(value) < 0) {
        al_raise(&al_ValueError, "Semaphore initial value must be >= 0");
        return NULL;
    }
    semaphore = al_primitive_new(kind, sizeof *semaphore, NULL);
    semaphore->value = semaphore->bound = value;
    return semaphore;
}

al_semaphore *al_semaphore_new(al_value value)
{
    return new_kind(&semaphore_kind, value);
}

al_semaphore *al_bounded_semaphore_new(al_value value)
{
    return new_kind(&bounded_kind, value);
}
