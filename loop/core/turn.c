/* turn.c - one turn of the loop: BaseEventLoop._run_once().
 *
 * Read turn(), near the end, first: it is the specification, and the steps
 * above it are in its order. */
#include "loop/core/loop_private.h"

#include <math.h>

/* What plain turns never do stays out of their way: inlined, it would cost
 * them registers and stack. */
#define APART __attribute__((noinline))

static APART void emit_iteration(al_loop *loop)
{
    al_event event = {
        .kind = AL_EVENT_ITERATION,
        .n = loop->iteration,
        .ready = al_ready_count(&loop->ready),
        .scheduled = loop->scheduled.count,
        .cancelled = loop->timer_cancelled_count,
    };

    al_loop_emit(loop, &event);
}

/* -- prune -------------------------------------------------------------- */

static void unschedule(al_handle *handle)
{
    handle->head.flags &= ~(unsigned)AL_HANDLE_SCHEDULED;
}

static bool drop_if_cancelled(void *item, void *arg)
{
    al_handle *handle = item;

    (void)arg;
    if (!(handle->head.flags & AL_HANDLE_CANCELLED))
        return false;
    unschedule(handle);
    al_handle_unref(handle);
    return true;
}

static bool too_many_cancelled(const al_loop *loop)
{
    size_t count = loop->scheduled.count;

    return count > loop->options.min_scheduled_timer_handles &&
           (double)loop->timer_cancelled_count / (double)count >
               loop->options.min_cancelled_timer_handles_fraction;
}

static void compact_timers(al_loop *loop)
{
    al_event event = {.kind = AL_EVENT_COMPACT};

    event.removed = al_heap_compact(&loop->scheduled, drop_if_cancelled, NULL);
    event.kept = loop->scheduled.count;
    loop->timer_cancelled_count = 0;
    al_loop_emit(loop, &event);
}

static al_handle *pop_timer(al_loop *loop)
{
    al_handle *handle = al_heap_pop(&loop->scheduled).item;

    unschedule(handle);
    return handle;
}

static void pop_cancelled_head(al_loop *loop)
{
    al_handle *handle;

    loop->timer_cancelled_count--;
    handle = pop_timer(loop);
    if (loop->observer.ops)
        al_emit_handle(loop, AL_EVENT_PRUNE, handle);
    al_handle_unref(handle);
}

static bool head_is_cancelled(const al_loop *loop)
{
    const al_handle *head;

    if (loop->timer_cancelled_count == 0 || loop->scheduled.count == 0)
        return false;
    head = loop->scheduled.entries[0].item;
    return head->head.flags & AL_HANDLE_CANCELLED;
}

static APART void drop_cancelled_timers(al_loop *loop)
{
    if (too_many_cancelled(loop)) {
        compact_timers(loop);
        return;
    }
    while (head_is_cancelled(loop))
        pop_cancelled_head(loop);
}

/* -- select ------------------------------------------------------------- */

bool al_loop_polls_for_timer(const al_loop *loop)
{
    return al_ready_count(&loop->ready) == 0 && !loop->is_stopping &&
           loop->scheduled.count > 0 &&
           loop->scheduled.entries[0].when == al_loop_time(loop);
}

static APART double timeout_to_first_timer(const al_loop *loop)
{
    double timeout = loop->scheduled.entries[0].when - al_loop_time(loop);

    if (timeout > loop->options.maximum_select_timeout)
        return loop->options.maximum_select_timeout;
    return timeout < 0 ? 0 : timeout;
}

/* Seconds that select may wait, or AL_FOREVER. */
static inline double select_timeout(const al_loop *loop)
{
    if (al_ready_count(&loop->ready) > 0 || loop->is_stopping)
        return 0;
    return loop->scheduled.count > 0 ? timeout_to_first_timer(loop)
                                     : AL_FOREVER;
}

static APART void emit_select(al_loop *loop, double timeout)
{
    al_event event = {
        .kind = AL_EVENT_SELECT,
        .timeout = timeout,
    };

    al_loop_emit(loop, &event);
}

static void add_fd_event(const al_loop *loop, al_fd_event event, al_text *out)
{
    if (out->length > 0)
        al_text_add_char(out, ' ');
    if (loop->selector.ops->name_fd)
        loop->selector.ops->name_fd(loop->selector.self, event.fd, out);
    else
        al_text_add_int(out, event.fd);
    al_text_add_char(out, ':');
    if (event.mask & AL_READ)
        al_text_add_char(out, 'r');
    if (event.mask & AL_WRITE)
        al_text_add_char(out, 'w');
}

static APART void emit_wake(al_loop *loop)
{
    al_event event = {.kind = AL_EVENT_WAKE};
    al_text fds = {0};

    for (size_t i = 0; i < loop->events.count; i++)
        add_fd_event(loop, loop->events.items[i], &fds);
    event.fds = fds.length ? fds.bytes : NULL;
    al_loop_emit(loop, &event);
    al_text_release(&fds);
}

static bool wait_for_events(al_loop *loop, double timeout)
{
    if (loop->observer.ops)
        emit_select(loop, timeout);
    loop->events.count = 0;
    if (!loop->selector.ops->select(loop->selector.self, timeout,
                                    &loop->events))
        return false;
    if (loop->observer.ops)
        emit_wake(loop);
    return loop->events.count == 0 || al_loop_process_events(loop);
}

/* -- timers ------------------------------------------------------------- */

/* 3.15 sees to it that end_time lies beyond time() even where the clock's
 * resolution is lost in rounding: an uptime past 194 days and 1e-9. */
static double end_time(const al_loop *loop)
{
    double now = al_loop_time(loop);
    double end = now + loop->options.clock_resolution;

    if (loop->options.python == AL_PYTHON_3_15) {
        double ulp = nextafter(fabs(now), INFINITY) - fabs(now);

        end = now + fmax(loop->options.clock_resolution, ulp);
    }
    return end;
}

static APART void promote_due_timers(al_loop *loop)
{
    double end = end_time(loop);

    while (loop->scheduled.count > 0 &&
           !(loop->scheduled.entries[0].when >= end)) {
        al_handle *handle = pop_timer(loop);

        al_ready_push(&loop->ready, handle);
        if (loop->observer.ops)
            al_emit_handle(loop, AL_EVENT_DUE, handle);
    }
}

/* -- run ---------------------------------------------------------------- */

/* format_handle: a step shows its task. */
static void add_handle(const al_handle *handle, al_text *out)
{
    const al_callable *callable = handle->callback.callable;
    al_task_ref task = {0};

    if (callable && callable->task_of)
        task = callable->task_of(handle->callback.self);
    if (task.object)
        al_value_repr(
            (al_value){AL_OBJECT, {.object = (al_object *)task.object}}, out);
    else
        al_handle_repr(handle, out);
}

static void warn_slow(al_loop *loop, al_handle *handle, double duration)
{
    al_event event = {.kind = AL_EVENT_LOG, .level = "WARNING"};
    al_text text = {0};

    al_text_add(&text, "Executing ");
    add_handle(handle, &text);
    al_text_add_format(&text, " took %.3f seconds", duration);
    event.text = text.bytes;
    al_loop_emit(loop, &event);
    if (loop->logger.ops)
        loop->logger.ops->log(loop->logger.self, "WARNING", text.bytes, NULL);
    al_text_release(&text);
}

static void emit_run(al_loop *loop, al_handle *handle)
{
    const al_callable *callable = handle->callback.callable;
    al_event event = {.kind = AL_EVENT_RUN, .handle = handle->id};
    al_telling telling = al_begin_telling();
    al_text name = {0};

    if (callable->add_name) {
        callable->add_name(handle->callback.self, &name);
        event.callback = al_text_peek(&name);
    } else {
        event.callback = callable->name;
    }
    if (callable->task_of)
        event.task = callable->task_of(handle->callback.self).id;
    al_loop_emit(loop, &event);
    al_text_release(&name);
    al_end_telling(telling);
}

static void emit_ran(al_loop *loop, al_handle *handle, double duration)
{
    al_event event = {
        .kind = AL_EVENT_RAN,
        .handle = handle->id,
        .duration = duration,
    };

    al_loop_emit(loop, &event);
}

/* With somebody watching, or in debug mode, time is taken. */
static APART bool run_timed(al_loop *loop, al_handle *handle)
{
    bool is_debug = loop->is_debug;
    double start = al_loop_time(loop);
    double duration;
    bool ok;

    if (loop->observer.ops)
        emit_run(loop, handle);
    ok = al_handle_run(handle);
    duration = al_loop_time(loop) - start;
    if (loop->observer.ops)
        emit_ran(loop, handle, duration);
    if (ok && is_debug && duration >= loop->options.slow_callback_duration)
        warn_slow(loop, handle, duration);
    return ok;
}

static bool run_or_skip(al_loop *loop, al_handle *handle)
{
    if (!al_handle_claim(handle)) {
        if (loop->observer.ops)
            al_emit_handle(loop, AL_EVENT_SKIP, handle);
        return true;
    }
    if (loop->observer.ops || loop->is_debug)
        return run_timed(loop, handle);
    return al_handle_run(handle);
}

#define WITHOUT_CARE                                                           \
    (unsigned)(AL_HANDLE_TIMER | AL_HANDLE_INTEGER | AL_HANDLE_OWN_CONTEXT)

static inline bool has_own_context(const al_handle *handle)
{
    return al_handle_flags(handle) & AL_HANDLE_OWN_CONTEXT;
}

/* Nothing but a callback to call, and then to be forgotten; in a context of
 * its own (a task's) that can be entered, or in an empty one? */
static inline bool is_plain(const al_handle *handle)
{
    return !(al_handle_flags(handle) & ~WITHOUT_CARE) &&
           handle->head.refs == 1 &&
           (has_own_context(handle) ? !handle->in.context->is_entered
                                    : !handle->in.vars);
}

static inline bool is_plain_next(const al_loop *loop)
{
    return !loop->is_careful && is_plain(al_ready_peek(&loop->ready, 0));
}

/* Tasks in their thousands are not in the cache when their turn comes: what a
 * step touches first is asked for while those before it run, the handle at a
 * distance of four, and what it names, once that is here, of two. */
static inline void fetch_ahead(const al_ready *ready, size_t end)
{
    const al_handle *soon;

    if (ready->head + 4 >= end)
        return;
    __builtin_prefetch(*al_ready_place(ready, ready->head + 4));
    soon = *al_ready_place(ready, ready->head + 2);
    __builtin_prefetch(soon->callback.self);
    __builtin_prefetch(soon->in.vars);
}

/* Run plain handles for as long as they come (the next one is), up to `end`,
 * with nobody watching: what run_or_skip does for each, without its questions.
 * One that raised, or is not so plain after its call, ends the row. */
static inline bool run_plain_row(al_loop *loop, size_t end)
{
    al_thread *thread = al_thread_current();
    al_context *blank = al_loop_blank_context(loop);
    al_context *outer = thread->context;
    uint64_t cause = thread->cause;
    bool ok;

    do {
        al_handle *handle = al_ready_pop(&loop->ready);
        al_callback callback = handle->callback;
        bool is_own = has_own_context(handle);
        al_context *context = is_own ? handle->in.context : blank;

        fetch_ahead(&loop->ready, end);
        loop->current = handle;
        thread->cause = handle->id;
        thread->context = context;
        context->is_entered = true;
        ok = callback.callable->call(loop, callback.self);
        context->is_entered = false;
        thread->context = outer;
        if (!ok || !is_plain(handle) || !al_context_is_blank(blank)) {
            ok = al_handle_settle(handle, callback, ok);
            thread->cause = cause;
            al_handle_unref(handle);
            return ok;
        }
        if (callback.callable->release)
            callback.callable->release(callback.self);
        if (is_own)
            al_unref(context);
        al_slab_put(&loop->handles, handle);
        loop->live_handles--;
    } while (loop->ready.head < end && is_plain_next(loop));
    thread->cause = cause;
    loop->current = NULL;
    return true;
}

static APART bool run_one(al_loop *loop)
{
    al_handle *handle = al_ready_pop(&loop->ready);
    bool ok = run_or_skip(loop, handle);

    al_handle_unref(handle);
    return ok;
}

/* Exactly what was ready before: newly readied handles wait a turn. */
static inline bool run_ready_snapshot(al_loop *loop)
{
    size_t end = loop->ready.tail;
    bool ok = true;

    while (ok && loop->ready.head < end)
        ok = is_plain_next(loop) ? run_plain_row(loop, end) : run_one(loop);
    return ok;
}

static inline bool may_begin(const al_loop *loop)
{
    const al_selector_ops *ops = loop->selector.ops;

    return !ops->begin_turn || ops->begin_turn(loop->selector.self);
}

static inline bool turn(al_loop *loop)
{
    if (!may_begin(loop))
        return false;
    loop->iteration++;
    if (atomic_load_explicit(&loop->has_incoming, memory_order_acquire))
        al_loop_take_incoming(loop);
    if (loop->observer.ops)
        emit_iteration(loop);
    if (loop->timer_cancelled_count > 0)
        drop_cancelled_timers(loop);
    if (!wait_for_events(loop, select_timeout(loop)))
        return false;
    if (loop->scheduled.count > 0)
        promote_due_timers(loop);
    return run_ready_snapshot(loop);
}

bool al_loop_run_once(al_loop *loop)
{
    return turn(loop);
}

bool al_loop_run_turns(al_loop *loop)
{
    bool ok;

    do {
        ok = turn(loop);
    } while (ok && !loop->is_stopping);
    return ok;
}
