/* stdin_trace.h - is what comes on standard input a trace, or a scenario? */
#ifndef AL_STDIN_TRACE_H
#define AL_STDIN_TRACE_H

#include "sim/trace/reader.h"

/* The reader of a trace on standard input, which may be a pipe.  NULL: it is
 * none, and can still be read from its beginning. */
al_trace_reader *al_stdin_trace_open(void);

#endif
