/* header.h - the first line of a trace: who recorded what, on which loop. */
#ifndef AL_TRACE_HEADER_H
#define AL_TRACE_HEADER_H

#include <stdbool.h>
#include "sim/scenario/ast.h"
#include "sim/trace/intern.h"
#include "sim/trace/scan.h"

enum { AL_TRACE_VERSION = 1 };

typedef struct al_trace_header { /* texts are borrowed; NULL: left out */
    const char *producer;        /* "asyncloop-sim 0.1.0" */
    const char *scenario;        /* its name: the file's, without ".json" */
    const char *python;          /* "3.14" */
    al_loop_knobs loop;          /* python_minor is not written */
    bool is_real_time;           /* recorded under a real clock */
    double since;                /* what that showed when what is told as 0 was
                                    now: see al_trace_reader_tell_since_start;
                                    0: times are the clock's own */
} al_trace_header;

/* Read a line as a header.  What it leaves out has asyncio's defaults; its
 * texts are kept in `texts`. */
bool al_trace_header_scan(al_trace_header *header, al_intern *texts,
                          al_scan *scan);

#endif
