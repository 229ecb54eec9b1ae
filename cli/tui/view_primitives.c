/* view_primitives.c - locks, queues and the like, each with who waits in it,
 * in order. */
#include "cli/tui/view.h"

#include "loop/base/alloc.h"

typedef struct entry {
    const al_traced_primitive *primitive;
    const al_traced_future *waiter; /* NULL: the row of the primitive itself */
    size_t place;                   /* in its list, from 1 */
    bool is_putter;
} entry;

typedef struct primitives_view {
    al_view head;
    entry *entries;
    size_t count, capacity, primitives;
} primitives_view;

static void add_entry(primitives_view *view, entry e)
{
    view->entries = al_grow(view->entries, &view->capacity, view->count + 1,
                            sizeof *view->entries);
    view->entries[view->count++] = e;
}

static void add_waiters(primitives_view *view, const al_traced_primitive *p,
                        const al_waiting_list *list, bool is_putter)
{
    size_t place = 0;

    for (const al_traced_future *f = list->first; f; f = f->next_waiter)
        add_entry(view, (entry){p, f, ++place, is_putter});
}

static size_t count(al_view *self, const al_moment *now)
{
    primitives_view *view = (primitives_view *)self;
    const al_traced_primitive *p = NULL;

    view->count = view->primitives = 0;
    while ((p = al_state_next_primitive(now->state, p)) != NULL) {
        view->primitives++;
        add_entry(view, (entry){.primitive = p});
        add_waiters(view, p, &p->waiters, false);
        add_waiters(view, p, &p->putters, true);
    }
    return view->count;
}

static void add_deed(const al_deed *deed, const char *did, al_row *row)
{
    const char *name = al_shared_name_text(deed->name);

    if (!deed->task)
        return;
    al_row_add_format(row, AL_INK_PLAIN, ", %s by ", did);
    al_row_add_format(row, AL_INK_TASK, "t%llu%s%s",
                      (unsigned long long)deed->task, name ? " " : "",
                      name ? name : "");
}

static void add_primitive(const al_moment *now,
                          const al_traced_primitive *p, al_row *row)
{
    const al_traced_primitive *whole = al_state_primitive(now->state, p->of);

    al_row_add_format(row, AL_INK_PRIMITIVE, "p%llu %s",
                      (unsigned long long)p->id, p->type);
    if (p->of)
        al_row_add_format(row, AL_INK_DIM, " of p%llu%s%s",
                          (unsigned long long)p->of, whole ? " " : "",
                          whole ? whole->type : "");
    if (p->state && *p->state)
        al_row_add_format(row, AL_INK_PLAIN, "%s %s", p->of ? ":" : "",
                          p->state);
    if (p->is_locked)
        add_deed(&p->taken_by, "taken", row);
    row->thing = (al_thing){AL_THING_PRIMITIVE, p->id};
}

static void add_waiter(const entry *e, al_row *row)
{
    const al_traced_task *task = e->waiter->awaiters;

    al_row_add_format(row, AL_INK_DIM, "  %zu. ", e->place);
    if (task) {
        al_row_add_task(row, task);
        row->thing = (al_thing){AL_THING_TASK, task->future.id};
        row->also = (al_thing){AL_THING_FUTURE, e->waiter->id};
        al_row_add(row, AL_INK_PLAIN, " ");
    } else {
        row->thing = (al_thing){AL_THING_FUTURE, e->waiter->id};
    }
    al_row_add_format(row, AL_INK_FUTURE, "f%llu",
                      (unsigned long long)e->waiter->id);
    if (e->is_putter)
        al_row_add(row, AL_INK_PLAIN, " to put");
    if (e->waiter->outcome != AL_TRACED_PENDING)
        al_row_add(row, AL_INK_GOOD, " woken");
}

static void add_row(al_view *self, const al_moment *now, size_t index,
                    al_row *row)
{
    const entry *e = &((primitives_view *)self)->entries[index];

    if (e->waiter)
        add_waiter(e, row);
    else
        add_primitive(now, e->primitive, row);
}

static void add_title(al_view *self, const al_moment *now, al_text *out)
{
    (void)now;
    al_text_add_uint(out, ((primitives_view *)self)->primitives);
}

static void release(al_view *self)
{
    al_free(((primitives_view *)self)->entries);
    al_free(self);
}

static const al_view_ops ops = {
    .title = "Primitives",
    .count = count,
    .row = add_row,
    .add_title = add_title,
    .free = release,
};

al_view *al_view_primitives_new(void)
{
    primitives_view *view = al_alloc_zero(1, sizeof *view);

    view->head.ops = &ops;
    return &view->head;
}
