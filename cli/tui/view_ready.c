/* view_ready.c - the ready deque in order: what runs, what this turn still
 * runs, and, beneath a line, what waits for the next. */
#include "cli/tui/view.h"

#include "loop/base/alloc.h"

typedef struct layout { /* of the rows */
    size_t running;     /* 1: the first is the handle that runs */
    size_t boundary;    /* the row of the line; SIZE_MAX: there is none */
    size_t count;
} layout;

static layout lay_out(const al_moment *now)
{
    const al_loop_state *loop = now->loop;
    layout l = {.boundary = SIZE_MAX};

    if (!loop)
        return l;
    l.running = loop->running != NULL;
    l.count = l.running + loop->ring_count;
    if (loop->todo < loop->ring_count) {
        l.boundary = l.running + loop->todo;
        l.count++;
    }
    return l;
}

static size_t count(al_view *view, const al_moment *now)
{
    (void)view;
    return lay_out(now).count;
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
    layout l = lay_out(now);
    bool runs = index < l.running;
    const al_traced *handle;
    al_text by = {0};

    (void)view;
    if (index == l.boundary) {
        add_boundary(now, row);
        return;
    }
    handle = runs ? now->loop->running
                  : al_loop_state_ready(now->loop, index - l.running -
                                                       (index > l.boundary));
    al_row_add(row, AL_INK_CURRENT, runs ? now->glyphs->pointer : " ");
    al_row_add_handle(row, now, handle);
    al_text_add_cause(&by, handle->by);
    al_row_set_right(row, AL_INK_DIM, runs ? "runs" : by.bytes);
    row->is_right_first = true;
    al_text_release(&by);
}

static size_t find(al_view *view, const al_moment *now, al_thing thing)
{
    layout l = lay_out(now);

    (void)view;
    if (thing.kind != AL_THING_HANDLE || l.count == 0)
        return SIZE_MAX;
    if (l.running && now->loop->running->id == thing.id)
        return 0;
    for (size_t i = 0; i < now->loop->ring_count; i++) {
        size_t row = l.running + i;

        if (al_loop_state_ready(now->loop, i)->id == thing.id)
            return row + (row >= l.boundary);
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
    .name = "ready",
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
