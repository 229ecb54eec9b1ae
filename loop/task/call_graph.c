/* call_graph.c - asyncio.graph; see call_graph.h.
 *
 * What CPython writes as one async function that awaits another may be one
 * body here: al_coroutine_ops.inside names the functions that it stands for
 * besides its own, so that stacks have all of them. */
#include "loop/task/call_graph.h"

#include "loop/base/alloc.h"
#include "loop/object/thread.h"
#include "loop/task/task.h"

enum { NODE_WORK = 256 }; /* a future counts as so many items: their number
                             may grow as that of the ways up */

/* -- frames --------------------------------------------------------------- */

static void frame_free(al_object *self)
{
    al_value_release(((al_graph_frame *)self)->name);
    al_free(self);
}

static void frame_repr(const al_object *self, al_text *out)
{
    const al_str *name = al_str_peek(((const al_graph_frame *)self)->name);

    al_text_add_format(out, "<frame, code %s>", al_last_name(name->bytes));
}

const al_type al_graph_frame_type = {
    .name = "frame",
    .free = frame_free,
    .repr = frame_repr,
};

static void entry_free(al_object *self)
{
    al_value_release(((al_call_entry *)self)->frame);
    al_free(self);
}

static void entry_repr(const al_object *self, al_text *out)
{
    al_text_add(out, "FrameCallGraphEntry(frame=");
    al_value_repr(((const al_call_entry *)self)->frame, out);
    al_text_add_char(out, ')');
}

const al_type al_call_entry_type = {
    .name = "FrameCallGraphEntry",
    .free = entry_free,
    .repr = entry_repr,
};

static al_value entry_take(al_value frame)
{
    al_call_entry *entry = al_alloc(sizeof *entry);

    al_object_init(&entry->head, &al_call_entry_type);
    entry->frame = frame;
    return al_take(entry);
}

static al_value entry_take_name(al_value name, al_frame_kind kind)
{
    al_graph_frame *frame = al_alloc(sizeof *frame);

    al_object_init(&frame->head, &al_graph_frame_type);
    frame->name = name;
    frame->kind = kind;
    return entry_take(al_take(frame));
}

al_value al_call_entry_new(al_value name, al_frame_kind kind)
{
    return entry_take_name(al_value_dup(name), kind);
}

al_value al_call_entry_of(const al_coroutine *coroutine)
{
    al_text name = {0};
    al_value entry;

    if (coroutine->state == AL_CORO_CLOSED)
        return entry_take(al_none());
    al_coroutine_add_name(coroutine, &name);
    entry = entry_take_name(al_str_from_text(&name), AL_FRAME_COROUTINE);
    al_text_release(&name);
    return entry;
}

/* -- a stack that waits --------------------------------------------------- */

typedef struct stack { /* entries; references */
    al_value *entries;
    size_t count, capacity;
} stack;

static void push(stack *s, al_value entry)
{
    s->entries = al_grow(s->entries, &s->capacity, s->count + 1,
                         sizeof *s->entries);
    s->entries[s->count++] = entry;
}

static void stack_release(stack *s)
{
    for (size_t i = 0; i < s->count; i++)
        al_value_release(s->entries[i]);
    al_free(s->entries);
}

static void push_inside(stack *s, const al_coroutine *coroutine)
{
    const char *const *names =
        coroutine->ops->inside ? coroutine->ops->inside(coroutine) : NULL;

    for (; names && *names; names++)
        push(s, entry_take_name(al_str_new(*names), AL_FRAME_COROUTINE));
}

/* Down to what is no coroutine of its own: a future, or the asend() of an
 * asynchronous generator.  Of one that runs cr_await is None. */
static void push_chain(stack *s, const al_coroutine *coroutine)
{
    while (coroutine && !coroutine->ops->type) {
        push(s, al_call_entry_of(coroutine));
        if (coroutine->state != AL_CORO_SUSPENDED)
            return;
        push_inside(s, coroutine);
        coroutine = al_coroutine_peek(coroutine->awaiting);
    }
}

static void reverse(stack *s)
{
    for (size_t i = 0, j = s->count; i + 1 < j; i++) {
        al_value entry = s->entries[i];

        s->entries[i] = s->entries[--j];
        s->entries[j] = entry;
    }
}

static bool is_nothing(al_value limit)
{
    return limit.tag == AL_INT && limit.as.integer == 0;
}

static al_tuple *cut(const al_value *entries, size_t count,
                     al_value limit)
{
    int64_t most = limit.tag == AL_INT ? limit.as.integer : 0;
    uint64_t size = most < 0 ? 0 - (uint64_t)most : (uint64_t)most;

    if (count == 0 || is_nothing(limit)) /* then entries may be NULL */
        return al_tuple_new(NULL, 0);
    if (limit.tag != AL_INT || size > count)
        size = count;
    return al_tuple_new(most > 0 ? entries + count - size : entries,
                        (size_t)size);
}

/* -- graphs --------------------------------------------------------------- */

static void graph_free(al_object *self)
{
    al_call_graph *graph = (al_call_graph *)self;

    al_unref(graph->future);
    al_unref(graph->call_stack);
    al_unref(graph->awaited_by);
    al_free(graph);
}

static void add_field(const char *name, void *value, al_text *out)
{
    al_text_add(out, name);
    al_value_repr((al_value){AL_OBJECT, {.object = value}}, out);
}

static void graph_repr(const al_object *self, al_text *out)
{
    const al_call_graph *graph = (const al_call_graph *)self;

    add_field("FutureCallGraph(future=", graph->future, out);
    add_field(", call_stack=", graph->call_stack, out);
    add_field(", awaited_by=", graph->awaited_by, out);
    al_text_add_char(out, ')');
}

const al_type al_call_graph_type = {
    .name = "FutureCallGraph",
    .free = graph_free,
    .repr = graph_repr,
};

al_call_graph *al_call_graph_peek(al_value value)
{
    return al_is(value, &al_call_graph_type)
               ? (al_call_graph *)value.as.object : NULL;
}

static al_call_graph *capture(al_future *future, al_value limit,
                              unsigned depth);

/* frozenset(awaiters), in the order that stands for a set's; borrowed. */
static al_value *sorted(const al_awaiters *awaiters, size_t count)
{
    al_value *all = al_realloc_array(NULL, count, sizeof *all);

    al_awaiters_list(awaiters, all);
    al_futures_sort(all, count);
    return all;
}

/* NULL: raised. */
static al_tuple *capture_awaiters(const al_future *future,
                                  al_value limit, unsigned depth)
{
    size_t count = al_awaiters_count(&future->awaiters);
    al_tuple *graphs = al_tuple_alloc(count);
    al_value *all;

    for (size_t i = 0; i < count; i++)
        graphs->items[i] = al_no_value();
    if (count == 0)
        return graphs;
    all = sorted(&future->awaiters, count);
    for (size_t i = 0; graphs && i < count; i++) {
        al_call_graph *graph =
            capture(al_future_peek(all[i]), limit, depth + 1);

        if (graph) {
            graphs->items[i] = al_take(graph);
        } else {
            al_unref(graphs);
            graphs = NULL;
        }
    }
    al_free(all);
    return graphs;
}

/* The stack is taken over.  NULL: raised. */
static al_call_graph *complete(al_future *future, al_tuple *call_stack,
                               al_value limit, unsigned depth)
{
    al_tuple *awaited_by = capture_awaiters(future, limit, depth);
    al_call_graph *graph;

    if (!awaited_by) {
        al_unref(call_stack);
        return NULL;
    }
    graph = al_alloc(sizeof *graph);
    al_object_init(&graph->head, &al_call_graph_type);
    graph->future = al_ref(future);
    graph->call_stack = call_stack;
    graph->awaited_by = awaited_by;
    return graph;
}

static bool may_go_on(unsigned depth)
{
    if (depth >= AL_RECURSION_LIMIT)
        return al_raise(&al_RecursionError,
                        "maximum recursion depth exceeded");
    return al_may_work(NODE_WORK);
}

static al_call_graph *capture(al_future *future, al_value limit,
                              unsigned depth)
{
    stack s = {0};
    al_tuple *call_stack;

    if (!may_go_on(depth))
        return NULL;
    if (future->kind->is_task && !is_nothing(limit))
        push_chain(&s, ((const al_task *)future)->coroutine);
    reverse(&s);
    call_stack = cut(s.entries, s.count, limit);
    stack_release(&s);
    return complete(future, call_stack, limit, depth);
}

al_call_graph *al_call_graph_capture(al_future *future, al_value limit)
{
    return capture(future, limit, 0);
}

al_call_graph *al_call_graph_capture_running(al_future *task,
                                             const al_value *entries,
                                             size_t count,
                                             al_value limit)
{
    return complete(task, cut(entries, count, limit), limit, 0);
}

/* -- as text -------------------------------------------------------------- */

static void begin_line(unsigned level, al_text *out)
{
    if (out->length > 0)
        al_text_add_char(out, '\n');
    for (unsigned i = 0; i < level; i++)
        al_text_add(out, "    ");
}

static void add_future(const al_future *future, al_text *out)
{
    al_text_add(out, future->kind->is_task ? "* Task(name=" : "* Future(");
    if (future->kind->is_task) {
        al_task_add_name((const al_task *)future, true, out);
        al_text_add(out, ", ");
    }
    al_text_add(out, "id=");
    al_future_add_id(future, out);
    al_text_add_char(out, ')');
}

static bool add_entry(const al_call_entry *entry, unsigned level, al_text *out)
{
    static const char *const tags[] = {
        [AL_FRAME_FUNCTION] = "",
        [AL_FRAME_COROUTINE] = "async ",
        [AL_FRAME_ASYNC_GENERATOR] = "async generator ",
        [AL_FRAME_GENERATOR] = "generator ",
    };
    const al_graph_frame *frame;

    if (entry->frame.tag == AL_NONE)
        return al_raise_no_attribute(entry->frame, "f_generator");
    frame = (const al_graph_frame *)entry->frame.as.object;
    begin_line(level, out);
    al_text_add_format(out, "  |   in %s%s()", tags[frame->kind],
                       al_str_peek(frame->name)->bytes);
    return true;
}

static bool add_stack(const al_tuple *entries, unsigned level, al_text *out)
{
    if (entries->count == 0)
        return true;
    begin_line(level, out);
    al_text_add(out, "  + Call stack:");
    for (size_t i = 0; i < entries->count; i++) {
        if (!add_entry((const al_call_entry *)entries->items[i].as.object,
                       level, out))
            return false;
    }
    return true;
}

/* render_level */
static bool add_graph(const al_call_graph *graph, unsigned level, al_text *out)
{
    if (!al_may_work(NODE_WORK))
        return false;
    begin_line(level, out);
    add_future(graph->future, out);
    if (!add_stack(graph->call_stack, level, out))
        return false;
    if (graph->awaited_by->count == 0)
        return true;
    begin_line(level, out);
    al_text_add(out, "  + Awaited by:");
    for (size_t i = 0; i < graph->awaited_by->count; i++) {
        if (!add_graph(al_call_graph_peek(graph->awaited_by->items[i]),
                       level + 1, out))
            return false;
    }
    return true;
}

bool al_call_graph_format(const al_call_graph *graph, al_text *out)
{
    return add_graph(graph, 0, out);
}
