/* check_heap_history.c - what a heap of timers would have been. */
#include "sim/analysis/heap_history.h"

#include <stdlib.h>
#include <string.h>
#include "loop/core/heap.h"
#include "tests/unit/suites.h"

enum { TIMERS = 12, ROUNDS = 300 };

static al_heap_history history;

static void tear_down(void)
{
    al_heap_history_release(&history);
}

static void push(uint64_t handle, double when)
{
    al_heap_history_add(&history,
                        (al_heap_step){AL_HEAP_PUSH, handle, when});
}

static void add(al_heap_deed deed, uint64_t handle)
{
    al_heap_history_add(&history, (al_heap_step){deed, handle, 0});
}

static bool order(al_heap_change change, const uint64_t *group, size_t size,
                  uint64_t *result)
{
    return al_heap_history_order(&history, history.count, change, group, size,
                                 result);
}

/* A heap beside it, whose items are the handles. */
static void *item(uint64_t handle)
{
    return (void *)(uintptr_t)handle;
}

START_TEST(done_again_it_is_the_same)
{
    srand((unsigned)_i);
    for (int round = 0; round < ROUNDS; round++) {
        uint64_t group[TIMERS], told[TIMERS], size = 0;
        al_heap heap = {0};

        for (uint64_t h = 1; h <= TIMERS; h++) {
            double when = rand() % 3 ? 5 : 1 + rand() % 4;

            push(h, when);
            al_heap_push(&heap, when, item(h));
        }
        while (heap.entries[0].when < 5)
            add(AL_HEAP_POP, (uintptr_t)al_heap_pop(&heap).item);
        for (size_t i = 0; i < heap.count; i++)
            group[size++] = (uintptr_t)heap.entries[i].item;
        ck_assert(order((al_heap_change){0}, group, size, told));
        for (size_t i = 0; i < size; i++)
            ck_assert_uint_eq(told[i], (uintptr_t)al_heap_pop(&heap).item);
        al_heap_release(&heap);
        tear_down();
    }
}
END_TEST

static bool is_even(void *it, void *arg)
{
    (void)arg;
    return (uintptr_t)it % 2 == 0;
}

START_TEST(a_compaction_is_done_again)
{
    uint64_t group[TIMERS / 2], told[TIMERS / 2];
    al_heap heap = {0};

    for (uint64_t h = 1; h <= TIMERS; h++) {
        push(h, 5);
        al_heap_push(&heap, 5, item(h));
        if (h % 2 == 0)
            add(AL_HEAP_CANCEL, h);
        else
            group[h / 2] = h;
    }
    al_heap_history_drop(&history, al_heap_compact(&heap, is_even, NULL));
    ck_assert(order((al_heap_change){0}, group, TIMERS / 2, told));
    for (size_t i = 0; i < TIMERS / 2; i++)
        ck_assert_uint_eq(told[i], (uintptr_t)al_heap_pop(&heap).item);
    al_heap_release(&heap);
}
END_TEST

/* Of two children that are equal heapq takes the right one up. */
START_TEST(without_one_the_others_may_leave_otherwise)
{
    static const uint64_t group[] = {2, 3, 4};
    uint64_t told[3];

    push(1, 1);
    push(2, 5);
    push(3, 5);
    push(4, 5);
    add(AL_HEAP_POP, 1);
    ck_assert(order((al_heap_change){0}, group, 3, told));
    ck_assert_uint_eq(told[0], 3);
    ck_assert(order((al_heap_change){.without = 1}, group, 3, told));
    ck_assert_uint_eq(told[0], 2);
}
END_TEST

START_TEST(one_more_may_turn_them_round)
{
    static const uint64_t group[] = {1, 2, 3};
    uint64_t told[3];

    push(1, 5);
    push(2, 5);
    push(3, 5);
    ck_assert(order((al_heap_change){0}, group, 3, told));
    ck_assert_uint_eq(told[0], 1);
    ck_assert(order((al_heap_change){.is_more = true}, group, 3, told));
    ck_assert_uint_eq(told[0], 2);
}
END_TEST

START_TEST(it_begins_anew_once_the_heap_was_empty)
{
    const uint64_t group[] = {2};
    uint64_t told[1];

    for (uint64_t h = 1; h < 3 * AL_HEAP_HISTORY_MOST; h++) {
        push(h, (double)h);
        add(AL_HEAP_POP, h);
    }
    ck_assert_uint_eq(history.count, 2); /* what left it last can be asked of */
    push(1, 1);
    ck_assert_uint_eq(history.count, 1);
    push(2, 2);
    ck_assert(order((al_heap_change){0}, group, 1, told));
    ck_assert(!history.is_given_up);
}
END_TEST

START_TEST(one_that_is_too_long_is_given_up)
{
    const uint64_t group[] = {1};
    uint64_t told[1];

    for (uint64_t h = 1; h <= AL_HEAP_HISTORY_MOST + 1; h++)
        push(h, 1);
    ck_assert(history.is_given_up);
    ck_assert(!order((al_heap_change){0}, group, 1, told));
    ck_assert_uint_le(history.count, AL_HEAP_HISTORY_MOST);
    for (uint64_t h = 1; h <= AL_HEAP_HISTORY_MOST + 1; h++)
        add(AL_HEAP_POP, h);
    push(1, 1);
    ck_assert(!history.is_given_up);
}
END_TEST

Suite *heap_history_suite(void)
{
    Suite *suite = suite_create("heap_history");
    TCase *tc = tcase_create("heap_history");

    tcase_add_checked_fixture(tc, NULL, tear_down);
    tcase_add_loop_test(tc, done_again_it_is_the_same, 0, 5);
    tcase_add_test(tc, a_compaction_is_done_again);
    tcase_add_test(tc, without_one_the_others_may_leave_otherwise);
    tcase_add_test(tc, one_more_may_turn_them_round);
    tcase_add_test(tc, it_begins_anew_once_the_heap_was_empty);
    tcase_add_test(tc, one_that_is_too_long_is_given_up);
    suite_add_tcase(suite, tc);
    return suite;
}
