/* watchers.h - who watches a run, or a trace that is told again: the account
 * or another view, the writer of a trace, snapshots, progress. */
#ifndef AL_WATCHERS_H
#define AL_WATCHERS_H

#include "cli/account/account.h"
#include "cli/alarm.h"
#include "cli/log_lines.h"
#include "cli/observers.h"
#include "cli/progress.h"
#include "loop/core/loop.h"
#include "sim/scenario/scenario.h"
#include "sim/trace/snapshots.h"
#include "sim/trace/writer.h"

typedef struct al_subject {      /* what is watched; all is borrowed */
    const char *path;
    const char *title;           /* or NULL */
    al_loop_knobs knobs;
    double since;                /* see al_trace_header */
    const al_scenario *scenario; /* NULL: it is a trace */
} al_subject;

typedef struct al_watch_options { /* as `run` has them */
    const char *trace;     /* a file, "-": stdout; NULL: none */
    const char *format;    /* text, log, jsonl, summary; NULL: text */
    const char *color;
    uint64_t first, last;  /* iterations to be shown; 0: no bound */
    bool snapshots, quiet;
} al_watch_options;

typedef struct al_watchers { /* zero-initialise */
    al_observer observer;    /* to be given to the run */
    al_logger logger;        /* the same; NULL ops: the account tells it all */
    al_alarm alarm;
    al_trace_writer *writer;
    al_account *account;
    al_log_lines *log;
    al_snapshots *snapshots;
    al_run_progress progress;
    al_fanout fanout;
} al_watchers;

/* False: a file cannot be written. */
bool al_watchers_open(al_watchers *watchers, const al_subject *subject,
                      const al_watch_options *options, al_error *err);

/* The run has ended: write the rest.  False: not all could be written. */
bool al_watchers_finish(al_watchers *watchers, al_error *err);
void al_watchers_release(al_watchers *watchers);

#endif
