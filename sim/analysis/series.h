/* series.h - the greatest of a quantity over time, in bounded memory.
 *
 * Time is cut into equal slots; when it outgrows them, they double. */
#ifndef AL_ANALYSIS_SERIES_H
#define AL_ANALYSIS_SERIES_H

#include <stdint.h>

enum { AL_SERIES_SLOTS = 128 };

typedef struct al_series { /* zero-initialise */
    double start;    /* of the first slot */
    double width;    /* of a slot; 0: all that was added came at `start` */
    unsigned used;   /* slots up to the latest */
    uint64_t latest; /* value: it holds until the next */
    uint64_t most[AL_SERIES_SLOTS];
} al_series;

/* From `time` on it is `value`.  Times may not go back: those that do count
 * as the latest. */
void al_series_add(al_series *series, double time, uint64_t value);

#endif
