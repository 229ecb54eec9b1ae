/* step.c - asyncloop-sim step: a trace looked at step by step, forwards and
 * backwards. */
#include "cli/command.h"

#include <errno.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include "cli/child.h"
#include "cli/source.h"
#include "cli/step/session.h"
#include "cli/step/stepper.h"
#include "cli/tui/terminal.h"
#include "loop/base/alloc.h"
#include "sim/base/sink.h"

static struct {
    const char *keys, *size, *theme, *color, *config, *diff;
    bool dump, ascii;
    al_strings set;
} o;

static const al_option options[] = {
    {AL_OPTION_STRING, 0, "keys", "KEYS",
     "press these keys first: nn, :break compact<Enter>c", &o.keys, NULL},
    {AL_OPTION_FLAG, 0, "dump", NULL,
     "print the screen after them as text, and end", &o.dump, NULL},
    {AL_OPTION_STRING, 0, "size", "COLSxLINES",
     "of the screen that is printed (default: 100x30)", &o.size, NULL},
    {AL_OPTION_FLAG, 0, "ascii", NULL, "draw with ASCII alone", &o.ascii,
     NULL},
    {AL_OPTION_CHOICE, 0, "theme", "NAME",
     "dark (default), light, mono: without colours, as NO_COLOR", &o.theme,
     "dark light mono"},
    {AL_OPTION_STRING, 0, "config", "FILE",
     "keys, colours and layout (default: see 'help config')", &o.config,
     NULL},
    AL_OPTION_SET(&o.set),
    {AL_OPTION_STRING, 0, "diff", "FILE",
     "another run beside this one, at the same place by cause", &o.diff, NULL},
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
    if (sscanf(o.size, "%4dx%4d%c", width, height, &after) == 2 &&
        *width > 0 && *height > 0 && *width <= WIDEST && *height <= HIGHEST)
        return true;
    al_complain("'%s' is no size like 100x30", o.size);
    return false;
}

/* -- what somebody likes ----------------------------------------------------- */

/* $XDG_CONFIG_HOME/asyncloop-sim/config; NULL: nobody knows.  al_free it. */
static char *usual_config(void)
{
    const char *base = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
    al_text path = {0};

    if (base && *base == '/')
        al_text_add(&path, base);
    else if (home && *home)
        al_text_add_format(&path, "%s/.config", home);
    else
        return NULL;
    al_text_add(&path, "/asyncloop-sim/config");
    return al_text_take(&path);
}

/* The folder of what is kept from one time to the next; NULL: nobody knows.
 * al_free it. */
static char *usual_state(void)
{
    const char *base = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
    al_text path = {0};

    if (base && *base == '/')
        al_text_add(&path, base);
    else if (home && *home)
        al_text_add_format(&path, "%s/.local/state", home);
    else
        return NULL;
    al_text_add(&path, "/asyncloop-sim/step");
    return al_text_take(&path);
}

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
    char *usual = o.config ? NULL : usual_config();
    const char *path = o.config ? o.config : usual;
    al_diagnostics wrong = {0};
    bool ok = true;

    if (path && !al_config_load(config, path, &wrong) &&
        (o.config || (errno != ENOENT && errno != ENOTDIR))) {
        al_complain("cannot read '%s': %s", path, strerror(errno));
        ok = !o.config;
    }
    tell_mistakes(&wrong, notice);
    al_diagnostics_release(&wrong);
    al_free(usual);
    return ok;
}

/* -- keys ---------------------------------------------------------------------- */

static bool check_keys(void)
{
    const char *at = o.keys ? o.keys : "";
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

static void read_all(al_stepper *stepper)
{
    while (!atomic_load(&al_interrupted) && al_stepper_work(stepper, true))
        ;
}

/* No time passes between two of them: a run comes to its stop first. */
static void press_keys(al_stepper *stepper)
{
    const char *at = o.keys ? o.keys : "";
    al_key key;

    while (*at && !al_stepper_is_over(stepper)) {
        at = al_key_parse(at, &key);
        al_stepper_key(stepper, key);
        al_stepper_run_out(stepper);
    }
}

/* -- without a terminal ---------------------------------------------------------- */

/* The screen is drawn before the keys, too: what they do may depend on what
 * can be seen. */
static al_exit dump(al_stepper *stepper, int width, int height)
{
    al_screen screen = {0};
    al_text text = {0};

    al_screen_resize(&screen, width, height);
    read_all(stepper);
    al_stepper_draw(stepper, &screen);
    press_keys(stepper);
    read_all(stepper);
    al_stepper_draw(stepper, &screen);
    al_screen_print(&screen, &text);
    fwrite(al_text_peek(&text), 1, text.length, stdout);
    al_text_release(&text);
    al_screen_release(&screen);
    return AL_EXIT_OK;
}

/* -- on a terminal ----------------------------------------------------------------- */

static void show(al_stepper *stepper, al_screen *screen)
{
    int x = 0, y = 0, width, height;

    al_terminal_size(&width, &height);
    if (width != screen->width || height != screen->height)
        al_screen_resize(screen, width, height);
    al_stepper_draw(stepper, screen);
    if (al_stepper_cursor(stepper, screen, &x, &y))
        al_terminal_show(screen, x, y);
    else
        al_terminal_show(screen, 0, -1);
}

/* False: nobody is there any more. */
static bool take_input(al_stepper *stepper, int timeout)
{
    al_input_event event = al_terminal_read(timeout);

    switch (event.kind) {
    case AL_INPUT_KEY:
        if (event.key == AL_KEY_CONTROL('l'))
            al_terminal_redraw();
        al_stepper_key(stepper, event.key);
        return true;
    case AL_INPUT_MOUSE:
        al_stepper_mouse(stepper, event.act, event.x, event.y);
        return true;
    case AL_INPUT_GONE:
        return false;
    default:
        return true;
    }
}

/* How long to wait for a key: not at all while there is more to read. */
static int patience(const al_stepper *stepper, bool has_more)
{
    enum { OF_WRITER = 30, OF_FILE = 500 }; /* milliseconds */
    int usual = al_stepper_must_wait(stepper) ? OF_WRITER : OF_FILE;

    if (has_more)
        return 0;
    if (al_stepper_is_running(stepper))
        return (int)fmin(1000 * al_stepper_tick_wait(stepper), usual);
    return usual;
}

/* Seconds since it was asked last. */
static double pass_time(struct timespec *last)
{
    struct timespec now;
    double passed;

    clock_gettime(CLOCK_MONOTONIC, &now);
    passed = (double)(now.tv_sec - last->tv_sec) +
             1e-9 * (double)(now.tv_nsec - last->tv_nsec);
    *last = now;
    return passed;
}

/* Reading goes on while nobody presses a key; then every half a second, for
 * what is being written may have grown. */
static void interact(al_stepper *stepper)
{
    al_screen screen = {0};
    struct timespec last = {0};
    bool goes_on = true;

    pass_time(&last);
    show(stepper, &screen);
    press_keys(stepper);
    while (goes_on && !al_stepper_is_over(stepper) &&
           !atomic_load(&al_interrupted)) {
        bool has_more;

        al_stepper_watch(stepper);
        has_more = al_terminal_has_key() || al_stepper_work(stepper, false);
        show(stepper, &screen);
        goes_on = take_input(stepper, patience(stepper, has_more));
        al_stepper_tick(stepper, pass_time(&last));
    }
    al_screen_release(&screen);
}

/* By a shell, for it may have words: "code -w".  The same for what it does with
 * the terminal. */
static bool edit(void *self, const char *path, size_t line, al_error *err)
{
    const char *visual = getenv("VISUAL"), *editor = getenv("EDITOR");
    const char *command = visual && *visual   ? visual
                          : editor && *editor ? editor : "vi";
    al_text script = {0}, place = {0}, file = {0};
    int status = 0;
    bool ok;

    (void)self;
    al_text_add_format(&script, "%s \"$@\"", command);
    al_text_add_format(&place, "+%zu", line);
    al_text_add_format(&file, "%s%s", *path == '-' ? "./" : "", path);
    al_terminal_pause();
    ok = al_child_run(AL_CHILD_USERS,
                      (const char *const[]){"sh", "-c", script.bytes, command,
                                            place.bytes, file.bytes, NULL},
                      0, &status, err);
    al_terminal_resume();
    al_text_release(&script);
    al_text_release(&place);
    al_text_release(&file);
    return ok && (status == 0 ||
                  al_fail(err, "'%s' ended with %d", command, status));
}

static al_theme wanted_theme(const al_config *config)
{
    const char *no_color = getenv("NO_COLOR");
    bool is_mono = (no_color && *no_color && !o.theme) ||
                   (o.color && strcmp(o.color, "never") == 0);

    if (is_mono || (o.theme && strcmp(o.theme, "mono") == 0))
        return AL_THEME_MONO;
    if (!o.theme)
        return config->has_theme ? config->theme : AL_THEME_DARK;
    return strcmp(o.theme, "light") == 0 ? AL_THEME_LIGHT : AL_THEME_DARK;
}

static void out_of_memory(size_t size)
{
    al_sinks_abandon();
    al_terminal_restore();
    fprintf(stderr, "asyncloop-sim: out of memory (%zu bytes asked for)\n",
            size);
    _Exit(AL_EXIT_REFUSED);
}

static al_exit show_on_terminal(al_stepper *stepper, const al_config *config)
{
    al_error err = {0};

    if (!al_terminal_open(wanted_theme(config), config->looks, &err)) {
        al_complain("%s", err.message);
        return AL_EXIT_USAGE;
    }
    al_set_oom_handler(out_of_memory);
    interact(stepper);
    al_terminal_close();
    return AL_EXIT_OK;
}

/* -- the command --------------------------------------------------------------------- */

static bool has_key(void *self)
{
    (void)self;
    return atomic_load(&al_interrupted) ||
           (!o.dump && al_terminal_has_key());
}

/* Histories, with what they read from. */
static struct {
    struct {
        al_history *history;
        al_source *source;
    } *items;
    size_t count, capacity;
    al_exit failure; /* of the last that could not be opened */
    bool is_stepping; /* nobody can wait any more for who writes a pipe, and the
                         terminal is the keys' */
} opened;

/* Takes the source.  NULL: the machine refused. */
static al_history *make_history(al_source *source, al_error *err)
{
    const al_history_options how = {.picks = al_stepper_picks};
    al_history *history;

    al_source_tell_since_start(source);
    history = al_history_new(al_source_take_reader(source), &how, err);
    if (!history) {
        al_source_abandon(source);
        return NULL;
    }
    opened.items = al_grow(opened.items, &opened.capacity, opened.count + 1,
                           sizeof *opened.items);
    opened.items[opened.count].history = history;
    opened.items[opened.count++].source = source;
    return history;
}

/* al_stepper_options.close. */
static void close_history(void *self, al_history *history)
{
    size_t i = 0;

    (void)self;
    while (opened.items[i].history != history)
        i++;
    al_history_free(history);
    al_source_abandon(opened.items[i].source);
    opened.items[i] = opened.items[--opened.count];
    if (opened.count > 0)
        return;
    al_free(opened.items);
    opened.items = NULL;
    opened.capacity = 0;
}

/* The first line of what was said, for the stepper to say. */
static void add_reason(const al_text *said, al_text *why)
{
    const char *text = al_text_peek(said), *prefix = "asyncloop-sim: ";

    if (strncmp(text, prefix, strlen(prefix)) == 0)
        text += strlen(prefix);
    al_text_add_bytes(why, text, strcspn(text, "\n"));
}

static bool is_plain_file(const char *path)
{
    struct stat status;

    return stat(path, &status) == 0 && S_ISREG(status.st_mode);
}

/* The path is borrowed. */
static al_origin origin_of(const char *path, const al_source *source)
{
    return (al_origin){.path = al_source_name(source),
                       .is_read_once = !is_plain_file(path),
                       .is_scenario = al_source_is_scenario(source)};
}

/* al_stepper_options.open. */
static al_history *open_other(void *self, al_origin *origin, al_text *why)
{
    const char *path = origin->path;
    al_text said = {0};
    al_source *source;
    al_error err = {0};
    al_history *history;

    (void)self;
    if (opened.is_stepping && !is_plain_file(path) &&
        (strcmp(path, "-") == 0 || access(path, F_OK) == 0)) {
        al_text_add_format(why, "%s is no plain file: give it by --diff", path);
        return NULL;
    }
    al_catch_warnings(&said);
    source = al_source_open_again(path, &o.set, "never", &opened.failure);
    al_catch_warnings(NULL);
    add_reason(&said, why);
    al_text_release(&said);
    if (!source)
        return NULL;
    *origin = origin_of(path, source);
    history = make_history(source, &err);
    if (!history)
        al_text_add(why, err.message);
    return history;
}

/* --diff.  Not OK: it cannot be read; told. */
static al_exit open_diff(al_stepper *stepper)
{
    al_text why = {0};
    al_exit status = AL_EXIT_OK;

    opened.failure = AL_EXIT_REFUSED;
    if (o.diff && !al_stepper_beside(stepper, o.diff, &why)) {
        al_complain("%s", al_text_peek(&why));
        status = opened.failure;
    }
    opened.is_stepping = true;
    al_text_release(&why);
    return status;
}

/* Takes the source. */
static al_exit step(al_source *source, const al_stepper_options *look,
                    int width, int height)
{
    al_error err = {0};
    al_history *history = make_history(source, &err);
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
                        : show_on_terminal(stepper, look->config);
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
    char *state = usual_state(), *session = al_session_place(state, path);
    al_exit status = AL_EXIT_USAGE;

    setlocale(LC_CTYPE, "");
    source = read_config(&config, &notice)
                 ? al_source_open_again(path, &o.set, o.color, &status)
                 : NULL;
    tell_other_recording(path, &notice);
    if (source) {
        al_stepper_options look = {
            .origin = origin_of(path, source),
            .glyphs = al_glyphs_of(o.ascii || !al_terminal_has_utf8()),
            .config = &config,
            .theme = wanted_theme(&config),
            .session = session,
            .edit = o.dump ? NULL : edit,
            .notice = notice.length ? notice.bytes : NULL,
            .patience = {.ends = has_key},
            .open = open_other,
            .close = close_history,
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
    else if (read_size(&width, &height) && check_keys())
        status = open_and_step(argv[0], width, height);
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
        "as far as is looked at.\n",
    .examples =
        "  asyncloop-sim step scenarios/heap-compaction.json\n"
        "  asyncloop-sim step app.jsonl\n"
        "  asyncloop-sim step --keys ':break compact<Enter>c' --dump "
        "scenarios/heap-compaction.json\n",
    .options = options,
    .run = run,
};
