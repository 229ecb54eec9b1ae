/* places.h - the line and column of an offset in a text.
 *
 * A cursor: from the last place asked for it walks to the next one, so that
 * asking in order of place costs one pass over the text, also where the
 * text is one long line. */
#ifndef AL_PLACES_H
#define AL_PLACES_H

#include <stddef.h>

typedef struct al_places {
    const char *text; /* borrowed */
    size_t length;
    size_t offset; /* where the cursor stands */
    int line, column;
} al_places;

void al_places_init(al_places *places, const char *text, size_t length);

/* 1-based; the column counts characters.  An offset beyond the end is the
 * end. */
void al_places_find(al_places *places, size_t offset, int *line, int *column);

#endif
