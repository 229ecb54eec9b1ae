/* contrast.h - two halves of a screen, each a trace's: which rows of one are
 * not in the other.
 *
 * Events are known by their twins.  Of other rows there is no more to go by
 * than what they say, without the ids in it: one differs that says what no row
 * in sight says in the other half's pane.  Of the timeline's lanes whose they
 * are counts. */
#ifndef AL_TUI_CONTRAST_H
#define AL_TUI_CONTRAST_H

#include "cli/tui/row.h"
#include "sim/analysis/twins.h"

typedef struct al_contrast { /* what one half is held against */
    const al_twins *twins;
    al_side side;     /* the half's own */
    bool ignores_times;   /* a row that tells another time says the same */
    struct al_said *said; /* by the other half: its rows */
    size_t count, capacity;
} al_contrast;

void al_contrast_release(al_contrast *contrast);

/* A row of the other half, in a pane of that name. */
void al_contrast_add(al_contrast *contrast, const char *pane,
                     const al_row *row);

/* The byte of the first word in which a row says something else than the one
 * that is most like it in that pane of the other half; 0: it is like none, or
 * says nothing else. */
size_t al_contrast_parting(const al_contrast *contrast, const char *pane,
                           const al_row *row);

al_twin_kind al_contrast_kind(const al_contrast *contrast, const char *pane,
                              const al_row *row);

#endif
