/* view_log.c - what was logged, reported and raised so far: the events that its
 * history picked. */
#include "cli/tui/view.h"

#include "cli/page.h"
#include "cli/phrases.h"
#include "loop/base/alloc.h"

static void add_exception(const al_event *event, al_text *out)
{
    if (event->message)
        al_text_add_format(out, "%s: ", event->message);
    if (event->type)
        al_phrase_exception(out, event->type, event->text);
}

/* -- what each event says -------------------------------------------------- */

static al_ink add_log(const al_event *event, al_text *out)
{
    if (event->level)
        al_text_add_format(out, "%s: ", event->level);
    al_text_add(out, event->text ? event->text : "");
    return event->level ? AL_INK_WARNING : AL_INK_LOG;
}

static al_ink add_report(const al_event *event, al_text *out)
{
    add_exception(event, out);
    return AL_INK_ERROR;
}

static al_ink add_thread_error(const al_event *event, al_text *out)
{
    al_text_add_format(out, "thread %s: ",
                       event->function ? event->function : "?");
    return add_report(event, out);
}

static al_ink add_deadlock(const al_event *event, al_text *out)
{
    (void)event;
    al_text_add(out, "deadlock: nothing can ever happen again");
    return AL_INK_ERROR;
}

static al_ink add_end(const al_event *event, al_text *out)
{
    al_text_add(out, event->type ? "the program failed: "
                                 : "the program ended");
    add_exception(event, out);
    return event->type ? AL_INK_ERROR : AL_INK_GOOD;
}

/* NULL: the log has no such events. */
static al_ink (*const adders[AL_EVENT_COUNT])(const al_event *event,
                                              al_text *out) = {
    [AL_EVENT_LOG] = add_log,
    [AL_EVENT_EXCEPTION] = add_report,
    [AL_EVENT_THREAD_ERROR] = add_thread_error,
    [AL_EVENT_DEADLOCK] = add_deadlock,
    [AL_EVENT_END] = add_end,
};

bool al_view_log_picks(const al_event *event)
{
    return adders[event->kind] != NULL;
}

/* -- its rows -------------------------------------------------------------- */

static size_t count(al_view *view, const al_moment *now)
{
    (void)view;
    return al_history_picked(now->history);
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
    ink = adders[event->kind](event, &text);
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
