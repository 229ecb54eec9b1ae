/* story.c - see story.h.
 *
 * Each event that concerns the target becomes a line: the moment, what
 * happened, and where.  Chains and lateness have files of their own, and what
 * is told of each kind of target. */
#include "cli/explain/story_private.h"

#include "loop/base/alloc.h"

al_story *al_story_new(const al_page *page, const al_target *target,
                       const al_chain *made, const al_chain *ended)
{
    al_story *s = al_alloc_zero(1, sizeof *s);

    s->page = page;
    s->target = target;
    s->state = al_state_new(NULL);
    s->made = al_hops_new(made, target->index);
    if (target->ended_index)
        s->ended = al_hops_new(ended, target->ended_index);
    if (target->kind == AL_TARGET_HANDLE)
        s->lateness = al_lateness_new(target);
    return s;
}

void al_story_free(al_story *s)
{
    if (!s)
        return;
    al_state_free(s->state);
    al_text_release(&s->heading);
    al_text_release(&s->what);
    al_text_release(&s->note);
    al_moments_release(&s->moments);
    al_moments_release(&s->deeds);
    al_hops_free(s->made);
    al_hops_free(s->ended);
    al_lateness_free(s->lateness);
    al_free(s);
}

/* -- a line of the log, or a time ----------------------------------------- */

static void follow_log(al_story *s, const al_event *event)
{
    if (s->index != s->target->index)
        return;
    al_story_add_first_line(&s->heading, event->text ? event->text : "");
    al_story_add_by(s, event);
    al_story_put_moment(s, "log", 0, event);
}

/* With s->what and s->note. */
static void put_in_queue(al_story *s, const char *verb,
                         const al_traced *handle)
{
    al_line line = {.indent = 2, .verb = verb, .handle = handle->id,
                    .what = s->what.bytes, .note = al_text_peek(&s->note)};

    al_moments_add(&s->moments, s->page, &line);
    al_text_clear(&s->what);
    al_text_clear(&s->note);
}

static void add_queues(al_story *s, const al_loop_state *loop)
{
    al_text_clear(&s->note);
    for (size_t i = 0; i < loop->ring_count && i < AL_FIRST_MOMENTS; i++) {
        const al_traced *handle = al_loop_state_ready(loop, i);

        al_phrase_handle(&s->what, handle);
        put_in_queue(s, "ready", handle);
    }
    for (size_t i = 0; i < loop->heap.count && i < AL_FIRST_MOMENTS; i++) {
        const al_traced *handle = loop->heap.entries[i].item;

        al_phrase_handle(&s->what, handle);
        al_phrase_deadline(&s->note, handle->when, s->target->time);
        put_in_queue(s, "scheduled", handle);
    }
}

static void follow_time(al_story *s, const al_event *event)
{
    static const char *const phases[] = {
        "is not running yet", "begins to run", "begins a turn",
        "waits in select", "takes in what is due", "runs callbacks",
        "has stopped", "is closed"};
    const al_loop_state *loop = al_state_loop(s->state, event->loop);

    if (!loop || s->index != s->target->index)
        return;
    al_text_add_format(&s->heading, "the loop %s", phases[loop->phase]);
    if (loop->running) {
        al_text_clear(&s->heading);
        al_phrase_handle(&s->heading, loop->running);
        al_text_add(&s->heading, " runs");
    }
    add_queues(s, loop);
}

/* -- the whole ------------------------------------------------------------ */

static void follow(al_story *s, const al_event *event)
{
    switch (s->target->kind) {
    case AL_TARGET_HANDLE:
        al_story_follow_handle(s, event);
        break;
    case AL_TARGET_TASK:
        al_story_follow_task(s, event);
        break;
    case AL_TARGET_FUTURE:
        al_story_follow_future(s, event);
        break;
    case AL_TARGET_LOG:
        follow_log(s, event);
        break;
    case AL_TARGET_TIME:
        follow_time(s, event);
        break;
    case AL_TARGET_WORD:
        break;
    }
}

void al_story_add(al_story *s, const al_event *event, uint64_t index)
{
    s->index = index;
    al_state_apply(s->state, event);
    s->has_counts |= event->kind == AL_EVENT_CANCELLING;
    al_hops_add(s->made, s->state, event, index);
    if (s->ended)
        al_hops_add(s->ended, s->state, event, index);
    if (s->lateness)
        al_lateness_add(s->lateness, s->state, event);
    follow(s, event);
    if (event->kind == AL_EVENT_TASK_CANCEL) {
        s->latest_cancel = event->task;
        s->latest_index = index;
    }
}

static void add_title(const al_story *s, al_text *out)
{
    al_text title = {0}, time = {0};

    if (s->target->kind == AL_TARGET_TIME ||
        s->target->kind == AL_TARGET_LOG) {
        al_page_add_seconds(&time, s->target->time);
        al_text_add(&title, s->heading.bytes);
    } else {
        al_text_add_char(&title, "?htf"[s->target->kind]);
        al_text_add_uint(&title, s->target->id);
        if (s->heading.length)
            al_text_add_format(&title, " %s", s->heading.bytes);
    }
    al_page_add_heading(s->page, out, al_text_peek(&title), "",
                        al_text_peek(&time));
    al_phrase_since_line(s->page, out, s->target->since);
    al_text_release(&title);
    al_text_release(&time);
}

static void add_section(const al_story *s, al_text *out, const char *heading)
{
    al_text_add_char(out, '\n');
    al_page_add_heading(s->page, out, heading, "", "");
}

/* Who hands a cancellation on, catches it or takes it back is told by detail
 * events alone. */
static void add_doubt(const al_story *s, al_text *out)
{
    const al_line line = {
        .indent = 2,
        .what = "this trace has no cancelling events: through whom a cancellation "
                "came, and who swallowed it or took it back, is a guess",
        .what_role = AL_ROLE_WARNING,
        .most_lines = 3,
        .is_wide = true,
    };

    if (!s->is_concerned || s->has_counts)
        return;
    al_text_add_char(out, '\n');
    al_page_add_line(s->page, out, &line);
}

void al_story_write(al_story *s, al_text *out)
{
    static const char *const made[] = {
        "", "why it was scheduled", "why it was created",
        "why it was created", "why it was logged", "why it runs"};
    bool is_idle = s->target->kind == AL_TARGET_TIME &&
                   s->target->made_by == AL_BY_PROGRAM;

    add_title(s, out);
    al_moments_write(&s->moments, out);
    add_doubt(s, out);
    if (s->lateness)
        al_lateness_write(s->lateness, s->page, out);
    if (!is_idle) {
        add_section(s, out, made[s->target->kind]);
        al_hops_write(s->made, s->page, out);
    }
    if (s->ended) {
        add_section(s, out, s->target->kind == AL_TARGET_TASK
                                ? "why it was cancelled" : "why it is done");
        al_hops_write(s->ended, s->page, out);
    }
    if (s->deeds.count) {
        add_section(s, out, "what it did");
        al_moments_write(&s->deeds, out);
    }
}
