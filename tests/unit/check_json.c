/* check_json.c - JSON is taken strictly, and every value knows its place. */
#include <check.h>
#include <stdlib.h>
#include <string.h>
#include "loop/base/alloc.h"
#include "sim/json/json.h"
#include "sim/json/places.h"
#include "sim/json/suggest.h"
#include "tests/unit/suites.h"

/* A well-formed text has no mistake; of another the first one is told. */
static void check_text(const char *text, size_t length, int line, int column,
                       const char *message)
{
    al_diagnostics diagnostics = {0};
    al_json json = {0};
    const al_diagnostic *told = &diagnostics.items[0];
    bool ok;

    al_diagnostics_set_text(&diagnostics, "x.json", text, length);
    ok = al_json_parse(&json, text, length, &diagnostics);
    ck_assert_int_eq(ok, message == NULL);
    if (message) {
        ck_assert_int_eq(told->line, line);
        ck_assert_int_eq(told->column, column);
        ck_assert_msg(strncmp(told->message, message, strlen(message)) == 0,
                      "%s: %s", text, told->message);
    }
    al_json_release(&json);
    al_diagnostics_release(&diagnostics);
}

static const char *const well_formed[] = {
    "0", "-0", "0.5", "-1.5e-10", "1E+2", "1e308", "123456789012345678901234",
    "true", "false", "null", "\"\"", "[]", "{}", " [ 1 , 2 ] \r\n\t",
    "\"\\\" \\\\ \\/ \\b \\f \\n \\r \\t \\u00e9 \\ud83d\\ude00 \xc3\xa9\"",
    "{\"a\": {\"a\": 1}, \"A\": 2, \"\": 3}", "\xef\xbb\xbf[1]",
    "[\"\x7f\", \"\xf4\x8f\xbf\xbf\"]",
};

START_TEST(well_formed_text_is_taken)
{
    check_text(well_formed[_i], strlen(well_formed[_i]), 0, 0, NULL);
}
END_TEST

static const struct {
    const char *text;
    int line, column;
    const char *message;
} ill_formed[] = {
    {"", 1, 1, "the file is empty"},
    {" \n ", 2, 2, "the file is empty"},
    {"[1,]", 1, 3, "invalid JSON: no comma may stand after the last element"},
    {"{\"a\":1,}", 1, 7, "invalid JSON: no comma may stand after the last m"},
    {"[1 2]", 1, 4, "invalid JSON: expected ',' or ']', found '2'"},
    {"[1\n \"a\"]", 1, 3, "invalid JSON: a comma is missing here"},
    {"{\"a\" 1}", 1, 6, "invalid JSON: expected ':', found '1'"},
    {"{a: 1}", 1, 2, "invalid JSON: expected a name in double quotes"},
    {"{'a': 1}", 1, 2, "invalid JSON: strings stand in double quotes"},
    {"[1, // one\n2]", 1, 5, "invalid JSON: JSON has no comments"},
    {"[1} ", 1, 3, "invalid JSON: expected ',' or ']', found '}'"},
    {"[1", 1, 3, "invalid JSON: the file ends, but the '[' of 1:1"},
    {"\n[\n{\"a\"", 3, 5, "invalid JSON: the file ends, but ':' was expected"},
    {"1 2", 1, 3, "invalid JSON: the value has ended"},
    {"01", 1, 1, "bad number '01': numbers do not begin with 0"},
    {"-01.5", 1, 1, "bad number '-01.5': numbers do not begin with 0"},
    {"-", 1, 1, "bad number '-': a digit is missing"},
    {"1.", 1, 1, "bad number '1.': a digit must follow the point"},
    {"1.e5", 1, 1, "bad number '1.e5': a digit must follow the point"},
    {"1e", 1, 1, "bad number '1e': the exponent has no digits"},
    {"1e+", 1, 1, "bad number '1e+': the exponent has no digits"},
    {"0x1F", 1, 1, "bad number '0x1F': it does not end as one"},
    {"1.2.3", 1, 1, "bad number '1.2.3': it does not end as one"},
    {"1.5e400", 1, 1, "number out of range"},
    {"-1e999", 1, 1, "number out of range"},
    {"NaN", 1, 1, "NaN is no JSON number"},
    {"-Infinity", 1, 2, "Infinity is no JSON number"},
    {"True", 1, 1, "invalid JSON: expected a value, found 'True'"},
    {"nulll", 1, 1, "invalid JSON: expected a value, found 'nulll'"},
    {"\"a", 1, 1, "invalid JSON: the string that begins here has no end"},
    {"\"a\\", 1, 1, "invalid JSON: the string that begins here has no end"},
    {"\"a\nb\"", 1, 1, "invalid JSON: the string that begins here has no end "},
    {"\"\\x\"", 1, 2, "bad escape '\\x'"},
    {"\"\\u12\"", 1, 2, "bad escape: \\u takes four hex digits"},
    {"\"\\u0000\"", 1, 2, "\\u0000 is not allowed"},
    {"\"\\ud800\"", 1, 2, "lone surrogate"},
    {"\"\\ud800\\u0041\"", 1, 2, "lone surrogate"},
    {"\"\\udc00\"", 1, 2, "lone surrogate"},
    {"\"\t\"", 1, 2, "control character U+0009"},
    {"\"\x1f\"", 1, 2, "control character U+001F"},
    {"\"\xff\"", 1, 2, "invalid UTF-8"},
    {"\"\xc0\x80\"", 1, 2, "invalid UTF-8"},
    {"\"\xed\xa0\x80\"", 1, 2, "invalid UTF-8"},
    {"\"\xf4\x90\x80\x80\"", 1, 2, "invalid UTF-8"},
    {"\"\xe2\x82\"", 1, 2, "invalid UTF-8"},
    {"[\xff]", 1, 2, "invalid UTF-8"},
    {"{\"a\": 1, \"b\": 2, \"\\u0061\": 3}", 1, 18, "duplicate key \"a\""},
};

START_TEST(ill_formed_text_is_refused_at_its_place)
{
    check_text(ill_formed[_i].text, strlen(ill_formed[_i].text),
               ill_formed[_i].line, ill_formed[_i].column,
               ill_formed[_i].message);
}
END_TEST

START_TEST(zero_bytes_are_refused)
{
    check_text("[\0]", 3, 1, 2, "invalid JSON: expected a value");
    check_text("\"\0\"", 3, 1, 2, "control character U+0000");
    check_text("1\0", 2, 1, 2, "invalid JSON: the value has ended");
}
END_TEST

START_TEST(nesting_is_limited)
{
    enum { TIMES = 100000 };
    char *text = al_alloc(2 * TIMES);

    memset(text, '[', TIMES);
    memset(text + TIMES, ']', TIMES);
    check_text(text, 2 * TIMES, 1, AL_JSON_MAX_DEPTH + 1,
               "nested too deeply");
    check_text(text + TIMES - AL_JSON_MAX_DEPTH, 2 * AL_JSON_MAX_DEPTH, 0, 0,
               NULL);
    al_free(text);
}
END_TEST

START_TEST(size_is_limited)
{
    size_t length = (size_t)AL_JSON_MAX_BYTES + 1;
    char *text = al_alloc(length);

    memset(text, ' ', length);
    text[0] = '1';
    check_text(text, length, 0, 0,
               "the file is too large: more than 67108864 bytes");
    al_free(text);
}
END_TEST

/* -- places ------------------------------------------------------------- */

/* Does each node's text begin where it says?  Scalars are read again. */
static void check_nodes(al_json_value value)
{
    const al_json_node *node = al_json_node_of(value);
    const char *at = value.json->text + node->offset;

    switch (value.item->type & 0xff) {
    case cJSON_Number:
        ck_assert(strtod(at, NULL) == value.item->valuedouble);
        break;
    case cJSON_String:
        ck_assert_int_eq(at[0], '"');
        ck_assert_int_eq(value.json->text[node->end - 1], '"');
        break;
    case cJSON_Object:
        ck_assert_int_eq(at[0], '{');
        break;
    case cJSON_Array:
        ck_assert_int_eq(at[0], '[');
        break;
    default:
        ck_assert_int_eq(at[0], al_json_kind(value)[0]);
    }
    for (al_json_value v = al_json_first(value); v.item; v = al_json_next(v)) {
        const al_json_node *child = al_json_node_of(v);

        if (v.item->string)
            ck_assert_int_eq(value.json->text[child->key], '"');
        check_nodes(v);
    }
}

START_TEST(values_know_their_places)
{
    const char text[] = "{\"a\": [1, {\"b\": [], \"c\": \"x\"}, [[2.5]], null],"
                        "\n \"d\": {\"e\": {\"f\": -3}}, \"g\": true}";
    al_diagnostics diagnostics = {0};
    al_json json = {0};
    const al_json_node *node;

    ck_assert(al_json_parse(&json, text, strlen(text), &diagnostics));
    check_nodes(al_json_root(&json));
    node = al_json_node_of(al_json_member(al_json_root(&json), "g"));
    ck_assert_int_eq(strncmp(text + node->key, "\"g\"", 3), 0);
    ck_assert_uint_eq(node->end, strlen(text) - 1);
    al_json_release(&json);
}
END_TEST

static const struct { const char *text; bool ok; int64_t value; } integers[] = {
    {"0", true, 0},
    {"-0", true, 0},
    {"9223372036854775807", true, INT64_MAX},
    {"-9223372036854775808", true, INT64_MIN},
    {"9223372036854775808", false, 0},
    {"-9223372036854775809", false, 0},
    {"9007199254740993", true, 9007199254740993},
    {"1.0", false, 0},
    {"1e3", false, 0},
    {"\"1\"", false, 0},
};

START_TEST(integers_are_read_exactly)
{
    al_diagnostics diagnostics = {0};
    al_json json = {0};
    int64_t value = 0;

    ck_assert(al_json_parse(&json, integers[_i].text,
                            strlen(integers[_i].text), &diagnostics));
    ck_assert_int_eq(al_json_get_integer(al_json_root(&json), &value),
                     integers[_i].ok);
    ck_assert_int_eq(value, integers[_i].value);
    al_json_release(&json);
}
END_TEST

START_TEST(places_go_forward_and_back)
{
    const char text[] = "ab\n\xc3\xa9\xc3\xa9x\n\nlast";
    const struct { size_t offset; int line, column; } wanted[] = {
        {0, 1, 1}, {9, 3, 1},  {5, 2, 2},  {3, 2, 1}, {7, 2, 3},  {10, 4, 1},
        {12, 4, 3}, {11, 4, 2}, {1, 1, 2}, {2, 1, 3}, {99, 4, 5}, {3, 2, 1},
    };
    al_places places;

    al_places_init(&places, text, strlen(text));
    for (int i = 0; i < COUNT(wanted); i++) {
        int line, column;

        al_places_find(&places, wanted[i].offset, &line, &column);
        ck_assert_int_eq(line, wanted[i].line);
        ck_assert_int_eq(column, wanted[i].column);
    }
}
END_TEST

/* -- diagnostics -------------------------------------------------------- */

static void check_output(const al_diagnostics *diagnostics, const char *text)
{
    al_text out = {0};

    al_diagnostics_write(diagnostics, false, &out);
    ck_assert_str_eq(al_text_peek(&out), text);
    al_text_release(&out);
}

START_TEST(mistakes_are_told_in_order_of_place)
{
    al_diagnostics d = {0};

    al_diagnostics_set_text(&d, "x.json", "one\ntwo three\n", 14);
    al_diagnose(&d, 8, 5, "tree", "third");
    al_diagnose(&d, 0, 3, NULL, "first");
    al_diagnose(&d, 4, 3, NULL, "second");
    al_diagnose(&d, 4, 1, NULL, "told already");
    al_diagnose(&d, AL_NO_PLACE, 0, NULL, "elsewhere");
    ck_assert_uint_eq(d.total, 4);
    check_output(&d, "x.json: error: elsewhere\n"
                     "x.json:1:1: error: first\n"
                     "    1 | one\n"
                     "      | ^~~\n"
                     "x.json:2:1: error: second\n"
                     "    2 | two three\n"
                     "      | ^~~\n"
                     "x.json:2:5: error: third\n"
                     "    2 | two three\n"
                     "      |     ^~~~~\n"
                     "x.json:2:5: did you mean 'tree'?\n");
    al_diagnostics_release(&d);
}
END_TEST

START_TEST(the_first_ones_of_the_file_are_kept)
{
    char text[100];
    al_diagnostics d = {0};

    memset(text, 'x', sizeof text);
    al_diagnostics_set_text(&d, "x.json", text, sizeof text);
    for (size_t i = sizeof text; i > 0; i--)
        al_diagnose(&d, i - 1, 1, NULL, "number %zu", i - 1);
    ck_assert_uint_eq(d.count, AL_MAX_DIAGNOSTICS);
    ck_assert_uint_eq(d.total, 100);
    for (size_t i = 0; i < d.count; i++)
        ck_assert_uint_eq(d.items[i].offset, i);
    al_diagnostics_release(&d);
}
END_TEST

static const struct {
    const char *text;
    size_t offset, length;
    const char *shown; /* the source line and the caret's */
} sources[] = {
    {"\tab", 1, 2, "    1 |     ab\n      |     ^~\n"},
    {"\x1b[31m!", 5, 1, "    1 | \\x1b[31m!\n      |         ^\n"},
    {"日本 x", 7, 1, "    1 | 日本 x\n      |      ^\n"},
    {"e\xcc\x81 x", 4, 1, "    1 | e\xcc\x81 x\n      |   ^\n"},
    {"\xff x", 2, 1, "    1 | \\xff x\n      |      ^\n"},
    {"ab\r\ncd", 1, 1, "    1 | ab\n      |  ^\n"},
    {"ab", 2, 0, "    1 | ab\n      |   ^\n"},
    {"", 0, 0, "    1 |\n      | ^\n"},
    {"a b\nc", 2, 100, "    1 | a b\n      |   ^\n"},
};

START_TEST(source_lines_are_shown_safely)
{
    al_diagnostics d = {0};
    al_text out = {0};

    al_diagnostics_set_text(&d, "x", sources[_i].text,
                            strlen(sources[_i].text));
    al_diagnose(&d, sources[_i].offset, sources[_i].length, NULL, "m");
    al_diagnostics_write(&d, false, &out);
    ck_assert_str_eq(strchr(al_text_peek(&out), '\n') + 1, sources[_i].shown);
    al_text_release(&out);
    al_diagnostics_release(&d);
}
END_TEST

static const struct { const char *word, *suggestion; } words[] = {
    {"call_son", "call_soon"}, {"call_sono", "call_soon"},
    {"CALL_SOON", "call_soon"}, {"canel", "cancel"}, {"lgo", "log"},
    {"x", NULL}, {"zebra", NULL}, {"", NULL}, {"log", "log"},
};

START_TEST(suggestions_are_near)
{
    static const char *const known[] = {"call_soon", "call_later", "cancel",
                                        "log", "if"};
    const char *found = al_suggest(words[_i].word, known, COUNT(known));

    if (words[_i].suggestion)
        ck_assert_str_eq(found, words[_i].suggestion);
    else
        ck_assert_ptr_null(found);
}
END_TEST

Suite *json_suite(void)
{
    Suite *suite = suite_create("json");
    TCase *text = tcase_create("text");
    TCase *tree = tcase_create("tree");
    TCase *told = tcase_create("diagnostics");

    tcase_set_timeout(text, 60);
    tcase_add_loop_test(text, well_formed_text_is_taken, 0,
                        COUNT(well_formed));
    tcase_add_loop_test(text, ill_formed_text_is_refused_at_its_place, 0,
                        COUNT(ill_formed));
    tcase_add_test(text, zero_bytes_are_refused);
    tcase_add_test(text, nesting_is_limited);
    tcase_add_test(text, size_is_limited);
    suite_add_tcase(suite, text);
    tcase_add_test(tree, values_know_their_places);
    tcase_add_loop_test(tree, integers_are_read_exactly, 0, COUNT(integers));
    tcase_add_test(tree, places_go_forward_and_back);
    suite_add_tcase(suite, tree);
    tcase_add_test(told, mistakes_are_told_in_order_of_place);
    tcase_add_test(told, the_first_ones_of_the_file_are_kept);
    tcase_add_loop_test(told, source_lines_are_shown_safely, 0,
                        COUNT(sources));
    tcase_add_loop_test(told, suggestions_are_near, 0, COUNT(words));
    suite_add_tcase(suite, told);
    return suite;
}
