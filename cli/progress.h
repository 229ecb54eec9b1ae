/* progress.h - on a terminal, a line on stderr that tells how far it is.
 *
 * It comes after half a second, changes ten times a second, and goes when
 * anything else is printed.  There is one terminal, and so one line. */
#ifndef AL_PROGRESS_H
#define AL_PROGRESS_H

#include "loop/core/event.h"

enum { AL_PROGRESS_PACE = 1024 }; /* ask once in so many events */

/* Something begins that may take long.  Without a terminal nothing is due. */
void al_progress_begin(void);

/* Should the line be shown, or shown anew? */
bool al_progress_is_due(void);

/* A text, which is escaped, and cut to the terminal's width. */
void al_progress_show(const char *text);
void al_progress_clear(void);

/* Clear what another process, which forked this one, may have shown. */
void al_progress_clear_of_parent(void);

typedef struct al_run_progress { /* of a run; zero-initialise */
    uint64_t events, iterations;
} al_run_progress;

/* Begins here. */
al_observer al_progress_observer(al_run_progress *progress);

#endif
