/* tell.h - the events of futures and tasks; nothing where nobody watches. */
#ifndef AL_TELL_H
#define AL_TELL_H

#include "loop/task/task.h"

/* Gives a future its id, too. */
void al_future_tell_new(al_future *future);

void al_future_tell_done(const al_future *future); /* or a task */
void al_future_tell_callback(const al_future *future,
                             al_done_callback callback);

/* Index: its place among those that are told. */
void al_future_tell_callback_removed(const al_future *future,
                                     al_done_callback callback, size_t index);
void al_future_tell_gather(const al_future *outer); /* a new one */
void al_task_tell_new(const al_task *task);
void al_future_tell_dropped(const al_future *future); /* it was pending */
void al_task_tell_cancel(const al_task *task, al_value message);
void al_task_tell_name(const al_task *task);
void al_task_tell_uncancelled(const al_task *task, const char *outcome);
void al_task_tell_eager(const al_task *task, bool begins);
void al_task_tell_waits(const al_task *task, const al_future *on);

#endif
