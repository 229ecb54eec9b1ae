/* group.h - asyncio.TaskGroup: tasks that come to their end together. */
#ifndef AL_GROUP_H
#define AL_GROUP_H

#include "loop/task/task.h"

typedef struct al_task_group al_task_group;

extern const al_type al_task_group_type;

al_task_group *al_task_group_new(void); /* not yet entered */
al_task_group *al_task_group_peek(al_value value); /* NULL: it is none */

/* group.create_task(coro, …): what the loop's create_task() returned, owned.
 * AL_ABSENT: raised; where the group takes no more the coroutine is closed. */
al_value al_task_group_create_task(al_task_group *group, al_value coroutine,
                                   const al_task_options *options);

/* group.__aenter__() and __aexit__(type(e), e, tb): coroutines; `raised`,
 * shared, is what ended the body, or NULL. */
al_coroutine *al_task_group_aenter(al_task_group *group);
al_coroutine *al_task_group_aexit(al_task_group *group, al_exception *raised);

#endif
