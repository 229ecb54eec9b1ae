/* check_happenings.c - the world's happenings come in order of time, and of
 * being added. */
#include <check.h>
#include "sim/world/happenings.h"
#include "tests/unit/suites.h"

enum { MANY = 3000 };

/* Take out the next one; gives its signal's number. */
static int take(al_happenings *all)
{
    int sig = al_happenings_peek(all)->is.sig;

    al_happenings_remove(all, all->items[0]);
    return sig;
}

static al_happening *add(al_happenings *all, double at, int sig)
{
    al_happening *h = al_happenings_add(all, at, AL_HAPPENS_SIGNAL);

    h->is.sig = sig;
    return h;
}

START_TEST(the_same_time_keeps_its_order)
{
    al_happenings all = {0};

    for (int i = 0; i < MANY; i++)
        add(&all, (i * 7919) % 10, i);
    for (int time = 0; time < 10; time++) {
        for (int i = 0; i < MANY; i++) {
            if ((i * 7919) % 10 == time)
                ck_assert_int_eq(take(&all), i);
        }
    }
    ck_assert_ptr_null(al_happenings_peek(&all));
    al_happenings_release(&all);
}
END_TEST

START_TEST(any_can_be_taken_out)
{
    al_happenings all = {0};
    al_happening *added[MANY];

    for (int i = 0; i < MANY; i++)
        added[i] = add(&all, (i * 7919) % MANY, i);
    for (int i = 0; i < MANY; i++) {
        if (i % 3 != 0)
            al_happenings_remove(&all, added[i]);
    }
    for (int time = 0; time < MANY; time++) {
        for (int i = 0; i < MANY; i += 3) {
            if ((i * 7919) % MANY == time)
                ck_assert_int_eq(take(&all), i);
        }
    }
    ck_assert_uint_eq(all.count, 0);
    al_happenings_release(&all);
}
END_TEST

START_TEST(what_is_left_is_freed)
{
    al_happenings all = {0};

    add(&all, 1, 1);
    add(&all, 0, 2);
    al_happenings_release(&all);
    ck_assert_ptr_null(al_happenings_peek(&all));
}
END_TEST

Suite *happenings_suite(void)
{
    Suite *suite = suite_create("happenings");
    TCase *tcase = tcase_create("all");

    tcase_add_test(tcase, the_same_time_keeps_its_order);
    tcase_add_test(tcase, any_can_be_taken_out);
    tcase_add_test(tcase, what_is_left_is_freed);
    suite_add_tcase(suite, tcase);
    return suite;
}
