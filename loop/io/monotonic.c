/* monotonic.c - the real clock. */
#include "loop/io/clock.h"

#include <stddef.h>
#include <time.h>

static double seconds(struct timespec t)
{
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static double monotonic_now(void *self)
{
    struct timespec t;

    (void)self;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return seconds(t);
}

static double monotonic_resolution(void *self)
{
    struct timespec t;

    (void)self;
    clock_getres(CLOCK_MONOTONIC, &t);
    return seconds(t);
}

static const al_clock_ops monotonic = {
    .name = "monotonic",
    .now = monotonic_now,
    .resolution = monotonic_resolution,
};

al_clock al_monotonic_clock(void)
{
    return (al_clock){&monotonic, NULL};
}
