/* signals.c - signal handlers: _UnixSelectorEventLoop's part of the loop.
 *
 * The signal's number arrives as a byte in the self-pipe; its handle is
 * then made ready like any other, and runs in the next turn. */
#include "loop/core/loop_private.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* signal.valid_signals() of Linux: the C library keeps two for itself. */
enum { FIRST_RESERVED = 32, LAST_RESERVED = 33 };

static bool check_signal(int sig)
{
    if (sig >= 1 && sig < AL_SIGNAL_COUNT &&
        !(sig >= FIRST_RESERVED && sig <= LAST_RESERVED))
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

/* -- the process's side: Python's signal module -------------------------- */

/* `raise RuntimeError(…)` in an except clause: what it deals with becomes
 * the new exception's __context__. */
static bool raise_instead(al_exception *caught, const char *text)
{
    al_raise(&al_RuntimeError, "%s", text);
    al_exception_take_context(al_peek_raised(), caught);
    return false;
}

/* set_wakeup_fd(), whose refusals come out as RuntimeError. */
static bool wake_by_signals(al_loop *loop)
{
    al_exception *caught;
    al_text text = {0};

    if (!loop->selector.ops->wake_by_signals)
        return al_raise(&al_NotImplementedError, "signals are not supported");
    if (loop->selector.ops->wake_by_signals(loop->selector.self, true))
        return true;
    caught = al_fetch_raised();
    if (!al_exception_is(caught, &al_ValueError) &&
        !al_exception_is(caught, &al_OSError))
        return al_raise_take(caught);
    al_exception_str(caught, &text);
    raise_instead(caught, al_text_peek(&text));
    al_text_release(&text);
    return false;
}

/* Who handles nothing any more calls set_wakeup_fd(-1), even where another
 * loop is waiting for a signal; it is not told that this failed. */
static void stop_waking_if_idle(al_loop *loop)
{
    al_selector selector = loop->selector;

    if (loop->signal_count == 0 &&
        !selector.ops->wake_by_signals(selector.self, false))
        al_unref(al_fetch_raised());
}

static bool is_invalid_argument(const al_exception *e)
{
    return al_exception_is(e, &al_OSError) && e->args->count > 0 &&
           al_value_equal(e->args->items[0], al_int(EINVAL));
}

/* "sig 9 cannot be caught" in the place of the OSError that says so. */
static bool explain_refusal(int sig, al_exception *caught)
{
    char text[64];

    if (!is_invalid_argument(caught))
        return al_raise_take(caught);
    snprintf(text, sizeof text, "sig %d cannot be caught", sig);
    return raise_instead(caught, text);
}

static bool catch_signal(al_loop *loop, int sig, bool on)
{
    if (loop->selector.ops->catch_signal(loop->selector.self, sig, on))
        return true;
    return explain_refusal(sig, al_fetch_raised());
}

/* -- the loop's side ----------------------------------------------------- */

static bool may_add(al_loop *loop, int sig)
{
    return check_signal(sig) && al_loop_check_closed(loop) &&
           wake_by_signals(loop);
}

bool al_loop_add_signal_handler(al_loop *loop, int sig, al_callback callback)
{
    al_context *context;
    al_exception *refusal;

    if (!may_add(loop, sig)) {
        al_callback_release(callback);
        return false;
    }
    context = al_context_copy();
    keep(loop, sig, al_handle_new(loop, &al_handle_type, callback, context,
                                  AL_HANDLE_PERSISTENT));
    al_unref(context);
    if (!catch_signal(loop, sig, true)) {
        refusal = al_fetch_raised();
        forget(loop, sig);
        stop_waking_if_idle(loop);
        return al_raise_take(refusal);
    }
    if (loop->observer.ops)
        al_emit_signal_added(loop, sig, loop->signal_handlers[sig]);
    return true;
}

/* Where the process refuses, the handle is gone all the same. */
static bool remove_handler(al_loop *loop, int sig)
{
    forget(loop, sig);
    if (!catch_signal(loop, sig, false))
        return false;
    stop_waking_if_idle(loop);
    if (loop->observer.ops)
        emit_signal(loop, sig);
    return true;
}

bool al_loop_remove_signal_handler(al_loop *loop, int sig, bool *removed)
{
    bool ok = check_signal(sig);
    bool is_there = ok && loop->signal_handlers[sig];

    if (is_there)
        ok = remove_handler(loop, sig);
    if (removed)
        *removed = ok && is_there;
    return ok;
}

bool al_loop_remove_signal_handlers(al_loop *loop)
{
    bool ok = true;

    while (ok && loop->signal_count > 0)
        ok = remove_handler(loop, loop->signals[0]);
    return ok;
}

void al_loop_forget_signal_handlers(al_loop *loop)
{
    while (loop->signal_count > 0)
        forget(loop, loop->signals[0]);
}

bool al_loop_handle_signal(al_loop *loop, int sig)
{
    al_handle *handle =
        sig < AL_SIGNAL_COUNT ? loop->signal_handlers[sig] : NULL;

    if (!handle)
        return true;
    if (handle->head.flags & AL_HANDLE_CANCELLED)
        return remove_handler(loop, sig);
    al_ready_push(&loop->ready, al_ref(handle));
    if (loop->observer.ops)
        al_emit_handle(loop, AL_EVENT_READY, handle);
    loop->selector.ops->write_self(loop->selector.self, 0);
    return true;
}

bool al_loop_catch_interrupt(al_loop *loop, al_interrupt handler)
{
    al_selector selector = loop->selector;

    return !al_loop_is_closed(loop) && selector.ops->catch_interrupt &&
           selector.ops->catch_interrupt(selector.self, handler);
}

bool al_loop_release_interrupt(al_loop *loop, const void *self)
{
    al_selector selector = loop->selector;

    return selector.ops->release_interrupt(selector.self, self);
}
