/* sync_methods.c - asyncio's locks and queues for scripts. */
#include <math.h>
#include "loop/sync/barrier.h"
#include "loop/sync/context_manager.h"
#include "loop/sync/event.h"
#include "loop/sync/lock.h"
#include "loop/sync/queue.h"
#include "loop/sync/semaphore.h"
#include "sim/machine/machine.h"

static al_value done_or_raised(bool ok)
{
    return ok ? al_none() : al_no_value();
}

static al_value taken(void *object) /* NULL: raised */
{
    return object ? al_take(object) : al_no_value();
}

/* The one argument, or what it is where nothing is said; borrowed. */
static al_value given_or(const al_call *call, al_value otherwise)
{
    return call->slots[0].tag == AL_ABSENT ? otherwise : call->slots[0];
}

/* Methods as Python writes them; those with parameters say how many. */
#define METHOD(cls, method, function) METHOD_OF(cls, method, function, 0, 0, "")
#define METHOD_OF(cls, method, function, least, most, names)                   \
    {.name = #method, .qualname = #cls "." #method, .call = function,          \
     .min = least, .max = most, .params = names, .arity = AL_ARITY_PYTHON}
#define CONSTRUCTOR(cls, function, least, most, names)                         \
    {.name = #cls, .qualname = #cls ".__init__", .call = function,             \
     .min = least, .max = most, .params = names, .arity = AL_ARITY_PYTHON}
#define CLASS(cls, its_module, its_type, ...)                                  \
    {.head = AL_CLASS_HEAD, .name = #cls, .module = its_module,                \
     .tag = AL_OBJECT, .type = &its_type, __VA_ARGS__}
#define LOCKS  "asyncio.locks."
#define QUEUES "asyncio.queues."

/* -- what is a lock ------------------------------------------------------- */

static al_primitive *primitive_of(const al_call *call)
{
    return al_primitive_peek(call->self);
}

static const al_lock_ops *lock_of(const al_call *call)
{
    return primitive_of(call)->kind->lock;
}

static al_value lock_acquire(al_call *call)
{
    return al_take(lock_of(call)->acquire(primitive_of(call)));
}

static al_value lock_release(al_call *call)
{
    return done_or_raised(lock_of(call)->release(primitive_of(call)));
}

static al_value lock_locked(al_call *call)
{
    return al_bool(lock_of(call)->is_locked(primitive_of(call)));
}

static al_value lock_enter(al_call *call)
{
    return al_take(al_primitive_enter(primitive_of(call)));
}

static al_value lock_exit(al_call *call)
{
    return al_take(al_primitive_exit(primitive_of(call)));
}

#define LOCK_METHODS(cls)                                                      \
    METHOD(cls, acquire, lock_acquire), METHOD(cls, release, lock_release),    \
    METHOD(cls, locked, lock_locked)
#define MANAGER_METHODS                                                        \
    METHOD(_ContextManagerMixin, __aenter__, lock_enter),                      \
    METHOD_OF(_ContextManagerMixin, __aexit__, lock_exit, 3, 3,                \
              "exc_type exc tb")

/* -- Lock ----------------------------------------------------------------- */

static al_value construct_lock(al_call *call)
{
    (void)call;
    return al_take(al_lock_new(NULL));
}

static const al_method lock_constructor =
    CONSTRUCTOR(Lock, construct_lock, 0, 0, "");
static const al_method lock_methods[] = {LOCK_METHODS(Lock), MANAGER_METHODS,
                                         {0}};

const al_class al_lock_class =
    CLASS(Lock, LOCKS, al_lock_type, .constructor = &lock_constructor,
          .methods = lock_methods);

/* -- Event ---------------------------------------------------------------- */

static al_sync_event *event_of(const al_call *call)
{
    return (al_sync_event *)primitive_of(call);
}

static al_value construct_event(al_call *call)
{
    (void)call;
    return al_take(al_sync_event_new(NULL));
}

static al_value event_is_set(al_call *call)
{
    return al_bool(event_of(call)->is_set);
}

static al_value event_set(al_call *call)
{
    return done_or_raised(al_sync_event_set(event_of(call)));
}

static al_value event_clear(al_call *call)
{
    al_sync_event_clear(event_of(call));
    return al_none();
}

static al_value event_wait(al_call *call)
{
    return al_take(al_sync_event_wait(event_of(call)));
}

static const al_method event_constructor =
    CONSTRUCTOR(Event, construct_event, 0, 0, "");
static const al_method event_methods[] = {
    METHOD(Event, is_set, event_is_set),
    METHOD(Event, set, event_set),
    METHOD(Event, clear, event_clear),
    METHOD(Event, wait, event_wait),
    {0},
};

const al_class al_sync_event_class =
    CLASS(Event, LOCKS, al_sync_event_type, .constructor = &event_constructor,
          .methods = event_methods);

/* -- Condition ------------------------------------------------------------ */

static al_condition *condition_of(const al_call *call)
{
    return (al_condition *)primitive_of(call);
}

static al_value construct_condition(al_call *call)
{
    al_value lock = call->slots[0];
    al_primitive *primitive = al_primitive_peek(lock);

    if (lock.tag == AL_ABSENT || lock.tag == AL_NONE)
        return al_take(al_condition_new(NULL, NULL));
    if (primitive && primitive->kind->lock)
        return al_take(al_condition_new(primitive, NULL));
    return al_no_attribute(lock, "locked");
}

static al_value condition_wait(al_call *call)
{
    return al_take(al_condition_wait(condition_of(call)));
}

static al_value call_predicate(void *self)
{
    const al_tuple *bundle = self;
    al_args none = {0};

    return al_call_value(al_vm_current(), bundle->items[0], &none);
}

static al_value condition_wait_for(al_call *call)
{
    const al_predicate predicate = {call_predicate, al_unref,
                                    al_tuple_new(call->slots, 1)};

    return al_take(al_condition_wait_for(condition_of(call), predicate));
}

/* `idx >= n`, for idx 0, 1, …, is false that often.  False: raised, where
 * anybody waits to be counted. */
static bool count_of(al_call *call, al_value n, int64_t *count)
{
    al_value answer;

    if (al_is_whole(n)) {
        *count = al_whole(n);
        return true;
    }
    *count = 0;
    if (n.tag == AL_FLOAT) {
        *count = n.as.real < 1e18 ? (int64_t)ceil(fmax(n.as.real, 0))
                                  : INT64_MAX; /* of a NaN, too */
        return true;
    }
    if (primitive_of(call)->waiters.count == 0)
        return true;
    answer = al_compare(call->vm, AL_OP_GE, al_int(0), n);
    al_value_release(answer);
    return answer.tag != AL_ABSENT;
}

static al_value condition_notify(al_call *call)
{
    al_value n = call->slots[0].tag == AL_ABSENT ? al_int(1) : call->slots[0];
    int64_t count = 0;

    if (al_condition_is_locked(condition_of(call)) &&
        !count_of(call, n, &count))
        return al_no_value();
    return done_or_raised(al_condition_notify(condition_of(call), count));
}

static al_value condition_notify_all(al_call *call)
{
    return done_or_raised(al_condition_notify_all(condition_of(call)));
}

/* Its lock's own methods. */
static al_value attribute_of_lock(al_vm *vm, al_value self, const char *name)
{
    al_primitive *lock = ((al_condition *)al_primitive_peek(self))->lock;
    al_value value = {AL_OBJECT, {.object = &lock->head}};
    al_name attribute = {.text = name};

    return al_attribute_get(vm, value, &attribute);
}

static al_value condition_acquire(al_vm *vm, al_value self)
{
    return attribute_of_lock(vm, self, "acquire");
}

static al_value condition_release(al_vm *vm, al_value self)
{
    return attribute_of_lock(vm, self, "release");
}

static al_value condition_locked(al_vm *vm, al_value self)
{
    return attribute_of_lock(vm, self, "locked");
}

static const al_method condition_constructor =
    CONSTRUCTOR(Condition, construct_condition, 0, 1, "lock");
static const al_method condition_methods[] = {
    MANAGER_METHODS,
    METHOD(Condition, wait, condition_wait),
    METHOD_OF(Condition, wait_for, condition_wait_for, 1, 1, "predicate"),
    METHOD_OF(Condition, notify, condition_notify, 0, 1, "n"),
    METHOD(Condition, notify_all, condition_notify_all),
    {0},
};
static const al_getter condition_getters[] = {
    {"acquire", condition_acquire},
    {"release", condition_release},
    {"locked", condition_locked},
    {0},
};

const al_class al_condition_class =
    CLASS(Condition, LOCKS, al_condition_type,
          .constructor = &condition_constructor, .methods = condition_methods,
          .getters = condition_getters);

/* -- Semaphore ------------------------------------------------------------ */

static al_value construct_semaphore(al_call *call)
{
    return taken(al_semaphore_new(given_or(call, al_int(1))));
}

static al_value construct_bounded_semaphore(al_call *call)
{
    return taken(al_bounded_semaphore_new(given_or(call, al_int(1))));
}

static const al_method semaphore_constructor =
    CONSTRUCTOR(Semaphore, construct_semaphore, 0, 1, "value");
static const al_method bounded_constructor =
    CONSTRUCTOR(BoundedSemaphore, construct_bounded_semaphore, 0, 1, "value");
static const al_method semaphore_methods[] = {LOCK_METHODS(Semaphore),
                                              MANAGER_METHODS, {0}};
/* It overrides this one, and inherits the others. */
static const al_method bounded_methods[] = {
    METHOD(BoundedSemaphore, release, lock_release),
    METHOD(Semaphore, acquire, lock_acquire),
    METHOD(Semaphore, locked, lock_locked),
    MANAGER_METHODS,
    {0},
};

const al_class al_semaphore_class =
    CLASS(Semaphore, LOCKS, al_semaphore_type,
          .constructor = &semaphore_constructor, .methods = semaphore_methods);
const al_class al_bounded_semaphore_class =
    CLASS(BoundedSemaphore, LOCKS, al_bounded_semaphore_type,
          .constructor = &bounded_constructor, .methods = bounded_methods);

/* -- Barrier -------------------------------------------------------------- */

static al_barrier *barrier_of(al_value self)
{
    return (al_barrier *)al_primitive_peek(self);
}

static al_value construct_barrier(al_call *call)
{
    return taken(al_barrier_new(call->slots[0]));
}

static al_value barrier_wait(al_call *call)
{
    return al_take(al_barrier_wait(barrier_of(call->self)));
}

static al_value barrier_enter(al_call *call)
{
    return al_take(al_barrier_enter(barrier_of(call->self)));
}

static al_value barrier_exit(al_call *call)
{
    return al_take(al_barrier_exit(barrier_of(call->self)));
}

static al_value barrier_reset(al_call *call)
{
    return al_take(al_barrier_reset(barrier_of(call->self)));
}

static al_value barrier_abort(al_call *call)
{
    return al_take(al_barrier_abort(barrier_of(call->self)));
}

static al_value barrier_parties(al_vm *vm, al_value self)
{
    (void)vm;
    return barrier_of(self)->parties;
}

static al_value barrier_n_waiting(al_vm *vm, al_value self)
{
    (void)vm;
    return al_int(al_barrier_n_waiting(barrier_of(self)));
}

static al_value barrier_broken(al_vm *vm, al_value self)
{
    (void)vm;
    return al_bool(al_barrier_is_broken(barrier_of(self)));
}

static const al_method barrier_constructor =
    CONSTRUCTOR(Barrier, construct_barrier, 1, 1, "parties");
static const al_method barrier_methods[] = {
    METHOD(Barrier, wait, barrier_wait),
    METHOD(Barrier, reset, barrier_reset),
    METHOD(Barrier, abort, barrier_abort),
    METHOD(Barrier, __aenter__, barrier_enter),
    METHOD_OF(Barrier, __aexit__, barrier_exit, 0, -1, ""),
    {0},
};
static const al_getter barrier_getters[] = {
    {"parties", barrier_parties},
    {"n_waiting", barrier_n_waiting},
    {"broken", barrier_broken},
    {0},
};

const al_class al_barrier_class =
    CLASS(Barrier, LOCKS, al_barrier_type,
          .constructor = &barrier_constructor, .methods = barrier_methods,
          .getters = barrier_getters);

/* -- queues --------------------------------------------------------------- */

static al_queue *queue_of(al_value self)
{
    return al_queue_peek(self);
}

static al_value construct_order(al_call *call, al_items_order order)
{
    return al_take(al_queue_new(order, given_or(call, al_int(0))));
}

static al_value construct_queue(al_call *call)
{
    return construct_order(call, AL_ITEMS_FIFO);
}

static al_value construct_lifo_queue(al_call *call)
{
    return construct_order(call, AL_ITEMS_LIFO);
}

static al_value construct_priority_queue(al_call *call)
{
    return construct_order(call, AL_ITEMS_LEAST);
}

static al_value queue_put(al_call *call)
{
    if (!al_vm_may_allocate(call->vm, sizeof(al_value)))
        return al_no_value();
    return al_take(al_queue_put(queue_of(call->self), call->slots[0]));
}

static al_value queue_put_nowait(al_call *call)
{
    return done_or_raised(
        al_vm_may_allocate(call->vm, sizeof(al_value)) &&
        al_queue_put_nowait(queue_of(call->self), call->slots[0]));
}

static al_value queue_get(al_call *call)
{
    return al_take(al_queue_get(queue_of(call->self)));
}

static al_value queue_get_nowait(al_call *call)
{
    return al_queue_get_nowait(queue_of(call->self));
}

static al_value queue_join(al_call *call)
{
    return al_take(al_queue_join(queue_of(call->self)));
}

static al_value queue_task_done(al_call *call)
{
    return done_or_raised(al_queue_task_done(queue_of(call->self)));
}

static al_value queue_shutdown(al_call *call)
{
    bool immediate = call->slots[0].tag != AL_ABSENT &&
                     al_value_truth(call->slots[0]);

    return done_or_raised(al_queue_shutdown(queue_of(call->self), immediate));
}

static al_value queue_qsize(al_call *call)
{
    return al_int((int64_t)al_queue_size(queue_of(call->self)));
}

static al_value queue_empty(al_call *call)
{
    return al_bool(al_queue_size(queue_of(call->self)) == 0);
}

static al_value queue_full(al_call *call)
{
    bool full;

    return al_queue_full(queue_of(call->self), &full) ? al_bool(full)
                                                      : al_no_value();
}

static al_value queue_maxsize(al_vm *vm, al_value self)
{
    (void)vm;
    return al_value_dup(queue_of(self)->maxsize);
}

static const al_method queue_methods[] = {
    METHOD_OF(Queue, put, queue_put, 1, 1, "item"),
    METHOD_OF(Queue, put_nowait, queue_put_nowait, 1, 1, "item"),
    METHOD(Queue, get, queue_get),
    METHOD(Queue, get_nowait, queue_get_nowait),
    METHOD(Queue, join, queue_join),
    METHOD(Queue, task_done, queue_task_done),
    METHOD_OF(Queue, shutdown, queue_shutdown, 0, 1, "immediate"),
    METHOD(Queue, qsize, queue_qsize),
    METHOD(Queue, empty, queue_empty),
    METHOD(Queue, full, queue_full),
    {0},
};
static const al_getter queue_getters[] = {{"maxsize", queue_maxsize}, {0}};

#define QUEUE_CONSTRUCTOR(cls, function)                                       \
    {.name = #cls, .qualname = "Queue.__init__", .call = function, .max = 1,   \
     .params = "maxsize", .arity = AL_ARITY_PYTHON}

static const al_method queue_constructor =
    QUEUE_CONSTRUCTOR(Queue, construct_queue);
static const al_method lifo_constructor =
    QUEUE_CONSTRUCTOR(LifoQueue, construct_lifo_queue);
static const al_method priority_constructor =
    QUEUE_CONSTRUCTOR(PriorityQueue, construct_priority_queue);

const al_class al_queue_class =
    CLASS(Queue, QUEUES, al_queue_type, .constructor = &queue_constructor,
          .methods = queue_methods, .getters = queue_getters);
const al_class al_lifo_queue_class =
    CLASS(LifoQueue, QUEUES, al_lifo_queue_type,
          .constructor = &lifo_constructor, .methods = queue_methods,
          .getters = queue_getters);
const al_class al_priority_queue_class =
    CLASS(PriorityQueue, QUEUES, al_priority_queue_type,
          .constructor = &priority_constructor, .methods = queue_methods,
          .getters = queue_getters);
