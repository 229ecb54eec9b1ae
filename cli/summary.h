/* summary.h - what a run came to: the end of the account. */
#ifndef AL_SUMMARY_H
#define AL_SUMMARY_H

#include "cli/page.h"
#include "sim/trace/state.h"

typedef struct al_ending {  /* how the run ended */
    bool is_known;          /* an END event was seen */
    const char *type;       /* of the exception that ended it; NULL: none */
    const char *text;
    const al_text *waiting; /* lines of al_summary_add_waiting, or empty */
    uint64_t unclosed;      /* loops */
    double started, ended;  /* virtual seconds */
} al_ending;

/* What a loop that will not run again still holds: fds, timers, ready
 * handles. */
void al_summary_add_waiting(const al_page *page, al_text *out,
                            const al_loop_state *loop);

/* The same of one signal's handler. */
void al_summary_add_signal(const al_page *page, al_text *out,
                           const al_loop_state *loop, uint64_t sig);

void al_summary_add(const al_page *page, al_text *out, const al_counts *counts,
                    const al_ending *ending);

#endif
