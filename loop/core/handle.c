/* handle.c - Handle and TimerHandle; see handle.h.
 *
 * A million pending timers should cost 64 bytes each beside their heap
 * entry: hence slabs, and no context object until somebody looks. */
#include "loop/core/handle.h"

#include <assert.h>
#include <string.h>
#include "loop/base/alloc.h"
#include "loop/core/loop_private.h"

static_assert(sizeof(al_handle) <= 64, "a pending timer has 96 bytes in all");

void al_callback_release(al_callback callback)
{
    if (callback.callable && callback.callable->release)
        callback.callable->release(callback.self);
}

/* Of a cancelled handle `self` is its last repr (debug mode), or NULL.  A
 * callback that cancels its own handle must not lose what it runs on: run.c
 * releases that one afterwards. */
static void drop_callback(al_handle *handle, char *last_repr)
{
    if (handle->loop->current != handle)
        al_callback_release(handle->callback);
    handle->callback = (al_callback){NULL, last_repr};
}

static void drop_context(al_handle *handle)
{
    if (al_handle_flags(handle) & AL_HANDLE_OWN_CONTEXT)
        al_unref(handle->in.context);
    else if (handle->in.vars)
        al_vars_unref(handle->in.vars);
}

void al_handle_free(al_handle *handle)
{
    al_loop *loop = handle->loop;

    if (handle->callback.callable)
        al_callback_release(handle->callback);
    else
        al_free(handle->callback.self);
    drop_context(handle);
    if (al_handle_flags(handle) & AL_HANDLE_THREADSAFE) {
        al_free(handle);
        al_loop_drop_keeper(loop);
        return;
    }
    al_slab_put(&loop->handles, handle);
    if (--loop->live_handles == 0 && loop->head.refs == 0)
        al_loop_destroy_if_unused(loop);
}

static void handle_free(al_object *self)
{
    al_handle_free((al_handle *)self);
}

static void handle_repr(const al_object *self, al_text *out)
{
    al_handle_repr((const al_handle *)self, out);
}

const al_type al_handle_type = {
    .name = "Handle",
    .free = handle_free,
    .repr = handle_repr,
};

const al_type al_timer_handle_type = {
    .name = "TimerHandle",
    .free = handle_free,
    .repr = handle_repr,
};

const al_type al_threadsafe_handle_type = {
    .name = "_ThreadSafeHandle",
    .free = handle_free,
    .repr = handle_repr,
};

static void put_in_context(al_handle *handle, al_context *context)
{
    if (context) {
        handle->in.context = al_ref(context);
        handle->head.flags |= AL_HANDLE_OWN_CONTEXT;
    } else {
        handle->in.vars = al_current_vars();
    }
}

al_handle *al_handle_new(al_loop *loop, const al_type *type,
                         al_callback callback, al_context *context,
                         unsigned flags)
{
    al_handle *handle = al_slab_get(&loop->handles);

    al_object_init(&handle->head, type);
    handle->head.flags = flags;
    handle->callback = callback;
    handle->loop = loop;
    handle->id = ++*loop->options.handle_ids;
    put_in_context(handle, context);
    loop->live_handles++;
    return handle;
}

/* Its count is atomic, and its storage its own: another thread may be the
 * last to let go.  The id comes when it reaches the ready queue. */
al_handle *al_handle_new_shared(al_loop *loop, al_callback callback,
                                al_context *context, bool from_afar)
{
    al_handle *handle = al_alloc(sizeof *handle);

    al_object_init(&handle->head, &al_threadsafe_handle_type);
    handle->head.refs = AL_SHARED + 1;
    handle->head.flags = AL_HANDLE_THREADSAFE;
    handle->callback = callback;
    handle->loop = loop;
    handle->id = 0;
    if (context || !from_afar)
        put_in_context(handle, context);
    else
        handle->in.vars = NULL; /* that thread's must not be counted here */
    atomic_fetch_add(&loop->keepers, 1);
    return handle;
}

/* -- what Python code sees ---------------------------------------------- */

void al_callback_describe(al_callback callback, bool debug, bool place,
                          al_text *out)
{
    const al_callable *callable = callback.callable;

    if (callable->add_name)
        callable->add_name(callback.self, out);
    else
        al_text_add(out, callable->name);
    al_text_add_char(out, '(');
    if (debug && callable->add_args)
        callable->add_args(callback.self, true, out);
    al_text_add_char(out, ')');
    if (place && callable->add_place)
        callable->add_place(callback.self, out);
}

static char *last_repr(const al_handle *handle)
{
    al_text text = {0};

    al_handle_repr(handle, &text);
    return al_text_take(&text);
}

void al_handle_cancel(al_handle *handle)
{
    al_loop *loop = handle->loop;

    if (al_handle_cancelled(handle))
        return;
    al_handle_add_flag(handle, AL_HANDLE_CANCELLED);
    if ((al_handle_flags(handle) & AL_HANDLE_THREADSAFE) &&
        !al_loop_is_own_thread(loop))
        return; /* the loop may be looking at it: it drops the callback */
    if (handle->head.flags & AL_HANDLE_SCHEDULED)
        loop->timer_cancelled_count++;
    drop_callback(handle, loop->is_debug ? last_repr(handle) : NULL);
    if (loop->observer.ops)
        al_emit_handle(loop, AL_EVENT_CANCEL, handle);
}

/* The loop is about to call it: false when it was cancelled.  From here on
 * another thread's cancel comes too late, before it it is in time. */
bool al_handle_claim(al_handle *handle)
{
    unsigned flags = al_handle_flags(handle);

    if (flags & AL_HANDLE_THREADSAFE)
        flags = __atomic_fetch_or(&handle->head.flags, AL_HANDLE_STARTED,
                                  __ATOMIC_ACQ_REL);
    return !(flags & AL_HANDLE_CANCELLED);
}

bool al_handle_cancelled(const al_handle *handle)
{
    return al_handle_flags(handle) & AL_HANDLE_CANCELLED;
}

double al_handle_when(const al_handle *handle)
{
    return handle->when;
}

void al_handle_set_integer(al_handle *handle)
{
    al_handle_add_flag(handle, AL_HANDLE_INTEGER);
}

bool al_handle_is_integer(const al_handle *handle)
{
    return al_handle_flags(handle) & AL_HANDLE_INTEGER;
}

al_context *al_handle_get_context(al_handle *handle)
{
    al_context *context;

    if (al_handle_flags(handle) & AL_HANDLE_OWN_CONTEXT)
        return al_ref(handle->in.context);
    if (handle->loop->current == handle) {
        context = al_ref(handle->loop->scratch);
    } else {
        context = al_context_new();
        context->vars = handle->in.vars;
    }
    handle->in.context = al_ref(context);
    al_handle_add_flag(handle, AL_HANDLE_OWN_CONTEXT);
    return context;
}

/* A callback that is None is not shown. */
static void add_callback(const al_handle *handle, al_text *out)
{
    al_text text = {0};

    al_callback_describe(handle->callback, handle->loop->is_debug, true,
                         &text);
    if (strncmp(al_text_peek(&text), "None(", 5) != 0)
        al_text_add_format(out, " %s", al_text_peek(&text));
    al_text_release(&text);
}

void al_handle_repr(const al_handle *handle, al_text *out)
{
    bool is_cancelled = al_handle_cancelled(handle);

    if (!handle->callback.callable && handle->callback.self) {
        al_text_add(out, handle->callback.self);
        return;
    }
    al_text_add_format(out, "<%s", handle->head.type->name);
    if (is_cancelled)
        al_text_add(out, " cancelled");
    if (handle->head.flags & AL_HANDLE_TIMER) {
        al_text_add(out, " when=");
        if (al_handle_is_integer(handle))
            al_text_add_int(out, (int64_t)handle->when);
        else
            al_text_add_double(out, handle->when);
    }
    if (handle->callback.callable)
        add_callback(handle, out);
    al_text_add_char(out, '>');
}
