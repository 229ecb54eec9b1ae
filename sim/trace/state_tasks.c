/* state_tasks.c - the fold of tasks and futures: who waits for what, and who
 * woke whom.
 *
 * Whoever points to a future counts among its users: a task that waits for
 * it or was woken by it, a primitive it waits in, a loop that steps it.  One
 * that is over and has none is set aside, and freed when the next callback
 * begins: the wakeups it causes are told after it, and while an event is taken
 * in nothing is freed that a hostile one may still lead to. */
#include "sim/trace/state_private.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "loop/base/alloc.h"

enum { MOST_ASIDE = 1024 }; /* then they are looked through earlier */

struct al_shared_name {
    size_t refs;
    char text[];
};

/* -- names and deeds ------------------------------------------------------ */

static al_shared_name *new_name(const char *text)
{
    size_t size = strlen(text) + 1;
    al_shared_name *name = al_alloc(sizeof *name + size);

    name->refs = 1;
    memcpy(name->text, text, size);
    return name;
}

static void drop_name(al_shared_name *name)
{
    if (name && --name->refs == 0)
        al_free(name);
}

const char *al_shared_name_text(const al_shared_name *name)
{
    return name ? name->text : NULL;
}

static al_shared_name *share(al_shared_name *name)
{
    if (name)
        name->refs++;
    return name;
}

static al_traced_ending *new_ending(const al_traced_future *future)
{
    const al_traced_task *task = (const al_traced_task *)future;
    al_traced_ending *ending = al_alloc(sizeof *ending);

    *ending = (al_traced_ending){
        .id = future->id, .is_task = future->is_task,
        .outcome = future->outcome, .type = future->type,
        .name = future->is_task ? share(task->name) : NULL,
        .text = future->text ? al_strdup(future->text) : NULL,
    };
    return ending;
}

static void free_ending(al_traced_ending *ending)
{
    if (!ending)
        return;
    drop_name(ending->name);
    al_free(ending->text);
    al_free(ending);
}

void al_state_release_deed(al_deed *deed)
{
    drop_name(deed->name);
    free_ending(deed->about);
    al_free(deed->job);
    *deed = (al_deed){.slept = NAN};
}

static const al_traced *doing(const al_state *state, const al_event *event)
{
    return event->by & AL_BY_JOB || event->by == AL_BY_PROGRAM
               ? NULL : al_state_handle(state, event->by);
}

/* The task that did what the event tells; NULL: none. */
static al_traced_task *find_actor(const al_state *state,
                                  const al_event *event)
{
    const al_traced *handle = doing(state, event);
    const al_loop_state *loop =
        handle ? al_state_loop(state, handle->loop) : NULL;

    return loop && loop->running == handle ? loop->current : NULL;
}

void al_state_set_deed(al_state *state, al_deed *deed, const al_event *event)
{
    const al_traced *handle = doing(state, event);
    al_traced_task *task = find_actor(state, event);

    al_state_release_deed(deed);
    deed->handle = event->by;
    if (al_state_is_interrupting(state))
        deed->callback = AL_SIGINT_HANDLER;
    if (al_cause_job(event->by))
        deed->job = al_state_copy_job(state, al_cause_job(event->by));
    if (handle) {
        deed->callback = handle->callback;
        deed->slept = handle->when - handle->scheduled_at;
        deed->job = al_traced_job_copy(handle->job);
        deed->is_end_of_job = handle->job != NULL;
        if (handle->about && handle->about->outcome != AL_TRACED_PENDING)
            deed->about = new_ending(handle->about);
    }
    if (task) {
        deed->task = task->future.id;
        deed->name = share(task->name);
    }
}

/* -- futures -------------------------------------------------------------- */

static al_idmap *map_of(al_state *state, const al_traced_future *future)
{
    return future->is_task ? &state->tasks : &state->futures;
}

static al_traced_task *as_task(al_traced_future *future)
{
    return (al_traced_task *)future;
}

static void link_task(al_state *state, al_traced_task *task)
{
    task->previous_task = state->last_task;
    if (state->last_task)
        state->last_task->next_task = task;
    else
        state->first_task = task;
    state->last_task = task;
}

static void unlink_task(al_state *state, al_traced_task *task)
{
    if (task->previous_task)
        task->previous_task->next_task = task->next_task;
    else
        state->first_task = task->next_task;
    if (task->next_task)
        task->next_task->previous_task = task->previous_task;
    else
        state->last_task = task->previous_task;
}

static void unlist(al_state *state, al_traced_future *future)
{
    if (!future->is_listed)
        return;
    future->is_listed = false;
    al_idmap_remove(map_of(state, future), future->id);
    if (future->is_task)
        unlink_task(state, as_task(future));
}

static void free_task_parts(al_traced_task *task)
{
    drop_name(task->name);
    al_state_release_deed(&task->cancelled_by);
    al_free(task->cancel_message);
}

static void free_future(al_state *state, al_traced_future *future)
{
    if (future->previous)
        future->previous->next = future->next;
    else
        state->all_futures = future->next;
    if (future->next)
        future->next->previous = future->previous;
    if (future->is_task)
        free_task_parts(as_task(future));
    al_state_free_links(future);
    al_state_release_deed(&future->done_by);
    al_free(future->text);
    al_free(future);
}

/* One that was replaced, or dropped, is over though it was never done. */
static bool is_over(const al_state *state, const al_traced_future *future)
{
    bool is_done = future->outcome != AL_TRACED_PENDING &&
                   !state->options.keep_finished;

    return future->users == 0 && (is_done || !future->is_listed);
}

static void set_aside(al_state *state, al_traced_future *future)
{
    if (future->is_aside)
        return;
    future->is_aside = true;
    state->aside.items = al_grow(state->aside.items, &state->aside.capacity,
                                 state->aside.count + 1,
                                 sizeof *state->aside.items);
    state->aside.items[state->aside.count++] = future;
}

void al_state_use_future(al_traced_future *future)
{
    future->users++;
}

void al_state_unuse_future(al_state *state, al_traced_future *future)
{
    future->users--;
    if (is_over(state, future))
        set_aside(state, future);
}

static al_traced_future *find_in(const al_idmap *map, uint64_t id)
{
    return al_idmap_find(map, id);
}

static al_traced_future *add(al_state *state, uint64_t id, bool is_task,
                             const al_event *event)
{
    al_traced_future *future = al_alloc_zero(
        1, is_task ? sizeof(al_traced_task) : sizeof(al_traced_future));

    *future = (al_traced_future){
        .id = id, .loop = event->loop, .by = event->by, .since = event->time,
        .is_task = is_task, .is_listed = true, .next = state->all_futures,
        .done_by.slept = NAN,
    };
    if (future->next)
        future->next->previous = future;
    state->all_futures = future;
    al_idmap_put(map_of(state, future), id, future);
    if (is_task) {
        as_task(future)->coroutine = "?";
        as_task(future)->cancelled_by.slept = NAN;
        link_task(state, as_task(future));
    }
    return future;
}

static void stop_waiting(al_state *state, al_traced_task *task);

static void forget(al_state *state, al_traced_future *future)
{
    unlist(state, future);
    if (future->is_task)
        stop_waiting(state, as_task(future));
    al_state_leave_primitive(state, future);
}

static al_traced_future *create(al_state *state, uint64_t id, bool is_task,
                                const al_event *event)
{
    al_traced_future *older =
        find_in(is_task ? &state->tasks : &state->futures, id);

    if (older) {
        state->counts.oddities++;
        al_state_use_future(older);
        forget(state, older);
        al_state_unuse_future(state, older);
    }
    return add(state, id, is_task, event);
}

al_traced_future *al_state_future_called(const al_state *state,
                                         const char *id)
{
    const al_idmap *map = *id == 't' ? &state->tasks
                          : *id == 'f' ? &state->futures : NULL;
    char *end = NULL;
    uint64_t number = map && isdigit((unsigned char)id[1])
                          ? strtoull(id + 1, &end, 10) : 0;

    return end && *end == '\0' ? find_in(map, number) : NULL;
}

al_traced_future *al_state_find_future(al_state *state, uint64_t id,
                                       const al_event *event)
{
    al_traced_future *future = find_in(&state->futures, id);

    return future ? future : add(state, id, false, event);
}

al_traced_future *al_state_known(const al_state *state, bool is_task,
                                 uint64_t id)
{
    return find_in(is_task ? &state->tasks : &state->futures, id);
}

static al_traced_task *find_task(al_state *state, uint64_t id,
                                 const al_event *event)
{
    al_traced_future *future = find_in(&state->tasks, id);

    return as_task(future ? future : add(state, id, true, event));
}

al_traced_future *al_state_subject(al_state *state, const al_event *event)
{
    return event->task ? &find_task(state, event->task, event)->future
                       : al_state_find_future(state, event->future, event);
}

/* -- waiting -------------------------------------------------------------- */

static void stop_waiting(al_state *state, al_traced_task *task)
{
    al_traced_future *future = task->waits;

    if (!future)
        return;
    task->waits = NULL;
    if (task->previous_awaiter)
        task->previous_awaiter->next_awaiter = task->next_awaiter;
    else
        future->awaiters = task->next_awaiter;
    if (task->next_awaiter)
        task->next_awaiter->previous_awaiter = task->previous_awaiter;
    else
        future->last_awaiter = task->previous_awaiter;
    task->next_awaiter = task->previous_awaiter = NULL;
    al_state_unuse_future(state, future);
}

static void start_waiting(al_state *state, al_traced_task *task,
                          al_traced_future *future)
{
    al_state_use_future(future);
    stop_waiting(state, task);
    task->waits = future;
    task->previous_awaiter = future->last_awaiter;
    if (future->last_awaiter)
        future->last_awaiter->next_awaiter = task;
    else
        future->awaiters = task;
    future->last_awaiter = task;
}

static void forget_woken(al_state *state, al_traced_task *task)
{
    al_traced_future *woken = task->woken;

    task->woken = NULL;
    if (woken)
        al_state_unuse_future(state, woken);
}

static void wait(al_state *state, const al_event *event)
{
    al_traced_task *task = find_task(state, event->task, event);
    al_traced_future *on =
        event->on ? &find_task(state, event->on, event)->future
                  : al_state_find_future(state, event->future, event);

    start_waiting(state, task, on);
    task->waits_since = event->time;
    task->where = event->where ? al_intern_text(&state->names, event->where)
                               : NULL;
}

/* -- steps ---------------------------------------------------------------- */

/* A wakeup tells what the task waited for, where nothing else did. */
static void schedule(al_state *state, const al_event *event)
{
    al_traced_future *future = find_in(&state->tasks, event->task);
    al_traced_future *woken_by =
        event->args ? al_state_future_called(state, event->args) : NULL;
    al_traced_task *task;

    if (!future)
        return; /* Future.set_result() has ended it */
    task = as_task(future);
    task->step = event->handle;
    if (!task->waits && woken_by && woken_by != &task->future)
        start_waiting(state, task, woken_by);
}

/* It is being stepped no longer; what it was stepped inside of. */
static al_traced_task *step_out(al_state *state, al_traced_task *task)
{
    al_traced_task *outer = task->outer;

    task->outer = NULL;
    task->is_running = false;
    forget_woken(state, task);
    al_state_unuse_future(state, &task->future);
    return outer;
}

static void leave_current(al_state *state, al_loop_state *loop)
{
    while (loop->current)
        loop->current = step_out(state, loop->current);
}

static void enter(al_state *state, al_loop_state *loop, al_traced_task *task)
{
    if (task->is_running) {
        state->counts.oddities++;
        return;
    }
    al_state_use_future(&task->future);
    task->outer = loop->current;
    task->is_running = task->has_begun = true;
    loop->current = task;
}

static void leave(al_state *state, al_loop_state *loop, uint64_t id)
{
    al_traced_task *task = loop->current;

    if (!task || task->future.id != id) {
        state->counts.oddities++;
        return;
    }
    loop->current = step_out(state, task);
}

/* What is freed lets go of others, which come behind it in the list. */
static void free_aside(al_state *state)
{
    for (size_t i = 0; i < state->aside.count; i++) {
        al_traced_future *future = state->aside.items[i];

        future->is_aside = false;
        if (!is_over(state, future))
            continue;
        unlist(state, future);
        future->is_aside = true; /* whatever it lets go of */
        al_state_drop_children(state, future);
        if (future->is_task) {
            stop_waiting(state, as_task(future));
            forget_woken(state, as_task(future));
        }
        free_future(state, future);
    }
    state->aside.count = 0;
}

static void begin_step(al_state *state, al_loop_state *loop,
                       const al_event *event)
{
    al_traced_future *future;
    al_traced_task *task;

    leave_current(state, loop);
    future = event->task ? find_in(&state->tasks, event->task) : NULL;
    if (!future)
        return; /* no task, or one that Future.set_result() has ended */
    task = as_task(future);
    enter(state, loop, task);
    task->step = 0;
    forget_woken(state, task);
    task->woken = task->waits;
    if (task->woken)
        al_state_use_future(task->woken);
    stop_waiting(state, task);
}

/* The account of the step has read why it came. */
static void end_step(al_state *state, al_loop_state *loop)
{
    al_traced_task *task = loop->current;

    if (task)
        task->is_cancel_new = task->is_cancel_new && task->waits;
    leave_current(state, loop);
}

/* -- ends ----------------------------------------------------------------- */

static al_traced_outcome outcome_of(const al_event *event)
{
    if (event->outcome && strcmp(event->outcome, "exception") == 0)
        return AL_TRACED_EXCEPTION;
    if (event->outcome && strcmp(event->outcome, "cancelled") == 0)
        return AL_TRACED_CANCELLED;
    return AL_TRACED_RESULT;
}

/* A queue tells that it is shut down before it wakes all that wait, and nobody
 * waits in it from then on: whoever was woken earlier was given something. */
static void note_primitive(al_state *state, al_traced_future *future,
                           const al_event *event)
{
    const al_traced_primitive *in = future->in;
    const al_traced_task *actor = find_actor(state, event);

    if (!in)
        return;
    future->woken_in = in->id;
    future->woken_type = in->type;
    future->is_passed_on = in->freed_by.task &&
                           (!actor || actor->future.id != in->freed_by.task);
    future->is_shut_down = in->state && strstr(in->state, "shut down");
}

static void finish(al_state *state, al_traced_future *future,
                   const al_event *event)
{
    state->counts.oddities += future->outcome != AL_TRACED_PENDING;
    future->outcome = (unsigned char)outcome_of(event);
    future->type = event->type ? al_intern_text(&state->names, event->type)
                               : NULL;
    al_free(future->text);
    future->text = event->text ? al_strdup(event->text) : NULL;
    al_state_set_deed(state, &future->done_by, event);
    note_primitive(state, future, event);
    al_state_drop_callbacks(future);
    set_aside(state, future);
}

static void finish_task(al_state *state, const al_event *event)
{
    al_traced_task *task = find_task(state, event->task, event);

    stop_waiting(state, task);
    task->step = 0;
    finish(state, &task->future, event);
}

static void note_result(al_state *state, const al_event *event)
{
    al_traced_future *task = find_in(&state->tasks, event->task);

    if (!task)
        return;
    al_free(task->text);
    task->text = event->text ? al_strdup(event->text) : NULL;
}

/* Those that waited for it never will be woken. */
static void drop(al_state *state, const al_event *event)
{
    al_traced_future *future =
        event->task     ? find_in(&state->tasks, event->task)
        : event->future ? find_in(&state->futures, event->future)
                        : NULL;

    if (!future)
        return;
    al_state_use_future(future);
    while (future->awaiters)
        stop_waiting(state, future->awaiters);
    forget(state, future);
    al_state_unuse_future(state, future);
}

/* -- cancelling ----------------------------------------------------------- */

static void cancel(al_state *state, const al_event *event)
{
    al_traced_task *task = find_task(state, event->task, event);

    task->cancelling++;
    task->is_cancel_new = true;
    al_state_set_deed(state, &task->cancelled_by, event);
    al_free(task->cancel_message);
    task->cancel_message = NULL;
}

/* A request has been counted already: this has its message. */
static void count_cancellations(al_state *state, const al_event *event)
{
    al_traced_task *task = as_task(find_in(&state->tasks, event->task));

    if (!task) /* over: it may still be taken back */
        return;
    task->is_uncancelled = event->count < task->cancelling;
    task->cancelling = event->count;
    if (!event->text)
        return;
    al_free(task->cancel_message);
    task->cancel_message = al_strdup(event->text);
}

/* -- the fold ------------------------------------------------------------- */

static void create_task(al_state *state, const al_event *event)
{
    al_traced_task *task = as_task(create(state, event->task, true, event));
    const al_traced_task *actor = find_actor(state, event);

    task->creator = actor ? actor->future.id : 0;
    task->name = event->name ? new_name(event->name) : NULL;
    if (event->coroutine)
        task->coroutine = al_intern_text(&state->names, event->coroutine);
    if (event->where)
        task->defined = al_intern_text(&state->names, event->where);
}

static void rename_task(al_state *state, const al_event *event)
{
    al_traced_task *task = as_task(find_in(&state->tasks, event->task));

    if (!task || !event->name)
        return;
    drop_name(task->name);
    task->name = new_name(event->name);
}

static void apply_to_steps(al_state *state, al_loop_state *loop,
                           const al_event *event)
{
    switch (event->kind) {
    case AL_EVENT_RUN:
        begin_step(state, loop, event);
        break;
    case AL_EVENT_RAN:
        end_step(state, loop);
        break;
    case AL_EVENT_EAGER:
        enter(state, loop, find_task(state, event->task, event));
        break;
    case AL_EVENT_EAGER_END:
        leave(state, loop, event->task);
        break;
    case AL_EVENT_ITERATION:
    case AL_EVENT_SKIP:
    case AL_EVENT_STOPPED:
    case AL_EVENT_CLOSE:
        leave_current(state, loop);
        break;
    default:
        break;
    }
}

void al_state_apply_to_tasks(al_state *state, const al_event *event)
{
    al_loop_state *loop = al_idmap_find(&state->loops, event->loop);

    if (event->kind == AL_EVENT_RUN || event->kind == AL_EVENT_ITERATION ||
        state->aside.count >= MOST_ASIDE)
        free_aside(state);
    if (loop)
        apply_to_steps(state, loop, event);
    switch (event->kind) {
    case AL_EVENT_CALL_SOON:
        if (event->task)
            schedule(state, event);
        break;
    case AL_EVENT_TASK:
        create_task(state, event);
        break;
    case AL_EVENT_TASK_CANCEL:
        cancel(state, event);
        break;
    case AL_EVENT_TASK_NAME:
        rename_task(state, event);
        break;
    case AL_EVENT_CANCELLING:
        count_cancellations(state, event);
        break;
    case AL_EVENT_TASK_WAITS:
        wait(state, event);
        break;
    case AL_EVENT_TASK_DONE:
        finish_task(state, event);
        break;
    case AL_EVENT_RESULT:
        note_result(state, event);
        break;
    case AL_EVENT_FUTURE:
        create(state, event->future, false, event);
        break;
    case AL_EVENT_FUTURE_DONE:
        finish(state, al_state_find_future(state, event->future, event),
               event);
        break;
    case AL_EVENT_DROPPED:
        drop(state, event);
        break;
    default:
        break;
    }
}

void al_state_free_tasks(al_state *state)
{
    while (state->all_futures)
        free_future(state, state->all_futures);
    al_free(state->aside.items);
    al_idmap_release(&state->tasks);
    al_idmap_release(&state->futures);
}

/* -- looking -------------------------------------------------------------- */

const al_traced_task *al_state_task(const al_state *state, uint64_t id)
{
    return (const al_traced_task *)find_in(&state->tasks, id);
}

const al_traced_future *al_state_future(const al_state *state, uint64_t id)
{
    return find_in(&state->futures, id);
}

const al_traced_task *al_state_next_task(const al_state *state,
                                         const al_traced_task *task)
{
    return task ? task->next_task : state->first_task;
}

size_t al_state_count_pending_tasks(const al_state *state)
{
    const al_traced_task *task = NULL;
    size_t count = 0;

    while ((task = al_state_next_task(state, task)) != NULL)
        count += task->future.outcome == AL_TRACED_PENDING;
    return count;
}

al_task_doing al_traced_task_doing(const al_traced_task *task)
{
    if (task->is_running)
        return AL_TASK_RUNS;
    if (task->step)
        return AL_TASK_READY;
    return task->has_begun || task->waits ? AL_TASK_WAITS : AL_TASK_CREATED;
}
