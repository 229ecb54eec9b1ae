/* range.h - range. */
#ifndef AL_RANGE_H
#define AL_RANGE_H

#include "loop/object/value.h"

typedef struct al_range {
    al_object head;
    int64_t start, stop, step;
    uint64_t count;
} al_range;

/* range(start, stop, step); AL_ABSENT: raised. */
al_value al_range_new(int64_t start, int64_t stop, int64_t step);
const al_range *al_range_peek(al_value value); /* NULL where it is none */
int64_t al_range_item(const al_range *range, uint64_t at);

/* Where the item is; false: it is not there. */
bool al_range_find(const al_range *range, int64_t item, uint64_t *at);

#endif
