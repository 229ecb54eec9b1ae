/* line.h - one event as one line of JSON. */
#ifndef AL_TRACE_LINE_H
#define AL_TRACE_LINE_H

#include "loop/base/number.h"
#include "loop/base/text.h"
#include "loop/core/event.h"
#include "sim/trace/header.h"

/* Lines gather in `text`.  Zero-initialise. */
typedef struct al_trace_lines {
    al_text text;
    double time; /* formatted last, for the next event has often the same */
    size_t time_length; /* 0: none yet */
    char time_digits[AL_DOUBLE_TEXT];
} al_trace_lines;

void al_trace_lines_release(al_trace_lines *lines);

/* A text as a JSON string, as lines have it. */
void al_trace_add_string(al_text *out, const char *string);

/* Each adds a line, newline included. */
void al_trace_lines_add_header(al_trace_lines *lines,
                               const al_trace_header *header);
void al_trace_lines_add(al_trace_lines *lines, const al_event *event);

#endif
