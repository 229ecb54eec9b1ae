/* bench_floor.c - the bare floor: the same heap or ring, and an indirect
 * call; no handles, no contexts, no cancelling by flag, no exceptions. */
#include "tests/bench/bench.h"

#include <stdbool.h>
#include <string.h>
#include "loop/base/alloc.h"
#include "loop/core/heap.h"

typedef void bare(void *arg);

static uint64_t fired;
static double now;
static al_heap heap;

static void count(void *arg)
{
    (void)arg;
    fired++;
}

static void fire_next(void)
{
    al_heap_entry entry = al_heap_pop(&heap);
    bare *call;

    now = entry.when;
    memcpy(&call, &entry.item, sizeof call);
    call(NULL);
}

static void schedule(double delay, bare *call)
{
    void *item;

    memcpy(&item, &call, sizeof item);
    al_heap_push(&heap, now + delay, item);
}

static uint64_t w1(void)
{
    now = 0;
    fired = 0;
    for (int i = 0; i < W1_TIMERS; i++)
        schedule(bench_delay(bench_random()), count);
    while (heap.count > 0)
        fire_next();
    al_heap_release(&heap);
    return fired;
}

static void rearm(void *arg)
{
    (void)arg;
    fired++;
    schedule(bench_delay(bench_random()), rearm);
}

static uint64_t w2(void)
{
    now = 0;
    fired = 0;
    for (int i = 0; i < W2_TIMERS; i++)
        schedule(bench_delay(bench_random()), rearm);
    while (fired < W2_FIRES)
        fire_next();
    al_heap_release(&heap);
    return fired;
}

/* Cancelling is marking, and one filter and heapify: its bare cost. */
static bool is_marked(void *item, void *arg)
{
    return ((const unsigned char *)arg)[(size_t)item];
}

static uint64_t w3(void)
{
    const uint32_t *order = bench_cancel_order();
    unsigned char *marks = al_alloc_zero(W3_TIMERS, 1);

    now = 0;
    fired = 0;
    for (size_t i = 0; i < W3_TIMERS; i++)
        al_heap_push(&heap, bench_delay(bench_random()), (void *)i);
    for (int i = 0; i < W3_TIMERS / 10 * 9; i++)
        marks[order[i]] = 1;
    al_heap_compact(&heap, is_marked, marks);
    while (heap.count > 0) {
        now = al_heap_pop(&heap).when;
        count(NULL);
    }
    al_heap_release(&heap);
    al_free(marks);
    return W3_TIMERS;
}

enum { RING = 2048 };

static bare *volatile ring[RING];
static size_t head, tail;

static void ping(void *arg)
{
    (void)arg;
    fired++;
    ring[tail++ % RING] = ping;
}

static uint64_t ping_pong(int batch)
{
    fired = 0;
    head = tail = 0;
    for (int i = 0; i < batch; i++)
        ring[tail++ % RING] = ping;
    while (fired < W4_CALLS)
        ring[head++ % RING](NULL);
    return fired;
}

static uint64_t w4(void)
{
    return ping_pong(1);
}

static uint64_t w4b(void)
{
    return ping_pong(W4B_BATCH);
}

const bench_entry bench_floor[] = {
    {"W1", "bare floor", w1},   {"W2", "bare floor", w2},
    {"W3", "bare floor", w3},   {"W4", "bare floor", w4},
    {"W4b", "bare floor", w4b}, {NULL, NULL, NULL},
};
