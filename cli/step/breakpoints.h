/* breakpoints.h - conditions to stop at. */
#ifndef AL_STEP_BREAKPOINTS_H
#define AL_STEP_BREAKPOINTS_H

#include "cli/step/condition.h"
#include "cli/tui/arrival.h"
#include "sim/trace/history.h"

typedef struct al_breakpoint {
    unsigned number; /* from 1; never given again: but those of another list,
                        as of one that is loaded, begin at 1, too */
    char *text;
    al_condition *condition;
    bool is_watch;   /* it stops where the condition's value changes */
    bool is_disabled;
    uint64_t hits;
    const al_history *shown_of;  /* of a watch: its value at the position */
    uint64_t shown_at;           /* before this one of that history, */
    uint64_t shown_loop;         /* for that loop */
    al_condition_value before;
} al_breakpoint;

typedef struct al_breakpoints { /* zero-initialise */
    al_breakpoint *items;
    size_t count, capacity;
    unsigned latest; /* number */
} al_breakpoints;

void al_breakpoints_release(al_breakpoints *breakpoints);

/* Its number.  0: it is no condition, which is told as al_condition_parse tells
 * it, or the same everywhere; or, for a watch, nothing that has a value at
 * every event, as heap and task 'w1'.awaits have. */
unsigned al_breakpoints_add(al_breakpoints *breakpoints, const char *text,
                            bool is_watch, al_history *history,
                            al_error *err);

/* NULL: there is none of that number. */
al_breakpoint *al_breakpoints_find(al_breakpoints *breakpoints,
                                   unsigned number);

/* number 0: all of them.  False: there is none. */
bool al_breakpoints_delete(al_breakpoints *breakpoints, unsigned number);
bool al_breakpoints_disable(al_breakpoints *breakpoints, unsigned number,
                            bool is_disabled);

/* A run is another one now: what watches were in it is not so.  forgets_hits:
 * none was hit in it yet, as after gdb's "run". */
void al_breakpoints_begin_anew(al_breakpoints *breakpoints, bool forgets_hits);

typedef struct al_breakpoint_walk {
    uint64_t loop;  /* the one that is watched */
    bool is_back;
    uint64_t bound; /* a position to go no further than: UINT64_MAX, or 0 on
                       the way back: there is none */
    const al_patience *patience; /* NULL: it never ends */
} al_breakpoint_walk;

/* Go to where one stops, counting it as hit: that one.  Not there: none did,
 * and it is at the bound, or where the trace ends or begins.  Given up: it
 * stays where it was. */
al_arrival al_breakpoints_continue(al_breakpoints *breakpoints,
                                   al_history *history,
                                   const al_breakpoint_walk *walk,
                                   const al_breakpoint **hit);

/* Look up what the watches were at the position before, for those of which it
 * is not known. */
void al_breakpoints_look_before(al_breakpoints *breakpoints,
                                al_history *history, uint64_t loop);

/* The value of a watch after an event; NULL: where none has happened. */
al_condition_value al_watch_value(const al_breakpoint *watch,
                                  const al_event *event,
                                  const al_state *state, uint64_t loop);

#endif
