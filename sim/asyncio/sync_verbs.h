/* sync_verbs.h - locks and queues as verbs. */
#ifndef AL_SYNC_VERBS_H
#define AL_SYNC_VERBS_H

#include "sim/asyncio/task_verbs.h"

al_verb_function al_verb_Lock, al_verb_Event, al_verb_Condition,
    al_verb_Semaphore, al_verb_BoundedSemaphore, al_verb_Barrier,
    al_verb_Queue, al_verb_LifoQueue, al_verb_PriorityQueue, al_verb_acquire,
    al_verb_release, al_verb_locked, al_verb_set, al_verb_clear,
    al_verb_is_set, al_verb_notify, al_verb_notify_all, al_verb_put,
    al_verb_put_nowait, al_verb_get, al_verb_get_nowait, al_verb_task_done,
    al_verb_join, al_verb_shutdown;

/* Of put and get; see al_verb_await_at_once. */
al_value al_put_at_once(const al_value *params);
al_value al_get_at_once(const al_value *params);

#endif
