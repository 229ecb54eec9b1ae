/* suggest.c - see suggest.h.
 *
 * Distance is optimal string alignment: insertions, deletions, changes, and
 * swaps of neighbours; a change of case alone costs next to nothing. */
#include "sim/json/suggest.h"

#include <string.h>

enum { LONGEST = 64, EDIT = 16, CASE = 1 };

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static unsigned change_cost(char a, char b)
{
    if (a == b)
        return 0;
    return lower(a) == lower(b) ? CASE : EDIT;
}

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

static unsigned distance(const char *a, size_t m, const char *b, size_t n)
{
    unsigned rows[3][LONGEST + 1];
    unsigned *before = rows[0], *above = rows[1], *row = rows[2];

    for (size_t j = 0; j <= n; j++)
        above[j] = (unsigned)j * EDIT;
    for (size_t i = 1; i <= m; i++) {
        unsigned *spare = before;

        row[0] = (unsigned)i * EDIT;
        for (size_t j = 1; j <= n; j++) {
            row[j] = least(above[j] + EDIT, row[j - 1] + EDIT);
            row[j] = least(row[j],
                           above[j - 1] + change_cost(a[i - 1], b[j - 1]));
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = least(row[j], before[j - 2] + EDIT);
        }
        before = above;
        above = row;
        row = spare;
    }
    return above[n];
}

const char *al_suggest(const char *word, const char *const *candidates,
                       size_t count)
{
    size_t length = strlen(word);
    unsigned limit = ((length < 6 ? 1 : (unsigned)length / 3) + 1) * EDIT;
    const char *closest = NULL;

    if (length > LONGEST)
        return NULL;
    for (size_t i = 0; i < count; i++) {
        size_t other = strlen(candidates[i]);
        unsigned apart;

        if (other > LONGEST)
            continue;
        apart = distance(word, length, candidates[i], other);
        if (apart < limit && apart < EDIT * (unsigned)other) {
            limit = apart;
            closest = candidates[i];
        }
    }
    return closest;
}
