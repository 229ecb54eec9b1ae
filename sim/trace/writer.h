/* writer.h - events written as JSON Lines: the trace format.
 *
 * A writer is an observer.  What goes wrong while it writes (a full disk, a
 * closed pipe) is kept and said by finish; from then on events are dropped. */
#ifndef AL_TRACE_WRITER_H
#define AL_TRACE_WRITER_H

#include <stdatomic.h>
#include "loop/core/event.h"
#include "sim/base/sink.h"
#include "sim/trace/header.h"

typedef struct al_trace_writer al_trace_writer;

typedef struct al_trace_writer_options {
    bool core_only;      /* leave detail events out */
    atomic_bool *failed; /* set as soon as a write failed, so that the run
                            can end; may be NULL */
} al_trace_writer_options;

/* Takes the sink over; writes the header.  NULL options: the defaults. */
al_trace_writer *al_trace_writer_new(al_sink sink,
                                     const al_trace_header *header,
                                     const al_trace_writer_options *options);

al_observer al_trace_writer_observer(al_trace_writer *writer);

/* Write what is buffered and put the file in place.  False: not all could be
 * written, and nothing was kept. */
bool al_trace_writer_finish(al_trace_writer *writer, al_error *err);

/* Without finish before, the output is dropped. */
void al_trace_writer_free(al_trace_writer *writer);

#endif
