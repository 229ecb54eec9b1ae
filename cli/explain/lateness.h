/* lateness.h - what held a handle up between its being due and its run. */
#ifndef AL_EXPLAIN_LATENESS_H
#define AL_EXPLAIN_LATENESS_H

#include "cli/explain/target.h"
#include "cli/page.h"
#include "sim/trace/state.h"

typedef struct al_lateness al_lateness;

/* Of a handle that was found; borrowed. */
al_lateness *al_lateness_new(const al_target *target);
void al_lateness_free(al_lateness *lateness);

/* The state has the event already. */
void al_lateness_add(al_lateness *lateness, const al_state *state,
                     const al_event *event);

/* Nothing, where it was not late. */
void al_lateness_write(const al_lateness *lateness, const al_page *page,
                       al_text *out);

#endif
