/* twins.c - see twins.h. */
#include "sim/analysis/twins.h"

#include <stdlib.h>
#include <string.h>
#include "loop/base/alloc.h"

enum {
    CHANGED = 1 << 30,
    NUMBER = CHANGED - 1
};
static const uint32_t ALONE = UINT32_C(1) << 31;

void al_twins_release(al_twins *twins)
{
    al_free(twins->of[AL_LEFT]);
    al_free(twins->of[AL_RIGHT]);
    al_free(twins->list);
    *twins = (al_twins){0};
}

static void set(al_twins *twins, al_side side, uint64_t at, uint32_t to)
{
    size_t count = twins->count[side];

    if (at == 0 || at > NUMBER)
        return;
    if (at >= count) {
        twins->of[side] = al_grow(twins->of[side], &twins->capacity[side],
                                  (size_t)at + 1, sizeof *twins->of[side]);
        memset(twins->of[side] + count, 0,
               ((size_t)at + 1 - count) * sizeof *twins->of[side]);
        twins->count[side] = (size_t)at + 1;
    }
    twins->of[side][at] = to;
}

void al_twins_match(void *self, uint64_t left, uint64_t right, bool differs)
{
    al_twins *twins = self;
    uint32_t flag = !left || !right ? ALONE : differs ? CHANGED : 0;

    if (left > NUMBER || right > NUMBER)
        return;
    set(twins, AL_LEFT, left, (uint32_t)right | flag);
    set(twins, AL_RIGHT, right, (uint32_t)left | flag);
    twins->is_listed = false;
}

static uint32_t entry(const al_twins *twins, al_side side, uint64_t at)
{
    return at < twins->count[side] ? twins->of[side][at] : 0;
}

uint64_t al_twins_of(const al_twins *twins, al_side side, uint64_t at)
{
    return entry(twins, side, at) & NUMBER;
}

al_twin_kind al_twins_kind(const al_twins *twins, al_side side, uint64_t at)
{
    uint32_t it = entry(twins, side, at);

    return it & ALONE ? AL_TWIN_ALONE : it & CHANGED ? AL_TWIN_CHANGED
                                                     : AL_TWIN_SAME;
}

uint64_t al_twins_before(const al_twins *twins, al_side side, uint64_t at)
{
    if (twins->count[side] == 0)
        return 0;
    if (at >= twins->count[side])
        at = twins->count[side] - 1;
    while (at > 0 && al_twins_of(twins, side, at) == 0)
        at--;
    return at;
}

/* -- differences -------------------------------------------------------------- */

static int by_place(const void *a, const void *b)
{
    const al_twin_gap *x = a, *y = b;

    if (x->place != y->place)
        return x->place < y->place ? -1 : 1;
    if (x->side != y->side)
        return x->side < y->side ? -1 : 1;
    return x->at < y->at ? -1 : x->at > y->at;
}

static void add(al_twins *twins, al_twin_gap one)
{
    twins->list = al_grow(twins->list, &twins->list_capacity,
                          twins->listed + 1, sizeof *twins->list);
    twins->list[twins->listed++] = one;
}

/* What is in both is listed on the left.  What was not compared ends no row,
 * for it is between all others. */
static void list_side(al_twins *twins, al_side side)
{
    uint64_t place = 0;
    bool is_in_row = false;

    for (uint64_t at = 1; at < twins->count[side]; at++) {
        uint32_t it = twins->of[side][at];
        bool differs = side == AL_LEFT ? it & (ALONE | CHANGED) : it & ALONE;

        if (it & NUMBER)
            place = it & NUMBER;
        if (differs && !is_in_row)
            add(twins, (al_twin_gap){side == AL_LEFT ? at : place, at,
                                       side});
        if (it)
            is_in_row = differs;
    }
}

const al_twin_gap *al_twins_differences(al_twins *twins, size_t *count)
{
    if (!twins->is_listed) {
        twins->listed = 0;
        list_side(twins, AL_LEFT);
        list_side(twins, AL_RIGHT);
        if (twins->listed)
            qsort(twins->list, twins->listed, sizeof *twins->list, by_place);
        twins->is_listed = true;
    }
    *count = twins->listed;
    return twins->list;
}

size_t al_twins_passed(al_twins *twins, al_side side, uint64_t at)
{
    al_twin_gap here = {.place = at, .at = at, .side = side};
    size_t low = 0, high;
    const al_twin_gap *list = al_twins_differences(twins, &high);

    if (side == AL_RIGHT)
        here.place = al_twins_of(twins, side,
                                 al_twins_before(twins, side, at));
    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (by_place(&list[middle], &here) <= 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}
