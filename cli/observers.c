/* observers.c - see observers.h. */
#include "cli/observers.h"

#include <assert.h>

static void emit_to_all(void *self, const al_event *event)
{
    const al_fanout *fanout = self;

    for (unsigned i = 0; i < fanout->count; i++)
        al_observer_emit(fanout->to[i], event);
}

static const al_observer_ops fanout_ops = {
    .emit = emit_to_all,
};

void al_fanout_add(al_fanout *fanout, al_observer observer)
{
    assert(fanout->count < AL_FANOUT_MAX);
    fanout->to[fanout->count++] = observer;
}

al_observer al_fanout_observer(al_fanout *fanout)
{
    if (fanout->count == 0)
        return (al_observer){0};
    if (fanout->count == 1)
        return fanout->to[0];
    return (al_observer){&fanout_ops, fanout};
}
