/* lint_time.c - rules of time: slow callbacks, starvation, busy loops, and
 * calls that do not wake the loop. */
#include <math.h>
#include "loop/base/alloc.h"
#include "sim/analysis/lint_private.h"

enum { MANY_TURNS = 1000 }; /* in a row, without select waiting */

typedef struct loop_time {
    double slow_until;  /* when the latest slow callback ended */
    uint64_t restless;  /* turns in a row that did not let select wait */
} loop_time;

struct al_lint_part {
    al_idmap loops; /* loop_time */
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

static void check_duration(al_lint *lint, loop_time *time,
                           const al_event *event)
{
    const al_traced *handle = al_state_handle(lint->state, event->handle);
    const al_loop_state *loop = al_state_loop(lint->state, event->loop);
    const char *name = handle ? al_lint_name_of(lint, handle) : "?";
    const al_traced_task *task;

    if (!(event->duration >= lint->slow) || !loop || !handle)
        return;
    time->slow_until = event->time;
    if (!al_lint_wants(lint, AL_RULE_SLOW_CALLBACK, name))
        return;
    task = handle->task ? al_state_task(lint->state, handle->task) : NULL;
    if (task) {
        al_text_add(&lint->text, "a step of ");
        al_lint_add_task(&lint->text, task);
        al_text_add_format(&lint->text, " (%s)", task->coroutine);
    } else {
        al_lint_add_handle(&lint->text, handle);
    }
    al_text_add(&lint->text, " held the loop for ");
    al_lint_add_seconds(&lint->text, event->duration);
    add_delayed(lint, loop, event->time);
    al_lint_tell(lint, AL_RULE_SLOW_CALLBACK, AL_WARNING, name, event,
                 task ? task->where : NULL);
}

/* -- starvation ------------------------------------------------------------ */

static void check_waiting(al_lint *lint, const loop_time *time,
                          const al_event *event)
{
    const al_traced *handle = al_state_handle(lint->state, event->handle);
    double due, waited;
    const char *name;

    if (!handle)
        return;
    due = isnan(handle->when) || handle->runs ? handle->ready_since
                                              : handle->when;
    waited = event->time - fmax(due, handle->scheduled_at);
    name = al_lint_name_of(lint, handle);
    if (!(waited >= lint->slow) || time->slow_until > due ||
        handle->by == AL_BY_WORLD ||
        !al_lint_wants(lint, AL_RULE_STARVATION, name))
        return;
    al_lint_add_handle(&lint->text, handle);
    al_text_add(&lint->text, " was due, and waited for ");
    al_lint_add_seconds(&lint->text, waited);
    al_text_add(&lint->text, ", though no callback ran so long");
    al_lint_tell(lint, AL_RULE_STARVATION, AL_WARNING, name, event, NULL);
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

static void check_restless(al_lint *lint, loop_time *time,
                           const al_event *event)
{
    const al_loop_state *loop = al_state_loop(lint->state, event->loop);
    const al_traced *next;
    const char *name;

    if (!loop || event->timeout != 0 || loop->ring_count == 0) {
        time->restless = 0;
        return;
    }
    if (++time->restless != MANY_TURNS)
        return;
    next = al_loop_state_ready(loop, 0);
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

static void after(al_lint_part *part, al_lint *lint, const al_event *event)
{
    if (event->kind == AL_EVENT_SELECT)
        check_restless(lint, find_loop(part, event->loop), event);
}

static void free_part(al_lint_part *part)
{
    size_t at = 0;

    for (loop_time *t; (t = al_idmap_next(&part->loops, &at));)
        al_free(t);
    al_idmap_release(&part->loops);
    al_free(part);
}

const al_lint_part_ops al_lint_time = {make, before, after, NULL, free_part};
