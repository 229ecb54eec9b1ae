/* event.h - asyncio.Event: a flag that can be waited for.
 *
 * Not to be mistaken for loop/core/event.h, whose events are what a loop
 * tells of itself; hence the name al_sync_event. */
#ifndef AL_SYNC_EVENT_H
#define AL_SYNC_EVENT_H

#include "loop/sync/primitive.h"

typedef struct al_sync_event {
    al_primitive primitive;
    bool is_set;
} al_sync_event;

extern const al_type al_sync_event_type;

/* asyncio.Event(); owner: whose part it is, or NULL. */
al_sync_event *al_sync_event_new(al_primitive *owner);

al_coroutine *al_sync_event_wait(al_sync_event *event); /* returns True */
bool al_sync_event_set(al_sync_event *event); /* false: raised (the loop is
                                                 closed) */
void al_sync_event_clear(al_sync_event *event);

#endif
