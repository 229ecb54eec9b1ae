/* keeping.c - breakpoints and marks, kept in a file for the next time.
 *
 * Nothing is written unless it was asked for. */
#include "cli/step/private.h"

#include "cli/step/session.h"
#include "sim/base/sink.h"

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

/* What was saved before is there to be replaced. */
static bool was_saved(const char *path)
{
    al_session session = {0};
    al_error err = {0};
    bool is_absent;
    bool was = al_session_load(&session, path, &is_absent, &err) &&
               session.is_written;

    al_session_release(&session);
    return was;
}

static void save(al_stepper *s, const char *words)
{
    const char *path = place_of(s, words);
    al_text text = {0};
    al_error err = {0};

    if (!path || al_stepper_reads(s, path) ||
        (*words && !was_saved(path) && al_stepper_spares(s, path)))
        return;
    if (!*words)
        al_session_make_place(path);
    if (al_session_write(&s->breakpoints, &s->marks, s->file.origin.path,
                         &text, &err) &&
        al_sink_write_file(path, text.bytes, text.length, &err))
        say_kept(s, "saved", path);
    else
        al_stepper_say(s, AL_INK_ERROR, "%s", err.message);
    al_text_release(&text);
}

/* In place of those that there are, numbers from 1 again; where it cannot be
 * read these stay. */
static bool load(al_stepper *s, const char *path, bool *is_absent)
{
    al_session session = {0};
    al_error err = {0};

    if (!al_session_load(&session, path, is_absent, &err)) {
        al_stepper_say(s, AL_INK_ERROR, "%s", err.message);
        al_session_release(&session);
        return false;
    }
    al_breakpoints_release(&s->breakpoints);
    al_bookmarks_release(&s->marks);
    s->breakpoints = session.breakpoints;
    s->marks = session.marks;
    say_kept(s, "loaded", path);
    al_stepper_check_marks(s);
    return true;
}

static void load_named(al_stepper *s, const char *words)
{
    const char *path = place_of(s, words);
    bool is_absent;

    if (path)
        load(s, path, &is_absent);
}

/* Of two traces the marks of the one on the left are kept, which was there
 * first. */
static void on_left(al_stepper *s, void (*keep)(al_stepper *, const char *),
                    const char *words)
{
    bool is_right = s->beside && s->beside->driven == AL_RIGHT;

    if (is_right)
        al_stepper_exchange(s);
    keep(s, words);
    if (is_right)
        al_stepper_exchange(s);
}

void al_stepper_save(al_stepper *s, const char *words)
{
    on_left(s, save, words);
}

void al_stepper_load(al_stepper *s, const char *words)
{
    on_left(s, load_named, words);
}

void al_stepper_load_usual(al_stepper *s)
{
    bool is_absent = false;

    if (s->options.session && !load(s, s->options.session, &is_absent) &&
        is_absent)
        al_text_clear(&s->message);
}
