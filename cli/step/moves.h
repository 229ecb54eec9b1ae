/* moves.h - what there is between a position and the next one. */
#ifndef AL_STEP_MOVES_H
#define AL_STEP_MOVES_H

#include "cli/tui/arrival.h"
#include "cli/tui/thing.h"
#include "sim/trace/history.h"

typedef enum al_move_kind {
    AL_MOVE_EVENT,
    AL_MOVE_CALLBACK,  /* one that begins to run */
    AL_MOVE_PHASE,
    AL_MOVE_ITERATION,
    AL_MOVE_TOUCH      /* an event that concerns a thing */
} al_move_kind;

typedef struct al_step_move {
    al_move_kind kind;
    al_thing thing;  /* for AL_MOVE_TOUCH */
    uint64_t loop;   /* the loop that is watched */
    uint64_t count;  /* so many times */
    bool is_back;
} al_step_move;

/* All of them give up where the patience, which may be NULL, ends. */

/* Where there is no such place any more, or it was given up, it stays at the
 * last: `moved`, so many times it could. */
al_arrival al_move(al_history *history, const al_step_move *move,
                   const al_patience *patience, uint64_t *moved);

/* Go to a position, reading on as far as it takes.  Not there: it is beyond the
 * end, where it is now.  Given up: it stays where it was. */
al_arrival al_go_to(al_history *history, uint64_t position,
                    const al_patience *patience);

/* Go to the end, or as far as there is something without waiting for whoever
 * writes the trace.  Given up: it stays where it was. */
al_arrival al_go_to_end(al_history *history, const al_patience *patience);

/* Go on, or back, to where the search stops; where it does not so often as is
 * asked for, to the last such place, and where there is none, to `at`. */
al_arrival al_seek(al_history *history, al_history_search *search,
                   bool is_back, uint64_t at);

/* Go to the event's cause: of a callback that begins the event that scheduled
 * it, of any other the beginning of the callback that did it.  Where it does
 * not arrive it stays where it was. */
al_arrival al_go_to_cause(al_history *history, const al_patience *patience);

/* The same the other way: to the first that the event is the cause of. */
al_arrival al_go_to_effect(al_history *history, const al_patience *patience);

#endif
