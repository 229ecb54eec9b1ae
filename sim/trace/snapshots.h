/* snapshots.h - an observer that shows all there is at every iteration.
 *
 * It passes every event on to the next observer, and after each ITERATION
 * adds a SNAPSHOT event with the heap's array, the ready deque, what each
 * pending task of the loop does, and who waits in which lock or queue.  It
 * folds the events to know them, so it serves a recorded trace as well. */
#ifndef AL_TRACE_SNAPSHOTS_H
#define AL_TRACE_SNAPSHOTS_H

#include "loop/core/event.h"

typedef struct al_snapshots al_snapshots;

al_snapshots *al_snapshots_new(al_observer next);
al_observer al_snapshots_observer(al_snapshots *snapshots);
void al_snapshots_free(al_snapshots *snapshots);

#endif
