/* traced_run.h - traces to compare: our own, and a real Python's. */
#ifndef AL_TRACED_RUN_H
#define AL_TRACED_RUN_H

#include <stdbool.h>
#include "sim/base/sink.h"
#include "sim/scenario/scenario.h"
#include "sim/trace/compare.h"
#include "sim/trace/writer.h"

/* A writer of our own trace, its header filled in; the sink is taken over. */
al_trace_writer *al_traced_writer_new(const al_scenario *scenario,
                                      al_sink sink,
                                      const al_trace_writer_options *options);

/* Run the scenario and add its trace to the text. */
bool al_traced_run_text(const al_scenario *scenario, al_text *trace,
                        al_error *err);

/* Compare the trace in a file, called `left`, with the one in `right_text`,
 * called `right`: core events, with context. */
bool al_traced_compare(const char *left_path, const char *left,
                       const al_text *right_text, const char *right,
                       al_difference *difference, al_error *err);

#endif
