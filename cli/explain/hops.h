/* hops.h - a causal chain, told handle by handle back to its root. */
#ifndef AL_EXPLAIN_HOPS_H
#define AL_EXPLAIN_HOPS_H

#include "cli/page.h"
#include "sim/analysis/causes.h"
#include "sim/trace/state.h"

typedef struct al_hops al_hops;

/* The chain is borrowed.  What the first handle did is the event `index`. */
al_hops *al_hops_new(const al_chain *chain, uint64_t index);
void al_hops_free(al_hops *hops);

/* The state has the event already. */
void al_hops_add(al_hops *hops, const al_state *state, const al_event *event,
                 uint64_t index);
void al_hops_write(const al_hops *hops, const al_page *page, al_text *out);

#endif
