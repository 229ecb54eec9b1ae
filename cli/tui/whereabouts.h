/* whereabouts.h - a position of one run, told so that it can be found in
 * another: by its time, the iteration, and how many events of that moment came
 * before it. */
#ifndef AL_TUI_WHEREABOUTS_H
#define AL_TUI_WHEREABOUTS_H

#include "cli/tui/arrival.h"
#include "sim/trace/history.h"

typedef struct al_whereabouts {
    bool is_beginning;  /* before the first event */
    double time;        /* seconds, of the event */
    uint64_t loop;      /* whose iteration it is */
    uint64_t iteration; /* 0: that loop had none yet */
    uint64_t further;   /* events, from the first of that time and iteration */
} al_whereabouts;

/* Where the history stands, by the iterations of that loop.  It reads nothing:
 * what was before may be there no more. */
al_whereabouts al_whereabouts_of(const al_history *history, uint64_t loop);

/* Go there: to the same event of the same moment, or the last it has; where
 * there is no such iteration at that time, to what is so then: the first event
 * of that time, or the last before.  Not there: the trace does not come so
 * far, and it is at its end.  Given up: it stays where it was.  patience:
 * NULL: it never ends. */
al_arrival al_whereabouts_go(const al_whereabouts *where, al_history *history,
                             const al_patience *patience);

#endif
