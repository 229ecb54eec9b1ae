/* perfetto.c - export --to perfetto: Chrome's trace events, for
 * ui.perfetto.dev and chrome://tracing.
 *
 * A loop is a process there; its tracks are the loop's phases, its plain
 * callbacks, and one for each task.  A thread that works for an executor is a
 * track of the process "outside".  Slices are begun and ended (B, E) in the
 * order of the trace, for many have no length, and a reader that sorted them
 * by length would nest them wrongly.  An arrow (s, f) leads from where a
 * handle was scheduled to where it runs.
 *
 * What a hostile trace begins twice, or never ends, is ended here: every
 * track is a stack that is well formed.  Processes and tasks' tracks are
 * numbered by their first mention, for readers have fewer bits for them than a
 * trace has for its ids.  Memory is that of the state. */
#include "cli/export/form.h"

#include <math.h>
#include <string.h>
#include "loop/base/alloc.h"
#include "loop/base/number.h"
#include "sim/trace/line.h"
#include "sim/trace/state.h"

enum { /* tracks of a loop; those of tasks are behind them */
    LOOP_TRACK = 1,
    CALLBACKS_TRACK = 2,
    TASKS_TRACK = 1000
};
enum { OUTSIDE = 0 }; /* the process of what is of no loop */
enum { SPARE_ARROWS = 64 }; /* that may lead nowhere */

typedef struct place {
    uint64_t process, track;
} place;

typedef struct loop_tracks {
    uint64_t number, process;
    bool in_turn, in_phase; /* slices that are open in the loop's track */
    bool is_running;        /* a callback */
    place runs_at;
    uint64_t handle, task;  /* that runs; that it steps, 0: none */
    size_t ready, scheduled; /* counters, as they were written */
    uint64_t cancelled;
    bool has_counters;
} loop_tracks;

typedef enum task_slice { TASK_NONE, TASK_IDLE, TASK_IS_READY, TASK_STEP }
    task_slice;

typedef struct task_track { /* of a task that is pending */
    uint64_t id;
    place at;
    task_slice open;
    bool is_done;
} task_track;

typedef struct thread_track {
    place at;
    bool has_job; /* a slice is open */
} thread_track;

typedef struct perfetto {
    al_text *out;
    al_state *state;
    bool in_order, has_time;
    int64_t now;        /* nanoseconds; never goes back */
    al_text stamp;      /* it, as events have it, for many have the same */
    uint64_t flows;     /* arrows so far */
    al_idmap loops;     /* loop_tracks */
    al_idmap tasks;     /* task_track */
    uint64_t task_count; /* tracks of tasks so far */
    al_idmap arrows;    /* of handles that wait to run: the arrow's number */
    al_idmap threads;   /* thread_track, by the address of its name */
    thread_track **by_thread; /* they, by the first mention */
    size_t thread_capacity;
    al_intern names;
} perfetto;

/* -- one event ----------------------------------------------------------- */

static void put_key(perfetto *p, const char *key)
{
    al_text_add_char(p->out, ',');
    al_text_add_char(p->out, '"');
    al_text_add(p->out, key);
    al_text_add(p->out, "\":");
}

static void put_text(perfetto *p, const char *key, const char *text)
{
    if (!text)
        return;
    put_key(p, key);
    al_trace_add_string(p->out, text);
}

static void put_count(perfetto *p, const char *key, uint64_t count)
{
    put_key(p, key);
    al_text_add_uint(p->out, count);
}

static void put_seconds(perfetto *p, const char *key, double value)
{
    put_key(p, key);
    if (isfinite(value))
        al_text_add_double(p->out, value);
    else
        al_text_add(p->out, "null");
}

static void put_id(perfetto *p, const char *key, char letter, uint64_t id)
{
    if (id == 0)
        return;
    put_key(p, key);
    al_text_add_char(p->out, '"');
    al_text_add_char(p->out, letter);
    al_text_add_uint(p->out, id);
    al_text_add_char(p->out, '"');
}

static void put_cause(perfetto *p, uint64_t by)
{
    al_cause_id id = al_cause_id_of(by);

    if (by == AL_BY_WORLD)
        put_text(p, "by", "world");
    else
        put_id(p, "by", id.letter, id.number);
}

static void add_thousandths(al_text *out, unsigned count)
{
    const char digits[] = {'.', (char)('0' + count / 100),
                           (char)('0' + count / 10 % 10),
                           (char)('0' + count % 10)};

    al_text_add_bytes(out, digits, sizeof digits);
}

/* Microseconds, to the nanosecond, which is what readers keep. */
static void format_time(perfetto *p)
{
    int64_t rest = p->now % 1000;

    al_text_clear(&p->stamp);
    al_text_add(&p->stamp, p->now < 0 && p->now / 1000 == 0 ? ",\"ts\":-"
                                                            : ",\"ts\":");
    al_text_add_int(&p->stamp, p->now / 1000);
    if (rest)
        add_thousandths(&p->stamp, (unsigned)(rest < 0 ? -rest : rest));
}

/* "{"ph":"B","pid":1,"tid":2": every event of a track begins so. */
static void open_event(perfetto *p, char phase, place at)
{
    al_text_add(p->out, ",\n{\"ph\":\"");
    al_text_add_char(p->out, phase);
    al_text_add(p->out, "\",\"pid\":");
    al_text_add_uint(p->out, at.process + 1);
    al_text_add(p->out, ",\"tid\":");
    al_text_add_uint(p->out, at.track);
    if (phase != 'M')
        al_text_add_bytes(p->out, p->stamp.bytes, p->stamp.length);
}

static void close_event(perfetto *p)
{
    al_text_add_char(p->out, '}');
}

/* Members that follow are in "args", until close_args().  The first, which
 * alone has no comma before it, is the event's number in the trace. */
static void open_args(perfetto *p)
{
    al_text_add(p->out, ",\"args\":{\"event\":");
    al_text_add_uint(p->out, al_state_counts(p->state)->events);
}

static void close_args(perfetto *p)
{
    al_text_add(p->out, "}}");
}

static void open_slice(perfetto *p, place at, const char *category,
                       const char *name)
{
    open_event(p, 'B', at);
    put_text(p, "cat", category);
    put_text(p, "name", name ? name : "?");
    open_args(p);
}

static void end_slice(perfetto *p, place at)
{
    open_event(p, 'E', at);
    close_event(p);
}

static void open_instant(perfetto *p, place at, const char *category,
                         const char *name)
{
    open_event(p, 'i', at);
    al_text_add(p->out, ",\"s\":\"t\"");
    put_text(p, "cat", category);
    put_text(p, "name", name);
    open_args(p);
}

/* -- what tracks are called ---------------------------------------------- */

static void name_it(perfetto *p, place at, const char *what, const char *name)
{
    open_event(p, 'M', at);
    put_text(p, "name", what);
    al_text_add(p->out, ",\"args\":{\"name\":");
    al_trace_add_string(p->out, name);
    close_args(p);
}

static void sort_it(perfetto *p, place at, const char *what, uint64_t index)
{
    open_event(p, 'M', at);
    put_text(p, "name", what);
    al_text_add(p->out, ",\"args\":{\"sort_index\":");
    al_text_add_uint(p->out, index < INT32_MAX ? index : INT32_MAX);
    close_args(p);
}

static void name_track(perfetto *p, place at, const char *name)
{
    name_it(p, at, "thread_name", name);
    sort_it(p, at, "thread_sort_index", at.track);
}

static void name_process(perfetto *p, place at, const char *name)
{
    name_it(p, at, "process_name", name);
    sort_it(p, at, "process_sort_index", at.process ? at.process : INT32_MAX);
}

static loop_tracks *find_loop(perfetto *p, uint64_t number)
{
    loop_tracks *loop = al_idmap_find(&p->loops, number);
    al_text name = {0};

    if (loop)
        return loop;
    loop = al_alloc_zero(1, sizeof *loop);
    al_idmap_put(&p->loops, number, loop);
    loop->number = number;
    loop->process = p->loops.count;
    al_text_add_format(&name, "loop l%llu", (unsigned long long)number);
    name_process(p, (place){loop->process, LOOP_TRACK}, name.bytes);
    al_text_release(&name);
    name_track(p, (place){loop->process, LOOP_TRACK}, "loop");
    name_track(p, (place){loop->process, CALLBACKS_TRACK}, "callbacks");
    return loop;
}

/* "t2 w1: worker" */
static void name_task(perfetto *p, const task_track *task,
                      const al_event *event)
{
    al_text name = {0};

    al_text_add_char(&name, 't');
    al_text_add_uint(&name, task->id);
    if (event->name) {
        al_text_add_char(&name, ' ');
        al_text_add(&name, event->name);
    }
    if (event->coroutine) {
        al_text_add(&name, ": ");
        al_text_add(&name, event->coroutine);
    }
    name_track(p, task->at, name.bytes);
    al_text_release(&name);
}

static thread_track *find_thread(perfetto *p, const char *name)
{
    const char *kept = al_intern_text(&p->names, name ? name : "?");
    uint64_t key = (uint64_t)(uintptr_t)kept;
    thread_track *thread = al_idmap_find(&p->threads, key);

    if (thread)
        return thread;
    thread = al_alloc_zero(1, sizeof *thread);
    thread->at = (place){OUTSIDE, p->threads.count + 1};
    p->by_thread = al_grow(p->by_thread, &p->thread_capacity,
                           p->threads.count + 1, sizeof *p->by_thread);
    p->by_thread[p->threads.count] = thread;
    al_idmap_put(&p->threads, key, thread);
    if (p->threads.count == 1)
        name_process(p, thread->at, "outside");
    name_track(p, thread->at, kept);
    return thread;
}

/* -- tasks --------------------------------------------------------------- */

static task_track *find_task(perfetto *p, const al_event *event)
{
    task_track *task;

    if (event->task == 0)
        return NULL;
    task = al_idmap_find(&p->tasks, event->task);
    if (task)
        return task;
    task = al_alloc_zero(1, sizeof *task);
    task->id = event->task;
    task->at = (place){find_loop(p, event->loop)->process,
                       TASKS_TRACK + ++p->task_count};
    al_idmap_put(&p->tasks, task->id, task);
    name_task(p, task, event);
    return task;
}

static void end_task_slice(perfetto *p, task_track *task)
{
    if (task->open != TASK_NONE)
        end_slice(p, task->at);
    task->open = TASK_NONE;
}

static void describe_wait(const al_traced_task *task, al_text *name)
{
    const al_traced_future *waits = task ? task->waits : NULL;

    al_text_add(name, "waits");
    if (!waits)
        return;
    al_text_add(name, ": ");
    if (waits->in) {
        al_text_add(name, waits->in->type);
        al_text_add(name, " p");
    } else {
        al_text_add_char(name, waits->is_task ? 't' : 'f');
    }
    al_text_add_uint(name, waits->in ? waits->in->id : waits->id);
}

static void open_task_slice(perfetto *p, task_track *task, task_slice what)
{
    const al_traced_task *known = al_state_task(p->state, task->id);
    al_text name = {0};

    end_task_slice(p, task);
    if (what == TASK_IDLE)
        describe_wait(known, &name);
    open_slice(p, task->at, what == TASK_IDLE ? "wait" : "ready",
               what == TASK_IDLE ? name.bytes : "ready");
    if (what == TASK_IDLE && known)
        put_text(p, "where", known->where);
    close_args(p);
    al_text_release(&name);
    task->open = what;
}

/* Its step has ended: what does it do now? */
static void rest_task(perfetto *p, task_track *task)
{
    const al_traced_task *known = al_state_task(p->state, task->id);
    bool is_ready = known && al_traced_task_doing(known) == AL_TASK_READY;

    end_task_slice(p, task);
    if (!task->is_done) {
        open_task_slice(p, task, is_ready ? TASK_IS_READY : TASK_IDLE);
        return;
    }
    al_idmap_remove(&p->tasks, task->id);
    al_free(task);
}

static const char *name_of_step(perfetto *p, const al_event *event)
{
    const al_traced_task *task = al_state_task(p->state, event->task);

    return task ? task->coroutine : event->callback;
}

/* -- arrows -------------------------------------------------------------- */

static void add_arrow(perfetto *p, char phase, place at, uint64_t number)
{
    open_event(p, phase, at);
    put_count(p, "id", number);
    al_text_add(p->out, ",\"cat\":\"cause\",\"name\":\"cause\"");
    if (phase == 'f')
        al_text_add(p->out, ",\"bp\":\"e\"");
    close_event(p);
}

/* Handles may go without running, some without being named: once most arrows
 * lead to none that is left, those are dropped. */
static void forget_arrows(perfetto *p)
{
    al_idmap kept = {0};

    if (p->arrows.count <=
        2 * al_state_handle_count(p->state) + SPARE_ARROWS)
        return;
    for (size_t i = 0; i <= p->arrows.mask; i++) {
        const al_idmap_slot *slot = &p->arrows.slots[i];

        if (slot->value && al_state_handle(p->state, slot->key))
            al_idmap_put(&kept, slot->key, slot->value);
    }
    al_idmap_release(&p->arrows);
    p->arrows = kept;
}

static void start_arrow(perfetto *p, place from, uint64_t handle)
{
    add_arrow(p, 's', from, ++p->flows);
    al_idmap_put(&p->arrows, handle, (void *)(uintptr_t)p->flows);
    forget_arrows(p);
}

/* From the slice of the handle that schedules it, which runs meanwhile,
 * though perhaps in another loop. */
static void start_from_cause(perfetto *p, const al_event *event)
{
    const al_traced *cause = al_state_handle(p->state, event->by);
    loop_tracks *loop;

    if (!cause || !cause->is_running)
        return;
    loop = al_idmap_find(&p->loops, cause->loop);
    if (loop && loop->is_running && loop->handle == event->by)
        start_arrow(p, loop->runs_at, event->handle);
}

static void end_arrow(perfetto *p, place to, uint64_t handle)
{
    uint64_t number = (uintptr_t)al_idmap_find(&p->arrows, handle);

    if (number == 0)
        return;
    al_idmap_remove(&p->arrows, handle);
    add_arrow(p, 'f', to, number);
}

/* -- the loop ------------------------------------------------------------ */

static place loop_track(const loop_tracks *loop)
{
    return (place){loop->process, LOOP_TRACK};
}

static void end_phase(perfetto *p, loop_tracks *loop)
{
    if (loop->in_phase)
        end_slice(p, loop_track(loop));
    loop->in_phase = false;
}

static void begin_phase(perfetto *p, loop_tracks *loop, const char *name)
{
    end_phase(p, loop);
    open_slice(p, loop_track(loop), "loop", name);
    loop->in_phase = true;
}

static void end_turn(perfetto *p, loop_tracks *loop)
{
    end_phase(p, loop);
    if (loop->in_turn)
        end_slice(p, loop_track(loop));
    loop->in_turn = false;
}

static void begin_turn(perfetto *p, loop_tracks *loop, const al_event *event)
{
    al_text name = {0};

    end_turn(p, loop);
    al_text_add(&name, "iteration ");
    al_text_add_uint(&name, event->n);
    open_slice(p, loop_track(loop), "loop", name.bytes);
    put_count(p, "ready", event->ready);
    put_count(p, "scheduled", event->scheduled);
    put_count(p, "cancelled", event->cancelled);
    close_args(p);
    loop->in_turn = true;
    al_text_release(&name);
}

static void begin_select(perfetto *p, loop_tracks *loop,
                         const al_event *event)
{
    begin_phase(p, loop, "select");
    if (event->timeout < 0)
        put_text(p, "timeout", "none");
    else
        put_seconds(p, "timeout", event->timeout);
    close_args(p);
}

static void end_select(perfetto *p, loop_tracks *loop, const al_event *event)
{
    end_phase(p, loop);
    if (!event->fds || !event->fds[0])
        return;
    open_instant(p, loop_track(loop), "loop", "fds ready");
    put_text(p, "fds", event->fds);
    close_args(p);
}

static void note_on_loop(perfetto *p, loop_tracks *loop, const char *name,
                         const al_event *event)
{
    open_instant(p, loop_track(loop), "loop", name);
    if (event->kind == AL_EVENT_COMPACT) {
        put_count(p, "removed", event->removed);
        put_count(p, "kept", event->kept);
    } else {
        put_id(p, "handle", 'h', event->handle);
    }
    close_args(p);
}

static void add_counter(perfetto *p, const loop_tracks *loop,
                        const char *name, const char *first, uint64_t value,
                        const char *second, uint64_t other)
{
    open_event(p, 'C', loop_track(loop));
    put_text(p, "name", name);
    al_text_add(p->out, ",\"args\":{\"");
    al_text_add(p->out, first);
    al_text_add(p->out, "\":");
    al_text_add_uint(p->out, value);
    if (second)
        put_count(p, second, other);
    close_args(p);
}

static void follow_counters(perfetto *p, loop_tracks *loop)
{
    const al_loop_state *now = al_state_loop(p->state, loop->number);
    size_t scheduled = now ? now->heap.count : 0;
    size_t ready = now ? now->ring_count : 0;
    uint64_t cancelled = now ? now->cancelled : 0;

    if (!loop->has_counters || ready != loop->ready)
        add_counter(p, loop, "ready", "handles", ready, NULL, 0);
    if (cancelled > scheduled) /* asyncio counts those that came due, too */
        cancelled = scheduled;
    if (!loop->has_counters || scheduled != loop->scheduled ||
        cancelled != loop->cancelled)
        add_counter(p, loop, "heap", "pending", scheduled - cancelled,
                    "cancelled", cancelled);
    loop->has_counters = true;
    loop->ready = ready;
    loop->scheduled = scheduled;
    loop->cancelled = cancelled;
}

/* -- callbacks ----------------------------------------------------------- */

static void end_run(perfetto *p, loop_tracks *loop)
{
    task_track *task;

    if (!loop->is_running)
        return;
    loop->is_running = false;
    task = al_idmap_find(&p->tasks, loop->task);
    if (loop->task == 0)
        end_slice(p, loop->runs_at);
    else if (task)
        rest_task(p, task);
}

static void describe_run(perfetto *p, const al_event *event)
{
    const al_traced *handle = al_state_handle(p->state, event->handle);

    put_id(p, "handle", 'h', event->handle);
    put_text(p, "callback", event->callback);
    if (!handle)
        return;
    put_text(p, "arguments", handle->args);
    put_cause(p, handle->by);
    put_seconds(p, "scheduled_at", handle->scheduled_at);
    put_seconds(p, "ready_for", event->time - handle->ready_since);
    if (!isnan(handle->when)) {
        put_seconds(p, "when", handle->when);
        put_seconds(p, "late", event->time - handle->when);
    }
}

static void begin_run(perfetto *p, loop_tracks *loop, const al_event *event)
{
    task_track *task;

    end_run(p, loop);
    task = find_task(p, event);
    if (!loop->in_phase) {
        begin_phase(p, loop, "callbacks");
        close_args(p);
    }
    loop->is_running = true;
    loop->handle = event->handle;
    loop->task = event->task;
    loop->runs_at = (place){loop->process, CALLBACKS_TRACK};
    if (task) {
        loop->runs_at = task->at;
        end_task_slice(p, task);
        task->open = TASK_STEP;
    }
    open_slice(p, loop->runs_at, task ? "step" : "callback",
               task ? name_of_step(p, event) : event->callback);
    describe_run(p, event);
    close_args(p);
    end_arrow(p, loop->runs_at, event->handle);
}

static void schedule(perfetto *p, const al_event *event)
{
    task_track *task = find_task(p, event);

    start_from_cause(p, event);
    if (task && task->open != TASK_STEP)
        open_task_slice(p, task, TASK_IS_READY);
}

/* -- what the program does ----------------------------------------------- */

static place where_it_runs(const loop_tracks *loop)
{
    return loop->is_running ? loop->runs_at : loop_track(loop);
}

static void note(perfetto *p, place at, const char *category,
                 const char *name, const al_event *event)
{
    open_instant(p, at, category, name);
    put_text(p, "level", event->kind == AL_EVENT_LOG ? event->level : NULL);
    put_text(p, "message", event->message);
    put_text(p, "outcome", event->outcome);
    put_text(p, "type", event->type);
    put_text(p, "text", event->text);
    put_cause(p, event->by);
    close_args(p);
}

static void note_task_end(perfetto *p, const al_event *event)
{
    task_track *task = find_task(p, event);

    if (!task)
        return;
    note(p, task->at, "task",
         event->outcome ? event->outcome : "done", event);
    task->is_done = true;
    if (task->open != TASK_STEP)
        rest_task(p, task);
}

static void follow_eager(perfetto *p, const al_event *event)
{
    task_track *task = find_task(p, event);

    if (!task)
        return;
    if (event->kind == AL_EVENT_EAGER_END) {
        if (task->open == TASK_STEP)
            rest_task(p, task);
        return;
    }
    end_task_slice(p, task);
    open_slice(p, task->at, "step", name_of_step(p, event));
    close_args(p);
    task->open = TASK_STEP;
}

/* -- threads ------------------------------------------------------------- */

static void end_job(perfetto *p, thread_track *thread)
{
    if (thread->has_job)
        end_slice(p, thread->at);
    thread->has_job = false;
}

static void begin_job(perfetto *p, const al_event *event)
{
    thread_track *thread = find_thread(p, event->function);
    const al_traced_job *job = al_state_job(p->state, event->job);

    end_job(p, thread);
    open_slice(p, thread->at, "job", job ? job->callback : NULL);
    put_count(p, "job", event->job);
    close_args(p);
    thread->has_job = true;
}

static void follow_thread(perfetto *p, const al_event *event)
{
    switch (event->kind) {
    case AL_EVENT_JOB_BEGUN:
        begin_job(p, event);
        break;
    case AL_EVENT_JOB_ENDED:
        end_job(p, find_thread(p, event->function));
        break;
    case AL_EVENT_WORLD_THREAD:
        open_instant(p, find_thread(p, event->function)->at, "thread", "acts");
        close_args(p);
        break;
    default:
        break;
    }
}

/* -- events -------------------------------------------------------------- */

static void follow_loop(perfetto *p, loop_tracks *loop, const al_event *event)
{
    switch (event->kind) {
    case AL_EVENT_ITERATION:
        begin_turn(p, loop, event);
        break;
    case AL_EVENT_SELECT:
        begin_select(p, loop, event);
        break;
    case AL_EVENT_WAKE:
        end_select(p, loop, event);
        break;
    case AL_EVENT_STOPPED:
    case AL_EVENT_CLOSE:
        end_run(p, loop);
        end_turn(p, loop);
        break;
    case AL_EVENT_PRUNE:
        note_on_loop(p, loop, "prune", event);
        break;
    case AL_EVENT_SKIP:
        note_on_loop(p, loop, "skip", event);
        break;
    case AL_EVENT_COMPACT:
        note_on_loop(p, loop, "compact", event);
        break;
    case AL_EVENT_RUN:
        begin_run(p, loop, event);
        break;
    case AL_EVENT_RAN:
        end_run(p, loop);
        break;
    case AL_EVENT_READY: /* only within a turn is there a slice to start at */
        if (loop->in_turn)
            start_arrow(p, loop_track(loop), event->handle);
        break;
    default:
        break;
    }
}

static void follow_program(perfetto *p, const loop_tracks *loop,
                           const al_event *event)
{
    task_track *task;

    switch (event->kind) {
    case AL_EVENT_CALL_SOON:
    case AL_EVENT_CALL_AT:
    case AL_EVENT_CALL_SOON_THREADSAFE:
        schedule(p, event);
        break;
    case AL_EVENT_TASK:
        find_task(p, event);
        break;
    case AL_EVENT_TASK_CANCEL:
        task = find_task(p, event);
        if (task)
            note(p, task->at, "task", "cancel()", event);
        break;
    case AL_EVENT_TASK_DONE:
        note_task_end(p, event);
        break;
    case AL_EVENT_EAGER:
    case AL_EVENT_EAGER_END:
        follow_eager(p, event);
        break;
    case AL_EVENT_LOG:
        note(p, where_it_runs(loop), "log", "log", event);
        break;
    case AL_EVENT_EXCEPTION:
        note(p, where_it_runs(loop), "exception", "exception handler", event);
        break;
    case AL_EVENT_DEADLOCK:
        note(p, loop_track(loop), "loop", "deadlock", event);
        break;
    case AL_EVENT_END:
        note(p, loop_track(loop), "loop", "end", event);
        break;
    default:
        break;
    }
}

static void advance(perfetto *p, double time)
{
    const double most = 9e18;
    double now = p->in_order
        ? (double)al_state_counts(p->state)->events * 1000 : time * 1e9;

    if (isnan(now))
        return;
    now = now > most ? most : now < -most ? -most : round(now);
    if (p->has_time && (int64_t)now <= p->now)
        return;
    p->has_time = true;
    p->now = (int64_t)now;
    format_time(p);
}

static bool add(void *self, const al_event *event)
{
    perfetto *p = self;
    loop_tracks *loop = find_loop(p, event->loop);

    al_state_apply(p->state, event);
    advance(p, event->time);
    follow_loop(p, loop, event);
    follow_program(p, loop, event);
    follow_thread(p, event);
    follow_counters(p, loop);
    return true;
}

/* -- the file ------------------------------------------------------------ */

static void *begin(const al_export_view *view, al_text *out)
{
    perfetto *p = al_alloc_zero(1, sizeof *p);

    p->out = out;
    p->state = al_state_new(NULL);
    p->in_order = view->scale == AL_SCALE_ORDER;
    format_time(p);
    al_text_add(out, "{\"displayTimeUnit\":\"ms\",\"otherData\":{\"name\":");
    al_trace_add_string(out, view->name);
    put_text(p, "producer", view->header->producer);
    put_text(p, "python", view->header->python);
    put_text(p, "ts", p->in_order ? "number of the event, from 1"
                                  : "the loop's time, in microseconds");
    al_text_add(out, "},\"traceEvents\":[\n{\"ph\":\"M\",\"pid\":2,\"tid\":1,"
                     "\"name\":\"process_labels\",\"args\":{\"labels\":");
    al_trace_add_string(out, view->name);
    al_text_add(out, "}}");
    return p;
}

static void end(void *self)
{
    perfetto *p = self;
    size_t at = 0;

    for (loop_tracks *loop; (loop = al_idmap_next(&p->loops, &at));) {
        end_run(p, loop);
        end_turn(p, loop);
    }
    at = 0;
    for (task_track *task; (task = al_idmap_next(&p->tasks, &at));)
        end_task_slice(p, task);
    for (size_t i = 0; i < p->threads.count; i++)
        end_job(p, p->by_thread[i]);
    al_text_add(p->out, "\n]}\n");
}

static void release_all(al_idmap *map)
{
    size_t at = 0;

    for (void *item; (item = al_idmap_next(map, &at));)
        al_free(item);
    al_idmap_release(map);
}

static void free_it(void *self)
{
    perfetto *p = self;

    release_all(&p->loops);
    release_all(&p->tasks);
    release_all(&p->threads);
    al_free(p->by_thread);
    al_idmap_release(&p->arrows);
    al_intern_release(&p->names);
    al_text_release(&p->stamp);
    al_state_free(p->state);
    al_free(p);
}

const al_export_form al_export_perfetto = {
    .name = "perfetto",
    .begin = begin,
    .add = add,
    .end = end,
    .free = free_it,
};
