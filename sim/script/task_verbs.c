/* task_verbs.c - asyncio's functions on coroutines and tasks, as verbs. */
#include "loop/core/policy.h"
#include "loop/task/gather.h"
#include "loop/task/run.h"
#include "loop/task/sleep.h"
#include "sim/script/machine.h"

static al_value taken(void *object) /* NULL: raised */
{
    return object ? al_take(object) : al_no_value();
}

al_value al_verb_asyncio_run(al_vm *vm, const al_value *params)
{
    (void)vm;
    return al_asyncio_run(params[0], params[1].tag == AL_ABSENT ||
                                             params[1].tag == AL_NONE
                                         ? -1 : al_value_truth(params[1]));
}

al_value al_verb_run_until_complete(al_vm *vm, const al_value *params)
{
    if (!al_is(params[0], &al_loop_type))
        return al_fail_with(&al_AttributeError, "'%s' object has no attribute "
                            "'run_until_complete'", al_type_name(params[0]));
    (void)vm;
    return al_run_until_complete((al_loop *)params[0].as.object, params[1]);
}

al_value al_verb_create_task(al_vm *vm, const al_value *params)
{
    al_loop *loop = al_get_running_loop();
    al_coroutine *coroutine = al_coroutine_peek(params[0]);
    al_task_options options = {0};
    al_task *task;
    al_text text = {0};

    if (!loop || !al_loop_check_closed(loop))
        return al_no_value();
    if (!coroutine) {
        if (al_add_repr(params[0], &text))
            al_raise(&al_TypeError, "a coroutine was expected, got %s",
                     text.bytes);
        al_text_release(&text);
        return al_no_value();
    }
    if (params[1].tag != AL_ABSENT && params[1].tag != AL_NONE) {
        options.name = al_str_value(vm, params[1]);
        if (options.name.tag == AL_ABSENT)
            return al_no_value();
    }
    if (params[2].tag == AL_OBJECT)
        options.context = (al_context *)params[2].as.object;
    task = al_task_new(loop, coroutine, &options);
    al_value_release(options.name);
    return taken(task);
}

al_value al_verb_create_future(al_vm *vm, const al_value *params)
{
    (void)vm;
    if (!al_is(params[0], &al_loop_type))
        return al_fail_with(&al_AttributeError, "'%s' object has no attribute "
                            "'create_future'", al_type_name(params[0]));
    return taken(al_future_new((al_loop *)params[0].as.object));
}

al_value al_verb_current_task(al_vm *vm, const al_value *params)
{
    al_loop *loop = al_get_running_loop();
    al_task *task;

    (void)vm;
    (void)params;
    if (!loop)
        return al_no_value();
    task = al_current_task(loop);
    return task ? al_take(al_ref(task)) : al_none();
}

al_value al_verb_sleep(al_vm *vm, const al_value *params)
{
    (void)vm;
    return al_take(al_sleep(
        params[0], params[1].tag == AL_ABSENT ? al_none() : params[1]));
}

/* The awaitables come as a tuple, as the compiler makes it. */
al_value al_verb_gather(al_vm *vm, const al_value *params)
{
    const al_tuple *all = (const al_tuple *)params[0].as.object;

    (void)vm;
    return taken(al_gather(all->items, all->count,
                           params[1].tag != AL_ABSENT &&
                               al_value_truth(params[1])));
}
