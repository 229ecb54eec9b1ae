/* compare.h - two traces side by side: where do they first differ? */
#ifndef AL_TRACE_COMPARE_H
#define AL_TRACE_COMPARE_H

#include <stdatomic.h>
#include "loop/base/text.h"
#include "sim/trace/reader.h"

typedef struct al_compare_options {
    bool strict;       /* detail events and source lines too, not core events
                          alone */
    unsigned context;  /* lines shown before and after the difference */
    const char *left;  /* what the sides are called: "expected" */
    const char *right; /* "actual" */
    const char *left_file, *right_file; /* for errors; NULL: the same */
    atomic_bool *decided; /* set once nothing more can matter, so that a run
                             can end; may be NULL */
} al_compare_options;

typedef struct al_difference { /* zero-initialise */
    uint64_t index;            /* of the first event that differs, from 1;
                                  0: they are equal */
    uint64_t compared;         /* events that were equal */
    uint64_t left_line, right_line; /* in the files; 0: that side had ended */
    al_text text;              /* readable, with context; empty when equal */
} al_difference;

void al_difference_release(al_difference *difference);

/* A recorded trace beside events as they come: an observer, so that a run is
 * compared while it runs.  The reader and the options' texts are borrowed. */
typedef struct al_comparison al_comparison;

al_comparison *al_comparison_new(al_trace_reader *left,
                                 const al_compare_options *options);
void al_comparison_free(al_comparison *comparison);
al_observer al_comparison_observer(al_comparison *comparison);

/* The right side has ended.  The headers are not compared.  False: the left
 * one could not be read; err's message tells the place in its file. */
bool al_comparison_finish(al_comparison *comparison,
                          al_difference *difference, al_error *err);

/* The same of two traces, read to the first difference. */
bool al_trace_compare(al_trace_reader *left, al_trace_reader *right,
                      const al_compare_options *options,
                      al_difference *difference, al_error *err);

#endif
