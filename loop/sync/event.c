/* event.c - asyncio.Event; see event.h. */
#include "loop/sync/event.h"

static al_step wait_resume(al_coroutine *self, al_value sent)
{
    al_waiting *waiting = (al_waiting *)self;
    al_sync_event *event = (al_sync_event *)waiting->on;

    if (!waiting->waiter && !event->is_set)
        return al_waiting_begin(waiting, &waiting->on->waiters);
    if (waiting->waiter)
        al_waiting_end(waiting, &waiting->on->waiters);
    return sent.tag == AL_ABSENT ? al_step_raise()
                                 : al_step_return(al_bool(true));
}

static const al_coroutine_ops wait_ops = {
    .name = "Event.wait",
    .resume = wait_resume,
    .release = al_waiting_release,
    .waits_in = al_waiting_waits_in,
};

al_coroutine *al_sync_event_wait(al_sync_event *event)
{
    return al_waiting_new(&wait_ops, sizeof(al_waiting), &event->primitive);
}

/* Those woken stay among the waiters until they run. */
static bool wake_up_all(const al_waiters *waiters)
{
    for (size_t i = 0; i < waiters->count; i++) {
        al_future *future = al_waiters_peek(waiters, i);

        if (!al_future_done(future) &&
            !al_future_set_result(future, al_bool(true)))
            return false;
    }
    return true;
}

bool al_sync_event_set(al_sync_event *event)
{
    if (event->is_set)
        return true;
    event->is_set = true;
    al_primitive_changed(&event->primitive);
    return wake_up_all(&event->primitive.waiters);
}

void al_sync_event_clear(al_sync_event *event)
{
    if (!event->is_set)
        return;
    event->is_set = false;
    al_primitive_changed(&event->primitive);
}

static void add_state(const al_primitive *primitive, al_text *out)
{
    al_text_add(out, ((const al_sync_event *)primitive)->is_set ? "set"
                                                                : "unset");
}

const al_type al_sync_event_type =
    AL_PRIMITIVE_TYPE("Event", al_primitive_repr);

static const al_primitive_kind event_kind = {
    .type = &al_sync_event_type,
    .add_state = add_state,
};

al_sync_event *al_sync_event_new(al_primitive *owner)
{
    return al_primitive_new(&event_kind, sizeof(al_sync_event), owner);
}
