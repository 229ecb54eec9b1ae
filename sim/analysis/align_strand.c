/* align_strand.c - which unit of one side is which of the other; see
 * align_private.h.
 *
 * Of twin strands, the units at the head are twins if they did the same, or
 * nearly.  Else a few more are waited for on both sides: where one is found
 * that is the same in both, what stands before it was left out or changed. */
#include "sim/analysis/align_private.h"

#include <string.h>
#include "loop/base/alloc.h"

enum { LOOKAHEAD = 6 }; /* units of a strand */

/* -- strands -------------------------------------------------------------- */

static void enqueue(al_align *align, strand *one)
{
    strand *left = one->side == AL_LEFT ? one : one->twin;

    if (!left || left->is_queued)
        return;
    left->is_queued = true;
    align->work = al_grow(align->work, &align->work_capacity,
                          align->work_count + 1, sizeof *align->work);
    align->work[align->work_count++] = al_strand_ref(left);
}

static bool are_renumbered(const strand *left, const strand *right)
{
    return left->id != right->id ||
           (al_is_default_name(left->label) &&
            al_is_default_name(right->label) &&
            strcmp(left->label, right->label) != 0);
}

void al_strand_end(al_align *align, strand *one)
{
    one->is_over = true;
    if (one->twin)
        enqueue(align, one);
}

void al_strand_pair(al_align *align, strand *left, strand *right)
{
    if (left->twin || right->twin || left->is_alone || right->is_alone ||
        left->is_widowed || right->is_widowed)
        return;
    left->twin = right;
    right->twin = left;
    left->key = right->key = ++align->keys;
    if (are_renumbered(left, right))
        align->is_shifted = true;
    enqueue(align, left);
}

void al_strand_leave_alone(al_align *align, strand *one)
{
    if (one->twin || one->is_alone)
        return;
    one->is_alone = true;
    align->orphans = al_grow(align->orphans, &align->orphan_capacity,
                             align->orphan_count + 1, sizeof *align->orphans);
    align->orphans[align->orphan_count++] = al_strand_ref(one);
}

/* -- units ---------------------------------------------------------------- */

static unit *shift_unit(al_align *align, strand *of)
{
    unit *one = of->first;

    of->first = one->next;
    if (!of->first)
        of->last = NULL;
    one->next = NULL;
    of->waiting--;
    align->sides[of->side].waiting--;
    return one;
}

static void decide_alone(al_align *align, unit *one)
{
    one->is_decided = true;
    al_lane_mark_dirty(align, one->lane);
    for (size_t i = 0; i < one->count; i++) {
        if (one->doings[i].made && !one->doings[i].made->steps)
            al_strand_leave_alone(align, one->doings[i].made);
    }
}

static void decide_twins(al_align *align, unit *left, unit *right)
{
    left->is_decided = right->is_decided = true;
    left->twin = right;
    right->twin = left;
    al_lane_mark_dirty(align, left->lane);
    if (left->handle && right->handle && left->handle != left->of)
        al_strand_pair(align, left->handle, right->handle);
    al_unit_match(align, left, right);
}

/* What stands in other lanes cannot be put in one order. */
static void decide(al_align *align, strand *left, strand *right)
{
    unit *x = shift_unit(align, left);
    unit *y = shift_unit(align, right);

    if (x->lane == y->lane) {
        decide_twins(align, x, y);
        return;
    }
    decide_alone(align, x);
    decide_alone(align, y);
}

static void skip(al_align *align, strand *of, size_t count)
{
    while (count-- > 0)
        decide_alone(align, shift_unit(align, of));
}

static bool are_same(const unit *x, const unit *y)
{
    return x->base == y->base && x->count == y->count;
}

/* Do they begin and end alike, for half of what they did? */
static bool are_similar(const unit *x, const unit *y)
{
    size_t least = x->count < y->count ? x->count : y->count;
    size_t most = x->count < y->count ? y->count : x->count;
    size_t head = 0, tail = 0;

    while (head < least && x->doings[head].base == y->doings[head].base)
        head++;
    while (head + tail < least && x->doings[x->count - 1 - tail].base ==
                                      y->doings[y->count - 1 - tail].base)
        tail++;
    return head + tail > 0 && (head + tail) * 2 >= most;
}

/* The nearest units that are the same: how many stand before them. */
static bool find_anchor(const strand *left, const strand *right, size_t *i,
                        size_t *j)
{
    size_t nearest = SIZE_MAX, a = 0;

    for (unit *x = left->first; x && a < LOOKAHEAD; x = x->next, a++) {
        size_t b = 0;

        for (unit *y = right->first; y && b < LOOKAHEAD; y = y->next, b++) {
            if (a + b >= nearest || !are_same(x, y))
                continue;
            nearest = a + b;
            *i = a;
            *j = b;
        }
    }
    return nearest != SIZE_MAX;
}

static bool has_enough(const al_align *align, const strand *one)
{
    return one->waiting >= LOOKAHEAD || one->is_over || align->is_finishing;
}

/* They are not the same: which is to go?  Where both have something before
 * the next that is, the first are taken for one, changed. */
static void resolve(al_align *align, strand *left, strand *right)
{
    size_t i = 0, j = 0;

    if (find_anchor(left, right, &i, &j) && (i == 0 || j == 0)) {
        skip(align, left, i);
        skip(align, right, j);
    } else {
        decide(align, left, right);
    }
}

static void align_heads(al_align *align, strand *left, strand *right,
                        bool is_forced)
{
    while (left->first && right->first) {
        if (are_same(left->first, right->first) ||
            are_similar(left->first, right->first))
            decide(align, left, right);
        else if (is_forced ||
                 (has_enough(align, left) && has_enough(align, right)))
            resolve(align, left, right);
        else
            return;
    }
}

static bool is_gone(const al_align *align, const strand *twin)
{
    return (twin->is_over || align->is_finishing) && !twin->first;
}

static void align_strands(al_align *align, strand *left)
{
    strand *right = left->twin;

    left->is_queued = false;
    if (!right)
        return;
    align_heads(align, left, right, false);
    if (is_gone(align, right))
        skip(align, left, left->waiting);
    if (is_gone(align, left))
        skip(align, right, right->waiting);
}

/* -- going on ------------------------------------------------------------- */

void al_align_settle(al_align *align)
{
    while (align->work_count > 0 || align->orphan_count > 0) {
        strand *one;

        if (align->work_count > 0) {
            one = align->work[--align->work_count];
            align_strands(align, one);
        } else {
            one = align->orphans[--align->orphan_count];
            skip(align, one, one->waiting);
        }
        al_strand_unref(one);
    }
}

void al_unit_complete(al_align *align, unit *one)
{
    strand *of = one->of;

    one->is_complete = true;
    al_unit_trim(one);
    if (one->ends_strand)
        of->is_over = true;
    if (of->is_alone || of->is_widowed) {
        decide_alone(align, one);
        return;
    }
    if (of->last)
        of->last->next = one;
    else
        of->first = one;
    of->last = one;
    of->waiting++;
    align->sides[of->side].waiting++;
    enqueue(align, of);
}

/* Only the units at the head of a strand are asked for: those before were
 * older. */
void al_unit_give_up(al_align *align, unit *one)
{
    strand *of = one->of, *twin = of->twin;
    bool is_left = of->side == AL_LEFT;

    if (twin && twin->first && of->first)
        align_heads(align, is_left ? of : twin, is_left ? twin : of, true);
    while (!one->is_decided && of->first) {
        unit *next = shift_unit(align, of);

        next->was_given_up = !align->is_finishing;
        align->result.given_up += next->was_given_up;
        decide_alone(align, next);
    }
    al_align_settle(align);
}
