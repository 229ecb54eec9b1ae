/* queue.c - asyncio.Queue; see queue.h.
 *
 * A putter or getter that is woken is taken out of its deque by whoever wakes
 * it, and looks again whether it may: somebody who did not have to wait can
 * have been quicker.  One that is cancelled after it was woken wakes the
 * next. */
#include "loop/sync/queue.h"

#include "loop/object/numeric.h"

static al_queue *queue_of(const al_waiting *waiting)
{
    return (al_queue *)waiting->on;
}

static void changed(al_queue *queue)
{
    al_primitive_changed(&queue->primitive);
}

bool al_queue_full(const al_queue *queue, bool *full)
{
    double limit;

    if (queue->maxsize.tag == AL_INT) { /* as nearly always */
        int64_t most = queue->maxsize.as.integer;

        *full = most > 0 && queue->items.count >= (uint64_t)most;
        return true;
    }
    if (!al_check_numeric(queue->maxsize, "<=", "int"))
        return false;
    limit = al_numeric_real(queue->maxsize);
    *full = !(limit <= 0) && (double)queue->items.count >= limit;
    return true;
}

static bool is_empty(const al_queue *queue)
{
    return queue->items.count == 0;
}

static bool shut_down(void)
{
    return al_raise_take(al_exception_new(&al_QueueShutDown, NULL, 0));
}

/* -- waking --------------------------------------------------------------- */

/* Take the oldest out and wake it, if it is not done.  False: raised. */
static bool wake_up_oldest(al_queue *queue, al_waiters *waiters, bool *woken)
{
    al_future *oldest = al_waiters_popleft(waiters);
    bool ok;

    *woken = !al_future_done(oldest);
    ok = !*woken || al_future_set_result(oldest, al_none());
    al_primitive_moved(&queue->primitive, (al_move){.left = oldest});
    al_unref(oldest);
    return ok;
}

/* _wakeup_next(): the first that is not done; those before it are dropped. */
static bool wake_up_next(al_queue *queue, al_waiters *waiters)
{
    bool woken = false;
    bool ok = true;

    changed(queue);
    while (ok && !woken && waiters->count > 0)
        ok = wake_up_oldest(queue, waiters, &woken);
    return ok;
}

static bool wake_up_all(al_queue *queue, al_waiters *waiters)
{
    bool woken;

    while (waiters->count > 0) {
        if (!wake_up_oldest(queue, waiters, &woken))
            return false;
    }
    return true;
}

/* -- without waiting ------------------------------------------------------ */

bool al_queue_put_nowait(al_queue *queue, al_value item)
{
    bool is_full;

    if (queue->is_shut_down)
        return shut_down();
    if (!al_queue_full(queue, &is_full))
        return false;
    if (is_full)
        return al_raise_take(al_exception_new(&al_QueueFull, NULL, 0));
    if (!al_items_put(&queue->items, item))
        return false;
    queue->unfinished++;
    al_sync_event_clear(queue->finished);
    return wake_up_next(queue, &queue->primitive.waiters);
}

al_value al_queue_get_nowait(al_queue *queue)
{
    al_value item = {.tag = AL_ABSENT};

    if (is_empty(queue)) {
        if (queue->is_shut_down)
            shut_down();
        else
            al_raise_take(al_exception_new(&al_QueueEmpty, NULL, 0));
        return item;
    }
    item = al_items_get(&queue->items);
    if (item.tag == AL_ABSENT || wake_up_next(queue, &queue->putters))
        return item;
    al_value_release(item);
    return (al_value){.tag = AL_ABSENT};
}

/* -- at once -------------------------------------------------------------- */

/* Nobody waits, and no items are compared. */
static bool is_calm(const al_queue *queue)
{
    return queue->primitive.waiters.count == 0 && queue->putters.count == 0 &&
           queue->items.order != AL_ITEMS_LEAST;
}

bool al_queue_put_at_once(al_queue *queue, al_value item)
{
    bool is_full;

    return is_calm(queue) && !queue->is_shut_down &&
           queue->maxsize.tag == AL_INT && al_queue_full(queue, &is_full) &&
           !is_full && al_queue_put_nowait(queue, item);
}

al_value al_queue_get_at_once(al_queue *queue)
{
    return is_calm(queue) && !is_empty(queue) ? al_queue_get_nowait(queue)
                                              : (al_value){.tag = AL_ABSENT};
}

/* -- put, get ------------------------------------------------------------- */

typedef struct queue_put {
    al_waiting waiting;
    al_value item;
} queue_put;

/* Its waiting is over by an exception. */
static al_step give_up(al_waiting *waiting, al_waiters *waiters, bool may_go)
{
    al_queue *queue = queue_of(waiting);
    al_exception *e = al_fetch_raised();
    bool ok = al_future_cancel(waiting->waiter, al_none(), NULL);

    if (ok)
        al_waiting_end(waiting, waiters);
    if (ok && may_go && !al_future_cancelled(waiting->waiter))
        ok = wake_up_next(queue, waiters);
    return al_step_reraise(e, ok);
}

static al_step put_resume(al_coroutine *self, al_value sent)
{
    queue_put *p = (queue_put *)self;
    al_queue *queue = queue_of(&p->waiting);
    bool is_full;

    if (!al_queue_full(queue, &is_full))
        return al_step_raise();
    if (sent.tag == AL_ABSENT)
        return give_up(&p->waiting, &queue->putters, !is_full);
    if (is_full && queue->is_shut_down) {
        shut_down();
        return al_step_raise();
    }
    if (is_full)
        return al_waiting_begin(&p->waiting, &queue->putters);
    return al_queue_put_nowait(queue, p->item) ? al_step_return(al_none())
                                               : al_step_raise();
}

static al_step get_resume(al_coroutine *self, al_value sent)
{
    al_waiting *waiting = (al_waiting *)self;
    al_queue *queue = queue_of(waiting);
    al_waiters *getters = &queue->primitive.waiters;
    al_value item;

    if (sent.tag == AL_ABSENT)
        return give_up(waiting, getters, !is_empty(queue));
    if (is_empty(queue) && !queue->is_shut_down)
        return al_waiting_begin(waiting, getters);
    item = al_queue_get_nowait(queue);
    return item.tag == AL_ABSENT ? al_step_raise() : al_step_return(item);
}

static void put_release(al_coroutine *self)
{
    al_value_release(((queue_put *)self)->item);
    al_waiting_release(self);
}

static const al_coroutine_ops put_ops = {
    .name = "Queue.put",
    .resume = put_resume,
    .release = put_release,
    .waits_in = al_waiting_waits_in,
};

static const al_coroutine_ops get_ops = {
    .name = "Queue.get",
    .resume = get_resume,
    .release = al_waiting_release,
    .waits_in = al_waiting_waits_in,
};

al_coroutine *al_queue_put(al_queue *queue, al_value item)
{
    queue_put *p = al_waiting_new(&put_ops, sizeof *p, &queue->primitive);

    p->item = al_value_dup(item);
    return &p->waiting.coroutine;
}

al_coroutine *al_queue_get(al_queue *queue)
{
    return al_waiting_new(&get_ops, sizeof(al_waiting), &queue->primitive);
}

/* -- join, task_done ------------------------------------------------------ */

typedef struct queue_join {
    al_waiting waiting;
    bool has_begun;
} queue_join;

static al_step join_resume(al_coroutine *self, al_value sent)
{
    queue_join *j = (queue_join *)self;
    al_queue *queue = queue_of(&j->waiting);

    if (sent.tag == AL_ABSENT)
        return al_step_raise();
    if (j->has_begun || queue->unfinished <= 0)
        return al_step_return(al_none());
    j->has_begun = true;
    return al_step_await(al_take(al_sync_event_wait(queue->finished)));
}

static const al_coroutine_ops join_ops = {
    .name = "Queue.join",
    .resume = join_resume,
    .release = al_waiting_release,
};

al_coroutine *al_queue_join(al_queue *queue)
{
    return al_waiting_new(&join_ops, sizeof(queue_join), &queue->primitive);
}

bool al_queue_task_done(al_queue *queue)
{
    if (queue->unfinished <= 0)
        return al_raise(&al_ValueError, "task_done() called too many times");
    queue->unfinished--;
    changed(queue);
    return queue->unfinished > 0 || al_sync_event_set(queue->finished);
}

/* -- shutdown ------------------------------------------------------------- */

static bool drain(al_queue *queue)
{
    while (!is_empty(queue)) {
        al_value item = al_items_get(&queue->items);

        if (item.tag == AL_ABSENT)
            return false;
        al_value_release(item);
        if (queue->unfinished > 0)
            queue->unfinished--;
    }
    return queue->unfinished > 0 || al_sync_event_set(queue->finished);
}

bool al_queue_shutdown(al_queue *queue, bool immediate)
{
    bool ok;

    queue->is_shut_down = true;
    ok = !immediate || drain(queue);
    changed(queue);
    return ok && wake_up_all(queue, &queue->primitive.waiters) &&
           wake_up_all(queue, &queue->putters);
}

/* -- the object ----------------------------------------------------------- */

static void add_count(const char *name, const al_waiters *waiters,
                      al_text *out)
{
    if (waiters->count > 0)
        al_text_add_format(out, " %s[%zu]", name, waiters->count);
}

static void queue_repr(const al_object *self, al_text *out)
{
    const al_queue *queue = (const al_queue *)self;

    al_text_add_format(out, "<%s maxsize=", self->type->name);
    al_value_repr(queue->maxsize, out);
    if (!is_empty(queue)) {
        al_text_add(out, " _queue=");
        al_items_repr(&queue->items, out);
    }
    add_count("_getters", &queue->primitive.waiters, out);
    add_count("_putters", &queue->putters, out);
    if (queue->unfinished)
        al_text_add_format(out, " tasks=%lld", (long long)queue->unfinished);
    if (queue->is_shut_down)
        al_text_add(out, " shutdown");
    al_text_add_char(out, '>');
}

static void tell_state(const al_primitive *primitive, al_text *out)
{
    const al_queue *queue = (const al_queue *)primitive;

    al_text_add_uint(out, queue->items.count);
    al_text_add(out, queue->items.count == 1 ? " item" : " items");
    if (queue->unfinished > 0) {
        al_text_add(out, ", ");
        al_text_add_int(out, queue->unfinished);
        al_text_add(out, " unfinished");
    }
    if (queue->is_shut_down)
        al_text_add(out, ", shut down");
}

static const al_waiters *putters_of(const al_primitive *primitive)
{
    return &((const al_queue *)primitive)->putters;
}

static void clear(al_primitive *primitive)
{
    al_queue *queue = (al_queue *)primitive;

    al_waiters_release(&queue->putters);
    al_items_clear(&queue->items);
}

static void release(al_primitive *primitive)
{
    al_queue *queue = (al_queue *)primitive;

    al_primitive_disown(&queue->finished->primitive);
    al_value_release(queue->maxsize);
}

const al_type al_queue_type = AL_PRIMITIVE_TYPE("Queue", queue_repr);
const al_type al_lifo_queue_type = AL_PRIMITIVE_TYPE("LifoQueue", queue_repr);
const al_type al_priority_queue_type =
    AL_PRIMITIVE_TYPE("PriorityQueue", queue_repr);

#define QUEUE_KIND(queue_type)                                                 \
    {                                                                          \
        .type = &queue_type, .tell_state = tell_state, .putters = putters_of,  \
        .clear = clear, .release = release,                                    \
    }

static const al_primitive_kind kinds[] = {
    [AL_ITEMS_FIFO] = QUEUE_KIND(al_queue_type),
    [AL_ITEMS_LIFO] = QUEUE_KIND(al_lifo_queue_type),
    [AL_ITEMS_LEAST] = QUEUE_KIND(al_priority_queue_type),
};

al_queue *al_queue_new(al_items_order order, al_value maxsize)
{
    al_queue *queue =
        al_primitive_new(&kinds[order], sizeof *queue, NULL);

    queue->items.order = order;
    queue->maxsize = al_value_dup(maxsize);
    queue->finished = al_sync_event_new(&queue->primitive);
    al_sync_event_set(queue->finished);
    return queue;
}

al_queue *al_queue_peek(al_value value)
{
    al_primitive *primitive = al_primitive_peek(value);

    return primitive && primitive->kind->putters ? (al_queue *)primitive
                                                 : NULL;
}
