/* align_pairs.c - which events of two twin units are which; see
 * align_private.h. */
#include "sim/analysis/align_private.h"

static void tell(al_align *align, const unit *one, uint64_t own,
                 uint64_t other, bool differs)
{
    bool is_left = one->side == AL_LEFT;

    if (own || other)
        align->options.match(align->options.self, is_left ? own : other,
                             is_left ? other : own, differs);
}

/* What it was before: which doing is which was decided as they met. */
static void tell_doings(al_align *align, const unit *one)
{
    const unit *twin = one->twin;

    for (size_t i = 0; i < one->count; i++) {
        const doing *each = &one->doings[i];

        tell(align, one, each->event,
             each->match ? twin->doings[each->match - 1].event : 0,
             !each->match || each->is_changed || each->is_moved);
    }
    for (size_t i = 0; twin && i < twin->count; i++) {
        if (!twin->doings[i].match)
            tell(align, one, 0, twin->doings[i].event, true);
    }
}

void al_unit_tell_pairs(al_align *align, const unit *one, bool differs)
{
    const unit *twin = one->twin;

    if (!align->options.match)
        return;
    if (one->handle && !one->is_rest)
        tell(align, one, one->event, twin ? twin->event : 0, differs);
    tell_doings(align, one);
    if (one->end || (twin && twin->end))
        tell(align, one, one->end, twin ? twin->end : 0, !twin);
}
