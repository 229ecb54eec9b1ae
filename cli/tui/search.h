/* search.h - the next of many lines that has a text, or the one before, going
 * round at the end. */
#ifndef AL_TUI_SEARCH_H
#define AL_TUI_SEARCH_H

#include <stdbool.h>
#include <stddef.h>
#include "sim/base/patience.h"

typedef struct al_search {
    const char *pattern;          /* upper and lower case are one */
    bool is_back;
    const al_patience *patience; /* NULL: it never ends */
} al_search;

typedef enum al_search_end {
    AL_SEARCH_NOWHERE,
    AL_SEARCH_FOUND,
    AL_SEARCH_ROUND,   /* found, beyond the last or the first */
    AL_SEARCH_GIVEN_UP
} al_search_end;

/* Of `count` lines, from the one at *at on, that included last; SIZE_MAX: from
 * the end on that it comes to first.  *at: where it is found. */
al_search_end al_search_lines(const al_search *search, size_t count,
                              bool (*has)(void *lines, size_t index,
                                          const char *pattern),
                              void *lines, size_t *at);

#endif
