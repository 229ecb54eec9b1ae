/* awaiters.c - see awaiters.h. */
#include "loop/task/awaiters.h"

#include "loop/base/alloc.h"
#include "loop/object/value.h"

/* Its place among the others, or their count. */
static uint32_t find(const al_awaiters *a, const al_future *waiter)
{
    uint32_t i = 0;

    while (i < a->count && a->others[i] != waiter)
        i++;
    return i;
}

static void add_other(al_awaiters *a, al_future *waiter)
{
    size_t capacity = a->capacity;

    a->others = al_grow(a->others, &capacity, (size_t)a->count + 1,
                        sizeof(al_future *));
    a->capacity = (uint32_t)capacity;
    a->others[a->count++] = al_ref(waiter);
}

void al_awaiters_add(al_awaiters *a, al_future *waiter)
{
    if (a->first == waiter || find(a, waiter) < a->count)
        return;
    if (a->first)
        add_other(a, waiter);
    else
        a->first = al_ref(waiter);
}

void al_awaiters_discard(al_awaiters *a, al_future *waiter)
{
    uint32_t at = find(a, waiter);

    if (a->first == waiter)
        a->first = NULL;
    else if (at < a->count)
        a->others[at] = a->others[--a->count];
    else
        return;
    al_unref(waiter);
}

size_t al_awaiters_count(const al_awaiters *a)
{
    return (a->first ? 1 : 0) + (size_t)a->count;
}

al_future *al_awaiters_peek(const al_awaiters *a, size_t index)
{
    if (!a->first)
        return a->others[index];
    return index ? a->others[index - 1] : a->first;
}

void al_awaiters_release(al_awaiters *a)
{
    al_awaiters old = *a;

    *a = (al_awaiters){0};
    for (size_t i = 0; i < old.count; i++)
        al_unref(old.others[i]);
    al_free(old.others);
    al_unref(old.first);
}
