/* twins.h - which event of one trace is which of another, as far as align.h
 * has found out: where one stands in both.
 *
 * Five bytes for each event of either side; of the events beyond 2^32 nothing
 * is known. */
#ifndef AL_ANALYSIS_TWINS_H
#define AL_ANALYSIS_TWINS_H

#include "sim/analysis/partings.h"

typedef enum al_twin_kind {
    AL_TWIN_SAME,    /* in both, or nothing that is compared */
    AL_TWIN_CHANGED, /* in both, but not alike */
    AL_TWIN_ALONE
} al_twin_kind;

typedef struct al_twin_gap { /* where a row of events begins that differ */
    uint64_t place; /* on the left */
    uint64_t at;    /* its number on its own side */
    al_side side;   /* right: it is there alone */
    uint8_t root;   /* the number of the parting that it is of */
    bool follows;   /* from that, which was before */
} al_twin_gap;

typedef struct al_twins { /* zero-initialise */
    uint32_t *of[2];    /* by event; 0: none */
    uint8_t *roots[2];  /* by event, of those that differ; 0: not so */
    size_t count[2], capacity[2], root_capacity[2];
    uint32_t most_root; /* of all */
    al_twin_gap *list;
    size_t listed, list_capacity;
    uint64_t unlisted; /* pairs that were matched since it was listed */
} al_twins;

void al_twins_release(al_twins *twins);

/* al_align_options.match; self: the twins. */
void al_twins_match(void *self, uint64_t left, uint64_t right, uint32_t root);

/* The event of the other side; 0: it has none, or nobody knows. */
uint64_t al_twins_of(const al_twins *twins, al_side side, uint64_t at);
al_twin_kind al_twins_kind(const al_twins *twins, al_side side, uint64_t at);

/* The last event up to `at` that has a twin; 0: none has. */
uint64_t al_twins_before(const al_twins *twins, al_side side, uint64_t at);

/* All differences in the order of the left, the right's own after what they
 * stand behind; each is of one parting.  Those that were matched since the last
 * list are not in it while they are few, so that asking all the while takes no
 * longer than matching does.  Good until more is matched. */
const al_twin_gap *al_twins_differences(al_twins *twins, size_t *count);

/* No more is matched for now: list all that is known. */
void al_twins_settle(al_twins *twins);

/* Of those, how many come up to a position. */
size_t al_twins_passed(al_twins *twins, al_side side, uint64_t at);

#endif
