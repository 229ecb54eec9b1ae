/* graph_verbs.c - asyncio.graph for scripts: the verbs, and the objects that
 * capture_call_graph() gives.
 *
 * What waits has its stack in the chain of its coroutines (call_graph.h).  The
 * stack of the current task is sys._getframe()'s: script functions of every
 * kind, and among them the coroutines written in C, which have no frame. */
#include "loop/core/policy.h"
#include "loop/task/call_graph.h"
#include "sim/machine/machine.h"

/* -- the stack of the current task ---------------------------------------- */

typedef struct call_stack {
    al_value *entries; /* references, innermost first */
    size_t count, capacity;
    int64_t skip; /* frames still to be left out */
    const al_coroutine **chain; /* of the task, outermost first */
    size_t chain_count, chain_capacity;
} call_stack;

static void push(call_stack *s, al_value entry)
{
    if (s->skip > 0) {
        s->skip--;
        al_value_release(entry);
        return;
    }
    s->entries = al_grow(s->entries, &s->capacity, s->count + 1,
                         sizeof *s->entries);
    s->entries[s->count++] = entry;
}

static void push_named(call_stack *s, const char *name, al_frame_kind kind)
{
    al_value text = al_str_new(name);

    push(s, al_call_entry_new(text, kind));
    al_value_release(text);
}

static void push_frame(call_stack *s, const al_code *code)
{
    push_named(s, code->name,
               code->is_async ? code->is_generator ? AL_FRAME_ASYNC_GENERATOR
                                                   : AL_FRAME_COROUTINE
               : code->is_generator ? AL_FRAME_GENERATOR
                                    : AL_FRAME_FUNCTION);
}

/* Those in C that the chain has from `from` on, and no longer: innermost
 * first.  What asend() gives has no frame of its own. */
static void cut_chain(call_stack *s, size_t from)
{
    while (s->chain_count > from) {
        const al_coroutine *c = s->chain[--s->chain_count];

        if (!c->ops->type && !al_script_coroutine_peek_frame(c))
            push(s, al_call_entry_of(c));
    }
}

static void collect_chain(call_stack *s, const al_task *task)
{
    const al_coroutine *c = task->coroutine;

    for (; c; c = al_coroutine_peek(c->awaiting)) {
        s->chain = al_grow((void *)s->chain, &s->chain_capacity,
                           s->chain_count + 1, sizeof *s->chain);
        s->chain[s->chain_count++] = c;
    }
}

/* One more than the frame's place in the chain; 0: it is not there. */
static size_t find_in_chain(const call_stack *s, const al_frame *frame)
{
    size_t i = s->chain_count;

    while (i > 0 && al_script_coroutine_peek_frame(s->chain[i - 1]) != frame)
        i--;
    return i;
}

static bool has_script(const call_stack *s)
{
    for (size_t i = 0; i < s->chain_count; i++) {
        if (al_script_coroutine_peek_frame(s->chain[i]))
            return true;
    }
    return false;
}

/* A generator or coroutine that a plain function steps is taken for the
 * outermost one, which the loop steps: there capture_call_graph() stops, if it
 * has come so far. */
static bool is_outermost(const call_stack *s, const al_frame *frame)
{
    const al_coroutine *outer =
        s->chain_count ? s->chain[s->chain_count - 1] : NULL;

    return s->count > 0 && !al_code_is_plain(frame->code) && frame->caller &&
           al_code_is_plain(frame->caller->code) &&
           (!outer || al_script_coroutine_peek_frame(outer));
}

static void push_frames(call_stack *s, const al_frame *frame)
{
    for (; frame && has_script(s); frame = frame->caller) {
        size_t place = find_in_chain(s, frame);

        if (place > 0) {
            cut_chain(s, place);
            s->chain_count--;
        }
        push_frame(s, frame->code);
        if (is_outermost(s, frame))
            return;
    }
    cut_chain(s, 0);
}

static void call_stack_release(call_stack *s)
{
    for (size_t i = 0; i < s->count; i++)
        al_value_release(s->entries[i]);
    al_free(s->entries);
    al_free((void *)s->chain);
}

/* -- capture_call_graph --------------------------------------------------- */

/* Called by one another, outermost last: the frames that are innermost. */
static const char *const functions[] = {
    "capture_call_graph", "format_call_graph", "print_call_graph",
};

typedef struct request {
    al_vm *vm;
    size_t called; /* of the functions */
    al_value future, depth, limit; /* as given; AL_ABSENT: the default */
} request;

static al_task *current_task(void)
{
    al_loop *loop = al_peek_running_loop();

    return loop ? al_current_task(loop) : NULL;
}

/* None, or an int.  False: raised. */
static bool check_limit(al_vm *vm, al_value given, al_value *limit)
{
    int more, less;

    *limit = al_none();
    if (given.tag <= AL_NONE)
        return true;
    if (al_is_whole(given)) {
        *limit = al_int(al_whole(given));
        return true;
    }
    more = al_less(vm, AL_OP_GT, given, al_int(0));
    less = more ? 0 : al_less(vm, AL_OP_LT, given, al_int(0));
    if (more < 0 || less < 0)
        return false;
    if (more || less)
        return al_raise(&al_TypeError, "slice indices must be integers or "
                        "None or have an __index__ method");
    if (al_value_equal(given, al_int(0)))
        *limit = al_int(0);
    return true;
}

static al_value capture_running(const request *r, al_task *task,
                                al_value limit)
{
    call_stack s = {.skip = 1};
    al_call_graph *graph;

    if (r->depth.tag != AL_ABSENT && !al_index(r->depth, &s.skip))
        return al_no_value();
    collect_chain(&s, task);
    for (size_t i = 0; i < r->called; i++)
        push_named(&s, functions[i], AL_FRAME_FUNCTION);
    push_frames(&s, r->vm->frame);
    graph = al_call_graph_capture_running(&task->future, s.entries, s.count,
                                          limit);
    call_stack_release(&s);
    return graph ? al_take(graph) : al_no_value();
}

/* The future that is asked for, borrowed; NULL with nothing raised: none. */
static al_future *find_future(const request *r)
{
    al_future *future = al_future_peek(r->future);
    al_task *current = current_task();
    al_text text = {0};

    if (r->future.tag > AL_NONE) {
        if (future)
            return future;
        if (al_add_repr(r->future, &text))
            al_raise(&al_TypeError, "%s object does not appear to be "
                     "compatible with asyncio.Future",
                     al_text_as_string(&text));
        al_text_release(&text);
        return NULL;
    }
    if (al_peek_running_loop())
        return current ? &current->future : NULL;
    al_raise(&al_RuntimeError, "capture_call_graph() is called outside of a "
             "running event loop and no *future* to introspect was provided");
    return NULL;
}

/* A FutureCallGraph, or None; AL_ABSENT: raised. */
static al_value capture(const request *r)
{
    al_future *future = find_future(r);
    al_task *current = current_task();
    al_call_graph *graph;
    al_value limit;

    if (!future)
        return al_peek_raised() ? al_no_value() : al_none();
    if (!check_limit(r->vm, r->limit, &limit))
        return al_no_value();
    if (current && future == &current->future)
        return capture_running(r, current, limit);
    graph = al_call_graph_capture(future, limit);
    return graph ? al_take(graph) : al_no_value();
}

/* -- the verbs ------------------------------------------------------------ */

al_value al_verb_capture_call_graph(al_vm *vm, const al_value *params)
{
    request r = {vm, 1, params[0], params[1], params[2]};

    return capture(&r);
}

/* format_call_graph(), called by so many functions.  False: raised. */
static bool format(al_vm *vm, const al_value *params, size_t called,
                   al_text *out)
{
    request r = {vm, called, params[0], al_no_value(), params[2]};
    al_value graph;
    bool ok;

    r.depth = al_binary(vm, AL_OP_ADD,
                        params[1].tag == AL_ABSENT ? al_int(1) : params[1],
                        al_int(1));
    if (r.depth.tag == AL_ABSENT)
        return false;
    graph = capture(&r);
    al_value_release(r.depth);
    ok = graph.tag == AL_NONE ||
         (graph.tag != AL_ABSENT &&
          al_call_graph_format(al_call_graph_peek(graph), out));
    al_value_release(graph);
    return ok;
}

al_value al_verb_format_call_graph(al_vm *vm, const al_value *params)
{
    al_text text = {0};

    if (format(vm, params, 2, &text))
        return al_str_take(vm, &text);
    al_text_release(&text);
    return al_no_value();
}

al_value al_verb_print_call_graph(al_vm *vm, const al_value *params)
{
    al_text text = {0};
    bool ok = format(vm, params, 3, &text);

    if (ok)
        al_vm_log(vm, al_text_as_string(&text));
    al_text_release(&text);
    return ok ? al_none() : al_no_value();
}

/* Anything but futures is passed over. */
al_value al_verb_future_add_to_awaited_by(al_vm *vm, const al_value *params)
{
    al_future *future = al_future_peek(params[0]);
    al_future *waiter = al_future_peek(params[1]);

    (void)vm;
    if (future && waiter)
        al_awaiters_add(&future->awaiters, waiter);
    return al_none();
}

al_value al_verb_future_discard_from_awaited_by(al_vm *vm,
                                                const al_value *params)
{
    al_future *future = al_future_peek(params[0]);
    al_future *waiter = al_future_peek(params[1]);

    (void)vm;
    if (future && waiter)
        al_awaiters_discard(&future->awaiters, waiter);
    return al_none();
}

/* -- FutureCallGraph, FrameCallGraphEntry --------------------------------- */

static al_value shared(void *object)
{
    return al_take(al_ref(object));
}

static al_value get_future(al_vm *vm, al_value self)
{
    (void)vm;
    return shared(al_call_graph_peek(self)->future);
}

static al_value get_call_stack(al_vm *vm, al_value self)
{
    (void)vm;
    return shared(al_call_graph_peek(self)->call_stack);
}

static al_value get_awaited_by(al_vm *vm, al_value self)
{
    (void)vm;
    return shared(al_call_graph_peek(self)->awaited_by);
}

static const al_getter graph_getters[] = {
    {"future", get_future},
    {"call_stack", get_call_stack},
    {"awaited_by", get_awaited_by},
    {0},
};

const al_class al_call_graph_class = {
    .head = AL_CLASS_HEAD,
    .name = "FutureCallGraph",
    .module = "asyncio.graph.",
    .tag = AL_OBJECT,
    .type = &al_call_graph_type,
    .getters = graph_getters,
};

static al_value get_frame(al_vm *vm, al_value self)
{
    (void)vm;
    return al_value_dup(((const al_call_entry *)self.as.object)->frame);
}

static const al_getter entry_getters[] = {{"frame", get_frame}, {0}};

const al_class al_call_entry_class = {
    .head = AL_CLASS_HEAD,
    .name = "FrameCallGraphEntry",
    .module = "asyncio.graph.",
    .tag = AL_OBJECT,
    .type = &al_call_entry_type,
    .getters = entry_getters,
};

/* -- frame.f_code --------------------------------------------------------- */

typedef struct frame_code {
    al_object head;
    al_graph_frame *frame; /* a reference */
} frame_code;

static void code_free(al_object *self)
{
    al_unref(((frame_code *)self)->frame);
    al_free(self);
}

static const char *qualname_of(const al_object *code)
{
    return al_str_peek(((const frame_code *)code)->frame->name)->bytes;
}

static const char *name_of(const al_object *code)
{
    return al_last_name(qualname_of(code));
}

static void code_repr(const al_object *self, al_text *out)
{
    al_text_add_format(out, "<code object %s>", name_of(self));
}

static const al_type code_type = {
    .name = "code",
    .free = code_free,
    .repr = code_repr,
};

static al_value get_code(al_vm *vm, al_value self)
{
    frame_code *code = al_alloc(sizeof *code);

    (void)vm;
    al_object_init(&code->head, &code_type);
    code->frame = al_ref(self.as.object);
    return al_take(code);
}

static al_value get_name(al_vm *vm, al_value self)
{
    (void)vm;
    return al_str_new(name_of(self.as.object));
}

static al_value get_qualname(al_vm *vm, al_value self)
{
    (void)vm;
    return al_str_new(qualname_of(self.as.object));
}

static const al_getter frame_getters[] = {{"f_code", get_code}, {0}};

const al_class al_graph_frame_class = {
    .head = AL_CLASS_HEAD,
    .name = "frame",
    .tag = AL_OBJECT,
    .type = &al_graph_frame_type,
    .getters = frame_getters,
};

static const al_getter code_getters[] = {
    {"co_name", get_name}, {"co_qualname", get_qualname}, {0},
};

const al_class al_frame_code_class = {
    .head = AL_CLASS_HEAD,
    .name = "code",
    .tag = AL_OBJECT,
    .type = &code_type,
    .getters = code_getters,
};
