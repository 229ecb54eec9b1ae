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
    double started, ended;  /* virtual seconds */
} al_ending;

/* What a loop that has stopped still holds: fds, timers, ready handles. */
void al_summary_add_waiting(const al_page *page, al_text *out,
                            const al_loop_state *loop);

void al_summary_add(const al_page *page, al_text *out, const al_counts *counts,
                    const al_ending *ending);

#endif
