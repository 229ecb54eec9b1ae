/* on_terminal.c - see on_terminal.h. */
#include "cli/step/on_terminal.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "cli/child.h"
#include "cli/tui/terminal.h"
#include "loop/base/alloc.h"
#include "sim/base/sink.h"

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
static bool act_on(al_stepper *stepper, al_input_event event)
{
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
static int key_timeout(const al_stepper *stepper, bool has_more)
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

/* Each of many keys at once, as of a paste, is not worth a screen. */
static bool is_due(struct timespec *shown)
{
    static const double pace = 0.05; /* seconds */
    struct timespec now = *shown;

    if (al_terminal_has_key() && pass_time(&now) < pace)
        return false;
    clock_gettime(CLOCK_MONOTONIC, shown);
    return true;
}

/* Reading goes on while nobody presses a key; then every half a second, for
 * what is being written may have grown.  The time before a key is told first:
 * it is not of the run that the key begins. */
static void interact(al_stepper *stepper, const char *keys)
{
    al_screen screen = {0};
    struct timespec last = {0}, shown = {0};
    bool goes_on = true;

    show(stepper, &screen);
    al_stepper_press(stepper, keys);
    pass_time(&last);
    while (goes_on && !al_stepper_is_over(stepper) &&
           !atomic_load(&al_interrupted)) {
        al_input_event event;
        bool has_more;

        al_stepper_watch(stepper);
        if (is_due(&shown))
            show(stepper, &screen);
        has_more = al_terminal_has_key() || al_stepper_work(stepper, false);
        event = al_terminal_read(key_timeout(stepper, has_more));
        al_stepper_tick(stepper, pass_time(&last));
        goes_on = act_on(stepper, event);
    }
    al_screen_release(&screen);
}

static void out_of_memory(size_t size)
{
    al_sinks_abandon();
    al_terminal_restore();
    fprintf(stderr, "asyncloop-sim: out of memory (%zu bytes asked for)\n",
            size);
    _Exit(AL_EXIT_REFUSED);
}

al_exit al_step_on_terminal(al_stepper *stepper, const char *keys,
                            al_theme theme, const al_config *config)
{
    al_error err = {0};

    if (!al_terminal_open(theme, config->looks, &err)) {
        al_complain("%s", err.message);
        return AL_EXIT_USAGE;
    }
    al_set_oom_handler(out_of_memory);
    al_interrupt_before_end(al_terminal_restore);
    al_interrupt_ends_where(al_terminal_is_stuck);
    interact(stepper, keys);
    al_terminal_close();
    return AL_EXIT_OK;
}

/* -- an editor ------------------------------------------------------------ */

/* Words alone, of which the shell can become the first: Ctrl-C and Ctrl-\ in the
 * editor are not to end a shell that waits for it. */
static bool is_one_program(const char *command)
{
    return command[strcspn(command, "|&;<>()$`\\\"'\n*?[#~=%{}!")] == '\0';
}

/* By a shell, for it may have words: "code -w".  The same for what it does with
 * the terminal. */
bool al_step_edit(void *self, const char *path, size_t line, al_error *err)
{
    const char *visual = getenv("VISUAL"), *editor = getenv("EDITOR");
    const char *command = visual && *visual   ? visual
                          : editor && *editor ? editor : "vi";
    al_text script = {0}, place = {0}, file = {0};
    int status = 0;
    bool ok;

    (void)self;
    al_text_add_format(&script, "%s%s \"$@\"%s",
                       is_one_program(command) ? "exec " : "", command,
                       isatty(STDIN_FILENO) ? "" : " </dev/tty");
    al_text_add_format(&place, "+%zu", line);
    al_text_add_format(&file, "%s%s", *path == '-' ? "./" : "", path);
    al_terminal_pause();
    ok = al_child_run(AL_CHILD_EDITOR,
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
