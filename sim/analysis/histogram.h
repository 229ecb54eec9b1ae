/* histogram.h - how durations are spread, in bounded memory.
 *
 * Buckets grow with what they count: 32 to an octave, so that a percentile is
 * off by at most 3 %.  The count, the sum, the least and the greatest are
 * exact. */
#ifndef AL_ANALYSIS_HISTOGRAM_H
#define AL_ANALYSIS_HISTOGRAM_H

#include <stdint.h>

enum { AL_HISTOGRAM_OCTAVES = 96 }; /* from 2^-48 s to 2^48 s */

typedef struct al_histogram { /* zero-initialise */
    uint64_t count;
    uint64_t zeros; /* not more than 0: they have a bucket of their own */
    double sum, least, most;
    uint64_t *octaves[AL_HISTOGRAM_OCTAVES]; /* NULL: nothing fell there */
} al_histogram;

void al_histogram_release(al_histogram *histogram);

/* NaN and infinities are not counted. */
void al_histogram_add(al_histogram *histogram, double seconds);

/* The value that so many percent do not exceed; 0 when there are none. */
double al_histogram_percentile(const al_histogram *histogram, double percent);

/* How many are greater than `from` and not greater than `to`, to the
 * accuracy of the buckets. */
uint64_t al_histogram_between(const al_histogram *histogram, double from,
                              double to);

#endif
