/* wakeups.c - why a task runs; and what an effect is the effect of.
 *
 * A wakeup has a cause: whoever ended the future that the task waited for.
 * The fold knows who did, and where its waiter stood: so "f3 is done" is told
 * as the lock that was released, the sleep that was over, the item put. */
#include "cli/account/private.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include "cli/phrases.h"

/* -- who ------------------------------------------------------------------ */

void al_phrase_task(al_text *out, uint64_t id, const al_shared_name *name)
{
    al_text_add_format(out, "t%llu", (unsigned long long)id);
    if (name)
        al_text_add_format(out, " '%s'", al_shared_name_text(name));
}

void al_phrase_job(al_text *out, const al_traced_job *job)
{
    al_text_add_format(out, "job %llu", (unsigned long long)job->number);
    if (job->callback)
        al_text_add_format(out, ", %s()", job->callback);
    if (job->thread)
        al_text_add_format(out, " in %s", job->thread);
}

static void add_doer(al_text *out, const al_deed *deed)
{
    if (deed->task)
        al_phrase_task(out, deed->task, deed->name);
    else if (deed->job)
        al_phrase_job(out, deed->job);
    else if (deed->handle == AL_BY_WORLD)
        al_text_add(out, "the world");
    else if (deed->handle == AL_BY_PROGRAM)
        al_text_add(out, "the program");
    else
        al_text_add_format(out, "callback %s (h%llu)",
                           deed->callback ? deed->callback : "?",
                           (unsigned long long)deed->handle);
}

static bool was_called(const al_deed *deed, const char *callback)
{
    return !deed->task && deed->callback &&
           strcmp(deed->callback, callback) == 0;
}

/* -- what had ended ------------------------------------------------------- */

static void add_failure(al_text *out, const char *type, const char *text)
{
    al_text_add(out, "failed: ");
    al_phrase_exception(out, type, text);
}

/* "t3 'w' failed: ValueError: no" */
static void add_ending(al_text *out, const al_traced_ending *ending)
{
    if (ending->is_task)
        al_phrase_task(out, ending->id, ending->name);
    else
        al_text_add_format(out, "f%llu", (unsigned long long)ending->id);
    al_text_add_char(out, ' ');
    if (ending->outcome == AL_TRACED_EXCEPTION)
        add_failure(out, ending->type, ending->text);
    else if (ending->outcome == AL_TRACED_CANCELLED)
        al_text_add(out, "was cancelled");
    else if (ending->is_task)
        al_text_add_format(out, "done: returned %s",
                           ending->text ? ending->text : "None");
    else
        al_text_add(out, "done");
}

/* What waits for several tasks or futures, by the callback it gives them. */
static const char *waits_for_many(const char *callback)
{
    static const char *const names[][2] = {
        {"gather.<locals>._done_callback", "gather"},
        {"TaskGroup._on_task_done", "TaskGroup"},
        {"_wait.<locals>._on_completion", "wait"},
        {"_AsCompletedIterator._handle_completion", "as_completed"},
        {"shield.<locals>._inner_done_callback", "shield"},
    };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcmp(callback, names[i][0]) == 0)
            return names[i][1];
    }
    return NULL;
}

/* "gather: t3 'w' failed: ValueError: no"; "job 1, work() in asyncio_0".
 * False: neither. */
static bool add_what_ended(al_text *out, const al_deed *deed)
{
    const char *many = deed->about && deed->callback
                           ? waits_for_many(deed->callback) : NULL;

    if (many) {
        al_text_add_format(out, "%s: ", many);
        add_ending(out, deed->about);
    } else if (deed->is_end_of_job) {
        al_phrase_job(out, deed->job);
    }
    return many || deed->is_end_of_job;
}

/* -- why ------------------------------------------------------------------ */

static void add_cancellation(al_text *out, const al_traced_task *task)
{
    const al_deed *by = &task->cancelled_by;

    if (was_called(by, "Timeout._on_timeout")) {
        al_text_add_format(out, "a timeout expired (h%llu)",
                           (unsigned long long)by->handle);
        return;
    }
    al_text_add(out, "cancelled by ");
    if (was_called(by, AL_SIGINT_HANDLER))
        al_text_add(out, "SIGINT");
    else if (!add_what_ended(out, by))
        add_doer(out, by);
    if (task->cancel_message)
        al_text_add_format(out, ": %s", task->cancel_message);
}

static void add_end_of_task(al_text *out, const al_traced_future *future)
{
    const al_traced_task *task = (const al_traced_task *)future;

    add_ending(out, &(al_traced_ending){
        .id = future->id, .is_task = true, .outcome = future->outcome,
        .name = task->name, .type = future->type, .text = future->text});
}

/* A job's end, as its future tells it. */
static void add_end_of_job(al_text *out, const al_traced_future *future)
{
    add_what_ended(out, &future->done_by);
    al_text_add_char(out, ' ');
    if (future->outcome == AL_TRACED_EXCEPTION)
        add_failure(out, future->type, future->text);
    else
        al_text_add(out, future->outcome == AL_TRACED_CANCELLED
                             ? "was cancelled" : "done");
}

/* What became of the lock, queue or the like. */
static const char *happening(const al_traced_future *future)
{
    const char *type = future->woken_type;

    if (strcmp(type, "Event") == 0)
        return "set";
    if (strcmp(type, "Condition") == 0)
        return "notified";
    if (!strstr(type, "Queue"))
        return future->is_passed_on ? "passed on" : "released";
    if (future->is_shut_down)
        return "shut down";
    return future->is_putter ? "given room" : "given an item";
}

static void add_end_of_future(al_text *out, const al_traced_future *future)
{
    const al_deed *by = &future->done_by;

    if (future->outcome == AL_TRACED_RESULT && future->woken_type) {
        al_text_add_format(out, "%s p%llu %s by ", future->woken_type,
                           (unsigned long long)future->woken_in,
                           happening(future));
        add_doer(out, by);
        return;
    }
    if (by->is_end_of_job && !by->task) {
        add_end_of_job(out, future);
        return;
    }
    if (!by->task && add_what_ended(out, by))
        return;
    if (was_called(by, "_set_result_unless_cancelled") && !isnan(by->slept)) {
        al_text_add(out, "sleep of ");
        al_page_add_rough_seconds(out, by->slept);
        al_text_add(out, " over");
        return;
    }
    al_text_add_format(out, "f%llu %s by ", (unsigned long long)future->id,
                       future->outcome == AL_TRACED_CANCELLED   ? "cancelled"
                       : future->outcome == AL_TRACED_EXCEPTION ? "failed"
                                                                : "set");
    add_doer(out, by);
    if (future->outcome == AL_TRACED_EXCEPTION) {
        al_text_add(out, ": ");
        al_phrase_exception(out, future->type, future->text);
    }
}

/* Does its step begin with a CancelledError that was asked for? */
static bool is_cancelled(const al_traced_task *task)
{
    const al_traced_future *woken = task->woken;

    return task->is_cancel_new &&
           (!woken || woken->outcome == AL_TRACED_CANCELLED);
}

bool al_phrase_wakeup(al_text *out, const al_traced_task *task)
{
    const al_traced_future *woken = task->woken;

    if (is_cancelled(task))
        add_cancellation(out, task);
    else if (!woken || woken->outcome == AL_TRACED_PENDING)
        return false;
    else if (woken->is_task)
        add_end_of_task(out, woken);
    else
        add_end_of_future(out, woken);
    return true;
}

void al_account_tell_wakeup(al_account *a, const al_event *event)
{
    const al_traced_task *task =
        event->task ? al_state_task(a->state, event->task) : NULL;
    al_line line = {
        .indent = AL_EFFECT_INDENT,
        .verb = "woken",
        .what_role = AL_ROLE_NOTE,
        .most_lines = 3,
    };

    al_text_clear(&a->what);
    a->thrown_into = task && is_cancelled(task) ? event->task : 0;
    if (!task || !al_phrase_wakeup(&a->what, task))
        return;
    line.what = a->what.bytes;
    al_account_put(a, al_sign_number(0, AL_EVENT_TASK_WAITS), &line);
}

/* -- what is the effect of what ------------------------------------------- */

static bool is_argument(const al_event *event, uint64_t future)
{
    char id[24];

    snprintf(id, sizeof id, "f%llu", (unsigned long long)future);
    return event->args && strcmp(event->args, id) == 0;
}

/* A future that is done because of that. */
static bool has_ended(const al_account *a, const al_cause *cause,
                      const al_event *event)
{
    const al_traced_future *future = al_state_future(a->state, event->future);

    if (!future)
        return false;
    if (cause->kind == AL_EVENT_WAITERS)
        return future->woken_type && future->woken_in == cause->id;
    for (const al_traced_task *t = future->awaiters;
         cause->kind == AL_EVENT_TASK_CANCEL && t; t = t->next_awaiter) {
        if (t->future.id == cause->id)
            return true;
    }
    return false;
}

static bool is_effect(const al_account *a, const al_cause *cause,
                      const al_event *event)
{
    const al_traced_task *task;

    switch (event->kind) {
    case AL_EVENT_CALL_SOON:
        return (cause->kind == AL_EVENT_FUTURE_DONE &&
                is_argument(event, cause->id)) ||
               (cause->kind == AL_EVENT_TASK && event->task == cause->id);
    case AL_EVENT_FUTURE_DONE:
        return has_ended(a, cause, event);
    case AL_EVENT_TASK_CANCEL:
        task = cause->kind == AL_EVENT_TASK_CANCEL
                   ? al_state_task(a->state, cause->id) : NULL;
        return task && task->waits && task->waits->is_task &&
               task->waits->id == event->task;
    default:
        return false;
    }
}

/* What it may be the cause of is known by its id. */
static uint64_t id_of(const al_event *event)
{
    switch (event->kind) {
    case AL_EVENT_TASK:
    case AL_EVENT_TASK_CANCEL:
        return event->task;
    case AL_EVENT_FUTURE_DONE:
        return event->future;
    case AL_EVENT_WAITERS:
        return event->primitive;
    default:
        return 0;
    }
}

bool al_account_is_count(const al_account *a, const al_event *event)
{
    return event->kind == AL_EVENT_CANCELLING && event->task == a->requested;
}

void al_account_place(al_account *a, const al_event *event)
{
    al_cause *causes = a->causes;
    unsigned depth = a->depth;

    if (al_account_is_count(a, event))
        return;
    while (depth > 0 && !is_effect(a, &causes[depth - 1], event))
        depth--;
    a->nesting = depth;
    if (depth == AL_MOST_CAUSES)
        depth--;
    causes[depth] = (al_cause){event->kind, id_of(event)};
    a->depth = causes[depth].id ? depth + 1 : depth;
}
