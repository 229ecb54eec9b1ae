/* view_log.c - what was logged, reported and raised so far. */
#include "cli/tui/view.h"

#include "cli/page.h"
#include "cli/phrases.h"
#include "loop/base/alloc.h"

static size_t count(al_view *view, const al_moment *now)
{
    (void)view;
    return al_history_picked(now->history);
}

static void add_exception(const al_event *event, al_text *out)
{
    if (event->message)
        al_text_add_format(out, "%s: ", event->message);
    if (event->type)
        al_phrase_exception(out, event->type, event->text);
}

static al_ink add_what(const al_event *event, al_text *out)
{
    switch (event->kind) {
    case AL_EVENT_LOG:
        if (event->level)
            al_text_add_format(out, "%s: ", event->level);
        al_text_add(out, event->text ? event->text : "");
        return event->level ? AL_INK_WARNING : AL_INK_LOG;
    case AL_EVENT_DEADLOCK:
        al_text_add(out, "deadlock: nothing can ever happen again");
        return AL_INK_ERROR;
    case AL_EVENT_END:
        al_text_add(out, event->type ? "the program failed: "
                                     : "the program ended");
        add_exception(event, out);
        return event->type ? AL_INK_ERROR : AL_INK_GOOD;
    case AL_EVENT_THREAD_ERROR:
        al_text_add_format(out, "thread %s: ",
                           event->function ? event->function : "?");
        add_exception(event, out);
        return AL_INK_ERROR;
    default:
        add_exception(event, out);
        return AL_INK_ERROR;
    }
}

static void add_row(al_view *view, const al_moment *now, size_t index,
                    al_row *row)
{
    uint64_t at;
    const al_event *event = al_history_picked_event(now->history, index, &at);
    al_text text = {0}, line = {0};
    al_ink ink;

    (void)view;
    if (!event)
        return;
    al_page_add_brief_seconds(&text, event->time);
    al_row_add_aligned(row, AL_INK_TIME, text.bytes);
    al_row_add(row, AL_INK_PLAIN, " ");
    al_text_clear(&text);
    ink = add_what(event, &text);
    al_text_add_as_line(&line, al_text_peek(&text), now->glyphs->line_end);
    al_row_add(row, ink, al_text_peek(&line));
    row->thing = (al_thing){AL_THING_EVENT, at};
    al_text_release(&text);
    al_text_release(&line);
}

static size_t current(al_view *view, const al_moment *now)
{
    size_t lines = count(view, now);

    return lines > 0 ? lines - 1 : SIZE_MAX;
}

static const al_view_ops ops = {
    .name = "log",
    .title = "Log",
    .count = count,
    .row = add_row,
    .current = current,
};

al_view *al_view_log_new(void)
{
    al_view *view = al_alloc_zero(1, sizeof *view);

    view->ops = &ops;
    return view;
}
