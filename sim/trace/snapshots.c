/* snapshots.c - all there is, shown at every iteration; see snapshots.h. */
#include "sim/trace/snapshots.h"

#include <math.h>
#include "loop/base/alloc.h"
#include "loop/base/text.h"
#include "sim/trace/line.h"
#include "sim/trace/state.h"

struct al_snapshots {
    al_observer next;
    al_state *state;
    al_text heap, ready, tasks, primitives; /* JSON, used again and again */
};

static void add_id(al_text *out, const al_traced *handle)
{
    al_text_add(out, "\"h");
    al_text_add_uint(out, handle->id);
    al_text_add_char(out, '"');
}

static void add_deadline(al_text *out, double when)
{
    const char *quote = isfinite(when) ? "" : "\"";

    al_text_add(out, quote);
    al_text_add_double(out, when);
    al_text_add(out, quote);
}

static void add_heap(al_text *out, const al_heap *heap)
{
    al_text_clear(out);
    al_text_add_char(out, '[');
    for (size_t i = 0; i < heap->count; i++) {
        al_text_add(out, i ? ",[" : "[");
        add_id(out, heap->entries[i].item);
        al_text_add_char(out, ',');
        add_deadline(out, heap->entries[i].when);
        al_text_add_char(out, ']');
    }
    al_text_add_char(out, ']');
}

static void add_ready(al_text *out, const al_loop_state *loop)
{
    al_text_clear(out);
    al_text_add_char(out, '[');
    for (size_t i = 0; i < loop->ring_count; i++) {
        if (i)
            al_text_add_char(out, ',');
        add_id(out, al_loop_state_ready(loop, i));
    }
    al_text_add_char(out, ']');
}

/* -- tasks ---------------------------------------------------------------- */

static void add_numbered(al_text *out, char letter, uint64_t id)
{
    al_text_add_char(out, '"');
    al_text_add_char(out, letter);
    al_text_add_uint(out, id);
    al_text_add_char(out, '"');
}

/* ["t1","main","waits","f2"], ["t2","a","ready","h7"] */
static void add_task(al_text *out, const al_traced_task *task)
{
    static const char *const doings[] = {
        [AL_TASK_CREATED] = "created", [AL_TASK_RUNS] = "runs",
        [AL_TASK_READY] = "ready",     [AL_TASK_WAITS] = "waits",
    };
    const char *name = al_shared_name_text(task->name);
    al_task_doing doing = al_traced_task_doing(task);

    al_text_add_char(out, '[');
    add_numbered(out, 't', task->future.id);
    al_text_add_char(out, ',');
    al_trace_add_string(out, name ? name : "?");
    al_text_add_format(out, ",\"%s\"", doings[doing]);
    if (doing == AL_TASK_READY) {
        al_text_add_char(out, ',');
        add_numbered(out, 'h', task->step);
    } else if (doing == AL_TASK_WAITS && task->waits) {
        al_text_add_char(out, ',');
        add_numbered(out, task->waits->is_task ? 't' : 'f', task->waits->id);
    }
    al_text_add_char(out, ']');
}

static void add_tasks(al_text *out, const al_state *state, uint64_t loop)
{
    const al_traced_task *task = NULL;
    const char *comma = "";

    al_text_clear(out);
    al_text_add_char(out, '[');
    while ((task = al_state_next_task(state, task)) != NULL) {
        if (task->future.loop != loop ||
            task->future.outcome != AL_TRACED_PENDING)
            continue;
        al_text_add(out, comma);
        add_task(out, task);
        comma = ",";
    }
    al_text_add_char(out, ']');
}

/* -- primitives ----------------------------------------------------------- */

static void add_waiters(al_text *out, const al_waiting_list *list)
{
    const al_traced_future *waiter = list->first;

    al_text_add(out, ",[");
    for (; waiter; waiter = waiter->next_waiter) {
        add_numbered(out, 'f', waiter->id);
        al_text_add(out, waiter->next_waiter ? "," : "");
    }
    al_text_add_char(out, ']');
}

/* ["p1","Lock","locked",["f3"],[]] */
static void add_primitives(al_text *out, const al_state *state)
{
    const al_traced_primitive *p = NULL;

    al_text_clear(out);
    al_text_add_char(out, '[');
    while ((p = al_state_next_primitive(state, p)) != NULL) {
        al_text_add(out, out->length > 1 ? ",[" : "[");
        add_numbered(out, 'p', p->id);
        al_text_add_char(out, ',');
        al_trace_add_string(out, p->type);
        al_text_add_char(out, ',');
        al_trace_add_string(out, p->state ? p->state : "");
        add_waiters(out, &p->waiters);
        add_waiters(out, &p->putters);
        al_text_add_char(out, ']');
    }
    al_text_add_char(out, ']');
}

/* -- snapshots ------------------------------------------------------------ */

static void emit_snapshot(al_snapshots *snapshots, const al_event *cause)
{
    const al_loop_state *loop = al_state_loop(snapshots->state, cause->loop);
    al_event event = {
        .kind = AL_EVENT_SNAPSHOT,
        .loop = cause->loop,
        .time = cause->time,
    };

    add_heap(&snapshots->heap, &loop->heap);
    add_ready(&snapshots->ready, loop);
    event.heap = snapshots->heap.bytes;
    event.deque = snapshots->ready.bytes;
    add_tasks(&snapshots->tasks, snapshots->state, cause->loop);
    add_primitives(&snapshots->primitives, snapshots->state);
    event.tasks = snapshots->tasks.bytes;
    event.primitives = snapshots->primitives.bytes;
    al_observer_emit(snapshots->next, &event);
}

/* A trace that has snapshots already does not get them twice. */
static void emit(void *self, const al_event *event)
{
    al_snapshots *snapshots = self;

    if (event->kind == AL_EVENT_SNAPSHOT)
        return;
    al_state_apply(snapshots->state, event);
    al_observer_emit(snapshots->next, event);
    if (event->kind == AL_EVENT_ITERATION)
        emit_snapshot(snapshots, event);
}

static const al_observer_ops snapshots_ops = {.emit = emit};

al_snapshots *al_snapshots_new(al_observer next)
{
    al_snapshots *snapshots = al_alloc_zero(1, sizeof *snapshots);

    snapshots->next = next;
    snapshots->state = al_state_new(NULL);
    return snapshots;
}

al_observer al_snapshots_observer(al_snapshots *snapshots)
{
    return (al_observer){&snapshots_ops, snapshots};
}

void al_snapshots_free(al_snapshots *snapshots)
{
    if (!snapshots)
        return;
    al_state_free(snapshots->state);
    al_text_release(&snapshots->heap);
    al_text_release(&snapshots->ready);
    al_text_release(&snapshots->tasks);
    al_text_release(&snapshots->primitives);
    al_free(snapshots);
}
