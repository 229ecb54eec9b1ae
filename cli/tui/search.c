/* search.c - see search.h. */
#include "cli/tui/search.h"

#include <stdint.h>

enum { TURN = 4096 }; /* lines between two questions whether to go on */

static size_t next_of(size_t at, size_t count, bool is_back)
{
    if (at >= count)
        return is_back ? count - 1 : 0;
    if (is_back)
        return at > 0 ? at - 1 : count - 1;
    return at + 1 < count ? at + 1 : 0;
}

static bool is_given_up(const al_search *search, size_t done)
{
    return done % TURN == TURN - 1 && al_patience_ends(search->patience);
}

al_search_end al_search_lines(const al_search *search, size_t count,
                              bool (*has)(void *lines, size_t index,
                                          const char *pattern),
                              void *lines, size_t *at)
{
    size_t from = *at, line = from;

    for (size_t i = 0; i < count; i++) {
        if (is_given_up(search, i))
            return AL_SEARCH_GIVEN_UP;
        line = next_of(line, count, search->is_back);
        if (!has(lines, line, search->pattern))
            continue;
        *at = line;
        if (from == SIZE_MAX ||
            (search->is_back ? line < from : line > from))
            return AL_SEARCH_FOUND;
        return AL_SEARCH_ROUND;
    }
    return AL_SEARCH_NOWHERE;
}
