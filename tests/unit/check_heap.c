/* check_heap.c - the heap is heapq, entry by entry. */
#include <check.h>
#include <stdio.h>
#include <inttypes.h>
#include "loop/core/heap.h"
#include "tests/unit/suites.h"

/* -- ties --------------------------------------------------------------- */

static const struct { int n; int order[8]; } ties[] = {
    {5, {0, 2, 4, 1, 3}}, /* CPython 3.14's heapq */
    {7, {0, 2, 5, 6, 4, 1, 3}},
    {8, {0, 2, 6, 5, 7, 4, 1, 3}},
};

START_TEST(equal_deadlines_leave_in_heapq_order)
{
    al_heap heap = {0};
    int items[8];

    for (int i = 0; i < ties[_i].n; i++)
        al_heap_push(&heap, 1.0, &items[i]);
    for (int i = 0; i < ties[_i].n; i++)
        ck_assert_ptr_eq(al_heap_pop(&heap).item, &items[ties[_i].order[i]]);
    al_heap_release(&heap);
}
END_TEST

/* -- thousands of sequences --------------------------------------------- */

static uint64_t state;

static uint64_t random_below(uint64_t below)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (state >> 16) % below;
}

static uint64_t fnv(uint64_t hash, uint64_t number)
{
    return (hash ^ number) * 0x100000001b3u;
}

static uint64_t hash_heap(uint64_t hash, const al_heap *heap)
{
    for (size_t i = 0; i < heap->count; i++) {
        hash = fnv(hash, (uint64_t)heap->entries[i].when);
        hash = fnv(hash, (uint64_t)(uintptr_t)heap->entries[i].item);
    }
    return hash;
}

static bool divides(void *item, void *arg)
{
    return (uintptr_t)item % *(uint64_t *)arg == 0;
}

static uint64_t one_operation(al_heap *heap, uint64_t keys, uintptr_t *item,
                              uint64_t hash)
{
    uint64_t choice = random_below(10);

    if (choice < 6 || heap->count == 0) {
        double when = (double)random_below(keys);

        al_heap_push(heap, when, (void *)(*item)++);
    } else if (choice < 9) {
        hash = fnv(hash, (uint64_t)(uintptr_t)al_heap_pop(heap).item);
    } else {
        uint64_t divisor = 2 + random_below(3);

        al_heap_compact(heap, divides, &divisor);
    }
    return hash_heap(hash, heap);
}

static uint64_t run_sequence(uint64_t seed, uint64_t *count)
{
    al_heap heap = {0};
    uint64_t hash = 0xcbf29ce484222325u;
    uintptr_t item = 0;
    uint64_t keys;

    state = seed * 0x9e3779b97f4a7c15u + 1;
    *count = 10 + random_below(120);
    keys = 1 + random_below(12);
    for (uint64_t i = 0; i < *count; i++)
        hash = one_operation(&heap, keys, &item, hash);
    al_heap_release(&heap);
    return hash;
}

START_TEST(every_generated_sequence_leaves_heapq_s_array)
{
    FILE *data = fopen("tests/unit/data/heapq.txt", "r");
    uint64_t seed, expected_count, expected, count;
    int sequences = 0;

    ck_assert_ptr_nonnull(data);
    ck_assert_int_ne(fscanf(data, "# python %*s"), EOF);
    while (fscanf(data, "%" SCNu64 " %" SCNu64 " %" SCNu64, &seed,
                  &expected_count, &expected) == 3) {
        uint64_t hash = run_sequence(seed, &count);

        ck_assert_msg(count == expected_count && hash == expected,
                      "sequence %" PRIu64 " differs from heapq", seed);
        sequences++;
    }
    fclose(data);
    ck_assert_int_eq(sequences, 4000);
}
END_TEST

Suite *heap_suite(void)
{
    Suite *suite = suite_create("heap");
    TCase *tc = tcase_create("heapq");

    tcase_add_loop_test(tc, equal_deadlines_leave_in_heapq_order, 0,
                        COUNT(ties));
    tcase_add_test(tc, every_generated_sequence_leaves_heapq_s_array);
    suite_add_tcase(suite, tc);
    return suite;
}
