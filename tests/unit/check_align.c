/* check_align.c - two traces, aligned by cause. */
#include <stdlib.h>
#include <string.h>
#include "loop/base/alloc.h"
#include "loop/base/text.h"
#include "sim/analysis/align.h"
#include "sim/analysis/align_private.h"
#include "sim/analysis/twins.h"
#include "sim/trace/reader.h"
#include "tests/unit/suites.h"

/* -- traces by hand ------------------------------------------------------- */

static const char header[] = "{\"trace\":1,\"scenario\":\"x\"}\n";

static al_trace_reader *read_lines(const char *lines)
{
    al_text text = {0};
    al_error err = {0};
    al_trace_reader *reader;

    al_text_add(&text, header);
    for (; *lines; lines++) /* quotes for comfort */
        al_text_add_char(&text, *lines == '\'' ? '"' : *lines);
    reader = al_trace_reader_new(text.bytes, text.length, &err);
    ck_assert_msg(reader, "%s", err.message);
    al_text_release(&text);
    return reader;
}

static al_align *align_readers(al_trace_reader *readers[2],
                               const al_align_options *options)
{
    al_align *align = al_align_new(options);
    bool has_ended[2] = {false, false};
    al_error err = {0};
    al_event event;

    while (!has_ended[AL_LEFT] || !has_ended[AL_RIGHT]) {
        al_side s = al_align_wants(align);
        al_trace_step step = al_trace_reader_next(readers[s], &event, &err);

        ck_assert_msg(step != AL_TRACE_BAD, "%s", err.message);
        if (step == AL_TRACE_EVENT) {
            al_align_add(align, s, &event);
        } else {
            al_align_end(align, s);
            has_ended[s] = true;
        }
    }
    al_trace_reader_free(readers[AL_LEFT]);
    al_trace_reader_free(readers[AL_RIGHT]);
    return align;
}

static al_align *align_texts(const char *left, const char *right,
                             const al_align_options *options)
{
    al_trace_reader *readers[] = {read_lines(left), read_lines(right)};

    return align_readers(readers, options);
}

/* A loop whose first callback, main, does something; then so and so many
 * others run. */
#define BEGIN                                                                 \
    "{'e':'loop','t':0,'debug':false}\n"                                      \
    "{'e':'call_soon','t':0,'h':'h1','callback':'main'}\n"                    \
    "{'e':'start','t':0}\n"                                                   \
    "{'e':'run','t':0,'h':'h1','callback':'main'}\n"
#define SOON(h, name)                                                         \
    "{'e':'call_soon','t':0,'h':'" h "','callback':'" name "','by':'h1'}\n"
#define TIMER(h, name, when)                                                  \
    "{'e':'call_at','t':0,'h':'" h "','callback':'" name "','when':" when     \
    ",'by':'h1'}\n"
#define RAN "{'e':'ran','t':0,'h':'h1','duration':0}\n"
#define RUN(t, h, name)                                                       \
    "{'e':'run','t':" t ",'h':'" h "','callback':'" name "'}\n"               \
    "{'e':'log','t':" t ",'text':'" name "','by':'" h "'}\n"                  \
    "{'e':'ran','t':" t ",'h':'" h "','duration':0}\n"
#define END(t) "{'e':'end','t':" t "}\n"

/* -- logs ---------------------------------------------------------------- */

#define LOG(t, text, h)                                                       \
    "{'e':'log','t':" t ",'text':'" text "','by':'" h "'}\n"
#define RUN_SILENT(t, h, name)                                                \
    "{'e':'run','t':" t ",'h':'" h "','callback':'" name "'}\n"               \
    "{'e':'ran','t':" t ",'h':'" h "','duration':0}\n"

static size_t count_logs(const char *left, const char *right, unsigned ignored)
{
    const al_align_options options = {.ignored = ignored};
    al_align *align = align_texts(left, right, &options);
    size_t count = al_align_finish(align)->log_count;

    ck_assert(al_align_differs(align));
    al_align_free(align);
    return count;
}

START_TEST(a_line_that_another_callback_logs_is_no_difference_of_logs)
{
    const char *first = BEGIN LOG("0", "a", "h1") SOON("h2", "a") RAN
        RUN_SILENT("0", "h2", "a") END("0");
    const char *second = BEGIN SOON("h2", "a") RAN RUN("0", "h2", "a")
        END("0");
    const char *later = BEGIN SOON("h2", "a") RAN RUN("1", "h2", "a")
        END("1");
    const char *other = BEGIN SOON("h2", "b") RAN RUN("0", "h2", "b")
        END("0");

    ck_assert_uint_eq(count_logs(first, second, 0), 0);
    ck_assert_uint_eq(count_logs(second, first, 0), 0);
    ck_assert_uint_eq(count_logs(first, later, 0), 2);
    ck_assert_uint_eq(count_logs(first, later, AL_IGNORE_TIMES), 0);
    ck_assert_uint_eq(count_logs(first, other, 0), 2);
}
END_TEST

/* -- the planted differences ---------------------------------------------- */

static const struct {
    const char *name, *left, *right;
    size_t roots;
    al_parting_kind kind; /* of the first */
    size_t led_to;        /* by the first */
    uint64_t alone[2], shifted;
    bool is_independent;
} planted[] = {
    {"nothing",
     BEGIN SOON("h2", "a") SOON("h3", "b") RAN
     RUN("0", "h2", "a") RUN("0", "h3", "b") END("0"),
     BEGIN SOON("h2", "a") SOON("h3", "b") RAN
     RUN("0", "h2", "a") RUN("0", "h3", "b") END("0"),
     0, 0, 0, {0, 0}, 0, false},
    {"a line of source that moved",
     BEGIN "{'e':'call_soon','t':0,'h':'h2','callback':'a','where':'a.py:1',"
     "'by':'h1'}\n" RAN END("0"),
     BEGIN "{'e':'call_soon','t':0,'h':'h2','callback':'a','where':'a.py:2',"
     "'by':'h1'}\n" RAN END("0"),
     0, 0, 0, {0, 0}, 0, false},
    {"an extra handle shifts ids, and nothing else",
     BEGIN SOON("h2", "a") SOON("h3", "b") RAN
     RUN("0", "h2", "a") RUN("0", "h3", "b") END("0"),
     BEGIN SOON("h2", "x") SOON("h3", "a") SOON("h4", "b") RAN
     RUN("0", "h2", "x") RUN("0", "h3", "a") RUN("0", "h4", "b") END("0"),
     1, AL_PARTING_DID, 0, {0, 1}, 0, false},
    {"two that are scheduled the other way round",
     BEGIN SOON("h2", "a") SOON("h3", "b") RAN
     RUN("0", "h2", "a") RUN("0", "h3", "b") END("0"),
     BEGIN SOON("h2", "b") SOON("h3", "a") RAN
     RUN("0", "h2", "b") RUN("0", "h3", "a") END("0"),
     1, AL_PARTING_MOVED, 1, {0, 0}, 0, true},
    {"two that only run the other way round",
     BEGIN SOON("h2", "a") SOON("h3", "b") RAN
     RUN("0", "h2", "a") RUN("0", "h3", "b") END("0"),
     BEGIN SOON("h2", "a") SOON("h3", "b") RAN
     RUN("0", "h3", "b") RUN("0", "h2", "a") END("0"),
     1, AL_PARTING_ORDER, 0, {0, 0}, 0, true},
    {"a timer with another delay",
     BEGIN TIMER("h2", "a", "1") TIMER("h3", "b", "2") RAN
     RUN("1", "h2", "a") RUN("2", "h3", "b") END("2"),
     BEGIN TIMER("h2", "a", "3") TIMER("h3", "b", "2") RAN
     RUN("2", "h3", "b") RUN("3", "h2", "a") END("3"),
     1, AL_PARTING_DID, 1, {0, 0}, 1, false},
    {"one that never comes to run",
     BEGIN TIMER("h2", "a", "1") RAN RUN("1", "h2", "a") END("1"),
     BEGIN TIMER("h2", "a", "1") RAN END("1"),
     1, AL_PARTING_ALONE, 0, {1, 0}, 0, false},
    {"a longer callback makes others late",
     BEGIN SOON("h2", "a") "{'e':'ran','t':1,'h':'h1','duration':1}\n"
     RUN("1", "h2", "a") END("1"),
     BEGIN SOON("h2", "a") "{'e':'ran','t':3,'h':'h1','duration':3}\n"
     RUN("3", "h2", "a") END("3"),
     1, AL_PARTING_TOOK, 0, {0, 0}, 1, false},
    {"a trace that is cut short",
     BEGIN SOON("h2", "a") SOON("h3", "b") RAN
     RUN("0", "h2", "a") RUN("0", "h3", "b") END("0"),
     BEGIN SOON("h2", "a") SOON("h3", "b") RAN,
     1, AL_PARTING_ENDS, 0, {2, 0}, 0, false},
    {"a trace that is cut short in a callback",
     BEGIN SOON("h2", "a") SOON("h3", "b") RAN RUN("0", "h2", "a") END("0"),
     BEGIN SOON("h2", "a"),
     1, AL_PARTING_ENDS, 0, {1, 0}, 0, false},
};

START_TEST(a_planted_difference_is_found_and_no_other)
{
    al_align *align = align_texts(planted[_i].left, planted[_i].right, NULL);
    const al_align_result *result = al_align_finish(align);
    const char *name = planted[_i].name;

    ck_assert_msg(result->partings.count == planted[_i].roots, "%s: %zu",
                  name, result->partings.count);
    ck_assert(al_align_differs(align) == (planted[_i].roots > 0));
    if (planted[_i].roots > 0) {
        const al_root *root = result->partings.roots[0];

        ck_assert_msg(root->parting.kind == planted[_i].kind, "%s: %d", name,
                      (int)root->parting.kind);
        ck_assert_msg(root->followed == planted[_i].led_to, "%s", name);
        ck_assert_msg(root->alone[0] == planted[_i].alone[0] &&
                      root->alone[1] == planted[_i].alone[1], "%s", name);
        ck_assert_msg(root->shifted == planted[_i].shifted, "%s", name);
        ck_assert_msg(root->is_independent == planted[_i].is_independent,
                      "%s", name);
    }
    al_align_free(align);
}
END_TEST

/* -- which event is which ------------------------------------------------- */

/* Each of both is the other's, or neither is anyone's. */
static void check_both_ways(const al_twins *twins, const char *name)
{
    for (al_side s = AL_LEFT; s <= AL_RIGHT; s++) {
        al_side other = s == AL_LEFT ? AL_RIGHT : AL_LEFT;

        for (uint64_t at = 1; at < twins->count[s]; at++) {
            uint64_t twin = al_twins_of(twins, s, at);

            ck_assert_msg(!twin || al_twins_of(twins, other, twin) == at,
                          "%s: %d", name, (int)at);
            ck_assert(!twin || al_twins_kind(twins, s, at) != AL_TWIN_ALONE);
            ck_assert(!twin || al_twins_kind(twins, s, at) ==
                                   al_twins_kind(twins, other, twin));
        }
    }
}

/* Who parts is told with events of both sides: those are twins. */
static void check_actors(const al_twins *twins, const al_parting *parting,
                         const char *name)
{
    uint64_t left = parting->actors[AL_LEFT].event;
    uint64_t right = parting->actors[AL_RIGHT].event;

    if (parting->kind == AL_PARTING_ALONE)
        ck_assert_msg(al_twins_kind(twins, left ? AL_LEFT : AL_RIGHT,
                                    left ? left : right) == AL_TWIN_ALONE,
                      "%s", name);
    else if (parting->kind != AL_PARTING_ENDS && left && right)
        ck_assert_msg(al_twins_of(twins, AL_LEFT, left) == right, "%s", name);
}

/* They are gone through in their order, and back the same way. */
static void check_list(al_twins *twins, size_t roots, const char *name)
{
    size_t count;
    const al_twin_gap *list = al_twins_differences(twins, &count);

    ck_assert_msg((count > 0) == (roots > 0), "%s: %zu", name, count);
    for (size_t i = 0; i < count; i++) {
        ck_assert_msg(al_twins_kind(twins, list[i].side, list[i].at) !=
                      AL_TWIN_SAME, "%s", name);
        ck_assert_msg(al_twins_passed(twins, list[i].side, list[i].at) ==
                      i + 1, "%s: %zu", name, i);
    }
}

START_TEST(each_event_is_where_the_difference_says)
{
    al_twins twins = {0};
    const al_align_options options = {.match = al_twins_match,
                                      .self = &twins};
    al_align *align = align_texts(planted[_i].left, planted[_i].right,
                                  &options);
    const al_align_result *result = al_align_finish(align);
    const char *name = planted[_i].name;

    check_both_ways(&twins, name);
    for (size_t i = 0; i < result->partings.count; i++)
        check_actors(&twins, &result->partings.roots[i]->parting, name);
    check_list(&twins, result->partings.count, name);
    al_align_free(align);
    al_twins_release(&twins);
}
END_TEST

static const struct {
    int planted;
    uint64_t left, right;
} twin_events[] = {
    {0, 2, 2}, {0, 4, 4}, {0, 5, 5}, {0, 8, 8}, {0, 13, 13}, {0, 14, 14},
    {2, 5, 6}, {2, 6, 7}, {2, 7, 8}, {2, 8, 12}, {2, 11, 15}, {2, 14, 18},
    {3, 5, 6}, {3, 6, 5}, {3, 8, 11},
    {4, 8, 11}, {4, 9, 12}, {4, 11, 8},
    {5, 5, 5}, {5, 8, 11}, {5, 11, 8},
    {6, 5, 5}, {6, 7, 0}, {6, 8, 0}, {6, 10, 7},
};

START_TEST(an_event_has_its_twin)
{
    al_twins twins = {0};
    const al_align_options options = {.match = al_twins_match,
                                      .self = &twins};
    int pair = twin_events[_i].planted;
    al_align *align = align_texts(planted[pair].left, planted[pair].right,
                                  &options);

    al_align_finish(align);
    ck_assert_msg(al_twins_of(&twins, AL_LEFT, twin_events[_i].left) ==
                  twin_events[_i].right, "%s: %d to %d", planted[pair].name,
                  (int)twin_events[_i].left,
                  (int)al_twins_of(&twins, AL_LEFT, twin_events[_i].left));
    al_align_free(align);
    al_twins_release(&twins);
}
END_TEST

/* -- what may be ignored -------------------------------------------------- */

static const struct {
    unsigned ignored;
    int planted; /* that is no difference then */
} ignoring[] = {
    {AL_IGNORE_ORDER, 3}, {AL_IGNORE_ORDER, 4}, {AL_IGNORE_TIMES, 7},
};

START_TEST(what_is_ignored_is_no_difference)
{
    const al_align_options options = {.ignored = ignoring[_i].ignored};
    int which = ignoring[_i].planted;
    al_align *align = align_texts(planted[which].left, planted[which].right,
                                  &options);

    al_align_finish(align);
    ck_assert(!al_align_differs(align));
    al_align_free(align);
}
END_TEST

/* -- loops side by side --------------------------------------------------- */

#define LOOP(l, h, name)                                                      \
    "{'e':'loop','t':0,'loop':'" l "','debug':false}\n"                       \
    "{'e':'call_soon','t':0,'loop':'" l "','h':'" h "','callback':'" name     \
    "'}\n"
#define TURN(l, h, name)                                                      \
    "{'e':'run','t':0,'loop':'" l "','h':'" h "','callback':'" name "'}\n"    \
    "{'e':'ran','t':0,'loop':'" l "','h':'" h "','duration':0}\n"

static const char one_first[] = LOOP("l1", "h1", "a") LOOP("l2", "h2", "b")
    TURN("l1", "h1", "a") TURN("l2", "h2", "b") END("0");
static const char two_first[] = LOOP("l1", "h1", "a") LOOP("l2", "h2", "b")
    TURN("l2", "h2", "b") TURN("l1", "h1", "a") END("0");

START_TEST(how_loops_take_turns_matters_in_strict_mode_alone)
{
    const al_align_options options = {.strict = _i == 1};
    al_align *align = align_texts(one_first, two_first, &options);

    ck_assert(al_align_finish(align)->is_interleaved);
    ck_assert(al_align_differs(align) == options.strict);
    al_align_free(align);
}
END_TEST

/* -- strangers' traces ---------------------------------------------------- */

static const char *const odd[] = {
    RUN("0", "h9", "never introduced") END("0"),
    "{'e':'ran','t':0,'h':'h1','duration':0}\n",
    "{'e':'run','t':0,'h':'h1','callback':'a'}\n"
    "{'e':'run','t':0,'h':'h1','callback':'a'}\n",
    "{'e':'task','t':0,'task':'t1','name':'a','coro':'a'}\n"
    "{'e':'task','t':0,'task':'t1','name':'b','coro':'b'}\n"
    "{'e':'task_done','t':0,'task':'t1','outcome':'result'}\n"
    "{'e':'task_done','t':0,'task':'t1','outcome':'cancelled'}\n",
    "{'e':'call_at','t':'nan','h':'h1','callback':'a','when':'inf'}\n"
    "{'e':'cancel','t':'-inf','h':'h1','by':'h1'}\n"
    "{'e':'run','t':'inf','h':'h1','callback':'a'}\n",
    "{'e':'run','t':0,'h':'h1','callback':'a','task':'t7'}\n"
    "{'e':'future_done','t':0,'future':'f3','outcome':'result','by':'h1'}\n"
    "{'e':'cancel','t':0,'h':'h1','by':'h1'}\n"
    "{'e':'ran','t':0,'h':'h1','duration':'nan'}\n"
    "{'e':'run','t':0,'h':'h1','callback':'a','task':'t7'}\n",
    "{'e':'call_soon','t':0,'loop':'l2','h':'h1','callback':'a'}\n"
    "{'e':'run','t':0,'loop':'l1','h':'h1','callback':'a'}\n"
    "{'e':'run','t':0,'loop':'l2','h':'h1','callback':'a'}\n"
    "{'e':'ran','t':0,'loop':'l1','h':'h1','duration':0}\n",
    "{'e':'call_soon','t':0,'h':'h2','callback':'Task.__step','task':'t1'}\n"
    "{'e':'run','t':0,'h':'h2','callback':'Task.__step'}\n",
    "{'e':'call_soon','t':0,'h':'h2','callback':'a'}\n"
    "{'e':'run','t':0,'h':'h2','callback':'a','task':'t1'}\n"
    "{'e':'run','t':0,'h':'h2','callback':'a','task':'t2'}\n",
    "{'e':'run','t':0,'callback':'a'}\n{'e':'run','t':0,'callback':'a'}\n",
};

enum { ODD = sizeof odd / sizeof *odd };

START_TEST(whatever_a_trace_says_it_is_aligned)
{
    int left = _i % ODD, right = _i / ODD;
    al_align *align = align_texts(odd[left], odd[right], NULL);

    al_align_finish(align);
    ck_assert(al_align_differs(align) == (left != right));
    al_align_free(align);
}
END_TEST

/* -- memory --------------------------------------------------------------- */

/* A chain of callbacks, each scheduled by the one before, that begins with a
 * handle of its own. */
static char *make_chain(const char *first, int count)
{
    al_text text = {0};

    al_text_add(&text, BEGIN);
    al_text_add_format(&text, "{'e':'call_soon','t':0,'h':'h2',"
                       "'callback':'%s','by':'h1'}\n" RAN, first);
    for (int i = 2; i < count; i++)
        al_text_add_format(
            &text, "{'e':'run','t':0,'h':'h%d','callback':'a'}\n"
            "{'e':'call_soon','t':0,'h':'h%d','callback':'a','args':'%d',"
            "'by':'h%d'}\n{'e':'ran','t':0,'h':'h%d','duration':0}\n",
            i, i + 1, i, i, i);
    al_text_add(&text, END("0"));
    return al_text_take(&text);
}

START_TEST(no_more_is_kept_than_the_window)
{
    const al_align_options options = {.window = 100};
    char *left = make_chain("a", 5000), *right = make_chain("b", 5000);
    al_align *align = align_texts(left, right, &options);

    ck_assert_uint_le(align->kept, 110);
    al_align_finish(align);
    ck_assert_uint_eq(align->kept, 0);
    ck_assert(al_align_differs(align));
    al_align_free(align);
    al_free(left);
    al_free(right);
}
END_TEST

START_TEST(what_is_equal_is_forgotten_at_once)
{
    char *text = make_chain("a", 5000);
    al_align *align = align_texts(text, text, NULL);

    ck_assert_uint_le(align->kept, 10);
    ck_assert_uint_eq(al_align_finish(align)->same, 4999);
    ck_assert(!al_align_differs(align));
    al_align_free(align);
    al_free(text);
}
END_TEST

/* One callback before a long chain of others, or behind it. */
static char *make_drifter(bool is_first, int count)
{
    al_text text = {0};

    al_text_add(&text, BEGIN SOON("h9000001", "x") SOON("h2", "a") RAN);
    if (is_first)
        al_text_add(&text, RUN("0", "h9000001", "x"));
    for (int i = 2; i < count; i++)
        al_text_add_format(
            &text, "{'e':'run','t':0,'h':'h%d','callback':'a'}\n"
            "{'e':'call_soon','t':0,'h':'h%d','callback':'a','by':'h%d'}\n"
            "{'e':'ran','t':0,'h':'h%d','duration':0}\n", i, i + 1, i, i);
    if (!is_first)
        al_text_add(&text, RUN("0", "h9000001", "x"));
    al_text_add(&text, END("0"));
    return al_text_take(&text);
}

START_TEST(what_drifts_far_is_told_before_its_turn)
{
    char *texts[] = {make_drifter(true, 20000), make_drifter(false, 20000)};
    al_align *align = align_texts(texts[_i], texts[!_i], NULL);
    const al_align_result *result = al_align_finish(align);

    ck_assert_uint_eq(align->kept, 0);
    ck_assert_uint_eq(result->same, 20000);
    ck_assert_uint_eq(result->partings.count, 1);
    ck_assert(result->partings.roots[0]->parting.kind == AL_PARTING_ORDER);
    al_align_free(align);
    al_free(texts[0]);
    al_free(texts[1]);
}
END_TEST

/* -- while more is matched ------------------------------------------------- */

/* A pair of each thousand differs; after each thousand somebody asks. */
START_TEST(asking_while_more_is_matched_lists_little_anew)
{
    al_twins twins = {0};
    size_t count = 0, listings = 0;

    for (uint64_t at = 1; at <= 1000000; at++) {
        al_twins_match(&twins, at, at, at % 1000 == 500);
        if (at % 1000 == 0) {
            al_twins_differences(&twins, &count);
            ck_assert_uint_ge(count, at / 2000);
            listings += twins.unlisted == 0;
        }
    }
    ck_assert_uint_lt(listings, 100);
    al_twins_settle(&twins);
    al_twins_differences(&twins, &count);
    ck_assert_uint_eq(count, 1000);
    al_twins_release(&twins);
}
END_TEST

/* -- moved ---------------------------------------------------------------- */

static const struct {
    uint64_t numbers[6];
    bool is_moved[6];
} permutations[] = {
    {{0, 1, 2, 3, 4, 5}, {false}},
    {{5, 0, 1, 2, 3, 4}, {true}},
    {{1, 2, 3, 4, 5, 0}, {false, false, false, false, false, true}},
    {{0, 2, 1, 3, 5, 4}, {false, true, false, false, true, false}},
};

START_TEST(the_fewest_are_moved)
{
    bool is_moved[6];

    al_align_mark_moved(permutations[_i].numbers, 6, is_moved);
    for (int i = 0; i < 6; i++)
        ck_assert_msg(is_moved[i] == permutations[_i].is_moved[i], "%d", i);
}
END_TEST

Suite *align_suite(void)
{
    Suite *suite = suite_create("align");
    TCase *tcase = tcase_create("align");

    tcase_add_loop_test(tcase, a_planted_difference_is_found_and_no_other, 0,
                        sizeof planted / sizeof *planted);
    tcase_add_loop_test(tcase, each_event_is_where_the_difference_says, 0,
                        sizeof planted / sizeof *planted);
    tcase_add_loop_test(tcase, an_event_has_its_twin, 0,
                        sizeof twin_events / sizeof *twin_events);
    tcase_add_loop_test(tcase, what_is_ignored_is_no_difference, 0,
                        sizeof ignoring / sizeof *ignoring);
    tcase_add_loop_test(tcase,
                        how_loops_take_turns_matters_in_strict_mode_alone, 0,
                        2);
    tcase_add_loop_test(tcase, whatever_a_trace_says_it_is_aligned, 0,
                        ODD * ODD);
    tcase_add_test(tcase,
                   a_line_that_another_callback_logs_is_no_difference_of_logs);
    tcase_add_test(tcase, no_more_is_kept_than_the_window);
    tcase_add_test(tcase, what_is_equal_is_forgotten_at_once);
    tcase_add_loop_test(tcase, what_drifts_far_is_told_before_its_turn, 0, 2);
    tcase_add_test(tcase, asking_while_more_is_matched_lists_little_anew);
    tcase_add_loop_test(tcase, the_fewest_are_moved, 0,
                        sizeof permutations / sizeof *permutations);
    suite_add_tcase(suite, tcase);
    return suite;
}
