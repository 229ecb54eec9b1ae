/* bookmarks.c - see bookmarks.h. */
#include "cli/tui/bookmarks.h"

#include <string.h>
#include "loop/base/alloc.h"

void al_bookmarks_release(al_bookmarks *marks)
{
    al_free(marks->items);
    *marks = (al_bookmarks){0};
}

/* How many are before a position. */
static size_t before(const al_bookmarks *marks, uint64_t at)
{
    size_t low = 0, high = marks->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (marks->items[middle].at < at)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

bool al_bookmarks_has(const al_bookmarks *marks, uint64_t at)
{
    size_t place = before(marks, at);

    return place < marks->count && marks->items[place].at == at;
}

bool al_bookmarks_toggle(al_bookmarks *marks, al_bookmark mark)
{
    size_t place = before(marks, mark.at), after = marks->count - place;

    if (al_bookmarks_has(marks, mark.at)) {
        memmove(marks->items + place, marks->items + place + 1,
                (after - 1) * sizeof *marks->items);
        marks->count--;
        return false;
    }
    marks->items = al_grow(marks->items, &marks->capacity, marks->count + 1,
                           sizeof *marks->items);
    memmove(marks->items + place + 1, marks->items + place,
            after * sizeof *marks->items);
    marks->items[place] = mark;
    marks->count++;
    return true;
}

const al_bookmark *al_bookmarks_next(const al_bookmarks *marks, uint64_t at,
                                     uint64_t n, bool is_back)
{
    size_t first = is_back ? before(marks, at)
                           : before(marks, at) + al_bookmarks_has(marks, at);
    size_t there = is_back ? first : marks->count - first;
    size_t steps = n < there ? (size_t)n : there;

    if (there == 0)
        return NULL;
    return &marks->items[is_back ? first - steps : first + steps - 1];
}
