/* check_script_work.c - what costs time costs steps.
 *
 * Each expression is evaluated 2000 times beside large values, within a limit
 * that lets 2000 cheap ones pass. */
#include "tests/unit/suites.h"

#include <stdio.h>
#include <string.h>
#include "loop/base/alloc.h"
#include "sim/sim.h"

static const char *const cheap[] = {
    "xs[5]", "xs is ys", "len(s)", "5 in range(10 ** 15)", "xs.pop()",
    "range(10 ** 15).index(7)", "s[7]", "s.startswith('ab')", "d.get(1)",
    "d.keys() is None", "range(10 ** 15) == range(3)", "xs[3:5]",
    "s.endswith('x')", "t[-1]", "xs.append(1)", "reversed(xs)",
};

static const char *const costly[] = {
    "0.5 in range(10 ** 15)", "0.5 not in range(10 ** 15)",
    "range(10 ** 15).index(0.5)", "range(10 ** 15).count(0.5)",
    "sum(range(10 ** 15))", "max(range(10 ** 15))",
    "xs == ys", "xs != ys", "xs < ys", "t == t[:-1] + (0,)", "xs == list(t)",
    "9 in xs", "9 in t", "xs.count(9)", "t.count(9)", "xs.insert(0, 1)",
    "xs.pop(0)", "xs[1:]", "t[1:]", "xs[::-1]", "s[1:]", "s[::2]", "xs.copy()",
    "xs.reverse()", "sorted(xs)", "sorted(t, key=str)", "xs.sort()",
    "xs + ys", "t + t", "[0] * 100000", "'x' * 1000000", "s + s",
    "repr(s)", "str(xs)", "f'{1.5:.100000f}'", "f'{1:1000000}'",
    "'%100000d' % 1", "'%.100000f' % 1", "s.join(['a', 'b'])", "'%s' % s",
    "s.find('ba ')", "s.rfind('b' * 500)", "s.count('c')", "'c' in s",
    "s.replace('c', 'd')", "s.replace('', '-')", "s.upper()", "s.isalpha()",
    "s.split('c')", "s.rsplit('ab', 1)", "s.partition('c')", "s.strip('ab')",
    "s.title()", "s.zfill(2000000)", "s.center(2000000)", "s == s2", "s < s2",
    "len(u)", "u[-1]", "u[-1:]", "d == d2", "d | d2", "d.copy()", "dict(d)",
    "{s: 1}", "{t: 1}", "tuple(xs)", "list(d)", "list(zip(xs))",
    "isinstance(1, (str,) * 100000)",
};

/* How 2000 of them end. */
static al_outcome run(const char *expression)
{
    al_diagnostics diagnostics = {0};
    al_sim_options options = {0};
    al_sim_result result = {0};
    al_text json = {0};
    al_scenario *scenario;
    al_outcome outcome;

    al_text_add_format(
        &json, "{\"scenario\": 1, \"limits\": {\"steps\": 250000}, "
        "\"program\": [{\"let\": \"xs\", \"be\": \"[0] * 20000\"}, "
        "{\"let\": \"ys\", \"be\": \"xs.copy()\"}, "
        "{\"let\": \"t\", \"be\": \"tuple(xs)\"}, "
        "{\"let\": \"s\", \"be\": \"'ab' * 10000\"}, "
        "{\"let\": \"s2\", \"be\": \"'ab' * 9999 + 'ac'\"}, "
        "{\"let\": \"u\", \"be\": \"'\u00e4' * 10000\"}, "
        "{\"let\": \"d\", \"be\": \"dict(zip(range(10000), xs))\"}, "
        "{\"let\": \"d2\", \"be\": \"d.copy()\"}, "
        "{\"for\": \"i\", \"in\": \"range(2000)\", \"do\": [\"%s\"]}]}",
        expression);
    scenario = al_scenario_parse(json.bytes, json.length, "work.json", NULL,
                                 0, &diagnostics);
    ck_assert_msg(scenario != NULL, "%s", expression);
    al_sim_run(scenario, &options, &result);
    outcome = result.outcome;
    al_sim_result_release(&result);
    al_scenario_free(scenario);
    al_diagnostics_release(&diagnostics);
    al_text_release(&json);
    return outcome;
}

START_TEST(what_is_cheap_passes)
{
    ck_assert_msg(run(cheap[_i]) == AL_OUTCOME_DONE, "%s", cheap[_i]);
}
END_TEST

START_TEST(what_takes_time_comes_to_the_limit)
{
    ck_assert_msg(run(costly[_i]) == AL_OUTCOME_LIMIT, "%s", costly[_i]);
}
END_TEST

Suite *script_work_suite(void)
{
    Suite *suite = suite_create("script_work");
    TCase *tcase = tcase_create("steps");

    tcase_add_loop_test(tcase, what_is_cheap_passes, 0, COUNT(cheap));
    tcase_add_loop_test(tcase, what_takes_time_comes_to_the_limit, 0,
                        COUNT(costly));
    tcase_set_timeout(tcase, 60);
    suite_add_tcase(suite, tcase);
    return suite;
}
