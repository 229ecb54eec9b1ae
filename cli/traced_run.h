/* traced_run.h - runs of ours that are written down, or held against a trace
 * that was recorded before. */
#ifndef AL_TRACED_RUN_H
#define AL_TRACED_RUN_H

#include <stdbool.h>
#include "sim/base/sink.h"
#include "sim/scenario/scenario.h"
#include "sim/sim.h"
#include "sim/trace/compare.h"
#include "sim/trace/writer.h"

/* A writer of our own trace, its header filled in; the sink is taken over. */
al_trace_writer *al_traced_writer_new(const al_scenario *scenario,
                                      al_sink sink,
                                      const al_trace_writer_options *options);

/* Run the scenario and write its trace to the sink, which is taken over; what
 * the run came to is in `result`.  False: it could not be written. */
bool al_traced_run_into(const al_scenario *scenario, al_sink sink,
                        al_sim_result *result, al_error *err);

/* Run the scenario and write its trace to the file, which is in place once
 * the run has come to its end: a cut trace proves nothing.  False: it could
 * not be written. */
bool al_traced_run(const al_scenario *scenario, const char *path,
                   al_error *err);

/* Run the scenario beside the trace in a file, called `left`, up to the first
 * difference of core events (strict: of all) and a little beyond; the run is called `right`,
 * and what it came to is in `result`.  False: the trace could not be read. */
bool al_traced_compare(const char *left_path, const char *left,
                       const al_scenario *scenario, const char *right,
                       bool strict, al_sim_result *result,
                       al_difference *difference, al_error *err);

#endif
