/* heap.h - the scheduled heap: Python's heapq, transcribed.
 *
 * asyncio compares timers by deadline alone, so the order in which equal
 * deadlines leave is whatever heapq's sifting yields.  These functions
 * therefore move entries exactly as heapq does, NaN included. */
#ifndef AL_HEAP_H
#define AL_HEAP_H

#include <stdbool.h>
#include <stddef.h>

typedef struct al_heap_entry {
    double when; /* the key, beside the item: comparing follows no pointer */
    void *item;
} al_heap_entry;

typedef struct al_heap { /* zero-initialise */
    al_heap_entry *entries;
    size_t count, capacity;
} al_heap;

void al_heap_release(al_heap *heap); /* the storage; items are not ours */
void al_heap_push(al_heap *heap, double when, void *item); /* heappush */
al_heap_entry al_heap_pop(al_heap *heap); /* heappop; must not be empty */

/* Drop the entries that `drop` says, in array order, then heapify: what
 * _run_once does when too many timers are cancelled.  `drop` may free the
 * item.  Returns how many were dropped. */
size_t al_heap_compact(al_heap *heap, bool (*drop)(void *item, void *arg),
                       void *arg);

#endif
