/* check_causes.c - chains of causes, also through traces that are strange. */
#include "sim/analysis/causes.h"
#include "tests/unit/suites.h"

static al_causes causes;
static al_chain chain;

static void schedule(uint64_t handle, uint64_t by)
{
    const al_event event = {.kind = AL_EVENT_CALL_SOON, .handle = handle,
                            .by = by};

    al_causes_add(&causes, &event);
}

static void tear_down(void)
{
    al_causes_release(&causes);
    al_chain_release(&chain);
}

START_TEST(a_chain_goes_back_to_the_program)
{
    const al_event other = {.kind = AL_EVENT_RUN, .handle = 2, .by = 3};

    schedule(2, AL_BY_PROGRAM);
    schedule(3, 2);
    schedule(4, 2);
    schedule(5, 4);
    al_causes_add(&causes, &other);
    al_causes_trace(&causes, 5, &chain);
    ck_assert_uint_eq(chain.count, 3);
    ck_assert_uint_eq(chain.handles[0], 5);
    ck_assert_uint_eq(chain.handles[1], 4);
    ck_assert_uint_eq(chain.handles[2], 2);
    ck_assert_uint_eq(chain.root, AL_BY_PROGRAM);
}
END_TEST

START_TEST(a_chain_ends_in_the_world_or_where_nothing_is_known)
{
    schedule(7, AL_BY_WORLD);
    schedule(9, 8);
    al_causes_trace(&causes, 7, &chain);
    ck_assert_uint_eq(chain.count, 1);
    ck_assert_uint_eq(chain.root, AL_BY_WORLD);
    al_causes_trace(&causes, 9, &chain);
    ck_assert_uint_eq(chain.count, 1);
    ck_assert_uint_eq(chain.root, 8);
    al_causes_trace(&causes, 100, &chain);
    ck_assert_uint_eq(chain.count, 0);
    ck_assert_uint_eq(chain.root, 100);
}
END_TEST

/* Nobody can be his own cause: the chain must end all the same. */
START_TEST(a_circle_ends)
{
    schedule(2, 3);
    schedule(3, 2);
    schedule(4, 4);
    al_causes_trace(&causes, 3, &chain);
    ck_assert_uint_le(chain.count, 2);
    al_causes_trace(&causes, 4, &chain);
    ck_assert_uint_eq(chain.count, 1);
}
END_TEST

START_TEST(ids_out_of_all_proportion_cost_no_memory)
{
    schedule(UINT64_MAX - 1, 1ULL << 60);
    schedule(1ULL << 60, 1ULL << 40);
    schedule(1ULL << 40, AL_BY_PROGRAM);
    ck_assert_uint_lt(causes.capacity, 1 << 20);
    al_causes_trace(&causes, UINT64_MAX - 1, &chain);
    ck_assert_uint_eq(chain.count, 3);
    ck_assert_uint_eq(chain.root, AL_BY_PROGRAM);
}
END_TEST

START_TEST(a_chain_may_be_a_million_long)
{
    schedule(1, AL_BY_PROGRAM);
    for (uint64_t i = 2; i <= 1000000; i++)
        schedule(i, i - 1);
    al_causes_trace(&causes, 1000000, &chain);
    ck_assert_uint_eq(chain.count, 1000000);
}
END_TEST

Suite *causes_suite(void)
{
    Suite *suite = suite_create("causes");
    TCase *tc = tcase_create("chains");

    tcase_add_checked_fixture(tc, NULL, tear_down);
    tcase_add_test(tc, a_chain_goes_back_to_the_program);
    tcase_add_test(tc, a_chain_ends_in_the_world_or_where_nothing_is_known);
    tcase_add_test(tc, a_circle_ends);
    tcase_add_test(tc, ids_out_of_all_proportion_cost_no_memory);
    tcase_add_test(tc, a_chain_may_be_a_million_long);
    suite_add_tcase(suite, tc);
    return suite;
}
