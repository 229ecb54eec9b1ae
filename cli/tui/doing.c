/* doing.c - what leads out of the stepper: breakpoints and marks kept in a
 * file, the screen and the trace exported, the source in an editor.
 *
 * Nothing of it writes unless it was asked to, nor ever over what is being
 * read. */
#include "cli/tui/stepper_private.h"

#include <string.h>
#include <sys/stat.h>
#include "cli/tui/screen_svg.h"
#include "cli/tui/session.h"
#include "loop/base/alloc.h"
#include "sim/base/sink.h"
#include "sim/trace/writer.h"

static void say_error(al_stepper *s, const al_error *err)
{
    al_stepper_say(s, AL_INK_ERROR, "%s", err->message);
}

static bool is_same_file(const char *path, const char *other)
{
    struct stat its, others;

    return stat(path, &its) == 0 && stat(other, &others) == 0 &&
           its.st_dev == others.st_dev && its.st_ino == others.st_ino;
}

/* Is it, by whatever name, a file that is looked at?  Then it is told. */
static bool is_read(al_stepper *s, const char *path)
{
    if (!is_same_file(path, s->file.origin.path) &&
        !(s->beside && is_same_file(path, s->beside->file.origin.path)))
        return false;
    al_stepper_say(s, AL_INK_ERROR, "'%s' is what is being read", path);
    return true;
}

/* -- saving ------------------------------------------------------------------- */

static void say_kept(al_stepper *s, const char *verb, const char *path)
{
    size_t stops = s->breakpoints.count, marks = s->marks.count;

    al_stepper_say(s, AL_INK_GOOD, "%s %zu breakpoint%s and %zu mark%s: %s",
                   verb, stops, stops == 1 ? "" : "s", marks,
                   marks == 1 ? "" : "s", path);
}

/* What is named, or the usual place; NULL: there is none, told. */
static const char *place_of(al_stepper *s, const char *words)
{
    const char *path = *words ? words : s->options.session;

    if (!path)
        al_stepper_say(s, AL_INK_ERROR, "there is no usual place for this; "
                       "name a file: save FILE");
    return path;
}

void al_stepper_save(al_stepper *s, const char *words)
{
    const char *path = place_of(s, words);
    al_text text = {0};
    al_error err = {0};

    if (!path || is_read(s, path))
        return;
    if (!*words)
        al_session_make_place(path);
    al_session_write(&s->breakpoints, &s->marks, s->file.origin.path, &text);
    if (al_session_save(path, text.bytes, text.length, &err))
        say_kept(s, "saved", path);
    else
        say_error(s, &err);
    al_text_release(&text);
}

/* In place of those that there are; where it cannot be read these stay. */
static bool load(al_stepper *s, const char *path, bool *is_absent)
{
    al_session session = {0};
    al_error err = {0};

    if (!al_session_load(&session, path, is_absent, &err)) {
        say_error(s, &err);
        al_session_release(&session);
        return false;
    }
    al_breakpoints_release(&s->breakpoints);
    al_bookmarks_release(&s->marks);
    s->breakpoints = session.breakpoints;
    s->marks = session.marks;
    say_kept(s, "loaded", path);
    return true;
}

void al_stepper_load(al_stepper *s, const char *words)
{
    const char *path = place_of(s, words);
    bool is_absent;

    if (path)
        load(s, path, &is_absent);
}

void al_stepper_load_usual(al_stepper *s)
{
    bool is_absent = false;

    if (s->options.session && !load(s, s->options.session, &is_absent) &&
        is_absent)
        al_text_clear(&s->message);
}

/* -- exporting ---------------------------------------------------------------- */

static bool ends_in(const char *path, const char *end)
{
    size_t length = strlen(path), its = strlen(end);

    return length > its && strcmp(path + length - its, end) == 0;
}

static void export_view(al_stepper *s, const char *path)
{
    al_screen screen = {0};
    al_text text = {0};
    al_error err = {0};

    al_text_clear(&s->message);
    al_screen_resize(&screen, s->width, s->height);
    al_stepper_draw(s, &screen);
    if (ends_in(path, ".svg"))
        al_screen_write_svg(&screen, s->options.theme, s->config->looks,
                            &text);
    else
        al_screen_print(&screen, &text);
    if (al_sink_write_file(path, al_text_peek(&text), text.length, &err))
        al_stepper_say(s, AL_INK_GOOD, "exported the view: %s", path);
    else
        say_error(s, &err);
    al_text_release(&text);
    al_screen_release(&screen);
}

static void write_event(void *self, uint64_t at, const al_event *event)
{
    (void)at;
    al_observer_emit(*(const al_observer *)self, event);
}

/* Read what is not known yet.  False: somebody gave it up, told. */
static bool read_rest(al_stepper *s)
{
    uint64_t at = al_history_at(s->history);

    al_go_to(s->history, UINT64_MAX, &s->options.patience);
    al_history_go(s->history, at);
    if (al_history_is_complete(s->history))
        return true;
    al_stepper_say(s, AL_INK_WARNING, "given up: nothing was exported");
    return false;
}

static void export_trace(al_stepper *s, const char *path)
{
    al_error err = {0};
    al_sink sink = {NULL, NULL};
    al_trace_writer *writer;
    al_observer observer;
    uint64_t known;

    if (!read_rest(s))
        return;
    known = al_history_known(s->history);
    sink = al_file_sink_new(path, &err);
    if (!sink.ops) {
        say_error(s, &err);
        return;
    }
    writer = al_trace_writer_new(sink, al_history_header(s->history), NULL);
    observer = al_trace_writer_observer(writer);
    al_history_look(s->history, 1, known, write_event, &observer);
    if (al_trace_writer_finish(writer, &err))
        al_stepper_say(s, AL_INK_GOOD, "exported %llu event%s: %s",
                       (unsigned long long)known, known == 1 ? "" : "s",
                       path);
    else
        say_error(s, &err);
    al_trace_writer_free(writer);
}

void al_stepper_export(al_stepper *s, const char *words)
{
    size_t length = strcspn(words, " ");
    const char *path = words + length + strspn(words + length, " ");
    bool is_view = length == 4 && strncmp(words, "view", length) == 0;
    bool is_trace = length == 5 && strncmp(words, "trace", length) == 0;

    if (!*path || (!is_view && !is_trace))
        al_stepper_say(s, AL_INK_ERROR, "export what?  view FILE.txt, "
                       "view FILE.svg, trace FILE.jsonl");
    else if (is_read(s, path))
        return;
    else if (is_view)
        export_view(s, path);
    else
        export_trace(s, path);
}

/* -- editing ------------------------------------------------------------------ */

/* The line that is chosen among the program's, or the one that runs. */
void al_stepper_edit(al_stepper *s)
{
    al_moment now = al_stepper_now(s);
    const al_pane *pane = &s->layout.panes[AL_VIEW_PROGRAM];
    const char *name, *path;
    al_error err = {0};
    size_t line;

    if (!al_view_program_place(pane->view, &now, &name, &path, &line)) {
        al_stepper_say(s, AL_INK_WARNING, "the trace names no source");
        return;
    }
    if (pane->has_chosen && pane->chosen.kind == AL_THING_LINE)
        line = (size_t)pane->chosen.id;
    if (!path)
        al_stepper_say(s, AL_INK_WARNING, "%s was not found", name);
    else if (!s->options.edit)
        al_stepper_say(s, AL_INK_WARNING, "there is no terminal for an "
                       "editor: %s:%zu", path, line ? line : 1);
    else if (!s->options.edit(s->options.self, path, line ? line : 1, &err))
        say_error(s, &err);
}
