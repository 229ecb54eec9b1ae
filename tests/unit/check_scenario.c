/* check_scenario.c - what the loader makes of a scenario.
 *
 * Mistakes and their texts are tested by tests/invalid; here stands what a
 * valid file gives. */
#include <check.h>
#include <string.h>
#include "sim/scenario/scenario.h"
#include "sim/scenario/signals.h"
#include "tests/unit/suites.h"

static al_scenario *load_with(const char *text, const char *const *overrides,
                              size_t count)
{
    al_diagnostics diagnostics = {0};
    al_override list[8] = {{0}};
    al_text told = {0};
    al_scenario *scenario;

    for (size_t i = 0; i < count; i++)
        list[i] = (al_override){"--set", NULL, overrides[i]};
    scenario = al_scenario_parse(text, strlen(text), "some/where.json", list,
                                 count, &diagnostics);
    al_diagnostics_write(&diagnostics, false, &told);
    ck_assert_msg(scenario != NULL, "%s", al_text_peek(&told));
    al_text_release(&told);
    al_diagnostics_release(&diagnostics);
    return scenario;
}

static al_scenario *load(const char *text)
{
    return load_with(text, NULL, 0);
}

/* -- the sections ------------------------------------------------------- */

START_TEST(defaults_are_asyncios)
{
    al_scenario *s = load("{\"scenario\": 1, \"program\": []}");

    ck_assert_str_eq(s->path, "some/where.json");
    ck_assert_str_eq(s->name, "where");
    ck_assert_ptr_null(s->title);
    ck_assert(s->has_program);
    ck_assert(!s->loop.debug);
    ck_assert_double_eq(s->loop.slow_callback_duration, 0.1);
    ck_assert_uint_eq(s->loop.min_scheduled_timer_handles, 100);
    ck_assert_double_eq(s->loop.min_cancelled_timer_handles_fraction, 0.5);
    ck_assert_double_eq(s->loop.maximum_select_timeout, 86400);
    ck_assert_int_eq(s->loop.python_minor, 14);
    ck_assert_double_eq(s->loop.clock_start, 0);
    ck_assert_double_eq(s->loop.clock_resolution, 1e-9);
    ck_assert_double_eq(s->loop.clock_tick, 0);
    ck_assert_double_lt(s->limits.until, 0);
    ck_assert_uint_eq(s->limits.iterations, 0);
    ck_assert_uint_eq(s->limits.steps, 100000000);
    ck_assert_uint_eq(s->limits.memory, 0);
    al_scenario_free(s);
}
END_TEST

START_TEST(overrides_win)
{
    static const char *const overrides[] = {
        "loop.debug=true", "limits.until=5", "loop.python=3.15",
        "loop.clock.tick=0.5", "limits.steps=null", "limits.iterations=7",
    };
    al_scenario *s = load_with("{\"scenario\": 1, \"program\": [],"
                               " \"loop\": {\"debug\": false},"
                               " \"limits\": {\"until\": 9}}",
                               overrides, COUNT(overrides));

    ck_assert(s->loop.debug);
    ck_assert_double_eq(s->limits.until, 5);
    ck_assert_int_eq(s->loop.python_minor, 15);
    ck_assert_double_eq(s->loop.clock_tick, 0.5);
    ck_assert_uint_eq(s->limits.steps, 0);
    ck_assert_uint_eq(s->limits.iterations, 7);
    al_scenario_free(s);
}
END_TEST

static const struct { const char *override, *message; } bad_overrides[] = {
    {"loop.debug", "--set 'loop.debug': expected NAME=VALUE"},
    {"loop.debug=yes",
     "--set 'loop.debug=yes': 'debug' must be true or false, and is 'yes'"},
    {"loop.debug=1", "--set 'loop.debug=1': 'debug' must be true or false"},
    {"debug=true", "--set 'debug=true': there is no setting 'debug'"},
    {"loop.clock=1", "--set 'loop.clock=1': there is no setting"},
    {"limits.until=-1", "--set 'limits.until=-1': 'until' must be greater"},
    {"limits.iterations=2.0", "--set 'limits.iterations=2.0': 'iterations'"},
    {"loop.python=3.13", "--set 'loop.python=3.13': 'python' must be"},
    {"=", "--set '=': there is no setting ''"},
};

START_TEST(bad_overrides_are_refused)
{
    const char text[] = "{\"scenario\": 1, \"program\": []}";
    const al_override override = {"--set", NULL,
                                  bad_overrides[_i].override};
    const char *message = bad_overrides[_i].message;
    al_diagnostics d = {0};

    ck_assert_ptr_null(al_scenario_parse(text, strlen(text), "x.json",
                                         &override, 1, &d));
    ck_assert_uint_eq(d.total, 1);
    ck_assert_int_eq(d.items[0].line, 0);
    ck_assert_msg(strncmp(d.items[0].message, message, strlen(message)) == 0,
                  "%s", d.items[0].message);
    al_diagnostics_release(&d);
}
END_TEST

START_TEST(the_world_is_sorted_by_time_and_stable)
{
    al_scenario *s = load(
        "{\"scenario\": 1, \"program\": [], \"fds\": [\"z\"], \"world\": ["
        "{\"at\": 2, \"fd\": \"b\", \"readable\": true},"
        "{\"at\": 1, \"fd\": \"a\", \"writable\": false},"
        "{\"at\": 2.0, \"signal\": \"SIGTERM\"},"
        "{\"at\": 1, \"thread\": \"t\", \"stop\": {}},"
        "{\"at\": 0, \"thread\": \"u\", \"do\": [{\"pass\": {}}, \"1\"]}]}");

    ck_assert_uint_eq(s->world_count, 5);
    ck_assert_str_eq(s->world[0].name, "u");
    ck_assert_uint_eq(s->world[0].body.count, 2);
    ck_assert_str_eq(s->world[1].name, "a");
    ck_assert_int_eq(s->world[1].readable, -1);
    ck_assert_int_eq(s->world[1].writable, 0);
    ck_assert_int_eq(s->world[2].kind, AL_WORLD_THREAD);
    ck_assert_int_eq(s->world[2].body.items[0]->as.expr.value->as.verb.verb,
                     AL_VERB_STOP);
    ck_assert_str_eq(s->world[3].name, "b");
    ck_assert_int_eq(s->world[4].sig, al_signal_find("SIGTERM"));
    ck_assert_uint_eq(s->fd_count, 3);
    ck_assert_str_eq(s->fds[0], "z");
    ck_assert_str_eq(s->fds[1], "b");
    ck_assert_str_eq(s->fds[2], "a");
    al_scenario_free(s);
}
END_TEST

START_TEST(functions_know_the_place_of_their_name)
{
    al_scenario *s = load("{\n  \"scenario\": 1,\n  \"functions\": {\n"
                          "    \"main\": {\"body\": []},\n"
                          "    \"f\": {\"params\": [\"a\", \"b\"],\n"
                          "          \"body\": [{\"return\": \"a +  b\"}]}\n"
                          "  }\n}");
    const al_stmt *body = s->functions[1].body.items[0];

    ck_assert_int_eq(s->functions[0].place.line, 4);
    ck_assert_int_eq(s->functions[1].place.line, 5);
    ck_assert_int_eq(s->functions[1].place.column, 5);
    ck_assert_uint_eq(s->functions[1].param_count, 2);
    ck_assert_int_eq(body->place.line, 6);
    ck_assert_int_eq(body->as.expr.value->as.binary.right->place.column, 37);
    al_scenario_free(s);
}
END_TEST

START_TEST(main_is_run_where_no_program_is_given)
{
    al_scenario *s = load("{\"scenario\": 1, \"functions\":"
                          " {\"main\": {\"body\": [{\"call\": \"loop.stop\"}]}}"
                          "}");
    static const al_verb verbs[] = {AL_VERB_NEW_EVENT_LOOP,
                                    AL_VERB_SET_EVENT_LOOP, AL_VERB_CALL_SOON};
    const al_stmt *last;

    ck_assert(!s->has_program);
    ck_assert_uint_eq(s->program.count, 4);
    for (size_t i = 0; i < 3; i++)
        ck_assert_int_eq(s->program.items[i]->as.expr.value->as.verb.verb,
                         verbs[i]);
    ck_assert_str_eq(s->program.items[0]->as.expr.target->as.name, "loop");
    last = s->program.items[3];
    ck_assert_int_eq(last->kind, AL_STMT_TRY);
    ck_assert_uint_eq(last->as.attempt.body.count, 1);
    ck_assert_uint_eq(last->as.attempt.finally.count, 1);
    al_scenario_free(s);
}
END_TEST

/* -- values and operations ---------------------------------------------- */

/* The value in {"let": "x", "be": …}, in a program with some names. */
static al_scenario *load_value(const char *value, const al_expr **expr)
{
    al_text text = {0};
    al_scenario *s;

    al_text_add_format(&text,
                       "{\"scenario\": 1, \"fds\": [\"conn\"],"
                       " \"functions\": {\"f\": {\"body\": []}},"
                       " \"program\": [{\"let\": \"h\", \"be\": 0},"
                       " {\"let\": \"x\", \"be\": %s}]}", value);
    s = load(al_text_peek(&text));
    al_text_release(&text);
    *expr = s->program.items[1]->as.expr.value;
    return s;
}

static const struct { const char *json; al_expr_kind kind; } values[] = {
    {"null", AL_EXPR_NONE},
    {"true", AL_EXPR_BOOL},
    {"1", AL_EXPR_INT},
    {"-9223372036854775808", AL_EXPR_INT},
    {"1.0", AL_EXPR_FLOAT},
    {"1e3", AL_EXPR_FLOAT},
    {"\"'text'\"", AL_EXPR_STR},
    {"\"h\"", AL_EXPR_NAME},
    {"\"h, 1\"", AL_EXPR_TUPLE},
    {"[]", AL_EXPR_LIST},
    {"[1, [\"h\"], {\"time\": {}}]", AL_EXPR_LIST},
    {"{\"time\": {}}", AL_EXPR_VERB},
    {"\"f'{h}'\"", AL_EXPR_FSTRING},
};

START_TEST(values_have_their_kind)
{
    const al_expr *e;
    al_scenario *s = load_value(values[_i].json, &e);

    ck_assert_int_eq(e->kind, values[_i].kind);
    al_scenario_free(s);
}
END_TEST

/* One operation, written in every way there is. */
static const char *const call_laters[] = {
    "{\"call_later\": {\"delay\": 1, \"callback\": \"f\", \"args\": []}}",
    "{\"call_later\": 1, \"callback\": \"f\", \"args\": []}",
    "{\"call_later\": {}, \"args\": [], \"callback\": \"f\", \"delay\": 1}",
    "{\"args\": [], \"call_later\": {\"delay\": 1}, \"callback\": \"f\"}",
};

START_TEST(parameters_stand_inside_or_beside)
{
    const al_expr *e;
    al_scenario *s = load_value(call_laters[_i], &e);

    ck_assert_int_eq(e->as.verb.verb, AL_VERB_CALL_LATER);
    ck_assert_int_eq(e->as.verb.params[0]->kind, AL_EXPR_INT);
    ck_assert_str_eq(e->as.verb.params[1]->as.name, "f");
    ck_assert_int_eq(e->as.verb.params[2]->kind, AL_EXPR_TUPLE);
    ck_assert_ptr_null(e->as.verb.params[3]);
    ck_assert_ptr_null(e->as.verb.params[4]);
    al_scenario_free(s);
}
END_TEST

static const struct {
    const char *json;
    int param;
    al_expr_kind kind;
} params[] = {
    {"{\"log\": \"plain\"}", 0, AL_EXPR_FSTRING},
    {"{\"ContextVar\": \"v\"}", 0, AL_EXPR_STR},
    {"{\"read\": \"conn\"}", 0, AL_EXPR_NAME},
    {"{\"remove_signal_handler\": \"SIGINT\"}", 0, AL_EXPR_INT},
    {"{\"remove_signal_handler\": \"1 + 1\"}", 0, AL_EXPR_BINARY},
    {"{\"set_exception_handler\": null}", 0, AL_EXPR_NONE},
    {"{\"set_event_loop\": null}", 0, AL_EXPR_NONE},
    {"{\"call\": \"f\"}", 0, AL_EXPR_NAME},
    {"{\"ContextVar\": \"v\", \"default\": null}", 1, AL_EXPR_NONE},
};

START_TEST(parameters_have_their_kind)
{
    const al_expr *e;
    al_scenario *s = load_value(params[_i].json, &e);

    ck_assert_int_eq(e->as.verb.params[params[_i].param]->kind,
                     params[_i].kind);
    al_scenario_free(s);
}
END_TEST

static const char *const loopless[] = {
    "{\"time\": {}}", "{\"time\": null}", "{\"time\": {\"loop\": null}}",
};

START_TEST(the_current_loop_may_be_left_out)
{
    const al_expr *e;
    al_scenario *s = load_value(loopless[_i], &e);

    ck_assert_ptr_null(e->as.verb.params[0]);
    al_scenario_free(s);
}
END_TEST

/* -- statements --------------------------------------------------------- */

static const struct { const char *json; al_stmt_kind kind; } statements[] = {
    {"\"h.append(1)\"", AL_STMT_EXPR},
    {"{\"stop\": {}, \"as\": \"x\"}", AL_STMT_EXPR},
    {"{\"as\": \"x\", \"stop\": {}}", AL_STMT_EXPR},
    {"{\"let\": \"h[0]\", \"be\": 1}", AL_STMT_LET},
    {"{\"be\": 1, \"let\": \"a, b\"}", AL_STMT_LET},
    {"{\"let\": \"(a, b)\", \"be\": [1, 2]}", AL_STMT_LET},
    {"{\"global\": [\"x\", \"y\"]}", AL_STMT_GLOBAL},
    {"{\"if\": 1, \"then\": [], \"else\": []}", AL_STMT_IF},
    {"{\"while\": 0, \"do\": [{\"break\": {}}], \"else\": []}",
     AL_STMT_WHILE},
    {"{\"for\": \"a, b\", \"in\": \"h\", \"do\": [{\"continue\": null}]}",
     AL_STMT_FOR},
    {"{\"pass\": {}}", AL_STMT_PASS},
    {"{\"try\": [], \"except\": [{\"do\": []}], \"else\": []}", AL_STMT_TRY},
    {"{\"try\": [], \"finally\": []}", AL_STMT_TRY},
    {"{\"raise\": \"ValueError(1)\", \"from\": null}", AL_STMT_RAISE},
    {"{\"raise\": null}", AL_STMT_RAISE},
    {"{\"with\": \"h\", \"as\": \"x\", \"do\": []}", AL_STMT_WITH},
    {"{\"return\": null}", AL_STMT_RETURN},
    {"{\"assert\": \"h\", \"message\": \"'no'\"}", AL_STMT_ASSERT},
};

START_TEST(statements_have_their_kind)
{
    al_text text = {0};
    al_scenario *s;

    al_text_add_format(&text, "{\"scenario\": 1, \"program\":"
                       " [{\"let\": \"h\", \"be\": []}], \"functions\":"
                       " {\"f\": {\"body\": [%s]}}}", statements[_i].json);
    s = load(al_text_peek(&text));
    ck_assert_uint_eq(s->functions[0].body.count, 1);
    ck_assert_int_eq(s->functions[0].body.items[0]->kind,
                     statements[_i].kind);
    al_scenario_free(s);
    al_text_release(&text);
}
END_TEST

START_TEST(names_may_be_defined_anywhere)
{
    al_scenario_free(load(
        "{\"scenario\": 1, \"functions\": {"
        "\"a\": {\"body\": [{\"log\": \"{later} {made}\"},"
        "                   {\"call\": \"b\"}]},"
        "\"b\": {\"body\": [{\"global\": \"made\"},"
        "                   {\"let\": \"made\", \"be\": 1},"
        "                   {\"let\": \"len\", \"be\": \"len\"}]},"
        "\"c\": {\"params\": [\"x\"], \"body\": ["
        "  {\"let\": \"a\", \"be\": 1},"
        "  {\"call\": \"a\", \"args\": [1, 2, 3]},"
        "  {\"try\": [], \"except\": [{\"type\": \"(KeyError, ValueError)\","
        "   \"as\": \"e\", \"do\": [{\"log\": \"{e}\"}]}]}]}},"
        "\"program\": [{\"let\": \"later\", \"be\": 1},"
        "              {\"let\": \"c\", \"be\": \"a\"}, {\"call\": \"c\"}]}"));
}
END_TEST

Suite *scenario_suite(void)
{
    Suite *suite = suite_create("scenario");
    TCase *sections = tcase_create("sections");
    TCase *language = tcase_create("language");

    tcase_add_test(sections, defaults_are_asyncios);
    tcase_add_test(sections, overrides_win);
    tcase_add_loop_test(sections, bad_overrides_are_refused, 0,
                        COUNT(bad_overrides));
    tcase_add_test(sections, the_world_is_sorted_by_time_and_stable);
    tcase_add_test(sections, functions_know_the_place_of_their_name);
    tcase_add_test(sections, main_is_run_where_no_program_is_given);
    suite_add_tcase(suite, sections);
    tcase_add_loop_test(language, values_have_their_kind, 0, COUNT(values));
    tcase_add_loop_test(language, parameters_stand_inside_or_beside, 0,
                        COUNT(call_laters));
    tcase_add_loop_test(language, parameters_have_their_kind, 0,
                        COUNT(params));
    tcase_add_loop_test(language, the_current_loop_may_be_left_out, 0,
                        COUNT(loopless));
    tcase_add_loop_test(language, statements_have_their_kind, 0,
                        COUNT(statements));
    tcase_add_test(language, names_may_be_defined_anywhere);
    suite_add_tcase(suite, language);
    return suite;
}
