/* observers.h - letting several watch one run. */
#ifndef AL_OBSERVERS_H
#define AL_OBSERVERS_H

#include "loop/core/event.h"

enum { AL_FANOUT_MAX = 4 };

typedef struct al_fanout { /* zero-initialise; hands each event to all */
    al_observer to[AL_FANOUT_MAX];
    unsigned count;
} al_fanout;

void al_fanout_add(al_fanout *fanout, al_observer observer);

/* What the run should be given: nothing, the only one, or the fanout. */
al_observer al_fanout_observer(al_fanout *fanout);

#endif
