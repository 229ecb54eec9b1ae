/* align_pairs.c - which events of two twin units are which; see
 * align_private.h. */
#include "sim/analysis/align_private.h"

static void tell(al_align *align, const unit *one, uint64_t own,
                 uint64_t other, uint32_t root)
{
    bool is_left = one->side == AL_LEFT;

    if (own || other)
        align->options.match(align->options.self, is_left ? own : other,
                             is_left ? other : own, root);
}

/* The root of a doing that differs.  What nobody called began by its first. */
static uint32_t root_of(const unit *one, size_t index)
{
    const doing *each = &one->doings[index];

    if (!each->match || each->is_changed || each->is_moved)
        return one->did_root;
    return index == 0 && !one->handle ? one->ran_root : 0;
}

/* Which doing is which was decided as they met. */
static void tell_doings(al_align *align, const unit *one)
{
    const unit *twin = one->twin;

    for (size_t i = 0; i < one->count; i++) {
        const doing *each = &one->doings[i];

        tell(align, one, each->event,
             each->match ? twin->doings[each->match - 1].event : 0,
             root_of(one, i));
    }
    for (size_t i = 0; twin && i < twin->count; i++) {
        if (!twin->doings[i].match)
            tell(align, one, 0, twin->doings[i].event, one->did_root);
    }
}

void al_unit_tell_pairs(al_align *align, const unit *one)
{
    const unit *twin = one->twin;

    if (!align->options.match)
        return;
    if (twin && one->ran_root && one->turn.removed != twin->turn.removed)
        tell(align, one, one->turn.compacted, twin->turn.compacted,
             one->ran_root); /* it began there */
    if (one->handle && !one->is_rest)
        tell(align, one, one->event, twin ? twin->event : 0, one->ran_root);
    tell_doings(align, one);
    if (one->end && twin && twin->end)
        tell(align, one, one->end, twin->end, 0);
    else if (one->end || (twin && twin->end))
        tell(align, one, one->end, twin ? twin->end : 0, one->ran_root);
}
