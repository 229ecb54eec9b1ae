/* story_future.c - what became of a future. */
#include "cli/explain/story_private.h"

static void tell_creation(al_story *s, const al_event *event)
{
    al_story_add_by(s, event);
    al_story_put_moment(s, "future", 0, event);
}

static void tell_done(al_story *s, const al_event *event)
{
    al_story_add_outcome(s, event);
    al_text_add_char(&s->what, ' ');
    al_story_add_by(s, event);
    al_story_put_moment(s, "done", 0, event);
}

static void tell_callback(al_story *s, const al_event *event)
{
    al_phrase_call(&s->what, event->callback ? event->callback : "?", NULL);
    al_story_put_moment(s, "callback", 0, event);
}

static void tell_waiter(al_story *s, const al_event *event)
{
    al_text_add_format(&s->what, "t%llu waits for it",
                       (unsigned long long)event->task);
    al_story_add_place(s, event);
    al_story_put_moment(s, "task_waits", 0, event);
}

static void tell_joined(al_story *s, const al_event *event)
{
    al_text_add_format(&s->what, "%s p%llu, %llu in it",
                       event->type ? event->type : "?",
                       (unsigned long long)event->primitive,
                       (unsigned long long)event->count);
    al_story_put_moment(s, event->left == s->target->id ? "leaves"
                                                        : "waits in",
                        0, event);
}

/* It came among the waiters of a lock or the like, or left them. */
static bool is_joined(const al_event *event, uint64_t id)
{
    return event->kind == AL_EVENT_WAITERS &&
           (event->joined == id || event->putter == id || event->left == id);
}

void al_story_follow_future(al_story *s, const al_event *event)
{
    static al_story_teller *const tellers[AL_EVENT_COUNT] = {
        [AL_EVENT_FUTURE] = tell_creation,
        [AL_EVENT_FUTURE_DONE] = tell_done,
        [AL_EVENT_TASK_WAITS] = tell_waiter,
        [AL_EVENT_ADD_DONE_CALLBACK] = tell_callback,
    };

    if (is_joined(event, s->target->id))
        tell_joined(s, event);
    else if (event->future == s->target->id && tellers[event->kind])
        tellers[event->kind](s, event);
}
