/* group_methods.c - asyncio.TaskGroup for scripts. */
#include "loop/task/group.h"
#include "sim/asyncio/task_verbs.h"
#include "sim/machine/machine.h"

static al_task_group *group_of(const al_call *call)
{
    return al_task_group_peek(call->self);
}

/* create_task(coro, **kwargs) */
static al_value group_create_task(al_call *call)
{
    return al_script_create_task(call->vm, group_of(call), NULL, call->slots,
                                 call->args);
}

static al_value group_aenter(al_call *call)
{
    return al_take(al_task_group_aenter(group_of(call)));
}

static al_value group_aexit(al_call *call)
{
    return al_take(al_task_group_aexit(group_of(call),
                                       al_exception_peek(call->slots[1])));
}

static const al_method methods[] = {
    {.name = "create_task", .qualname = "TaskGroup.create_task",
     .call = group_create_task, .min = 1, .max = 1,
     .params = "coro", .takes_any_keyword = true,
     .arity = AL_ARITY_PYTHON},
    {.name = "__aenter__", .qualname = "TaskGroup.__aenter__",
     .call = group_aenter, .arity = AL_ARITY_PYTHON},
    {.name = "__aexit__", .qualname = "TaskGroup.__aexit__",
     .call = group_aexit, .min = 3, .max = 3, .params = "et exc tb",
     .arity = AL_ARITY_PYTHON},
    {0},
};

static al_value construct_group(al_call *call)
{
    return al_verb_TaskGroup(call->vm, call->slots);
}

static const al_method constructor = {
    .name = "TaskGroup", .qualname = "TaskGroup.__init__",
    .call = construct_group, .arity = AL_ARITY_PYTHON,
};

const al_class al_task_group_class = {
    .head = AL_CLASS_HEAD,
    .name = "TaskGroup",
    .module = "asyncio.taskgroups.",
    .tag = AL_OBJECT,
    .type = &al_task_group_type,
    .constructor = &constructor,
    .methods = methods,
};
