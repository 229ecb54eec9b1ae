/* generator.c - functions with a yield: generators, and asynchronous ones.
 *
 * Both own a frame that waits at a yield.  A generator goes on in next() or
 * send(); an asynchronous one in the coroutines that __anext__(), asend(),
 * athrow() and aclose() give, for between two yields it may also await. */
#include "loop/task/asyncgen.h"
#include "loop/task/coroutine.h"
#include "sim/machine/machine.h"

typedef struct suspended { /* the frame of either, between two yields */
    al_vm *vm;
    al_code *code;
    al_frame *frame; /* NULL: it has ended */
    bool has_begun, is_running;
} suspended;

static suspended suspended_of(al_vm *vm, al_frame *frame)
{
    return (suspended){.vm = vm, .code = frame->code, .frame = frame};
}

/* An end by StopIteration would look like a plain one: kind "generator". */
static void check_stop(const char *kind, const al_exception_class *stop)
{
    al_exception *e = al_peek_raised();

    if (!al_exception_is(e, stop))
        return;
    e = al_fetch_raised();
    al_raise(&al_RuntimeError, "%s raised %s", kind, stop->name);
    al_exception_take_cause(al_peek_raised(), al_ref(e));
    al_exception_take_context(al_peek_raised(), e);
    al_peek_raised()->suppress_context = true;
}

/* CPython does not count how deep the `for`s of generators are in one another;
 * here they end before C's stack does. */
enum { DEEPEST = 4 * AL_RECURSION_LIMIT };

/* No more of its body runs, no `finally` either. */
static void drop_frame(suspended *s)
{
    if (s->frame)
        al_frame_free(s->frame);
    s->frame = NULL;
}

/* Go on with `sent`, or where that is AL_ABSENT with what is in the slot;
 * vm->left tells how it was left.  AL_ABSENT: raised.  Where there are so many
 * frames already it ends with RecursionError. */
static al_value go_on(suspended *s, al_value sent, size_t deepest)
{
    bool raises = sent.tag == AL_ABSENT;
    al_value value;

    if (al_vm_is_too_deep(s->vm, deepest)) {
        drop_frame(s);
        s->vm->left = AL_LEFT_FOR_GOOD;
        return al_no_value();
    }
    if (!raises && s->has_begun)
        *s->frame->top++ = al_value_dup(sent);
    s->has_begun = s->is_running = true;
    value = al_vm_go_on(s->vm, s->frame, raises);
    s->is_running = false;
    if (s->vm->left == AL_LEFT_FOR_GOOD)
        s->frame = NULL;
    return value;
}

static void raise_exit(al_vm *vm)
{
    vm->keeper.passing = 0;
    al_raise_take(al_exception_new(&al_GeneratorExit, NULL, 0));
}

/* What close() does with how the GeneratorExit it threw in came out. */
static bool swallow(const al_exception_class *also)
{
    al_exception *e = al_peek_raised();

    if (!al_exception_is(e, &al_GeneratorExit) && !al_exception_is(e, also))
        return false;
    al_unref(al_fetch_raised());
    return true;
}

/* -- generators ----------------------------------------------------------- */

typedef struct generator {
    al_iterator iterator; /* its head: for iter() and next() */
    suspended s;
} generator;

/* Once more: a yielded value, or AL_ABSENT at the end, with *returned the
 * result, or where it raised. */
static al_value step(generator *g, al_value sent, size_t deepest,
                     al_value *returned)
{
    al_value value;

    *returned = al_no_value();
    value = go_on(&g->s, sent, deepest);
    if (value.tag == AL_ABSENT)
        check_stop("generator", &al_StopIteration);
    if (value.tag == AL_ABSENT || g->s.vm->left == AL_LEFT_YIELDING)
        return value;
    *returned = value;
    return al_no_value();
}

static bool check_idle(const generator *g)
{
    return !g->s.is_running ||
           al_raise(&al_ValueError, "generator already executing");
}

static al_value next_of_generator(al_vm *vm, al_iterator *it)
{
    generator *g = (generator *)it;
    al_value value, returned;

    (void)vm;
    if (!check_idle(g) || !g->s.frame)
        return al_no_value();
    value = step(g, al_none(), DEEPEST, &returned);
    al_value_release(returned);
    return value;
}

/* send() and throw(): the end is a StopIteration with the result. */
static al_value step_or_stop(generator *g, al_value sent)
{
    al_value returned;
    al_value value = step(g, sent, AL_RECURSION_LIMIT, &returned);

    if (value.tag == AL_ABSENT && returned.tag != AL_ABSENT)
        al_raise_take(al_exception_new(&al_StopIteration, &returned,
                                       returned.tag == AL_NONE ? 0 : 1));
    al_value_release(returned);
    return value;
}

static generator *generator_of(const al_call *call)
{
    return (generator *)call->self.as.object;
}

static al_value stopped(void)
{
    al_raise_take(al_exception_new(&al_StopIteration, NULL, 0));
    return al_no_value();
}

static al_value generator_send(al_call *call)
{
    generator *g = generator_of(call);

    if (!check_idle(g))
        return al_no_value();
    if (!g->s.frame)
        return stopped();
    if (!g->s.has_begun && call->slots[0].tag != AL_NONE)
        return al_fail_with(&al_TypeError, "can't send non-None value to a "
                            "just-started generator");
    return step_or_stop(g, call->slots[0]);
}

static al_value generator___next__(al_call *call)
{
    call->slots[0] = al_none();
    return generator_send(call);
}

static al_value generator___iter__(al_call *call)
{
    return al_value_dup(call->self);
}

/* False: raised, as it should be. */
static bool throw_in(suspended *s, al_vm *vm, const al_value given[3])
{
    al_exception *e = al_exception_to_throw(vm, given);

    if (!e)
        return false;
    al_raise_take(e);
    if (s->frame)
        al_vm_chain_thrown(vm, s->frame, e);
    if (!s->has_begun)
        drop_frame(s);
    return s->frame != NULL;
}

static al_value generator_throw(al_call *call)
{
    generator *g = generator_of(call);

    if (!check_idle(g) || !throw_in(&g->s, call->vm, call->slots))
        return al_no_value();
    return step_or_stop(g, al_no_value());
}

/* What it returned when told to end, or None; AL_ABSENT: raised. */
static al_value close_generator(generator *g)
{
    al_value value, returned;

    if (!check_idle(g))
        return al_no_value();
    if (!g->s.has_begun)
        drop_frame(&g->s);
    if (!g->s.frame)
        return al_none();
    raise_exit(g->s.vm);
    value = step(g, al_no_value(), AL_RECURSION_LIMIT, &returned);
    if (value.tag != AL_ABSENT) {
        al_value_release(value);
        return al_fail_with(&al_RuntimeError,
                            "generator ignored GeneratorExit");
    }
    return returned.tag != AL_ABSENT || !swallow(&al_StopIteration)
               ? returned : al_none();
}

static al_value generator_close(al_call *call)
{
    return close_generator(generator_of(call));
}

/* Where it waits its finally blocks run; what they raise is lost. */
static void generator_free(al_object *self)
{
    generator *g = (generator *)self;
    al_exception *raised = al_fetch_raised();
    al_value value;

    self->refs = 1;
    value = close_generator(g);
    if (value.tag == AL_ABSENT)
        al_unref(al_fetch_raised());
    al_value_release(value);
    if (raised)
        al_raise_take(raised);
    if (--self->refs > 0)
        return;
    drop_frame(&g->s);
    al_free(g);
}

static void generator_repr(const al_object *self, al_text *out)
{
    al_text_add_format(out, "<generator object %s>",
                       ((const generator *)self)->s.code->name);
}

const al_type al_generator_type = {
    .name = "generator",
    .free = generator_free,
    .repr = generator_repr,
};

al_value al_generator_new(al_vm *vm, al_frame *frame)
{
    generator *g = al_alloc_zero(1, sizeof *g);

    al_object_init(&g->iterator.head, &al_generator_type);
    g->iterator.next = next_of_generator;
    g->s = suspended_of(vm, frame);
    return al_take(g);
}

static const al_method generator_methods[] = {
    AL_METHOD(generator, send, .min = 1, .max = 1),
    AL_METHOD(generator, throw, .min = 1, .max = 3),
    AL_METHOD(generator, close),
    AL_METHOD(generator, __next__, .arity = AL_ARITY_WRAPPER),
    AL_METHOD(generator, __iter__, .arity = AL_ARITY_WRAPPER),
    {0},
};

const al_class al_generator_class = {
    .head = AL_CLASS_HEAD,
    .name = "generator",
    .tag = AL_OBJECT,
    .type = &al_generator_type,
    .methods = generator_methods,
};

/* -- asynchronous generators ---------------------------------------------- */

typedef struct async_generator {
    al_asyncgen agen;
    suspended s;
    bool is_closed;
    bool is_busy; /* one of its coroutines is under way */
    al_value awaiting; /* what its frame still awaits, though nobody goes on:
                          the one under way was dropped; or AL_ABSENT */
} async_generator;

typedef enum al_request { SEND, THROW, CLOSE } al_request;

enum { GIVEN_COUNT = 3 }; /* type, value, traceback */

/* asend(), athrow() and aclose(): a coroutine that takes the generator to its
 * next yield. */
typedef struct advance {
    al_coroutine coroutine;
    async_generator *generator; /* a reference */
    al_request request;
    al_value given[GIVEN_COUNT]; /* what to send; or athrow()'s arguments */
    size_t count;                /* of those: any number may be given */
    bool has_begun;
} advance;

static al_step stop(advance *a)
{
    a->generator->is_busy = false;
    a->generator->is_closed = true;
    al_raise_take(al_exception_new(&al_StopAsyncIteration, NULL, 0));
    return al_step_raise();
}

/* aclose() ends well by GeneratorExit or the end of the generator. */
static al_step finish_close(al_value value, al_left left)
{
    if (left == AL_LEFT_YIELDING) {
        al_value_release(value);
        al_raise(&al_RuntimeError,
                 "async generator ignored GeneratorExit");
        return al_step_raise();
    }
    if (value.tag == AL_ABSENT && !swallow(&al_StopAsyncIteration))
        return al_step_raise();
    al_value_release(value);
    return al_step_return(al_none());
}

static al_step raised(async_generator *g)
{
    check_stop("async generator", &al_StopIteration);
    check_stop("async generator", &al_StopAsyncIteration);
    g->is_closed = true;
    return al_step_raise();
}

static al_step come_out(advance *a, al_value value)
{
    async_generator *g = a->generator;
    al_left left = g->s.vm->left;

    if (left == AL_LEFT_AWAITING)
        return al_step_await(value);
    g->is_busy = false;
    if (a->request == CLOSE)
        return finish_close(value, left);
    if (value.tag == AL_ABSENT)
        return raised(g);
    if (left == AL_LEFT_YIELDING)
        return al_step_return(value);
    al_value_release(value);
    return stop(a);
}

static al_step refuse(const advance *a)
{
    static const char *const names[] = {"anext", "athrow", "aclose"};

    al_raise(&al_RuntimeError, "%s(): asynchronous generator is already "
             "running", names[a->request]);
    return al_step_raise();
}

/* Of a generator that has ended asend() says so, the others do not mind; one
 * that is only said to be closed (its aclose() was ignored) may be sent to. */
static bool is_over(advance *a, al_step *step)
{
    async_generator *g = a->generator;

    if (a->request == CLOSE && !g->s.has_begun) {
        drop_frame(&g->s);
        g->is_closed = true;
    }
    if (!g->s.frame && a->request != SEND)
        *step = al_step_return(al_none());
    else if (!g->s.frame || (g->is_closed && a->request != SEND))
        *step = stop(a);
    else
        return false;
    return true;
}

/* Is there anything to go on with?  Else *step is how it ends at once. */
static bool begin(advance *a, al_step *step)
{
    async_generator *g = a->generator;

    a->has_begun = true;
    *step = al_step_raise();
    if (g->is_busy) {
        *step = refuse(a);
        return false;
    }
    if (is_over(a, step))
        return false;
    if (a->request == SEND && !g->s.has_begun && a->given[0].tag != AL_NONE) {
        al_raise(&al_TypeError, "can't send non-None value to a just-started "
                 "async generator");
        return false;
    }
    g->is_busy = true;
    return true;
}

/* athrow() takes anything; what it was given is looked at when it begins. */
static bool check_count(const advance *a)
{
    if (a->count >= 1 && a->count <= GIVEN_COUNT)
        return true;
    return al_raise(&al_TypeError, "athrow expected at %s argument%s, got %zu",
                    a->count ? "most 3" : "least 1", a->count ? "s" : "",
                    a->count);
}

static al_step start(advance *a)
{
    async_generator *g = a->generator;
    al_step step;

    if (!begin(a, &step))
        return step;
    if (a->request == SEND)
        return come_out(a, go_on(&g->s, a->given[0], AL_RECURSION_LIMIT));
    if (a->request == CLOSE) {
        g->is_closed = true;
        raise_exit(g->s.vm);
    } else if (!check_count(a)) {
        return al_step_raise(); /* and it stays busy, as CPython's does */
    } else if (!throw_in(&g->s, g->s.vm, a->given)) {
        g->is_busy = false;
        return al_step_raise();
    }
    return come_out(a, go_on(&g->s, al_no_value(), AL_RECURSION_LIMIT));
}

/* Of one that has not begun: what is thrown into it goes into the generator,
 * in place of what it would have done. */
static al_step start_by_throw(advance *a)
{
    async_generator *g = a->generator;

    a->has_begun = true;
    if (g->is_busy) {
        al_unref(al_fetch_raised());
        return refuse(a);
    }
    g->is_busy = true;
    g->s.vm->keeper.passing = 0;
    if (!g->s.has_begun)
        drop_frame(&g->s);
    if (g->s.frame)
        return come_out(a, go_on(&g->s, al_no_value(), AL_RECURSION_LIMIT));
    g->s.vm->left = AL_LEFT_FOR_GOOD;
    return come_out(a, al_no_value());
}

static al_step advance_resume(al_coroutine *self, al_value sent)
{
    advance *a = (advance *)self;

    if (!a->has_begun)
        return sent.tag == AL_ABSENT ? start_by_throw(a) : start(a);
    if (self->arrival == AL_ARRIVES_RAISED)
        a->generator->s.vm->keeper.passing = 0;
    else if (self->arrival == AL_ARRIVES_THROWN && sent.tag == AL_ABSENT)
        al_vm_chain_thrown(a->generator->s.vm, a->generator->s.frame,
                           al_peek_raised());
    return come_out(a, go_on(&a->generator->s, sent, AL_RECURSION_LIMIT));
}

static void advance_lend(al_coroutine *self, bool begins)
{
    suspended *s = &((advance *)self)->generator->s;

    if (begins)
        al_vm_push_frame(s->vm, s->frame);
    else
        al_vm_pop_frame(s->vm);
}

/* One that was dropped on its way leaves the generator where it is. */
static void advance_release(al_coroutine *self)
{
    advance *a = (advance *)self;

    if (self->awaiting.tag != AL_ABSENT) {
        a->generator->awaiting = self->awaiting;
        self->awaiting.tag = AL_ABSENT;
    }
    al_unref(a->generator);
    for (size_t i = 0; i < GIVEN_COUNT; i++)
        al_value_release(a->given[i]);
}

static void advance_unawaited(const al_coroutine *self, al_text *out)
{
    static const char *const names[] = {"asend", "athrow", "aclose"};
    const advance *a = (const advance *)self;

    al_text_add_format(out, "coroutine method '%s' of '%s'",
                       names[a->request], a->generator->s.code->name);
}

static const al_coroutine_ops asend_ops = {
    .type = "async_generator_asend",
    .resume = advance_resume,
    .lend = advance_lend,
    .release = advance_release,
    .add_unawaited = advance_unawaited,
    .again = "__anext__()/asend()",
};

static const al_coroutine_ops athrow_ops = { /* and aclose() */
    .type = "async_generator_athrow",
    .resume = advance_resume,
    .lend = advance_lend,
    .release = advance_release,
    .add_unawaited = advance_unawaited,
    .again = "aclose()/athrow()",
};

al_frame *al_async_generator_peek_frame(const al_coroutine *coroutine)
{
    return coroutine->ops == &asend_ops || coroutine->ops == &athrow_ops
               ? ((const advance *)coroutine)->generator->s.frame : NULL;
}

static advance *advance_new(async_generator *g, al_request request,
                            const al_value *given, size_t count)
{
    advance *a = al_coroutine_new(request == SEND ? &asend_ops : &athrow_ops,
                                  sizeof *a);

    a->generator = al_ref(g);
    a->request = request;
    a->count = count;
    for (size_t i = 0; i < GIVEN_COUNT; i++)
        a->given[i] = i < count ? al_value_dup(given[i]) : al_no_value();
    return a;
}

static al_value advanced(const al_call *call, al_request request,
                         const al_value *given, size_t count)
{
    async_generator *g = (async_generator *)call->self.as.object;

    al_asyncgen_iterate(&g->agen);
    return al_take(advance_new(g, request, given, count));
}

static al_coroutine *new_aclose(al_asyncgen *self)
{
    return &advance_new((async_generator *)self, CLOSE, NULL, 0)->coroutine;
}

static const al_asyncgen_ops agen_ops = {.aclose = new_aclose};

static al_value async_generator___aiter__(al_call *call)
{
    return al_value_dup(call->self);
}

static al_value async_generator___anext__(al_call *call)
{
    const al_value nothing = al_none();

    return advanced(call, SEND, &nothing, 1);
}

static al_value async_generator_asend(al_call *call)
{
    return advanced(call, SEND, call->slots, 1);
}

static al_value async_generator_athrow(al_call *call)
{
    return advanced(call, THROW, call->items, call->count);
}

static al_value async_generator_aclose(al_call *call)
{
    return advanced(call, CLOSE, NULL, 0);
}

/* One that waits at a yield is closed by its loop, which a task does. */
static void async_generator_free(al_object *self)
{
    async_generator *g = (async_generator *)self;

    self->refs = 1;
    if (g->s.frame && !g->is_closed)
        al_asyncgen_finalize(&g->agen);
    if (--self->refs > 0)
        return;
    al_asyncgen_forget(&g->agen);
    drop_frame(&g->s);
    al_value_release(g->awaiting);
    al_free(self);
}

static void async_generator_repr(const al_object *self, al_text *out)
{
    al_text_add_format(out, "<async_generator object %s>",
                       ((const async_generator *)self)->s.code->name);
}

static const al_type async_generator_type = {
    .name = "async_generator",
    .free = async_generator_free,
    .repr = async_generator_repr,
};

al_value al_async_generator_new(al_vm *vm, al_frame *frame)
{
    async_generator *g = al_alloc_zero(1, sizeof *g);

    al_object_init(&g->agen.head, &async_generator_type);
    g->agen.ops = &agen_ops;
    g->s = suspended_of(vm, frame);
    return al_take(g);
}

/* A call of asend() and the like has begun, and has not ended. */
static al_value get_ag_running(al_vm *vm, al_value self)
{
    (void)vm;
    return al_bool(((const async_generator *)self.as.object)->is_busy);
}

static const al_getter async_generator_getters[] = {
    {"ag_running", get_ag_running}, {0},
};

static const al_method async_generator_methods[] = {
    AL_METHOD(async_generator, __aiter__, .arity = AL_ARITY_WRAPPER),
    AL_METHOD(async_generator, __anext__, .arity = AL_ARITY_WRAPPER),
    AL_METHOD(async_generator, asend, .min = 1, .max = 1),
    AL_METHOD(async_generator, athrow, .max = -1),
    AL_METHOD(async_generator, aclose),
    {0},
};

const al_class al_async_generator_class = {
    .head = AL_CLASS_HEAD,
    .name = "async_generator",
    .tag = AL_OBJECT,
    .type = &async_generator_type,
    .methods = async_generator_methods,
    .getters = async_generator_getters,
};
