/* graph.c - who waits for whom; see graph.h.
 *
 * The search for a cycle goes down from each task in turn.  Marks say what
 * was seen, new ones for each search: a future that is met again while it is
 * being gone through is on a cycle, one that was left is not. */
#include "loop/task/graph.h"

#include "loop/base/alloc.h"

enum { MOST_LINES = 20 };

/* -- chains --------------------------------------------------------------- */

void al_graph_add_chain(const al_coroutine *coroutine, al_text *out)
{
    const char *between = "";

    for (; coroutine; coroutine = al_coroutine_peek(coroutine->awaiting)) {
        al_text_add(out, between);
        al_coroutine_add_name(coroutine, out);
        al_text_add(out, "()");
        between = " > ";
    }
}

static void add_waiter(const al_task *task, al_text *out)
{
    if (!task->waiter) {
        al_text_add(out, task->coroutine->state == AL_CORO_CREATED
                             ? "has not begun" : "is to be stepped");
        return;
    }
    al_text_add(out, "waits for ");
    al_future_add_id(task->waiter, out);
    for (size_t i = 0;; i++) {
        const al_future *child = al_future_peek_awaited(task->waiter, i);

        if (!child || task->waiter->kind->is_task)
            return;
        al_text_add(out, i ? ", " : ": ");
        al_future_add_id(child, out);
    }
}

static void add_task(const al_task *task, al_text *out)
{
    al_text_add(out, "  ");
    al_future_add_id(&task->future, out);
    al_text_add_char(out, ' ');
    al_value_repr(task->name, out);
    al_text_add_char(out, ' ');
    al_graph_add_chain(task->coroutine, out);
    al_text_add_char(out, ' ');
    add_waiter(task, out);
    al_text_add_char(out, '\n');
}

/* -- cycles --------------------------------------------------------------- */

typedef struct path { /* from a task down to the future being looked at */
    uint64_t inside, left; /* the marks of this search; any other: unseen */
    al_future **items;
    size_t *next; /* beside it: which of what it awaits comes next */
    size_t count, capacity, next_capacity;
} path;

static void enter(path *p, al_future *future)
{
    p->items = al_grow(p->items, &p->capacity, p->count + 1,
                       sizeof *p->items);
    p->next = al_grow(p->next, &p->next_capacity, p->count + 1,
                      sizeof *p->next);
    p->next[p->count] = 0;
    p->items[p->count++] = future;
    future->mark = p->inside;
}

static void add_cycle(const path *p, const al_future *again, al_text *out)
{
    size_t from = p->count;

    while (p->items[from - 1] != again)
        from--;
    al_text_add(out, "  cycle: ");
    for (size_t i = from - 1; i < p->count; i++) {
        al_future_add_id(p->items[i], out);
        al_text_add(out, " > ");
    }
    al_future_add_id(again, out);
    al_text_add_char(out, '\n');
}

/* A step down from the last of the path, or back up.  True: a cycle. */
static bool go_on(path *p, al_text *out)
{
    al_future *last = p->items[p->count - 1];
    al_future *awaited = al_future_peek_awaited(last, p->next[p->count - 1]++);

    if (!awaited) {
        last->mark = p->left;
        p->count--;
    } else if (awaited->mark == p->inside) {
        add_cycle(p, awaited, out);
        return true;
    } else if (awaited->mark != p->left) {
        enter(p, awaited);
    }
    return false;
}

static void add_first_cycle(al_loop *loop, al_text *out)
{
    static _Thread_local uint64_t last_mark;
    path p = {.inside = last_mark + 1, .left = last_mark + 2};
    bool found = false;

    for (al_task *t = al_next_task(loop, NULL); t && !found;
         t = al_next_task(loop, t)) {
        if (t->future.mark == p.left)
            continue;
        enter(&p, &t->future);
        while (p.count > 0 && !found)
            found = go_on(&p, out);
    }
    last_mark = p.left;
    al_free(p.items);
    al_free(p.next);
}

/* -- all of it ------------------------------------------------------------ */

void al_graph_add_waits(al_loop *loop, al_text *out)
{
    size_t count = 0;

    for (al_task *t = al_next_task(loop, NULL); t; t = al_next_task(loop, t)) {
        if (count++ < MOST_LINES)
            add_task(t, out);
    }
    if (count > MOST_LINES)
        al_text_add_format(out, "  and %zu more tasks\n", count - MOST_LINES);
    add_first_cycle(loop, out);
}
