/* beside.h - another trace beside the one that is looked at, at the position
 * that is the same by cause (sim/analysis/align.h).
 *
 * The stepper drives one of the two as if it were alone; here is the other.
 * Where that stands follows from where the first does: at the twin of the
 * latest event that has one, and on with what nobody compares, the loop's own
 * work, as far as it is of the same kinds. */
#ifndef AL_STEP_BESIDE_H
#define AL_STEP_BESIDE_H

#include "cli/tui/bookmarks.h"
#include "cli/step/followed.h"
#include "cli/tui/layout.h"
#include "sim/analysis/align.h"
#include "sim/analysis/twins.h"

typedef struct al_beside {
    al_history *history; /* of the other one, as all that follows; borrowed */
    al_layout layout;
    al_bookmarks marks;
    uint64_t loop;
    al_followed file;
    al_side driven;      /* the side that the stepper drives */

    char *path;          /* of the one on the right */
    al_layout alone;     /* as it was before there were two */
    al_align *align;
    const al_align_result *result; /* NULL: it is not done */
    al_twins twins;
    unsigned ignored;    /* AL_IGNORE_… */
    uint64_t given[2];   /* events, to the alignment */
    bool has_ended[2];
} al_beside;

/* The history is borrowed, the path copied.  `ignored`: AL_IGNORE_… */
al_beside *al_beside_new(al_history *history, const al_origin *origin,
                         unsigned ignored);
void al_beside_free(al_beside *beside);

/* One of the histories is another one now: align them from the beginning. */
void al_beside_restart(al_beside *beside);

/* The panes of a half. */
void al_beside_begin_layout(al_layout *layout);

/* Align some events more of those that are known; `driven` is the stepper's
 * history.  False: there is none to align. */
bool al_beside_work(al_beside *beside, al_history *driven);

/* Go to where the other one is, which is at `at`. */
void al_beside_follow(al_beside *beside, al_history *driven);

/* How they part, before or at a position of the driven one, as far as they are
 * compared; in words. */
void al_beside_tell(al_beside *beside, uint64_t at, al_text *out);

/* The difference to go to from a position: the first, or (by) the n-th after
 * or before.  NULL: there is none. */
const al_twin_gap *al_beside_first(al_beside *beside);
const al_twin_gap *al_beside_next(al_beside *beside, uint64_t at, long by);

#endif
