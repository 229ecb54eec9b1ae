/* sentence.c - see sentence.h; it speaks in the account's phrases. */
#include "cli/tui/sentence.h"

#include <string.h>
#include "cli/account/wakeups.h"
#include "cli/page.h"
#include "cli/phrases.h"

typedef struct telling {
    al_text *out;
    const al_event *event;
    const al_state *state;
} telling;

/* -- names -------------------------------------------------------------------- */

static void add_task(const telling *t, uint64_t id)
{
    const al_traced_task *task = al_state_task(t->state, id);

    al_phrase_task(t->out, id, task ? task->name : NULL);
}

/* "h4 tick(1)"; "h4, a step of t2 w1"; of one that is forgotten "h4". */
static void add_handle(const telling *t, uint64_t id)
{
    const al_traced *handle = al_state_handle(t->state, id);

    if (handle && handle->task) {
        al_text_add_format(t->out, "h%llu, a step of ",
                           (unsigned long long)id);
        add_task(t, handle->task);
        return;
    }
    al_text_add_format(t->out, "h%llu", (unsigned long long)id);
    if (handle) {
        al_text_add_char(t->out, ' ');
        al_phrase_handle(t->out, handle);
    }
}

static void add_cause(const telling *t, uint64_t by)
{
    al_cause_id id = al_cause_id_of(by);
    const al_traced *handle;

    if (by == AL_BY_WORLD)
        al_text_add(t->out, "the world");
    else if (by == AL_BY_PROGRAM)
        al_text_add(t->out, "the program");
    else if (id.letter == 'j')
        al_text_add_format(t->out, "job %llu", (unsigned long long)id.number);
    else if ((handle = al_state_handle(t->state, by)) != NULL && handle->task)
        add_task(t, handle->task);
    else
        add_handle(t, by);
}

/* -- what was done -------------------------------------------------------------- */

static void add_scheduled(const telling *t)
{
    const al_event *event = t->event;

    add_cause(t, event->by);
    al_text_add_format(t->out, " scheduled h%llu ",
                       (unsigned long long)event->handle);
    if (event->task) {
        al_text_add(t->out, "to step ");
        add_task(t, event->task);
    } else {
        al_phrase_scheduled(t->out, event);
    }
    al_text_add_char(t->out, ' ');
    if (event->kind == AL_EVENT_CALL_AT)
        al_phrase_deadline(t->out, event->when, event->time);
    else
        al_text_add(t->out, event->kind == AL_EVENT_CALL_SOON
                                ? "for the next turn"
                                : "for the next turn, safely for threads");
}

static void add_run(const telling *t)
{
    const al_event *event = t->event;
    const al_traced *handle = al_state_handle(t->state, event->handle);
    const al_traced_task *task = al_state_task(t->state, event->task);
    al_text reason = {0};

    add_handle(t, event->handle);
    al_text_add(t->out, ", begins");
    if (handle && handle->origin < AL_EVENT_COUNT) {
        al_text_add(t->out, "; ");
        add_cause(t, handle->by);
        al_text_add(t->out, " scheduled it at ");
        al_page_add_seconds(t->out, handle->scheduled_at);
    }
    if (task && al_phrase_wakeup(&reason, task))
        al_text_add_format(t->out, ": %s", reason.bytes);
    al_text_release(&reason);
}

static void add_ran(const telling *t)
{
    add_handle(t, t->event->handle);
    al_text_add(t->out, ", ended after ");
    al_page_add_rough_seconds(t->out, t->event->duration);
}

static void add_due(const telling *t)
{
    const al_traced *handle = al_state_handle(t->state, t->event->handle);

    add_handle(t, t->event->handle);
    al_text_add(t->out, ", came due ");
    al_phrase_due(t->out, handle, t->event->time);
}

static void add_cancel(const telling *t)
{
    add_cause(t, t->event->by);
    al_text_add(t->out, " cancelled ");
    add_handle(t, t->event->handle);
}

static void add_created(const telling *t)
{
    const al_event *event = t->event;

    add_cause(t, event->by);
    al_text_add(t->out, " created ");
    if (event->kind == AL_EVENT_FUTURE)
        al_text_add_format(t->out, "the future f%llu",
                           (unsigned long long)event->future);
    else
        add_task(t, event->task);
    if (event->kind == AL_EVENT_TASK && event->coroutine)
        al_text_add_format(t->out, " of %s()", event->coroutine);
}

static void add_asked_to_end(const telling *t)
{
    add_cause(t, t->event->by);
    al_text_add(t->out, " asked ");
    add_task(t, t->event->task);
    al_text_add(t->out, " to cancel");
}

static void add_done(const telling *t)
{
    const al_event *event = t->event;
    const char *outcome = event->outcome ? event->outcome : "";

    if (event->kind == AL_EVENT_TASK_DONE) {
        add_task(t, event->task);
    } else {
        add_cause(t, event->by);
        al_text_add_format(t->out, " ended f%llu, which",
                           (unsigned long long)event->future);
    }
    if (strcmp(outcome, "cancelled") == 0) {
        al_text_add(t->out, " was cancelled");
    } else if (strcmp(outcome, "exception") == 0) {
        al_text_add(t->out, " failed with ");
        al_phrase_exception(t->out, event->type, event->text);
    } else {
        al_text_add(t->out, " has its result");
        if (event->text)
            al_text_add_format(t->out, ", %s", event->text);
    }
}

static void add_waits(const telling *t)
{
    add_task(t, t->event->task);
    al_text_add(t->out, " waits ");
    al_phrase_awaited(t->out, t->state, t->event);
    if (t->event->where)
        al_text_add_format(t->out, ", %s", al_phrase_place(t->event->where));
}

static void add_select(const telling *t)
{
    al_text_add(t->out, "the loop looks for what is ready: ");
    al_phrase_timeout(t->out, t->event->timeout);
}

static void add_compact(const telling *t)
{
    al_text_add_format(t->out, "the heap was made anew: %llu cancelled timers "
                       "left it, %llu stay",
                       (unsigned long long)t->event->removed,
                       (unsigned long long)t->event->kept);
}

static void add_exception(const telling *t)
{
    al_text_add(t->out, "nobody caught ");
    al_phrase_exception(t->out, t->event->type, t->event->text);
    al_text_add(t->out, ": it went to the exception handler");
}

static void add_log(const telling *t)
{
    add_cause(t, t->event->by);
    al_text_add_format(t->out, " said: %s",
                       t->event->text ? t->event->text : "");
}

/* Its text has a line for each who waits. */
static void add_deadlock(const telling *t)
{
    const char *at = t->event->text ? t->event->text : "";

    al_text_add(t->out, "nothing can ever happen again");
    while (*at) {
        size_t length;

        at += strspn(at, " ");
        length = strcspn(at, "\n");
        al_text_add(t->out, "; ");
        al_text_add_bytes(t->out, at, length);
        at += length + (at[length] == '\n');
    }
}

/* What has no sentence of its own: what its kind means, and by whom. */
static void add_other(const telling *t)
{
    const al_event_spec *spec = &al_event_specs[t->event->kind];

    al_text_add_format(t->out, "%s: %s", spec->name, spec->meaning);
    if (al_event_has_field(t->event->kind, AL_FIELD_by)) {
        al_text_add(t->out, ", by ");
        add_cause(t, t->event->by);
    }
}

static void (*const sentences[AL_EVENT_COUNT])(const telling *t) = {
    [AL_EVENT_CALL_SOON] = add_scheduled,
    [AL_EVENT_CALL_SOON_THREADSAFE] = add_scheduled,
    [AL_EVENT_CALL_AT] = add_scheduled,
    [AL_EVENT_RUN] = add_run,
    [AL_EVENT_RAN] = add_ran,
    [AL_EVENT_DUE] = add_due,
    [AL_EVENT_CANCEL] = add_cancel,
    [AL_EVENT_DEADLOCK] = add_deadlock,
    [AL_EVENT_TASK] = add_created,
    [AL_EVENT_FUTURE] = add_created,
    [AL_EVENT_TASK_CANCEL] = add_asked_to_end,
    [AL_EVENT_TASK_DONE] = add_done,
    [AL_EVENT_FUTURE_DONE] = add_done,
    [AL_EVENT_TASK_WAITS] = add_waits,
    [AL_EVENT_SELECT] = add_select,
    [AL_EVENT_COMPACT] = add_compact,
    [AL_EVENT_EXCEPTION] = add_exception,
    [AL_EVENT_LOG] = add_log,
};

void al_sentence_add(al_text *out, const al_event *event,
                     const al_state *state)
{
    telling t = {out, event, state};

    al_text_add(out, "at ");
    al_page_add_seconds(out, event->time);
    al_text_add(out, " ");
    if (sentences[event->kind])
        sentences[event->kind](&t);
    else
        add_other(&t);
}
