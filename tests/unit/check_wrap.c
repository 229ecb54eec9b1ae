/* check_wrap.c - where texts are broken that are longer than a line. */
#include "sim/base/wrap.h"
#include "tests/unit/suites.h"

static const struct {
    const char *text;
    size_t columns;
    char behind;
    size_t length;
    const char *rest;
} lines[] = {
    {"", 5, '\0', 0, ""},
    {"short", 5, '\0', 5, ""},
    {"two words", 5, '\0', 3, "words"},
    {"two words", 3, '\0', 3, "words"},
    {"a longwordthatdoesnotfit", 10, '\0', 10, "thatdoesnotfit"},
    {"at /srv/app/main.py", 12, '\0', 12, "main.py"},
    {"at /srv/app/main.py", 15, '\0', 12, "main.py"},
    {"a/longwordthatdoesnotfit", 10, '\0', 10, "thatdoesnotfit"},
    {"one\ntwo", 80, '\0', 3, "two"},
    {"\ntwo", 80, '\0', 0, "two"},
    {"one two > three", 11, '>', 9, "three"},
    {"one two three", 11, '>', 7, "three"},
    {"\xe5\xad\x97x", 1, '\0', 3, "x"}, /* two columns wide */
    {"\x01\x01", 5, '\0', 1, "\x01"},  /* \x01 has four, once escaped */
};

START_TEST(a_line_ends_between_words_where_it_can)
{
    size_t length = al_wrap_line(lines[_i].text, lines[_i].columns,
                                 lines[_i].behind);

    ck_assert_uint_eq(length, lines[_i].length);
    ck_assert_str_eq(al_wrap_rest(lines[_i].text, length), lines[_i].rest);
}
END_TEST

Suite *wrap_suite(void)
{
    Suite *suite = suite_create("wrap");
    TCase *tests = tcase_create("lines");

    tcase_add_loop_test(tests, a_line_ends_between_words_where_it_can, 0,
                        sizeof lines / sizeof *lines);
    suite_add_tcase(suite, tests);
    return suite;
}
