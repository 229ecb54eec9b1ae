/* story_lines.c - how a story's line is put. */
#include "cli/explain/story_private.h"

#include <string.h>
#include "cli/account/wakeups.h"

void al_story_put_moment(al_story *s, const char *verb, uint64_t handle,
                         const al_event *event)
{
    const al_loop_state *loop = al_state_loop(s->state, event->loop);
    al_line line = {.indent = 2, .event = s->index, .verb = verb,
                    .handle = handle, .what = al_text_peek(&s->what),
                    .most_lines = 3};

    al_text_clear(&s->note);
    al_phrase_moment(&s->note, event->time, loop ? loop->iteration : 0);
    line.note = s->note.bytes;
    al_moments_add(&s->moments, s->page, &line);
    al_text_clear(&s->what);
}

void al_story_put_aside(al_story *s, const char *verb)
{
    al_line line = {.indent = 4, .verb = verb, .most_lines = 3,
                    .what = s->what.bytes, .what_role = AL_ROLE_NOTE};

    if (s->what.length)
        al_moments_add(&s->moments, s->page, &line);
    al_text_clear(&s->what);
}

/* "by h5, Timeout._on_timeout" */
static void add_handle(al_story *s, uint64_t id)
{
    const al_traced *handle = al_state_handle(s->state, id);
    const al_traced_task *task =
        handle && handle->task ? al_state_task(s->state, handle->task) : NULL;

    al_text_add_format(&s->what, "by h%llu", (unsigned long long)id);
    if (task) {
        al_text_add(&s->what, ", ");
        al_phrase_task(&s->what, task->future.id, task->name);
    } else if (handle) {
        al_text_add_format(&s->what, ", %s", handle->callback);
    }
}

static void add_job(al_story *s, uint64_t number)
{
    const al_traced_job *job = al_state_job(s->state, number);

    al_text_add(&s->what, "by ");
    al_phrase_job(&s->what, job ? job : &(al_traced_job){.number = number});
}

void al_story_add_by(al_story *s, const al_event *event)
{
    if (event->by == AL_BY_PROGRAM)
        al_text_add(&s->what, "by the program");
    else if (event->by == AL_BY_WORLD)
        al_text_add(&s->what, "by the world");
    else if (al_cause_job(event->by))
        add_job(s, al_cause_job(event->by));
    else
        add_handle(s, event->by);
}

void al_story_add_place(al_story *s, const al_event *event)
{
    if (event->where)
        al_text_add_format(&s->what, ", %s", al_phrase_place(event->where));
}

void al_story_add_outcome(al_story *s, const al_event *event)
{
    al_text_add(&s->what, event->outcome ? event->outcome : "?");
    if (event->type) {
        al_text_add_char(&s->what, ' ');
        al_phrase_exception(&s->what, event->type, event->text);
    } else if (event->text) {
        al_text_add_format(&s->what, " %s", event->text);
    }
}

void al_story_add_first_line(al_text *out, const char *text)
{
    size_t length = strcspn(text, "\n");

    al_text_add_bytes(out, text, length);
    if (text[length])
        al_text_add(out, " …");
}

void al_story_tell_duration(al_story *s, const al_event *event)
{
    if (!(event->duration > 0))
        return;
    al_text_add(&s->what, "took ");
    al_page_add_rough_seconds(&s->what, event->duration);
    al_story_put_moment(s, "ran", 0, event);
}
