/* timeline.h - a run as lanes of spans: what each task did when.
 *
 * A fold over events, which keeps all spans: 56 bytes each. */
#ifndef AL_ANALYSIS_TIMELINE_H
#define AL_ANALYSIS_TIMELINE_H

#include <stdbool.h>
#include <stddef.h>
#include "sim/trace/state.h"

typedef struct al_point { /* of an event */
    double time;          /* one that goes back counts as the latest */
    double order;         /* its number, from 1 */
} al_point;

typedef enum al_span_kind {
    AL_SPAN_RUN,    /* a callback, a task's step; of a loop, those of a turn */
    AL_SPAN_READY,  /* a task's next step stands in ready */
    AL_SPAN_WAIT,   /* a task waits; the label says for what, where known */
    AL_SPAN_SELECT  /* a loop waits */
} al_span_kind;

typedef struct al_span {
    al_point from, to;
    const char *label; /* the timeline's */
    uint64_t handle;   /* that ran; 0: none did */
    al_span_kind kind;
} al_span;

typedef enum al_lane_kind { AL_LANE_LOOP, AL_LANE_CALLBACKS, AL_LANE_TASK }
    al_lane_kind;

typedef struct al_lane {
    al_lane_kind kind;
    uint64_t loop, task;
    const char *name, *coroutine; /* of a task; NULL: not told */
    al_span *spans;               /* none overlaps the next */
    size_t count, capacity;
    bool is_open;                 /* the last goes on */
    al_traced_outcome outcome;
    al_point ended;               /* where the task did */
    size_t row;                   /* its place among the lanes, once settled */
} al_lane;

typedef struct al_arrow { /* from where a handle was scheduled to its run */
    const al_lane *from_lane, *to_lane;
    al_point from, to;
} al_arrow;

typedef struct al_mark { /* something was logged */
    al_point at;
    const char *text;
    bool is_bad;
} al_mark;

typedef struct al_timeline {
    al_lane **lanes; /* by loop: it, its callbacks, its tasks; as created */
    size_t lane_count;
    al_arrow *arrows; /* by where they end; up to AL_TIMELINE_ARROWS */
    size_t arrow_count;
    bool has_more_arrows;
    al_mark *marks;
    size_t mark_count;
    al_point *moments; /* where time moved on; the first is the beginning */
    size_t moment_count;
    al_point first, last; /* of the first and the last event */
    uint64_t runs, instants; /* callbacks; those that took no time */
    struct al_timeline_private *own;
} al_timeline;

enum { AL_TIMELINE_ARROWS = 2000 };

al_timeline *al_timeline_new(void);
void al_timeline_free(al_timeline *timeline);
void al_timeline_add(al_timeline *timeline, const al_event *event);

/* It is looked at as far as it is made: what goes on lasts to the latest
 * event, and the lanes are in order.  More events may be added, and it be
 * settled anew. */
void al_timeline_settle(al_timeline *timeline);

#endif
