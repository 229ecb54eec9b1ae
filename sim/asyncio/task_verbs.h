/* task_verbs.h - the verbs of tasks and futures. */
#ifndef AL_TASK_VERBS_H
#define AL_TASK_VERBS_H

#include "loop/task/group.h"
#include "sim/machine/call.h"

typedef al_value al_verb_function(al_vm *vm, const al_value *params);

/* create_task(coro, …) of a group, or with NULL of a loop.  Of a method `args`
 * has the keywords; of a verb it is NULL, and name, context and eager_start
 * follow in params.  Owned; AL_ABSENT: raised. */
al_value al_script_create_task(al_vm *vm, al_task_group *group, al_loop *loop,
                               const al_value *params, const al_args *args);

/* asyncio.eager_task_factory(loop, coro, *, eager_start=True, **kwargs) */
al_value al_builtin_eager_task_factory(al_call *call);

/* asyncio.create_eager_task_factory(custom_task_constructor) */
al_value al_builtin_create_eager_task_factory(al_call *call);

al_verb_function al_verb_timeout, al_verb_timeout_at, al_verb_wait_for,
    al_verb_wait, al_verb_shield, al_verb_as_completed, al_verb_ensure_future,
    al_verb_all_tasks, al_verb_TaskGroup, al_verb_set_task_factory,
    al_verb_get_task_factory, al_verb_Runner;
al_verb_function al_verb_Task, al_verb_Future, al_verb_asyncio_run,
    al_verb_create_task, al_verb_current_task, al_verb_sleep, al_verb_gather;

#endif
