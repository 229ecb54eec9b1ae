/* check_stories.c - what is told over the panes, of traces that are long, cut,
 * or not read yet. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "cli/step/stepper.h"
#include "cli/tui/pager.h"
#include "cli/tui/view.h"
#include "cli/tui/whereabouts.h"
#include "loop/base/alloc.h"
#include "sim/base/sink.h"
#include "tests/unit/suites.h"
#include "tests/unit/traces.h"

static char path[] = "/tmp/check_stories.XXXXXX";

static void set_up(void)
{
    strcpy(path + strlen(path) - 6, "XXXXXX");
    close(mkstemp(path));
}

static void tear_down(void)
{
    unlink(path);
}

/* -- traces ------------------------------------------------------------------ */

static bool is_given_up(void *self)
{
    (void)self;
    return true;
}

static al_history *open_history(const char *text)
{
    const al_history_options how = {.picks = al_view_log_picks};
    al_error err = {0};
    al_trace_reader *reader;
    al_history *history;

    ck_assert(al_sink_write_file(path, text, strlen(text), &err));
    reader = al_trace_reader_open(path, &err);
    ck_assert_ptr_nonnull(reader);
    history = al_history_new(reader, &how, &err);
    ck_assert_ptr_nonnull(history);
    return history;
}

/* Of which so many events are known; 0: all of it is. */
static al_stepper *open_trace(const char *text, uint64_t known)
{
    const al_stepper_options look = {.origin = {.path = "a trace"},
                                     .glyphs = al_glyphs_of(false),
                                     .patience = {.ends = is_given_up}};
    al_history *history = open_history(text);
    al_stepper *s;

    if (known > 0)
        al_history_read_on(history, known);
    s = al_stepper_new(history, &look);
    while (known == 0 && al_stepper_work(s, true))
        ;
    return s;
}

static char *screen_of(al_stepper *s) /* the caller's */
{
    al_screen screen = {0};
    al_text text = {0};

    al_screen_resize(&screen, 100, 40);
    al_stepper_draw(s, &screen);
    al_screen_print(&screen, &text);
    al_screen_release(&screen);
    return al_text_take(&text);
}

/* It is drawn first, for panes choose what is in sight. */
static void press(al_stepper *s, const char *keys)
{
    al_free(screen_of(s));
    while (*keys) {
        al_key key;

        keys = al_key_parse(keys, &key);
        ck_assert_ptr_nonnull(keys);
        al_stepper_key(s, key);
    }
}

static void check_shows(al_stepper *s, const char *what, bool shows)
{
    char *screen = screen_of(s);

    ck_assert_msg((strstr(screen, what) != NULL) == shows, "'%s' %s\n%s",
                  what, shows ? "is not in" : "is in", screen);
    al_free(screen);
}

/* -- what takes long --------------------------------------------------------- */

/* More events than are told without a look at the keys. */
static const char restless[] =
    "{\"scenario\": 1, \"functions\": {\"main\": {\"async\": true, \"body\": [\n"
    "  {\"Lock\": {}, \"as\": \"lock\"},\n"
    "  {\"for\": \"i\", \"in\": \"range(12000)\", \"do\": [\n"
    "    {\"await\": {\"sleep\": 0}}]},\n"
    "  {\"await\": {\"sleep\": 1}}\n"
    "]}}}";

static const struct {
    const char *keys, *shows;
    bool is_shown;
} long_tellings[] = {
    {"!", "as far as event 20000, where it was given up", true},
    {"!", "turns in a row did not let select wait", true},
    {":goto e99<Enter>:view primitives<Enter><Enter>", "p1 Lock by h2", true},
    {":goto e99<Enter>:view primitives<Enter><Enter>",
     "as far as event 20000, where it was given up", true},
    {":goto e99<Enter>:view tasks<Enter>j<Enter>", "why it was created", false},
};

START_TEST(what_takes_long_to_tell_can_be_given_up)
{
    char *trace = trace_of_text(restless);
    al_stepper *s = open_trace(trace, 0);

    press(s, long_tellings[_i].keys);
    check_shows(s, "given up after 20000 events", true);
    check_shows(s, long_tellings[_i].shows, long_tellings[_i].is_shown);
    al_stepper_free(s);
    al_free(trace);
}
END_TEST

static const struct {
    const char *keys;
    const char *stays; /* where it was */
} long_ways[] = {
    {"9s:break failed<Enter>c", "event 9/"},
    {"9s:goto h99999<Enter>", "event 9/"},
    {"9s99999i", "event 4094/"},
    {"9s99999n", "event 4091/"},
    {"9s:break failed<Enter>r", "event 9/"},
    {":goto e45000<Enter>:break failed<Enter>C", "event 45000/"},
};

/* Not told as the end. */
START_TEST(a_move_that_takes_long_can_be_given_up)
{
    char *trace = trace_of_text(restless);
    al_stepper *s = open_trace(trace, 0);

    al_stepper_press(s, long_ways[_i].keys);
    check_shows(s, "given up", true);
    check_shows(s, long_ways[_i].stays, true);
    al_stepper_free(s);
    al_free(trace);
}
END_TEST

START_TEST(a_moment_that_is_far_can_be_given_up)
{
    const al_patience none = {.ends = is_given_up};
    const al_whereabouts far = {.time = 1, .loop = 1, .iteration = 20000};
    char *trace = trace_of_text(restless);
    al_history *history = open_history(trace);

    al_history_go(history, 50000);
    al_history_go(history, 9);
    ck_assert_int_eq(al_whereabouts_go(&far, history, &none), AL_GIVEN_UP);
    ck_assert_uint_eq(al_history_at(history), 9);
    ck_assert_int_eq(al_whereabouts_go(&far, history, NULL), AL_ARRIVED);
    ck_assert_uint_gt(al_history_at(history), 50000);
    al_history_free(history);
    al_free(trace);
}
END_TEST

/* -- how far it is told ------------------------------------------------------ */

static const char brief[] =
    "{\"scenario\": 1, \"functions\": {\n"
    "\"tick\": {\"body\": []},\n"
    "\"main\": {\"async\": true, \"body\": [\n"
    "  {\"Lock\": {}, \"as\": \"lock\"},\n"
    "  {\"call_later\": {\"delay\": 1, \"callback\": \"tick\"}},\n"
    "  {\"call_later\": {\"delay\": 1, \"callback\": \"tick\"}},\n"
    "  {\"await\": {\"sleep\": 2}}\n"
    "]}}}";

static const struct {
    double there, before;
} moments[] = { /* of brief, with timers at 1.0 s and 2.0 s */
    {0.5, 0}, {1.5, 1},
};

/* Of no event of the run; the last one before shows what is so then. */
START_TEST(a_moment_between_two_events_is_that_after_the_first)
{
    const al_whereabouts there = {.time = moments[_i].there, .loop = 1,
                                  .iteration = 99};
    char *trace = trace_of_text(brief);
    al_history *history = open_history(trace);

    ck_assert_int_eq(al_whereabouts_go(&there, history, NULL), AL_ARRIVED);
    ck_assert_double_eq(al_history_event(history)->time, moments[_i].before);
    al_history_go(history, al_history_at(history) + 1);
    ck_assert(al_history_event(history)->time > moments[_i].there);
    al_history_free(history);
    al_free(trace);
}
END_TEST

static const struct {
    uint64_t known;
    const char *keys, *shows;
} bounds[] = {
    {12, "!", "nothing that will hurt, as far as event 12 of a trace that "},
    {12, "12s:view tasks<Enter>j<Enter>", "as far as event 12 of a trace that"},
    {20, "19s:view primitives<Enter><Enter>",
     "as far as event 20 of a trace that goes on"},
};

START_TEST(what_is_told_of_a_part_says_so)
{
    char *trace = trace_of_text(brief);
    al_stepper *s = open_trace(trace, bounds[_i].known);

    press(s, bounds[_i].keys);
    check_shows(s, bounds[_i].shows, true);
    al_stepper_free(s);
    al_free(trace);
}
END_TEST

START_TEST(what_is_told_of_all_says_nothing)
{
    char *trace = trace_of_text(brief);
    al_stepper *s = open_trace(trace, 0);

    press(s, "!");
    check_shows(s, "tie-order", true);
    check_shows(s, "as far as", false);
    press(s, "<Esc>19s:view primitives<Enter><Enter>");
    check_shows(s, "p1 Lock by h2", true);
    check_shows(s, "as far as", false);
    al_stepper_free(s);
    al_free(trace);
}
END_TEST

START_TEST(what_is_told_of_a_trace_that_breaks_off_says_so)
{
    char *trace = trace_of_text(brief);
    al_stepper *s;

    strcpy(strstr(trace, "\"e\":\"future\""), "nonsense\n");
    s = open_trace(trace, 0);
    press(s, "!");
    check_shows(s, ", where the trace breaks off", true);
    al_stepper_free(s);
    al_free(trace);
}
END_TEST

/* -- stories from stories ---------------------------------------------------- */

static const char orphan[] =
    "{\"trace\":1,\"producer\":\"a test\",\"scenario\":\"s\",\"python\":\"3.14\"}\n"
    "{\"e\":\"loop\",\"t\":0.0,\"debug\":false}\n"
    "{\"e\":\"call_soon\",\"t\":0.0,\"h\":\"h5\",\"callback\":\"f\",\"by\":\"h2\"}\n";

START_TEST(a_story_that_there_is_not_is_none_to_come_back_from)
{
    al_stepper *s = open_trace(orphan, 0);

    press(s, "2s:view ready<Enter><Enter>");
    check_shows(s, "why it was scheduled", true);
    press(s, "jjj<Enter>");
    check_shows(s, "does not tell how h2 came about, as far as event 2", true);
    check_shows(s, "why it was scheduled", true);
    press(s, "<Esc>");
    check_shows(s, "why it was scheduled", false);
    al_stepper_free(s);
}
END_TEST

static void check_title(const al_pager *pager, int number)
{
    char title[16];

    snprintf(title, sizeof title, "%d", number);
    ck_assert_str_eq(al_text_peek(&pager->title), title);
}

START_TEST(of_many_stories_the_latest_are_come_back_to)
{
    enum { STORIES = AL_MOST_PAGES + 8 };
    al_pager pager = {0};

    al_pager_open(&pager, "0", "begins\n", 0);
    for (int i = 1; i <= STORIES; i++) {
        char title[16];

        snprintf(title, sizeof title, "%d", i);
        al_pager_open_over(&pager, title, "goes on\n", 0);
    }
    for (int i = STORIES; i > STORIES - AL_MOST_PAGES; i--) {
        check_title(&pager, i);
        ck_assert(al_pager_go_back(&pager));
    }
    check_title(&pager, STORIES - AL_MOST_PAGES);
    ck_assert(!al_pager_go_back(&pager));
    al_pager_open_over(&pager, "over", "", 0);
    al_pager_open(&pager, "alone", "", 0);
    ck_assert(!al_pager_go_back(&pager));
    al_pager_release(&pager);
}
END_TEST

/* -- marks ------------------------------------------------------------------- */

static const struct {
    uint64_t known;
    const char *then, *shows;
} unread_marks[] = {
    {12, ":marks<Enter>", "event 20       not read yet"},
    {12, ":marks<Enter><Enter>", "event 20/"},
    {0, ":marks<Enter>", "event 20   "},
    {0, ":marks<Enter>", "event 2000     beyond the end"},
    {0, ":marks<Enter>jj<Enter>", "this line leads nowhere"},
};

START_TEST(marks_that_cannot_be_told_are_listed)
{
    static const char kept[] = "mark 20\nmark 2000\n";
    char *trace = trace_of_text(brief), load[64];
    al_stepper *s = open_trace(trace, unread_marks[_i].known);
    al_error err = {0};

    ck_assert(al_sink_write_file(path, kept, strlen(kept), &err));
    snprintf(load, sizeof load, ":load %s<Enter>", path);
    press(s, load);
    press(s, unread_marks[_i].then);
    check_shows(s, "There are none", false);
    check_shows(s, unread_marks[_i].shows, true);
    al_stepper_free(s);
    al_free(trace);
}
END_TEST

Suite *stories_suite(void)
{
    Suite *suite = suite_create("stories");
    TCase *tells = tcase_create("telling");

    tcase_add_checked_fixture(tells, set_up, tear_down);
    tcase_set_timeout(tells, 120);
    tcase_add_loop_test(tells, what_takes_long_to_tell_can_be_given_up, 0,
                        COUNT(long_tellings));
    tcase_add_loop_test(tells, a_move_that_takes_long_can_be_given_up, 0,
                        COUNT(long_ways));
    tcase_add_test(tells, a_moment_that_is_far_can_be_given_up);
    tcase_add_loop_test(tells,
                        a_moment_between_two_events_is_that_after_the_first, 0,
                        COUNT(moments));
    tcase_add_loop_test(tells, what_is_told_of_a_part_says_so, 0,
                        COUNT(bounds));
    tcase_add_test(tells, what_is_told_of_all_says_nothing);
    tcase_add_test(tells, what_is_told_of_a_trace_that_breaks_off_says_so);
    tcase_add_test(tells, a_story_that_there_is_not_is_none_to_come_back_from);
    tcase_add_test(tells, of_many_stories_the_latest_are_come_back_to);
    tcase_add_loop_test(tells, marks_that_cannot_be_told_are_listed, 0,
                        COUNT(unread_marks));
    suite_add_tcase(suite, tells);
    return suite;
}
