/* align_order.c - units in the order they ran; see align_private.h.
 *
 * Each lane has a queue of units on either side.  Where the heads are twins,
 * they are told and go.  Else the shortest heads of both queues are looked
 * for that hold the same units: a *block*, whose order differs.  The fewest
 * units that would have to move are those outside a longest increasing
 * subsequence.
 *
 * Where two runs drift apart, a block may never end.  One that is too long is
 * told as far as it is known on the left; the twins on the right are passed
 * over once their turn comes. */
#include "sim/analysis/align_private.h"

#include "loop/base/alloc.h"

enum { LONGEST_BLOCK = 4096 };

/* -- queues --------------------------------------------------------------- */

void al_queue_push(queue *to, unit *one)
{
    if (to->count == to->capacity) {
        size_t capacity = to->capacity ? 2 * to->capacity : 16;
        unit **ring = al_alloc(capacity * sizeof(unit *));

        for (size_t i = 0; i < to->count; i++)
            ring[i] = al_queue_at(to, i);
        al_free(to->ring);
        to->ring = ring;
        to->head = 0;
        to->capacity = capacity;
    }
    one->place = to->base + to->count;
    to->ring[(to->head + to->count++) % to->capacity] = one;
}

unit *al_queue_at(const queue *of, size_t index)
{
    return index < of->count ? of->ring[(of->head + index) % of->capacity]
                             : NULL;
}

static void pop(al_align *align, queue *from)
{
    al_unit_free(align, al_queue_at(from, 0));
    from->head = (from->head + 1) % from->capacity;
    from->count--;
    from->base++;
}

/* -- telling -------------------------------------------------------------- */

static void tell_alone(al_align *align, unit *one)
{
    al_unit_tell_alone(align, one);
    al_unit_tell_pairs(align, one);
}

static void tell_twins(al_align *align, unit *left, uint32_t root)
{
    al_unit_tell(align, left, root);
    al_unit_tell_pairs(align, left);
}

/* -- blocks --------------------------------------------------------------- */

/* Extend the heads of both queues until they hold the same units.  False:
 * one of them is undecided. */
static bool find_block(lane *on)
{
    for (bool is_grown = true; is_grown;) {
        is_grown = false;
        for (al_side s = AL_LEFT; s <= AL_RIGHT; s++) {
            queue *own = &on->queues[s], *other = &on->queues[!s];

            for (; on->seen[s] < on->ends[s]; on->seen[s]++) {
                unit *one = al_queue_at(own, on->seen[s]);
                size_t needed;

                if (!one->is_decided)
                    return false;
                needed = one->twin && !one->is_told
                    ? (size_t)(one->twin->place - other->base) + 1 : 0;
                if (needed > on->ends[!s])
                    on->ends[!s] = needed;
                is_grown = true;
            }
        }
    }
    return true;
}

typedef struct block {
    unit **units;    /* those of the left that have twins, in order */
    bool *is_moved;
    size_t count;
} block;

/* Whom did it pass?  Where it runs earlier on the right, the first it now
 * comes before; else the first that now comes before it. */
static void tell_moved(al_align *align, const block *in, size_t index,
                       uint32_t block_root)
{
    unit *one = in->units[index];
    uint32_t root = al_unit_root(one);

    if (one->moved_root)
        return;
    for (size_t i = 0; i < in->count; i++) {
        unit *other = in->units[i];
        bool was_before = i < index;
        bool is_before = other->twin->place < one->twin->place;

        if (in->is_moved[i] || i == index || was_before == is_before)
            continue;
        one->moved_root = other->moved_root;
        if (one->moved_root)
            return; /* the other one was told to have moved */
        one->moved_root = al_unit_tell_order(align, was_before ? one : other,
                                             was_before ? other : one,
                                             root ? root : block_root);
        return;
    }
}

static void fill_block(const lane *on, block *out)
{
    uint64_t *places;

    out->units = al_alloc(on->ends[AL_LEFT] * sizeof(unit *));
    out->is_moved = al_alloc_zero(on->ends[AL_LEFT], sizeof(bool));
    places = al_alloc(on->ends[AL_LEFT] * sizeof *places);
    for (size_t i = 0; i < on->ends[AL_LEFT]; i++) {
        unit *one = al_queue_at(&on->queues[AL_LEFT], i);

        if (!one->twin || one->is_told)
            continue;
        places[out->count] = one->twin->place;
        out->units[out->count++] = one;
    }
    al_align_mark_moved(places, out->count, out->is_moved);
    al_free(places);
}

static void tell_block(al_align *align, lane *on)
{
    block in = {0};
    uint32_t first = 0;

    fill_block(on, &in);
    for (size_t i = 0, n = 0; i < on->ends[AL_LEFT]; i++) {
        unit *one = al_queue_at(&on->queues[AL_LEFT], i);

        if (one->is_told)
            continue;
        if (!one->twin) {
            tell_alone(align, one);
            continue;
        }
        if (in.is_moved[n])
            tell_moved(align, &in, n, first);
        if (one->moved_root)
            first = one->moved_root;
        tell_twins(align, one, first);
        one->twin->is_told = true;
        n++;
    }
    for (size_t i = 0; i < on->ends[AL_RIGHT]; i++) {
        unit *one = al_queue_at(&on->queues[AL_RIGHT], i);

        if (!one->twin)
            tell_alone(align, one);
    }
    al_free(in.units);
    al_free(in.is_moved);
}

/* The first on the right that is not among those on the left: it came before
 * one that is. */
static void tell_passed(al_align *align, lane *on)
{
    unit *first = NULL;

    for (size_t i = 0; i < on->seen[AL_RIGHT] && !first; i++) {
        unit *one = al_queue_at(&on->queues[AL_RIGHT], i);

        if (one->twin && !one->is_told &&
            one->twin->place - on->queues[AL_LEFT].base >=
            on->ends[AL_LEFT])
            first = one->twin;
    }
    if (!first || first->moved_root)
        return;
    for (size_t i = 0; i < on->ends[AL_LEFT]; i++) {
        unit *one = al_queue_at(&on->queues[AL_LEFT], i);

        if (!one->twin || one->twin->place < first->twin->place)
            continue;
        first->moved_root = al_unit_tell_order(align, first, one,
                                               al_unit_root(first));
        return;
    }
}

/* So far as the left is known; what is on the right alone waits. */
static void tell_long_block(al_align *align, lane *on)
{
    on->ends[AL_LEFT] = on->seen[AL_LEFT];
    on->ends[AL_RIGHT] = 0;
    align->result.is_order_cut = true;
    tell_passed(align, on);
    tell_block(align, on);
}

static void pop_block(al_align *align, lane *on)
{
    for (al_side s = AL_LEFT; s <= AL_RIGHT; s++) {
        while (on->ends[s]-- > 0)
            pop(align, &on->queues[s]);
        on->ends[s] = on->seen[s] = 0;
    }
}

/* -- going on ------------------------------------------------------------- */

static bool tell_head_alone(al_align *align, lane *on, al_side s)
{
    unit *head = al_queue_at(&on->queues[s], 0);

    if (on->ends[AL_LEFT] || !head || !head->is_decided ||
        (head->twin && !head->is_told))
        return false;
    if (!head->is_told)
        tell_alone(align, head);
    pop(align, &on->queues[s]);
    return true;
}

static bool tell_heads(al_align *align, lane *on)
{
    unit *left = al_queue_at(&on->queues[AL_LEFT], 0);
    unit *right = al_queue_at(&on->queues[AL_RIGHT], 0);

    if (!left || !right || !left->is_decided || !right->is_decided)
        return false;
    if (!left->is_told && !right->is_told && left->twin == right) {
        tell_twins(align, left, left->moved_root);
        pop(align, &on->queues[AL_LEFT]);
        pop(align, &on->queues[AL_RIGHT]);
        return true;
    }
    if (on->ends[AL_LEFT] == 0)
        on->ends[AL_LEFT] = on->ends[AL_RIGHT] = 1;
    if (find_block(on))
        tell_block(align, on);
    else if (on->seen[AL_LEFT] > 0 &&
             on->seen[AL_LEFT] + on->seen[AL_RIGHT] >= LONGEST_BLOCK)
        tell_long_block(align, on);
    else
        return false;
    pop_block(align, on);
    return true;
}

void al_lane_drain(al_align *align, lane *on)
{
    while (tell_head_alone(align, on, AL_LEFT) ||
           tell_head_alone(align, on, AL_RIGHT) || tell_heads(align, on))
        continue;
}

void al_lane_mark_dirty(al_align *align, lane *on)
{
    if (on->is_dirty)
        return;
    on->is_dirty = true;
    align->dirty = al_grow(align->dirty, &align->dirty_capacity,
                           align->dirty_count + 1, sizeof(lane *));
    align->dirty[align->dirty_count++] = on;
}

void al_align_drain(al_align *align)
{
    for (size_t i = 0; i < align->dirty_count; i++) {
        align->dirty[i]->is_dirty = false;
        al_lane_drain(align, align->dirty[i]);
    }
    align->dirty_count = 0;
}

unit *al_lane_find_blocking(lane *on)
{
    for (al_side s = AL_LEFT; s <= AL_RIGHT; s++) {
        size_t at = on->ends[AL_LEFT] ? on->seen[s] : 0;
        unit *one = al_queue_at(&on->queues[s], at);

        if (one && !one->is_decided &&
            (!on->ends[AL_LEFT] || at < on->ends[s]))
            return one;
    }
    return NULL;
}
