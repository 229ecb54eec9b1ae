/* awaiters.c - see awaiters.h. */
#include "loop/task/awaiters.h"

#include "loop/base/alloc.h"
#include "loop/object/value.h"

/* Its place among the others, or their count. */
static uint32_t find(const al_awaiters *a, const al_task *task)
{
    uint32_t i = 0;

    while (i < a->count && a->others[i] != task)
        i++;
    return i;
}

static void add_other(al_awaiters *a, al_task *task)
{
    size_t capacity = a->capacity;

    a->others = al_grow(a->others, &capacity, (size_t)a->count + 1,
                        sizeof(al_task *));
    a->capacity = (uint32_t)capacity;
    a->others[a->count++] = al_ref(task);
}

void al_awaiters_add(al_awaiters *a, al_task *task)
{
    if (a->first == task || find(a, task) < a->count)
        return;
    if (a->first)
        add_other(a, task);
    else
        a->first = al_ref(task);
}

void al_awaiters_discard(al_awaiters *a, al_task *task)
{
    uint32_t at = find(a, task);

    if (a->first == task)
        a->first = NULL;
    else if (at < a->count)
        a->others[at] = a->others[--a->count];
    else
        return;
    al_unref(task);
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
