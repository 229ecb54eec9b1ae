/* task_verbs.c - asyncio's functions on coroutines and tasks, as verbs. */
#include <string.h>
#include "loop/core/policy.h"
#include "loop/task/as_completed.h"
#include "loop/task/gather.h"
#include "loop/task/group.h"
#include "loop/task/run.h"
#include "loop/task/shield.h"
#include "loop/task/sleep.h"
#include "loop/task/timeout.h"
#include "loop/task/wait.h"
#include "loop/task/wait_for.h"
#include "sim/script/machine.h"

static al_value taken(void *object) /* NULL: raised */
{
    return object ? al_take(object) : al_no_value();
}

al_value al_verb_run_until_complete(al_vm *vm, const al_value *params)
{
    if (!al_is(params[0], &al_loop_type))
        return al_fail_with(&al_AttributeError, "'%s' object has no attribute "
                            "'run_until_complete'", al_type_name(params[0]));
    (void)vm;
    return al_run_until_complete((al_loop *)params[0].as.object, params[1]);
}

al_coroutine *al_check_coroutine(al_value value)
{
    al_coroutine *coroutine = al_coroutine_peek(value);
    al_text text = {0};

    if (coroutine)
        return coroutine;
    if (al_add_repr(value, &text))
        al_raise(&al_TypeError, "a coroutine was expected, got %s",
                 text.bytes);
    al_text_release(&text);
    return NULL;
}

bool al_task_options_from(al_vm *vm, const al_value *given,
                          al_task_options *options)
{
    *options = (al_task_options){0};
    if (given[0].tag > AL_NONE) {
        options->name = al_str_value(vm, given[0]);
        if (options->name.tag == AL_ABSENT)
            return false;
    }
    if (given[1].tag == AL_OBJECT)
        options->context = (al_context *)given[1].as.object;
    options->has_eager_start = given[2].tag > AL_NONE;
    options->eager_start = options->has_eager_start && al_value_truth(given[2]);
    return true;
}

al_value al_verb_create_task(al_vm *vm, const al_value *params)
{
    al_loop *loop = al_get_running_loop();
    al_coroutine *coroutine;
    al_task_options options;
    al_task *task;

    if (!loop || !al_loop_check_closed(loop))
        return al_no_value();
    coroutine = al_check_coroutine(params[0]);
    if (!coroutine || !al_task_options_from(vm, params + 1, &options))
        return al_no_value();
    task = al_create_task(loop, coroutine, &options);
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

/* The arguments of asyncio.tasks.NAME(*items): a new tuple; NULL: raised. */
static al_tuple *starred(al_vm *vm, const char *name, al_value items)
{
    al_value iterator = al_iter(vm, items);
    al_tuple *all;

    if (iterator.tag == AL_ABSENT) {
        al_raise(&al_TypeError, "asyncio.tasks.%s() argument after * must be "
                 "an iterable, not %s", name, al_type_name(items));
        return NULL;
    }
    all = al_tuple_from(iterator);
    al_value_release(iterator);
    return all;
}

/* The awaitables come as a tuple, as the compiler makes it, or as whatever
 * was starred. */
al_value al_verb_gather(al_vm *vm, const al_value *params)
{
    al_tuple *all = al_is(params[0], &al_tuple_type)
                        ? al_ref(params[0].as.object)
                        : starred(vm, "gather", params[0]);
    al_future *gathered = NULL;

    if (all)
        gathered = al_gather(all->items, all->count,
                             params[1].tag != AL_ABSENT &&
                                 al_value_truth(params[1]));
    al_unref(all);
    return taken(gathered);
}

/* -- combinators ---------------------------------------------------------- */

static al_value none_if_absent(al_value value)
{
    return value.tag == AL_ABSENT ? al_none() : value;
}

al_value al_verb_timeout(al_vm *vm, const al_value *params)
{
    (void)vm;
    return taken(al_timeout_after(params[0]));
}

al_value al_verb_timeout_at(al_vm *vm, const al_value *params)
{
    (void)vm;
    return taken(al_timeout_at(params[0]));
}

al_value al_verb_wait_for(al_vm *vm, const al_value *params)
{
    (void)vm;
    return taken(al_wait_for(params[0], params[1]));
}

al_value al_verb_wait(al_vm *vm, const al_value *params)
{
    al_value until = params[2].tag == AL_ABSENT ? al_str_new("ALL_COMPLETED")
                                                : al_value_dup(params[2]);
    al_coroutine *wait =
        al_wait(params[0], none_if_absent(params[1]), until);

    (void)vm;
    al_value_release(until);
    return taken(wait);
}

al_value al_verb_shield(al_vm *vm, const al_value *params)
{
    (void)vm;
    return taken(al_shield(params[0]));
}

al_value al_verb_as_completed(al_vm *vm, const al_value *params)
{
    (void)vm;
    return taken(al_as_completed_new(params[0], none_if_absent(params[1])));
}

/* NULL for None, or the loop; false: raised. */
static bool loop_or_none(al_value value, al_loop **loop)
{
    *loop = NULL;
    if (value.tag <= AL_NONE)
        return true;
    if (!al_is(value, &al_loop_type))
        return al_raise(&al_TypeError, "'%s' object is not an event loop",
                        al_type_name(value));
    *loop = (al_loop *)value.as.object;
    return true;
}

al_value al_verb_ensure_future(al_vm *vm, const al_value *params)
{
    al_loop *loop;

    (void)vm;
    if (!loop_or_none(params[1], &loop))
        return al_no_value();
    return taken(al_ensure_future(params[0], loop));
}

al_value al_verb_all_tasks(al_vm *vm, const al_value *params)
{
    al_loop *loop;
    al_value all;

    if (!loop_or_none(params[0], &loop))
        return al_no_value();
    if (!loop)
        loop = al_get_running_loop();
    if (!loop)
        return al_no_value();
    all = al_set_new(vm, NULL, 0);
    for (al_task *t = al_next_task(loop, NULL); t; t = al_next_task(loop, t))
        al_dict_set(vm, al_set_peek(all),
                    (al_value){AL_OBJECT, {.object = &t->future.head}},
                    al_none());
    return all;
}

al_value al_verb_TaskGroup(al_vm *vm, const al_value *params)
{
    (void)vm;
    (void)params;
    return al_take(al_task_group_new());
}

static al_value as_completed_aiter(al_call *call)
{
    return al_value_dup(call->self);
}

static al_value as_completed_anext(al_call *call)
{
    return al_take(al_as_completed_anext(al_as_completed_peek(call->self)));
}

static const al_method as_completed_methods[] = {
    {.name = "__aiter__", .qualname = "_AsCompletedIterator.__aiter__",
     .call = as_completed_aiter, .arity = AL_ARITY_PYTHON},
    {.name = "__anext__", .qualname = "_AsCompletedIterator.__anext__",
     .call = as_completed_anext, .arity = AL_ARITY_PYTHON},
    {0},
};

const al_class al_as_completed_class = {
    .head = AL_CLASS_HEAD,
    .name = "_AsCompletedIterator",
    .module = "asyncio.tasks.",
    .tag = AL_OBJECT,
    .type = &al_as_completed_type,
    .methods = as_completed_methods,
};

/* -- task factories: the eager one, or none ------------------------------- */

static bool is_eager_factory(al_value value)
{
    al_text name = {0};
    bool is_it;

    if (!al_is(value, &al_builtin_type))
        return false;
    al_qualname(value, &name);
    is_it = strcmp(al_text_as_string(&name), "eager_task_factory") == 0;
    al_text_release(&name);
    return is_it;
}

al_value al_verb_set_task_factory(al_vm *vm, const al_value *params)
{
    al_loop *loop;

    (void)vm;
    if (!loop_or_none(params[0], &loop))
        return al_no_value();
    if (params[1].tag != AL_NONE && !is_eager_factory(params[1]))
        return al_fail_with(&al_TypeError,
                            "task factory must be a callable or None");
    al_set_eager_task_factory(loop, params[1].tag != AL_NONE);
    return al_none();
}

al_value al_verb_get_task_factory(al_vm *vm, const al_value *params)
{
    al_loop *loop;

    if (!loop_or_none(params[0], &loop))
        return al_no_value();
    return al_has_eager_task_factory(loop)
               ? al_builtin_find(vm, "eager_task_factory") : al_none();
}
