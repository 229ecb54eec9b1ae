/* signals.c - signal handlers: _UnixSelectorEventLoop's part of the loop.
 *
 * The signal's number arrives as a byte in the self-pipe; its handle is
 * then made ready like any other, and runs in the next turn. */
#include "loop/core/loop_private.h"

#include <string.h>

static bool check_signal(int sig)
{
    /* 32 and 33 belong to the C library: not in signal.valid_signals(). */
    if (sig >= 1 && sig < AL_SIGNAL_COUNT && sig != 32 && sig != 33)
        return true;
    return al_raise(&al_ValueError, "invalid signal number %d", sig);
}

static void emit_signal(al_loop *loop, int sig)
{
    al_event event = {.kind = AL_EVENT_REMOVE_SIGNAL, .sig = (uint64_t)sig};

    event.by = al_thread_current()->cause;
    al_loop_emit(loop, &event);
}

/* The table is a Python dict: a signal keeps its place in it for as long as
 * it is handled, also when its handler is replaced. */
static void keep(al_loop *loop, int sig, al_handle *handle)
{
    if (!loop->signal_handlers[sig])
        loop->signals[loop->signal_count++] = (unsigned char)sig;
    al_unref(loop->signal_handlers[sig]);
    loop->signal_handlers[sig] = handle;
}

static void forget(al_loop *loop, int sig)
{
    size_t place = 0;

    while (loop->signals[place] != sig)
        place++;
    loop->signal_count--;
    memmove(loop->signals + place, loop->signals + place + 1,
            loop->signal_count - place);
    al_unref(loop->signal_handlers[sig]);
    loop->signal_handlers[sig] = NULL;
}

static bool catch_signal(al_loop *loop, int sig, bool on)
{
    if (!loop->selector.ops->catch_signal)
        return al_raise(&al_NotImplementedError, "signals are not supported");
    return loop->selector.ops->catch_signal(loop->selector.self, sig, on);
}

/* Who handles nothing any more calls set_wakeup_fd(-1), even where another
 * loop is waiting for a signal. */
static void stop_waking_if_idle(al_loop *loop)
{
    if (loop->signal_count == 0)
        catch_signal(loop, 0, false);
}

bool al_loop_add_signal_handler(al_loop *loop, int sig, al_callback callback)
{
    al_context *context;

    if (!check_signal(sig) || !al_loop_check_closed(loop) ||
        !catch_signal(loop, 0, true)) {
        al_callback_release(callback);
        return false;
    }
    context = al_context_copy();
    keep(loop, sig, al_handle_new(loop, &al_handle_type, callback, context,
                                  AL_HANDLE_PERSISTENT));
    al_unref(context);
    if (!catch_signal(loop, sig, true)) {
        forget(loop, sig);
        stop_waking_if_idle(loop);
        return false;
    }
    if (loop->observer.ops)
        al_emit_signal_added(loop, sig, loop->signal_handlers[sig]);
    return true;
}

bool al_loop_remove_signal_handler(al_loop *loop, int sig, bool *removed)
{
    if (!check_signal(sig))
        return false;
    *removed = loop->signal_handlers[sig] != NULL;
    if (!*removed)
        return true;
    forget(loop, sig);
    if (!catch_signal(loop, sig, false))
        return false;
    stop_waking_if_idle(loop);
    if (loop->observer.ops)
        emit_signal(loop, sig);
    return true;
}

bool al_loop_handles_signal(const al_loop *loop, int sig)
{
    return sig >= 1 && sig < AL_SIGNAL_COUNT && loop->signal_handlers[sig];
}

bool al_loop_remove_signal_handlers(al_loop *loop)
{
    bool removed;
    bool ok = true;

    while (ok && loop->signal_count > 0)
        ok = al_loop_remove_signal_handler(loop, loop->signals[0], &removed);
    while (loop->signal_count > 0)
        forget(loop, loop->signals[0]);
    return ok;
}

void al_loop_handle_signal(al_loop *loop, int sig)
{
    al_handle *handle =
        sig < AL_SIGNAL_COUNT ? loop->signal_handlers[sig] : NULL;
    bool removed;

    if (!handle)
        return;
    if (handle->head.flags & AL_HANDLE_CANCELLED) {
        if (!al_loop_remove_signal_handler(loop, sig, &removed))
            al_unref(al_fetch_raised());
        return;
    }
    al_ready_push(&loop->ready, al_ref(handle));
    if (loop->observer.ops)
        al_emit_handle(loop, AL_EVENT_READY, handle);
    loop->selector.ops->write_self(loop->selector.self, 0);
}
