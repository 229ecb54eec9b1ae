/* barrier.c - asyncio.Barrier; see barrier.h.
 *
 * All waiting is the condition's: for the barrier to be neither draining nor
 * resetting, and then for it to be no longer filling.  Whoever leaves last
 * opens it for the next round. */
#include "loop/sync/barrier.h"

#include "loop/object/numeric.h"

static al_barrier *barrier_of(const al_waiting *waiting)
{
    return (al_barrier *)waiting->on;
}

static void set_state(al_barrier *barrier, al_barrier_state state)
{
    barrier->state = state;
    al_primitive_changed(&barrier->primitive);
}

static void add_to_count(al_barrier *barrier, int change)
{
    barrier->count += change;
    al_primitive_changed(&barrier->primitive);
}

/* -- what is waited for --------------------------------------------------- */

static al_value is_open(void *self)
{
    const al_barrier *barrier = self;

    return al_bool(barrier->state != AL_BARRIER_DRAINING &&
                   barrier->state != AL_BARRIER_RESETTING);
}

static al_value is_not_filling(void *self)
{
    const al_barrier *barrier = self;

    return al_bool(barrier->state != AL_BARRIER_FILLING);
}

static al_step wait_until(al_barrier *barrier, al_value (*holds)(void *self))
{
    al_predicate predicate = {holds, al_unref, al_ref(barrier)};

    return al_step_await(
        al_take(al_condition_wait_for(barrier->condition, predicate)));
}

/* -- `async with self._cond:` --------------------------------------------- */

static al_step lock(al_barrier *barrier)
{
    return al_step_await(al_take(al_condition_acquire(barrier->condition)));
}

/* `step` is how the body ended. */
static al_step unlock(al_barrier *barrier, al_step step)
{
    al_exception *e = step.kind == AL_STEP_RAISE ? al_fetch_raised() : NULL;

    return al_step_finally(step, e, al_condition_release(barrier->condition));
}

/* -- wait ----------------------------------------------------------------- */

typedef struct barrier_wait {
    al_waiting waiting;
    enum { BEFORE, LOCKING, BLOCKED, INSIDE } at;
    int64_t index;
} barrier_wait;

static al_step break_off(const char *text)
{
    al_raise(&al_BrokenBarrierError, "%s", text);
    al_body_raises(al_peek_raised(), NULL);
    return al_step_raise();
}

/* _exit(): the last one out lets those in who wait for it to drain. */
static bool leave(al_barrier *barrier)
{
    add_to_count(barrier, -1);
    if (barrier->count > 0)
        return true;
    if (barrier->state == AL_BARRIER_RESETTING ||
        barrier->state == AL_BARRIER_DRAINING)
        set_state(barrier, AL_BARRIER_FILLING);
    return al_condition_notify_all(barrier->condition);
}

static al_step end_wait(al_barrier *barrier, al_step step)
{
    al_exception *e = step.kind == AL_STEP_RAISE ? al_fetch_raised() : NULL;

    return unlock(barrier, al_step_finally(step, e, leave(barrier)));
}

/* It drains: let all go on. */
static al_step drain(barrier_wait *w)
{
    al_barrier *barrier = barrier_of(&w->waiting);

    set_state(barrier, AL_BARRIER_DRAINING);
    return end_wait(barrier, al_condition_notify_all(barrier->condition)
                                 ? al_step_return(al_int(w->index))
                                 : al_step_raise());
}

static al_step go_inside(barrier_wait *w)
{
    al_barrier *barrier = barrier_of(&w->waiting);

    if (barrier->state == AL_BARRIER_BROKEN)
        return unlock(barrier, break_off("Barrier aborted"));
    w->index = barrier->count;
    add_to_count(barrier, 1);
    if ((double)(w->index + 1) == al_numeric_real(barrier->parties))
        return drain(w);
    w->at = INSIDE;
    return wait_until(barrier, is_not_filling);
}

static al_step go_out(barrier_wait *w, al_value sent)
{
    al_barrier *barrier = barrier_of(&w->waiting);

    if (sent.tag == AL_ABSENT)
        return end_wait(barrier, al_step_raise());
    if (barrier->state == AL_BARRIER_BROKEN ||
        barrier->state == AL_BARRIER_RESETTING)
        return end_wait(barrier, break_off("Abort or reset of barrier"));
    return end_wait(barrier, al_step_return(al_int(w->index)));
}

static al_step wait_resume(al_coroutine *self, al_value sent)
{
    barrier_wait *w = (barrier_wait *)self;
    al_barrier *barrier = barrier_of(&w->waiting);

    switch (w->at) {
    case BEFORE:
        w->at = LOCKING;
        return lock(barrier);
    case LOCKING:
        if (sent.tag == AL_ABSENT)
            break;
        w->at = BLOCKED;
        return wait_until(barrier, is_open);
    case BLOCKED:
        return sent.tag == AL_ABSENT ? unlock(barrier, al_step_raise())
                                     : go_inside(w);
    case INSIDE:
        return go_out(w, sent);
    }
    return al_step_raise();
}

static const char *const *wait_inside(const al_coroutine *self)
{
    static const char *const block[] = {"Barrier._block", NULL};
    static const char *const wait[] = {"Barrier._wait", NULL};

    switch (((const barrier_wait *)self)->at) {
    case BLOCKED:
        return block;
    case INSIDE:
        return wait;
    case BEFORE:
    case LOCKING:
        break;
    }
    return NULL;
}

static const al_coroutine_ops wait_ops = {
    .name = "Barrier.wait",
    .resume = wait_resume,
    .release = al_waiting_release,
    .inside = wait_inside,
};

al_coroutine *al_barrier_wait(al_barrier *barrier)
{
    return al_waiting_new(&wait_ops, sizeof(barrier_wait),
                          &barrier->primitive);
}

/* -- reset, abort --------------------------------------------------------- */

typedef struct barrier_change { /* made with the lock held */
    al_waiting waiting;
    bool (*change)(al_barrier *barrier);
    bool has_begun;
} barrier_change;

static bool reset(al_barrier *barrier)
{
    set_state(barrier, barrier->count > 0 ? AL_BARRIER_RESETTING
                                          : AL_BARRIER_FILLING);
    return al_condition_notify_all(barrier->condition);
}

static bool abort_it(al_barrier *barrier)
{
    set_state(barrier, AL_BARRIER_BROKEN);
    return al_condition_notify_all(barrier->condition);
}

static al_step change_resume(al_coroutine *self, al_value sent)
{
    barrier_change *c = (barrier_change *)self;
    al_barrier *barrier = barrier_of(&c->waiting);

    if (sent.tag == AL_ABSENT)
        return al_step_raise();
    if (c->has_begun)
        return unlock(barrier, c->change(barrier) ? al_step_return(al_none())
                                                  : al_step_raise());
    c->has_begun = true;
    return lock(barrier);
}

static const al_coroutine_ops reset_ops = {
    .name = "Barrier.reset",
    .resume = change_resume,
    .release = al_waiting_release,
};

static const al_coroutine_ops abort_ops = {
    .name = "Barrier.abort",
    .resume = change_resume,
    .release = al_waiting_release,
};

static al_coroutine *new_change(const al_coroutine_ops *ops,
                                al_barrier *barrier,
                                bool (*change)(al_barrier *barrier))
{
    barrier_change *c = al_waiting_new(ops, sizeof *c, &barrier->primitive);

    c->change = change;
    return &c->waiting.coroutine;
}

al_coroutine *al_barrier_reset(al_barrier *barrier)
{
    return new_change(&reset_ops, barrier, reset);
}

al_coroutine *al_barrier_abort(al_barrier *barrier)
{
    return new_change(&abort_ops, barrier, abort_it);
}

/* -- `async with barrier:` ------------------------------------------------ */

typedef struct barrier_enter {
    al_waiting waiting;
    bool has_begun;
} barrier_enter;

static al_step enter_resume(al_coroutine *self, al_value sent)
{
    barrier_enter *e = (barrier_enter *)self;

    if (sent.tag == AL_ABSENT)
        return al_step_raise();
    if (e->has_begun)
        return al_step_return(al_value_dup(sent));
    e->has_begun = true;
    return al_step_await(al_take(al_barrier_wait(barrier_of(&e->waiting))));
}

static al_step exit_resume(al_coroutine *self, al_value sent)
{
    (void)self;
    (void)sent;
    return al_step_return(al_none());
}

static const al_coroutine_ops enter_ops = {
    .name = "Barrier.__aenter__",
    .resume = enter_resume,
    .release = al_waiting_release,
};

static const al_coroutine_ops exit_ops = {
    .name = "Barrier.__aexit__",
    .resume = exit_resume,
    .release = al_waiting_release,
};

al_coroutine *al_barrier_enter(al_barrier *barrier)
{
    return al_waiting_new(&enter_ops, sizeof(barrier_enter),
                          &barrier->primitive);
}

al_coroutine *al_barrier_exit(al_barrier *barrier)
{
    return al_waiting_new(&exit_ops, sizeof(al_waiting), &barrier->primitive);
}

/* -- the object ----------------------------------------------------------- */

int64_t al_barrier_n_waiting(const al_barrier *barrier)
{
    return barrier->state == AL_BARRIER_FILLING ? barrier->count : 0;
}

bool al_barrier_is_broken(const al_barrier *barrier)
{
    return barrier->state == AL_BARRIER_BROKEN;
}

static void add_state(const al_primitive *primitive, al_text *out)
{
    static const char *const names[] = {"filling", "draining", "resetting",
                                        "broken"};
    const al_barrier *barrier = (const al_barrier *)primitive;

    al_text_add(out, names[barrier->state]);
    if (al_barrier_is_broken(barrier))
        return;
    al_text_add_format(out, ", waiters:%lld/",
                       (long long)al_barrier_n_waiting(barrier));
    al_value_repr(barrier->parties, out);
}

static void release(al_primitive *primitive)
{
    al_primitive_disown(&((al_barrier *)primitive)->condition->primitive);
}

const al_type al_barrier_type =
    AL_PRIMITIVE_TYPE("Barrier", al_primitive_repr);

static const al_primitive_kind barrier_kind = {
    .type = &al_barrier_type,
    .add_state = add_state,
    .release = release,
};

al_barrier *al_barrier_new(al_value parties)
{
    al_barrier *barrier;

    if (!al_check_numeric(parties, "<", "int"))
        return NULL;
    if (al_numeric_real(parties) < 1) {
        al_raise(&al_ValueError, "parties must be >= 1");
        return NULL;
    }
    barrier = al_primitive_new(&barrier_kind, sizeof *barrier, NULL);
    barrier->condition = al_condition_new(NULL, &barrier->primitive);
    barrier->parties = parties;
    return barrier;
}
