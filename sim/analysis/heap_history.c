/* heap_history.c - see heap_history.h. */
#include "sim/analysis/heap_history.h"

#include <math.h>
#include "loop/base/alloc.h"
#include "loop/core/heap.h"

typedef struct again { /* a heap whose items are steps of the history */
    al_heap heap;
    const al_heap_history *history;
    const uint64_t *group;
    size_t size;
    al_heap_step more; /* the timer that there never was; handle 0 */
    bool *is_cancelled; /* of the push at step i */
} again;

void al_heap_history_release(al_heap_history *h)
{
    al_free(h->steps);
    *h = (al_heap_history){0};
}

static void begin_anew(al_heap_history *h)
{
    h->count = h->pushed = h->popped = 0;
    h->is_given_up = false;
}

/* Of a heap that became empty all is kept until the next timer, for those who
 * ask about what left it last. */
void al_heap_history_add(al_heap_history *h, al_heap_step step)
{
    if (step.deed == AL_HEAP_PUSH) {
        if (h->popped >= h->pushed)
            begin_anew(h);
        h->pushed++;
    }
    if (step.deed == AL_HEAP_POP)
        h->popped++;
    if (h->count == AL_HEAP_HISTORY_MOST)
        h->is_given_up = true;
    if (h->is_given_up)
        return;
    h->steps = al_grow(h->steps, &h->capacity, h->count + 1,
                       sizeof *h->steps);
    h->steps[h->count++] = step;
}

void al_heap_history_drop(al_heap_history *h, size_t dropped)
{
    al_heap_history_add(h, (al_heap_step){.deed = AL_HEAP_COMPACT});
    h->popped += dropped;
}

static bool is_in_group(const again *a, uint64_t handle)
{
    for (size_t i = 0; i < a->size; i++) {
        if (a->group[i] == handle)
            return true;
    }
    return false;
}

static size_t index_of(const again *a, const al_heap_step *step)
{
    return (size_t)(step - a->history->steps);
}

static bool is_dropped(void *item, void *arg)
{
    again *a = arg;
    const al_heap_step *step = item;

    return step != &a->more && a->is_cancelled[index_of(a, step)];
}

static void cancel(again *a, uint64_t handle)
{
    for (size_t i = 0; i < a->heap.count; i++) {
        const al_heap_step *step = a->heap.entries[i].item;

        if (step != &a->more && step->handle == handle)
            a->is_cancelled[index_of(a, step)] = true;
    }
}

static void push(again *a, const al_heap_step *step, al_heap_change *change)
{
    if (change->is_more && is_in_group(a, step->handle)) {
        a->more.when = nextafter(step->when, -INFINITY);
        al_heap_push(&a->heap, a->more.when, &a->more);
        change->is_more = false;
    }
    if (step->handle != change->without)
        al_heap_push(&a->heap, step->when, (void *)(uintptr_t)step);
}

static void do_again(again *a, size_t steps, al_heap_change change)
{
    uint64_t without = change.without;

    for (size_t i = 0; i < steps; i++) {
        const al_heap_step *step = &a->history->steps[i];

        switch (step->deed) {
        case AL_HEAP_PUSH:
            push(a, step, &change);
            break;
        case AL_HEAP_POP:
            if (a->heap.count > 0 && step->handle != without)
                al_heap_pop(&a->heap);
            break;
        case AL_HEAP_CANCEL:
            cancel(a, step->handle);
            break;
        case AL_HEAP_COMPACT:
            al_heap_compact(&a->heap, is_dropped, a);
            break;
        }
    }
}

bool al_heap_history_order(const al_heap_history *history, size_t steps,
                           al_heap_change change, const uint64_t *group,
                           size_t size, uint64_t *order)
{
    again a = {.history = history, .group = group, .size = size};
    size_t found = 0;

    if (history->is_given_up || steps > history->count)
        return false;
    a.is_cancelled = al_alloc_zero(steps + 1, sizeof *a.is_cancelled);
    do_again(&a, steps, change);
    while (found < size && a.heap.count > 0) {
        const al_heap_step *step = al_heap_pop(&a.heap).item;

        if (is_in_group(&a, step->handle))
            order[found++] = step->handle;
    }
    al_heap_release(&a.heap);
    al_free(a.is_cancelled);
    return found == size;
}
