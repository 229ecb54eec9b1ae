/* check_number.c - numbers are formatted and read as Python does. */
#include <check.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "loop/base/number.h"
#include "loop/base/text.h"
#include "tests/unit/suites.h"

/* -- formatting --------------------------------------------------------- */

static const struct { double value; const char *text; } doubles[] = {
    {0.0, "0.0"},
    {-0.0, "-0.0"},
    {2.0, "2.0"},
    {0.1, "0.1"},
    {0.1 + 0.2, "0.30000000000000004"},
    {1e15, "1000000000000000.0"},
    {9999999999999998.0, "9999999999999998.0"},
    {1e16, "1e+16"},
    {1.5e300, "1.5e+300"},
    {0.0001, "0.0001"},
    {0.00001, "1e-05"},
    {1.25e-7, "1.25e-07"},
    {5e-324, "5e-324"},
    {1.7976931348623157e308, "1.7976931348623157e+308"},
    {INFINITY, "inf"},
    {-INFINITY, "-inf"},
    {NAN, "nan"},
    {-NAN, "nan"},
};

START_TEST(doubles_look_as_in_python)
{
    char text[AL_DOUBLE_TEXT];
    size_t length = al_double_format(doubles[_i].value, text);

    ck_assert_str_eq(text, doubles[_i].text);
    ck_assert_uint_eq(length, strlen(text));
}
END_TEST

static const struct { uint64_t value; const char *text; } integers[] = {
    {0, "0"},
    {9, "9"},
    {10, "10"},
    {99, "99"},
    {100, "100"},
    {1234567, "1234567"},
    {UINT64_MAX, "18446744073709551615"},
};

START_TEST(integers_are_their_digits)
{
    char text[AL_UINT_TEXT];

    ck_assert_uint_eq(al_uint_format(integers[_i].value, text),
                      strlen(integers[_i].text));
    ck_assert_str_eq(text, integers[_i].text);
}
END_TEST

/* -- what CPython says of many ------------------------------------------ */

static double from_bits(uint64_t bits)
{
    double value;

    memcpy(&value, &bits, sizeof value);
    return value;
}

START_TEST(every_double_of_the_table_is_formatted_and_read_back)
{
    FILE *file = fopen("tests/unit/data/doubles.txt", "r");
    uint64_t bits;
    char expected[64];
    int count = 0;

    ck_assert_ptr_nonnull(file);
    while (fscanf(file, "%" SCNx64 " %63s", &bits, expected) == 2) {
        double value = from_bits(bits), back = 0;
        char text[AL_DOUBLE_TEXT];

        al_double_format(value, text);
        ck_assert_str_eq(text, expected);
        if (isfinite(value)) {
            ck_assert_ptr_nonnull(al_double_parse(text, &back));
            ck_assert_mem_eq(&back, &value, sizeof value);
        }
        count++;
    }
    fclose(file);
    ck_assert_int_gt(count, 500);
}
END_TEST

/* -- reading ------------------------------------------------------------ */

static const struct {
    const char *text;
    size_t length;
    double value;
} good[] = {
    {"0", 1, 0},
    {"-0", 2, -0.0},
    {"12", 2, 12},
    {"1.5,", 3, 1.5},
    {"1e3}", 3, 1000},
    {"1E+3", 4, 1000},
    {"123456789012345678901234567890", 30, 123456789012345678901234567890.0},
    {"0.000000000000000000000000000001", 32, 1e-30},
    {"9007199254740993", 16, 9007199254740992.0}, /* ties to even */
    {"9007199254740993.0000000000000001", 33, 9007199254740994.0},
    {"2.2250738585072011e-308", 23, 2.2250738585072011e-308},
    {"1e999", 5, INFINITY},
    {"1e-999", 6, 0},
    {"0e99999999999", 13, 0},
};

START_TEST(json_numbers_are_read)
{
    double value = NAN;
    const char *end = al_double_parse(good[_i].text, &value);

    ck_assert_ptr_eq(end, good[_i].text + good[_i].length);
    ck_assert_mem_eq(&value, &good[_i].value, sizeof value);
}
END_TEST

static const char *const bad[] = {
    "", "-", "+1", ".5", "1.", "1.e5", "1e", "1e+", "e5", "inf", "NaN", "x",
};

START_TEST(what_is_no_json_number_is_refused)
{
    double value;

    ck_assert_ptr_null(al_double_parse(bad[_i], &value));
}
END_TEST

/* JSON has no leading zeros: the number ends behind the first. */
START_TEST(a_leading_zero_is_all_of_a_number)
{
    static const char text[] = "007";
    double value;

    ck_assert_ptr_eq(al_double_parse(text, &value), text + 1);
}
END_TEST

/* Whatever room the text has, and where it has to be made. */
START_TEST(a_formatted_text_is_whole)
{
    for (int length = 0; length < 200; length++) {
        al_text text = {0};

        al_text_add_format(&text, "%0*d", length, 7);
        al_text_add_format(&text, "%s", "");
        al_text_add_format(&text, "<%*s>", length, "x");
        ck_assert_uint_eq(strlen(text.bytes), text.length);
        ck_assert_uint_eq(text.length, 2 * (size_t)(length ? length : 1) + 2);
        ck_assert_int_eq(text.bytes[text.length - 1], '>');
        al_text_release(&text);
    }
}
END_TEST

Suite *number_suite(void)
{
    Suite *suite = suite_create("number");
    TCase *tests = tcase_create("number");

    tcase_add_loop_test(tests, doubles_look_as_in_python, 0, COUNT(doubles));
    tcase_add_loop_test(tests, integers_are_their_digits, 0, COUNT(integers));
    tcase_add_test(tests,
                   every_double_of_the_table_is_formatted_and_read_back);
    tcase_add_loop_test(tests, json_numbers_are_read, 0, COUNT(good));
    tcase_add_loop_test(tests, what_is_no_json_number_is_refused, 0,
                        COUNT(bad));
    tcase_add_test(tests, a_leading_zero_is_all_of_a_number);
    tcase_add_test(tests, a_formatted_text_is_whole);
    suite_add_tcase(suite, tests);
    return suite;
}
