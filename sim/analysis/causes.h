/* causes.h - which handle scheduled which: the causal chain of a run.
 *
 * Memory grows with the trace: 8 bytes a handle. */
#ifndef AL_ANALYSIS_CAUSES_H
#define AL_ANALYSIS_CAUSES_H

#include "loop/core/event.h"
#include "sim/trace/idmap.h"

typedef struct al_causes { /* zero-initialise */
    uint64_t *by;          /* of handle i: who scheduled it; a known one has
                              1 added, for 0 to be an unknown one */
    size_t capacity;
    uint64_t known;        /* handles */
    al_idmap far;          /* the same of ids that are far beyond the others,
                              which only a strange trace has */
} al_causes;

typedef struct al_chain {  /* zero-initialise; from effect to cause */
    uint64_t *handles;
    size_t count, capacity;
    uint64_t root;         /* AL_BY_PROGRAM or AL_BY_WORLD, or a handle or job
                              that the trace does not introduce */
} al_chain;

/* Does such an event introduce a handle, and say who scheduled it? */
bool al_introduces_handle(al_event_kind kind);

void al_causes_release(al_causes *causes);
void al_causes_add(al_causes *causes, const al_event *event);

/* The handle, who scheduled it, who scheduled that, and so on: where a job
 * did, who submitted that. */
void al_causes_trace(const al_causes *causes, uint64_t handle,
                     al_chain *chain);
void al_chain_release(al_chain *chain);

#endif
