/* check_script_python.c - expressions and programs give what CPython gives.
 *
 * tests/unit/data/python_*.txt were written by CPython itself (by way of
 * tests/unit/tools/python_semantics.mjs): "question<TAB>result" lines.  A
 * scenario evaluates all expressions, each in a try of its own, and logs;
 * each program is a scenario of its own. */
#include "tests/unit/suites.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "loop/base/alloc.h"
#include "sim/sim.h"

static const char *const files[] = {
    "tests/unit/data/python_expressions.txt",
    "tests/unit/data/python_operators.txt",
};

typedef struct rows {
    char **expressions, **results;
    size_t count, capacity, other;
} rows;

typedef struct logs {
    char **texts;
    size_t count, capacity;
} logs;

/* -- the table ---------------------------------------------------------- */

static void unescape(char *text) /* backslash and newline are escaped */
{
    char *to = text;

    for (const char *from = text; *from; from++) {
        if (*from != '\\') {
            *to++ = *from;
            continue;
        }
        from++;
        *to++ = *from == 'n' ? '\n' : *from;
    }
    *to = '\0';
}

static void add_row(rows *r, char *line)
{
    char *tab = strrchr(line, '\t');

    ck_assert_msg(tab != NULL, "no result: %s", line);
    *tab = '\0';
    r->expressions = al_grow(r->expressions, &r->capacity, r->count + 1,
                             sizeof *r->expressions);
    r->results = al_realloc_array(r->results, r->capacity,
                                  sizeof *r->results);
    r->expressions[r->count] = al_strdup(line);
    r->results[r->count] = al_strdup(tab + 1);
    unescape(r->results[r->count++]);
}

static void read_rows(const char *path, rows *r)
{
    FILE *file = fopen(path, "r");
    char line[2000];

    ck_assert_msg(file != NULL, "cannot read %s", path);
    while (fgets(line, sizeof line, file)) {
        line[strcspn(line, "\n")] = '\0';
        if (line[0] && line[0] != '#')
            add_row(r, line);
    }
    fclose(file);
    ck_assert_uint_gt(r->count, 10); /* none is lost without a word */
}

static void release_rows(rows *r)
{
    for (size_t i = 0; i < r->count; i++) {
        al_free(r->expressions[i]);
        al_free(r->results[i]);
    }
    al_free(r->expressions);
    al_free(r->results);
}

/* -- the scenario ------------------------------------------------------- */

static void add_json(const char *text, al_text *out)
{
    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            al_text_add_char(out, '\\');
        al_text_add_char(out, *text);
    }
}

static void add_statement(const char *expression, al_text *out)
{
    al_text_add(out, "{\"try\": [{\"let\": \"r\", \"be\": \"");
    add_json(expression, out);
    al_text_add(out, "\"}, {\"log\": \"{r!r}\"}], \"except\": [{\"type\": "
                     "\"BaseException\", \"as\": \"e\", \"do\": "
                     "[{\"log\": \"!{type(e).__name__}: {e}\"}]}]}");
}

static void add_log(logs *l, const char *text)
{
    size_t length = strlen(text);

    l->texts = al_grow(l->texts, &l->capacity, l->count + 1,
                       sizeof *l->texts);
    l->texts[l->count] = al_strdup(text);
    if (text[0] == '!' && length > 2 && strcmp(text + length - 2, ": ") == 0)
        l->texts[l->count][length - 2] = '\0'; /* no text: no colon */
    l->count++;
}

static void note_log(void *self, const al_event *event)
{
    al_text text = {0};

    if (event->kind == AL_EVENT_LOG)
        add_log(self, event->text);
    if (event->kind == AL_EVENT_END && event->type) {
        al_text_add_format(&text, "!%s: %s", event->type, event->text);
        add_log(self, text.bytes);
        al_text_release(&text);
    }
}

static void release_logs(logs *l)
{
    for (size_t i = 0; i < l->count; i++)
        al_free(l->texts[i]);
    al_free(l->texts);
    *l = (logs){0};
}

static const al_observer_ops log_ops = {
    .emit = note_log,
};

static void run(const char *json, size_t length, logs *l)
{
    al_diagnostics diagnostics = {0};
    al_sim_options options = {.observer = {&log_ops, l}};
    al_sim_result result = {0};
    al_text text = {0};
    al_scenario *scenario =
        al_scenario_parse(json, length, "python.json", NULL, 0, &diagnostics);

    al_diagnostics_write(&diagnostics, false, &text);
    ck_assert_msg(scenario != NULL, "%s", al_text_peek(&text));
    al_sim_run(scenario, &options, &result);
    al_text_release(&text);
    al_sim_result_release(&result);
    al_scenario_free(scenario);
    al_diagnostics_release(&diagnostics);
}

static bool check(const char *question, const char *expected,
                  const char *got)
{
    bool ok = strcmp(expected, got) == 0;

    if (!ok)
        printf("%s\n  CPython: %s\n  ours:    %s\n", question, expected, got);
    return ok;
}

START_TEST(expressions_give_what_cpython_gives)
{
    rows r = {0};
    logs l = {0};
    al_text json = {0};
    size_t wrong = 0;

    read_rows(files[_i], &r);
    al_text_add(&json, "{\"scenario\": 1, \"program\": [\n");
    for (size_t i = 0; i < r.count; i++) {
        al_text_add(&json, i ? ",\n" : "");
        add_statement(r.expressions[i], &json);
    }
    al_text_add(&json, "]}");
    run(json.bytes, json.length, &l);
    ck_assert_uint_eq(r.count, l.count);
    for (size_t i = 0; i < r.count; i++)
        wrong += !check(r.expressions[i], r.results[i], l.texts[i]);
    ck_assert_uint_eq(wrong, 0);
    release_logs(&l);
    al_text_release(&json);
    release_rows(&r);
}
END_TEST

static bool program_agrees(const char *program, const char *expected)
{
    al_text json = {0}, got = {0};
    logs l = {0};
    bool ok;

    al_text_add_format(&json, "{\"scenario\": 1, %s", program + 1);
    run(json.bytes, json.length, &l);
    for (size_t i = 0; i < l.count; i++)
        al_text_add_format(&got, "%s%s", i ? " | " : "", l.texts[i]);
    ok = check(program, expected, al_text_peek(&got));
    release_logs(&l);
    al_text_release(&got);
    al_text_release(&json);
    return ok;
}

START_TEST(programs_do_what_cpython_does)
{
    rows r = {0};
    size_t wrong = 0;

    read_rows("tests/unit/data/python_programs.txt", &r);
    for (size_t i = 0; i < r.count; i++)
        wrong += !program_agrees(r.expressions[i], r.results[i]);
    ck_assert_uint_eq(wrong, 0);
    release_rows(&r);
}
END_TEST

Suite *script_python_suite(void)
{
    Suite *suite = suite_create("script_python");
    TCase *tcase = tcase_create("expressions");

    tcase_add_loop_test(tcase, expressions_give_what_cpython_gives, 0,
                        COUNT(files));
    tcase_add_test(tcase, programs_do_what_cpython_does);
    tcase_set_timeout(tcase, 60);
    suite_add_tcase(suite, tcase);
    return suite;
}
