/* observers.c - see observers.h. */
#include "cli/observers.h"

#include <assert.h>
#include <stdio.h>
#include "loop/io/clock.h"

static void emit_to_all(void *self, const al_event *event)
{
    const al_fanout *fanout = self;

    for (unsigned i = 0; i < fanout->count; i++)
        al_observer_emit(fanout->to[i], event);
}

static const al_observer_ops fanout_ops = {
    .emit = emit_to_all,
};

void al_fanout_add(al_fanout *fanout, al_observer observer)
{
    assert(fanout->count < AL_FANOUT_MAX);
    fanout->to[fanout->count++] = observer;
}

al_observer al_fanout_observer(al_fanout *fanout)
{
    if (fanout->count == 0)
        return (al_observer){0};
    if (fanout->count == 1)
        return fanout->to[0];
    return (al_observer){&fanout_ops, fanout};
}

/* -- progress ----------------------------------------------------------- */

static double now(void)
{
    al_clock clock = al_monotonic_clock();

    return clock.ops->now(clock.self);
}

static void show(al_progress *progress, double time)
{
    fprintf(stderr, "\r%llu iterations, %llu events, virtual time %.1f s\033[K",
            (unsigned long long)progress->iterations,
            (unsigned long long)progress->events, progress->virtual_time);
    fflush(stderr);
    progress->last_shown = time;
    progress->is_shown = true;
}

/* Looks at the real clock only once in a thousand events. */
static void count_event(void *self, const al_event *event)
{
    al_progress *progress = self;
    double time;

    if (progress->events == 0)
        progress->started = now();
    if (event->kind == AL_EVENT_ITERATION)
        progress->iterations = event->n;
    progress->virtual_time = event->time;
    if (++progress->events % 1024 != 0)
        return;
    time = now();
    if (time - progress->started > 1 && time - progress->last_shown > 0.1)
        show(progress, time);
}

static const al_observer_ops progress_ops = {
    .emit = count_event,
};

al_observer al_progress_observer(al_progress *progress)
{
    return (al_observer){&progress_ops, progress};
}

void al_progress_clear(al_progress *progress)
{
    if (progress->is_shown)
        fprintf(stderr, "\r\033[K");
    progress->is_shown = false;
}
