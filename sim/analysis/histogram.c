/* histogram.c - see histogram.h. */
#include "sim/analysis/histogram.h"

#include <math.h>
#include <stddef.h>
#include "loop/base/alloc.h"

enum { LOWEST = -48, PER_OCTAVE = 32 };

void al_histogram_release(al_histogram *h)
{
    for (int i = 0; i < AL_HISTOGRAM_OCTAVES; i++)
        al_free(h->octaves[i]);
    *h = (al_histogram){0};
}

/* Octave i holds what is in [2^(i + LOWEST), 2^(i + LOWEST + 1)). */
static void place(double seconds, int *octave, int *part)
{
    int exponent;
    double mantissa = frexp(seconds, &exponent); /* in [0.5, 1) */

    *octave = exponent - 1 - LOWEST;
    *part = (int)((mantissa * 2 - 1) * PER_OCTAVE);
    if (*octave < 0)
        *octave = *part = 0;
    if (*octave >= AL_HISTOGRAM_OCTAVES) {
        *octave = AL_HISTOGRAM_OCTAVES - 1;
        *part = PER_OCTAVE - 1;
    }
}

/* The greatest value of a bucket. */
static double upper_bound(int octave, int part)
{
    return ldexp(1 + (double)(part + 1) / PER_OCTAVE, octave + LOWEST);
}

void al_histogram_add(al_histogram *h, double seconds)
{
    int octave, part;

    if (!isfinite(seconds))
        return;
    if (h->count == 0 || seconds < h->least)
        h->least = seconds;
    if (h->count == 0 || seconds > h->most)
        h->most = seconds;
    h->count++;
    h->sum += seconds;
    if (seconds <= 0) {
        h->zeros++;
        return;
    }
    place(seconds, &octave, &part);
    if (!h->octaves[octave])
        h->octaves[octave] =
            al_alloc_zero(PER_OCTAVE, sizeof *h->octaves[octave]);
    h->octaves[octave][part]++;
}

static double within(const al_histogram *h, double value)
{
    return fmax(h->least, fmin(value, h->most));
}

double al_histogram_percentile(const al_histogram *h, double percent)
{
    uint64_t wanted = (uint64_t)ceil((double)h->count * percent / 100);
    uint64_t seen = h->zeros;

    if (h->count == 0)
        return 0;
    if (wanted >= h->count)
        return h->most;
    if (seen >= wanted)
        return 0;
    for (int i = 0; i < AL_HISTOGRAM_OCTAVES; i++) {
        for (int part = 0; h->octaves[i] && part < PER_OCTAVE; part++) {
            seen += h->octaves[i][part];
            if (seen >= wanted)
                return within(h, upper_bound(i, part));
        }
    }
    return h->most;
}

uint64_t al_histogram_between(const al_histogram *h, double from, double to)
{
    uint64_t count = 0;

    for (int i = 0; i < AL_HISTOGRAM_OCTAVES; i++) {
        for (int part = 0; h->octaves[i] && part < PER_OCTAVE; part++) {
            double bound = within(h, upper_bound(i, part));

            if (bound > from && bound <= to)
                count += h->octaves[i][part];
        }
    }
    return count;
}
