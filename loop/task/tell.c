/* tell.c - see tell.h.
 *
 * An event is large: where nobody watches, none is even begun. */
#include "loop/task/tell.h"

#include "loop/core/telling.h"
#include "loop/object/thread.h"

static void emit(al_loop *loop, al_event *event)
{
    event->by = al_thread_current()->cause;
    al_loop_emit(loop, event);
}

static void set_subject(al_event *event, const al_future *future)
{
    if (future->kind->is_task)
        event->task = future->id;
    else
        event->future = future->id;
}

static void tell_new_future(const al_future *future)
{
    al_event event = {.kind = AL_EVENT_FUTURE, .future = future->id};

    emit(future->loop, &event);
}

void al_future_tell_new(al_future *future)
{
    al_ids *ids = al_loop_ids(future->loop);

    future->id = ++ids->futures;
    future->serial = ids->futures + ids->tasks;
    if (al_loop_is_observed(future->loop))
        tell_new_future(future);
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

/* repr(result): None says nothing. */
static void tell_result(const al_future *future)
{
    al_event event = {.kind = AL_EVENT_RESULT, .task = future->id};
    al_text text = {0};

    if (future->result.tag == AL_NONE || future->result.tag == AL_ABSENT)
        return;
    al_value_short_repr(future->result, &text);
    event.text = al_text_as_string(&text);
    emit(future->loop, &event);
    al_text_release(&text);
}

/* Where; what it is chained to is told by whoever reports it. */
static void tell_raised(const al_future *task)
{
    const al_exception *e = task->exception;
    const al_exception *behind = e->cause              ? e->cause
                                 : e->suppress_context ? NULL
                                                       : e->context;

    al_emit_raised(task->loop, "raised", e, behind);
}

static void tell_done(const al_future *future)
{
    al_event event = {.kind = future->kind->is_task ? AL_EVENT_TASK_DONE
                                                    : AL_EVENT_FUTURE_DONE};
    al_telling telling;
    al_text text = {0};

    telling = al_begin_telling();
    set_subject(&event, future);
    describe_outcome(future, &event, &text);
    emit(future->loop, &event);
    if (future->kind->is_task)
        tell_result(future);
    if (future->kind->is_task && future->exception)
        tell_raised(future);
    al_text_release(&text);
    al_end_telling(telling);
}

void al_future_tell_done(const al_future *future)
{
    if (al_loop_is_observed(future->loop))
        tell_done(future);
}

static void tell_callback(const al_future *future, al_done_callback callback,
                          al_event_kind kind, size_t index)
{
    al_event event = {.kind = kind, .index = index};
    al_telling telling = al_begin_telling();
    al_text name = {0};

    al_done_callback_add_name(callback, &name);
    event.callback = al_text_as_string(&name);
    set_subject(&event, future);
    emit(future->loop, &event);
    al_text_release(&name);
    al_end_telling(telling);
}

/* A waiting task's wakeup is told by task_waits. */
static bool is_told(const al_future *future, al_done_callback callback)
{
    return al_loop_is_observed(future->loop) &&
           !al_done_callback_is_wakeup(callback);
}

void al_future_tell_callback(const al_future *future,
                             al_done_callback callback)
{
    if (is_told(future, callback))
        tell_callback(future, callback, AL_EVENT_ADD_DONE_CALLBACK, 0);
}

void al_future_tell_callback_removed(const al_future *future,
                                     al_done_callback callback, size_t index)
{
    if (is_told(future, callback))
        tell_callback(future, callback, AL_EVENT_REMOVE_DONE_CALLBACK, index);
}

static void tell_gather(const al_future *outer)
{
    al_event event = {.kind = AL_EVENT_GATHER, .future = outer->id};
    al_text children = {0};
    const al_future *child;

    for (size_t i = 0; (child = al_future_peek_awaited(outer, i)); i++) {
        al_text_add(&children, i ? ",\"" : "[\"");
        al_future_add_id(child, &children);
        al_text_add_char(&children, '"');
    }
    al_text_add_char(&children, ']');
    event.children = children.bytes;
    emit(outer->loop, &event);
    al_text_release(&children);
}

void al_future_tell_gather(const al_future *outer)
{
    if (al_loop_is_observed(outer->loop))
        tell_gather(outer);
}

static void tell_new_task(const al_task *task)
{
    al_event event = {.kind = AL_EVENT_TASK, .task = task->future.id};
    al_text coroutine = {0}, name = {0};

    al_coroutine_add_name(task->coroutine, &coroutine);
    al_task_add_name(task, false, &name);
    event.coroutine = al_text_as_string(&coroutine);
    event.name = al_text_as_string(&name);
    emit(task->future.loop, &event);
    al_text_release(&coroutine);
    al_text_release(&name);
}

void al_task_tell_new(const al_task *task)
{
    if (al_loop_is_observed(task->future.loop))
        tell_new_task(task);
}

void al_future_tell_dropped(const al_future *future)
{
    al_event event = {.kind = AL_EVENT_DROPPED};

    set_subject(&event, future);
    emit(future->loop, &event);
}

/* Message: of a request; None or AL_ABSENT: it has none. */
static void tell_requested(const al_task *task, al_value message)
{
    al_event event = {
        .kind = AL_EVENT_CANCELLING,
        .task = task->future.id,
        .count = task->cancels_requested,
    };
    al_telling telling;
    al_text text = {0};

    if (!al_loop_is_observed(task->future.loop))
        return;
    telling = al_begin_telling();
    if (message.tag != AL_NONE && message.tag != AL_ABSENT) {
        al_value_short_repr(message, &text);
        event.text = text.bytes;
    }
    emit(task->future.loop, &event);
    al_text_release(&text);
    al_end_telling(telling);
}

void al_task_tell_uncancelled(const al_task *task, const char *outcome)
{
    al_event event = {
        .kind = AL_EVENT_CANCELLING,
        .task = task->future.id,
        .count = task->cancels_requested,
        .outcome = outcome,
    };

    emit(task->future.loop, &event);
}

static void tell_name(const al_task *task)
{
    al_event event = {.kind = AL_EVENT_TASK_NAME, .task = task->future.id};
    al_text name = {0};

    al_task_add_name(task, false, &name);
    event.name = al_text_as_string(&name);
    emit(task->future.loop, &event);
    al_text_release(&name);
}

void al_task_tell_name(const al_task *task)
{
    if (al_loop_is_observed(task->future.loop))
        tell_name(task);
}

void al_task_tell_cancel(const al_task *task, al_value message)
{
    al_event event = {.kind = AL_EVENT_TASK_CANCEL, .task = task->future.id};

    emit(task->future.loop, &event);
    tell_requested(task, message);
}

void al_task_tell_eager(const al_task *task, bool begins)
{
    al_event event = {
        .kind = begins ? AL_EVENT_EAGER : AL_EVENT_EAGER_END,
        .task = task->future.id,
    };

    emit(task->future.loop, &event);
}

static void tell_waits(const al_task *task, const al_future *on)
{
    al_event event = {.kind = AL_EVENT_TASK_WAITS, .task = task->future.id};
    al_text where = {0};
    al_traceback_entry place;

    if (al_coroutine_innermost_place(task->coroutine, &place)) {
        al_text_add_format(&where, "%s:%d", place.file, place.line);
        event.where = where.bytes;
    }
    if (on->kind->is_task)
        event.on = on->id;
    else
        event.future = on->id;
    emit(task->future.loop, &event);
    al_text_release(&where);
}

void al_task_tell_waits(const al_task *task, const al_future *on)
{
    if (al_loop_is_observed(task->future.loop))
        tell_waits(task, on);
}
