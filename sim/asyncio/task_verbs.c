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
#include "sim/asyncio/loop_methods.h"
#include "sim/machine/machine.h"

static al_value taken(void *object) /* NULL: raised */
{
    return object ? al_take(object) : al_no_value();
}

/* What create_task is given by keyword: name, context, eager_start; each may
 * be AL_ABSENT.  The options own them until released.  False: raised. */
static bool options_from(al_vm *vm, const al_value *given,
                         al_task_options *options)
{
    *options = (al_task_options){0};
    if (given[0].tag > AL_NONE) {
        options->name = al_str_value(vm, given[0]);
        if (options->name.tag == AL_ABSENT)
            return false;
    }
    options->context = al_context_argument(vm, given[1]);
    options->has_eager_start = given[2].tag != AL_ABSENT;
    options->eager_start = options->has_eager_start && al_value_truth(given[2]);
    return true;
}

static void release_options(al_task_options *options)
{
    al_value_release(options->name);
    al_unref(options->context);
}

/* name, context, eager_start, and what else was given, in the order of the
 * call; for a verb in this one. */
static size_t keywords_from(const al_value *given, const al_args *args,
                            al_keyword *keywords)
{
    static const char *const names[] = {"name", "context", "eager_start"};
    size_t count = 0;

    for (size_t i = 0; args && i < args->keyword_count; i++) {
        if (strcmp(args->keywords[i], "coro") != 0)
            keywords[count++] = (al_keyword){args->keywords[i],
                                             args->items[args->count + i]};
    }
    if (args)
        return count;
    for (size_t i = 0; i < 3; i++) {
        if (given[i].tag != AL_ABSENT)
            keywords[count++] = (al_keyword){names[i], given[i]};
    }
    return count;
}

static al_value argument_named(const al_args *args, const char *name)
{
    for (size_t i = 0; args && i < args->keyword_count; i++) {
        if (strcmp(args->keywords[i], name) == 0)
            return args->items[args->count + i];
    }
    return al_no_value();
}

al_value al_script_create_task(al_vm *vm, al_task_group *group, al_loop *loop,
                               const al_value *params, const al_args *args)
{
    const al_value named[] = {
        argument_named(args, "name"), argument_named(args, "context"),
        argument_named(args, "eager_start"),
    };
    al_task_options options;
    al_keyword *keywords;
    al_value task;

    if (!options_from(vm, args ? named : params + 1, &options))
        return al_no_value();
    keywords = al_alloc((args ? args->keyword_count + 1 : 3) *
                        sizeof *keywords);
    options.given = keywords;
    options.given_count = keywords_from(params + 1, args, keywords);
    task = group ? al_task_group_create_task(group, params[0], &options)
                 : al_create_task(loop, params[0], &options);
    release_options(&options);
    al_free(keywords);
    return task;
}

al_value al_verb_create_task(al_vm *vm, const al_value *params)
{
    al_loop *loop = al_get_running_loop();

    return loop ? al_script_create_task(vm, NULL, loop, params, NULL)
                : al_no_value();
}

/* The loop of a Task or Future; NULL: raised. */
static al_loop *loop_for(al_value value)
{
    if (value.tag <= AL_NONE)
        return al_get_event_loop();
    if (al_is(value, &al_loop_type))
        return (al_loop *)value.as.object;
    al_raise_no_attribute(value, "get_debug");
    return NULL;
}

/* Task(coro, *, loop=None, name=None, context=None, eager_start=False) */
al_value al_verb_Task(al_vm *vm, const al_value *params)
{
    al_loop *loop = loop_for(params[1]);
    al_task_options options;
    al_value task;

    if (!loop || !options_from(vm, params + 2, &options))
        return al_no_value();
    task = al_task_from(loop, params[0], &options);
    release_options(&options);
    return task;
}

al_value al_verb_Future(al_vm *vm, const al_value *params)
{
    al_loop *loop = loop_for(params[0]);

    (void)vm;
    return loop ? al_take(al_future_new(loop)) : al_no_value();
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
    return al_ensure_future(params[0], loop);
}

al_value al_verb_current_task(al_vm *vm, const al_value *params)
{
    al_loop *loop;
    al_task *task;

    (void)vm;
    if (!loop_or_none(params[0], &loop))
        return al_no_value();
    if (!loop)
        loop = al_get_running_loop();
    if (!loop)
        return al_no_value();
    task = al_current_task(loop);
    return task ? al_take(al_ref(task)) : al_none();
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

static al_value as_completed_self(al_call *call)
{
    return al_value_dup(call->self);
}

static al_value as_completed_next(al_call *call)
{
    al_coroutine *next = al_as_completed_next(al_as_completed_peek(call->self));

    if (next)
        return al_take(next);
    al_raise_take(al_exception_new(&al_StopIteration, NULL, 0));
    return al_no_value();
}

static al_value as_completed_anext(al_call *call)
{
    return al_take(al_as_completed_anext(al_as_completed_peek(call->self)));
}

static const al_method as_completed_methods[] = {
    {.name = "__iter__", .qualname = "_AsCompletedIterator.__iter__",
     .call = as_completed_self, .arity = AL_ARITY_PYTHON},
    {.name = "__next__", .qualname = "_AsCompletedIterator.__next__",
     .call = as_completed_next, .arity = AL_ARITY_PYTHON},
    {.name = "__aiter__", .qualname = "_AsCompletedIterator.__aiter__",
     .call = as_completed_self, .arity = AL_ARITY_PYTHON},
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

/* -- task factories ------------------------------------------------------- */

/* factory(loop, coro, **kwargs) */
static al_value call_factory(void *self, al_loop *loop, al_value coroutine,
                             const al_task_options *options)
{
    size_t count = options->given_count;
    al_value *items = al_alloc((2 + count) * sizeof *items);
    const char **names = al_alloc((1 + count) * sizeof *names);
    al_value task;

    items[0] = (al_value){AL_OBJECT, {.object = (al_object *)loop}};
    items[1] = coroutine;
    for (size_t i = 0; i < count; i++) {
        items[2 + i] = options->given[i].value;
        names[i] = options->given[i].name;
    }
    task = al_call_value(al_vm_current(),
                         (al_value){AL_OBJECT, {.object = self}},
                         &(al_args){items, 2, names, count});
    al_free(items);
    al_free((void *)names);
    return task;
}

static const al_task_factory_ops script_factory = {.make = call_factory};

static al_task_factory factory_from(al_value value)
{
    const al_bound *builtin = al_bound_peek(value);

    if (value.tag == AL_NONE)
        return (al_task_factory){0};
    if (builtin && strcmp(builtin->method->name, "eager_task_factory") == 0)
        return (al_task_factory){.ops = &al_eager_task_factory};
    return (al_task_factory){&script_factory, al_ref(value.as.object),
                             al_unref};
}

al_value al_verb_set_task_factory(al_vm *vm, const al_value *params)
{
    al_loop *loop;

    (void)vm;
    if (!loop_or_none(params[0], &loop))
        return al_no_value();
    if (params[1].tag != AL_NONE && !al_is_callable(params[1]))
        return al_fail_with(&al_TypeError,
                            "task factory must be a callable or None");
    al_set_task_factory(loop, factory_from(params[1]));
    return al_none();
}

al_value al_verb_get_task_factory(al_vm *vm, const al_value *params)
{
    al_task_factory factory;
    al_loop *loop;

    if (!loop_or_none(params[0], &loop))
        return al_no_value();
    factory = al_task_factory_peek(loop);
    if (!factory.ops)
        return al_none();
    return factory.ops == &script_factory
               ? al_take(al_ref(factory.self))
               : al_builtin_find(vm, "eager_task_factory");
}

static bool is_factory_parameter(const char *keyword)
{
    return strcmp(keyword, "loop") == 0 || strcmp(keyword, "coro") == 0 ||
           strcmp(keyword, "eager_start") == 0;
}

/* What create_eager_task_factory(constructor) returns: a method of the
 * constructor, as far as calls go. */
static al_value eager_factory_call(al_call *call)
{
    const al_args *args = call->args;
    size_t count = args->keyword_count;
    al_value *items = al_alloc((1 + 2 + count) * sizeof *items);
    const char **names = al_alloc((2 + count) * sizeof *names);
    size_t given = 2;
    al_value task;

    items[0] = call->slots[1];
    names[0] = "loop";
    items[1] = call->slots[0];
    names[1] = "eager_start";
    items[2] = call->slots[2].tag == AL_ABSENT ? al_bool(true)
                                               : call->slots[2];
    for (size_t i = 0; i < count; i++) {
        if (is_factory_parameter(args->keywords[i]))
            continue;
        names[given] = args->keywords[i];
        items[1 + given++] = args->items[args->count + i];
    }
    task = al_call_value(call->vm, call->self,
                         &(al_args){items, 1, names, given});
    al_free(items);
    al_free((void *)names);
    return task;
}

static const al_method eager_factory = {
    .name = "factory",
    .qualname = "create_eager_task_factory.<locals>.factory",
    .call = eager_factory_call, .min = 2, .max = 2,
    .params = "loop coro eager_start", .takes_any_keyword = true,
    .arity = AL_ARITY_FUNCTION,
};

/* eager_task_factory is the same of Task. */
al_value al_builtin_eager_task_factory(al_call *call)
{
    al_call of_task = *call;

    of_task.self = al_take((void *)&al_task_class);
    return eager_factory_call(&of_task);
}

al_value al_builtin_create_eager_task_factory(al_call *call)
{
    return al_bound_new(call->vm, &eager_factory, call->slots[0]);
}
