/* log_lines.c - what a program logs; see log_lines.h.
 *
 * Each line is written at once: whoever waits for a line in a pipe gets it. */
#include "cli/log_lines.h"

#include "loop/base/alloc.h"
#include "sim/base/escape.h"

enum { LOOK_UP_EVERY = 4096 }; /* events */

struct al_log_lines {
    al_sink sink;
    atomic_bool *failed;
    uint64_t events;
    al_text line;
    al_error error;
    bool has_failed;
};

static void check(al_log_lines *lines, bool ok)
{
    if (ok)
        return;
    lines->has_failed = true;
    if (lines->failed)
        atomic_store(lines->failed, true);
}

static void write_line(al_log_lines *lines, const al_event *event)
{
    al_text *line = &lines->line;

    al_text_clear(line);
    al_text_add_char(line, '[');
    al_text_add_double(line, event->time);
    al_text_add(line, "] ");
    if (event->level)
        al_text_add_format(line, "%s: ", event->level);
    al_escape_add(line, event->text ? event->text : "");
    al_text_add_char(line, '\n');
    check(lines, al_sink_write(lines->sink, line->bytes, line->length,
                               &lines->error));
}

static void emit(void *self, const al_event *event)
{
    al_log_lines *lines = self;

    if (lines->has_failed)
        return;
    if (event->kind == AL_EVENT_LOG)
        write_line(lines, event);
    else if (++lines->events % LOOK_UP_EVERY == 0)
        check(lines, al_sink_check(lines->sink, &lines->error));
}

static const al_observer_ops log_lines_ops = {.emit = emit};

al_log_lines *al_log_lines_new(al_sink sink, atomic_bool *failed)
{
    al_log_lines *lines = al_alloc_zero(1, sizeof *lines);

    lines->sink = sink;
    lines->failed = failed;
    return lines;
}

al_observer al_log_lines_observer(al_log_lines *lines)
{
    return (al_observer){&log_lines_ops, lines};
}

bool al_log_lines_finish(al_log_lines *lines, al_error *err)
{
    if (!lines->has_failed)
        lines->has_failed = !al_sink_finish(lines->sink, &lines->error);
    return !lines->has_failed || al_fail(err, "%s", lines->error.message);
}

void al_log_lines_free(al_log_lines *lines)
{
    if (!lines)
        return;
    al_sink_free(lines->sink);
    al_text_release(&lines->line);
    al_free(lines);
}
