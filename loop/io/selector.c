/* selector.c - what every selector reports into. */
#include "loop/io/selector.h"

#include "loop/base/alloc.h"

void al_fd_events_add(al_fd_events *events, int fd, unsigned mask)
{
    events->items = al_grow(events->items, &events->capacity,
                            events->count + 1, sizeof *events->items);
    events->items[events->count++] = (al_fd_event){fd, mask};
}

void al_fd_events_release(al_fd_events *events)
{
    al_free(events->items);
    *events = (al_fd_events){0};
}
