/* view_tasks.c - the await tree: under each task those that it waits for.
 *
 * Tasks that nobody waits for are the roots.  What is left then waits in a
 * circle: it is shown, too, and said to be one. */
#include "cli/tui/view.h"

#include <string.h>
#include "cli/page.h"
#include "cli/phrases.h"
#include "loop/base/alloc.h"
#include "sim/trace/idmap.h"

enum { DEEPEST = 60 };

typedef struct entry {
    const al_traced_task *task;
    unsigned depth;
    uint64_t ends; /* bit n: the ancestor at depth n is the last of its kind */
    bool is_again; /* it was shown before */
} entry;

typedef struct tasks_view {
    al_view head;
    entry *entries;
    size_t count, capacity;
    size_t first_in_circle; /* the root that is in one; count: none is */
    al_idmap shown;
} tasks_view;

/* -- the tree ----------------------------------------------------------------- */

static void add_task(tasks_view *view, const al_traced_task *task,
                     entry like);

/* The tasks of gather's future. */
static void add_children(tasks_view *view, const al_traced_future *future,
                         entry like)
{
    for (size_t i = 0; i < future->child_count; i++) {
        const al_traced_child *child = &future->children[i];

        if (child->is_task && child->future &&
            child->future->outcome == AL_TRACED_PENDING)
            add_task(view, (const al_traced_task *)child->future, like);
    }
}

static void add_awaited(tasks_view *view, const al_traced_task *task,
                        entry like)
{
    const al_traced_future *waits = task->waits;

    if (!waits)
        return;
    if (waits->is_task)
        add_task(view, (const al_traced_task *)waits, like);
    else
        add_children(view, waits, like);
}

/* `like` has its depth; who is the last is known once the next one comes. */
static void add_task(tasks_view *view, const al_traced_task *task, entry like)
{
    entry e = {.task = task, .depth = like.depth};

    e.is_again = al_idmap_find(&view->shown, task->future.id) != NULL;
    view->entries = al_grow(view->entries, &view->capacity, view->count + 1,
                            sizeof *view->entries);
    view->entries[view->count++] = e;
    if (e.is_again || e.depth + 1 >= DEEPEST)
        return;
    al_idmap_put(&view->shown, task->future.id, (void *)task);
    e.depth++;
    add_awaited(view, task, e);
}

/* From the last row up: which of its depth have no other after them? */
static void find_ends(tasks_view *view)
{
    uint64_t open = 0; /* bit n: one of depth n follows */

    for (size_t i = view->count; i-- > 0;) {
        entry *e = &view->entries[i];

        open &= (UINT64_C(2) << e->depth) - 1;
        e->ends = ~open;
        open |= UINT64_C(1) << e->depth;
    }
}

static void add_roots(tasks_view *view, const al_moment *now, bool all)
{
    const al_traced_task *task = NULL;

    while ((task = al_state_next_task(now->state, task)) != NULL) {
        bool is_awaited = task->future.awaiters != NULL;

        if (task->future.outcome != AL_TRACED_PENDING)
            continue;
        if (all ? !al_idmap_find(&view->shown, task->future.id) : !is_awaited)
            add_task(view, task, (entry){0});
    }
}

static size_t count(al_view *self, const al_moment *now)
{
    tasks_view *view = (tasks_view *)self;

    view->count = 0;
    al_idmap_release(&view->shown);
    add_roots(view, now, false);
    view->first_in_circle = view->count;
    add_roots(view, now, true);
    find_ends(view);
    return view->count;
}

/* -- rows --------------------------------------------------------------------- */

static void add_branches(const al_moment *now, const entry *e, al_row *row)
{
    for (unsigned depth = 1; depth <= e->depth; depth++) {
        bool ends = e->ends >> depth & 1;
        const char *glyph = depth < e->depth
                                ? ends ? " " : now->glyphs->stem
                                : ends ? now->glyphs->last
                                       : now->glyphs->branch;

        al_row_add(row, AL_INK_FRAME, glyph);
        al_row_add(row, AL_INK_FRAME, " ");
    }
}

static void add_awaited_name(const al_traced_future *f, al_row *row)
{
    if (f->is_task) {
        al_row_add_task(row, (const al_traced_task *)f);
        return;
    }
    al_row_add_format(row, AL_INK_FUTURE, "f%llu", (unsigned long long)f->id);
    if (f->child_count > 0)
        al_row_add(row, AL_INK_PLAIN, " of gather");
    else if (f->in)
        al_row_add_format(row, AL_INK_PRIMITIVE, " in p%llu %s",
                          (unsigned long long)f->in->id, f->in->type);
}

static void add_waiting(const al_moment *now, const al_traced_task *task,
                        al_row *row)
{
    al_text since = {0};

    al_row_add(row, AL_INK_PLAIN, "waits");
    if (task->waits) {
        al_row_add(row, AL_INK_PLAIN, " for ");
        add_awaited_name(task->waits, row);
    }
    if (now->loop && now->loop->time > task->waits_since) {
        al_page_add_seconds(&since, now->loop->time - task->waits_since);
        al_row_add_format(row, AL_INK_TIME, " for %s", since.bytes);
    }
    if (task->where)
        al_row_add_format(row, AL_INK_DIM, " line %s",
                          al_phrase_line(task->where));
    al_text_release(&since);
}

static void add_doing(const al_moment *now, const al_traced_task *task,
                      al_row *row)
{
    switch (al_traced_task_doing(task)) {
    case AL_TASK_RUNS:
        al_row_add(row, AL_INK_CURRENT, "runs");
        break;
    case AL_TASK_READY:
        al_row_add(row, AL_INK_GOOD, "ready");
        al_row_add_format(row, AL_INK_HANDLE, " h%llu",
                          (unsigned long long)task->step);
        break;
    case AL_TASK_WAITS:
        add_waiting(now, task, row);
    }
    if (task->cancelling > 0)
        al_row_add_format(row, AL_INK_WARNING, ", cancelling %llu",
                          (unsigned long long)task->cancelling);
}

static void add_row(al_view *self, const al_moment *now, size_t index,
                    al_row *row)
{
    const tasks_view *view = (const tasks_view *)self;
    const entry *e = &view->entries[index];

    add_branches(now, e, row);
    al_row_add_task(row, e->task);
    al_row_add_format(row, AL_INK_DIM, " %s()  ", e->task->coroutine);
    if (e->is_again)
        al_row_add(row, AL_INK_CYCLE, "again: they wait in a circle");
    else
        add_doing(now, e->task, row);
    row->thing = (al_thing){AL_THING_TASK, e->task->future.id};
}

static void add_title(al_view *self, const al_moment *now, al_text *out)
{
    (void)self;
    al_text_add_format(out, "%zu pending",
                       al_count_pending_tasks(now->state));
}

static size_t current(al_view *self, const al_moment *now)
{
    const tasks_view *view = (const tasks_view *)self;

    for (size_t i = 0; i < view->count; i++) {
        if (now->loop && view->entries[i].task == now->loop->current)
            return i;
    }
    return SIZE_MAX;
}

static size_t find(al_view *self, const al_moment *now, al_thing thing)
{
    const tasks_view *view = (const tasks_view *)self;

    (void)now;
    for (size_t i = 0; i < view->count; i++) {
        if (thing.kind == AL_THING_TASK &&
            view->entries[i].task->future.id == thing.id)
            return i;
    }
    return SIZE_MAX;
}

static void release(al_view *self)
{
    tasks_view *view = (tasks_view *)self;

    al_free(view->entries);
    al_idmap_release(&view->shown);
    al_free(view);
}

static const al_view_ops ops = {
    .name = "tasks",
    .title = "Tasks",
    .count = count,
    .row = add_row,
    .find = find,
    .add_title = add_title,
    .current = current,
    .free = release,
};

al_view *al_view_tasks_new(void)
{
    tasks_view *view = al_alloc_zero(1, sizeof *view);

    view->head.ops = &ops;
    return &view->head;
}
