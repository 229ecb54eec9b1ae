/* lint_time.c - rules of time: slow callbacks, starvation, busy loops, and
 * calls that do not wake the loop. */
#include <math.h>
#include <string.h>
#include "loop/base/alloc.h"
#include "sim/analysis/lint_private.h"

enum { MANY_TURNS = 1000 }; /* each scheduled by the one before */

typedef struct loop_time {
    double slow_until;  /* when the latest slow callback ended */
    uint64_t at;        /* what runs: the event with which it began */
    double time;        /* its time */
    const char *began;  /* the line in which the task that is stepped had
                           waited; interned; NULL: unknown, or none is */
    uint64_t running;   /* the handle */
    uintptr_t turns;    /* before it, in a row, in each of which a handle
                           scheduled that of the next for the next: there was
                           no timer, fd or thread for select to wait for */
} loop_time;

struct al_lint_part {
    al_idmap loops; /* loop_time */
    al_idmap turns; /* of handles in ready: those turns, where there are any */
};

static loop_time *find_loop(al_lint_part *part, uint64_t number)
{
    loop_time *time = al_idmap_find(&part->loops, number);

    if (!time) {
        time = al_alloc_zero(1, sizeof *time);
        time->slow_until = -INFINITY;
        al_idmap_put(&part->loops, number, time);
    }
    return time;
}

/* -- slow callbacks ------------------------------------------------------- */

/* The timers that came due meanwhile; *worst is how late the first of them
 * is. */
static size_t count_overdue(const al_loop_state *loop, double now,
                            double *worst)
{
    size_t count = 0;

    *worst = 0;
    for (size_t i = 0; i < loop->heap.count; i++) {
        const al_traced *timer = loop->heap.entries[i].item;

        if (timer->is_cancelled || !(timer->when < now))
            continue;
        count++;
        *worst = fmax(*worst, now - timer->when);
    }
    return count;
}

static void add_delayed(al_lint *lint, const al_loop_state *loop, double now)
{
    double worst;
    size_t timers = count_overdue(loop, now, &worst);

    if (loop->ring_count)
        al_text_add_format(&lint->text, ", with %zu more in ready",
                           loop->ring_count);
    if (timers == 0)
        return;
    al_text_add_format(&lint->text, loop->ring_count ? " and %zu timer%s due"
                       : ", with %zu timer%s due", timers,
                       timers == 1 ? "" : "s");
    al_text_add(&lint->text, ", the first by ");
    al_lint_add_seconds(&lint->text, worst);
}

/* "a step of t2 'w1' (worker)" */
static void add_step(al_lint *lint, const char *what,
                     const al_traced_task *task)
{
    al_text_add_format(&lint->text, "%s of ", what);
    al_lint_add_task(&lint->text, task);
    al_text_add_format(&lint->text, " (%s)", task->coroutine);
}

/* "app.py:12": the 12. */
static const char *line_of(const char *where)
{
    const char *colon = strrchr(where, ':');

    return colon ? colon + 1 : where;
}

static bool is_same_file(const char *a, const char *b)
{
    size_t length = (size_t)(line_of(a) - a);

    return line_of(b) == b + length && strncmp(a, b, length) == 0;
}

/* A step goes from one await to the next.  Of a task's first it is not known
 * where it begins, of its last not where it ends: NULL. */
static void add_lines(al_lint *lint, const char *began, const char *ended)
{
    if (began && ended && strcmp(began, ended) == 0)
        al_text_add_format(&lint->text, ", from line %s back to it",
                           line_of(began));
    else if (began && ended && !is_same_file(began, ended))
        al_text_add_format(&lint->text, ", between %s and %s", began, ended);
    else if (began && ended)
        al_text_add_format(&lint->text, ", between line %s and line %s",
                           line_of(began), line_of(ended));
    else if (began)
        al_text_add_format(&lint->text, ", from line %s on", line_of(began));
    else if (ended)
        al_text_add_format(&lint->text, ", up to line %s", line_of(ended));
}

static void check_duration(al_lint *lint, loop_time *time,
                           const al_event *event)
{
    const al_traced *handle = al_state_handle(lint->state, event->handle);
    const al_loop_state *loop = al_state_loop(lint->state, event->loop);
    const char *name = handle ? al_lint_name_of(lint, handle) : "?";
    const al_traced_task *task;
    al_finding *finding;
    const char *ended;

    if (!(event->duration >= lint->slow) || !loop || !handle)
        return;
    time->slow_until = event->time;
    if (!al_lint_wants_worst(lint, AL_RULE_SLOW_CALLBACK, name,
                             event->duration))
        return;
    task = handle->task ? al_state_task(lint->state, handle->task) : NULL;
    if (task)
        add_step(lint, "a step", task);
    else
        al_lint_add_handle(&lint->text, handle);
    al_text_add(&lint->text, " held the loop for ");
    al_lint_add_seconds(&lint->text, event->duration);
    ended = task && task->waits ? task->where : NULL;
    add_lines(lint, time->began, ended);
    add_delayed(lint, loop, event->time);
    finding = al_lint_tell(lint, AL_RULE_SLOW_CALLBACK, AL_WARNING, name,
                           event, ended ? ended : time->began);
    finding->at = time->at;
    finding->time = time->time;
}

/* -- starvation ------------------------------------------------------------ */

/* The task that goes on late when the handle does, and what of it the handle
 * is; NULL: it is of none. */
static const al_traced_task *find_victim(const al_lint *lint,
                                         const al_traced *handle,
                                         const char **what)
{
    static const char *const timers[][2] = { /* of asyncio's own */
        {"_set_result_unless_cancelled", "the sleep"},
        {"Timeout._on_timeout", "the timeout"},
        {"_release_waiter", "the timeout"},
    };

    *what = "a step";
    if (handle->task)
        return al_state_task(lint->state, handle->task);
    if (isnan(handle->when) || !handle->maker)
        return NULL;
    for (size_t i = 0; i < sizeof timers / sizeof *timers; i++) {
        *what = timers[i][1];
        if (strcmp(handle->callback, timers[i][0]) == 0)
            return al_state_task(lint->state, handle->maker);
    }
    return NULL;
}

/* "h4, the sleep of t2 'w1' (worker)," */
static void add_victim(al_lint *lint, const al_traced *handle,
                       const al_traced_task *task, const char *what)
{
    if (!task) {
        al_lint_add_handle(&lint->text, handle);
        return;
    }
    al_text_add_format(&lint->text, "h%llu, ", (unsigned long long)handle->id);
    add_step(lint, what, task);
    al_text_add_char(&lint->text, ',');
}

/* How long it was due; 0 where a slow callback was what it waited for. */
static double waiting_time(const al_traced *handle, const loop_time *time,
                           double now)
{
    double due = isnan(handle->when) || handle->runs ? handle->ready_since
                                                     : handle->when;

    return time->slow_until > due ? 0
                                  : now - fmax(due, handle->scheduled_at);
}

static void check_waiting(al_lint *lint, const loop_time *time,
                          const al_event *event)
{
    const al_traced *handle = al_state_handle(lint->state, event->handle);
    double waited = handle ? waiting_time(handle, time, event->time) : 0;
    const al_traced_task *task;
    const char *what, *name;

    if (!handle || !(waited >= lint->slow) || handle->by == AL_BY_WORLD)
        return;
    task = find_victim(lint, handle, &what);
    name = task ? task->coroutine : handle->callback;
    if (!al_lint_wants_worst(lint, AL_RULE_STARVATION, name, waited))
        return;
    add_victim(lint, handle, task, what);
    al_text_add(&lint->text, " was due, and waited for ");
    al_lint_add_seconds(&lint->text, waited);
    al_text_add(&lint->text, ", though no callback ran so long");
    al_lint_tell(lint, AL_RULE_STARVATION, AL_WARNING, name, event,
                 task ? task->where : NULL);
}

/* -- other threads -------------------------------------------------------- */

static void check_thread(al_lint *lint, const al_event *event)
{
    const char *name = event->callback ? event->callback : "?";

    if (event->by != AL_BY_WORLD ||
        !al_lint_wants(lint, AL_RULE_CALL_FROM_THREAD, name))
        return;
    al_text_add_format(&lint->text, "h%llu %s() was scheduled by %s from "
                       "another thread", (unsigned long long)event->handle,
                       name, al_event_specs[event->kind].name);
    al_lint_tell(lint, AL_RULE_CALL_FROM_THREAD, AL_ERROR, name, event, NULL);
}

/* -- busy loops ------------------------------------------------------------ */

/* Timers that are always due, or fds that are always ready, do not let select
 * wait either; but what they call had something to wait for. */
static void check_chain(al_lint *lint, al_lint_part *part,
                        const loop_time *time, const al_event *event)
{
    const al_traced *next = al_state_handle(lint->state, event->handle);
    const char *name;

    if (event->by == AL_BY_PROGRAM || event->by != time->running)
        return;
    al_idmap_put(&part->turns, event->handle, (void *)(time->turns + 1));
    if (time->turns + 1 != MANY_TURNS || !next)
        return;
    name = al_lint_name_of(lint, next);
    if (!al_lint_wants(lint, AL_RULE_BUSY_LOOP, name))
        return;
    al_text_add_format(&lint->text, "%d turns in a row did not let select "
                       "wait; in ready stands ", MANY_TURNS);
    al_lint_add_handle(&lint->text, next);
    if (next->task)
        al_text_add_format(&lint->text, " of %s", name);
    al_lint_tell(lint, AL_RULE_BUSY_LOOP, AL_WARNING, name, event, NULL);
}

static void note_turns(al_lint_part *part, loop_time *time,
                       const al_event *event)
{
    time->running = event->handle;
    time->turns = (uintptr_t)al_idmap_find(&part->turns, event->handle);
    if (time->turns)
        al_idmap_remove(&part->turns, event->handle);
}

/* -- the part ------------------------------------------------------------- */

static al_lint_part *make(void)
{
    return al_alloc_zero(1, sizeof(al_lint_part));
}

static void before(al_lint_part *part, al_lint *lint, const al_event *event)
{
    if (event->kind == AL_EVENT_RUN)
        check_waiting(lint, find_loop(part, event->loop), event);
    else if (event->kind == AL_EVENT_RAN)
        check_duration(lint, find_loop(part, event->loop), event);
    else if (event->kind == AL_EVENT_CALL_SOON ||
             event->kind == AL_EVENT_CALL_AT)
        check_thread(lint, event);
}

static void note_run(al_lint *lint, loop_time *time, const al_event *event)
{
    const al_traced_task *task =
        event->task ? al_state_task(lint->state, event->task) : NULL;

    time->at = lint->at;
    time->time = event->time;
    time->began = task && task->woken && task->where
        ? al_intern_text(&lint->names, task->where) : NULL;
}

static void after(al_lint_part *part, al_lint *lint, const al_event *event)
{
    loop_time *time;

    if (event->kind == AL_EVENT_RUN) {
        time = find_loop(part, event->loop);
        note_run(lint, time, event);
        note_turns(part, time, event);
    } else if (event->kind == AL_EVENT_CALL_SOON ||
               event->kind == AL_EVENT_CALL_SOON_THREADSAFE) {
        check_chain(lint, part, find_loop(part, event->loop), event);
    } else if (event->kind == AL_EVENT_SKIP) {
        al_idmap_remove(&part->turns, event->handle);
    }
}

static void free_part(al_lint_part *part)
{
    size_t at = 0;

    for (loop_time *t; (t = al_idmap_next(&part->loops, &at));)
        al_free(t);
    al_idmap_release(&part->loops);
    al_idmap_release(&part->turns);
    al_free(part);
}

const al_lint_part_ops al_lint_time = {make, before, after, NULL, free_part};
