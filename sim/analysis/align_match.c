/* align_match.c - which doing of two twin units is which; see
 * align_private.h.
 *
 * What is alike at both ends is matched first; of what is between, the n-th
 * of those that are alike on the left is the n-th on the right; what is left
 * then is matched with what is comparable, and so changed. */
#include "sim/analysis/align_private.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "loop/base/alloc.h"
#include "loop/base/hash.h"

/* -- the longest increasing subsequence ------------------------------------ */

void al_align_mark_moved(const uint64_t *numbers, size_t count, bool *is_moved)
{
    size_t *ends = al_alloc((count + 1) * sizeof *ends); /* by length */
    size_t *before = al_alloc((count + 1) * sizeof *before);
    size_t length = 0;

    for (size_t i = 0; i < count; i++) {
        size_t low = 0, high = length;

        while (low < high) {
            size_t middle = (low + high) / 2;

            if (numbers[ends[middle]] < numbers[i])
                low = middle + 1;
            else
                high = middle;
        }
        before[i] = low ? ends[low - 1] : SIZE_MAX;
        ends[low] = i;
        if (low == length)
            length++;
        is_moved[i] = true;
    }
    for (size_t i = length ? ends[length - 1] : SIZE_MAX; i != SIZE_MAX;
         i = before[i])
        is_moved[i] = false;
    al_free(ends);
    al_free(before);
}

/* -- likeness ------------------------------------------------------------- */

static uint64_t strong_key(const al_align *align, const doing *one)
{
    const strand *about = one->about;
    uint64_t subject = !about ? 0
        : about->key ? about->key : (uint64_t)(uintptr_t)about->name;
    uint64_t hash = (one->base ^ subject) * AL_HASH_FACTOR;

    return align->is_shifted ? hash : hash ^ one->exact;
}

static bool have_same_subject(const doing *x, const doing *y)
{
    if (!x->about || !y->about)
        return true;
    if (!x->about->key || !y->about->key)
        return x->about->name == y->about->name;
    return x->about->key == y->about->key;
}

/* A deadline that was set at the same time is the same to the last bit. */
static bool have_same_deadline(const al_align *align, const doing *x,
                               const doing *y)
{
    double a = x->told.when, b = y->told.when;

    if ((align->options.ignored & AL_IGNORE_TIMES) || (isnan(a) && isnan(b)))
        return true;
    if (x->told.time == y->told.time)
        return a == b;
    return al_align_are_near(a - x->told.time, b - y->told.time);
}

static bool are_alike(const al_align *align, const doing *x, const doing *y)
{
    return x->base == y->base &&
           (align->is_shifted || x->exact == y->exact) &&
           have_same_subject(x, y) && have_same_deadline(align, x, y);
}

static void match(doing *left, size_t i, doing *right, size_t j)
{
    left[i].match = (uint32_t)j + 1;
    right[j].match = (uint32_t)i + 1;
}

/* -- what is not at the same place ---------------------------------------- */

typedef struct entry {
    uint64_t key;
    size_t index;
} entry;

static int by_key(const void *a, const void *b)
{
    const entry *x = a, *y = b;

    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    return x->index < y->index ? -1 : x->index > y->index;
}

static size_t list_unmatched(const al_align *align, const unit *of,
                             size_t from, size_t to, bool is_weak,
                             entry *list)
{
    size_t count = 0;

    for (size_t i = from; i < to; i++) {
        const doing *one = &of->doings[i];

        if (!one->match)
            list[count++] = (entry){
                is_weak ? one->weak : strong_key(align, one), i};
    }
    qsort(list, count, sizeof *list, by_key);
    return count;
}

static void match_by_key(const al_align *align, unit *left, unit *right,
                         const size_t from, const size_t ends[2],
                         bool is_weak)
{
    entry *x = al_alloc((ends[0] - from + 1) * sizeof *x);
    entry *y = al_alloc((ends[1] - from + 1) * sizeof *y);
    size_t n = list_unmatched(align, left, from, ends[0], is_weak, x);
    size_t m = list_unmatched(align, right, from, ends[1], is_weak, y);

    for (size_t i = 0, j = 0; i < n && j < m;) {
        if (x[i].key == y[j].key)
            match(left->doings, x[i++].index, right->doings, y[j++].index);
        else if (x[i].key < y[j].key)
            i++;
        else
            j++;
    }
    al_free(x);
    al_free(y);
}

/* -- changed and moved ---------------------------------------------------- */

static void find_changes(const al_align *align, unit *left, unit *right)
{
    for (size_t i = 0; i < left->count; i++) {
        doing *x = &left->doings[i];

        if (x->match && !are_alike(align, x, &right->doings[x->match - 1]))
            x->is_changed = right->doings[x->match - 1].is_changed = true;
    }
}

static void find_moves(unit *left, unit *right)
{
    uint64_t *numbers = al_alloc((left->count + 1) * sizeof *numbers);
    size_t *indices = al_alloc((left->count + 1) * sizeof *indices);
    bool *is_moved = al_alloc_zero(left->count + 1, sizeof *is_moved);
    size_t count = 0;

    for (size_t i = 0; i < left->count; i++) {
        if (!left->doings[i].match)
            continue;
        indices[count] = i;
        numbers[count++] = left->doings[i].match;
    }
    al_align_mark_moved(numbers, count, is_moved);
    for (size_t i = 0; i < count; i++) {
        if (is_moved[i])
            left->doings[indices[i]].is_moved =
                right->doings[numbers[i] - 1].is_moved = true;
    }
    al_free(numbers);
    al_free(indices);
    al_free(is_moved);
}

/* -- what they begin ------------------------------------------------------ */

static void pair_made(al_align *align, unit *left, unit *right)
{
    for (size_t i = 0; i < left->count; i++) {
        doing *x = &left->doings[i];
        doing *y = x->match ? &right->doings[x->match - 1] : NULL;

        if (x->made && y && y->made && !x->made->steps)
            al_strand_pair(align, x->made, y->made);
        else if (x->made && !x->made->steps)
            al_strand_leave_alone(align, x->made);
    }
    for (size_t j = 0; j < right->count; j++) {
        doing *y = &right->doings[j];

        if (y->made && !y->match && !y->made->steps)
            al_strand_leave_alone(align, y->made);
    }
}

void al_unit_match(al_align *align, unit *left, unit *right)
{
    size_t ends[2] = {left->count, right->count};
    size_t from = 0;
    doing *x = left->doings, *y = right->doings;

    while (from < ends[0] && from < ends[1] &&
           are_alike(align, &x[from], &y[from])) {
        match(x, from, y, from);
        from++;
    }
    while (ends[0] > from && ends[1] > from &&
           are_alike(align, &x[ends[0] - 1], &y[ends[1] - 1])) {
        ends[0]--;
        ends[1]--;
        match(x, ends[0], y, ends[1]);
    }
    if (ends[0] > from && ends[1] > from) {
        match_by_key(align, left, right, from, ends, false);
        match_by_key(align, left, right, from, ends, true);
        find_changes(align, left, right);
        find_moves(left, right);
    }
    pair_made(align, left, right);
}
