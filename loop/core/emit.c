/* emit.c - telling the observer; nothing here runs where nobody watches. */
#include "loop/core/loop_private.h"

#include <string.h>

bool al_loop_is_observed(const al_loop *loop)
{
    return loop->observer.ops != NULL;
}

al_telling al_begin_telling(void)
{
    return (al_telling){al_fetch_raised(), al_set_work_hook(NULL)};
}

void al_end_telling(al_telling telling)
{
    al_unref(al_fetch_raised());
    al_set_work_hook(telling.work);
    if (telling.raised)
        al_raise_take(telling.raised);
}

void al_loop_emit(al_loop *loop, al_event *event)
{
    if (!loop->observer.ops)
        return;
    event->loop = loop->options.number;
    event->time = al_loop_time(loop);
    al_observer_emit(loop->observer, event);
}

void al_emit_plain(al_loop *loop, al_event_kind kind)
{
    al_event event = {.kind = kind};

    event.by = al_thread_current()->cause;
    al_loop_emit(loop, &event);
}

void al_emit_handle(al_loop *loop, al_event_kind kind, al_handle *handle)
{
    al_event event = {.kind = kind, .handle = handle->id};

    event.by = al_thread_current()->cause;
    al_loop_emit(loop, &event);
}

/* The callback's qualified name and its arguments, NULL where there are
 * none: what the events that create a handle tell. */
static void describe(al_callback callback, al_text *name, al_text *args,
                     al_event *event)
{
    const al_callable *callable = callback.callable;

    if (!callable)
        return;
    if (callable->add_name)
        callable->add_name(callback.self, name);
    else
        al_text_add(name, callable->name);
    if (callable->add_args)
        callable->add_args(callback.self, false, args);
    if (callable->task_of)
        event->task = callable->task_of(callback.self).id;
    event->callback = al_text_peek(name);
    event->args = args->length ? args->bytes : NULL;
}

static void emit_described(al_loop *loop, al_event *event, al_handle *handle)
{
    al_telling telling = al_begin_telling();
    al_text name = {0};
    al_text args = {0};

    event->handle = handle->id;
    event->by = al_thread_current()->cause;
    describe(handle->callback, &name, &args, event);
    al_loop_emit(loop, event);
    al_text_release(&name);
    al_text_release(&args);
    al_end_telling(telling);
}

void al_emit_scheduled(al_loop *loop, al_event_kind kind, al_handle *handle)
{
    al_event event = {.kind = kind};

    if (handle->head.flags & AL_HANDLE_TIMER)
        event.when = handle->when;
    emit_described(loop, &event, handle);
}

/* handle NULL: the fd is no longer watched. */
void al_emit_watch(al_loop *loop, al_event_kind kind, int fd,
                   al_handle *handle)
{
    al_event event = {.kind = kind};
    al_text name = {0};

    if (loop->selector.ops->name_fd)
        loop->selector.ops->name_fd(loop->selector.self, fd, &name);
    else
        al_text_add_int(&name, fd);
    event.fd = name.bytes;
    event.by = al_thread_current()->cause;
    if (handle)
        emit_described(loop, &event, handle);
    else
        al_loop_emit(loop, &event);
    al_text_release(&name);
}

void al_emit_signal_added(al_loop *loop, int sig, al_handle *handle)
{
    al_event event = {.kind = AL_EVENT_ADD_SIGNAL, .sig = (uint64_t)sig};

    emit_described(loop, &event, handle);
}

/* -- exceptions --------------------------------------------------------- */

enum { LONGEST_CHAIN = 20 }; /* a program may close one to a circle */

static void add_where(const al_exception *e, al_text *out, al_event *event)
{
    const al_traceback_entry *innermost = e->traceback;

    if (e->traceback_count == 0 || !innermost->file)
        return;
    al_text_add_format(out, "%s:%d", innermost->file, innermost->line);
    event->where = out->bytes;
    event->function = innermost->function;
}

/* The type and text of the one just told are known. */
static void emit_link(al_loop *loop, const char *role, const al_exception *e)
{
    al_event event = {.kind = AL_EVENT_RAISED, .role = role};
    al_text text = {0}, where = {0};
    bool is_known = strcmp(role, "raised") == 0;

    add_where(e, &where, &event);
    if (!is_known) {
        event.type = e->cls->name;
        al_exception_str(e, &text);
        event.text = al_text_as_string(&text);
    }
    event.by = al_thread_current()->cause;
    if (event.where || !is_known)
        al_loop_emit(loop, &event);
    al_text_release(&text);
    al_text_release(&where);
}

void al_emit_raised(al_loop *loop, const char *role, const al_exception *e,
                    const al_exception *told)
{
    al_telling telling;

    if (!loop->observer.ops)
        return;
    telling = al_begin_telling();
    for (int i = 0; e && e != told && i < LONGEST_CHAIN; i++) {
        emit_link(loop, role, e);
        role = e->cause ? "cause" : "context";
        e = e->cause              ? e->cause
            : e->suppress_context ? NULL
                                  : e->context;
    }
    al_end_telling(telling);
}
