/* series.c - see series.h. */
#include "sim/analysis/series.h"

#include <float.h>
#include <math.h>
#include <string.h>

static void halve(al_series *s)
{
    for (unsigned i = 0; i < AL_SERIES_SLOTS / 2; i++) {
        uint64_t a = s->most[2 * i], b = s->most[2 * i + 1];

        s->most[i] = a > b ? a : b;
    }
    memset(s->most + AL_SERIES_SLOTS / 2, 0, sizeof s->most / 2);
    s->used = (s->used + 1) / 2;
    s->width *= 2;
}

/* The slot of a time; widens the slots until it has one. */
static unsigned find_slot(al_series *s, double time)
{
    double offset = time - s->start;

    if (!(offset > 0) || !isfinite(offset))
        return s->used - 1;
    if (s->width <= 0)
        s->width = fmax(offset / (AL_SERIES_SLOTS / 2), DBL_MIN);
    while (offset / s->width >= AL_SERIES_SLOTS)
        halve(s);
    return (unsigned)(offset / s->width);
}

static void raise_to(al_series *s, unsigned slot, uint64_t value)
{
    if (value > s->most[slot])
        s->most[slot] = value;
}

void al_series_add(al_series *s, double time, uint64_t value)
{
    unsigned slot;

    if (s->used == 0) {
        s->start = time;
        s->used = 1;
    }
    slot = find_slot(s, time);
    for (; s->used <= slot; s->used++) {
        if (s->start + s->used * s->width < time) /* it held there, too */
            raise_to(s, s->used, s->latest);
    }
    slot = s->used - 1;
    s->latest = value;
    raise_to(s, slot, value);
}
