/* loop_private.h - the inside of a loop, for loop/core alone. */
#ifndef AL_LOOP_PRIVATE_H
#define AL_LOOP_PRIVATE_H

#include <pthread.h>
#include <stdatomic.h>
#include "loop/core/heap.h"
#include "loop/core/loop.h"
#include "loop/core/ready.h"
#include "loop/core/slab.h"
#include "loop/core/telling.h"
#include "loop/object/thread.h"

typedef struct al_watch { /* an fd's handles; NULL: none */
    al_handle *reader, *writer;
} al_watch;

struct al_loop {
    al_object head;

    /* What each turn touches. */
    al_ready ready;
    al_heap scheduled;
    size_t timer_cancelled_count;
    bool is_stopping, is_running, is_debug;
    bool is_careful;       /* debug mode, observed or closed: al_loop_review */
    al_observer observer;
    al_clock clock;
    al_selector selector;
    al_handle *current;    /* the handle that runs */
    al_context *scratch;   /* the context it runs in, unless it has its own */
    uint64_t iteration;
    al_fd_events events;   /* of the last select */
    al_slab handles;
    size_t live_handles;   /* not yet freed: they keep the storage alive */
    al_ids own_ids;
    al_task_slots tasks;
    al_loop_options options;
    al_loop *next_alive, **alive_link; /* options.alive's list */

    /* fds, by number - first_watch; the self-pipe is one of them. */
    al_watch *watches;
    size_t watch_count;
    int first_watch;
    int self_fd;           /* -1: closed */
    al_handle *signal_handlers[AL_SIGNAL_COUNT];
    unsigned char signals[AL_SIGNAL_COUNT]; /* handled, in order of adding */
    size_t signal_count;

    al_exception_handler exception_handler;
    al_logger logger;

    /* Threads. */
    uint64_t thread_ident; /* of the one that runs the loop */
    atomic_size_t keepers; /* of this storage: see al_loop_drop_keeper */
    _Atomic(pthread_t) owner;  /* the real thread the loop lives in */
    atomic_bool is_closed;
    pthread_mutex_t lock;  /* of what is below */
    atomic_bool has_incoming;
    al_handle **incoming;  /* scheduled by other real threads */
    size_t incoming_count, incoming_capacity;
};

/* Another thread may cancel a thread-safe handle meanwhile. */
static inline unsigned al_handle_flags(const al_handle *handle)
{
    return __atomic_load_n(&handle->head.flags, __ATOMIC_RELAXED);
}

static inline void al_handle_add_flag(al_handle *handle, unsigned flag)
{
    if (al_handle_flags(handle) & AL_HANDLE_THREADSAFE)
        __atomic_fetch_or(&handle->head.flags, flag, __ATOMIC_RELAXED);
    else
        handle->head.flags |= flag;
}

/* handle.c */
al_handle *al_handle_new(al_loop *loop, const al_type *type,
                         al_callback callback, al_context *context,
                         unsigned flags);
void al_handle_free(al_handle *handle);
al_handle *al_handle_new_shared(al_loop *loop, al_callback callback,
                                al_context *context, bool from_afar);
bool al_handle_claim(al_handle *handle);
void al_loop_destroy_if_unused(al_loop *loop);
void al_loop_drop_keeper(al_loop *loop);
bool al_loop_is_own_thread(al_loop *loop);

/* A handle in `context`, or the copied current one, from a slab that is not
 * empty and for a thread that is known: no calls, for every call_soon pays for
 * it. */
static inline al_handle *al_handle_new_plain(al_loop *loop,
                                             const al_type *type,
                                             al_callback callback,
                                             al_context *context,
                                             unsigned flags)
{
    al_handle *handle = al_slab_get_plain(&loop->handles);

    handle->head.type = type;
    handle->head.refs = 1;
    handle->head.flags = flags;
    handle->callback.callable = callback.callable;
    handle->callback.self = callback.self;
    if (context) {
        handle->in.context = al_ref(context);
        handle->head.flags = flags | AL_HANDLE_OWN_CONTEXT;
    } else {
        handle->in.vars = al_vars_ref(al_thread_in_force->context->vars);
    }
    handle->loop = loop;
    handle->id = ++loop->options.ids->handles;
    loop->live_handles++;
    return handle;
}

/* Does it hold nothing that must be dropped with it? */
static inline bool al_handle_is_bare(const al_handle *handle)
{
    al_callback callback = handle->callback;

    if (handle->in.vars) /* or context */
        return false;
    return callback.callable ? !callback.callable->release : !callback.self;
}

/* al_unref of the loop's own reference, without the detour over the type,
 * and without a call where there is nothing to drop. */
static inline void al_handle_unref(al_handle *handle)
{
    if (__atomic_load_n(&handle->head.refs, __ATOMIC_RELAXED) != 1) {
        al_unref(handle);
    } else if (al_handle_is_bare(handle)) {
        al_slab_put(&handle->loop->handles, handle);
        handle->loop->live_handles--;
    } else {
        al_handle_free(handle);
    }
}

/* run.c: run a handle in its context, its errors handled.  False: raised. */
bool al_handle_run(al_handle *handle);

/* After the call: errors handled, the context kept where somebody may ask. */
bool al_handle_settle(al_handle *handle, al_callback callback, bool ok);

static inline bool al_context_is_blank(const al_context *context)
{
    return context->head.refs == 1 && !context->vars;
}

/* The scratch context, empty and known to nobody else.  Borrowed. */
void al_loop_renew_scratch(al_loop *loop);

static inline al_context *al_loop_blank_context(al_loop *loop)
{
    if (!loop->scratch || !al_context_is_blank(loop->scratch))
        al_loop_renew_scratch(loop);
    return loop->scratch;
}

/* turn.c: turns until the loop is told to stop.  False: raised. */
bool al_loop_run_turns(al_loop *loop);

/* loop.c */
void al_loop_review(al_loop *loop); /* after a change of what it looks at */
void al_loop_take_incoming(al_loop *loop);

/* fds.c */
bool al_loop_process_events(al_loop *loop); /* false: raised */
bool al_loop_open_self_pipe(al_loop *loop);
void al_loop_close_self_pipe(al_loop *loop);
void al_loop_release_watches(al_loop *loop);

/* signals.c */
bool al_loop_handle_signal(al_loop *loop, int sig); /* false: raised */
bool al_loop_remove_signal_handlers(al_loop *loop); /* false: raised */
void al_loop_forget_signal_handlers(al_loop *loop); /* without the process */

/* emit.c: the events that several files tell of. */
void al_emit_handle(al_loop *loop, al_event_kind kind, al_handle *handle);
void al_emit_scheduled(al_loop *loop, al_event_kind kind, al_handle *handle);
void al_emit_plain(al_loop *loop, al_event_kind kind);
void al_emit_watch(al_loop *loop, al_event_kind kind, int fd,
                   al_handle *handle);
void al_emit_signal_added(al_loop *loop, int sig, al_handle *handle);

#endif
