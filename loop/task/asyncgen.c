/* asyncgen.c - the loop's hooks for asynchronous generators; see asyncgen.h.
 *
 * CPython's loop keeps a WeakSet; the list here has an order, that of first
 * iteration, and is weak as well. */
#include "loop/task/asyncgen.h"

#include "loop/base/alloc.h"
#include "loop/core/policy.h"
#include "loop/task/gather.h"
#include "loop/task/task.h"

/* -- the list ------------------------------------------------------------- */

void al_asyncgen_iterate(al_asyncgen *agen)
{
    al_loop *loop = al_peek_running_loop();
    al_task_slots *slots;

    if (agen->was_iterated)
        return;
    agen->was_iterated = true;
    if (!loop)
        return;
    slots = al_loop_task_slots(loop);
    agen->loop = al_ref(loop);
    agen->previous = slots->last_asyncgen;
    if (slots->last_asyncgen)
        slots->last_asyncgen->next = agen;
    else
        slots->first_asyncgen = agen;
    slots->last_asyncgen = agen;
}

void al_asyncgen_forget(al_asyncgen *agen)
{
    al_loop *loop = agen->loop;
    al_task_slots *slots;

    if (!loop)
        return;
    slots = al_loop_task_slots(loop);
    if (agen->previous)
        agen->previous->next = agen->next;
    else
        slots->first_asyncgen = agen->next;
    if (agen->next)
        agen->next->previous = agen->previous;
    else
        slots->last_asyncgen = agen->previous;
    agen->loop = NULL;
    al_unref(loop);
}

/* -- closing one that nobody holds ---------------------------------------- */

static bool create_task(al_loop *loop, void *self)
{
    al_task_options options = {0};
    const al_value coroutine = {AL_OBJECT, {.object = self}};
    al_value task = al_create_task(loop, coroutine, &options);

    al_value_release(task); /* the loop steps it */
    return task.tag != AL_ABSENT;
}

static void add_coroutine(const void *self, bool is_short, al_text *out)
{
    (void)self;
    (void)is_short;
    al_text_add(out, "<async_generator_athrow object>");
}

static const al_callable create_task_callable = {
    .name = "BaseEventLoop.create_task",
    .call = create_task,
    .release = al_unref,
    .add_args = add_coroutine,
};

bool al_asyncgen_finalize(al_asyncgen *agen)
{
    al_loop *loop = al_ref(agen->loop);
    al_callback callback = {&create_task_callable, NULL};
    bool ok = false;

    al_asyncgen_forget(agen);
    if (loop && !al_loop_is_closed(loop)) {
        callback.self = agen->ops->aclose(agen);
        ok = al_loop_call_soon_threadsafe(loop, callback, NULL, NULL);
    }
    al_unref(loop);
    return ok;
}

/* -- closing all ---------------------------------------------------------- */

typedef struct shutdown {
    al_coroutine coroutine;
    al_loop *loop;
    al_future *closing; /* a reference: gather's future */
    al_value *agens;    /* references */
    size_t count, capacity;
} shutdown;

static void take_agens(shutdown *s)
{
    al_task_slots *slots = al_loop_task_slots(s->loop);

    while (slots->first_asyncgen) {
        al_asyncgen *agen = slots->first_asyncgen;

        s->agens = al_grow(s->agens, &s->capacity, s->count + 1,
                           sizeof *s->agens);
        s->agens[s->count++] = al_take(al_ref(agen));
        al_asyncgen_forget(agen);
    }
}

static al_step close_all(shutdown *s)
{
    al_value *coroutines;

    take_agens(s);
    if (s->count == 0)
        return al_step_return(al_none());
    coroutines = al_realloc_array(NULL, s->count, sizeof *coroutines);
    for (size_t i = 0; i < s->count; i++) {
        al_asyncgen *agen = (al_asyncgen *)s->agens[i].as.object;

        coroutines[i] = al_take(agen->ops->aclose(agen));
    }
    s->closing = al_gather(coroutines, s->count, true);
    for (size_t i = 0; i < s->count; i++)
        al_value_release(coroutines[i]);
    al_free(coroutines);
    return s->closing ? al_step_await(al_take(al_ref(s->closing)))
                      : al_step_raise();
}

static bool report(const shutdown *s, size_t index, al_exception *e)
{
    al_error_context context = {
        .exception = e,
        .subject_key = "asyncgen",
        .subject = s->agens[index].as.object,
    };
    al_text message = {0};
    bool ok;

    al_text_add(&message, "an error occurred during closing of asynchronous "
                          "generator ");
    al_value_repr(s->agens[index], &message);
    context.message = message.bytes;
    ok = al_loop_call_exception_handler(s->loop, &context);
    al_text_release(&message);
    return ok;
}

static al_step report_failures(const shutdown *s)
{
    for (size_t i = 0; i < s->count; i++) {
        const al_future *child = al_future_peek_awaited(s->closing, i);

        if (child->exception &&
            al_exception_is(child->exception, &al_Exception) &&
            !report(s, i, child->exception))
            return al_step_raise();
    }
    return al_step_return(al_none());
}

static al_step shutdown_resume(al_coroutine *self, al_value sent)
{
    shutdown *s = (shutdown *)self;

    if (sent.tag == AL_ABSENT)
        return al_step_raise();
    return s->closing ? report_failures(s) : close_all(s);
}

static void shutdown_release(al_coroutine *self)
{
    shutdown *s = (shutdown *)self;

    for (size_t i = 0; i < s->count; i++)
        al_value_release(s->agens[i]);
    al_free(s->agens);
    al_unref(s->closing);
    al_unref(s->loop);
}

static const al_coroutine_ops shutdown_ops = {
    .name = "BaseEventLoop.shutdown_asyncgens",
    .resume = shutdown_resume,
    .release = shutdown_release,
};

al_coroutine *al_shutdown_asyncgens(al_loop *loop)
{
    shutdown *s = al_coroutine_new(&shutdown_ops, sizeof *s);

    s->loop = al_ref(loop);
    return &s->coroutine;
}
