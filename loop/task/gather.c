/* gather.c - asyncio.gather(): a future of many.
 *
 * Its own future is not marked cancelled when it is asked to be: it passes
 * the request on to the children, and ends when they have. */
#include "loop/task/gather.h"

#include "loop/base/alloc.h"
#include "loop/core/policy.h"
#include "loop/object/hashable.h"
#include "loop/task/identities.h"
#include "loop/task/run.h"
#include "loop/task/tell.h"

typedef struct children { /* one an argument; shared */
    al_object head;
    al_future **items; /* references */
    size_t count;
} children;

/* What the children's callbacks know.  They keep the outer future alive, as
 * Python's closure does: it knows the children, but not this. */
typedef struct gathering {
    al_object head;
    bool return_exceptions;
    al_future *outer;   /* a reference; NULL: not there yet */
    children *children; /* a reference */
    size_t distinct, finished;
    al_task *owner;   /* who gathers: a reference, that the callbacks hold */
    size_t callbacks; /* not dropped yet */
} gathering;

typedef struct gathering_future {
    al_future future;
    children *children; /* a reference */
    bool cancel_requested;
} gathering_future;

/* -- its parts ------------------------------------------------------------ */

static void children_free(al_object *self)
{
    children *c = (children *)self;

    for (size_t i = 0; i < c->count; i++)
        al_unref(c->items[i]);
    al_free(c->items);
    al_free(c);
}

static const al_type children_type = {
    .name = "children",
    .free = children_free,
};

static void gathering_free(al_object *self)
{
    gathering *g = (gathering *)self;

    al_unref(g->outer);
    al_unref(g->children);
    al_free(g);
}

static const al_type gathering_type = {
    .name = "gathering",
    .free = gathering_free,
};

static bool cancel(al_future *future, al_value message, bool *done)
{
    gathering_future *f = (gathering_future *)future;
    bool any = false;

    *done = false;
    if (al_future_done(future))
        return true;
    for (size_t i = 0; i < f->children->count; i++) {
        bool cancelled;

        if (!al_future_cancel(f->children->items[i], message, &cancelled))
            return false;
        any = any || cancelled;
    }
    f->cancel_requested = f->cancel_requested || any;
    *done = any;
    return true;
}

static al_future *awaited(const al_future *future, size_t index)
{
    const children *c = ((const gathering_future *)future)->children;

    return c && index < c->count ? c->items[index] : NULL;
}

static void release(al_future *future)
{
    children *c = ((gathering_future *)future)->children;

    ((gathering_future *)future)->children = NULL;
    al_unref(c);
}

const al_type al_gathering_future_type =
    AL_FUTURE_TYPE("_GatheringFuture", NULL);

static const al_future_kind gathering_kind = {
    .type = &al_gathering_future_type,
    .cancel = cancel,
    .awaited = awaited,
    .made_by = "gather()",
    .release = release,
};

/* -- a child is done ------------------------------------------------------ */

/* Without __context__, and without using up the child's own. */
static al_value cancelled_error_of(const al_future *child)
{
    al_value message = child->cancel_message.tag == AL_ABSENT
                           ? al_str_new("")
                           : al_value_dup(child->cancel_message);
    al_exception *e = al_exception_new(&al_CancelledError, &message, 1);

    al_value_release(message);
    return al_take(e);
}

static al_value outcome_of(al_future *child)
{
    if (al_future_cancelled(child))
        return cancelled_error_of(child);
    child->log_traceback = false;
    return child->exception ? al_take(al_ref(child->exception))
                            : al_value_dup(child->result);
}

static bool set_results(gathering *g)
{
    al_value *items = al_realloc_array(NULL, g->children->count, sizeof *items);
    al_value list;
    bool ok;

    for (size_t i = 0; i < g->children->count; i++)
        items[i] = outcome_of(g->children->items[i]);
    list = al_list_make(items, g->children->count);
    for (size_t i = 0; i < g->children->count; i++)
        al_value_release(items[i]);
    al_free(items);
    ok = al_future_set_result(g->outer, list);
    al_value_release(list);
    return ok;
}

/* CPython collects the results all the same, and so retrieves them. */
static al_exception *cancelled_at_last(const children *c)
{
    for (size_t i = 0; i < c->count; i++) {
        if (!al_future_cancelled(c->items[i]))
            c->items[i]->log_traceback = false;
    }
    return al_future_make_cancelled_error(c->items[c->count - 1]);
}

static bool fail(gathering *g, al_exception *e)
{
    bool ok = al_future_set_exception(g->outer, e);

    al_unref(e);
    return ok;
}

static bool child_done(gathering *g, al_future *child)
{
    al_future *outer = g->outer;

    g->finished++;
    if (g->owner)
        al_awaiters_discard(&child->awaiters, &g->owner->future);
    if (!outer || al_future_done(outer)) {
        if (!al_future_cancelled(child))
            child->log_traceback = false; /* it counts as retrieved */
        return true;
    }
    if (!g->return_exceptions) {
        if (al_future_cancelled(child))
            return fail(g, al_future_make_cancelled_error(child));
        child->log_traceback = false;
        if (child->exception)
            return fail(g, al_ref(child->exception));
    }
    if (g->finished < g->distinct)
        return true;
    if (((gathering_future *)outer)->cancel_requested)
        return fail(g, cancelled_at_last(g->children));
    return set_results(g);
}

static bool on_done(void *self, al_future *child)
{
    return child_done(self, child);
}

static void drop_callback(gathering *g)
{
    if (--g->callbacks == 0) {
        al_unref(g->owner);
        g->owner = NULL;
    }
    al_unref(g);
}

static void drop(void *self)
{
    drop_callback(self);
}

static const al_done_ops done_ops = {
    .name = "gather.<locals>._done_callback",
    .call = on_done,
    .release = drop,
};

/* -- gather --------------------------------------------------------------- */

static al_future *nothing_to_gather(void)
{
    al_loop *loop = al_get_event_loop();
    al_future *outer = loop ? al_future_new(loop) : NULL;
    al_value list;

    if (!outer)
        return NULL;
    list = al_list_make(NULL, 0);
    al_future_set_result(outer, list);
    al_value_release(list);
    return outer;
}

/* What the children are made of, while they are. */
typedef struct collecting {
    al_loop *loop; /* borrowed; NULL: not known yet */
    al_identities known;
    size_t *early; /* those that were done already */
    size_t early_count;
} collecting;

static bool add_child(gathering *g, al_value awaitable, collecting *c)
{
    al_future *child =
        al_ensure_future_with(awaitable, c->loop, c->loop
                              ? "=_log_destroy_pending" : "_loop");

    if (!child)
        return false;
    if (!c->loop)
        c->loop = child->loop;
    if (al_coroutine_peek(awaitable))
        al_task_silence(child);
    g->children->items[g->children->count++] = child;
    g->distinct++;
    if (al_future_done(child)) {
        c->early[c->early_count++] = g->children->count - 1;
        return true;
    }
    if (g->owner)
        al_awaiters_add(&child->awaiters, &g->owner->future);
    g->callbacks++;
    return al_future_add_done_callback(
        child, (al_done_callback){&done_ops, al_ref(g)}, NULL);
}

static bool add_children(gathering *g, const al_value *awaitables,
                         size_t count, collecting *c)
{
    for (size_t i = 0; i < count; i++) {
        size_t first;

        if (!al_check_hashable(awaitables[i], "dict key"))
            return false;
        first = al_identities_add(&c->known, awaitables[i], i);
        if (first < i)
            g->children->items[g->children->count++] =
                al_ref(g->children->items[first]);
        else if (!add_child(g, awaitables[i], c))
            return false;
    }
    return true;
}

static al_future *make_outer(gathering *g, const collecting *c)
{
    gathering_future *outer =
        al_future_new_kind(c->loop, &gathering_kind, sizeof *outer);

    outer->children = al_ref(g->children);
    g->outer = al_ref(outer);
    al_future_tell_new(&outer->future);
    al_future_tell_gather(&outer->future);
    for (size_t i = 0; i < c->early_count; i++) {
        if (child_done(g, g->children->items[c->early[i]]))
            continue;
        al_unref(outer);
        return NULL;
    }
    return &outer->future;
}

al_future *al_gather(const al_value *awaitables, size_t count,
                     bool return_exceptions)
{
    collecting c = {.loop = al_peek_running_loop()};
    al_future *outer = NULL;
    gathering *g;

    if (count == 0)
        return nothing_to_gather();
    g = al_alloc_zero(1, sizeof *g);
    al_object_init(&g->head, &gathering_type);
    g->return_exceptions = return_exceptions;
    g->children = al_alloc_zero(1, sizeof *g->children);
    al_object_init(&g->children->head, &children_type);
    g->children->items = al_alloc_zero(count, sizeof(al_future *));
    g->callbacks = 1; /* as long as this function runs */
    g->owner = c.loop ? al_ref(al_current_task(c.loop)) : NULL;
    c.early = al_alloc_zero(count, sizeof *c.early);
    if (add_children(g, awaitables, count, &c))
        outer = make_outer(g, &c);
    al_free(c.early);
    al_identities_release(&c.known);
    drop_callback(g);
    return outer;
}
