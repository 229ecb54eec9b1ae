/* awaiters.c - see awaiters.h.
 *
 * Nearly all futures have one awaiter at most, which needs no memory.  Where
 * there are more, the others stand in a table, by address: a crowd of tasks
 * may wait for one future. */
#include "loop/task/awaiters.h"

#include "loop/base/alloc.h"
#include "loop/base/hash.h"
#include "loop/object/value.h"

/* Where it stands if nobody else does. */
static uint32_t home_of(const al_awaiters *a, const al_future *waiter)
{
    uint64_t hash = (uint64_t)(uintptr_t)waiter * AL_HASH_FACTOR;

    return (uint32_t)(hash >> 32) & (a->capacity - 1);
}

static uint32_t next_to(const al_awaiters *a, uint32_t at)
{
    return (at + 1) & (a->capacity - 1);
}

/* Its place among the others, or the one that it would have. */
static al_future **find(const al_awaiters *a, const al_future *waiter)
{
    uint32_t at = home_of(a, waiter);

    while (a->others[at] && a->others[at] != waiter)
        at = next_to(a, at);
    return &a->others[at];
}

static bool is_among(const al_awaiters *a, const al_future *waiter)
{
    return a->count > 0 && *find(a, waiter);
}

static void grow(al_awaiters *a)
{
    enum { FIRST = 8 };
    al_awaiters larger = *a;

    larger.capacity = a->capacity ? 2 * a->capacity : FIRST;
    larger.others = al_alloc_zero(larger.capacity, sizeof *larger.others);
    for (uint32_t i = 0; i < a->capacity; i++) {
        if (a->others[i])
            *find(&larger, a->others[i]) = a->others[i];
    }
    al_free(a->others);
    *a = larger;
}

static void add_other(al_awaiters *a, al_future *waiter)
{
    if (2 * (a->count + 1) > a->capacity)
        grow(a);
    *find(a, waiter) = al_ref(waiter);
    a->count++;
}

void al_awaiters_add(al_awaiters *a, al_future *waiter)
{
    if (a->first == waiter || is_among(a, waiter))
        return;
    if (a->first)
        add_other(a, waiter);
    else
        a->first = al_ref(waiter);
}

/* Who stands behind moves up, where nobody then stands before its home. */
static void take_out(al_awaiters *a, uint32_t gap)
{
    uint32_t mask = a->capacity - 1;

    for (uint32_t at = next_to(a, gap); a->others[at]; at = next_to(a, at)) {
        uint32_t home = home_of(a, a->others[at]);

        if (((at - home) & mask) < ((at - gap) & mask))
            continue;
        a->others[gap] = a->others[at];
        gap = at;
    }
    a->others[gap] = NULL;
    a->count--;
}

void al_awaiters_discard(al_awaiters *a, al_future *waiter)
{
    if (a->first == waiter)
        a->first = NULL;
    else if (is_among(a, waiter))
        take_out(a, (uint32_t)(find(a, waiter) - a->others));
    else
        return;
    al_unref(waiter);
}

size_t al_awaiters_count(const al_awaiters *a)
{
    return (a->first ? 1 : 0) + (size_t)a->count;
}

void al_awaiters_list(const al_awaiters *a, al_value *to)
{
    if (a->first)
        *to++ = (al_value){AL_OBJECT, {.object = (al_object *)a->first}};
    for (uint32_t i = 0; i < a->capacity; i++) {
        if (a->others[i])
            *to++ = (al_value){AL_OBJECT,
                               {.object = (al_object *)a->others[i]}};
    }
}

void al_awaiters_release(al_awaiters *a)
{
    al_awaiters old = *a;

    *a = (al_awaiters){0};
    for (uint32_t i = 0; i < old.capacity; i++)
        al_unref(old.others[i]);
    al_free(old.others);
    al_unref(old.first);
}
