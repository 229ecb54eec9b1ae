/* proof.h - a scenario, exported as a Python program and recorded by a real
 * Python. */
#ifndef AL_PROOF_H
#define AL_PROOF_H

#include "cli/command.h"
#include "cli/python.h"
#include "sim/scenario/scenario.h"
#include "sim/sim.h"

enum { AL_PROOF_TURNS = 20000 }; /* recorded of what may never end */

/* Python would not come back from a run without end: where the scenario does
 * not limit its turns itself, limit them.  False: it does. */
bool al_proof_cap(al_scenario *scenario);

/* Did that limit end our run? */
bool al_proof_was_cut(bool is_capped, const al_sim_result *ours);

typedef enum al_proof {
    AL_PROOF_RECORDED,
    AL_PROOF_LATE,  /* it did not end in time */
    AL_PROOF_FAILED /* there is no trace: err says why, here and above */
} al_proof;

/* The row of --timeout: seconds that a Python may take. */
#define AL_OPTION_TIMEOUT(to)                                                  \
    {AL_OPTION_STRING, 0, "timeout", "SECONDS",                                \
     "end a Python that takes longer; default: 60", to, NULL}

/* What it was given; NULL: the default.  False: something else; told. */
bool al_proof_read_timeout(const char *given, double *seconds);

/* Record it, the trace to `out`, for at most so many seconds (0: any).  The
 * quiet Python's temporary folder is used. */
al_proof al_proof_record(const al_interpreter *python,
                         const al_scenario *scenario, const char *out,
                         double limit, al_error *err);

/* Of a trace's producer: "CPython 3.14.2", without the "with 3.15's end_time"
 * of one scenario. */
int al_proof_version_length(const char *producer);

#endif
