/* view_tasks.c - the await tree: under each task those that it waits for: a
 * task, those that are gathered, the one that holds the lock.
 *
 * Tasks that nobody waits for are the roots.  What is left then waits in a
 * circle: it is shown, too, and said to be one.
 *
 * Neither a task nor what gather made is gone into twice: where it comes again
 * one row says so, for many may wait for one, and what a trace calls gathered
 * may go round. */
#include "cli/tui/view.h"

#include "cli/page.h"
#include "cli/phrases.h"
#include "loop/base/alloc.h"
#include "sim/trace/idmap.h"

enum { DEEPEST = 60 };

typedef enum again { /* was it shown before? */
    AGAIN_NOT,
    AGAIN_ABOVE,
    AGAIN_IN_CIRCLE /* it waits for itself, by way of those above */
} again;

typedef struct entry {
    const al_traced_task *task;     /* NULL: it is a gather's */
    const al_traced_future *gather; /* which was gone into before */
    unsigned depth;
    uint64_t ends; /* bit n: the ancestor at depth n is the last of its kind */
    again again;
} entry;

typedef struct tasks_view {
    al_view head;
    const al_state *state;
    entry *entries;
    size_t count, capacity;
    const al_traced_task *path[DEEPEST]; /* to the row that is added */
    al_idmap shown;
    al_idmap awaited;   /* by a task that is pending */
    al_idmap gone_into; /* gathers: what to say where one comes again */
} tasks_view;

/* -- who waits for whom --------------------------------------------------- */

typedef struct teller {
    /* is_holder: of the lock that is waited for. */
    void (*task)(tasks_view *view, const al_traced_task *task, unsigned depth,
                 bool is_holder);

    /* One that was gone into before; NULL: it need not be told. */
    void (*gather)(tasks_view *view, const al_traced_future *gather,
                   unsigned depth, again what);
} teller;

static bool is_pending(const al_traced_task *task)
{
    return task && task->future.outcome == AL_TRACED_PENDING;
}

static void note_gone_into(tasks_view *view, const al_traced_future *gather,
                           again what)
{
    static const again answers[] = {AGAIN_NOT, AGAIN_ABOVE, AGAIN_IN_CIRCLE};

    al_idmap_put(&view->gone_into, gather->id, (void *)&answers[what]);
}

static void each_gathered(tasks_view *view, const al_traced_future *gather,
                          unsigned depth, unsigned nesting,
                          const teller *tell);

/* The tasks of gather's future, and of those that are gathered in it.  Where
 * there were none it is not told again either. */
static void go_into(tasks_view *view, const al_traced_future *gather,
                    unsigned depth, unsigned nesting, const teller *tell)
{
    const again *before = al_idmap_find(&view->gone_into, gather->id);
    size_t count = view->count;

    if (gather->child_count == 0 || nesting >= DEEPEST)
        return;
    if (before) {
        if (*before != AGAIN_NOT && tell->gather)
            tell->gather(view, gather, depth, *before);
        return;
    }
    note_gone_into(view, gather, AGAIN_IN_CIRCLE);
    each_gathered(view, gather, depth, nesting, tell);
    note_gone_into(view, gather, view->count > count ? AGAIN_ABOVE
                                                     : AGAIN_NOT);
}

static void each_gathered(tasks_view *view, const al_traced_future *gather,
                          unsigned depth, unsigned nesting, const teller *tell)
{
    for (size_t i = 0; i < gather->child_count; i++) {
        const al_traced_child *child = &gather->children[i];
        const al_traced_task *task =
            child->is_task ? (const al_traced_task *)child->future : NULL;

        if (is_pending(task))
            tell->task(view, task, depth, false);
        else if (!child->is_task && child->future)
            go_into(view, child->future, depth, nesting + 1, tell);
    }
}

/* A task that can go on waits for nobody. */
static void each_awaited(tasks_view *view, const al_traced_task *task,
                         unsigned depth, const teller *tell)
{
    const al_traced_future *waits = task->waits;
    const al_traced_task *holder;

    if (!waits || waits->outcome != AL_TRACED_PENDING ||
        al_traced_task_doing(task) != AL_TASK_WAITS)
        return;
    if (waits->is_task)
        tell->task(view, (const al_traced_task *)waits, depth, false);
    go_into(view, waits, depth, 0, tell);
    if (!waits->in || !waits->in->is_locked)
        return;
    holder = al_state_task(view->state, waits->in->taken_by.task);
    if (is_pending(holder))
        tell->task(view, holder, depth, true);
}

static void note_awaited(tasks_view *view, const al_traced_task *task,
                         unsigned depth, bool is_holder)
{
    (void)depth;
    (void)is_holder;
    al_idmap_put(&view->awaited, task->future.id, (void *)task);
}

/* -- the tree ------------------------------------------------------------- */

static again was_shown(const tasks_view *view, const al_traced_task *task,
                       unsigned depth)
{
    for (unsigned i = 0; i < depth; i++) {
        if (view->path[i] == task)
            return AGAIN_IN_CIRCLE;
    }
    return al_idmap_find(&view->shown, task->future.id) ? AGAIN_ABOVE
                                                        : AGAIN_NOT;
}

static void add_entry(tasks_view *view, entry e)
{
    view->entries = al_grow(view->entries, &view->capacity, view->count + 1,
                            sizeof *view->entries);
    view->entries[view->count++] = e;
}

static void add_gather(tasks_view *view, const al_traced_future *gather,
                       unsigned depth, again what)
{
    add_entry(view, (entry){.gather = gather, .depth = depth, .again = what});
}

static void add_task(tasks_view *view, const al_traced_task *task,
                     unsigned depth, bool is_holder);

static const teller adding = {.task = add_task, .gather = add_gather};

/* The many who wait for one lock do not each repeat who holds it. */
static void add_task(tasks_view *view, const al_traced_task *task,
                     unsigned depth, bool is_holder)
{
    entry e = {.task = task, .depth = depth,
               .again = was_shown(view, task, depth)};

    if (is_holder && e.again == AGAIN_ABOVE)
        return;
    add_entry(view, e);
    if (e.again != AGAIN_NOT)
        return;
    al_idmap_put(&view->shown, task->future.id, (void *)task);
    view->path[depth] = task;
    if (depth + 1 < DEEPEST)
        each_awaited(view, task, depth + 1, &adding);
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

static void note_all_awaited(tasks_view *view)
{
    static const teller noting = {.task = note_awaited};
    const al_traced_task *task = NULL;

    while ((task = al_state_next_task(view->state, task)) != NULL) {
        if (is_pending(task))
            each_awaited(view, task, 0, &noting);
    }
}

static void add_roots(tasks_view *view, const al_idmap *others)
{
    const al_traced_task *task = NULL;

    while ((task = al_state_next_task(view->state, task)) != NULL) {
        if (is_pending(task) && !al_idmap_find(others, task->future.id))
            add_task(view, task, 0, false);
    }
}

static size_t count(al_view *self, const al_moment *now)
{
    tasks_view *view = (tasks_view *)self;

    view->state = now->state;
    view->count = 0;
    al_idmap_release(&view->shown);
    al_idmap_release(&view->awaited);
    note_all_awaited(view);
    al_idmap_release(&view->gone_into);
    add_roots(view, &view->awaited);
    add_roots(view, &view->shown); /* of those in circles */
    al_idmap_release(&view->gone_into);
    find_ends(view);
    return view->count;
}

/* -- rows ----------------------------------------------------------------- */

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

/* "t2 w1", "f3 in p1 Lock", "sleep f4"; of a program's own "f5". */
static void add_awaited_name(const al_traced_future *f, al_row *row)
{
    const char *maker = f->in ? NULL : al_phrase_maker(f);

    if (f->is_task) {
        al_row_add_task(row, (const al_traced_task *)f);
        return;
    }
    if (maker)
        al_row_add_format(row, AL_INK_PLAIN, "%s ", maker);
    al_row_add_format(row, AL_INK_FUTURE, "f%llu", (unsigned long long)f->id);
    if (f->in)
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
        al_page_add_brief_duration(&since,
                                   now->loop->time - task->waits_since,
                                   now->glyphs->micro);
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
    case AL_TASK_CREATED:
        al_row_add(row, AL_INK_PLAIN, "created");
        break;
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

static al_thing thing_of(const entry *e)
{
    return e->task ? (al_thing){AL_THING_TASK, e->task->future.id}
                   : (al_thing){AL_THING_FUTURE, e->gather->id};
}

static void add_row(al_view *self, const al_moment *now, size_t index,
                    al_row *row)
{
    const tasks_view *view = (const tasks_view *)self;
    const entry *e = &view->entries[index];

    add_branches(now, e, row);
    if (e->task)
        al_row_add_task(row, e->task);
    else
        add_awaited_name(e->gather, row);
    if (e->again == AGAIN_NOT)
        al_row_add_format(row, AL_INK_DIM, " %s()", e->task->coroutine);
    al_row_add(row, AL_INK_PLAIN, "  ");
    switch (e->again) {
    case AGAIN_NOT:
        add_doing(now, e->task, row);
        break;
    case AGAIN_ABOVE:
        al_row_add(row, AL_INK_DIM, "see above");
        break;
    case AGAIN_IN_CIRCLE:
        al_row_add(row, AL_INK_CYCLE, "again: a circle");
    }
    row->thing = thing_of(e);
}

static void add_title(al_view *self, const al_moment *now, al_text *out)
{
    (void)self;
    al_text_add_format(out, "%zu pending",
                       al_state_count_pending_tasks(now->state));
}

static size_t current(al_view *self, const al_moment *now)
{
    const tasks_view *view = (const tasks_view *)self;

    for (size_t i = 0; i < view->count; i++) {
        if (now->loop && now->loop->current &&
            view->entries[i].task == now->loop->current)
            return i;
    }
    return SIZE_MAX;
}

static size_t find(al_view *self, const al_moment *now, al_thing thing)
{
    const tasks_view *view = (const tasks_view *)self;

    (void)now;
    for (size_t i = 0; i < view->count; i++) {
        if (al_same_thing(thing_of(&view->entries[i]), thing))
            return i;
    }
    return SIZE_MAX;
}

static void release(al_view *self)
{
    tasks_view *view = (tasks_view *)self;

    al_free(view->entries);
    al_idmap_release(&view->shown);
    al_idmap_release(&view->awaited);
    al_free(view);
}

static const al_view_ops ops = {
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
