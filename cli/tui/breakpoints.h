/* breakpoints.h - conditions to stop at. */
#ifndef AL_TUI_BREAKPOINTS_H
#define AL_TUI_BREAKPOINTS_H

#include "cli/tui/condition.h"
#include "sim/trace/history.h"

typedef struct al_breakpoint {
    unsigned number; /* from 1; never given again */
    char *text;
    al_condition *condition;
    bool is_disabled;
    uint64_t hits;
} al_breakpoint;

typedef struct al_breakpoints { /* zero-initialise */
    al_breakpoint *items;
    size_t count, capacity;
    unsigned latest; /* number */
} al_breakpoints;

void al_breakpoints_release(al_breakpoints *breakpoints);

/* 0: it is no condition. */
unsigned al_breakpoints_add(al_breakpoints *breakpoints, const char *text,
                            al_error *err);

/* NULL: there is none of that number. */
al_breakpoint *al_breakpoints_find(al_breakpoints *breakpoints,
                                   unsigned number);

/* number 0: all of them.  False: there is none. */
bool al_breakpoints_delete(al_breakpoints *breakpoints, unsigned number);

/* Go on, or back, to where one stops, counting it as hit; loop is the one that
 * is watched.  NULL: nowhere (it is at the end, or at 0), or given up. */
const al_breakpoint *al_breakpoints_continue(
    al_breakpoints *breakpoints, al_history *history, uint64_t loop,
    bool is_back, bool (*gives_up)(void *self), void *self);

#endif
