/* bench_tasks_floor.c - the bare floor of the task workloads: the same rings
 * and heap, and an indirect call for each step; no coroutines, no futures. */
#include "tests/bench/bench.h"

#include "loop/base/alloc.h"
#include "loop/core/heap.h"

typedef struct runner runner;

struct runner {
    void (*step)(runner *self);
    int left;
};

enum { RING = 1 << 17 }; /* more than there are runners */

static runner *volatile ring[RING];
static size_t head, tail;

static void ready(runner *r)
{
    ring[tail++ % RING] = r;
}

static void run_ready(void)
{
    while (head != tail) {
        runner *next = ring[head++ % RING];

        next->step(next);
    }
}

static runner *new_runners(void (*step)(runner *self), size_t count, int times)
{
    runner *runners = al_alloc(count * sizeof *runners);

    head = tail = 0;
    for (size_t i = 0; i < count; i++) {
        runners[i] = (runner){step, times};
        ready(&runners[i]);
    }
    return runners;
}

static void go_round(runner *r)
{
    if (--r->left > 0)
        ready(r);
}

static uint64_t run_round(size_t count, int times)
{
    runner *runners = new_runners(go_round, count, times);

    run_ready();
    al_free(runners);
    return (uint64_t)count * (uint64_t)times;
}

static uint64_t t1(void)
{
    return run_round(T1_TASKS, T1_ROUNDS);
}

static al_heap heap;

static void sleep_anyhow(runner *r)
{
    if (r->left-- > 0)
        al_heap_push(&heap, bench_delay(bench_random()), r);
}

static uint64_t t2(void)
{
    runner *runners = new_runners(sleep_anyhow, T2_TASKS, T2_ROUNDS);

    run_ready();
    while (heap.count > 0) {
        ready(al_heap_pop(&heap).item);
        run_ready();
    }
    al_heap_release(&heap);
    al_free(runners);
    return (uint64_t)T2_TASKS * T2_ROUNDS;
}

static int items[T3_ROOM];
static volatile int taken; /* the last one */
static size_t put, got;

static void produce(runner *r)
{
    while (put - got < T3_ROOM && r->left > 0)
        items[put++ % T3_ROOM] = r->left--;
    if (r->left > 0)
        ready(r);
}

static void consume(runner *r)
{
    while (got < put && r->left > 0) {
        taken = items[got++ % T3_ROOM];
        r->left--;
    }
    if (r->left > 0)
        ready(r);
}

static uint64_t t3(void)
{
    runner *both = new_runners(produce, 2, T3_ITEMS);

    both[1].step = consume;
    put = got = 0;
    run_ready();
    al_free(both);
    return T3_ITEMS;
}

static uint64_t t4(void)
{
    return run_round(T4_TASKS, 1);
}

static uint64_t t5(void)
{
    return run_round(T5_TASKS, T5_ROUNDS);
}

const bench_entry bench_tasks_floor[] = {
    {"T1", "bare floor", t1}, {"T2", "bare floor", t2},
    {"T3", "bare floor", t3}, {"T4", "bare floor", t4},
    {"T5", "bare floor", t5}, {NULL, NULL, NULL},
};
