/* check_statistics.c - histograms, series, and the figures of a run. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "sim/analysis/statistics.h"
#include "tests/unit/suites.h"

/* -- histograms ---------------------------------------------------------- */

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return x < y ? -1 : x > y;
}

enum { VALUES = 1000 };

START_TEST(percentiles_are_close_to_the_sorted_values)
{
    static const double percents[] = {1, 10, 50, 90, 99, 99.9};
    double values[VALUES];
    al_histogram h = {0};

    srand((unsigned)_i);
    for (int i = 0; i < VALUES; i++) {
        values[i] = ldexp(1 + rand() / (double)RAND_MAX, rand() % 60 - 30);
        al_histogram_add(&h, values[i]);
    }
    qsort(values, VALUES, sizeof *values, compare);
    for (size_t i = 0; i < sizeof percents / sizeof *percents; i++) {
        double exact = values[(int)ceil(VALUES * percents[i] / 100) - 1];
        double told = al_histogram_percentile(&h, percents[i]);

        ck_assert_msg(told >= exact * 0.999 && told <= exact * 1.04,
                      "%g%%: %g, not %g", percents[i], told, exact);
    }
    ck_assert_double_eq(al_histogram_percentile(&h, 100), values[VALUES - 1]);
    ck_assert_double_eq(h.least, values[0]);
    ck_assert_double_eq(h.most, values[VALUES - 1]);
    al_histogram_release(&h);
}
END_TEST

START_TEST(zeros_and_negatives_have_a_bucket_of_their_own)
{
    al_histogram h = {0};

    al_histogram_add(&h, 0);
    al_histogram_add(&h, -1);
    al_histogram_add(&h, 3);
    ck_assert_uint_eq(h.zeros, 2);
    ck_assert_double_eq(al_histogram_percentile(&h, 50), 0);
    ck_assert_double_eq(al_histogram_percentile(&h, 100), 3);
    ck_assert_uint_eq(al_histogram_between(&h, 0, 2.9), 0);
    ck_assert_uint_eq(al_histogram_between(&h, 2.9, 3), 1);
    al_histogram_release(&h);
}
END_TEST

START_TEST(what_is_no_duration_is_not_counted)
{
    al_histogram h = {0};

    al_histogram_add(&h, NAN);
    al_histogram_add(&h, INFINITY);
    ck_assert_uint_eq(h.count, 0);
    ck_assert_double_eq(al_histogram_percentile(&h, 50), 0);
    al_histogram_add(&h, 1e-300);
    al_histogram_add(&h, 1e300);
    ck_assert_uint_eq(h.count, 2);
    ck_assert_double_eq(al_histogram_percentile(&h, 100), 1e300);
    al_histogram_release(&h);
}
END_TEST

/* -- series -------------------------------------------------------------- */

START_TEST(a_series_keeps_what_was_greatest)
{
    al_series s = {0};
    uint64_t most = 0;

    for (int i = 0; i < 100000; i++)
        al_series_add(&s, i * 0.01, i == 77777 ? 1000 : 5);
    ck_assert_uint_le(s.used, AL_SERIES_SLOTS);
    for (unsigned i = 0; i < s.used; i++) {
        ck_assert_uint_ge(s.most[i], 5);
        most = s.most[i] > most ? s.most[i] : most;
    }
    ck_assert_uint_eq(most, 1000);
    ck_assert_uint_eq(s.most[(unsigned)(777.77 / s.width)], 1000);
}
END_TEST

START_TEST(a_value_holds_until_the_next)
{
    al_series s = {0};

    al_series_add(&s, 0, 7);
    al_series_add(&s, 64, 1);
    for (unsigned i = 0; i + 1 < s.used; i++)
        ck_assert_uint_eq(s.most[i], 7);
    al_series_add(&s, 63, 2); /* no time goes back */
    al_series_add(&s, NAN, 3);
    ck_assert_uint_eq(s.most[s.used - 1], 3);
}
END_TEST

START_TEST(times_as_far_apart_as_doubles_go)
{
    al_series s = {0};

    al_series_add(&s, 0, 1);
    al_series_add(&s, 5e-324, 2);
    al_series_add(&s, 1e308, 3);
    ck_assert_uint_le(s.used, AL_SERIES_SLOTS);
    ck_assert_uint_eq(s.most[0], 2);
    ck_assert_uint_eq(s.most[s.used - 1], 3);
}
END_TEST

/* -- a run --------------------------------------------------------------- */

static al_statistics *figures;

static void tell(al_event event)
{
    event.loop = 1;
    al_statistics_add(figures, &event);
}

static void tell_at(double time, al_event_kind kind)
{
    tell((al_event){.kind = kind, .time = time});
}

/* A timer for 1 s whose turn comes at 4 s, behind work of 3 s. */
static void tell_a_late_timer(void)
{
    tell_at(0, AL_EVENT_LOOP);
    tell((al_event){.kind = AL_EVENT_CALL_AT, .handle = 2, .callback = "late",
                    .when = 1});
    tell((al_event){.kind = AL_EVENT_TASK, .task = 1, .name = "w",
                    .coroutine = "work"});
    tell((al_event){.kind = AL_EVENT_CALL_SOON, .handle = 3, .task = 1,
                    .callback = "Task.__step"});
    tell_at(0, AL_EVENT_START);
    tell_at(0, AL_EVENT_ITERATION);
    tell_at(0, AL_EVENT_SELECT);
    tell_at(0.5, AL_EVENT_WAKE);
    tell((al_event){.kind = AL_EVENT_RUN, .time = 1, .handle = 3, .task = 1});
    tell((al_event){.kind = AL_EVENT_TASK_DONE, .time = 4, .task = 1,
                    .outcome = "result"});
    tell((al_event){.kind = AL_EVENT_RAN, .time = 4, .handle = 3,
                    .duration = 3});
    tell_at(4, AL_EVENT_ITERATION);
    tell_at(4, AL_EVENT_SELECT);
    tell_at(4, AL_EVENT_WAKE);
    tell((al_event){.kind = AL_EVENT_DUE, .time = 4, .handle = 2});
    tell((al_event){.kind = AL_EVENT_RUN, .time = 4.25, .handle = 2,
                    .callback = "late"});
    tell((al_event){.kind = AL_EVENT_RAN, .time = 4.25, .handle = 2});
    tell_at(4.25, AL_EVENT_STOPPED);
    tell((al_event){.kind = AL_EVENT_END, .time = 5, .type = "ValueError",
                    .text = "boom"});
    al_statistics_finish(figures);
}

START_TEST(a_timer_is_late_by_what_held_it_up)
{
    tell_a_late_timer();
    ck_assert_uint_eq(figures->late_count, 1);
    ck_assert_str_eq(figures->late[0].callback, "late");
    ck_assert_double_eq(figures->late[0].ran_at - figures->late[0].when, 3.25);
    ck_assert_double_eq(figures->all.late.most, 3.25);
    ck_assert_double_eq(figures->all.ready.most, 1); /* the step */
}
END_TEST

START_TEST(steps_are_counted_for_their_coroutine_and_task)
{
    tell_a_late_timer();
    ck_assert_uint_eq(figures->callback_count, 2);
    ck_assert_str_eq(figures->callbacks[0]->name, "work");
    ck_assert(figures->callbacks[0]->is_coroutine);
    ck_assert_double_eq(figures->callbacks[0]->spread.ran.sum, 3);
    ck_assert_uint_eq(figures->busiest_count, 1);
    ck_assert_str_eq(figures->busiest[0].name, "w");
    ck_assert_uint_eq(figures->busiest[0].steps, 1);
    ck_assert_double_eq(figures->busiest[0].until, 4);
    ck_assert_uint_eq(figures->tasks.results, 1);
    ck_assert_str_eq(figures->long_runs[0].callback, "work");
}
END_TEST

START_TEST(all_time_is_somebodys)
{
    double all = 0;

    tell_a_late_timer();
    ck_assert_double_eq(figures->uses[AL_TIME_SELECT], 0.5);
    ck_assert_double_eq(figures->uses[AL_TIME_RUN], 3);
    ck_assert_double_eq(figures->uses[AL_TIME_OTHER], 0.75);
    ck_assert_double_eq(figures->uses[AL_TIME_OUTSIDE], 0.75);
    for (int i = 0; i < AL_TIME_USES; i++)
        all += figures->uses[i];
    ck_assert_double_eq(all, figures->ended - figures->started);
    ck_assert_double_eq(figures->turn.most, 3.5);
    ck_assert_str_eq(figures->error, "ValueError: boom");
}
END_TEST

START_TEST(the_busiest_come_first_and_no_more_than_ten)
{
    for (uint64_t t = 1; t <= 30; t++) {
        tell((al_event){.kind = AL_EVENT_TASK, .task = t, .name = "n",
                        .coroutine = "c"});
        tell((al_event){.kind = AL_EVENT_RUN, .handle = t, .task = t});
        tell((al_event){.kind = AL_EVENT_RAN, .handle = t,
                        .duration = (double)(t * 7 % 30)});
    }
    al_statistics_finish(figures);
    ck_assert_uint_eq(figures->busiest_count, AL_STATISTICS_TOP);
    ck_assert_uint_eq(figures->long_count, AL_STATISTICS_TOP);
    for (int i = 0; i < AL_STATISTICS_TOP; i++) {
        ck_assert_double_eq(figures->busiest[i].ran, 29 - i);
        ck_assert_double_eq(figures->long_runs[i].duration, 29 - i);
    }
}
END_TEST

START_TEST(what_ran_for_no_time_has_ended_all_the_same)
{
    tell((al_event){.kind = AL_EVENT_RUN, .handle = 1, .callback = "a"});
    tell((al_event){.kind = AL_EVENT_RAN, .handle = 1, .duration = NAN});
    tell((al_event){.kind = AL_EVENT_RAN, .handle = 1, .duration = 5});
    al_statistics_finish(figures);
    ck_assert_uint_eq(figures->callback_count, 1);
    ck_assert_uint_eq(figures->callbacks[0]->spread.ran.count, 0);
    ck_assert_uint_eq(figures->long_count, 0);
}
END_TEST

static void set_up(void)
{
    figures = al_statistics_new();
}

static void tear_down(void)
{
    al_statistics_free(figures);
}

Suite *statistics_suite(void)
{
    Suite *suite = suite_create("statistics");
    TCase *tc = tcase_create("histograms");

    tcase_add_loop_test(tc, percentiles_are_close_to_the_sorted_values, 0, 5);
    tcase_add_test(tc, zeros_and_negatives_have_a_bucket_of_their_own);
    tcase_add_test(tc, what_is_no_duration_is_not_counted);
    suite_add_tcase(suite, tc);
    tc = tcase_create("series");
    tcase_add_test(tc, a_series_keeps_what_was_greatest);
    tcase_add_test(tc, a_value_holds_until_the_next);
    tcase_add_test(tc, times_as_far_apart_as_doubles_go);
    suite_add_tcase(suite, tc);
    tc = tcase_create("a run");
    tcase_add_checked_fixture(tc, set_up, tear_down);
    tcase_add_test(tc, a_timer_is_late_by_what_held_it_up);
    tcase_add_test(tc, steps_are_counted_for_their_coroutine_and_task);
    tcase_add_test(tc, all_time_is_somebodys);
    tcase_add_test(tc, the_busiest_come_first_and_no_more_than_ten);
    tcase_add_test(tc, what_ran_for_no_time_has_ended_all_the_same);
    suite_add_tcase(suite, tc);
    return suite;
}
