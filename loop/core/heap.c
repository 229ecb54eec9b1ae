/* heap.c - timers leave in exactly the order heapq would give.
 *
 * asyncio compares timers by deadline alone, so equal deadlines leave in
 * whatever order heapq's sifting produces, which is not FIFO.  A stable
 * heap would be tidier and wrong.  Note what makes the order what it is: a
 * pop moves the last entry to the root, lets it sink all the way to a leaf
 * along the smaller children (a tie prefers the right child), and only then
 * rises it to its place.  tests/unit/check_heap.c pins this to CPython. */
#include "loop/core/heap.h"

#include <assert.h>
#include "loop/base/alloc.h"

enum { AHEAD = 8 }; /* items fetched before they are looked at */

/* A big heap's lower levels lie in slow memory, and which child a hole sinks
 * to is known only when it is there: so fetch all that can lie three levels
 * below it, eight neighbours in the array. */
static void fetch_far_below(const al_heap_entry *entries, size_t pos,
                            size_t count)
{
    size_t first = 8 * pos + 7;

    if (first + 7 < count) {
        __builtin_prefetch(&entries[first + 1]);
        __builtin_prefetch(&entries[first + 5]);
    }
}

/* heapq._siftdown: let `entry` rise from the hole at `pos`, not past
 * `start`. */
static void rise(al_heap_entry *entries, size_t start, size_t pos,
                 al_heap_entry entry)
{
    while (pos > start) {
        size_t parent = (pos - 1) >> 1;

        if (!(entry.when < entries[parent].when))
            break;
        entries[pos] = entries[parent];
        pos = parent;
    }
    entries[pos] = entry;
}

/* heapq._siftup: sink the hole at `pos` to a leaf, then let `entry` rise. */
static void sink(al_heap_entry *entries, size_t count, size_t pos,
                 al_heap_entry entry)
{
    size_t start = pos;
    size_t limit = count >> 1; /* from here on entries have no child */

    while (pos < limit) {
        size_t child = 2 * pos + 1;

        fetch_far_below(entries, pos, count);
        if (child + 1 < count)
            child += !(entries[child].when < entries[child + 1].when);
        entries[pos] = entries[child];
        pos = child;
    }
    rise(entries, start, pos, entry);
}

void al_heap_release(al_heap *heap)
{
    al_free(heap->entries);
    *heap = (al_heap){0};
}

void al_heap_push(al_heap *heap, double when, void *item)
{
    if (heap->count == heap->capacity)
        heap->entries = al_grow(heap->entries, &heap->capacity,
                                heap->count + 1, sizeof *heap->entries);
    rise(heap->entries, 0, heap->count++, (al_heap_entry){when, item});
}

al_heap_entry al_heap_pop(al_heap *heap)
{
    al_heap_entry last, first;

    assert(heap->count > 0);
    last = heap->entries[--heap->count];
    if (heap->count == 0)
        return last;
    first = heap->entries[0];
    sink(heap->entries, heap->count, 0, last);
    __builtin_prefetch(heap->entries[0].item); /* it is wanted next */
    return first;
}

static void heapify(al_heap *heap)
{
    for (size_t pos = heap->count >> 1; pos-- > 0;)
        sink(heap->entries, heap->count, pos, heap->entries[pos]);
}

size_t al_heap_compact(al_heap *heap, bool (*drop)(void *item, void *arg),
                       void *arg)
{
    size_t kept = 0;
    size_t removed;

    for (size_t i = 0; i < heap->count; i++) {
        if (i + AHEAD < heap->count)
            __builtin_prefetch(heap->entries[i + AHEAD].item);
        if (!drop(heap->entries[i].item, arg))
            heap->entries[kept++] = heap->entries[i];
    }
    removed = heap->count - kept;
    heap->count = kept;
    heapify(heap);
    return removed;
}
