/* tell.c - see tell.h. */
#include "loop/task/tell.h"

#include "loop/core/telling.h"
#include "loop/object/thread.h"

static void emit(al_loop *loop, al_event *event)
{
    event->by = al_thread_current()->cause;
    al_loop_emit(loop, event);
}

void al_future_tell_new(al_future *future)
{
    al_event event = {.kind = AL_EVENT_FUTURE};

    al_ids *ids = al_loop_ids(future->loop);

    future->id = event.future = ++ids->futures;
    future->serial = ids->futures + ids->tasks;
    emit(future->loop, &event);
}

/* str(exception), and its class. */
static void describe_outcome(const al_future *future, al_event *event,
                             al_text *text)
{
    event->outcome = "result";
    if (al_future_cancelled(future)) {
        event->outcome = "cancelled";
    } else if (future->exception) {
        event->outcome = "exception";
        event->type = future->exception->cls->name;
        al_exception_str(future->exception, text);
        event->text = al_text_as_string(text);
    }
}

void al_future_tell_done(const al_future *future)
{
    al_event event = {.kind = future->kind->is_task ? AL_EVENT_TASK_DONE
                                                    : AL_EVENT_FUTURE_DONE};
    al_telling telling;
    al_text text = {0};

    if (!al_loop_is_observed(future->loop))
        return;
    telling = al_begin_telling();
    if (future->kind->is_task)
        event.task = future->id;
    else
        event.future = future->id;
    describe_outcome(future, &event, &text);
    emit(future->loop, &event);
    al_text_release(&text);
    al_end_telling(telling);
}

void al_task_tell_new(const al_task *task)
{
    al_event event = {.kind = AL_EVENT_TASK, .task = task->future.id};
    al_text coroutine = {0};

    if (!al_loop_is_observed(task->future.loop))
        return;
    al_coroutine_add_name(task->coroutine, &coroutine);
    event.coroutine = al_text_as_string(&coroutine);
    event.name = al_str_peek(task->name)->bytes;
    emit(task->future.loop, &event);
    al_text_release(&coroutine);
}

void al_task_tell_cancel(const al_task *task)
{
    al_event event = {.kind = AL_EVENT_TASK_CANCEL, .task = task->future.id};

    emit(task->future.loop, &event);
}

void al_task_tell_waits(const al_task *task, const al_future *on)
{
    al_event event = {.kind = AL_EVENT_TASK_WAITS, .task = task->future.id};

    if (on->kind->is_task)
        event.on = on->id;
    else
        event.future = on->id;
    emit(task->future.loop, &event);
}
