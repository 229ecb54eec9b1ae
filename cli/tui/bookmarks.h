/* bookmarks.h - positions that somebody wants to come back to. */
#ifndef AL_TUI_BOOKMARKS_H
#define AL_TUI_BOOKMARKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "cli/tui/whereabouts.h"

typedef struct al_bookmark {
    uint64_t at;          /* a position */
    bool is_told;         /* it was set there: */
    al_whereabouts where;
    bool is_kept;         /* in a file: it may be of another run */
} al_bookmark;

typedef struct al_bookmarks { /* zero-initialise; in order */
    al_bookmark *items;
    size_t count, capacity;
} al_bookmarks;

void al_bookmarks_release(al_bookmarks *marks); /* then there are none */

/* Set one, or clear the one that is there.  True: it is set now. */
bool al_bookmarks_toggle(al_bookmarks *marks, al_bookmark mark);

bool al_bookmarks_has(const al_bookmarks *marks, uint64_t at);

/* The n-th (from 1) after a position, or before it; where there are fewer, the
 * last of those.  NULL: there is none. */
const al_bookmark *al_bookmarks_next(const al_bookmarks *marks, uint64_t at,
                                     uint64_t n, bool is_back);

#endif
