/* view_ready.c - the ready deque in order: what runs, what this turn still
 * runs, and, beneath a line, what waits for the next. */
#include "cli/tui/view.h"

#include "loop/base/alloc.h"

typedef struct order { /* of the rows */
    size_t running;     /* 1: the first is the handle that runs */
    size_t boundary;    /* the row of the line; SIZE_MAX: there is none */
    size_t count;
} order;

static order order_of(const al_moment *now)
{
    const al_loop_state *loop = now->loop;
    order o = {.boundary = SIZE_MAX};

    if (!loop)
        return o;
    o.running = loop->running != NULL;
    o.count = o.running + loop->ring_count;
    if (loop->todo < loop->ring_count) {
        o.boundary = o.running + loop->todo;
        o.count++;
    }
    return o;
}

static size_t count(al_view *view, const al_moment *now)
{
    (void)view;
    return order_of(now).count;
}

static void add_boundary(const al_moment *now, al_row *row)
{
    for (int i = 0; i < 3; i++)
        al_row_add(row, AL_INK_FRAME, now->glyphs->dashes);
    al_row_add(row, AL_INK_DIM, " the next turn ");
    for (int i = 0; i < 3; i++)
        al_row_add(row, AL_INK_FRAME, now->glyphs->dashes);
}

static void add_row(al_view *view, const al_moment *now, size_t index,
                    al_row *row)
{
    order o = order_of(now);
    bool runs = index < o.running;
    const al_traced *handle;
    al_text by = {0};

    (void)view;
    if (index == o.boundary) {
        add_boundary(now, row);
        return;
    }
    handle = runs ? now->loop->running
                  : al_loop_state_ready(now->loop, index - o.running -
                                                       (index > o.boundary));
    al_row_add(row, AL_INK_CURRENT, runs ? now->glyphs->pointer : " ");
    al_row_add_handle(row, now, handle);
    al_text_add_cause(&by, handle->by);
    al_row_set_right(row, AL_INK_DIM, runs ? "runs" : by.bytes);
    row->is_right_first = true;
    al_text_release(&by);
}

static size_t find(al_view *view, const al_moment *now, al_thing thing)
{
    order o = order_of(now);

    (void)view;
    if (thing.kind != AL_THING_HANDLE || o.count == 0)
        return SIZE_MAX;
    if (o.running && now->loop->running->id == thing.id)
        return 0;
    for (size_t i = 0; i < now->loop->ring_count; i++) {
        size_t row = o.running + i;

        if (al_loop_state_ready(now->loop, i)->id == thing.id)
            return row + (row >= o.boundary);
    }
    return SIZE_MAX;
}

static void add_title(al_view *view, const al_moment *now, al_text *out)
{
    (void)view;
    if (!now->loop)
        return;
    al_text_add_uint(out, now->loop->ring_count);
    if (now->loop->todo < now->loop->ring_count)
        al_text_add_format(out, ", %zu of them in this turn",
                           now->loop->todo);
}

static const al_view_ops ops = {
    .title = "Ready",
    .count = count,
    .row = add_row,
    .find = find,
    .add_title = add_title,
};

al_view *al_view_ready_new(void)
{
    al_view *view = al_alloc_zero(1, sizeof *view);

    view->ops = &ops;
    return view;
}
