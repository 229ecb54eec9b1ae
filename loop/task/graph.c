/* graph.c - who waits for whom; see graph.h.
 *
 * The search for a cycle goes down from each task in turn.  Marks say what
 * was seen, new ones for each search: a future that is met again while it is
 * being gone through is on a cycle, one that was left is not. */
#include "loop/task/graph.h"

#include "loop/base/alloc.h"

enum { MOST_TASKS = 20 };

typedef struct wait_point { /* on the way down */
    al_future *future;
    size_t first, next; /* of its blockers; the one that is to be gone to */
} wait_point;

typedef struct graph {
    al_task **tasks; /* that are not done, by id */
    size_t count, capacity;
    uint64_t inside, left; /* the marks of this search; any other: unseen */
    wait_point *path;           /* from a task down to the future looked at */
    size_t depth, path_capacity;
    al_future **blockers; /* of all on the path, those of the last on top */
    size_t blocker_count, blocker_capacity;
} graph;

static void collect(graph *g, al_loop *loop)
{
    for (al_task *t = al_next_task(loop, NULL); t; t = al_next_task(loop, t)) {
        g->tasks = al_grow(g->tasks, &g->capacity, g->count + 1,
                           sizeof(al_task *));
        g->tasks[g->count++] = t;
    }
}

/* A loop lists its tasks in the order of their ids. */
static al_task *find_task(const graph *g, uint64_t id)
{
    size_t low = 0, high = g->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (g->tasks[middle]->future.id < id)
            low = middle + 1;
        else
            high = middle;
    }
    return low < g->count && g->tasks[low]->future.id == id ? g->tasks[low]
                                                            : NULL;
}

/* -- locks ---------------------------------------------------------------- */

static const al_coroutine *innermost(const al_coroutine *coroutine)
{
    const al_coroutine *inner = coroutine;

    while ((coroutine = al_coroutine_peek(coroutine->awaiting)) != NULL)
        inner = coroutine;
    return inner;
}

/* The lock, queue or the like in which the task waits, if it does; and the
 * id of the task that has it, or 0. */
static uint64_t add_primitive(const al_task *task, al_text *out)
{
    const al_coroutine *inner;

    if (!task->waiter || !task->coroutine)
        return 0;
    inner = innermost(task->coroutine);
    return inner->ops->waits_in ? inner->ops->waits_in(inner, out) : 0;
}

static al_task *holder(const graph *g, const al_task *task)
{
    al_text unused = {0};
    uint64_t id = add_primitive(task, &unused);

    al_text_release(&unused);
    return id ? find_task(g, id) : NULL;
}

/* -- a task --------------------------------------------------------------- */

/* The names of a chain of awaiting coroutines, outermost first:
 * "worker() locks.json:12 > Lock.acquire()". */
static void add_chain(const al_coroutine *coroutine, al_text *out)
{
    const char *between = "";

    for (; coroutine; coroutine = al_coroutine_peek(coroutine->awaiting)) {
        al_traceback_entry place;

        al_text_add(out, between);
        al_coroutine_add_name(coroutine, out);
        al_text_add(out, "()");
        if (al_coroutine_place(coroutine, &place))
            al_text_add_format(out, " %s:%d", place.file, place.line);
        between = " > ";
    }
}

static void add_future(const al_future *future, al_text *out)
{
    al_future_add_id(future, out);
    if (!future->kind->is_task)
        return;
    al_text_add_char(out, ' ');
    al_task_add_name((const al_task *)future, true, out);
}

/* What the future is that a task waits for; NULL: one of the program's. */
static const char *maker(const al_task *task)
{
    const al_coroutine *inner =
        task->coroutine ? innermost(task->coroutine) : NULL;

    return inner && inner->ops->several ? inner->ops->several
                                        : al_future_maker(task->waiter);
}

typedef struct list { /* ": t2, t3"; or behind ", gather()" " of t2, t3" */
    al_text *out;
    const char *begin;
} list;

static void add_to_list(void *context, al_future *child)
{
    list *l = context;

    if (al_future_done(child))
        return;
    al_text_add(l->out, l->begin);
    al_future_add_id(child, l->out);
    l->begin = ", ";
}

/* Those a task waits for by way of wait(), a group, as_completed(). */
static void each_of_several(const al_task *task, al_future_visitor *visit,
                            void *context)
{
    const al_coroutine *inner;

    if (!task->waiter || !task->coroutine)
        return;
    inner = innermost(task->coroutine);
    if (inner->ops->each_awaited)
        inner->ops->each_awaited(inner, visit, context);
}

static void add_children(const al_task *task, al_text *out)
{
    const char *made_by = maker(task);
    list l = {out, made_by ? " of " : ": "};
    al_future *child;

    if (made_by)
        al_text_add_format(out, ", %s", made_by);
    each_of_several(task, add_to_list, &l);
    if (task->waiter->kind->is_task)
        return;
    for (size_t i = 0; (child = al_future_peek_awaited(task->waiter, i)); i++)
        add_to_list(&l, child);
}

static const char *without_waiter(const al_task *task)
{
    if (al_current_task(task->future.loop) == task)
        return "runs, and blocks its thread";
    return task->coroutine->state == AL_CORO_CREATED ? "has not begun"
                                                     : "is to be stepped";
}

static void add_waiter(const graph *g, const al_task *task, al_text *out)
{
    al_text primitive = {0};
    uint64_t id;

    if (!task->waiter) {
        al_text_add(out, without_waiter(task));
        return;
    }
    al_text_add(out, "waits for ");
    id = add_primitive(task, &primitive);
    if (!primitive.length) {
        add_future(task->waiter, out);
        add_children(task, out);
    } else if (id && find_task(g, id)) {
        al_text_add_format(out, "%s, acquired by ", primitive.bytes);
        add_future(&find_task(g, id)->future, out);
    } else if (id) {
        al_text_add_format(out, "%s, acquired by t%llu, which has ended",
                           primitive.bytes, (unsigned long long)id);
    } else {
        al_text_add(out, primitive.bytes);
    }
    al_text_release(&primitive);
}

static void add_task(const graph *g, const al_task *task, al_text *out)
{
    al_text_add(out, "  ");
    add_future(&task->future, out);
    al_text_add_char(out, ' ');
    add_waiter(g, task, out);
    al_text_add(out, "\n    in ");
    add_chain(task->coroutine, out);
    al_text_add_char(out, '\n');
}

/* -- cycles --------------------------------------------------------------- */

static void push_blocker(void *context, al_future *blocker)
{
    graph *g = context;

    if (al_future_done(blocker))
        return;
    g->blockers = al_grow(g->blockers, &g->blocker_capacity,
                          g->blocker_count + 1, sizeof *g->blockers);
    g->blockers[g->blocker_count++] = blocker;
}

/* What keeps it from being done; of a task that waits in a lock the one that
 * has it comes after the future. */
static void push_blockers(graph *g, al_future *future)
{
    const al_task *task = (const al_task *)future;
    al_future *awaited;
    al_task *has_it;

    for (size_t i = 0; (awaited = al_future_peek_awaited(future, i)); i++)
        push_blocker(g, awaited);
    if (!future->kind->is_task)
        return;
    each_of_several(task, push_blocker, g);
    has_it = holder(g, task);
    if (has_it)
        push_blocker(g, &has_it->future);
}

static void enter(graph *g, al_future *future)
{
    g->path = al_grow(g->path, &g->path_capacity, g->depth + 1,
                      sizeof *g->path);
    g->path[g->depth++] =
        (wait_point){future, g->blocker_count, g->blocker_count};
    future->mark = g->inside;
    push_blockers(g, future);
}

static void leave(graph *g)
{
    const wait_point *last = &g->path[--g->depth];

    last->future->mark = g->left;
    g->blocker_count = last->first;
}

/* A step of the cycle: what is between two of its futures, and the second. */
static void add_step(const al_future *from, const al_future *to, al_text *out)
{
    const al_task *task = (const al_task *)from;
    al_text between = {0};

    if (from->kind->is_task && task->waiter != to)
        add_primitive(task, &between);
    if (between.length > 0)
        al_text_add_format(out, " > %s", between.bytes);
    al_text_release(&between);
    al_text_add(out, " > ");
    add_future(to, out);
}

static void add_cycle(const graph *g, const al_future *again, al_text *out)
{
    size_t from = g->depth - 1;

    while (g->path[from].future != again)
        from--;
    al_text_add(out, "  cycle: ");
    add_future(again, out);
    for (size_t i = from; i + 1 < g->depth; i++)
        add_step(g->path[i].future, g->path[i + 1].future, out);
    add_step(g->path[g->depth - 1].future, again, out);
    al_text_add_char(out, '\n');
}

/* A step down from the last of the path, or back up.  True: a cycle. */
static bool go_on(graph *g, al_text *out)
{
    wait_point *last = &g->path[g->depth - 1];
    al_future *next;

    if (last->next == g->blocker_count) {
        leave(g);
        return false;
    }
    next = g->blockers[last->next++];
    if (next->mark == g->inside) {
        add_cycle(g, next, out);
        return true;
    }
    if (next->mark != g->left)
        enter(g, next);
    return false;
}

static void add_first_cycle(graph *g, al_text *out)
{
    static _Thread_local uint64_t last_mark;
    bool found = false;

    g->inside = last_mark + 1;
    g->left = last_mark + 2;
    for (size_t i = 0; i < g->count && !found; i++) {
        if (g->tasks[i]->future.mark == g->left)
            continue;
        enter(g, &g->tasks[i]->future);
        while (g->depth > 0 && !found)
            found = go_on(g, out);
    }
    last_mark = g->left;
}

/* -- all of it ------------------------------------------------------------ */

void al_graph_add_waits(al_loop *loop, al_text *out)
{
    graph g = {0};

    collect(&g, loop);
    for (size_t i = 0; i < g.count && i < MOST_TASKS; i++)
        add_task(&g, g.tasks[i], out);
    if (g.count > MOST_TASKS)
        al_text_add_format(out, "  and %zu more tasks\n",
                           g.count - MOST_TASKS);
    add_first_cycle(&g, out);
    al_free(g.tasks);
    al_free(g.path);
    al_free(g.blockers);
}
