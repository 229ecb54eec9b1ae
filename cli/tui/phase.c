/* phase.c - see phase.h. */
#include "cli/tui/phase.h"

/* Select has returned, and handles move to ready. */
static al_phase after_select(al_event_kind kind)
{
    return kind == AL_EVENT_READY ? AL_PHASE_EVENTS
           : kind == AL_EVENT_DUE ? AL_PHASE_TIMERS
                                  : AL_PHASE_SELECT;
}

al_phase al_phase_at(const al_loop_state *loop, al_event_kind kind)
{
    switch (loop ? loop->phase : AL_LOOP_CREATED) {
    case AL_LOOP_PRUNING:
        return AL_PHASE_PRUNE;
    case AL_LOOP_SELECTING:
        return kind == AL_EVENT_SELECT ? AL_PHASE_TIMEOUT : AL_PHASE_SELECT;
    case AL_LOOP_WOKEN:
        return after_select(kind);
    case AL_LOOP_RUNNING:
        return AL_PHASE_RUN;
    default:
        return AL_PHASE_NONE;
    }
}

const char *al_phase_name(al_phase phase)
{
    static const char *const names[] = {
        "",
#define NAME(PHASE, name) name,
        AL_PHASES(NAME)
#undef NAME
    };

    return names[phase];
}
