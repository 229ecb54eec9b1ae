/* clock.h - the seam through which the loop tells the time.
 *
 * Both operations are called in the loop's thread, now() several times a
 * turn.  `self` is borrowed: it must outlive the loops that use it. */
#ifndef AL_CLOCK_H
#define AL_CLOCK_H

typedef struct al_clock_ops {
    const char *name; /* for people; static */

    /* time.monotonic(): seconds since some moment; never goes back. */
    double (*now)(void *self);

    /* time.get_clock_info('monotonic').resolution: seconds; a timer that is
     * no further away is due.  Asked once, when a loop is made. */
    double (*resolution)(void *self);
} al_clock_ops;

typedef struct al_clock {
    const al_clock_ops *ops;
    void *self;
} al_clock;

/* CLOCK_MONOTONIC, as time.monotonic(); needs no `self`. */
al_clock al_monotonic_clock(void);

#endif
