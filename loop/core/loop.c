/* loop.c - the event loop's life: creation, scheduling, turns, closing.
 *
 * The order of a turn is CPython's BaseEventLoop._run_once, and everything
 * in it can be observed; see turn.c for that function alone. */
#include "loop/core/loop.h"

#include <math.h>
#include "loop/base/alloc.h"
#include "loop/core/loop_private.h"
#include "loop/core/policy.h"

/* -- creation ----------------------------------------------------------- */

al_loop_options al_loop_defaults(void)
{
    return (al_loop_options){
        .slow_callback_duration = 0.1,
        .min_scheduled_timer_handles = 100,
        .min_cancelled_timer_handles_fraction = 0.5,
        .maximum_select_timeout = 24 * 3600,
        .clock_resolution = NAN,
        .number = 1,
    };
}

static void free_selector(al_loop *loop)
{
    if (loop->selector.ops && loop->selector.ops->free)
        loop->selector.ops->free(loop->selector.self);
    loop->selector = (al_selector){0};
}

/* What closing raises now, nobody hears: __del__. */
static void close_finally(al_loop *loop)
{
    al_telling telling = al_begin_telling();

    al_loop_close(loop);
    al_loop_forget_signal_handlers(loop);
    free_selector(loop);
    al_end_telling(telling);
}

static void loop_free(al_object *self)
{
    al_loop *loop = (al_loop *)self;

    if (loop->alive_link) {
        *loop->alive_link = loop->next_alive;
        if (loop->next_alive)
            loop->next_alive->alive_link = loop->alive_link;
    }
    /* The handles that are dropped below must not free the loop midway. */
    loop->live_handles++;
    close_finally(loop);
    al_loop_set_exception_handler(loop, (al_exception_handler){0});
    if (loop->tasks.factory.release)
        loop->tasks.factory.release(loop->tasks.factory.self);
    loop->live_handles--;
    al_loop_destroy_if_unused(loop);
}

static const char *truth(bool value)
{
    return value ? "True" : "False";
}

static void loop_repr(const al_object *self, al_text *out)
{
    const al_loop *loop = (const al_loop *)self;

    al_text_add_format(out, "<%s running=%s closed=%s debug=%s>",
                       loop->head.type->name, truth(loop->is_running),
                       truth(al_loop_is_closed(loop)), truth(loop->is_debug));
}

const al_type al_loop_type = {
    .name = "_UnixSelectorEventLoop",
    .free = loop_free,
    .repr = loop_repr,
};

/* Handles may outlive their loop.  The loop with its own handles counts as
 * one keeper of the storage, each shared handle as one more; the last frees
 * it, in whatever thread. */
void al_loop_destroy_if_unused(al_loop *loop)
{
    if (loop->live_handles == 0)
        al_loop_drop_keeper(loop);
}

void al_loop_drop_keeper(al_loop *loop)
{
    if (atomic_fetch_sub(&loop->keepers, 1) > 1)
        return;
    al_unref(loop->scratch);
    al_ready_release(&loop->ready);
    al_heap_release(&loop->scheduled);
    al_fd_events_release(&loop->events);
    al_slab_release(&loop->handles);
    al_free(loop->watches);
    al_free(loop->incoming);
    pthread_mutex_destroy(&loop->lock);
    al_free(loop);
}

static void link_alive(al_loop *loop)
{
    al_loop **head = loop->options.alive;

    if (!head)
        return;
    loop->next_alive = *head;
    loop->alive_link = head;
    if (*head)
        (*head)->alive_link = &loop->next_alive;
    *head = loop;
}

/* What a callback holds may hold its handle. */
static void drop_callbacks(al_loop *loop)
{
    for (size_t i = 0; i < loop->scheduled.count; i++) {
        al_handle *handle = loop->scheduled.entries[i].item;

        if (!al_handle_cancelled(handle))
            al_handle_cancel(handle);
    }
}

void al_loops_close(al_loop *alive)
{
    for (al_loop *loop = al_ref(alive); loop;) {
        al_loop *next;

        al_loop_set_exception_handler(loop, (al_exception_handler){0});
        drop_callbacks(loop);
        if (!al_loop_is_closed(loop) && !al_loop_close(loop))
            al_unref(al_fetch_raised());
        next = al_ref(loop->next_alive);
        al_unref(loop);
        loop = next;
    }
}

al_loop *al_loop_new(al_clock clock, al_selector selector,
                     al_observer observer, const al_loop_options *options)
{
    al_loop *loop = al_alloc_zero(1, sizeof *loop);
    al_event event = {.kind = AL_EVENT_LOOP};

    al_object_init(&loop->head, &al_loop_type);
    loop->clock = clock;
    loop->selector = selector;
    loop->observer = observer;
    loop->options = options ? *options : al_loop_defaults();
    loop->is_debug = loop->options.debug;
    link_alive(loop);
    al_loop_review(loop);
    if (!loop->options.ids)
        loop->options.ids = &loop->own_ids;
    if (isnan(loop->options.clock_resolution))
        loop->options.clock_resolution = clock.ops->resolution(clock.self);
    loop->handles.size = sizeof(al_handle);
    pthread_mutex_init(&loop->lock, NULL);
    atomic_store(&loop->owner, pthread_self());
    atomic_store(&loop->keepers, 1);
    event.debug = loop->is_debug;
    al_loop_emit(loop, &event);
    if (!al_loop_open_self_pipe(loop)) {
        al_unref(loop);
        return NULL;
    }
    return loop;
}

al_loop *al_loop_new_real(void)
{
    al_selector selector = al_epoll_selector();

    if (!selector.ops)
        return NULL;
    return al_loop_new(al_monotonic_clock(), selector, (al_observer){0}, NULL);
}

/* -- scheduling --------------------------------------------------------- */

void al_loop_review(al_loop *loop)
{
    loop->is_careful = loop->is_debug || loop->observer.ops ||
                       al_loop_is_closed(loop);
}

double al_loop_time(const al_loop *loop)
{
    return loop->clock.ops->now(loop->clock.self);
}

bool al_loop_check_closed(const al_loop *loop)
{
    if (!al_loop_is_closed(loop))
        return true;
    return al_raise(&al_RuntimeError, "Event loop is closed");
}

bool al_loop_check_thread(const al_loop *loop)
{
    if (!loop->is_running ||
        al_thread_current()->ident == loop->thread_ident)
        return true;
    return al_raise(&al_RuntimeError,
                    "Non-thread-safe operation invoked on an event loop other "
                    "than the current one");
}

/* Each of the two comes in a plain form, which is the whole story but for
 * what the careful form adds: errors, debug mode, events, room to grow.  The
 * plain form calls nothing, which makes it four times as fast. */

static al_handle *refuse(al_callback callback)
{
    al_callback_release(callback);
    return NULL;
}

static bool may_schedule(al_loop *loop)
{
    return al_loop_check_closed(loop) &&
           (!loop->is_debug || al_loop_check_thread(loop));
}

static inline bool needs_care(const al_loop *loop)
{
    return loop->is_careful || !loop->handles.free || !al_thread_in_force;
}

static __attribute__((noinline)) al_handle *
call_soon_with_care(al_loop *loop, al_callback callback, al_context *context)
{
    al_handle *handle;

    if (!may_schedule(loop))
        return refuse(callback);
    handle = al_handle_new(loop, &al_handle_type, callback, context, 0);
    al_ready_push(&loop->ready, handle);
    if (loop->observer.ops)
        al_emit_scheduled(loop, AL_EVENT_CALL_SOON, handle);
    return handle;
}

al_handle *al_loop_call_soon(al_loop *loop, al_callback callback,
                             al_context *context)
{
    al_handle *handle;

    if (needs_care(loop) || al_ready_is_full(&loop->ready))
        return call_soon_with_care(loop, callback, context);
    handle = al_handle_new_plain(loop, &al_handle_type, callback, context, 0);
    al_ready_push_plain(&loop->ready, handle);
    return handle;
}

static __attribute__((noinline)) al_handle *
call_at_with_care(al_loop *loop, double when, al_callback callback,
                  al_context *context)
{
    al_handle *handle;

    if (!may_schedule(loop))
        return refuse(callback);
    handle = al_handle_new(loop, &al_timer_handle_type, callback, context,
                           AL_HANDLE_TIMER | AL_HANDLE_SCHEDULED);
    handle->when = when;
    al_heap_push(&loop->scheduled, when, handle);
    if (loop->observer.ops)
        al_emit_scheduled(loop, AL_EVENT_CALL_AT, handle);
    return handle;
}

al_handle *al_loop_call_at(al_loop *loop, double when, al_callback callback,
                           al_context *context)
{
    al_handle *handle;

    if (needs_care(loop))
        return call_at_with_care(loop, when, callback, context);
    handle = al_handle_new_plain(loop, &al_timer_handle_type, callback,
                                 context,
                                 AL_HANDLE_TIMER | AL_HANDLE_SCHEDULED);
    handle->when = when;
    al_heap_push(&loop->scheduled, when, handle);
    return handle;
}

al_handle *al_loop_call_later(al_loop *loop, double delay,
                              al_callback callback, al_context *context)
{
    return al_loop_call_at(loop, al_loop_time(loop) + delay, callback, context);
}

/* -- from other threads ------------------------------------------------- */

/* The loop's own thread (in which simulated threads live too) appends at
 * once, as under Python's lock; another real thread leaves the handle in
 * `incoming`, and the loop takes it in before it computes its timeout and
 * after it has waited. */
static void append_shared(al_loop *loop, al_handle *handle)
{
    handle->id = ++loop->options.ids->handles;
    al_ready_push(&loop->ready, handle);
}

static void leave_incoming(al_loop *loop, al_handle *handle)
{
    loop->incoming = al_grow(loop->incoming, &loop->incoming_capacity,
                             loop->incoming_count + 1,
                             sizeof *loop->incoming);
    loop->incoming[loop->incoming_count++] = handle;
    atomic_store(&loop->has_incoming, true);
    loop->selector.ops->write_self(loop->selector.self, 0);
}

void al_loop_take_incoming(al_loop *loop)
{
    al_thread *thread = al_thread_current();
    uint64_t outer = thread->cause;

    pthread_mutex_lock(&loop->lock);
    thread->cause = AL_BY_WORLD;
    for (size_t i = 0; i < loop->incoming_count; i++) {
        append_shared(loop, loop->incoming[i]);
        if (loop->observer.ops)
            al_emit_scheduled(loop, AL_EVENT_CALL_SOON_THREADSAFE,
                              loop->incoming[i]);
    }
    thread->cause = outer;
    loop->incoming_count = 0;
    atomic_store(&loop->has_incoming, false);
    pthread_mutex_unlock(&loop->lock);
}

bool al_loop_is_own_thread(al_loop *loop)
{
    return pthread_equal(atomic_load(&loop->owner), pthread_self());
}

/* Under the lock: the loop may just be closing, or starting to run in
 * another thread than the one that made it. */
static bool schedule_shared(al_loop *loop, al_callback callback,
                            al_context *context, al_handle **result)
{
    bool is_own = al_loop_is_own_thread(loop);
    al_handle *handle;

    if (!al_loop_check_closed(loop))
        return false;
    handle = al_handle_new_shared(loop, callback, context, !is_own);
    if (result)
        *result = al_ref(handle);
    if (!is_own) {
        leave_incoming(loop, handle);
        return true;
    }
    append_shared(loop, handle);
    loop->selector.ops->write_self(loop->selector.self, 0);
    if (loop->observer.ops)
        al_emit_scheduled(loop, AL_EVENT_CALL_SOON_THREADSAFE, handle);
    return true;
}

bool al_loop_call_soon_threadsafe(al_loop *loop, al_callback callback,
                                  al_context *context, al_handle **result)
{
    bool ok;

    pthread_mutex_lock(&loop->lock);
    ok = schedule_shared(loop, callback, context, result);
    pthread_mutex_unlock(&loop->lock);
    if (!ok)
        al_callback_release(callback);
    return ok;
}

/* -- running ------------------------------------------------------------ */

static bool check_running(const al_loop *loop)
{
    if (loop->is_running)
        return al_raise(&al_RuntimeError, "This event loop is already running");
    if (al_peek_running_loop())
        return al_raise(&al_RuntimeError, "Cannot run the event loop while "
                                          "another loop is running");
    return true;
}

static void run_forever_setup(al_loop *loop)
{
    loop->is_running = true;
    loop->thread_ident = al_thread_current()->ident;
    pthread_mutex_lock(&loop->lock);
    atomic_store(&loop->owner, pthread_self());
    pthread_mutex_unlock(&loop->lock);
    al_set_running_loop(loop);
    if (loop->observer.ops)
        al_emit_plain(loop, AL_EVENT_START);
}

static void run_forever_cleanup(al_loop *loop)
{
    loop->is_stopping = false;
    loop->is_running = false;
    al_set_running_loop(NULL);
    if (loop->observer.ops)
        al_emit_plain(loop, AL_EVENT_STOPPED);
}

bool al_loop_check_may_run(const al_loop *loop)
{
    return al_loop_check_closed(loop) && check_running(loop);
}

bool al_loop_run_forever(al_loop *loop)
{
    bool ok;

    if (!al_loop_check_may_run(loop))
        return false;
    al_ref(loop);
    run_forever_setup(loop);
    ok = al_loop_run_turns(loop);
    run_forever_cleanup(loop);
    al_unref(loop);
    return ok;
}

void al_loop_stop(al_loop *loop)
{
    loop->is_stopping = true;
    if (loop->observer.ops)
        al_emit_plain(loop, AL_EVENT_STOP);
}

/* -- closing ------------------------------------------------------------ */

/* Drop what waits.  Dropping a callback may run code of the caller's that
 * looks at the loop, so the queues are emptied first. */
static void drop_queues(al_loop *loop)
{
    al_ready ready = loop->ready;
    al_heap scheduled = loop->scheduled;

    loop->ready = (al_ready){.head = ready.tail, .tail = ready.tail};
    loop->scheduled = (al_heap){0};
    while (al_ready_count(&ready) > 0)
        al_unref(al_ready_pop(&ready));
    for (size_t i = scheduled.count; i-- > 0;) /* as CPython's lists do */
        al_unref(scheduled.entries[i].item);
    al_ready_release(&ready);
    al_heap_release(&scheduled);
}

/* Signal handlers are removed last; what of them cannot be, in a thread that
 * may not, waits with the selector for another close. */
static bool remove_signal_handlers(al_loop *loop)
{
    bool ok = al_loop_remove_signal_handlers(loop);

    if (loop->signal_count == 0)
        free_selector(loop);
    return ok;
}

bool al_loop_close(al_loop *loop)
{
    bool ok;

    if (loop->is_running)
        return al_raise(&al_RuntimeError, "Cannot close a running event loop");
    if (al_loop_is_closed(loop))
        return remove_signal_handlers(loop);
    loop->live_handles++; /* dropping the last handle must not free us */
    if (loop->tasks.give_up_anchors)
        loop->tasks.give_up_anchors(loop);
    al_loop_close_self_pipe(loop);
    pthread_mutex_lock(&loop->lock);
    atomic_store(&loop->is_closed, true);
    pthread_mutex_unlock(&loop->lock);
    al_loop_review(loop);
    al_loop_take_incoming(loop);
    drop_queues(loop);
    if (loop->tasks.close_executor)
        loop->tasks.close_executor(loop);
    al_loop_release_watches(loop);
    ok = remove_signal_handlers(loop);
    if (ok && loop->observer.ops)
        al_emit_plain(loop, AL_EVENT_CLOSE);
    loop->live_handles--;
    return ok;
}

/* -- looking ------------------------------------------------------------ */

bool al_loop_is_running(const al_loop *loop)
{
    return loop->is_running;
}

bool al_loop_is_closed(const al_loop *loop)
{
    return atomic_load(&((al_loop *)loop)->is_closed);
}

bool al_loop_get_debug(const al_loop *loop)
{
    return loop->is_debug;
}

double al_loop_get_slow_callback_duration(const al_loop *loop)
{
    return loop->options.slow_callback_duration;
}

void al_loop_set_slow_callback_duration(al_loop *loop, double seconds)
{
    loop->options.slow_callback_duration = seconds;
}

al_task_slots *al_loop_task_slots(al_loop *loop)
{
    return &loop->tasks;
}

al_ids *al_loop_ids(al_loop *loop)
{
    return loop->options.ids;
}

al_handle *al_loop_peek_current_handle(const al_loop *loop)
{
    return loop->current;
}
