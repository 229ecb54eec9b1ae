/* context_manager.c - see context_manager.h. */
#include "loop/sync/context_manager.h"

typedef struct entering {
    al_waiting waiting;
    bool has_begun;
} entering;

static al_step enter_resume(al_coroutine *self, al_value sent)
{
    entering *e = (entering *)self;
    al_primitive *lock = e->waiting.on;

    if (sent.tag == AL_ABSENT)
        return al_step_raise();
    if (e->has_begun)
        return al_step_return(al_none());
    e->has_begun = true;
    return al_step_await(al_take(lock->kind->lock->acquire(lock)));
}

static al_step exit_resume(al_coroutine *self, al_value sent)
{
    al_primitive *lock = ((al_waiting *)self)->on;

    (void)sent;
    return lock->kind->lock->release(lock) ? al_step_return(al_none())
                                           : al_step_raise();
}

static const al_coroutine_ops enter_ops = {
    .name = "_ContextManagerMixin.__aenter__",
    .resume = enter_resume,
    .release = al_waiting_release,
};

static const al_coroutine_ops exit_ops = {
    .name = "_ContextManagerMixin.__aexit__",
    .resume = exit_resume,
    .release = al_waiting_release,
};

al_coroutine *al_primitive_enter(al_primitive *lock)
{
    return al_waiting_new(&enter_ops, sizeof(entering), lock);
}

al_coroutine *al_primitive_exit(al_primitive *lock)
{
    return al_waiting_new(&exit_ops, sizeof(al_waiting), lock);
}
