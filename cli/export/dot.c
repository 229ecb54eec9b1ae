/* dot.c - export --to dot: graphs for Graphviz.
 *
 * causes  what scheduled what: a node a handle, an arrow from the one that
 *         ran to each that it scheduled; written as the trace is read
 * waits   at one point: tasks, and what each waits for, down to whoever holds
 *         a lock; a cycle is red
 * heap    at one point: each loop's heap, as the tree that heapq sees
 *
 * A point that is not given is the deadlock, where there is one, or the end.
 *
 * Memory is that of the state. */
#include "cli/export/form.h"

#include <math.h>
#include <string.h>
#include "cli/phrases.h"
#include "loop/base/alloc.h"
#include "sim/analysis/causes.h"
#include "sim/base/escape.h"
#include "sim/trace/state.h"

typedef struct dot {
    al_text *out;
    al_text label;  /* that is being made; not escaped */
    al_text escaped;
    al_state *state;
    al_graph graph;
    double at;      /* NaN: at the end */
    al_idmap known; /* of causes: nodes that were mentioned; of waits: tasks
                       on a cycle */
} dot;

/* -- pieces --------------------------------------------------------------- */

enum { LONGEST_LINE = 60 }; /* columns */

/* A quoted text.  Its line breaks are made here; all else is escaped. */
static void put_line(dot *d, const char *line, size_t length)
{
    char *copy = al_alloc(length + 1);

    memcpy(copy, line, length);
    copy[length] = '\0';
    al_text_clear(&d->escaped);
    al_escape_add_cut(&d->escaped, copy, LONGEST_LINE);
    al_free(copy);
    for (const char *c = al_text_peek(&d->escaped); *c; c++) {
        if (*c == '"' || *c == '\\')
            al_text_add_char(d->out, '\\');
        al_text_add_char(d->out, *c);
    }
}

static void put_text(dot *d, const char *text)
{
    const char *end;

    al_text_add_char(d->out, '"');
    for (; (end = strchr(text, '\n')) != NULL; text = end + 1) {
        put_line(d, text, (size_t)(end - text));
        al_text_add(d->out, "\\n");
    }
    put_line(d, text, strlen(text));
    al_text_add_char(d->out, '"');
}

static void put_node(dot *d, char letter, uint64_t id)
{
    al_text_add_char(d->out, letter);
    al_text_add_uint(d->out, id);
}

static void open_node(dot *d, char letter, uint64_t id)
{
    al_text_add(d->out, "  ");
    put_node(d, letter, id);
    al_text_add(d->out, " [label=");
    put_text(d, al_text_peek(&d->label));
    al_text_clear(&d->label);
}

static void close_statement(dot *d)
{
    al_text_add(d->out, "];\n");
}

static void open_edge(dot *d, char from, uint64_t a, char to, uint64_t b)
{
    al_text_add(d->out, "  ");
    put_node(d, from, a);
    al_text_add(d->out, " -> ");
    put_node(d, to, b);
    al_text_add(d->out, " [");
}

static void label_id(dot *d, char letter, uint64_t id)
{
    al_text_add_char(&d->label, letter);
    al_text_add_uint(&d->label, id);
}

/* A new line in the label; what has its own lines is told in one. */
static void label_line(dot *d, const char *text)
{
    al_text_add_char(&d->label, '\n');
    for (; *text; text++)
        al_text_add_char(&d->label, *text == '\n' ? ' ' : *text);
}

static void label_seconds(dot *d, const char *before, double seconds)
{
    al_text_add_char(&d->label, '\n');
    al_text_add(&d->label, before);
    al_text_add_double(&d->label, seconds);
    al_text_add(&d->label, " s");
}

/* -- causes --------------------------------------------------------------- */

static bool is_known(dot *d, uint64_t handle)
{
    return al_idmap_find(&d->known, handle) != NULL;
}

static const char *name_of(dot *d, const al_event *event)
{
    const al_traced_task *task = al_state_task(d->state, event->task);

    if (task)
        return task->coroutine;
    return event->callback ? event->callback : "?";
}

static void put_cause(dot *d, const al_event *event)
{
    al_cause_id id = al_cause_id_of(event->by);
    bool is_timer = event->kind == AL_EVENT_CALL_AT;

    if (event->by == AL_BY_WORLD || event->by == AL_BY_PROGRAM) {
        al_text_add_format(d->out, "  %s -> h%llu [",
                           event->by ? "world" : "program",
                           (unsigned long long)event->handle);
    } else {
        open_edge(d, id.letter, id.number, 'h', event->handle);
    }
    if (is_timer)
        al_text_add_format(d->out, "style=dashed,");
    al_text_add_format(d->out, "label=\"%s\"",
                       event->kind == AL_EVENT_CALL_SOON
                           ? "" : al_event_specs[event->kind].name);
    close_statement(d);
}

static void put_handle(dot *d, const al_event *event)
{
    label_id(d, 'h', event->handle);
    label_line(d, name_of(d, event));
    if (event->kind == AL_EVENT_CALL_AT)
        label_seconds(d, "due ", event->when);
    open_node(d, 'h', event->handle);
    if (event->task) {
        al_text_add(d->out, ",fillcolor=\"#e3ecfd\",tooltip=");
        label_id(d, 't', event->task);
        put_text(d, al_text_peek(&d->label));
        al_text_clear(&d->label);
    }
    close_statement(d);
    put_cause(d, event);
}

/* What will never run looks so; what ran may be cancelled as well. */
static void put_over(dot *d, const al_event *event)
{
    const al_traced *handle = al_state_handle(d->state, event->handle);

    if (!handle || handle->runs > 0)
        return;
    al_text_add(d->out, "  ");
    put_node(d, 'h', event->handle);
    al_text_add(d->out, " [style=\"rounded,dashed\",fontcolor=\"#888888\"];\n");
}

/* The same node once more, with what is known now. */
static void put_run(dot *d, const al_event *event)
{
    const al_traced *handle = al_state_handle(d->state, event->handle);

    if (handle && handle->runs > 1)
        return; /* an fd's or a signal's */
    label_id(d, 'h', event->handle);
    label_line(d, name_of(d, event));
    label_seconds(d, "at ", event->time);
    if (handle && event->time > handle->when)
        label_seconds(d, "late by ", event->time - handle->when);
    open_node(d, 'h', event->handle);
    close_statement(d);
}

static void add_cause(dot *d, const al_event *event)
{
    if (al_introduces_handle(event->kind))
        put_handle(d, event);
    else if (event->kind == AL_EVENT_RUN)
        put_run(d, event);
    else if (event->kind == AL_EVENT_CANCEL)
        put_over(d, event);
}

/* -- waits ---------------------------------------------------------------- */

/* Begin with NULL; NULL: no more.  One that is done stays in the state as long
 * as anything there points to it. */
static const al_traced_task *next_pending(const dot *d,
                                          const al_traced_task *task)
{
    do
        task = al_state_next_task(d->state, task);
    while (task && task->future.outcome != AL_TRACED_PENDING);
    return task;
}

/* Whom a task waits for in the end; NULL: nobody. */
static const al_traced_task *awaited_task(dot *d, const al_traced_task *task)
{
    const al_traced_future *waits = task->waits;
    const al_traced_primitive *in = waits ? waits->in : NULL;

    if (!waits || al_traced_task_doing(task) != AL_TASK_WAITS)
        return NULL;
    if (waits->is_task)
        return al_state_task(d->state, waits->id);
    return in && in->is_locked ? al_state_task(d->state, in->taken_by.task)
                               : NULL;
}

/* Each task leads to at most one: who is met again on the way is on a cycle.
 * In `seen`, by task, is the number of the walk that met it. */
static void find_cycles(dot *d)
{
    al_idmap seen = {0};
    uintptr_t walk = 0;

    for (const al_traced_task *from = NULL;
         (from = next_pending(d, from));) {
        const al_traced_task *at = from;

        walk++;
        while (at && !al_idmap_find(&seen, at->future.id)) {
            al_idmap_put(&seen, at->future.id, (void *)walk);
            at = awaited_task(d, at);
        }
        if (!at || (uintptr_t)al_idmap_find(&seen, at->future.id) != walk)
            continue;
        while (!is_known(d, at->future.id)) {
            al_idmap_put(&d->known, at->future.id, d);
            at = awaited_task(d, at);
        }
    }
    al_idmap_release(&seen);
}

static void put_task(dot *d, const al_traced_task *task)
{
    static const char *const doing[] = {
        [AL_TASK_CREATED] = "created", [AL_TASK_RUNS] = "runs",
        [AL_TASK_READY] = "ready",     [AL_TASK_WAITS] = NULL,
    };
    static const char *const colors[] = {
        [AL_TASK_CREATED] = "#ffffff", [AL_TASK_RUNS] = "#d9f2e3",
        [AL_TASK_READY] = "#e3ecfd",   [AL_TASK_WAITS] = "#ffffff",
    };
    al_task_doing now = al_traced_task_doing(task);
    bool is_done = task->future.outcome != AL_TRACED_PENDING;
    const char *name = al_shared_name_text(task->name);

    label_id(d, 't', task->future.id);
    if (name) {
        al_text_add_char(&d->label, ' ');
        al_text_add(&d->label, name);
    }
    label_line(d, task->coroutine);
    if (is_done)
        label_line(d, "done");
    else if (doing[now])
        label_line(d, doing[now]);
    else if (task->where)
        label_line(d, task->where);
    open_node(d, 't', task->future.id);
    al_text_add_format(d->out, ",fillcolor=\"%s\"",
                       is_done ? "#eeeeee" : colors[now]);
    if (is_known(d, task->future.id))
        al_text_add(d->out, ",color=\"#cc3333\",penwidth=2");
    close_statement(d);
}

static void put_future(dot *d, const al_traced_future *future)
{
    label_id(d, 'f', future->id);
    if (future->child_count > 0)
        label_line(d, "gather()");
    open_node(d, 'f', future->id);
    al_text_add(d->out, ",shape=ellipse,style=solid");
    close_statement(d);
    for (size_t i = 0; i < future->child_count; i++) {
        const al_traced_child *child = &future->children[i];

        if (!child->future || child->future->outcome != AL_TRACED_PENDING)
            continue;
        open_edge(d, 'f', future->id, child->is_task ? 't' : 'f', child->id);
        close_statement(d);
    }
}

static void put_edge(dot *d, const al_traced_task *task)
{
    const al_traced_future *waits = task->waits;
    const al_traced_task *next = awaited_task(d, task);
    bool is_red = is_known(d, task->future.id) && next &&
                  is_known(d, next->future.id);

    if (!waits || al_traced_task_doing(task) != AL_TASK_WAITS)
        return;
    if (!waits->is_task && !waits->in)
        put_future(d, waits);
    open_edge(d, 't', task->future.id,
              waits->in && !waits->is_task ? 'p' : waits->is_task ? 't' : 'f',
              waits->in && !waits->is_task ? waits->in->id : waits->id);
    al_text_add_format(d->out, "%s", is_red ? "color=\"#cc3333\",penwidth=2"
                                            : "");
    close_statement(d);
}

static void put_primitive(dot *d, const al_traced_primitive *primitive)
{
    uint64_t holder = primitive->is_locked ? primitive->taken_by.task : 0;
    const al_traced_task *task =
        holder ? al_state_task(d->state, holder) : NULL;

    if (primitive->waiters.count + primitive->putters.count == 0)
        return;
    label_id(d, 'p', primitive->id);
    al_text_add_char(&d->label, ' ');
    al_text_add(&d->label, primitive->type);
    if (primitive->state)
        label_line(d, primitive->state);
    open_node(d, 'p', primitive->id);
    al_text_add(d->out, ",shape=hexagon,style=filled,fillcolor=\"#fdf0d9\"");
    close_statement(d);
    if (!task)
        return;
    if (task->future.outcome != AL_TRACED_PENDING)
        put_task(d, task);
    open_edge(d, 'p', primitive->id, 't', holder);
    al_text_add(d->out, "label=\"acquired by\"");
    if (is_known(d, holder))
        al_text_add(d->out, ",color=\"#cc3333\",penwidth=2");
    close_statement(d);
}

static void put_nothing(dot *d, const char *what)
{
    al_text_add_format(d->out, "  nothing [label=\"%s\",shape=plaintext,"
                       "style=solid];\n", what);
}

static void put_waits(dot *d)
{
    if (!next_pending(d, NULL))
        put_nothing(d, "no task is pending");
    find_cycles(d);
    for (const al_traced_task *task = NULL;
         (task = next_pending(d, task));) {
        put_task(d, task);
        put_edge(d, task);
    }
    for (const al_traced_primitive *primitive = NULL;
         (primitive = al_state_next_primitive(d->state, primitive));)
        put_primitive(d, primitive);
}

/* -- the heap ------------------------------------------------------------- */

static void put_heap_node(dot *d, const al_loop_state *loop, size_t index)
{
    const al_traced *handle = loop->heap.entries[index].item;

    label_id(d, 'h', handle->id);
    label_line(d, handle->callback);
    label_seconds(d, "", handle->when);
    open_node(d, 'h', handle->id);
    if (handle->is_cancelled)
        al_text_add(d->out, ",style=\"rounded,dashed\",fontcolor=\"#888888\"");
    else if (index == 0)
        al_text_add(d->out, ",fillcolor=\"#e3ecfd\"");
    al_text_add_format(d->out, ",xlabel=\"%zu\"", index);
    close_statement(d);
    if (index == 0)
        return;
    handle = loop->heap.entries[(index - 1) / 2].item;
    open_edge(d, 'h', handle->id, 'h',
              ((const al_traced *)loop->heap.entries[index].item)->id);
    al_text_add(d->out, "arrowhead=none");
    close_statement(d);
}

static void put_heaps(dot *d)
{
    size_t count = 0;

    for (size_t i = 0; i < al_state_loop_count(d->state); i++) {
        const al_loop_state *loop = al_state_loop_at(d->state, i);

        count += loop->heap.count;
        for (size_t at = 0; at < loop->heap.count; at++)
            put_heap_node(d, loop, at);
    }
    if (count == 0)
        put_nothing(d, "no timer is scheduled");
}

/* -- the file ------------------------------------------------------------- */

static bool add(void *self, const al_event *event)
{
    dot *d = self;

    if (event->time > d->at)
        return false;
    al_state_apply(d->state, event);
    if (d->graph == AL_GRAPH_CAUSES)
        add_cause(d, event);
    /* What follows a deadlock, asyncio.run's cleaning up, is not asked for. */
    return d->graph == AL_GRAPH_CAUSES || event->kind != AL_EVENT_DEADLOCK ||
           !(isnan(d->at) || event->time == d->at);
}

static void add_title(dot *d, const al_export_view *view)
{
    static const char *const what[] = {
        [AL_GRAPH_CAUSES] = "what scheduled what",
        [AL_GRAPH_WAITS] = "who waits for what",
        [AL_GRAPH_HEAP] = "the heap",
    };

    al_text_add(&d->label, view->name);
    al_text_add(&d->label, ": ");
    al_text_add(&d->label, what[d->graph]);
    if (!isnan(d->at)) {
        al_text_add(&d->label, ", at ");
        al_text_add_double(&d->label, d->at);
        al_text_add(&d->label, " s");
    }
    if (view->header->since != 0)
        al_text_add_char(&d->label, '\n');
    al_phrase_since(&d->label, view->header->since);
    put_text(d, al_text_peek(&d->label));
    al_text_clear(&d->label);
}

static void *begin(const al_export_view *view, al_text *out)
{
    dot *d = al_alloc_zero(1, sizeof *d);

    d->out = out;
    d->state = al_state_new(NULL);
    d->graph = view->graph;
    d->at = view->at;
    al_text_add(out, "digraph asyncloop {\n  graph [label=");
    add_title(d, view);
    al_text_add(out, ",labelloc=t,fontname=\"sans-serif\",fontsize=14,"
                     "rankdir=");
    al_text_add(out, d->graph == AL_GRAPH_HEAP ? "TB" : "LR");
    al_text_add(out, "];\n  node [shape=box,style=\"rounded,filled\","
                     "fillcolor=\"#ffffff\",color=\"#777777\","
                     "fontname=\"sans-serif\",fontsize=11];\n"
                     "  edge [color=\"#777777\",fontname=\"sans-serif\","
                     "fontsize=9];\n");
    return d;
}

static void end(void *self)
{
    dot *d = self;

    if (d->graph == AL_GRAPH_WAITS)
        put_waits(d);
    else if (d->graph == AL_GRAPH_HEAP)
        put_heaps(d);
    al_text_add(d->out, "}\n");
}

static void free_it(void *self)
{
    dot *d = self;

    al_text_release(&d->label);
    al_text_release(&d->escaped);
    al_idmap_release(&d->known);
    al_state_free(d->state);
    al_free(d);
}

const al_export_form al_export_dot = {
    .name = "dot",
    .is_picture = true,
    .begin = begin,
    .add = add,
    .end = end,
    .free = free_it,
};
