/* form.h - the forms that `export` gives a run: a fold over events, which
 * writes as it goes. */
#ifndef AL_EXPORT_FORM_H
#define AL_EXPORT_FORM_H

#include <stdbool.h>
#include "loop/base/text.h"
#include "loop/core/event.h"
#include "sim/trace/header.h"

typedef enum al_scale { /* what the place of an event is */
    AL_SCALE_UNSAID,
    AL_SCALE_TIME,
    AL_SCALE_ORDER      /* its number: what takes no virtual time is seen one
                           beside the other */
} al_scale;

typedef enum al_rows { /* of a table: what each is */
    AL_ROWS_CALLBACKS,
    AL_ROWS_ITERATIONS,
    AL_ROWS_EVENTS
} al_rows;

typedef enum al_graph { /* what a graph is of */
    AL_GRAPH_CAUSES,
    AL_GRAPH_WAITS,
    AL_GRAPH_HEAP
} al_graph;

typedef struct al_export_view { /* what is asked for; borrowed */
    const char *name;           /* of what ran */
    const al_trace_header *header;
    al_scale scale;
    al_rows rows;
    al_graph graph;
    double at; /* the point in time; NaN: unsaid */
} al_export_view;

typedef struct al_export_form {
    const char *name; /* of --to */
    bool is_picture;  /* for people, to whom a real clock's times say nothing */

    /* Begin with what comes first in `out`, which is emptied by the caller
     * whenever it likes, and must outlive what is returned. */
    void *(*begin)(const al_export_view *view, al_text *out);

    /* False: it needs no more of them. */
    bool (*add)(void *self, const al_event *event);

    /* There are no more: the rest of the output. */
    void (*end)(void *self);
    void (*free)(void *self);
} al_export_form;

extern const al_export_form al_export_perfetto, al_export_html,
    al_export_svg, al_export_dot, al_export_csv;

#endif
