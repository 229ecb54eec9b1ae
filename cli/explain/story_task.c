/* story_task.c - what became of a task. */
#include "cli/explain/story_private.h"

#include <string.h>
#include "cli/account/wakeups.h"

static void name_it(al_story *s, const char *name, const char *coroutine)
{
    al_text_clear(&s->heading);
    al_text_add_format(&s->heading, "'%s': %s()", name ? name : "?",
                       coroutine ? coroutine : "?");
}

static void tell_task(al_story *s, const al_event *event)
{
    name_it(s, event->name, event->coroutine);
    al_story_add_by(s, event);
    al_story_put_moment(s, "task", 0, event);
}

/* From now on, and in the title. */
static void tell_name(al_story *s, const al_event *event)
{
    const al_traced_task *task = al_state_task(s->state, event->task);

    name_it(s, event->name, task ? task->coroutine : NULL);
    al_text_add_format(&s->what, "'%s' ", event->name ? event->name : "?");
    al_story_add_by(s, event);
    al_story_put_moment(s, "set_name", 0, event);
}

static void tell_step(al_story *s, const al_event *event)
{
    const al_traced_task *task = al_state_task(s->state, event->task);

    s->stepping = event->handle;
    al_text_add_format(&s->what, "step %llu", (unsigned long long)++s->steps);
    al_story_put_moment(s, "run", event->handle, event);
    if (task)
        al_phrase_wakeup(&s->what, task);
    al_story_put_aside(s, "woken");
    if (s->was_cancelled)
        s->is_thrown = true;
    s->was_cancelled = false;
}

/* The task before it in the chain of awaits was cancelled just before, and
 * handed it on. */
static bool is_handed_on(const al_story *s)
{
    const al_traced_task *from = al_state_task(s->state, s->latest_cancel);

    return s->latest_index + 2 >= s->index && from && from->waits &&
           from->waits->is_task && from->waits->id == s->target->id;
}

static void tell_cancel(al_story *s, const al_event *event)
{
    al_story_add_by(s, event);
    al_story_put_moment(s, "cancel", 0, event);
    if (is_handed_on(s)) {
        al_phrase_task(&s->what, s->latest_cancel,
                       al_state_task(s->state, s->latest_cancel)->name);
        al_text_add(&s->what, ", which waits for it");
    }
    al_story_put_aside(s, "through");
    s->was_cancelled = s->is_concerned = true;
}

static void tell_cancelling(al_story *s, const al_event *event)
{
    bool is_less = event->count < s->requests;

    s->requests = event->count;
    if (!is_less) {
        if (event->text)
            al_text_add_format(&s->what, "%s", event->text);
        al_story_put_aside(s, "message");
        return;
    }
    if (event->count == 0)
        s->is_thrown = false;
    al_text_add_format(&s->what, "%llu left, ",
                       (unsigned long long)event->count);
    al_story_add_by(s, event);
    al_story_put_moment(s, "uncancel", 0, event);
}

/* CancelledError was thrown in, and has not ended the task. */
static void tell_survival(al_story *s, const char *how)
{
    if (!s->is_thrown)
        return;
    al_text_add(&s->what, how);
    al_story_put_aside(s, "goes on");
    s->is_thrown = false;
}

static void tell_awaits(al_story *s, const al_event *event)
{
    al_phrase_awaited(&s->what, s->state, event);
    al_story_add_place(s, event);
    al_story_put_moment(s, "waits", 0, event);
    tell_survival(s, "though it was cancelled: CancelledError was caught, or "
                  "it cleans up");
}

static void tell_done(al_story *s, const al_event *event)
{
    bool is_cancelled = event->outcome &&
                        strcmp(event->outcome, "cancelled") == 0;

    al_story_add_outcome(s, event);
    al_story_put_moment(s, "done", 0, event);
    if (!is_cancelled)
        tell_survival(s, "to its end, though it was cancelled: "
                      "CancelledError was caught");
}

static void tell_step_end(al_story *s, const al_event *event)
{
    if (s->stepping != event->handle)
        return;
    s->stepping = 0;
    al_story_tell_duration(s, event);
}

static void tell_dropped(al_story *s, const al_event *event)
{
    al_story_put_moment(s, "dropped", 0, event);
}

void al_story_follow_task(al_story *s, const al_event *event)
{
    static al_story_teller *const tellers[AL_EVENT_COUNT] = {
        [AL_EVENT_TASK] = tell_task,
        [AL_EVENT_TASK_NAME] = tell_name,
        [AL_EVENT_RUN] = tell_step,
        [AL_EVENT_TASK_WAITS] = tell_awaits,
        [AL_EVENT_TASK_CANCEL] = tell_cancel,
        [AL_EVENT_CANCELLING] = tell_cancelling,
        [AL_EVENT_TASK_DONE] = tell_done,
        [AL_EVENT_DROPPED] = tell_dropped,
    };

    if (event->kind == AL_EVENT_RAN)
        tell_step_end(s, event);
    if (event->task == s->target->id && tellers[event->kind])
        tellers[event->kind](s, event);
}
