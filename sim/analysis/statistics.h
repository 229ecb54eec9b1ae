/* statistics.h - what a run's figures are: how long, how late, how often.
 *
 * A fold over events, as the state is, which it holds.  Memory stays within
 * that of the state, and of the names of callbacks and coroutines. */
#ifndef AL_ANALYSIS_STATISTICS_H
#define AL_ANALYSIS_STATISTICS_H

#include "sim/analysis/histogram.h"
#include "sim/analysis/series.h"
#include "sim/trace/state.h"

typedef enum al_time_use { /* what a loop's time went to */
    AL_TIME_SELECT,        /* it waited, or looked */
    AL_TIME_RUN,           /* callbacks ran */
    AL_TIME_OTHER,         /* the loop's own work in a turn */
    AL_TIME_OUTSIDE,       /* it was not running */
    AL_TIME_USES
} al_time_use;

typedef struct al_spread { /* what is asked of all callbacks, and of each */
    al_histogram late;     /* timers: from when they were due to their run */
    al_histogram ready;    /* how long a handle stood in ready */
    al_histogram ran;      /* how long a callback ran */
} al_spread;

typedef struct al_callback_statistics {
    const char *name;   /* of a callback; of steps, of the coroutine */
    bool is_coroutine;
    al_spread spread;
} al_callback_statistics;

typedef struct al_task_statistics {
    uint64_t id;
    char *name;         /* NULL: not told */
    char *coroutine;    /* the same */
    uint64_t steps;
    double ran, longest; /* all its steps; the longest of them */
    double since, until; /* from its creation to its end; until is NaN while
                            it is pending */
} al_task_statistics;

typedef struct al_late_timer {
    uint64_t handle;
    const char *callback;
    double when, ran_at;
} al_late_timer;

typedef struct al_long_run { /* of a callback */
    uint64_t handle, task;   /* task: that it stepped; 0: none */
    const char *callback;    /* the coroutine's name for a step */
    double at, duration;
} al_long_run;

typedef struct al_outcomes {
    uint64_t created, results, exceptions, cancelled;
} al_outcomes;

enum { AL_STATISTICS_TOP = 10 };

typedef struct al_statistics {
    al_state *state;
    double started, ended;           /* times of the first and last event */
    double uses[AL_TIME_USES];       /* seconds, of all loops */
    al_spread all;
    al_histogram turn;               /* from the end of select to the next
                                        turn */
    al_series ready, scheduled;      /* their lengths, as turns and
                                        callbacks begin */
    al_outcomes tasks, futures;
    uint64_t task_cancels, deadlocks;
    char *error;                     /* "ValueError: boom", which ended the
                                        program; NULL: none did */
    al_callback_statistics **callbacks; /* by the first run */
    size_t callback_count;
    al_late_timer late[AL_STATISTICS_TOP];         /* the latest first */
    al_long_run long_runs[AL_STATISTICS_TOP];      /* the longest first */
    al_task_statistics busiest[AL_STATISTICS_TOP]; /* by `ran` */
    size_t late_count, long_count, busiest_count;
    struct al_statistics_private *own;
} al_statistics;

al_statistics *al_statistics_new(void);
void al_statistics_free(al_statistics *statistics);
void al_statistics_add(al_statistics *statistics, const al_event *event);

/* There are no more events: tasks that are pending are counted, too. */
void al_statistics_finish(al_statistics *statistics);

#endif
