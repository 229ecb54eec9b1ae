/* log_lines.h - what a program logs, and nothing else: `run --format log`.
 *
 *     [0.5] tick 1
 *     [2.0] WARNING: Executing <Handle …> took 0.500 seconds
 *
 * An observer.  It writes to a sink, and keeps the first error of writing
 * for finish. */
#ifndef AL_LOG_LINES_H
#define AL_LOG_LINES_H

#include <stdatomic.h>
#include <stdbool.h>
#include "loop/core/event.h"
#include "sim/base/sink.h"

typedef struct al_log_lines al_log_lines;

/* Takes the sink over.  `failed` is set when a write failed; may be NULL. */
al_log_lines *al_log_lines_new(al_sink sink, atomic_bool *failed);
al_observer al_log_lines_observer(al_log_lines *lines);

/* False: not all could be written. */
bool al_log_lines_finish(al_log_lines *lines, al_error *err);
void al_log_lines_free(al_log_lines *lines);

#endif
