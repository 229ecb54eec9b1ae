/* align.h - two traces, aligned by cause: what is the same in both, and where
 * do they part?
 *
 * A handle is the same in both if the same callback scheduled it, as the same
 * of its doings; a task's step, if it is the same step of the same task.  So
 * ids may be shifted, and a callback may run in another turn.  Events come
 * from both sides by turns; what has found its counterpart is forgotten, and
 * what has not is kept up to a window: beyond it, it has none.
 *
 * What is compared of each callback that ran: what it did, when and how long
 * it ran, and before whom on its loop.  Of the loop's own work (the lengths of
 * its queues, compactions of the heap, select's timeouts) only how it is up to
 * the first parting, for beyond that it follows from the callbacks. */
#ifndef AL_ANALYSIS_ALIGN_H
#define AL_ANALYSIS_ALIGN_H

#include <stdbool.h>
#include <stddef.h>
#include "sim/analysis/partings.h"

typedef struct al_align al_align;

enum { /* what may be ignored */
    AL_IGNORE_TIMES = 1, /* of events, deadlines and durations */
    AL_IGNORE_ORDER = 2, /* of callbacks that do the same in both */
    AL_IGNORE_LOGS = 4,  /* their texts */
    AL_IGNORE_ARGS = 8,  /* of callbacks */
    AL_IGNORE_NAMES = 16 /* of tasks */
};

enum { AL_ALIGN_WINDOW = 1 << 18 }; /* events; its default */

typedef struct al_align_options {
    bool strict;      /* detail events too, and how loops interleave */
    unsigned ignored; /* AL_IGNORE_… */
    size_t window;    /* events kept; 0: the default */

    /* Told which event of one side is which of the other, by their numbers
     * from 1; 0: it has none.  Not of detail events, nor of the loop's own
     * work.  `root`: where it is not as it is in both, the number of the
     * parting that is, or that it follows from; else 0.  NULL: nobody asks. */
    void (*match)(void *self, uint64_t left, uint64_t right, uint32_t root);
    void *self;
} al_align_options;

typedef struct al_outcome_change { /* of a task, or (task 0) the program */
    uint64_t task[2];           /* 0: not there */
    char *name, *label;         /* coroutine; of the left where it is there */
    char *outcomes[2];          /* "result 1"; NULL: it did not end */
} al_outcome_change;

typedef struct al_log_change {
    al_side side;
    double time;
    char *level, *text;         /* level: NULL is the program's own */
} al_log_change;

enum { AL_ALIGN_LISTED = 20 }; /* outcomes and logs that are kept */

typedef struct al_align_side {
    uint64_t events;            /* that count */
    uint64_t turns, runs;
    double time;                /* of its last event */
    bool has_end;               /* the program's end was told */
} al_align_side;

typedef struct al_align_result { /* borrowed from the alignment */
    al_partings partings;
    al_align_side sides[2];
    al_outcome_change outcomes[AL_ALIGN_LISTED];
    size_t outcome_count;
    uint64_t more_outcomes;
    al_log_change logs[AL_ALIGN_LISTED];
    size_t log_count;
    uint64_t more_logs;
    uint64_t same;              /* callbacks that were the same in both */
    uint64_t alone[2];          /* that ran on one side alone */
    uint64_t shifted;           /* that ran at another time */
    uint64_t given_up;          /* for which no counterpart was found within
                                   the window */
    bool is_order_cut;          /* the order of callbacks that were thousands
                                   apart was not compared */
    bool is_interleaved;        /* loops took turns otherwise; nothing else */
} al_align_result;

al_align *al_align_new(const al_align_options *options); /* NULL: defaults */
void al_align_free(al_align *align);

/* Which side it would have an event of next. */
al_side al_align_wants(const al_align *align);
void al_align_add(al_align *align, al_side side, const al_event *event);
void al_align_end(al_align *align, al_side side); /* it has no more */

/* Both have ended. */
const al_align_result *al_align_finish(al_align *align);

/* Is there any difference, of those that are not ignored? */
bool al_align_differs(const al_align *align);

#endif
