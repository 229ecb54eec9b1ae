/* twins.c - see twins.h. */
#include "sim/analysis/twins.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include "loop/base/alloc.h"

static const uint64_t LAST = UINT32_MAX;
static_assert(AL_PARTINGS_ROOTS < UINT8_MAX, "a byte holds a number");

void al_twins_release(al_twins *twins)
{
    for (al_side s = AL_LEFT; s <= AL_RIGHT; s++) {
        al_free(twins->of[s]);
        al_free(twins->roots[s]);
    }
    al_free(twins->list);
    *twins = (al_twins){0};
}

static void make_room(al_twins *twins, al_side s, size_t needed)
{
    size_t count = twins->count[s];

    if (needed <= count)
        return;
    twins->of[s] = al_grow(twins->of[s], &twins->capacity[s], needed,
                           sizeof *twins->of[s]);
    twins->roots[s] = al_grow(twins->roots[s], &twins->root_capacity[s],
                              needed, sizeof *twins->roots[s]);
    memset(twins->of[s] + count, 0, (needed - count) * sizeof *twins->of[s]);
    memset(twins->roots[s] + count, 0, needed - count);
    twins->count[s] = needed;
}

static void set(al_twins *twins, al_side s, uint64_t at, uint64_t other,
                uint8_t root)
{
    if (at == 0)
        return;
    make_room(twins, s, (size_t)at + 1);
    twins->of[s][at] = (uint32_t)other;
    twins->roots[s][at] = root;
}

/* Those that are not kept have one number. */
void al_twins_match(void *self, uint64_t left, uint64_t right, uint32_t root)
{
    al_twins *twins = self;

    if (left > LAST || right > LAST)
        return;
    if (root > twins->most_root)
        twins->most_root = root;
    set(twins, AL_LEFT, left, right, (uint8_t)root);
    set(twins, AL_RIGHT, right, left, (uint8_t)root);
    twins->unlisted++;
}

uint64_t al_twins_of(const al_twins *twins, al_side side, uint64_t at)
{
    return at < twins->count[side] ? twins->of[side][at] : 0;
}

al_twin_kind al_twins_kind(const al_twins *twins, al_side side, uint64_t at)
{
    if (at >= twins->count[side] || !twins->roots[side][at])
        return AL_TWIN_SAME;
    return twins->of[side][at] ? AL_TWIN_CHANGED : AL_TWIN_ALONE;
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
    uint8_t row = 0; /* its root; 0: it is none that differs */

    for (uint64_t at = 1; at < twins->count[side]; at++) {
        uint32_t other = twins->of[side][at];
        uint8_t root = twins->roots[side][at];
        bool is_listed = side == AL_LEFT || !other;

        if (other)
            place = other;
        if (root && root != row && is_listed)
            add(twins, (al_twin_gap){
                .place = side == AL_LEFT ? at : place, .at = at,
                .side = side, .root = root});
        if (root || other)
            row = is_listed ? root : 0;
    }
}

static void find_followers(al_twins *twins)
{
    bool was_before[UINT8_MAX + 1] = {false};

    for (size_t i = 0; i < twins->listed; i++) {
        al_twin_gap *gap = &twins->list[i];

        gap->follows = was_before[gap->root];
        was_before[gap->root] = true;
    }
}

void al_twins_settle(al_twins *twins)
{
    if (twins->unlisted == 0)
        return;
    twins->listed = 0;
    list_side(twins, AL_LEFT);
    list_side(twins, AL_RIGHT);
    if (twins->listed)
        qsort(twins->list, twins->listed, sizeof *twins->list, by_place);
    find_followers(twins);
    twins->unlisted = 0;
}

/* To list all anew at each eighth more is to list nine times as many, however
 * often somebody asks. */
const al_twin_gap *al_twins_differences(al_twins *twins, size_t *count)
{
    size_t events = twins->count[AL_LEFT] + twins->count[AL_RIGHT];

    if (twins->unlisted >= events / 8)
        al_twins_settle(twins);
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
