/* check_prompt.c - what is typed, from its bytes to the line it becomes. */
#include <locale.h>
#include <string.h>
#include <time.h>
#include "cli/tui/completion.h"
#include "cli/tui/key_bytes.h"
#include "cli/tui/prompt.h"
#include "loop/base/alloc.h"
#include "tests/unit/suites.h"

/* -- characters of bytes -------------------------------------------------- */

static const struct {
    const char *bytes;
    al_key keys[4];
} bytes_typed[] = {
    {"ab", {'a', 'b'}},
    {"\xc3\xa9\xe5\xad\x97\xf0\x9f\x98\x80", {0xe9, 0x5b57, 0x1f600}},
    {"\xff" "s", {'s'}},
    {"\x9b" "s", {'s'}},                           /* only continues */
    {"\xc3s", {'s'}},                              /* is cut */
    {"\xc3\xc3\xa9", {0xe9}},
    {"\xe5\xad\x1b", {0x1b}},
    {"\xf0\x9f\x98\xf0\x9f\x98\x80", {0x1f600}},
    {"\xc0\xafs", {'s'}},                          /* is too long a form */
    {"\xed\xa0\x80s", {'s'}},                      /* a surrogate */
};

START_TEST(what_is_no_character_costs_no_other)
{
    al_key_bytes typed = {0};
    int count = 0;

    if (!setlocale(LC_CTYPE, "C.UTF-8"))
        return; /* there is no such locale */
    for (const char *at = bytes_typed[_i].bytes; *at; at++) {
        al_key key = al_key_bytes_take(&typed, *at);

        if (key != AL_KEY_NONE)
            ck_assert_uint_eq(key, bytes_typed[_i].keys[count++]);
    }
    setlocale(LC_CTYPE, "C");
    ck_assert_uint_eq(bytes_typed[_i].keys[count], AL_KEY_NONE);
}
END_TEST

/* -- the line ------------------------------------------------------------- */

enum { MOST = 4096 }; /* bytes in it, as prompt.h says */

static const struct {
    size_t length;    /* of what stands in the line */
    const char *word; /* put at its end, and typed there */
    bool is_put;
} words_put[] = {
    {MOST - 1, "y", true},
    {MOST, "y", false},
    {MOST - 3, "\xe5\xad\x97", true},
    {MOST - 2, "\xe5\xad\x97", false},
};

static void type_much(al_prompt *prompt, size_t length)
{
    al_prompt_begin(prompt, ":", NULL);
    while (length-- > 0)
        al_prompt_key(prompt, 'x');
}

START_TEST(what_is_put_is_as_long_as_what_can_be_typed)
{
    size_t length = words_put[_i].length;
    const char *word = words_put[_i].word;
    size_t expected = length + (words_put[_i].is_put ? strlen(word) : 0);
    al_prompt prompt = {0};
    al_key key;

    type_much(&prompt, length);
    al_prompt_put(&prompt, length, word);
    ck_assert_uint_eq(prompt.text.length, expected);
    ck_assert_uint_eq(prompt.cursor, expected);
    type_much(&prompt, length);
    al_key_parse(word, &key);
    al_prompt_key(&prompt, key);
    ck_assert_uint_eq(prompt.text.length, expected);
    ck_assert_uint_eq(prompt.cursor, expected);
    al_prompt_release(&prompt);
}
END_TEST

/* -- what it may go on with ----------------------------------------------- */

static const struct {
    const char *words[2];
    size_t common;
} pairs[] = {
    {{"task"}, 4},
    {{"task", "task 1"}, 4},
    {{"task", "time"}, 1},
    {{"task", "view"}, 0},
    {{"\xc3\xa9", "\xc3\xa8"}, 0}, /* the first byte is no character */
    {{"\xe5\xad\x97" "a", "\xe5\xad\x97" "b"}, 3},
};

START_TEST(whole_characters_are_in_common)
{
    al_completion completion = {0};

    al_completion_begin(&completion, "", 0);
    for (int i = 0; i < COUNT(pairs[_i].words) && pairs[_i].words[i]; i++)
        al_completion_offer(&completion, pairs[_i].words[i]);
    ck_assert_uint_eq(al_completion_common(&completion), pairs[_i].common);
    al_completion_release(&completion);
}
END_TEST

/* A task's name can be as long as a trace.  In steps as many as its length this
 * takes a moment, under valgrind too; in the square of them, many minutes. */
START_TEST(a_huge_word_is_completed_in_bounded_time)
{
    enum { LENGTH = 1 << 22, PATIENCE = 60 /* seconds of the processor */ };
    char *word = al_alloc(LENGTH + 1);
    al_completion completion = {0};
    clock_t before = clock();

    memset(word, 'n', LENGTH);
    word[LENGTH] = '\0';
    al_completion_begin(&completion, "n", 0);
    al_completion_offer(&completion, word);
    ck_assert_uint_eq(al_completion_common(&completion), LENGTH);
    ck_assert_int_lt((clock() - before) / CLOCKS_PER_SEC, PATIENCE);
    al_completion_release(&completion);
    al_free(word);
}
END_TEST

Suite *prompt_suite(void)
{
    Suite *suite = suite_create("prompt");
    TCase *tests = tcase_create("what is typed");

    tcase_add_loop_test(tests, what_is_no_character_costs_no_other, 0,
                        COUNT(bytes_typed));
    tcase_add_loop_test(tests, what_is_put_is_as_long_as_what_can_be_typed, 0,
                        COUNT(words_put));
    tcase_add_loop_test(tests, whole_characters_are_in_common, 0,
                        COUNT(pairs));
    tcase_add_test(tests, a_huge_word_is_completed_in_bounded_time);
    suite_add_tcase(suite, tests);
    return suite;
}
