/* account.h - the readable account of a run: what `run` prints.
 *
 * An observer: it folds the events itself, so it serves a live run and a
 * recorded trace alike.  It writes to a sink, and keeps the first error of
 * writing for finish. */
#ifndef AL_ACCOUNT_H
#define AL_ACCOUNT_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include "loop/core/event.h"
#include "sim/base/sink.h"
#include "sim/scenario/ast.h"

typedef struct al_account al_account;

typedef struct al_account_options {
    const char *title;    /* said first; NULL: nothing */
    al_loop_knobs knobs;  /* to say why: thresholds, resolution */
    double since;         /* what a real clock showed at 0; 0: nothing to say */
    bool color;
    unsigned width;       /* columns; 0: 80 */
    bool quiet;           /* the summary alone */
    bool no_summary;
    uint64_t first, last; /* iterations shown; 0: from the first, to the end */
    atomic_bool *failed;  /* set when a write failed; may be NULL */
} al_account_options;

/* Takes the sink over; borrows what the options point to. */
al_account *al_account_new(al_sink sink, const al_account_options *options);
al_observer al_account_observer(al_account *account);

/* Print the end and the summary.  False: not all could be written. */
bool al_account_finish(al_account *account, al_error *err);
void al_account_free(al_account *account);

#endif
