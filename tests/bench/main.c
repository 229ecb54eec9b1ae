/* main.c - make bench: each workload, every contender, side by side.
 *
 * Machines are noisy: each contender runs five times, interleaved with its
 * rivals, and the median is shown, beside the ratio to the bare floor of the
 * same workload in the same process. */
#include "tests/bench/bench.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { ROUNDS = 5, MAX_ENTRIES = 64 };

double bench_now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static uint64_t state;

void bench_random_reset(void)
{
    state = 88172645463325252u;
}

uint64_t bench_random(void) /* xorshift64 */
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

double bench_delay(uint64_t bits)
{
    return (double)(bits >> 11) * (1000.0 / 9007199254740992.0);
}

const uint32_t *bench_cancel_order(void)
{
    static uint32_t order[W3_TIMERS];

    if (order[0] || order[1])
        return order;
    bench_random_reset();
    for (uint32_t i = 0; i < W3_TIMERS; i++)
        order[i] = i;
    for (uint32_t i = W3_TIMERS - 1; i > 0; i--) {
        uint32_t j = (uint32_t)(bench_random() % (i + 1));
        uint32_t kept = order[i];

        order[i] = order[j];
        order[j] = kept;
    }
    return order;
}

/* -- the table ----------------------------------------------------------- */

typedef struct row {
    const bench_entry *entry;
    size_t index; /* order of appearance */
    double ns[ROUNDS];
} row;

static row rows[MAX_ENTRIES];
static size_t row_count;
static const char *only_workload, *only_who; /* NULL: all */

static bool is_wanted(const bench_entry *entry)
{
    return (!only_workload || strcmp(only_workload, entry->workload) == 0) &&
           (!only_who || strcmp(only_who, entry->who) == 0);
}

static void add(const bench_entry *entries)
{
    for (; entries->workload; entries++) {
        if (is_wanted(entries)) {
            rows[row_count] = (row){.entry = entries, .index = row_count};
            row_count++;
        }
    }
}

static void measure(row *r, int round)
{
    uint64_t done;
    double start;

    bench_cancel_order();
    bench_random_reset();
    start = bench_now();
    done = r->entry->run();
    r->ns[round] = (bench_now() - start) * 1e9 / (double)done;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;

    return (x > y) - (x < y);
}

static bool is_floor(const bench_entry *entry)
{
    return strcmp(entry->who, "bare floor") == 0 ||
           strcmp(entry->who, "raw epoll") == 0;
}

static double floor_of(const char *workload)
{
    for (size_t i = 0; i < row_count; i++) {
        if (is_floor(rows[i].entry) &&
            strcmp(rows[i].entry->workload, workload) == 0)
            return rows[i].ns[ROUNDS / 2];
    }
    return 0;
}

static void print(void)
{
    for (size_t i = 0; i < row_count; i++)
        qsort(rows[i].ns, ROUNDS, sizeof *rows[i].ns, by_value);
    printf("%-5s %-12s %10s %10s %10s %8s\n", "", "", "median ns", "min",
           "max", "x floor");
    for (size_t i = 0; i < row_count; i++) {
        const double *ns = rows[i].ns;

        printf("%-5s %-12s %10.1f %10.1f %10.1f %8.2f\n",
               rows[i].entry->workload, rows[i].entry->who, ns[ROUNDS / 2],
               ns[0], ns[ROUNDS - 1],
               ns[ROUNDS / 2] / floor_of(rows[i].entry->workload));
    }
}

static int by_workload(const void *a, const void *b)
{
    const row *x = a;
    const row *y = b;
    int order = strcmp(x->entry->workload, y->entry->workload);

    return order ? order : (x->index > y->index) - (x->index < y->index);
}

static void add_all(void)
{
    add(bench_floor);
    add(bench_asyncloop);
    add(bench_tasks_floor);
    add(bench_tasks);
#ifdef HAVE_LIBEV
    add(bench_libev);
#endif
#ifdef HAVE_LIBUV
    add(bench_libuv);
#endif
#ifdef HAVE_LIBEVENT
    add(bench_libevent);
#endif
#ifndef BENCH_NO_ECHO
    add(bench_echo_raw);
    add(bench_echo_asyncloop);
#ifdef HAVE_LIBUV
    add(bench_echo_libuv);
#endif
#endif
}

/* bench [WORKLOAD [CONTENDER]]: only those. */
int main(int argc, char **argv)
{
    if (argc > 1)
        only_workload = argv[1];
    if (argc > 2)
        only_who = argv[2];
    add_all();
    qsort(rows, row_count, sizeof *rows, by_workload);
    for (int round = 0; round < ROUNDS; round++) {
        for (size_t i = 0; i < row_count; i++)
            measure(&rows[i], round);
    }
    print();
    return 0;
}
