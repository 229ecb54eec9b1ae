/* sim.h - one run of a scenario: the world, the machine, the loops. */
#ifndef AL_SIM_H
#define AL_SIM_H

#include <stdatomic.h>
#include "loop/core/loop.h"
#include "sim/scenario/scenario.h"

typedef enum al_outcome {
    AL_OUTCOME_DONE,     /* the program came to its end */
    AL_OUTCOME_FAILED,   /* an exception ended it */
    AL_OUTCOME_DEADLOCK, /* nothing could ever happen again */
    AL_OUTCOME_LIMIT     /* a limit of the run was reached */
} al_outcome;

typedef struct al_sim_options {
    al_observer observer; /* sees every event of the run */
    al_logger logger;     /* asyncio's, of all loops; is also told what ends a
                             thread, and of a deadlock (AL_LOG_DEADLOCK in
                             sim/world/world.h).  NULL ops: none */
    const atomic_bool *interrupted; /* set: the run ends at once, in order;
                                       may be NULL */
} al_sim_options;

typedef struct al_sim_result { /* zero-initialise */
    al_outcome outcome;
    al_text message;     /* "ValueError: boom"; empty when done */
    al_text waits;       /* of a deadlock: a line for each task that waits */
    al_text traceback;   /* "Traceback (most recent call last): …", for an
                            exception of the program's; else empty */
} al_sim_result;

void al_sim_result_release(al_sim_result *result);

/* Run the scenario once.  Two runs emit the same events. */
void al_sim_run(const al_scenario *scenario, const al_sim_options *options,
                al_sim_result *result);

#endif
