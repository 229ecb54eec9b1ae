/* state_loop.c - the fold of handles and of the queues they stand in.
 *
 * One switch says what each kind of event does; every case is a few steps
 * on the same four places a handle can be held: the heap, the ready deque,
 * a watch, and `running`.  Each place holds a reference; so does the table
 * of ids, until the handle is over.  It is dropped from the table only when
 * the next event comes, so that a view can still name the handle which the
 * latest event ended.
 *
 * A hostile trace can mention any id in any order.  An id that is created
 * twice names the newer handle from then on; the older lives as long as a
 * queue holds it.  An id that was never created gets a stand-in where one
 * is needed to keep the queues' lengths right. */
#include "sim/trace/state_private.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "loop/base/alloc.h"

enum { SLAB_HANDLES = 256 };

struct al_state_slab {
    al_state_slab *next;
    al_traced handles[SLAB_HANDLES];
};

/* -- handles ------------------------------------------------------------ */

static al_traced *take_from_slab(al_state *state)
{
    al_traced *handle = state->free_list;

    if (!handle) {
        al_state_slab *block = al_alloc(sizeof *block);

        block->next = state->slabs;
        state->slabs = block;
        for (size_t i = 0; i < SLAB_HANDLES; i++) {
            block->handles[i].args = (char *)state->free_list;
            state->free_list = &block->handles[i];
        }
        handle = state->free_list;
    }
    state->free_list = (al_traced *)(void *)handle->args;
    *handle = (al_traced){0};
    return handle;
}

static al_traced *hold(al_traced *handle)
{
    handle->refs++;
    return handle;
}

static void let_go(al_state *state, al_traced *handle)
{
    if (--handle->refs > 0)
        return;
    if (handle->about)
        al_state_unuse_future(state, handle->about);
    al_free(handle->job);
    al_free(handle->args);
    handle->args = (char *)state->free_list;
    state->free_list = handle;
}

static void unlist(al_state *state, al_traced *handle)
{
    if (!handle->is_listed)
        return;
    handle->is_listed = false;
    al_idmap_remove(&state->handles, handle->id);
    let_go(state, handle);
}

static bool is_over(const al_traced *handle)
{
    return !handle->in_heap && !handle->is_running &&
           handle->in_ready == 0 && handle->watches == 0;
}

/* Let go of a place where the handle was; it may be over now. */
static void leave(al_state *state, al_traced *handle)
{
    if (is_over(handle) && !handle->is_dropped &&
        !state->options.keep_finished) {
        state->ended.items =
            al_grow(state->ended.items, &state->ended.capacity,
                    state->ended.count + 1, sizeof *state->ended.items);
        state->ended.items[state->ended.count++] = hold(handle);
    }
    let_go(state, handle);
}

void al_state_forget_ended(al_state *state)
{
    for (size_t i = 0; i < state->ended.count; i++) {
        al_traced *handle = state->ended.items[i];

        if (is_over(handle))
            unlist(state, handle);
        let_go(state, handle);
    }
    state->ended.count = 0;
}

static al_traced *find(const al_state *state, uint64_t id)
{
    return al_idmap_find(&state->handles, id);
}

/* That is being stepped by the handle; 0: none. */
static uint64_t task_of(const al_state *state, uint64_t by)
{
    const al_traced *handle = find(state, by);
    const al_loop_state *loop = handle && handle->is_running
                                    ? al_state_loop(state, handle->loop)
                                    : NULL;

    return loop && loop->current ? loop->current->future.id : 0;
}

static al_traced *add_handle(al_state *state, const al_event *event)
{
    al_traced *handle = take_from_slab(state);
    al_traced *older = find(state, event->handle);

    if (older) {
        state->counts.oddities++;
        unlist(state, older);
    }
    handle->id = event->handle;
    handle->loop = event->loop;
    handle->by = event->by;
    handle->task = event->task;
    handle->maker = task_of(state, event->by);
    handle->callback =
        al_intern_text(&state->names, event->callback ? event->callback : "?");
    handle->where = event->where ? al_intern_text(&state->names, event->where)
                                 : NULL;
    handle->when = NAN;
    handle->scheduled_at = event->time;
    handle->origin = AL_EVENT_COUNT;
    handle->is_listed = true;
    al_idmap_put(&state->handles, handle->id, hold(handle));
    return handle;
}

static void note_sleep(al_state *state, const al_event *event)
{
    al_traced_future *future;

    if (!al_is_sleep_call(event->callback ? event->callback : "", event->args))
        return;
    future = al_state_known(state, false, strtoull(event->args + 1, NULL, 10));
    if (future)
        future->is_of_sleep = true;
}

/* The handle that this event creates. */
static al_traced *create(al_state *state, const al_event *event)
{
    al_traced *handle = add_handle(state, event);

    handle->origin = (unsigned char)event->kind;
    handle->args = event->args ? al_strdup(event->args) : NULL;
    handle->about =
        handle->args ? al_state_future_called(state, handle->args) : NULL;
    if (handle->about)
        al_state_use_future(handle->about);
    return handle;
}

/* The handle that this event speaks of, or a stand-in. */
static al_traced *find_or_stand_in(al_state *state, const al_event *event)
{
    al_traced *handle = find(state, event->handle);

    if (handle)
        return handle;
    state->counts.oddities++;
    return add_handle(state, event);
}

/* -- the ready deque ---------------------------------------------------- */

static void grow_ring(al_loop_state *loop)
{
    size_t capacity = loop->ring_capacity ? 2 * loop->ring_capacity : 16;
    al_traced **ring = al_realloc_array(NULL, capacity, sizeof(al_traced *));

    for (size_t i = 0; i < loop->ring_count; i++)
        ring[i] = loop->ring[(loop->ring_head + i) & (loop->ring_capacity - 1)];
    al_free(loop->ring);
    loop->ring = ring;
    loop->ring_head = 0;
    loop->ring_capacity = capacity;
}

static void push_ready(al_state *state, al_loop_state *loop, al_traced *handle)
{
    if (loop->ring_count == loop->ring_capacity)
        grow_ring(loop);
    loop->ring[(loop->ring_head + loop->ring_count++) &
               (loop->ring_capacity - 1)] = hold(handle);
    handle->in_ready++;
    handle->ready_since = loop->time;
    if (loop->phase != AL_LOOP_RUNNING)
        loop->todo = loop->ring_count;
    if (loop->ring_count > state->counts.most_ready)
        state->counts.most_ready = loop->ring_count;
}

/* Take the front; the caller gets its reference, and lets go of it by
 * leave. */
static al_traced *pop_ready(al_loop_state *loop)
{
    al_traced *handle = loop->ring[loop->ring_head];

    loop->ring_head = (loop->ring_head + 1) & (loop->ring_capacity - 1);
    loop->ring_count--;
    loop->todo -= loop->todo > 0;
    handle->in_ready--;
    return handle;
}

/* Pop the front if it is the one that the event names. */
static al_traced *pop_ready_as(al_state *state, al_loop_state *loop,
                               uint64_t id)
{
    if (loop->ring_count > 0 && loop->ring[loop->ring_head]->id == id)
        return pop_ready(loop);
    state->counts.oddities++;
    return NULL;
}

/* -- the heap ----------------------------------------------------------- */

static void push_timer(al_state *state, al_loop_state *loop, al_traced *handle)
{
    handle->in_heap = true;
    al_heap_push(&loop->heap, handle->when, hold(handle));
    if (loop->heap.count > state->counts.most_scheduled)
        state->counts.most_scheduled = loop->heap.count;
}

/* The head, if it is the one that the event names; as pop_ready_as. */
static al_traced *pop_timer_as(al_state *state, al_loop_state *loop,
                               uint64_t id)
{
    al_traced *handle = NULL;

    if (loop->heap.count > 0)
        handle = loop->heap.entries[0].item;
    if (!handle || handle->id != id) {
        state->counts.oddities++;
        return NULL;
    }
    al_heap_pop(&loop->heap);
    handle->in_heap = false;
    return handle;
}

static bool drop_cancelled(void *item, void *arg)
{
    al_traced *handle = item;

    if (!handle->is_cancelled)
        return false;
    handle->in_heap = false;
    leave(arg, handle);
    return true;
}

static void compact(al_state *state, al_loop_state *loop,
                    const al_event *event)
{
    size_t removed = al_heap_compact(&loop->heap, drop_cancelled, state);

    if (removed != event->removed || loop->heap.count != event->kept)
        state->counts.oddities++;
    loop->cancelled = 0;
    state->counts.compactions++;
    state->counts.compacted += removed;
}

/* -- watches ------------------------------------------------------------ */

/* Names are interned, so an address tells fds apart; no address is odd. */
static uint64_t watch_key(const char *fd, uint64_t sig)
{
    return fd ? (uint64_t)(uintptr_t)fd : sig << 1 | 1;
}

static al_watched *find_watch(const al_loop_state *loop, const char *fd,
                              uint64_t sig)
{
    return al_idmap_find(&loop->watch_index, watch_key(fd, sig));
}

static al_watched *add_watch(al_loop_state *loop, const char *fd, uint64_t sig)
{
    al_watched *watch = al_alloc_zero(1, sizeof *watch);

    al_idmap_put(&loop->watch_index, watch_key(fd, sig), watch);
    watch->fd = fd;
    watch->sig = sig;
    watch->previous = loop->last_watch;
    if (watch->previous)
        watch->previous->next = watch;
    else
        loop->watches = watch;
    loop->last_watch = watch;
    return watch;
}

static void drop_watch(al_loop_state *loop, al_watched *watch)
{
    al_idmap_remove(&loop->watch_index, watch_key(watch->fd, watch->sig));
    if (watch->previous)
        watch->previous->next = watch->next;
    else
        loop->watches = watch->next;
    if (watch->next)
        watch->next->previous = watch->previous;
    else
        loop->last_watch = watch->previous;
    al_free(watch);
}

static void unwatch(al_state *state, al_traced **place)
{
    al_traced *handle = *place;

    if (!handle)
        return;
    *place = NULL;
    handle->watches--;
    leave(state, handle);
}

static al_traced **place_of(al_watched *watch, al_event_kind kind)
{
    bool is_writer =
        kind == AL_EVENT_ADD_WRITER || kind == AL_EVENT_REMOVE_WRITER;

    return is_writer ? &watch->writer : &watch->reader;
}

static const char *fd_name(al_state *state, const al_event *event)
{
    if (event->kind == AL_EVENT_ADD_SIGNAL ||
        event->kind == AL_EVENT_REMOVE_SIGNAL)
        return NULL;
    return al_intern_text(&state->names, event->fd ? event->fd : "?");
}

static void start_watching(al_state *state, al_loop_state *loop,
                           const al_event *event)
{
    const char *fd = fd_name(state, event);
    al_watched *watch = find_watch(loop, fd, event->sig);
    al_traced *handle = create(state, event);

    if (!watch)
        watch = add_watch(loop, fd, event->sig);
    unwatch(state, place_of(watch, event->kind));
    *place_of(watch, event->kind) = hold(handle);
    handle->watches++;
    if (event->kind == AL_EVENT_ADD_SIGNAL)
        state->counts.signals++;
    else
        state->counts.watched += !al_is_self_pipe_callback(handle->callback);
}

static void stop_watching(al_state *state, al_loop_state *loop,
                          const al_event *event)
{
    al_watched *watch = find_watch(loop, fd_name(state, event), event->sig);

    if (!watch) {
        state->counts.oddities++;
        return;
    }
    unwatch(state, place_of(watch, event->kind));
    if (!watch->reader && !watch->writer)
        drop_watch(loop, watch);
}

/* -- loops -------------------------------------------------------------- */

static al_loop_state *find_loop(al_state *state, uint64_t number)
{
    al_loop_state *loop = al_idmap_find(&state->loops, number);

    if (loop)
        return loop;
    loop = al_alloc_zero(1, sizeof *loop);
    loop->number = number;
    loop->timeout = AL_FOREVER;
    al_idmap_put(&state->loops, number, loop);
    state->loop_list = al_grow(state->loop_list, &state->loop_capacity,
                               state->loop_count + 1,
                               sizeof(al_loop_state *));
    state->loop_list[state->loop_count++] = loop;
    return loop;
}

static void drop(al_state *state, al_traced *handle)
{
    handle->is_dropped = handle->in_ready == 0;
    leave(state, handle);
}

static void drop_queues(al_state *state, al_loop_state *loop)
{
    while (loop->ring_count > 0)
        drop(state, pop_ready(loop));
    for (size_t i = 0; i < loop->heap.count; i++) {
        al_traced *handle = loop->heap.entries[i].item;

        handle->in_heap = false;
        drop(state, handle);
    }
    loop->heap.count = 0;
    loop->cancelled = 0;
}

static void stop_running(al_state *state, al_loop_state *loop)
{
    al_traced *handle = loop->running;

    if (!handle)
        return;
    loop->running = NULL;
    handle->is_running = false;
    leave(state, handle);
}

static void close_loop(al_state *state, al_loop_state *loop)
{
    drop_queues(state, loop);
    loop->phase = AL_LOOP_CLOSED;
}

static void free_loop(al_state *state, al_loop_state *loop)
{
    drop_queues(state, loop);
    stop_running(state, loop);
    while (loop->watches) {
        unwatch(state, &loop->watches->reader);
        unwatch(state, &loop->watches->writer);
        drop_watch(loop, loop->watches);
    }
    al_idmap_release(&loop->watch_index);
    al_heap_release(&loop->heap);
    al_free(loop->ring);
    al_free(loop);
}

/* -- the fold ----------------------------------------------------------- */

static void begin_iteration(al_state *state, al_loop_state *loop,
                            const al_event *event)
{
    stop_running(state, loop);
    loop->phase = AL_LOOP_PRUNING;
    loop->todo = loop->ring_count;
    loop->iteration = event->n;
    loop->iteration_at = state->counts.events;
    state->counts.iterations++;
    if (event->ready != loop->ring_count ||
        event->scheduled != loop->heap.count ||
        event->cancelled != loop->cancelled)
        state->counts.oddities++;
}

static void schedule_soon(al_state *state, al_loop_state *loop,
                          const al_event *event)
{
    if (event->kind == AL_EVENT_CALL_SOON)
        state->counts.soon++;
    else
        state->counts.threadsafe++;
    push_ready(state, loop, create(state, event));
}

static void schedule_timer(al_state *state, al_loop_state *loop,
                           const al_event *event)
{
    al_traced *handle = create(state, event);

    handle->when = event->when;
    push_timer(state, loop, handle);
    state->counts.timers++;
}

static void fire_timer(al_state *state, al_loop_state *loop,
                       const al_event *event)
{
    al_traced *handle = pop_timer_as(state, loop, event->handle);

    if (handle) {
        push_ready(state, loop, handle);
        leave(state, handle);
    } else {
        push_ready(state, loop, find_or_stand_in(state, event));
    }
}

/* As in asyncio, this alone counts down: a cancelled timer that comes due
 * before it is pruned stays counted until the next compaction. */
static void prune_timer(al_state *state, al_loop_state *loop,
                        const al_event *event)
{
    al_traced *handle = pop_timer_as(state, loop, event->handle);

    state->counts.prunes++;
    if (!handle)
        return;
    if (loop->cancelled > 0)
        loop->cancelled--;
    leave(state, handle);
}

static bool is_timer(const al_traced *handle)
{
    return !isnan(handle->when);
}

/* Would it run, if nobody cancelled it? */
static bool is_waiting(const al_traced *handle)
{
    return handle->in_heap || handle->in_ready > 0 || handle->watches > 0;
}

void al_state_cancel_handle(al_state *state, const al_event *event)
{
    al_traced *handle = find(state, event->handle);

    if (!handle) /* over: it may still be cancelled, to no effect */
        return;
    state->counts.oddities += handle->is_cancelled;
    handle->is_cancelled = true;
    if (is_waiting(handle) && !al_is_self_pipe_callback(handle->callback)) {
        state->counts.cancels++;
        state->counts.timer_cancels += is_timer(handle);
    }
    if (handle->in_heap)
        find_loop(state, handle->loop)->cancelled++;
}

static void start_callback(al_state *state, al_loop_state *loop,
                           const al_event *event)
{
    al_traced *handle = pop_ready_as(state, loop, event->handle);

    stop_running(state, loop);
    if (!handle)
        handle = hold(find_or_stand_in(state, event));
    handle->is_running = true;
    handle->runs++;
    loop->running = handle;
    loop->phase = AL_LOOP_RUNNING;
    state->counts.runs++;
    state->counts.fired += is_timer(handle);
}

static void end_callback(al_state *state, al_loop_state *loop,
                         const al_event *event)
{
    if (!loop->running || loop->running->id != event->handle)
        state->counts.oddities++;
    stop_running(state, loop);
}

static void skip_handle(al_state *state, al_loop_state *loop,
                        const al_event *event)
{
    al_traced *handle = pop_ready_as(state, loop, event->handle);

    state->counts.skips++;
    loop->phase = AL_LOOP_RUNNING;
    if (handle)
        leave(state, handle);
}

void al_state_apply_to_loop(al_state *state, const al_event *event)
{
    al_loop_state *loop = find_loop(state, event->loop);

    loop->time = event->time;
    switch (event->kind) {
    case AL_EVENT_LOOP:
        loop->debug = event->debug;
        break;
    case AL_EVENT_START:
        loop->phase = AL_LOOP_STARTED;
        break;
    case AL_EVENT_STOPPED:
        stop_running(state, loop);
        loop->phase = AL_LOOP_STOPPED;
        break;
    case AL_EVENT_CLOSE:
        close_loop(state, loop);
        break;
    case AL_EVENT_ITERATION:
        begin_iteration(state, loop, event);
        break;
    case AL_EVENT_PRUNE:
        prune_timer(state, loop, event);
        break;
    case AL_EVENT_COMPACT:
        compact(state, loop, event);
        break;
    case AL_EVENT_SELECT:
        loop->phase = AL_LOOP_SELECTING;
        loop->timeout = event->timeout;
        break;
    case AL_EVENT_WAKE:
        loop->phase = AL_LOOP_WOKEN;
        break;
    case AL_EVENT_READY:
        push_ready(state, loop, find_or_stand_in(state, event));
        break;
    case AL_EVENT_DUE:
        fire_timer(state, loop, event);
        break;
    case AL_EVENT_RUN:
        start_callback(state, loop, event);
        break;
    case AL_EVENT_RAN:
        end_callback(state, loop, event);
        break;
    case AL_EVENT_SKIP:
        skip_handle(state, loop, event);
        break;
    case AL_EVENT_CALL_SOON:
    case AL_EVENT_CALL_SOON_THREADSAFE:
        schedule_soon(state, loop, event);
        break;
    case AL_EVENT_CALL_AT:
        schedule_timer(state, loop, event);
        note_sleep(state, event);
        break;
    case AL_EVENT_ADD_READER:
    case AL_EVENT_ADD_WRITER:
    case AL_EVENT_ADD_SIGNAL:
        start_watching(state, loop, event);
        break;
    case AL_EVENT_REMOVE_READER:
    case AL_EVENT_REMOVE_WRITER:
    case AL_EVENT_REMOVE_SIGNAL:
        stop_watching(state, loop, event);
        break;
    default:
        break;
    }
}

/* -- the end ------------------------------------------------------------ */

static void free_handles(al_state *state)
{
    size_t at = 0;

    for (;;) {
        al_traced *handle = al_idmap_next(&state->handles, &at);

        if (!handle)
            break;
        handle->is_listed = false;
        let_go(state, handle);
    }
    while (state->slabs) {
        al_state_slab *next = state->slabs->next;

        al_free(state->slabs);
        state->slabs = next;
    }
}

void al_state_free_loops(al_state *state)
{
    for (size_t i = 0; i < state->loop_count; i++)
        free_loop(state, state->loop_list[i]);
    al_state_forget_ended(state);
    free_handles(state);
    al_free(state->ended.items);
    al_free(state->loop_list);
    al_idmap_release(&state->handles);
    al_idmap_release(&state->loops);
}
