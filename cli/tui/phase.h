/* phase.h - which part of _run_once a loop is in. */
#ifndef AL_TUI_PHASE_H
#define AL_TUI_PHASE_H

#include "sim/trace/state.h"

/* X(PHASE, its name in the strip) */
#define AL_PHASES(X)                                                           \
    X(PRUNE, "prune")     /* cancelled timers go */                            \
    X(TIMEOUT, "timeout") /* how long select may wait is decided */            \
    X(SELECT, "select")   /* it waits, and returns */                          \
    X(EVENTS, "events")   /* handles of fds go to ready */                     \
    X(TIMERS, "timers")   /* those that are due go to ready */                 \
    X(RUN, "run")         /* the callbacks */

typedef enum al_phase {
    AL_PHASE_NONE, /* outside an iteration */
#define AL_PHASE_ENUM(PHASE, name) AL_PHASE_##PHASE,
    AL_PHASES(AL_PHASE_ENUM)
#undef AL_PHASE_ENUM
    AL_PHASE_COUNT
} al_phase;

/* loop: NULL: there is none yet.  kind: of the latest event. */
al_phase al_phase_at(const al_loop_state *loop, al_event_kind kind);

const char *al_phase_name(al_phase phase);

#endif
