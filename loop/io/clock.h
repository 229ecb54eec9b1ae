/* clock.h - the seam through which the loop tells the time. */
#ifndef AL_CLOCK_H
#define AL_CLOCK_H

typedef struct al_clock_ops {
    const char *name;
    double (*now)(void *self);        /* seconds; never goes back */
    double (*resolution)(void *self); /* seconds between two readings */
} al_clock_ops;

typedef struct al_clock {
    const al_clock_ops *ops;
    void *self;
} al_clock;

/* CLOCK_MONOTONIC, as time.monotonic(). */
al_clock al_monotonic_clock(void);

#endif
