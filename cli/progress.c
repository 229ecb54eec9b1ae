/* progress.c - see progress.h. */
#include "cli/progress.h"

#include <stdio.h>
#include <unistd.h>
#include "cli/tty.h"
#include "loop/io/clock.h"
#include "sim/base/escape.h"

static const double before_first = 0.5, between = 0.1; /* seconds */

static struct {
    bool is_wanted, is_shown;
    double next; /* when it is due */
} line;

static double now(void)
{
    al_clock clock = al_monotonic_clock();

    return clock.ops->now(clock.self);
}

void al_progress_begin(void)
{
    line.is_wanted = al_is_terminal(STDERR_FILENO);
    line.next = now() + before_first;
}

bool al_progress_is_due(void)
{
    return line.is_wanted && now() >= line.next;
}

static void clear(void)
{
    fputs("\r\033[K", stderr);
    fflush(stderr);
}

void al_progress_show(const char *text)
{
    al_text out = {0};

    al_escape_add_cut(&out, text, al_terminal_width(STDERR_FILENO) - 1);
    fprintf(stderr, "\r%s\033[K", al_text_peek(&out));
    fflush(stderr);
    al_text_release(&out);
    line.is_shown = true;
    line.next = now() + between;
}

void al_progress_clear(void)
{
    if (line.is_shown)
        clear();
    line.is_shown = false;
}

void al_progress_clear_of_parent(void)
{
    if (al_is_terminal(STDERR_FILENO))
        clear();
}

/* -- a run ---------------------------------------------------------------- */

static void show_run(const al_run_progress *progress, double time)
{
    al_text text = {0};

    al_text_add_format(&text, "%llu iterations, %llu events, virtual time "
                       "%.1f s", (unsigned long long)progress->iterations,
                       (unsigned long long)progress->events, time);
    al_progress_show(text.bytes);
    al_text_release(&text);
}

static void count_event(void *self, const al_event *event)
{
    al_run_progress *progress = self;

    if (event->kind == AL_EVENT_ITERATION)
        progress->iterations = event->n;
    if (++progress->events % AL_PROGRESS_PACE == 0 && al_progress_is_due())
        show_run(progress, event->time);
}

static const al_observer_ops progress_ops = {
    .emit = count_event,
};

al_observer al_progress_observer(al_run_progress *progress)
{
    al_progress_begin();
    return (al_observer){&progress_ops, progress};
}
