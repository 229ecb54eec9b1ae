/* story_handle.c - what became of a handle, and what it did. */
#include "cli/explain/story_private.h"

#include "cli/account/wakeups.h"

/* -- what somebody did ---------------------------------------------------- */

static void add_subject(al_story *s, const al_event *event)
{
    if (event->task && event->kind != AL_EVENT_CALL_SOON)
        al_text_add_format(&s->what, "t%llu ",
                           (unsigned long long)event->task);
    if (event->future)
        al_text_add_format(&s->what, "f%llu ",
                           (unsigned long long)event->future);
    if (event->primitive)
        al_text_add_format(&s->what, "p%llu ",
                           (unsigned long long)event->primitive);
}

static void add_particulars(al_story *s, const al_event *event)
{
    if (event->callback)
        al_phrase_scheduled(&s->what, event);
    else if (event->kind == AL_EVENT_TASK)
        al_text_add_format(&s->what, "%s: %s()",
                           event->name ? event->name : "?",
                           event->coroutine ? event->coroutine : "?");
    else if (event->outcome)
        al_story_add_outcome(s, event);
    else if (event->kind == AL_EVENT_CANCELLING)
        al_text_add_format(&s->what, "%llu asked for",
                           (unsigned long long)event->count);
    else if (event->kind == AL_EVENT_LOG || event->kind == AL_EVENT_EXCEPTION)
        al_story_add_first_line(&s->what, event->text ? event->text : "");
    else if (event->state)
        al_text_add(&s->what, event->state);
    else if (event->fd)
        al_text_add(&s->what, event->fd);
    if (event->kind == AL_EVENT_CALL_AT) {
        al_text_add(&s->what, " for ");
        al_page_add_seconds(&s->what, event->when);
    }
}

static void tell_deed(al_story *s, const al_event *event)
{
    al_line line = {.indent = 2, .event = s->index,
                    .verb = al_event_specs[event->kind].name,
                    .handle = event->handle};

    add_subject(s, event);
    add_particulars(s, event);
    line.what = al_text_peek(&s->what);
    al_moments_add(&s->deeds, s->page, &line);
    al_text_clear(&s->what);
}

/* -- what became of it ---------------------------------------------------- */

static void tell_creation(al_story *s, const al_event *event)
{
    if (!s->heading.length)
        al_phrase_scheduled(&s->heading, event);
    if (event->fd)
        al_text_add_format(&s->what, "%s ", event->fd);
    if (event->kind == AL_EVENT_CALL_AT) {
        al_text_add(&s->what, "for ");
        al_page_add_seconds(&s->what, event->when);
        al_text_add_char(&s->what, ' ');
    }
    al_story_add_by(s, event);
    al_story_put_moment(s, al_event_specs[event->kind].name, 0, event);
}

static void tell_run(al_story *s, const al_event *event)
{
    const al_traced_task *task =
        event->task ? al_state_task(s->state, event->task) : NULL;

    if (task) {
        al_text_add(&s->what, "step of ");
        al_phrase_task(&s->what, task->future.id, task->name);
    }
    al_story_put_moment(s, "run", 0, event);
    if (task)
        al_phrase_wakeup(&s->what, task);
    al_story_put_aside(s, "woken");
}

/* In ready, or taken from the heap. */
static void tell_ready(al_story *s, const al_event *event)
{
    al_story_put_moment(s, al_event_specs[event->kind].name, 0, event);
}

static void tell_cancel(al_story *s, const al_event *event)
{
    al_story_add_by(s, event);
    al_story_put_moment(s, "cancel", 0, event);
}

static void tell_skip(al_story *s, const al_event *event)
{
    al_text_add(&s->what, "it was cancelled: never called");
    al_story_put_moment(s, "skip", 0, event);
}

static void tell_prune(al_story *s, const al_event *event)
{
    al_text_add(&s->what, "it was cancelled: out of the heap");
    al_story_put_moment(s, "prune", 0, event);
}

void al_story_follow_handle(al_story *s, const al_event *event)
{
    static al_story_teller *const tellers[AL_EVENT_COUNT] = {
        [AL_EVENT_READY] = tell_ready,
        [AL_EVENT_DUE] = tell_ready,
        [AL_EVENT_RUN] = tell_run,
        [AL_EVENT_RAN] = al_story_tell_duration,
        [AL_EVENT_CANCEL] = tell_cancel,
        [AL_EVENT_SKIP] = tell_skip,
        [AL_EVENT_PRUNE] = tell_prune,
    };

    if (event->by == s->target->id && event->kind != AL_EVENT_RUN)
        tell_deed(s, event);
    if (event->handle != s->target->id)
        return;
    if (al_introduces_handle(event->kind))
        tell_creation(s, event);
    if (tellers[event->kind])
        tellers[event->kind](s, event);
}
