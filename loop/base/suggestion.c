/* suggestion.c - see suggestion.h.
 *
 * A transcription of Python/suggestions.c: its costs and limits decide which
 * name is suggested, and whether one is.  What the loader suggests for a
 * mistake in the file is another matter (sim/json/suggest.h). */
#include "loop/base/suggestion.h"

#include <limits.h>
#include <string.h>

enum { LONGEST = 40, MOVE = 2, CASE = 1, MOST_NAMES = 750 };

typedef struct word {
    const char *text;
    int length;
} word;

static int least(int a, int b)
{
    return a < b ? a : b;
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static int change_cost(char a, char b)
{
    if (a == b)
        return 0;
    return lower(a) == lower(b) ? CASE : MOVE;
}

/* What both begin with, and what both end with, costs nothing. */
static void drop_common(word *a, word *b)
{
    while (a->length && b->length && *a->text == *b->text) {
        a->text++, a->length--;
        b->text++, b->length--;
    }
    while (a->length && b->length &&
           a->text[a->length - 1] == b->text[b->length - 1]) {
        a->length--;
        b->length--;
    }
}

/* One row of the matrix of edits, from the one above; returns its least. */
static int next_row(int *row, word a, char code, int first)
{
    int result = first, distance = first, minimum = INT_MAX;

    for (int i = 0; i < a.length; i++) {
        int changed = distance + change_cost(code, a.text[i]);

        distance = row[i];
        result = least(least(result, distance) + MOVE, changed);
        row[i] = result;
        minimum = least(minimum, result);
    }
    return minimum;
}

/* More than `most` where it is too far, no matter how much. */
static int distance_between(word a, word b, int most)
{
    int row[LONGEST];

    drop_common(&a, &b);
    if (a.length == 0 || b.length == 0)
        return (a.length + b.length) * MOVE;
    if (a.length > LONGEST || b.length > LONGEST)
        return most + 1;
    if (b.length < a.length) {
        word shorter = b;

        b = a;
        a = shorter;
    }
    if ((b.length - a.length) * MOVE > most)
        return most + 1;
    for (int i = 0; i < a.length; i++)
        row[i] = (i + 1) * MOVE;
    for (int i = 0; i < b.length; i++) {
        if (next_row(row, a, b.text[i], i * MOVE) > most)
            return most + 1;
    }
    return row[a.length - 1];
}

const char *al_suggestion_find(const char *name, const char *const *known,
                               size_t count)
{
    const word wanted = {name, (int)strlen(name)};
    const char *nearest = NULL;
    int closest = INT_MAX;

    if (count >= MOST_NAMES)
        return NULL;
    for (size_t i = 0; i < count; i++) {
        const word other = {known[i], (int)strlen(known[i])};
        int most = least((wanted.length + other.length + 3) * MOVE / 6,
                         closest - 1);
        int distance;

        if (strcmp(name, known[i]) == 0)
            continue;
        distance = distance_between(wanted, other, most);
        if (distance <= most) {
            nearest = known[i];
            closest = distance;
        }
    }
    return nearest;
}
