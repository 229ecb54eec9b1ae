/* snapshots.c - the queues, shown at every iteration; see snapshots.h. */
#include "sim/trace/snapshots.h"

#include <math.h>
#include "loop/base/alloc.h"
#include "loop/base/text.h"
#include "sim/trace/state.h"

struct al_snapshots {
    al_observer next;
    al_state *state;
    al_text heap, ready; /* JSON, used again and again */
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
    al_free(snapshots);
}
