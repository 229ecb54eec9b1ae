/* exporting.c - the screen or the trace in a file, never the one that is being
 * read, nor unasked in place of another. */
#include "cli/step/private.h"

#include <string.h>
#include <sys/stat.h>
#include "cli/command.h"
#include "cli/tui/screen_svg.h"
#include "sim/base/path.h"
#include "sim/base/sink.h"

/* Is it what messages call "<stdin>"? */
static bool comes_from(const al_origin *origin, const char *path)
{
    bool is_stdin = strcmp(origin->path, "<stdin>") == 0;

    return al_reads_file(is_stdin ? "-" : origin->path, path);
}

bool al_stepper_reads(al_stepper *s, const char *path)
{
    if (!comes_from(&s->file.origin, path) &&
        !(s->beside && comes_from(&s->beside->file.origin, path)))
        return false;
    al_stepper_say(s, AL_INK_ERROR, "'%s' is what is being read", path);
    return true;
}

bool al_stepper_spares(al_stepper *s, const char *path)
{
    struct stat status;
    bool is_there = stat(path, &status) == 0;
    bool is_pipe = is_there && S_ISFIFO(status.st_mode);

    if (is_pipe)
        al_stepper_say(s, AL_INK_ERROR, "'%s' is a pipe: the keys would wait "
                       "for its reader", path);
    else if (is_there && S_ISREG(status.st_mode) && !s->insists)
        al_stepper_say(s, AL_INK_ERROR, "'%s' is there already: with a ! "
                       "behind the command it is replaced", path);
    else
        return false;
    return true;
}

/* A screen is text, unless the name says that it is not. */
static bool can_be_view(al_stepper *s, const char *path)
{
    const char *name = al_path_name(path);

    if (!strchr(name, '.') || al_ends_with(name, ".txt") ||
        al_ends_with(name, ".svg"))
        return true;
    al_stepper_say(s, AL_INK_ERROR, "'%s' is neither .txt nor .svg: a view is "
                   "exported as text or as svg", path);
    return false;
}

static void export_view(al_stepper *s, const char *path)
{
    al_screen screen = {0};
    al_text text = {0};
    bool is_svg = al_ends_with(path, ".svg");
    al_error err = {0};

    al_text_clear(&s->message);
    al_screen_resize(&screen, s->width, s->height);
    al_stepper_draw(s, &screen);
    if (is_svg)
        al_screen_write_svg(&screen, s->options.theme, s->config->looks,
                            &text);
    else
        al_screen_print(&screen, &text);
    if (al_sink_write_file(path, al_text_peek(&text), text.length, &err))
        al_stepper_say(s, AL_INK_GOOD, "exported the view as %s: %s",
                       is_svg ? "svg" : "text", path);
    else
        al_stepper_say(s, AL_INK_ERROR, "%s", err.message);
    al_text_release(&text);
    al_screen_release(&screen);
}

/* Read what is not known yet.  False: somebody gave it up, told. */
static bool read_rest(al_stepper *s)
{
    uint64_t at = al_history_at(s->history);
    al_arrival arrival = al_go_to(s->history, UINT64_MAX,
                                  &s->options.patience);

    al_history_go(s->history, at);
    if (arrival == AL_GIVEN_UP)
        al_stepper_say(s, AL_INK_WARNING, "given up: nothing was exported");
    return arrival != AL_GIVEN_UP;
}

/* Not as the stepper tells it, since its start, but as it was written. */
static bool copy_trace(const al_stepper *s, const char *path, al_error *err)
{
    al_sink sink = al_file_sink_new(path, err);
    bool ok;

    if (!sink.ops)
        return false;
    ok = al_history_copy(s->history, sink, err) && al_sink_finish(sink, err);
    al_sink_free(sink);
    return ok;
}

static void export_trace(al_stepper *s, const char *path)
{
    uint64_t known;
    al_error err = {0};

    if (!read_rest(s))
        return;
    known = al_history_known(s->history);
    if (copy_trace(s, path, &err))
        al_stepper_say(s, AL_INK_GOOD, "exported %llu event%s: %s",
                       (unsigned long long)known, known == 1 ? "" : "s",
                       path);
    else
        al_stepper_say(s, AL_INK_ERROR, "%s", err.message);
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
    else if ((is_view && !can_be_view(s, path)) ||
             al_stepper_reads(s, path) || al_stepper_spares(s, path))
        return;
    else if (is_view)
        export_view(s, path);
    else
        export_trace(s, path);
}
