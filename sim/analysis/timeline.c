/* timeline.c - see timeline.h.
 *
 * A lane has one span open at a time: what begins ends what was before, so
 * that lanes are well formed whatever a trace says. */
#include "sim/analysis/timeline.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "loop/base/alloc.h"
#include "loop/base/text.h"
#include "sim/trace/intern.h"

typedef struct loop_lanes {
    uint64_t number;
    al_lane *loop, *callbacks; /* NULL: it has none yet */
    al_lane *runs_in;          /* the lane of the callback that runs, or NULL */
    uint64_t handle;           /* that runs */
} loop_lanes;

typedef struct origin { /* of a handle that waits to run */
    const al_lane *lane;
    al_point at;
} origin;

struct al_timeline_private {
    al_state *state;
    al_intern texts;
    al_idmap loops, tasks; /* loop_lanes; lanes of pending tasks */
    al_idmap origins;      /* by handle */
    al_text label;
    size_t lane_capacity, arrow_capacity, mark_capacity, moment_capacity;
    al_point now;
};

/* -- lanes ---------------------------------------------------------------- */

static al_lane *add_lane(al_timeline *t, al_lane_kind kind, uint64_t loop,
                         uint64_t task)
{
    al_lane *lane = al_alloc_zero(1, sizeof *lane);

    lane->kind = kind;
    lane->loop = loop;
    lane->task = task;
    t->lanes = al_grow(t->lanes, &t->own->lane_capacity, t->lane_count + 1,
                       sizeof *t->lanes);
    t->lanes[t->lane_count++] = lane;
    return lane;
}

static loop_lanes *find_loop(al_timeline *t, uint64_t number)
{
    loop_lanes *loop = al_idmap_find(&t->own->loops, number);

    if (loop)
        return loop;
    loop = al_alloc_zero(1, sizeof *loop);
    loop->number = number;
    loop->loop = add_lane(t, AL_LANE_LOOP, number, 0);
    al_idmap_put(&t->own->loops, number, loop);
    return loop;
}

static const char *keep(al_timeline *t, const char *text)
{
    return text ? al_intern_text(&t->own->texts, text) : NULL;
}

/* NULL: the event is of no task. */
static al_lane *find_task(al_timeline *t, const al_event *event)
{
    al_lane *lane;

    if (event->task == 0)
        return NULL;
    lane = al_idmap_find(&t->own->tasks, event->task);
    if (lane)
        return lane;
    lane = add_lane(t, AL_LANE_TASK, event->loop, event->task);
    lane->name = keep(t, event->name);
    lane->coroutine = keep(t, event->coroutine);
    al_idmap_put(&t->own->tasks, event->task, lane);
    return lane;
}

/* Recorded tasks are named after they are created. */
static void rename_task(al_timeline *t, const al_event *event)
{
    al_lane *lane = al_idmap_find(&t->own->tasks, event->task);

    if (lane)
        lane->name = keep(t, event->name);
}

/* -- spans ---------------------------------------------------------------- */

static bool is_instant(const al_span *span)
{
    return span->handle != 0 && span->to.time == span->from.time;
}

/* What goes on has come to here. */
static void stretch(al_timeline *t, al_lane *lane)
{
    al_span *span = lane->is_open ? &lane->spans[lane->count - 1] : NULL;

    if (!span)
        return;
    t->instants -= is_instant(span);
    span->to = t->own->now;
    t->instants += is_instant(span);
}

static void end_span(al_timeline *t, al_lane *lane)
{
    stretch(t, lane);
    lane->is_open = false;
}

static void begin_span(al_timeline *t, al_lane *lane, al_span_kind kind,
                       const char *label, uint64_t handle)
{
    end_span(t, lane);
    lane->spans = al_grow(lane->spans, &lane->capacity, lane->count + 1,
                          sizeof *lane->spans);
    lane->spans[lane->count++] = (al_span){
        .from = t->own->now,
        .to = t->own->now,
        .label = keep(t, label),
        .handle = handle,
        .kind = kind,
    };
    lane->is_open = true;
    t->runs += handle != 0;
    t->instants += handle != 0;
}

static bool is_within(const al_lane *lane, al_span_kind kind)
{
    return lane->is_open && lane->spans[lane->count - 1].kind == kind;
}

/* -- tasks ---------------------------------------------------------------- */

static const char *describe_wait(al_timeline *t, const al_traced_task *task)
{
    const al_traced_future *waits = task ? task->waits : NULL;

    al_text_clear(&t->own->label);
    if (waits && waits->in)
        al_text_add_format(&t->own->label, "%s p%llu", waits->in->type,
                           (unsigned long long)waits->in->id);
    else if (waits)
        al_text_add_format(&t->own->label, "%c%llu",
                           waits->is_task ? 't' : 'f',
                           (unsigned long long)waits->id);
    return al_text_peek(&t->own->label);
}

/* Its step has ended: what does it do now? */
static void rest(al_timeline *t, al_lane *lane)
{
    const al_traced_task *task = al_state_task(t->own->state, lane->task);

    end_span(t, lane);
    if (lane->outcome != AL_TRACED_PENDING)
        al_idmap_remove(&t->own->tasks, lane->task);
    else if (task && al_traced_task_doing(task) == AL_TASK_READY)
        begin_span(t, lane, AL_SPAN_READY, NULL, 0);
    else
        begin_span(t, lane, AL_SPAN_WAIT, describe_wait(t, task), 0);
}

static void end_task(al_timeline *t, const al_event *event)
{
    al_lane *lane = find_task(t, event);
    const char *outcome = event->outcome ? event->outcome : "result";

    if (!lane)
        return;
    lane->outcome = strcmp(outcome, "result") == 0      ? AL_TRACED_RESULT
                    : strcmp(outcome, "exception") == 0 ? AL_TRACED_EXCEPTION
                                                        : AL_TRACED_CANCELLED;
    lane->ended = t->own->now;
    if (!is_within(lane, AL_SPAN_RUN))
        rest(t, lane);
}

/* -- arrows --------------------------------------------------------------- */

static void leave_from(al_timeline *t, const al_event *event)
{
    const al_traced *cause = al_state_handle(t->own->state, event->by);
    loop_lanes *loop =
        cause && cause->is_running
            ? al_idmap_find(&t->own->loops, cause->loop) : NULL;
    origin *from = al_idmap_find(&t->own->origins, event->handle);

    if (!loop || !loop->runs_in || loop->handle != event->by)
        return;
    if (!from)
        from = al_alloc(sizeof *from);
    *from = (origin){loop->runs_in, t->own->now};
    al_idmap_put(&t->own->origins, event->handle, from);
}

static void arrive(al_timeline *t, const al_lane *lane, uint64_t handle)
{
    origin *from = al_idmap_find(&t->own->origins, handle);

    if (!from)
        return;
    if (t->arrow_count < AL_TIMELINE_ARROWS) {
        t->arrows = al_grow(t->arrows, &t->own->arrow_capacity,
                            t->arrow_count + 1, sizeof *t->arrows);
        t->arrows[t->arrow_count++] =
            (al_arrow){from->lane, lane, from->at, t->own->now};
    } else {
        t->has_more_arrows = true;
    }
    al_idmap_remove(&t->own->origins, handle);
    al_free(from);
}

/* -- callbacks ------------------------------------------------------------ */

static void end_run(al_timeline *t, loop_lanes *loop)
{
    al_lane *lane = loop->runs_in;

    loop->runs_in = NULL;
    if (!lane)
        return;
    if (lane->kind == AL_LANE_TASK)
        rest(t, lane);
    else
        end_span(t, lane);
}

static void begin_run(al_timeline *t, loop_lanes *loop, const al_event *event)
{
    al_lane *task;
    const char *label = event->callback ? event->callback : "?";

    end_run(t, loop);
    task = find_task(t, event);
    if (!is_within(loop->loop, AL_SPAN_RUN))
        begin_span(t, loop->loop, AL_SPAN_RUN, NULL, 0);
    if (!task && !loop->callbacks)
        loop->callbacks = add_lane(t, AL_LANE_CALLBACKS, event->loop, 0);
    loop->runs_in = task ? task : loop->callbacks;
    loop->handle = event->handle;
    begin_span(t, loop->runs_in, AL_SPAN_RUN,
               task && task->coroutine ? task->coroutine : label,
               event->handle);
    arrive(t, loop->runs_in, event->handle);
}

static void schedule(al_timeline *t, const al_event *event)
{
    al_lane *task = find_task(t, event);

    leave_from(t, event);
    if (task && !is_within(task, AL_SPAN_RUN))
        begin_span(t, task, AL_SPAN_READY, NULL, 0);
}

static void follow_eager(al_timeline *t, const al_event *event)
{
    al_lane *task = find_task(t, event);

    if (!task)
        return;
    if (event->kind == AL_EVENT_EAGER)
        begin_span(t, task, AL_SPAN_RUN, task->coroutine, 0);
    else if (is_within(task, AL_SPAN_RUN))
        rest(t, task);
}

/* -- events --------------------------------------------------------------- */

static void mark(al_timeline *t, const al_event *event)
{
    const char *text = event->text && event->text[0] ? event->text
                       : event->message              ? event->message
                       : event->type                 ? event->type
                                        : al_event_specs[event->kind].name;

    t->marks = al_grow(t->marks, &t->own->mark_capacity, t->mark_count + 1,
                       sizeof *t->marks);
    t->marks[t->mark_count++] = (al_mark){
        .at = t->own->now,
        .text = keep(t, text),
        .is_bad = event->kind != AL_EVENT_LOG || event->level,
    };
}

static void follow_loop(al_timeline *t, loop_lanes *loop,
                        const al_event *event)
{
    switch (event->kind) {
    case AL_EVENT_ITERATION:
        end_span(t, loop->loop);
        break;
    case AL_EVENT_SELECT:
        begin_span(t, loop->loop, AL_SPAN_SELECT, NULL, 0);
        break;
    case AL_EVENT_WAKE:
        end_span(t, loop->loop);
        break;
    case AL_EVENT_STOPPED:
    case AL_EVENT_CLOSE:
        end_run(t, loop);
        end_span(t, loop->loop);
        break;
    case AL_EVENT_RUN:
        begin_run(t, loop, event);
        break;
    case AL_EVENT_RAN:
        end_run(t, loop);
        break;
    default:
        break;
    }
}

static void follow_program(al_timeline *t, const al_event *event)
{
    switch (event->kind) {
    case AL_EVENT_CALL_SOON:
    case AL_EVENT_CALL_AT:
    case AL_EVENT_CALL_SOON_THREADSAFE:
        schedule(t, event);
        break;
    case AL_EVENT_TASK:
        find_task(t, event);
        break;
    case AL_EVENT_TASK_NAME:
        rename_task(t, event);
        break;
    case AL_EVENT_TASK_DONE:
        end_task(t, event);
        break;
    case AL_EVENT_EAGER:
    case AL_EVENT_EAGER_END:
        follow_eager(t, event);
        break;
    case AL_EVENT_LOG:
    case AL_EVENT_EXCEPTION:
    case AL_EVENT_THREAD_ERROR:
    case AL_EVENT_DEADLOCK:
        mark(t, event);
        break;
    default:
        break;
    }
}

/* Time moves on. */
static void note_moment(al_timeline *t)
{
    t->moments = al_grow(t->moments, &t->own->moment_capacity,
                         t->moment_count + 1, sizeof *t->moments);
    t->moments[t->moment_count++] = t->own->now;
}

static void advance(al_timeline *t, double time)
{
    al_point *now = &t->own->now;
    bool is_first = t->moment_count == 0;

    now->order = (double)al_state_counts(t->own->state)->events;
    if (isfinite(time) && (is_first || time > now->time)) {
        now->time = time;
        note_moment(t);
    } else if (is_first) {
        note_moment(t);
    }
    if (is_first)
        t->first = *now;
    t->last = *now;
}

void al_timeline_add(al_timeline *t, const al_event *event)
{
    al_state_apply(t->own->state, event);
    advance(t, event->time);
    follow_loop(t, find_loop(t, event->loop), event);
    follow_program(t, event);
}

/* -- life ----------------------------------------------------------------- */

al_timeline *al_timeline_new(void)
{
    al_timeline *t = al_alloc_zero(1, sizeof *t);

    t->own = al_alloc_zero(1, sizeof *t->own);
    t->own->state = al_state_new(NULL);
    return t;
}

/* By loop, and in it by kind; those of a kind as they were created. */
static int compare_lanes(const void *a, const void *b)
{
    const al_lane *x = *(al_lane *const *)a, *y = *(al_lane *const *)b;

    if (x->loop != y->loop)
        return x->loop < y->loop ? -1 : 1;
    if (x->kind != y->kind)
        return x->kind < y->kind ? -1 : 1;
    return x->task < y->task ? -1 : x->task > y->task;
}

void al_timeline_settle(al_timeline *t)
{
    for (size_t i = 0; i < t->lane_count; i++)
        stretch(t, t->lanes[i]);
    if (t->lane_count > 0)
        qsort(t->lanes, t->lane_count, sizeof(al_lane *), compare_lanes);
    for (size_t i = 0; i < t->lane_count; i++)
        t->lanes[i]->row = i;
}

static void release_all(al_idmap *map)
{
    size_t at = 0;

    for (void *item; (item = al_idmap_next(map, &at));)
        al_free(item);
    al_idmap_release(map);
}

void al_timeline_free(al_timeline *t)
{
    if (!t)
        return;
    for (size_t i = 0; i < t->lane_count; i++) {
        al_free(t->lanes[i]->spans);
        al_free(t->lanes[i]);
    }
    release_all(&t->own->loops);
    release_all(&t->own->origins);
    al_idmap_release(&t->own->tasks);
    al_intern_release(&t->own->texts);
    al_text_release(&t->own->label);
    al_state_free(t->own->state);
    al_free(t->lanes);
    al_free(t->arrows);
    al_free(t->marks);
    al_free(t->moments);
    al_free(t->own);
    al_free(t);
}
