/* align.c - two traces, aligned by cause; see align.h, and align_private.h for
 * how it is done. */
#include "sim/analysis/align_private.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "loop/base/alloc.h"
#include "loop/base/hash.h"

enum { /* a unit so long is cut, where its doings say so or at the latest */
    LONG_UNIT = 1024,
    LONGEST_UNIT = 16384
};

static uint64_t mix(uint64_t hash, uint64_t value)
{
    hash = (hash ^ value) * AL_HASH_FACTOR;
    return hash ^ hash >> 29;
}

/* -- lanes ---------------------------------------------------------------- */

static lane *lane_of(al_align *align, uint64_t number)
{
    lane *on = al_idmap_find(&align->by_number, number);

    if (on)
        return on;
    on = al_alloc_zero(1, sizeof *on);
    on->number = number;
    for (al_side s = AL_LEFT; s <= AL_RIGHT; s++) {
        on->strands[s] = al_strand_new(s, STRAND_OUTSIDE, number);
        on->strands[s]->is_over = align->sides[s].has_ended;
        on->turns[s].hash = AL_HASH_START;
    }
    al_strand_pair(align, on->strands[AL_LEFT], on->strands[AL_RIGHT]);
    al_idmap_put(&align->by_number, number, on);
    align->lanes = al_grow(align->lanes, &align->lane_capacity,
                           align->lane_count + 1, sizeof(lane *));
    align->lanes[align->lane_count++] = on;
    return on;
}

/* -- units ---------------------------------------------------------------- */

static unit *begin(al_align *align, al_side s, lane *on, strand *of)
{
    unit *one = al_unit_new(align, s, on, of);

    one->event = align->sides[s].position;
    one->time = align->result.sides[s].time;
    one->turn = on->turns[s];
    on->turns[s].hash = AL_HASH_START;
    on->turns[s].fds = NULL;
    on->turns[s].compacted = on->turns[s].removed = 0;
    al_queue_push(&on->queues[s], one);
    return one;
}

static void end_outside(al_align *align, al_side s, lane *on)
{
    unit *one = on->outside[s];

    on->outside[s] = NULL;
    if (one)
        al_unit_complete(align, one);
}

static unit *outside(al_align *align, al_side s, lane *on)
{
    if (!on->outside[s])
        on->outside[s] = begin(align, s, on, on->strands[s]);
    return on->outside[s];
}

static void end_run(al_align *align, al_side s, lane *on)
{
    unit *one = on->running[s];

    on->running[s] = NULL;
    if (!one)
        return;
    one->of->running = NULL;
    al_unit_complete(align, one);
}

/* What goes on is another unit of the same strand. */
static void cut(al_align *align, al_side s, lane *on, unit **place)
{
    unit *one = *place;
    const doing *last = &one->doings[one->count - 1];
    unit *next;

    if (one->count < LONG_UNIT ||
        (last->base % LONG_UNIT != 0 && one->count < LONGEST_UNIT))
        return;
    next = begin(align, s, on, one->of);
    next->handle = al_strand_ref(one->handle);
    next->ends_strand = one->ends_strand;
    next->is_rest = true;
    one->ends_strand = false;
    if (one->of->running)
        one->of->running = next;
    *place = next;
    al_unit_complete(align, one);
}

/* -- what has an id ------------------------------------------------------- */

static al_idmap *map_of(al_align *align, al_side s, strand_kind kind)
{
    side *of = &align->sides[s];

    if (kind == STRAND_HANDLE)
        return &of->handles;
    return kind == STRAND_TASK ? &of->tasks : &of->futures;
}

static strand *find(al_align *align, al_side s, strand_kind kind, uint64_t id)
{
    return id ? al_idmap_find(map_of(align, s, kind), id) : NULL;
}

/* Nothing more is told of it; a unit that runs is its last. */
static void forget(al_align *align, strand *one)
{
    if (!one)
        return;
    if (one->running)
        one->running->ends_strand = true;
    else
        al_strand_end(align, one);
    al_idmap_remove(map_of(align, one->side, one->kind), one->id);
    al_strand_unref(one);
}

static strand *introduce(al_align *align, al_side s, strand_kind kind,
                         uint64_t id)
{
    strand *one = al_strand_new(s, kind, id);

    forget(align, al_idmap_find(map_of(align, s, kind), id));
    al_idmap_put(map_of(align, s, kind), id, one);
    return one;
}

static const char *name_of_maker(const unit *one)
{
    if (!one->handle)
        return NULL;
    return one->handle->steps ? one->of->name : one->handle->name;
}

/* What woke a task is its wakeup's only argument. */
static void note_wakeup(const side *of, strand *handle, const al_event *event)
{
    char letter = of->latest_is_task ? 't' : 'f';

    if (!event->args || event->args[0] != letter ||
        strtoull(event->args + 1, NULL, 10) != of->latest_done)
        return;
    handle->outcome = of->latest_outcome;
    handle->in = of->latest_in;
}

static strand *make_handle(al_align *align, al_side s, const unit *by,
                           const al_event *event)
{
    strand *one = introduce(align, s, STRAND_HANDLE, event->handle);

    one->name = al_intern_text(&align->names,
                               event->callback ? event->callback : "?");
    if (event->args)
        one->args = al_strdup(event->args);
    one->maker = name_of_maker(by);
    if (event->kind == AL_EVENT_CALL_AT)
        one->when = event->when;
    if (event->kind == AL_EVENT_CALL_SOON || event->kind == AL_EVENT_RUN)
        one->steps = event->task;
    if (event->kind == AL_EVENT_CALL_SOON)
        note_wakeup(&align->sides[s], one, event);
    return one;
}

static strand *make_task(al_align *align, al_side s, const al_event *event)
{
    strand *one = introduce(align, s, STRAND_TASK, event->task);

    if (event->coroutine)
        one->name = al_intern_text(&align->names, event->coroutine);
    if (event->name)
        one->label = al_strdup(event->name);
    return one;
}

/* -- doings --------------------------------------------------------------- */

static void note_done(al_align *align, al_side s, const al_event *event)
{
    side *of = &align->sides[s];
    bool is_task = event->kind == AL_EVENT_TASK_DONE;
    const strand *about = find(align, s,
                               is_task ? STRAND_TASK : STRAND_FUTURE,
                               is_task ? event->task : event->future);

    of->latest_is_task = is_task;
    of->latest_done = is_task ? event->task : event->future;
    of->latest_outcome = event->outcome
        ? al_intern_text(&align->names, event->outcome) : NULL;
    of->latest_in = about ? about->in : NULL;
}

static void connect(al_align *align, al_side s, unit *owner, doing *one,
                    const al_event *event)
{
    switch (event->kind) {
    case AL_EVENT_CALL_SOON:
        one->about = al_strand_ref(find(align, s, STRAND_TASK, event->task));
        one->made = al_strand_ref(make_handle(align, s, owner, event));
        break;
    case AL_EVENT_CALL_AT:
    case AL_EVENT_CALL_SOON_THREADSAFE:
    case AL_EVENT_ADD_READER:
    case AL_EVENT_ADD_WRITER:
    case AL_EVENT_ADD_SIGNAL:
        one->made = al_strand_ref(make_handle(align, s, owner, event));
        one->made->is_watching = event->kind != AL_EVENT_CALL_AT &&
            event->kind != AL_EVENT_CALL_SOON_THREADSAFE;
        break;
    case AL_EVENT_TASK:
        one->made = al_strand_ref(make_task(align, s, event));
        break;
    case AL_EVENT_FUTURE:
        one->made = al_strand_ref(introduce(align, s, STRAND_FUTURE,
                                         event->future));
        break;
    default:
        one->about = al_strand_ref(
            event->handle ? find(align, s, STRAND_HANDLE, event->handle)
            : event->task ? find(align, s, STRAND_TASK, event->task)
                          : find(align, s, STRAND_FUTURE, event->future));
    }
}

/* Whom it concerns is told by name, too. */
static void name_subject(al_align *align, al_side s, doing *one)
{
    const strand *task = find(align, s, STRAND_TASK,
                              one->told.letter == 't' ? one->told.id
                                                      : one->told.task);

    if (!task)
        task = one->about && one->about->kind == STRAND_TASK ? one->about
                                                             : NULL;
    if (task && !one->told.label && task->label)
        one->told.label = al_strdup(task->label);
    if (task)
        one->told.coroutine = task->name;
    if (!one->told.name && one->about)
        one->told.name = one->about->name;
}

static void note_end(al_align *align, al_side s, const al_event *event,
                     doing *one)
{
    switch (event->kind) {
    case AL_EVENT_CANCEL:
        if (one->about)
            one->about->is_cancelled = true;
        forget(align, one->about);
        break;
    case AL_EVENT_TASK_DONE:
    case AL_EVENT_FUTURE_DONE:
        note_done(align, s, event);
        forget(align, one->about);
        break;
    case AL_EVENT_END:
        align->result.sides[s].has_end = true;
        break;
    default:
        break;
    }
}

/* Events of a kind that tells no cause belong to what runs. */
static bool has_cause(al_event_kind kind)
{
    return al_event_has_field(kind, AL_FIELD_by);
}

static unit **find_running(al_align *align, al_side s, uint64_t handle)
{
    for (size_t i = align->lane_count; i-- > 0;) {
        unit *one = align->lanes[i]->running[s];

        if (one && one->handle->id == handle)
            return &align->lanes[i]->running[s];
    }
    return NULL;
}

static void add_to(al_align *align, al_side s, unit *owner,
                   const al_event *event)
{
    doing *one = al_unit_add(align, owner, event);

    connect(align, s, owner, one, event);
    name_subject(align, s, one);
    note_end(align, s, event, one);
}

/* So is what an executor's jobs do: they are in no order with a loop's. */
static void add_worlds(al_align *align, al_side s, const al_event *event)
{
    lane *world = lane_of(align, AL_BY_WORLD);
    unit *one = begin(align, s, world, world->strands[s]);

    add_to(align, s, one, event);
    al_unit_complete(align, one);
}

static void add_doing(al_align *align, al_side s, lane *on,
                      const al_event *event)
{
    uint64_t by = has_cause(event->kind) ? event->by : 0;
    unit **place = NULL;

    if (by == AL_BY_WORLD || al_cause_job(by)) {
        add_worlds(align, s, event);
        return;
    }
    if (by && on->running[s] && on->running[s]->handle->id == by)
        place = &on->running[s];
    else if (by)
        place = find_running(align, s, by);
    else if (!has_cause(event->kind) && on->running[s])
        place = &on->running[s];
    if (!place) {
        outside(align, s, on);
        place = &on->outside[s];
    }
    add_to(align, s, *place, event);
    cut(align, s, (*place)->lane, place);
    if (event->kind == AL_EVENT_START)
        end_outside(align, s, on);
}

/* -- the loop's own work -------------------------------------------------- */

static void note_turn(al_align *align, al_side s, lane *on,
                      const al_event *event)
{
    turn *of = &on->turns[s];
    strand *handle = find(align, s, STRAND_HANDLE, event->handle);

    of->hash = mix(of->hash, al_align_hash(align, event, false));
    of->hash = mix(of->hash, (uint64_t)(uintptr_t)(handle ? handle->name
                                                          : NULL));
    switch (event->kind) {
    case AL_EVENT_ITERATION:
        align->result.sides[s].turns++;
        of->n = event->n;
        of->ready = event->ready;
        of->scheduled = event->scheduled;
        of->cancelled = event->cancelled;
        break;
    case AL_EVENT_COMPACT:
        of->compacted = align->sides[s].position;
        of->removed = event->removed;
        break;
    case AL_EVENT_SELECT:
        of->timeout = event->timeout;
        break;
    case AL_EVENT_WAKE:
        of->woken = event->time;
        memcpy(&of->fds, &event->fds, sizeof of->fds);
        if (of->fds)
            of->fds = al_intern_text(&align->names, of->fds);
        break;
    default:
        break;
    }
    if (event->kind == AL_EVENT_PRUNE || event->kind == AL_EVENT_SKIP)
        forget(align, handle);
}

/* -- callbacks ------------------------------------------------------------ */

/* A handle or task that the trace never introduced. */
static strand *meet(al_align *align, al_side s, lane *on, strand_kind kind,
                    const al_event *event)
{
    strand *one = find(align, s, kind,
                       kind == STRAND_TASK ? event->task : event->handle);
    doing *first;

    if (one)
        return one;
    first = al_unit_add(align, outside(align, s, on), event);
    one = kind == STRAND_TASK ? make_task(align, s, event)
                              : make_handle(align, s, on->outside[s], event);
    first->made = al_strand_ref(one);
    return one;
}

/* A handle's task is the one it was scheduled for, whatever is told as it
 * runs: how its runs find their twins was decided then. */
static strand *meet_owner(al_align *align, al_side s, lane *on,
                          strand *handle, const al_event *event)
{
    al_event of_task = *event;

    if (!handle->steps)
        return handle;
    of_task.task = handle->steps;
    return meet(align, s, on, STRAND_TASK, &of_task);
}

static void begin_run(al_align *align, al_side s, lane *on,
                      const al_event *event)
{
    strand *handle = meet(align, s, on, STRAND_HANDLE, event);
    strand *of = meet_owner(align, s, on, handle, event);

    end_run(align, s, on);
    end_outside(align, s, on);
    on->running[s] = begin(align, s, on, of);
    on->running[s]->handle = al_strand_ref(handle);
    of->running = on->running[s];
    align->result.sides[s].runs++;
}

static void finish_run(al_align *align, al_side s, lane *on,
                       const al_event *event)
{
    unit *one = on->running[s];
    strand *handle;

    if (!one)
        return;
    one->duration = event->duration;
    one->end = align->sides[s].position;
    handle = find(align, s, STRAND_HANDLE, one->handle->id);
    if (handle == one->handle && !handle->is_watching)
        forget(align, handle);
    end_run(align, s, on);
}

/* -- events --------------------------------------------------------------- */

/* Who waits in what, told by detail events, makes for better words. */
static void note_detail(al_align *align, al_side s, const al_event *event)
{
    strand *waiter;

    if (event->kind != AL_EVENT_WAITERS || !event->type)
        return;
    waiter = find(align, s, STRAND_FUTURE,
                  event->joined ? event->joined : event->putter);
    if (waiter)
        waiter->in = al_intern_text(&align->names, event->type);
}

static void dispatch(al_align *align, al_side s, const al_event *event)
{
    lane *on = lane_of(align, event->loop);

    switch (event->kind) {
    case AL_EVENT_ITERATION:
    case AL_EVENT_PRUNE:
    case AL_EVENT_COMPACT:
    case AL_EVENT_SELECT:
    case AL_EVENT_WAKE:
    case AL_EVENT_READY:
    case AL_EVENT_DUE:
    case AL_EVENT_SKIP:
        note_turn(align, s, on, event);
        break;
    case AL_EVENT_RUN:
        begin_run(align, s, on, event);
        break;
    case AL_EVENT_RAN:
        finish_run(align, s, on, event);
        break;
    default:
        add_doing(align, s, on, event);
    }
}

/* The oldest unit that has no twin yet and holds others up. */
static unit *find_oldest(al_align *align)
{
    unit *oldest = NULL;

    for (size_t i = 0; i < align->lane_count; i++) {
        unit *one = al_lane_find_blocking(align->lanes[i]);

        if (one && one->is_complete &&
            (!oldest || one->event < oldest->event))
            oldest = one;
    }
    return oldest;
}

static void go_on(al_align *align)
{
    al_align_settle(align);
    al_align_drain(align);
    while (align->kept > align->options.window) {
        unit *oldest = find_oldest(align);

        if (!oldest)
            return;
        al_unit_give_up(align, oldest);
        al_align_drain(align);
    }
}

void al_align_add(al_align *align, al_side s, const al_event *event)
{
    side *of = &align->sides[s];

    of->position++;
    align->result.sides[s].time = event->time;
    if (!al_event_specs[event->kind].is_core) {
        note_detail(align, s, event);
        if (!align->options.strict)
            return;
    }
    align->result.sides[s].events++;
    of->hash = mix(of->hash, al_align_hash(align, event, false) ^ event->loop);
    dispatch(align, s, event);
    if (align->work_count + align->orphan_count + align->dirty_count > 0)
        go_on(align);
}

al_side al_align_wants(const al_align *align)
{
    const side *sides = align->sides;

    if (sides[AL_LEFT].has_ended || sides[AL_RIGHT].has_ended)
        return sides[AL_LEFT].has_ended ? AL_RIGHT : AL_LEFT;
    if (sides[AL_LEFT].waiting != sides[AL_RIGHT].waiting)
        return sides[AL_LEFT].waiting < sides[AL_RIGHT].waiting ? AL_LEFT
                                                                : AL_RIGHT;
    return sides[AL_LEFT].position <= sides[AL_RIGHT].position ? AL_LEFT
                                                               : AL_RIGHT;
}

void al_align_end(al_align *align, al_side s)
{
    align->sides[s].has_ended = true;
    for (size_t i = 0; i < align->lane_count; i++) {
        lane *on = align->lanes[i];

        if (on->running[s])
            on->running[s]->is_cut = true;
        end_run(align, s, on);
        end_outside(align, s, on);
        al_strand_end(align, on->strands[s]);
    }
    go_on(align);
}

const al_align_result *al_align_finish(al_align *align)
{
    align->is_finishing = true;
    for (size_t i = 0; i < align->lane_count; i++) {
        lane *on = align->lanes[i];
        unit *one;

        al_lane_drain(align, on);
        while ((one = al_lane_find_blocking(on))) {
            al_unit_give_up(align, one);
            al_align_drain(align);
        }
    }
    al_align_drain(align);
    al_align_conclude(align);
    return &align->result;
}

/* -- its life ------------------------------------------------------------- */

al_align *al_align_new(const al_align_options *options)
{
    al_align *align = al_alloc_zero(1, sizeof *align);

    if (options)
        align->options = *options;
    if (align->options.window == 0)
        align->options.window = AL_ALIGN_WINDOW;
    return align;
}

static void release_map(al_idmap *map)
{
    size_t at = 0;

    for (strand *one; (one = al_idmap_next(map, &at));)
        al_strand_unref(one);
    al_idmap_release(map);
}

static void release_lane(al_align *align, lane *on)
{
    for (al_side s = AL_LEFT; s <= AL_RIGHT; s++) {
        for (size_t i = 0; i < on->queues[s].count; i++)
            al_unit_free(align, al_queue_at(&on->queues[s], i));
        al_free(on->queues[s].ring);
        al_strand_unref(on->strands[s]);
    }
    al_free(on);
}

void al_align_free(al_align *align)
{
    if (!align)
        return;
    for (size_t i = 0; i < align->work_count; i++)
        al_strand_unref(align->work[i]);
    for (size_t i = 0; i < align->orphan_count; i++)
        al_strand_unref(align->orphans[i]);
    for (size_t i = 0; i < align->lane_count; i++)
        release_lane(align, align->lanes[i]);
    for (al_side s = AL_LEFT; s <= AL_RIGHT; s++) {
        release_map(&align->sides[s].handles);
        release_map(&align->sides[s].tasks);
        release_map(&align->sides[s].futures);
    }
    al_idmap_release(&align->by_number);
    al_free(align->work);
    al_free(align->orphans);
    al_free(align->lanes);
    al_free(align->dirty);
    al_align_release_result(&align->result);
    al_intern_release(&align->names);
    al_free(align);
}
