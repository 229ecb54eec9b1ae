/* shield.c - asyncio.shield(): two futures and what passes between them. */
#include "loop/task/shield.h"

#include "loop/base/alloc.h"
#include "loop/base/text.h"
#include "loop/task/run.h"
#include "loop/task/task.h"

/* What _outer_done_callback closes over: the outer future itself, too, by way
 * of _inner_done_callback; that one knows the outer future alone. */
typedef struct shielding {
    al_object head;
    al_future *inner, *outer; /* references */
} shielding;

static void shielding_free(al_object *self)
{
    shielding *s = (shielding *)self;

    al_unref(s->inner);
    al_unref(s->outer);
    al_free(s);
}

static const al_type shielding_type = {
    .name = "shielding",
    .free = shielding_free,
};

/* -- the inner one is done ------------------------------------------------ */

static bool copy_outcome(al_future *inner, al_future *outer)
{
    if (al_future_cancelled(inner))
        return al_future_cancel(outer, al_none(), NULL);
    inner->log_traceback = false;
    return inner->exception ? al_future_set_exception(outer, inner->exception)
                            : al_future_set_result(outer, inner->result);
}

static bool inner_done(void *self, al_future *inner)
{
    return al_future_cancelled(self) || copy_outcome(inner, self);
}

static const al_done_ops inner_ops = {
    .name = "shield.<locals>._inner_done_callback",
    .call = inner_done,
    .release = al_unref,
};

/* The task that shields no longer waits for the inner one. */
static bool clear_awaited_by(void *self, al_future *inner)
{
    al_awaiters_discard(&inner->awaiters, self);
    return true;
}

static const al_done_ops clear_ops = {
    .name = "shield.<locals>._clear_awaited_by_callback",
    .call = clear_awaited_by,
    .release = al_unref,
};

/* Nobody waits any more: an exception would be lost. */
static bool log_on_exception(void *self, al_future *inner)
{
    al_error_context context = {.subject_key = "future",
                                .subject = &inner->head};
    al_text message = {0};
    bool ok;

    (void)self;
    if (al_future_cancelled(inner))
        return true;
    inner->log_traceback = false;
    if (!inner->exception)
        return true;
    al_text_add_format(&message, "%s exception in shielded future",
                       inner->exception->cls->name);
    context.message = message.bytes;
    context.exception = inner->exception;
    ok = al_loop_call_exception_handler(inner->loop, &context);
    al_text_release(&message);
    return ok;
}

static const al_done_ops log_ops = {
    .name = "_log_on_exception",
    .call = log_on_exception,
};

/* -- the outer one is done ------------------------------------------------ */

static bool outer_done(void *self, al_future *outer)
{
    const al_done_callback log = {&log_ops, NULL};
    const shielding *s = self;

    if (al_future_done(s->inner))
        return true;
    al_future_remove_done_callback(s->inner,
                                   (al_done_callback){&inner_ops, outer});
    al_future_remove_done_callback(s->inner, log);
    return al_future_add_done_callback(s->inner, log, NULL);
}

static al_future *shielded(const void *self)
{
    return ((const shielding *)self)->inner;
}

static const al_done_ops outer_ops = {
    .name = "shield.<locals>._outer_done_callback",
    .call = outer_done,
    .release = al_unref,
    .awaited = shielded,
    .made_by = "shield()",
};

/* -- shield --------------------------------------------------------------- */

static void connect(shielding *s)
{
    al_task *owner = al_current_task(s->inner->loop);

    if (owner) {
        al_awaiters_add(&s->inner->awaiters, &owner->future);
        al_future_add_done_callback(
            s->inner, (al_done_callback){&clear_ops, al_ref(owner)}, NULL);
    }
    al_future_add_done_callback(
        s->inner, (al_done_callback){&inner_ops, al_ref(s->outer)}, NULL);
    al_future_add_done_callback(
        s->outer, (al_done_callback){&outer_ops, al_ref(s)}, NULL);
}

al_future *al_shield(al_value awaitable)
{
    al_future *inner = al_ensure_future_with(awaitable, NULL, "done");
    shielding *s;
    al_future *outer;

    if (!inner || al_future_done(inner))
        return inner;
    outer = al_future_new(inner->loop);
    s = al_alloc_zero(1, sizeof *s);
    al_object_init(&s->head, &shielding_type);
    s->inner = inner;
    s->outer = al_ref(outer);
    connect(s); /* both are pending: it cannot fail */
    al_unref(s);
    return outer;
}
