/* step.c - asyncloop-sim step: a trace looked at step by step, forwards and
 * backwards. */
#include "cli/command.h"

#include <errno.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "cli/diff/reading.h"
#include "cli/source.h"
#include "cli/step/on_terminal.h"
#include "cli/step/opening.h"
#include "cli/step/places.h"
#include "cli/step/session.h"
#include "cli/step/stepper.h"
#include "cli/tui/layout.h"
#include "cli/tui/terminal.h"
#include "loop/base/alloc.h"
#include "sim/base/sink.h"

static struct {
    const char *keys, *size, *theme, *color, *config, *diff;
    bool dump, ascii;
    unsigned ignored; /* AL_IGNORE_… */
    al_strings set, ignore;
} o = {.keys = ""};

#define BLANK_AND_NAME(THEME, name) " " #name

static const al_option options[] = {
    {AL_OPTION_STRING, 0, "keys", "KEYS",
     "press these keys first: nn, :break compact<Enter>c", &o.keys, NULL},
    {AL_OPTION_FLAG, 0, "dump", NULL,
     "print the screen after them as text, and end", &o.dump, NULL},
    {AL_OPTION_STRING, 0, "size", "COLSxLINES",
     "of the screen that is printed (default: 100x30, least: 60x20)", &o.size,
     NULL},
    {AL_OPTION_FLAG, 0, "ascii", NULL,
     "draw lines and signs with ASCII alone", &o.ascii, NULL},
    {AL_OPTION_CHOICE, 0, "theme", "NAME",
     "dark (default), light, mono: without colours, as NO_COLOR", &o.theme,
     &AL_THEMES(BLANK_AND_NAME)[1]},
    {AL_OPTION_STRING, 0, "config", "FILE",
     "keys, colours and layout (default: see 'help config')", &o.config,
     NULL},
    AL_OPTION_SET(&o.set),
    {AL_OPTION_STRING, 0, "diff", "FILE",
     "another run beside this one, at the same place by cause", &o.diff, NULL},
    AL_OPTION_IGNORE(&o.ignore),
    AL_OPTION_COLOR(&o.color),
    {.kind = AL_OPTION_END},
};

enum { WIDEST = 1000, HIGHEST = 1000, USUAL_WIDTH = 100, USUAL_HEIGHT = 30 };

/* "100x30".  False: it is no size, told. */
static bool read_size(int *width, int *height)
{
    char after;

    *width = USUAL_WIDTH;
    *height = USUAL_HEIGHT;
    if (!o.size)
        return true;
    if (sscanf(o.size, "%4dx%4d%c", width, height, &after) != 2 ||
        *width <= 0 || *height <= 0 || *width > WIDEST || *height > HIGHEST)
        al_complain("'%s' is no size like 100x30", o.size);
    else if (*width < AL_LEAST_WIDTH || *height < AL_LEAST_HEIGHT)
        al_complain("%s is too small: at least %dx%d", o.size, AL_LEAST_WIDTH,
                    AL_LEAST_HEIGHT);
    else
        return true;
    return false;
}

/* -- what somebody likes ----------------------------------------------------- */

/* The first mistake in a line, for the stepper to say. */
static void tell_mistakes(const al_diagnostics *wrong, al_text *notice)
{
    al_text text = {0};

    if (wrong->total == 0)
        return;
    al_diagnostics_write(wrong, al_want_color(o.color, STDERR_FILENO), &text);
    al_warn(text.bytes);
    al_text_add_format(notice, "%s:%d:%d: %s", wrong->path,
                       wrong->items[0].line, wrong->items[0].column,
                       wrong->items[0].message);
    al_text_release(&text);
}

/* What is wrong in it is told, and the rest holds.  False: the one that was
 * asked for cannot be read. */
static bool read_config(al_config *config, al_text *notice)
{
    char *usual = o.config ? NULL : al_step_config_path();
    const char *path = o.config ? o.config : usual;
    al_diagnostics wrong = {0};
    bool ok = true;

    if (path && !al_config_load(config, path, &wrong) &&
        (o.config || (errno != ENOENT && errno != ENOTDIR))) {
        if (errno != EINTR)
            al_complain("cannot read '%s': %s", path, strerror(errno));
        ok = !o.config;
    }
    tell_mistakes(&wrong, notice);
    al_diagnostics_release(&wrong);
    al_free(usual);
    return ok;
}

/* By its name, which is one of them. */
static al_theme theme_named(const char *name)
{
    int theme = 0;

    while (strcmp(al_theme_names[theme], name) != 0)
        theme++;
    return (al_theme)theme;
}

static al_theme wanted_theme(const al_config *config)
{
    const char *no_color = getenv("NO_COLOR");
    bool is_mono = (no_color && *no_color && !o.theme) ||
                   (o.color && strcmp(o.color, "never") == 0);

    if (is_mono)
        return AL_THEME_MONO;
    if (o.theme)
        return theme_named(o.theme);
    return config->has_theme ? config->theme : AL_THEME_DARK;
}

/* -- keys ---------------------------------------------------------------------- */

static bool check_keys(void)
{
    const char *at = o.keys;
    al_key key;

    while (*at) {
        const char *next = al_key_parse(at, &key);

        if (!next) {
            al_complain("--keys: there is no key '%.12s' (<Enter>, <Esc>, "
                        "<Tab>, <C-d>; < is <lt>)", at);
            return false;
        }
        at = next;
    }
    return true;
}

/* -- without a terminal ---------------------------------------------------------- */

static void read_all(al_stepper *stepper)
{
    while (!atomic_load(&al_interrupted) && al_stepper_work(stepper, true))
        ;
}

/* The screen is drawn before the keys, too: what they do may depend on what
 * can be seen. */
static al_exit dump(al_stepper *stepper, int width, int height)
{
    al_screen screen = {0};
    al_text text = {0};
    al_error err = {0};

    al_screen_resize(&screen, width, height);
    read_all(stepper);
    al_stepper_draw(stepper, &screen);
    al_stepper_press(stepper, o.keys);
    read_all(stepper);
    al_stepper_draw(stepper, &screen);
    al_screen_print(&screen, &text);
    fwrite(al_text_peek(&text), 1, text.length, stdout);
    al_text_release(&text);
    al_screen_release(&screen);
    if (al_stepper_check(stepper, &err))
        return AL_EXIT_OK;
    al_complain("%s", err.message);
    return AL_EXIT_USAGE;
}

/* -- the command --------------------------------------------------------------------- */

static bool has_key(void *self)
{
    (void)self;
    return atomic_load(&al_interrupted) ||
           (!o.dump && al_terminal_has_key());
}

static al_opening opening = {.set = &o.set};

/* --diff.  Not OK: it cannot be read; told. */
static al_exit open_diff(al_stepper *stepper)
{
    al_text why = {0};
    al_exit status = AL_EXIT_OK;

    opening.failure = AL_EXIT_REFUSED;
    if (o.diff && !al_stepper_beside(stepper, o.diff, &why)) {
        al_complain("%s", al_text_peek(&why));
        status = opening.failure;
    }
    opening.is_stepping = true;
    al_text_release(&why);
    return status;
}

/* Takes the source. */
static al_exit step(al_source *source, const al_stepper_options *look,
                    int width, int height)
{
    al_error err = {0};
    al_history *history = al_opening_add(&opening, source, &err);
    al_stepper *stepper;
    al_exit status;

    if (!history) {
        al_complain("%s", err.message);
        return AL_EXIT_REFUSED;
    }
    stepper = al_stepper_new(history, look);
    status = open_diff(stepper);
    if (status == AL_EXIT_OK)
        status = o.dump ? dump(stepper, width, height)
                        : al_step_on_terminal(stepper, o.keys, look->theme,
                                              look->config);
    al_stepper_free(stepper);
    return status;
}

/* It is the one before then. */
static void tell_other_recording(const char *path, al_text *notice)
{
    char *part = access(path, F_OK) == 0 ? al_file_sink_unfinished(path) : NULL;

    if (part && notice->length == 0)
        al_text_add_format(notice, "recorded before: %s is being "
                           "written, or was left behind", part);
    al_free(part);
}

static al_exit open_and_step(const char *path, int width, int height)
{
    al_source *source;
    al_config config = {0};
    al_text notice = {0};
    char *state = al_step_state_folder();
    char *session = al_session_place(state, path);
    al_exit status = AL_EXIT_USAGE;

    setlocale(LC_CTYPE, "");
    source = read_config(&config, &notice)
                 ? al_source_open_again(path, &o.set, o.color, &status)
                 : NULL;
    tell_other_recording(path, &notice);
    if (source) {
        al_stepper_options look = {
            .origin = al_opening_origin(path, source),
            .glyphs = al_glyphs_of(o.ascii || !al_terminal_has_utf8()),
            .is_ascii = !al_terminal_has_utf8(),
            .config = &config,
            .theme = wanted_theme(&config),
            .session = session,
            .ignored = o.ignored,
            .edit = o.dump ? NULL : al_step_edit,
            .notice = notice.length ? notice.bytes : NULL,
            .patience = {.ends = has_key},
            .open = al_opening_open,
            .close = al_opening_close,
            .add_end = al_opening_add_end,
            .self = &opening,
        };

        status = step(source, &look, width, height);
    }
    al_config_release(&config);
    al_text_release(&notice);
    al_free(session);
    al_free(state);
    return atomic_load(&al_interrupted) ? al_end_interrupted() : status;
}

static al_exit run(int argc, char **argv)
{
    int width, height;
    al_exit status = AL_EXIT_USAGE;

    if (argc != 1)
        al_complain("step takes a scenario or a trace "
                    "(see 'asyncloop-sim step --help')");
    else if (read_size(&width, &height) && check_keys() &&
             al_diff_read_ignored(&o.ignore, &o.ignored))
        status = open_and_step(argv[0], width, height);
    al_strings_release(&o.ignore);
    al_strings_release(&o.set);
    return status;
}

const al_command al_command_step = {
    .name = "step",
    .usage = "[OPTION...] SCENARIO|TRACE",
    .summary = "step through a run, forwards and backwards, full screen",
    .details =
        "Shown are the queues, tasks, locks and events at one position of the\n"
        "trace; keys move it.  h lists them.  A scenario that never ends is run\n"
        "as far as is looked at.  '-' is stdin; keys come from the terminal all\n"
        "the same, and what is being piped is followed ('record app.py\n"
        "2>app.log | asyncloop-sim step -': what app.py prints would be drawn\n"
        "over).  A terminal needs 60 columns and 20 lines.  Where the locale is not\n"
        "UTF-8 all is ASCII: what of a name is not is shown as ?.\n"
        "\n"
        "--dump of a trace that is broken prints the screen, says where, and ends\n"
        "with 2; but the last line of a file may be cut, for it may go on.\n"
        "\n"
        "--diff compares and numbers as 'asyncloop-sim diff' does, and with\n"
        "--ignore leaves out what that leaves out, for :diff as well.\n",
    .examples =
        "  asyncloop-sim step scenarios/heap-compaction.json\n"
        "  asyncloop-sim step app.jsonl\n"
        "  asyncloop-sim step --diff before.jsonl --ignore times after.jsonl\n"
        "  asyncloop-sim step --keys ':break compact<Enter>c' --dump "
        "scenarios/heap-compaction.json\n",
    .options = options,
    .run = run,
};
