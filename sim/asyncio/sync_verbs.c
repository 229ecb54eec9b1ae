/* sync_verbs.c - asyncio's locks and queues, as verbs: a constructor calls
 * its class, any other the method of that name. */
#include "loop/sync/queue.h"
#include "sim/machine/machine.h"

/* cls(argument), or cls(). */
static al_value construct(al_vm *vm, const al_class *cls, al_value argument)
{
    al_args args = {.items = &argument, .count = argument.tag != AL_ABSENT};

    return al_call_method(vm, cls->constructor, al_no_value(), &args);
}

#define CONSTRUCTOR_VERB(name, cls)                                            \
    al_value al_verb_##name(al_vm *vm, const al_value *params)                 \
    {                                                                          \
        (void)params;                                                          \
        return construct(vm, &cls, al_no_value());                             \
    }
#define CONSTRUCTOR_VERB_1(name, cls)                                          \
    al_value al_verb_##name(al_vm *vm, const al_value *params)                 \
    {                                                                          \
        return construct(vm, &cls, params[0]);                                 \
    }

CONSTRUCTOR_VERB(Lock, al_lock_class)
CONSTRUCTOR_VERB(Event, al_sync_event_class)
CONSTRUCTOR_VERB_1(Condition, al_condition_class)
CONSTRUCTOR_VERB_1(Semaphore, al_semaphore_class)
CONSTRUCTOR_VERB_1(BoundedSemaphore, al_bounded_semaphore_class)
CONSTRUCTOR_VERB_1(Barrier, al_barrier_class)
CONSTRUCTOR_VERB_1(Queue, al_queue_class)
CONSTRUCTOR_VERB_1(LifoQueue, al_lifo_queue_class)
CONSTRUCTOR_VERB_1(PriorityQueue, al_priority_queue_class)

/* object.name(), with or without an argument. */
static al_value call_method(al_vm *vm, al_name *name, al_value object,
                            const al_value *argument)
{
    al_args args = {.items = argument,
                    .count = argument && argument->tag != AL_ABSENT};

    return al_call_named(vm, object, name, &args);
}

#define METHOD_VERB(name)                                                      \
    al_value al_verb_##name(al_vm *vm, const al_value *params)                 \
    {                                                                          \
        static _Thread_local al_name method = {.text = #name};                 \
                                                                               \
        return call_method(vm, &method, params[0], NULL);                      \
    }
#define METHOD_VERB_1(name)                                                    \
    al_value al_verb_##name(al_vm *vm, const al_value *params)                 \
    {                                                                          \
        static _Thread_local al_name method = {.text = #name};                 \
                                                                               \
        return call_method(vm, &method, params[0], params + 1);                \
    }

METHOD_VERB(acquire)
METHOD_VERB(release)
METHOD_VERB(locked)
METHOD_VERB(set)
METHOD_VERB(clear)
METHOD_VERB(is_set)
METHOD_VERB_1(notify)
METHOD_VERB(notify_all)
METHOD_VERB_1(put)
METHOD_VERB_1(put_nowait)
METHOD_VERB(get)
METHOD_VERB(get_nowait)
METHOD_VERB(task_done)
METHOD_VERB(join)

al_value al_put_at_once(const al_value *params)
{
    al_queue *queue = al_queue_peek(params[0]);

    return queue && al_queue_put_at_once(queue, params[1]) ? al_none()
                                                           : al_no_value();
}

al_value al_get_at_once(const al_value *params)
{
    al_queue *queue = al_queue_peek(params[0]);

    return queue ? al_queue_get_at_once(queue) : al_no_value();
}

/* What was left out is not given: queues and executors have their own. */
al_value al_verb_shutdown(al_vm *vm, const al_value *params)
{
    static const char *const names[] = {"immediate", "wait", "cancel_futures"};
    const char *keywords[3];
    al_value values[3];
    al_args args = {.items = values, .keywords = keywords};

    for (size_t i = 0; i < 3; i++) {
        if (params[i + 1].tag == AL_ABSENT)
            continue;
        keywords[args.keyword_count] = names[i];
        values[args.keyword_count++] = params[i + 1];
    }
    return al_call_attribute(vm, params[0], "shutdown", &args);
}
