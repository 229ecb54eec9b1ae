/* picks.c - see picks.h. */
#include "sim/trace/picks.h"

#include "loop/base/alloc.h"

enum { MOST = 1 << 15 };

void al_picks_release(al_picks *picks)
{
    al_free(picks->kept);
    *picks = (al_picks){0};
}

static uint64_t stride(const al_picks *picks)
{
    return picks->stride ? picks->stride : 1;
}

static void thin_out(al_picks *picks)
{
    for (size_t i = 0; 2 * i < picks->count; i++)
        picks->kept[i] = picks->kept[2 * i];
    picks->count = (picks->count + 1) / 2;
    picks->stride = 2 * stride(picks);
}

void al_picks_add(al_picks *picks, al_milestone milestone)
{
    if (milestone.picked != picks->count * stride(picks))
        return;
    if (picks->count == MOST)
        thin_out(picks);
    picks->kept = al_grow(picks->kept, &picks->capacity, picks->count + 1,
                          sizeof *picks->kept);
    picks->kept[picks->count++] = milestone;
}

al_milestone al_picks_before(const al_picks *picks, uint64_t index)
{
    uint64_t nearest = index / stride(picks);

    return picks->kept[nearest < picks->count ? nearest : picks->count - 1];
}
