/* picks.h - where the events of a trace are that were picked.
 *
 * It is a list that is thinned out: of n of them one in a stride is kept, so
 * that what it takes is bounded however many there are.  The others are found
 * by reading on from there. */
#ifndef AL_TRACE_PICKS_H
#define AL_TRACE_PICKS_H

#include "sim/trace/reader.h"

/* A place between two events. */
typedef struct al_milestone {
    uint64_t at;          /* events before it */
    uint64_t picked;      /* those of them that were picked */
    al_trace_place place; /* of the next one */
} al_milestone;

/* All zero: empty. */
typedef struct al_picks {
    al_milestone *kept; /* the i-th is before the pick i * stride */
    size_t count, capacity;
    uint64_t stride; /* 0: 1 */
} al_picks;

void al_picks_release(al_picks *picks);

/* The milestone before the next pick; they come in order, all of them. */
void al_picks_add(al_picks *picks, al_milestone milestone);

/* The last that is kept before the pick of an index, from 0; there is one. */
al_milestone al_picks_before(const al_picks *picks, uint64_t index);

#endif
