/* as_completed.c - see as_completed.h.
 *
 * CPython puts the futures that are done into an asyncio.Queue, and None for
 * each that the timeout came before; here the queue is a member, which does
 * what Queue.get and Queue.put_nowait do. */
#include "loop/task/as_completed.h"

#include "loop/base/alloc.h"
#include "loop/core/policy.h"
#include "loop/task/identities.h"
#include "loop/task/run.h"
#include "loop/task/seconds.h"

typedef struct entry {
    al_as_completed *owner;
    al_future *future; /* a reference; NULL: no longer to do */
} entry;

typedef struct fifo { /* of references */
    al_value *items;
    size_t first, end, capacity;
} fifo;

struct al_as_completed {
    al_object head;
    al_handle *timer; /* borrowed: it holds us, while it may yet run; or NULL */
    entry *entries;
    size_t count, todo; /* todo: entries that are not done */
    size_t to_yield;
    fifo done, getters;
};

/* -- a queue -------------------------------------------------------------- */

static bool is_empty(const fifo *queue)
{
    return queue->first == queue->end;
}

static void push(fifo *queue, al_value value)
{
    queue->items = al_grow(queue->items, &queue->capacity, queue->end + 1,
                           sizeof *queue->items);
    queue->items[queue->end++] = al_value_dup(value);
}

static al_value shift(fifo *queue)
{
    return queue->items[queue->first++];
}

static void remove_from(fifo *queue, const al_future *future)
{
    size_t at = queue->first;

    while (at < queue->end && al_future_peek(queue->items[at]) != future)
        at++;
    if (at == queue->end)
        return;
    al_value_release(queue->items[at]);
    for (queue->end--; at < queue->end; at++)
        queue->items[at] = queue->items[at + 1];
}

static void release_fifo(fifo *queue)
{
    while (!is_empty(queue))
        al_value_release(shift(queue));
    al_free(queue->items);
}

/* Queue._wakeup_next */
static bool wake_up_next(fifo *getters)
{
    bool ok = true;
    bool found = false;

    while (!found && !is_empty(getters)) {
        al_value getter = shift(getters);
        al_future *future = al_future_peek(getter);

        found = !al_future_done(future);
        if (found)
            ok = al_future_set_result(future, al_none());
        al_value_release(getter);
    }
    return ok;
}

static bool put(al_as_completed *it, al_value value)
{
    push(&it->done, value);
    return wake_up_next(&it->getters);
}

/* -- the object ----------------------------------------------------------- */

static void as_completed_free(al_object *self)
{
    al_as_completed *it = (al_as_completed *)self;

    for (size_t i = 0; i < it->count; i++)
        al_unref(it->entries[i].future);
    al_free(it->entries);
    release_fifo(&it->done);
    release_fifo(&it->getters);
    al_free(it);
}

const al_type al_as_completed_type = {
    .name = "_AsCompletedIterator",
    .free = as_completed_free,
};

al_as_completed *al_as_completed_peek(al_value value)
{
    return al_is(value, &al_as_completed_type)
               ? (al_as_completed *)value.as.object : NULL;
}

/* -- one of them is done, or the time is over ----------------------------- */

static al_future *take_future(entry *e)
{
    al_future *future = e->future;

    e->future = NULL;
    e->owner->todo--;
    return future;
}

static bool handle_completion(void *self, al_future *future)
{
    entry *e = self;
    al_as_completed *it = e->owner;
    bool ok;

    if (it->todo == 0)
        return true; /* the timeout was here first */
    al_unref(take_future(e));
    ok = put(it, (al_value){AL_OBJECT, {.object = &future->head}});
    if (ok && it->todo == 0 && it->timer)
        al_handle_cancel(it->timer);
    return ok;
}

static void drop_entry(void *self)
{
    al_unref(((entry *)self)->owner);
}

static const al_done_ops completion_ops = {
    .name = "_AsCompletedIterator._handle_completion",
    .call = handle_completion,
    .release = drop_entry,
};

static bool handle_timeout(al_loop *loop, void *self)
{
    al_as_completed *it = self;
    bool ok = true;

    (void)loop;
    it->timer = NULL;
    for (size_t i = 0; ok && i < it->count; i++) {
        al_future *future;

        if (!it->entries[i].future)
            continue;
        future = take_future(&it->entries[i]);
        al_future_remove_done_callback(
            future, (al_done_callback){&completion_ops, &it->entries[i]});
        al_unref(future);
        ok = put(it, al_none());
    }
    return ok;
}

static void drop_owner(void *self)
{
    ((al_as_completed *)self)->timer = NULL;
    al_unref(self);
}

static const al_callable timeout_callable = {
    .name = "_AsCompletedIterator._handle_timeout",
    .call = handle_timeout,
    .release = drop_owner,
};

/* -- as_completed --------------------------------------------------------- */

/* {ensure_future(aw) for aw in set(aws)}: none is there twice, for a new task
 * is nobody's yet. */
static bool add_futures(al_as_completed *it, const al_tuple *given,
                        al_loop *loop)
{
    al_value *futures = al_alloc_zero(given->count, sizeof *futures);
    size_t count;
    bool ok = al_keep_different(given, futures, &count);

    it->entries = al_alloc_zero(count, sizeof *it->entries);
    for (size_t i = 0; ok && i < count; i++) {
        al_future *future =
            al_ensure_future_with(futures[i], loop, "add_done_callback");

        ok = future;
        if (ok)
            futures[it->count++] = al_take(future);
    }
    al_futures_sort(futures, it->count);
    for (size_t i = 0; i < it->count; i++)
        it->entries[i] = (entry){it, al_future_peek(futures[i])};
    al_free(futures);
    it->to_yield = it->todo = it->count;
    return ok;
}

static bool begin(al_as_completed *it, al_loop *loop, al_value timeout)
{
    double when = 0;

    for (size_t i = 0; i < it->count; i++) {
        al_done_callback callback = {&completion_ops, &it->entries[i]};

        al_ref(it);
        if (!al_future_add_done_callback(it->entries[i].future, callback,
                                         NULL))
            return false;
    }
    if (it->count == 0 || timeout.tag == AL_NONE)
        return true;
    if (!al_add_seconds(al_loop_time(loop), timeout, &when))
        return false;
    it->timer = al_loop_call_at(
        loop, when, (al_callback){&timeout_callable, al_ref(it)}, NULL);
    return it->timer;
}

static bool fill(al_as_completed *it, al_value fs, al_value timeout)
{
    al_loop *loop = al_get_event_loop();
    al_tuple *given = loop ? al_tuple_from(fs) : NULL;
    bool ok = given && add_futures(it, given, loop);

    al_unref(given);
    return ok && begin(it, loop, timeout);
}

al_as_completed *al_as_completed_new(al_value fs, al_value timeout)
{
    al_as_completed *it;

    if (al_is_awaitable(fs)) {
        al_raise(&al_TypeError, "expects an iterable of awaitables, not %s",
                 al_value_type_name(fs));
        return NULL;
    }
    it = al_alloc_zero(1, sizeof *it);
    al_object_init(&it->head, &al_as_completed_type);
    if (fill(it, fs, timeout))
        return it;
    al_unref(it);
    return NULL;
}

/* -- waiting for the next one --------------------------------------------- */

typedef struct next {
    al_coroutine coroutine;
    al_as_completed *it;
    al_future *getter; /* a reference; NULL: not waiting */
    bool resolves;     /* to the future's result */
    bool is_end;       /* __anext__ beyond the last one */
} next;

/* Queue.get was cancelled, or the like. */
static bool stop_getting(next *n)
{
    al_exception *raised = al_fetch_raised();
    bool ok = al_future_cancel(n->getter, al_none(), NULL);

    remove_from(&n->it->getters, n->getter);
    if (ok && !is_empty(&n->it->done) && !al_future_cancelled(n->getter))
        ok = wake_up_next(&n->it->getters);
    if (!ok)
        al_unref(raised);
    return ok && al_raise_take(raised);
}

static al_step get(next *n)
{
    al_loop *loop = al_get_running_loop();

    if (!loop)
        return al_step_raise();
    al_unref(n->getter);
    n->getter = al_future_new(loop);
    push(&n->it->getters,
         (al_value){AL_OBJECT, {.object = &n->getter->head}});
    return al_step_await(al_take(al_ref(n->getter)));
}

static al_step got(const next *n, al_value value)
{
    al_value result;

    if (value.tag == AL_NONE) {
        al_raise_take(al_exception_new(&al_TimeoutError, NULL, 0));
        return al_step_raise();
    }
    if (!n->resolves)
        return al_step_return(value);
    result = al_future_result(al_future_peek(value));
    al_value_release(value);
    return result.tag == AL_ABSENT ? al_step_raise() : al_step_return(result);
}

static al_step next_resume(al_coroutine *self, al_value sent)
{
    next *n = (next *)self;

    if (sent.tag == AL_ABSENT && n->getter)
        stop_getting(n);
    if (sent.tag == AL_ABSENT)
        return al_step_raise();
    if (n->is_end) {
        al_raise_take(al_exception_new(&al_StopAsyncIteration, NULL, 0));
        return al_step_raise();
    }
    return is_empty(&n->it->done) ? get(n) : got(n, shift(&n->it->done));
}

static void next_release(al_coroutine *self)
{
    next *n = (next *)self;

    al_unref(n->it);
    al_unref(n->getter);
}

static void each_entry(const al_coroutine *self, al_future_visitor *visit,
                       void *context)
{
    const al_as_completed *it = ((const next *)self)->it;

    for (size_t i = 0; i < it->count; i++) {
        if (it->entries[i].future)
            visit(context, it->entries[i].future);
    }
}

static const char *const inside[] = {
    "_AsCompletedIterator._wait_for_one", "Queue.get", NULL,
};

static const char *const *next_inside(const al_coroutine *self)
{
    (void)self;
    return inside + 1;
}

static const char *const *anext_inside(const al_coroutine *self)
{
    (void)self;
    return inside;
}

static const al_coroutine_ops next_ops = {
    .name = "_AsCompletedIterator._wait_for_one",
    .resume = next_resume,
    .release = next_release,
    .each_awaited = each_entry,
    .several = "as_completed()",
    .inside = next_inside,
};

static const al_coroutine_ops anext_ops = {
    .name = "_AsCompletedIterator.__anext__",
    .resume = next_resume,
    .release = next_release,
    .each_awaited = each_entry,
    .several = "as_completed()",
    .inside = anext_inside,
};

static next *new_next(const al_coroutine_ops *ops, al_as_completed *it)
{
    next *n = al_coroutine_new(ops, sizeof *n);

    n->it = al_ref(it);
    return n;
}

al_coroutine *al_as_completed_next(al_as_completed *it)
{
    next *n;

    if (it->to_yield == 0)
        return NULL;
    it->to_yield--;
    n = new_next(&next_ops, it);
    n->resolves = true;
    return &n->coroutine;
}

al_coroutine *al_as_completed_anext(al_as_completed *it)
{
    next *n = new_next(&anext_ops, it);

    n->is_end = it->to_yield == 0;
    if (!n->is_end)
        it->to_yield--;
    return &n->coroutine;
}
