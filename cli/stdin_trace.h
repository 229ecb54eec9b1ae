/* stdin_trace.h - is what comes on standard input a trace, or a scenario? */
#ifndef AL_STDIN_TRACE_H
#define AL_STDIN_TRACE_H

#include <stdbool.h>
#include "sim/trace/reader.h"

/* The reader of a trace on standard input, which may be a pipe.  NULL: it is
 * none, and can still be read from its beginning, unless *error, an errno, says
 * why not. */
al_trace_reader *al_stdin_trace_open(int *error);

/* Let standard input be read again from where it is now: what comes by a pipe
 * is kept in a temporary file.  False: it cannot be; errno says why. */
bool al_stdin_keep(void);
void al_stdin_again(void);

#endif
