/* check_stepper.c - keys go in, screens come out. */
#include <check.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "cli/manual.h"
#include "cli/page.h"
#include "cli/step/condition.h"
#include "cli/step/config.h"
#include "cli/tui/pager.h"
#include "cli/tui/request.h"
#include "cli/tui/sentence.h"
#include "cli/step/session.h"
#include "cli/step/stepper.h"
#include "cli/tui/view.h"
#include "loop/base/alloc.h"
#include "sim/base/escape.h"
#include "sim/base/sink.h"
#include "sim/base/whole_file.h"
#include "tests/unit/patience.h"
#include "tests/unit/suites.h"
#include "tests/unit/traces.h"

/* -- keys -------------------------------------------------------------------- */

static const struct {
    const char *writing;
    al_key keys[4];
    const char *again; /* as they are named; NULL: as they were written */
} writings[] = {
    {"nN", {'n', 'N'}, NULL},
    {"<Enter><C-d><S-Tab>", {'\r', 4, AL_KEY_SHIFT_TAB}, NULL},
    {"<enter><lt>", {'\r', '<'}, "<Enter><lt>"},
    {"é<F10>", {0xe9, AL_KEY_F10}, NULL},
    {"<Space>", {' '}, NULL},
};

START_TEST(keys_are_read_as_they_are_written)
{
    const char *at = writings[_i].writing;
    const char *again = writings[_i].again ? writings[_i].again : at;
    al_text text = {0};

    for (int i = 0; *at; i++) {
        al_key key;

        at = al_key_parse(at, &key);
        ck_assert_ptr_nonnull(at);
        ck_assert_uint_eq(key, writings[_i].keys[i]);
        al_key_add_name(&text, key);
    }
    ck_assert_str_eq(al_text_peek(&text), again);
    al_text_release(&text);
}
END_TEST

START_TEST(what_is_no_key_is_refused)
{
    static const char *const wrong[] = {"<", "<>", "<Nothing>", "<C-1>",
                                        "<Enter", "\x01", "\xff"};
    al_key key;

    for (int i = 0; i < COUNT(wrong); i++)
        ck_assert_msg(!al_key_parse(wrong[i], &key), "%s", wrong[i]);
}
END_TEST

START_TEST(each_key_asks_for_one_thing_and_each_request_can_be_made)
{
    for (int i = AL_REQ_NONE + 1; i < AL_REQ_COUNT; i++) {
        const al_request_spec *spec = &al_request_specs[i];
        const char *at = spec->keys;
        bool ambiguous;
        al_key key;

        ck_assert(*spec->name);
        while (*at) {
            at = al_key_parse(at, &key);
            ck_assert_ptr_nonnull(at);
            ck_assert_msg(al_request_of_key(key) == (al_request)i, "%s",
                          spec->name);
        }
        ck_assert_int_eq(al_request_named(spec->name, strlen(spec->name),
                                          &ambiguous), i);
    }
}
END_TEST

START_TEST(a_command_can_be_cut_short_while_it_is_the_only_one)
{
    bool ambiguous;

    ck_assert_int_eq(al_request_named("br", 2, &ambiguous), AL_REQ_NONE);
    ck_assert(ambiguous);
    ck_assert_int_eq(al_request_named("del", 3, &ambiguous), AL_REQ_DELETE);
    ck_assert_int_eq(al_request_named("break", 5, &ambiguous), AL_REQ_BREAK);
    ck_assert(!ambiguous);
    ck_assert_int_eq(al_request_named("zzz", 3, &ambiguous), AL_REQ_NONE);
    ck_assert(!ambiguous);
}
END_TEST

/* What roff makes of an escaped text, up to `end`; returns what is after it. */
static const char *unescape(const char *at, const char *end, al_text *out)
{
    static const char *const forms[][2] = {
        {"\\e", "\\"},   {"\\-", "-"},   {"\\&", ""},    {"\\(aq", "'"},
        {"\\(ga", "`"}, {"\\(ha", "^"}, {"\\(ti", "~"},
    };

    al_text_clear(out);
    while (strncmp(at, end, strlen(end)) != 0) {
        int form = 0;

        while (form < COUNT(forms) &&
               strncmp(at, forms[form][0], strlen(forms[form][0])) != 0)
            form++;
        if (form == COUNT(forms))
            al_text_add_char(out, *at);
        else
            al_text_add(out, forms[form][1]);
        at += form == COUNT(forms) ? 1 : strlen(forms[form][0]);
    }
    al_text_add(out, "");
    return at + strlen(end);
}

/* The keys of a request, as its heading in the page has them; the request. */
static al_request read_heading(const char **at, al_text *keys)
{
    al_text word = {0};
    bool ambiguous;
    al_request request;

    al_text_clear(keys);
    while (strncmp(*at, "\\fB", 3) == 0) {
        *at = unescape(*at + 3, "\\fR ", &word);
        al_text_add(keys, word.bytes);
    }
    ck_assert_int_eq(strncmp(*at, "\\fI", 3), 0);
    *at = unescape(*at + 3, "\\fR\n", &word);
    request = al_request_named(word.bytes, word.length, &ambiguous);
    al_text_release(&word);
    return request;
}

START_TEST(the_manual_has_the_keys_that_there_are)
{
    al_text page = {0}, keys = {0};
    const char *at, *end;
    int told = 0;

    al_manual_add_page(&page);
    at = strstr(page.bytes, ".SH KEYS OF STEP\n");
    end = strstr(at + 1, "\n.SH ");
    while ((at = strstr(at, ".TP\n")) != NULL && at < end) {
        al_request request;

        at += strlen(".TP\n");
        request = read_heading(&at, &keys);
        ck_assert_int_eq((int)request, ++told);
        ck_assert_str_eq(al_text_peek(&keys), al_request_specs[request].keys);
    }
    ck_assert_int_eq(told, AL_REQ_COUNT - 1);
    al_text_release(&keys);
    al_text_release(&page);
}
END_TEST

/* The requests that keys make: one of a command line's --keys, in quotes or
 * without.  What is typed makes none, but for a command's name. */
static void note_requests(const char *keys, bool *made)
{
    char end = strchr("'\"", *keys) ? *keys++ : ' ';
    bool is_typed = false, ambiguous;
    al_key key;

    while (keys && *keys && *keys != end) {
        keys = al_key_parse(keys, &key);
        if (!keys) /* a mistake, which is tested */
            return;
        if (!is_typed)
            made[al_request_of_key(key)] = true;
        if (!is_typed && key == ':')
            made[al_request_named(keys, strcspn(keys, " !<"), &ambiguous)] =
                true;
        is_typed = is_typed ? key != AL_KEY_ENTER && key != AL_KEY_ESCAPE
                            : key < 128 && strchr(":/?gbwd", (int)key);
    }
}

START_TEST(each_request_is_made_by_a_screen_of_the_tests)
{
    static const char before[] = "--keys ";
    bool made[AL_REQ_COUNT] = {false};
    glob_t all;

    ck_assert_int_eq(glob("tests/commands/step/*.txt", 0, NULL, &all), 0);
    for (size_t i = 0; i < all.gl_pathc; i++) {
        size_t length;
        char *text = al_whole_file(all.gl_pathv[i], 1 << 24, &length);

        text[strcspn(text, "\n")] = '\0';
        for (char *at = text; (at = strstr(at, before)) != NULL;)
            note_requests(at += strlen(before), made);
        al_free(text);
    }
    globfree(&all);
    for (int i = AL_REQ_NONE + 1; i < AL_REQ_COUNT; i++)
        ck_assert_msg(made[i], "no screen in tests/commands/step comes of %s",
                      al_request_specs[i].name);
}
END_TEST

/* -- conditions --------------------------------------------------------------- */

static const struct {
    const char *text;
    int column; /* where it is wrong; 0: it is right */
} conditions[] = {
    {"compact", 0},
    {"heap > 100 and cancelled / heap > 0.5", 0},
    {"t >= 3.5s or not (iteration == 12)", 0},
    {"task 'w1' cancelled", 0},
    {"task \"w1\"", 0},
    {"callback ~ 'step' and h12", 0},
    {"-late < -0.1 * 2 + 3", 0},
    {"", 1},
    {"heap >", 7},
    {"heap > 1 2", 10},
    {"(heap", 6},
    {"task", 0},
    {"task 'w1", 6},
    {"compcat", 1},
    {"heap @ 3", 6},
    {"heap.size > 3", 0},
    {"heap.side > 3", 5},
    {"t.size > 3", 2},
    {"task 'w1'.awaits == 't2'", 0},
    {"task 'w1'.sleeps", 11},
    {"task w1 cancelled", 6},
    {"task or ran", 0},
    {"t = 2", 3},
    {"kind == run", 6},
    {"callback == 3", 10},
    {"3 < heap and 'x' != heap", 18},
    {"task 'w1'.state == 2", 17},
    {"task 'w1'.cancelling == 2", 0},
    {"heap ~ 3", 6},
    {"heap + kind > 3", 6},
    {"heap > -kind", 9},
    {"t >= 2 or e40", 11},
    {"task 'w1'.state == 'foo'", 20},
    {"'foo' != task 'w1'.state", 1},
    {"task 'w1'.state ~ 'foo'", 0},
    {"task 'w1'.state == 'waits'", 0},
    {"kind == 'compcat'", 9},
    {"kind == 'compact'", 0},
    {"task 'w1'.awaits == 'foo'", 0},
    {"t3.state == 'waits'", 0},
    {"t3 cancelled or task t3.awaits == 'nothing'", 0},
    {"t3.sleeps", 4},
    {"t3 sleeps", 4},
    {"h3.state", 3},
    {"t3.state == 2", 10},
    {"heap > 3 and 'tick'", 14},
    {"'tick' or heap > 3", 1},
    {"not 'tick'", 5},
    {"callback == ('tick')", 0},
};

START_TEST(conditions_are_read_or_their_mistake_is_placed)
{
    al_error err = {0};
    al_condition *c = al_condition_parse(conditions[_i].text, NULL, &err);

    ck_assert_int_eq(c == NULL, conditions[_i].column > 0);
    ck_assert_int_eq(err.column, conditions[_i].column);
    ck_assert_int_eq(err.message[0] != '\0', conditions[_i].column > 0);
    al_condition_free(c);
}
END_TEST

static const struct {
    const char *text;
    bool holds;
} truths[] = { /* of the run of h7 at 2.5, in iteration 4 */
    {"run", true},
    {"ran", false},
    {"h7", true},
    {"h8", false},
    {"t == 2.5", true},
    {"t == 2500ms and t == 2500 ms and t == 2.5 s", true},
    {"t > 2499999 us and t < 2500000001ns and t == 2500000µs", true},
    {"t > 2.5", false},
    {"iteration == 4", true},
    {"kind == 'run'", true},
    {"callback == 'tick'", true},
    {"callback ~ 'ic'", true},
    {"callback != 'tick'", false},
    {"scheduled == 'tick'", false},
    {"late > 0.4 and late < 0.6", true},
    {"duration > 0", false},
    {"duration <= 0", false},
    {"not duration", true},
    {"heap == 0 and ready == 0 and tasks == 0", true},
    {"1 / 0 > 5", true},
    {"0 / 0 == 0 / 0", false},
    {"2 - 1 - 1 == 0", true},
    {"ran or run", true},
    {"ran and run", false},
    {"not ran and run", true},
    {"level", false},
    {"failed", false},
    {"exception", false},
    {"task 'w1'", false},
    {"heap.size == 0 and ready.size == 0", true},
    {"task 'w1'.state == 'waits'", false},
};

static const struct {
    const char *text;
    const char *outcome;
    bool holds;
} ends_of_tasks[] = {
    {"failed", "exception", true},     {"exception", "exception", true},
    {"failed", "cancelled", false},    {"exception", "cancelled", false},
    {"failed", "result", false},       {"exception", "result", false},
};

START_TEST(a_task_that_fails_is_an_exception)
{
    al_error err = {0};
    al_condition *c = al_condition_parse(ends_of_tasks[_i].text, NULL, &err);
    al_state *state = al_state_new(NULL);
    al_event event = {.kind = AL_EVENT_TASK_DONE, .loop = 1, .task = 1,
                      .outcome = ends_of_tasks[_i].outcome};

    ck_assert_msg(c != NULL, "%s", err.message);
    al_state_apply(state, &event);
    ck_assert_int_eq(al_condition_holds(c, &event, state, 1),
                     ends_of_tasks[_i].holds);
    al_condition_free(c);
    al_state_free(state);
}
END_TEST

START_TEST(conditions_hold_of_an_event_and_the_state_after_it)
{
    static const char trace[] =
        "{\"trace\":1}\n"
        "{\"e\":\"loop\",\"t\":0}\n"
        "{\"e\":\"call_at\",\"t\":0,\"h\":\"h7\",\"callback\":\"tick\","
        "\"when\":2}\n"
        "{\"e\":\"iteration\",\"t\":0,\"n\":4,\"ready\":0,\"scheduled\":1,"
        "\"cancelled\":0}\n"
        "{\"e\":\"due\",\"t\":2.5,\"h\":\"h7\"}\n"
        "{\"e\":\"run\",\"t\":2.5,\"h\":\"h7\",\"callback\":\"tick\"}\n";
    al_error err = {0};
    al_condition *c = al_condition_parse(truths[_i].text, NULL, &err);
    al_trace_reader *reader = al_trace_reader_new(trace, sizeof trace - 1,
                                                  &err);
    al_state *state = al_state_new(NULL);
    al_event event;

    ck_assert_msg(c != NULL, "%s", err.message);
    while (al_trace_reader_next(reader, &event, &err) == AL_TRACE_EVENT)
        al_state_apply(state, &event);
    ck_assert_int_eq(al_condition_holds(c, &event, state, 1),
                     truths[_i].holds);
    al_condition_free(c);
    al_state_free(state);
    al_trace_reader_free(reader);
}
END_TEST

static const struct {
    const char *text;
    const char *advice; /* NULL: it depends on where one is */
} places[] = { /* as :goto has them */
    {"12", "iteration == 12"},
    {"2s", "t >= 2"},
    {"2.5", "t >= 2.5"},
    {"e40", "event == 40"},
    {"'tick'", "callback == 'tick'"},
    {"w1.state", "'w1' is neither a name nor"},
    {"1 == 1", "the same everywhere"},
    {"kind == 'comp'", "'comp' is no kind of event"},
    {"'comp' != kind", "'comp' is no kind of event"},
    {"kind == 'compcat'", "did you mean 'compact'?"},
    {"task 'w1'.state == 'sleeps'", "'sleeps' is no state: created, ready"},
    {"not -(2 > 1)", "the same everywhere"},
    {"2 > 1 and heap", NULL},
    {"-heap", NULL},
    {"h12", NULL},
    {"compact", NULL},
};

START_TEST(a_place_is_no_condition_and_its_condition_is_told)
{
    al_breakpoints all = {0};
    al_error err = {0};
    const char *advice = places[_i].advice;

    ck_assert_int_eq(al_breakpoints_add(&all, places[_i].text, false, NULL, &err),
                     advice == NULL);
    ck_assert_msg(!advice || strstr(err.message, advice), "%s", err.message);
    al_breakpoints_release(&all);
}
END_TEST

static const struct {
    const char *text;
    const char *doubt;
} doubts[] = { /* of a trace in which tick runs as h7, and w1 is t2 */
    {"task 'w1' cancelled", ""},
    {"task 'w2' cancelled", "no task 'w2' so far"},
    {"task 't2'.state == 'runs'", ""},
    {"task 't3'.state == 'runs'", "no task 't3' so far"},
    {"t > 3 and not (h7 or h8)", "no handle h8 so far"},
    {"t2", ""},
    {"callback == 'tick'", ""},
    {"callback ~ 'ic'", ""},
    {"callback == 'tock'", "no callback 'tock' so far"},
    {"'tock' == callback", "no callback 'tock' so far"},
    {"'tick' == callback", ""},
    {"scheduled ~ 'tock'", "no scheduled ~ 'tock' so far"},
    {"'atock' ~ callback", "no 'atock' ~ callback so far"},
    {"compact", "no compact so far"},
    {"compact or task_done", "no compact so far"},
    {"compact or run", ""},
    {"run or compact or heap > 1", ""},
    {"h8 or run", "no handle h8 so far"},
    {"run or task 'w2' cancelled", "no task 'w2' so far"},
    {"(compact or run) and log", "no log so far"},
    {"not compact and heap > 1", ""},
    {"not (callback == 'tock') and log", "no log so far"},
    {"not failed", ""},
    {"run", ""},
    {"failed", "no task that failed so far"},
    {"duration > 1", "no duration > 1 so far"},
    {"1 < timeout", "no 1 < timeout so far"},
    {"t > 100 or iteration == 500 or event > 9", ""},
    /* they may come */
    {"callback != 'tock' and heap > 99", ""},
    {"level == 'error' and coro == 'work'", "no level 'error' so far"},
    {"level == 'error' or coro == 'work'", ""},
    {"level == 'error' or coro == 'werk'", "no level 'error' so far"},
    {"coro == 'work' and callback == 'tick'",
     "no event is all of this so far"}, /* at its creation alone */
    {"coro == 'work' and heap > 99 and run", "no event is all of this so far"},
    {"coro == 'work' and heap > 99", ""},
    {"coro == 'work' and task", ""},
    {"coro == 'work' and run or run", ""},
    {"not (coro == 'work' and run)", ""},
    {"t2.state == 'runs'", ""},
    {"t3.state == 'runs'", "no task t3 so far"},
    {"t3 cancelled", "no task t3 so far"},
};

static const struct {
    const char *text;
    const char *doubt;
} whole_doubts[] = { /* of the same, and there is no more of it */
    {"t > 100", "no t > 100 in the trace"},
    {"2.5 <= t", ""},
    {"iteration == 500", "no iteration 500 in the trace"},
    {"iteration == 4", ""},
    {"event >= 8", "no event >= 8 in the trace"},
    {"event == 6", ""},
    {"t != 100", ""},
    {"heap > 1000", ""}, /* the events alone do not tell */
    {"task 'w1' runs", "no task 'w1' runs in the trace"},
    {"task 'w1' cancelled", "no task 'w1' cancelled in the trace; "
     "where one is asked to be is task_cancel"},
    {"not task 'w1' cancelled", ""},
    {"task 'w1' cancelled or h7", ""},
    {"t > 100 or heap > 1000", ""},
    {"t > 100 or heap > 1000 and iteration == 500",
     "no t > 100 in the trace"},
    {"task 't2' failed", ""},
    {"t2 failed", ""},
    {"task t2 cancelled", "no task t2 cancelled in the trace; "
     "where one is asked to be is task_cancel"},
    {"task 'w1' failed", ""}, /* whose end does not name it */
    {"task 'w9' failed", "no task 'w9' in the trace"},
};

/* Of the first so many events, and perhaps the end. */
static void check_doubt(const char *text, uint64_t count, bool has_end,
                        const char *expected)
{
    static const char end[] =
        "{\"e\":\"end\",\"t\":2.5,\"outcome\":\"completed\"}\n";
    static const char events[] =
        "{\"trace\":1}\n"
        "{\"e\":\"loop\",\"t\":0}\n"
        "{\"e\":\"task\",\"t\":0,\"task\":\"t2\",\"name\":\"w1\","
        "\"coro\":\"work\"}\n"
        "{\"e\":\"call_soon\",\"t\":0,\"h\":\"h7\",\"callback\":\"tick\"}\n"
        "{\"e\":\"iteration\",\"t\":0,\"n\":4,\"ready\":1,\"scheduled\":0,"
        "\"cancelled\":0}\n"
        "{\"e\":\"run\",\"t\":2.5,\"h\":\"h7\",\"callback\":\"tick\"}\n"
        "{\"e\":\"task_done\",\"t\":2.5,\"task\":\"t2\","
        "\"outcome\":\"exception\"}\n";
    al_text trace = {0};
    al_error err = {0};
    al_trace_reader *reader;
    al_history *history;
    al_condition *c = al_condition_parse(text, NULL, &err);
    al_condition *first = al_condition_parse("task", NULL, &err);
    const al_condition *both[] = {first, c};
    al_text doubts_of[2] = {{0}, {0}};
    char path[] = "/tmp/check_doubt.XXXXXX";
    int fd;

    al_text_add(&trace, events);
    al_text_add(&trace, has_end ? end : "");
    fd = mkstemp(path); /* what is in a file may grow */
    ck_assert_int_eq((int)write(fd, trace.bytes, trace.length),
                     (int)trace.length);
    close(fd);
    reader = al_trace_reader_open(path, &err);
    history = al_history_new(reader, NULL, &err);
    unlink(path);
    ck_assert_msg(c && history, "%s", err.message);
    al_history_read_on(history, count);
    ck_assert_int_eq(al_history_is_whole(history), has_end);
    al_conditions_add_doubts(both, 2, history, doubts_of);
    ck_assert_str_eq(al_text_peek(&doubts_of[0]), "");
    ck_assert_str_eq(al_text_peek(&doubts_of[1]), expected);
    al_text_release(&doubts_of[1]);
    al_condition_free(first);
    al_condition_free(c);
    al_history_free(history);
    al_text_release(&trace);
}

START_TEST(what_a_condition_names_and_the_trace_has_not_is_doubted)
{
    check_doubt(doubts[_i].text, 5, false, doubts[_i].doubt);
}
END_TEST

START_TEST(what_a_whole_trace_never_comes_to_is_doubted)
{
    check_doubt(whole_doubts[_i].text, 100, true, whole_doubts[_i].doubt);
}
END_TEST

START_TEST(what_a_recording_without_an_end_has_not_may_come_yet)
{
    check_doubt("compact", 100, false, "no compact so far");
    check_doubt("t > 100", 100, false, "");
}
END_TEST

/* -- the stepper ----------------------------------------------------------------- */

static char trace_path[] = "/tmp/check_stepper.XXXXXX";

static al_stepper *open_trace(const char *path,
                              const al_stepper_options *look)
{
    const al_history_options how = {.picks = al_view_log_picks, .spacing = 32};
    al_error err = {0};
    al_trace_reader *reader = al_trace_reader_open(path, &err);
    al_history *history;
    al_stepper *stepper;

    ck_assert_ptr_nonnull(reader);
    history = al_history_new(reader, &how, &err);
    ck_assert_ptr_nonnull(history);
    stepper = al_stepper_new(history, look);
    while (al_stepper_work(stepper, true))
        ;
    return stepper;
}

static al_stepper *open_stepper_with(const char *scenario_path,
                                     const al_stepper_options *look)
{
    al_stepper *stepper;

    strcpy(trace_path + strlen(trace_path) - 6, "XXXXXX");
    write_trace(scenario_path, mkstemp(trace_path));
    stepper = open_trace(trace_path, look);
    unlink(trace_path);
    return stepper;
}

static al_stepper *open_stepper(const char *scenario_path)
{
    const al_stepper_options look = {.origin = {.path = "a trace"},
                                     .glyphs = al_glyphs_of(false)};

    return open_stepper_with(scenario_path, &look);
}

static void press(al_stepper *s, const char *keys)
{
    while (*keys) {
        al_key key;

        keys = al_key_parse(keys, &key);
        ck_assert_ptr_nonnull(keys);
        al_stepper_key(s, key);
    }
}

/* The caller's. */
static char *screen_of(al_stepper *s, int width, int height)
{
    al_screen screen = {0};
    al_text text = {0};

    al_screen_resize(&screen, width, height);
    al_stepper_draw(s, &screen);
    al_screen_print(&screen, &text);
    al_screen_release(&screen);
    return al_text_take(&text);
}

/* Screens are too large for check's messages. */
static void check_same(const char *a, const char *b)
{
    if (strcmp(a, b) != 0)
        fprintf(stderr, "%s\n%s\n", a, b);
    ck_assert(strcmp(a, b) == 0);
}

/* Above the keys, in one line or two. */
static bool says(al_stepper *s, const char *what)
{
    char *screen = screen_of(s, 100, 30), *line;
    bool found;

    for (int lines = 0; lines < 2; lines++) /* the newline, the keys */
        *strrchr(screen, '\n') = '\0';
    line = strrchr(screen, '\n');
    *line = ' ';
    found = strstr(strrchr(screen, '\n'), what) != NULL;
    al_free(screen);
    return found;
}

/* What the first line says. */
static void check_stands(al_stepper *s, const char *at)
{
    char *screen = screen_of(s, 100, 30);

    *strchr(screen, '\n') = '\0';
    ck_assert_msg(strstr(screen, at), "'%s' is not in %s", at, screen);
    al_free(screen);
}

static const char *const paths[] = {
    "scenarios/dining-philosophers.json",
    "scenarios/heap-compaction.json",
    "scenarios/queue-slow-consumers.json",
};

static const struct {
    const char *there, *back;
} inverses[] = {
    {"s", "S"}, {"7s", "7S"}, {"n", "N"}, {"3n", "3N"}, {"i", "I"},
    {"4i", "4I"}, {"p", "P"}, {"5p", "5P"},
};

/* The move could not be made, or not as often as it should. */
static bool is_short(al_stepper *s)
{
    return says(s, "only") || says(s, "there is no");
}

/* There and back again; false: there is no further. */
static bool go_and_return(al_stepper *s, const char *there, const char *back)
{
    char *before = screen_of(s, 100, 30), *after;
    bool went;

    press(s, there);
    went = !is_short(s);
    if (went) {
        press(s, back);
        after = screen_of(s, 100, 30);
        check_same(before, after);
        al_free(after);
        press(s, there);
    }
    al_free(before);
    return went;
}

/* From a place where such a move ends, there is the same way back. */
START_TEST(a_move_and_its_inverse_end_on_the_same_screen)
{
    int moves = 0;

    for (int p = 0; p < COUNT(paths); p++) {
        al_stepper *s = open_stepper(paths[p]);

        press(s, "4s");
        press(s, inverses[_i].there);
        while (!is_short(s) &&
               go_and_return(s, inverses[_i].there, inverses[_i].back))
            moves++;
        al_stepper_free(s);
    }
    ck_assert_int_gt(moves, 5);
}
END_TEST

START_TEST(where_one_came_from_does_not_show)
{
    static const char *const ways[] = {
        ":goto e150<Enter>", "<End>:goto e150<Enter>", "150s",
        "100s100s50S", "12i:goto e150<Enter>", "<End>C:goto e150<Enter>",
    };
    al_stepper *s = open_stepper(paths[0]);
    char *first = NULL;

    for (int i = 0; i < COUNT(ways); i++) {
        char *screen;

        press(s, "<Home>");
        press(s, ways[i]);
        screen = screen_of(s, 120, 40);
        if (first)
            check_same(screen, first);
        else
            first = al_strdup(screen);
        al_free(screen);
    }
    al_free(first);
    al_stepper_free(s);
}
END_TEST

/* -- the mouse --------------------------------------------------------------- */

static al_stepper *open_in_ascii(void)
{
    const al_stepper_options look = {.origin = {.path = "a trace"},
                                     .glyphs = al_glyphs_of(true)};

    return open_stepper_with("scenarios/dining-philosophers.json", &look);
}

/* Where a text is on the screen, of 100 columns and 40 lines. */
static void find_on_screen(al_stepper *s, const char *text, int *x, int *y)
{
    char *lines = screen_of(s, 100, 40), *at = strstr(lines, text);

    ck_assert_msg(at != NULL, "no '%s' in\n%.3000s", text, lines);
    *y = 0;
    *x = 0;
    for (const char *c = lines; c < at; c++) {
        *x = *c == '\n' ? 0 : *x + 1;
        *y += *c == '\n';
    }
    al_free(lines);
}

static const struct {
    const char *border; /* in ASCII */
    int by_x, by_y;
} borders[] = {
    {"- Scheduled", 0, 3},
    {"- Scheduled", 0, -2},
    {"- Events", 0, -4},
    {"|- Program", 9, 0},
    {"|- Program", -20, 0},
    {"- Timeline", 0, -3},
};

START_TEST(a_border_is_dragged_and_back)
{
    al_stepper *s = open_in_ascii();
    char *before, *after;
    int x, y, now_x, now_y;

    press(s, "<Esc>"); /* the invitation goes */
    find_on_screen(s, borders[_i].border, &x, &y);
    y += borders[_i].by_x != 0; /* a line of the divider without titles */
    before = screen_of(s, 100, 40);
    al_stepper_mouse(s, AL_MOUSE_PRESS, x, y);
    al_stepper_mouse(s, AL_MOUSE_DRAG, x + borders[_i].by_x,
                     y + borders[_i].by_y);
    find_on_screen(s, borders[_i].border, &now_x, &now_y);
    ck_assert_int_eq(now_x, x + borders[_i].by_x);
    ck_assert_int_eq(now_y + (borders[_i].by_x != 0), y + borders[_i].by_y);
    al_stepper_mouse(s, AL_MOUSE_DRAG, x, y);
    al_stepper_mouse(s, AL_MOUSE_RELEASE, x, y);
    al_stepper_mouse(s, AL_MOUSE_DRAG, x, y + 5); /* of no border any more */
    after = screen_of(s, 100, 40);
    ck_assert_str_eq(before, after);
    al_free(before);
    al_free(after);
    al_stepper_free(s);
}
END_TEST

/* The first click gives the pane the keys. */
START_TEST(a_second_click_on_a_row_tells_its_story)
{
    al_stepper *s = open_in_ascii(), *other = open_in_ascii();
    char *chosen, *told, *asked;
    int x, y;

    press(s, "40s");
    press(other, "40s");
    find_on_screen(s, "- Tasks", &x, &y);
    al_free(screen_of(other, 100, 40));
    al_stepper_mouse(s, AL_MOUSE_PRESS, x + 4, y + 1);
    al_stepper_mouse(other, AL_MOUSE_PRESS, x + 4, y + 1);
    chosen = screen_of(s, 100, 40);
    ck_assert_ptr_nonnull(strstr(chosen, "- Tasks"));
    al_stepper_mouse(s, AL_MOUSE_PRESS, x + 4, y + 1);
    press(other, "<Enter>");
    told = screen_of(s, 100, 40);
    asked = screen_of(other, 100, 40);
    ck_assert_ptr_null(strstr(told, "- Tasks"));
    ck_assert_str_eq(told, asked);
    al_free(chosen);
    al_free(told);
    al_free(asked);
    al_stepper_free(other);
    al_stepper_free(s);
}
END_TEST

START_TEST(one_travels_along_the_timeline)
{
    al_stepper *s = open_in_ascii();
    unsigned long long at = 0, before = 0;
    int x, y;

    find_on_screen(s, "- Timeline", &x, &y);
    al_stepper_mouse(s, AL_MOUSE_PRESS, 30, y + 2);
    for (x = 40; x < 100; x += 10) {
        char *lines, *there;

        al_stepper_mouse(s, AL_MOUSE_DRAG, x, y + 2);
        lines = screen_of(s, 100, 40);
        there = strstr(lines, " event ");
        at = strtoull(there + strlen(" event "), NULL, 10);
        ck_assert_uint_ge(at, before);
        before = at;
        al_free(lines);
    }
    ck_assert_uint_gt(at, 150);
    al_stepper_free(s);
}
END_TEST

static const struct {
    int x;
    const char *there;
} columns_of_events[] = { /* each is 12.7 wide; event 110 begins at 59 */
    {45, "event 108"}, {58, "event 109"}, {59, "event 110"},
    {60, "event 110"}, {70, "event 110"}, {73, "event 111"},
};

START_TEST(each_column_of_an_event_leads_to_it)
{
    al_stepper *s = open_in_ascii();
    int x, y;

    press(s, "a12n))))))");
    find_on_screen(s, "- Timeline", &x, &y);
    al_stepper_mouse(s, AL_MOUSE_PRESS, columns_of_events[_i].x, y + 2);
    find_on_screen(s, columns_of_events[_i].there, &x, &y);
    ck_assert_int_eq(y, 0);
    al_stepper_free(s);
}
END_TEST

/* A callback that takes three of four seconds. */
START_TEST(a_click_into_a_stall_leads_to_what_runs)
{
    static const char text[] =
        "{\"trace\":1}\n"
        "{\"e\":\"loop\",\"t\":0}\n"
        "{\"e\":\"call_soon\",\"t\":0,\"h\":\"h2\",\"callback\":\"f\"}\n"
        "{\"e\":\"iteration\",\"t\":0,\"n\":1,\"ready\":1,\"scheduled\":0,"
        "\"cancelled\":0}\n"
        "{\"e\":\"run\",\"t\":0.5,\"h\":\"h2\",\"callback\":\"f\"}\n"
        "{\"e\":\"ran\",\"t\":3.5,\"h\":\"h2\",\"duration\":3}\n"
        "{\"e\":\"log\",\"t\":4,\"text\":\"x\"}\n";
    const al_stepper_options look = {.origin = {.path = "a trace"},
                                     .glyphs = al_glyphs_of(true)};
    al_error err = {0};
    al_stepper *s;
    int x, y;

    strcpy(trace_path + strlen(trace_path) - 6, "XXXXXX");
    close(mkstemp(trace_path));
    ck_assert(al_sink_write_file(trace_path, text, sizeof text - 1, &err));
    s = open_trace(trace_path, &look);
    unlink(trace_path);
    find_on_screen(s, "- Timeline", &x, &y);
    al_stepper_mouse(s, AL_MOUSE_PRESS, 60, y + 2);
    find_on_screen(s, "event 4/6", &x, &y);
    ck_assert_int_eq(y, 0);
    al_stepper_free(s);
}
END_TEST

/* What was told over the panes is gone, and nothing was drawn since. */
START_TEST(a_click_where_nothing_was_drawn_yet_does_no_harm)
{
    al_stepper *s = open_in_ascii();

    press(s, "h");
    al_free(screen_of(s, 100, 40));
    press(s, "<Esc>");
    for (int y = 40; y-- > 0;)
        al_stepper_mouse(s, AL_MOUSE_PRESS, 50, y);
    al_stepper_free(s);
}
END_TEST

/* -- from stories on ---------------------------------------------------------- */

static void check_named(const char *text, al_thing_kind kind, uint64_t id)
{
    const al_thing other = {AL_THING_TASK, 1};
    al_thing thing = al_thing_named_in(text, other);

    ck_assert_int_eq(thing.kind, kind);
    if (kind != AL_THING_NONE)
        ck_assert_uint_eq(thing.id, id);
}

START_TEST(a_line_leads_to_the_first_thing_it_names)
{
    check_named("  by  h2, t1 'Task-1'", AL_THING_HANDLE, 2);
    check_named("  waits for t1, not t12", AL_THING_TASK, 12);
    check_named("f3", AL_THING_FUTURE, 3);
    check_named("Lock p44.", AL_THING_PRIMITIVE, 44);
    check_named("at2 t2b _t2 h h-1 \xc3\xa9t3 t3\xc3\xa9 e5", AL_THING_NONE, 0);
    check_named("", AL_THING_NONE, 0);
}
END_TEST

START_TEST(a_line_of_a_story_that_is_pressed_twice_is_followed)
{
    al_pager pager = {0};
    al_screen screen = {0};
    al_area area = {0, 2, 40, 8};
    al_text text = {0}, line = {0};

    al_screen_resize(&screen, 40, 12);
    al_text_add(&text, "heading\n");
    al_page_add_anchor(&text, 7);
    al_text_add(&text, "seventh\n");
    al_page_add_anchor(&text, 9);
    al_text_add(&text, "ninth\n");
    al_pager_open(&pager, "t1", text.bytes, 8);
    al_pager_draw(&pager, &screen, area, al_glyphs_of(true), NULL);
    ck_assert_uint_eq(al_pager_chosen(&pager, &line), 7);
    ck_assert_str_eq(line.bytes, "seventh");
    ck_assert(!al_pager_press(&pager, 5));
    ck_assert_uint_eq(al_pager_chosen(&pager, &line), 9);
    ck_assert(al_pager_press(&pager, 5));
    ck_assert(!al_pager_press(&pager, 6)); /* below the last */
    ck_assert(!al_pager_press(&pager, 2)); /* the title */
    ck_assert_uint_eq(al_pager_chosen(&pager, &line), 9);
    al_pager_release(&pager);
    al_screen_release(&screen);
    al_text_release(&text);
    al_text_release(&line);
}
END_TEST

/* In ten lines, of which four have room; "x" is in the first, the eighth and
 * the last. */
static const struct {
    const char *keys; /* n, N, and j and k, which scroll */
    al_search_end end; /* of the last search */
    size_t found;
} searches[] = {
    {"n", AL_SEARCH_FOUND, 0},     {"N", AL_SEARCH_FOUND, 9},
    {"nn", AL_SEARCH_FOUND, 7},    {"nnn", AL_SEARCH_FOUND, 9},
    {"nnnn", AL_SEARCH_ROUND, 0},  {"nnnN", AL_SEARCH_FOUND, 7},
    {"nnnNN", AL_SEARCH_FOUND, 0}, {"nN", AL_SEARCH_ROUND, 9},
    {"jn", AL_SEARCH_FOUND, 7},    {"jN", AL_SEARCH_FOUND, 0},
    {"nnkn", AL_SEARCH_FOUND, 7},  {"nnnjn", AL_SEARCH_ROUND, 0},
};

START_TEST(a_search_in_a_text_goes_on_from_what_it_found)
{
    const al_search forth = {.pattern = "x"};
    const al_search back = {.pattern = "x", .is_back = true};
    al_pager pager = {0};
    al_screen screen = {0};
    al_search_end end = AL_SEARCH_NOWHERE;

    al_screen_resize(&screen, 40, 5);
    al_pager_open(&pager, "help", "x\n1\n2\n3\n4\n5\n6\nx\n8\nx\n", 0);
    for (const char *key = searches[_i].keys; *key; key++) {
        al_pager_draw(&pager, &screen, (al_area){0, 0, 40, 5},
                      al_glyphs_of(true), NULL);
        if (*key == 'j' || *key == 'k')
            al_pager_request(&pager, *key == 'j' ? AL_REQ_DOWN : AL_REQ_UP, 1);
        else
            end = al_pager_search(&pager, *key == 'n' ? &forth : &back);
    }
    ck_assert_int_eq(end, searches[_i].end);
    ck_assert_uint_eq(pager.found, searches[_i].found);
    al_pager_release(&pager);
    al_screen_release(&screen);
}
END_TEST

/* -- hostile texts ------------------------------------------------------------- */

static const char *const hostile[] = {
    "\x1b[2J\x1b]0;title\a\x1b[?1049l",
    "\xc2\x9b" "31m C1 \xc2\x85",
    "\xe2\x80\xae" "bidi \xe2\x81\xa6",
    "\xff\xfe \xc3 \xe2\x82 cut",
    "a\r\n\tb\b\x7f",
    "世界世界世界世界",
    "e\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81x",
    "\xcc\x81 begins by what combines",
    "👩\xe2\x80\x8d👩\xe2\x80\x8d👧 joined",
};

/* Each cell holds what is harmless, and as many columns as it is wide. */
static void check_harmless(const al_screen *screen)
{
    for (int i = 0; i < screen->width * screen->height; i++) {
        const al_cell *cell = &screen->cells[i];
        bool is_tail = cell->flags & AL_CELL_TAIL;
        bool has_tail = (i + 1) % screen->width != 0 &&
                        cell[1].flags & AL_CELL_TAIL;
        al_text again = {0};

        al_escape_add(&again, cell->bytes);
        ck_assert_str_eq(al_text_peek(&again), cell->bytes);
        ck_assert_uint_eq(al_escape_columns(cell->bytes),
                          is_tail ? 0 : has_tail ? 2 : 1);
        al_text_release(&again);
    }
}

static const struct {
    const char *text, *line;
} in_lines[] = {
    {"one", "one"},
    {"one\ntwo", "one | two"},
    {"one  \r\n\n\t  two\n", "one | two"},
    {"\n one\ntwo \n three", "| one | two | three"},
    {" one\r two ", " one\r two "},
    {"\n \n", ""},
    {"", ""},
};

START_TEST(a_text_of_several_lines_is_one_in_a_row)
{
    al_text out = {0};

    al_text_add_as_line(&out, in_lines[_i].text, "|");
    ck_assert_str_eq(al_text_peek(&out), in_lines[_i].line);
    al_text_release(&out);
}
END_TEST

static const struct {
    const char *from; /* what is to be seen */
    size_t width;
    const char *shown;
} parts[] = { /* of "12 0.5 s call_at h4 tick() when 2.5 s by h2" */
    {"2.5", 40, "12 0.5 s call_at h4 tick() when 2.5 s by h2"},
    {"2.5", 36, "12 0.5 s call_at h4 tick~2.5 s by h2"},
    {"2.5", 24, "12 0.5 s call_a~2.5 s by h2"},
    {"h2", 30, "12 0.5 s call_at h4 tick() ~h2"},
    {"12", 24, "12 0.5 s call_at h4 tick() when 2.5 s by h2"},
    {"2.5", 20, "12 0.5 s call_at h4 tick() when 2.5 s by h2"},
};

START_TEST(what_differs_comes_into_sight)
{
    static const char text[] = "12 0.5 s call_at h4 tick() when 2.5 s by h2";
    al_row row = {0};

    al_row_add(&row, AL_INK_DIM, "12 0.5 s ");
    al_row_add(&row, AL_INK_PLAIN, text + strlen("12 0.5 s "));
    al_row_bring_into_sight(&row,
                            (size_t)(strstr(text, parts[_i].from) - text),
                            parts[_i].width, "~");
    ck_assert_str_eq(row.text.bytes, parts[_i].shown);
    ck_assert_uint_eq(row.spans[0].end, strlen("12 0.5 s "));
    ck_assert_uint_eq(row.spans[1].end, row.text.length);
    al_row_release(&row);
}
END_TEST

START_TEST(hostile_texts_are_drawn_harmlessly_at_every_column)
{
    enum { WIDTH = 24, HEIGHT = 3, LEFT = 2, INSIDE = WIDTH - 2 * LEFT };
    const al_area area = {LEFT, 1, INSIDE, 1};
    al_screen screen = {0};
    al_row row = {0};

    al_screen_resize(&screen, WIDTH, HEIGHT);
    for (int before = 0; before <= INSIDE; before++) {
        al_row_clear(&row);
        for (int i = 0; i < before; i++)
            al_row_add(&row, AL_INK_PLAIN, ".");
        al_row_add(&row, AL_INK_TASK, hostile[_i]);
        al_row_set_right(&row, AL_INK_DIM, hostile[_i]);
        al_screen_clear(&screen);
        al_screen_put_row(&screen, area, 0, &row, AL_CELL_CHOSEN, "…");
        check_harmless(&screen);
        al_screen_clear(&screen);
        al_screen_put(&screen, area, before, 0, AL_INK_PLAIN, hostile[_i]);
        check_harmless(&screen);
        for (int i = 0; i < WIDTH * HEIGHT; i++) {
            if (!al_area_has(area, i % WIDTH, i / WIDTH))
                ck_assert_str_eq(screen.cells[i].bytes, " ");
        }
    }
    al_row_release(&row);
    al_screen_release(&screen);
}
END_TEST

/* Whatever is looked at, asked for, found or said. */
static const char *const hostile_looks[] = {
    "$", "$z", "$:view ready<Enter>zjjjj<Enter>", "$:view scheduled<Enter>zH",
    "$:view scheduled<Enter>jjj<Enter>jjjj", "$:view tasks<Enter>zjjj<Enter>",
    "$:view primitives<Enter>zj<Enter>", "$:view log<Enter>zjj<Enter>",
    "$:view events<Enter>z<Enter>", "$:view timeline<Enter>z", "$e", "20se",
    "$:break task '<Tab><Tab><Tab>", "$:break callback '<Tab><Tab>",
    "$:break coro '<Tab><Tab><Tab><Tab><Enter>B", "$/世<Enter>n", "$/e<Enter>",
    ":break task '世界世界世界'<Enter>cB", "$~:marks<Enter>", ":世\xcc\x81<Enter>",
    ":view \xe2\x80\xae<Enter>", "g世<Enter>", "h",
};

static void check_screens(al_stepper *s)
{
    static const int sizes[][2] = {{100, 30}, {60, 20}, {61, 47}, {237, 24}};

    for (int i = 0; i < COUNT(sizes); i++) {
        al_screen screen = {0};

        al_screen_resize(&screen, sizes[i][0], sizes[i][1]);
        al_stepper_draw(s, &screen);
        check_harmless(&screen);
        al_screen_release(&screen);
    }
}

START_TEST(a_hostile_trace_is_looked_at_harmlessly)
{
    const al_stepper_options look = {
        .origin = {.path = "\x1b[2J\xe2\x80\xae\xff" "a\nb.jsonl"},
        .glyphs = al_glyphs_of(false),
    };
    al_stepper *s = open_trace("tests/commands/step/hostile.jsonl", &look);

    check_screens(s);
    press(s, hostile_looks[_i]);
    check_screens(s);
    al_stepper_free(s);
}
END_TEST

/* A name of a megabyte takes no longer than others, or not much. */
START_TEST(a_huge_name_is_drawn_in_bounded_time)
{
    enum { LENGTH = 1 << 20 };
    const al_stepper_options look = {.origin = {.path = "huge"},
                                     .glyphs = al_glyphs_of(false)};
    al_text trace = {0};
    al_stepper *s;
    FILE *file;

    al_text_add(&trace, "{\"trace\":1,\"scenario\":\"x\"}\n"
                        "{\"e\":\"loop\",\"t\":0,\"debug\":false}\n"
                        "{\"e\":\"task\",\"t\":0,\"task\":\"t1\",\"name\":\"");
    for (int i = 0; i < LENGTH / 2; i++)
        al_text_add(&trace, "\xcc\x81");
    al_text_add(&trace, "\",\"coro\":\"main\"}\n");
    strcpy(trace_path + strlen(trace_path) - 6, "XXXXXX");
    file = fdopen(mkstemp(trace_path), "w");
    ck_assert_ptr_nonnull(file);
    fwrite(trace.bytes, 1, trace.length, file);
    fclose(file);
    s = open_trace(trace_path, &look);
    unlink(trace_path);
    press(s, "$");
    for (int i = 0; i < 20; i++) {
        struct timespec before;

        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &before);
        press(s, i % 2 ? "<Enter>" : "<Tab>j");
        check_screens(s);
        check_prompt_answer(&before);
    }
    al_stepper_free(s);
    al_text_release(&trace);
}
END_TEST

/* -- completing ---------------------------------------------------------------- */

static const struct {
    const char *keys; /* in dining-philosophers.json */
    const char *line; /* what stands in the prompt then */
} completions[] = {
    {":goto<Tab>", ":goto "},                     /* the only one */
    {":got<Tab>3", ":goto 3"},
    {":bre<Tab>", ":break"},                      /* as far as all go */
    {":bre<Tab><Tab>", ":break"},
    {":bre<Tab><Tab><Tab>", ":breakpoints"},
    {":bre<Tab><S-Tab>", ":breakpoints"},
    {":b<Tab><Tab><Tab><Tab>", ":b"},             /* what was typed again */
    {":nothing<Tab>", ":nothing"},
    {":next th<Tab>", ":next th"},                /* takes no words */
    {":view tim<Tab>", ":view timeline "},
    {":view tim<Left><Tab>", ":view timeline m"}, /* at the cursor */
    {":break heap > 3 an<Tab>", ":break heap > 3 and "},
    {":break compact<Enter>:delete <Tab>", ":delete 1 "},
    {"bcomp<Tab>", "break at: compact "},
    {"btask 'ph<Tab>", "break at: task 'philosopher "},
    {"btask \"philosopher 3<Tab>can<Tab>",
     "break at: task \"philosopher 3\" cancelled "},
    {"bcallback ~ 'Task.__w<Tab>", "break at: callback ~ 'Task.__wakeup' "},
    {"bkind == 'comp<Tab>", "break at: kind == 'compact' "},
    {"/Ta<Tab>", "in Ready /Ta"},                          /* is no command */
    {":load scenarios/dining<Tab>",
     ":load scenarios/dining-philosophers.json "},
    {":save tests/uni<Tab>", ":save tests/unit/"},  /* and goes on */
    {"dscenarios/dini<Tab>", "beside: scenarios/dining-philosophers.json "},
    {":export view scenarios/dini<Tab>",
     ":export view scenarios/dining-philosophers.json "},
    {":export vi<Tab>", ":export view "},
    {"48s~:goto e<Tab>", ":goto e48 "},
    {"48sgt<Tab>", "go to: t"},                   /* several tasks */
    {":break compact<Enter>:enable <Tab>", ":enable 1 "},
};

START_TEST(tab_completes_what_is_typed)
{
    al_stepper *s = open_stepper(paths[0]);
    al_screen screen = {0};
    al_text line = {0};
    int x, y;

    press(s, completions[_i].keys);
    al_screen_resize(&screen, 100, 30);
    al_stepper_draw(s, &screen);
    ck_assert(al_stepper_cursor(s, &screen, &x, &y));
    for (x = 0; x < screen.width; x++)
        al_text_add(&line, screen.cells[y * screen.width + x].bytes);
    ck_assert_msg(strncmp(line.bytes, completions[_i].line,
                          strlen(completions[_i].line)) == 0 &&
                      strspn(line.bytes + strlen(completions[_i].line),
                             " ") ==
                          line.length - strlen(completions[_i].line),
                  "%s: %s", completions[_i].keys, line.bytes);
    al_text_release(&line);
    al_screen_release(&screen);
    al_stepper_free(s);
}
END_TEST

static const char *const mistakes[] = {"no breakpoint's", "go where",
                                       "which view", "there is no"};

static const struct {
    const char *keys; /* in dining-philosophers.json */
    const char *says;
} tabbed[] = {
    {":break compact<Enter>:delete <Tab><Enter>", "breakpoint 1 is gone"},
    {":vi<Tab>tas<Tab><Enter>", ""},
    {"48s~2s:goto e<Tab><Enter>", ""},
    {":goto t2  <Enter>", ""},
};

START_TEST(what_tab_left_behind_a_word_is_no_part_of_it)
{
    al_stepper *s = open_stepper(paths[0]);

    press(s, tabbed[_i].keys);
    ck_assert_msg(says(s, tabbed[_i].says), "%s", tabbed[_i].keys);
    for (int i = 0; i < COUNT(mistakes); i++)
        ck_assert_msg(!says(s, mistakes[i]), "%s", tabbed[_i].keys);
    al_stepper_free(s);
}
END_TEST

static const struct {
    const char *keys;   /* after much that was typed */
    const char *before; /* what is left of the cursor */
    int x;
} cursors[] = {
    {"y", "y", 99},
    {"\xe5\xad\x97", "\xe5\xad\x97", 99},
    {"yzz<Left><Left>", "y", 99},
    {"<Home>", ":", 1},
    {"<Home>y", "y", 2},
    {"<Home>y<End>z", "z", 99},
};

START_TEST(the_cursor_is_in_sight_in_whatever_is_typed)
{
    enum { MUCH = 4000 };
    al_stepper *s = open_stepper(paths[0]);
    al_screen screen = {0};
    int x, y, before;

    press(s, ":");
    for (int i = 0; i < MUCH; i++)
        al_stepper_key(s, 'x');
    press(s, cursors[_i].keys);
    al_screen_resize(&screen, 100, 30);
    al_stepper_draw(s, &screen);
    ck_assert(al_stepper_cursor(s, &screen, &x, &y));
    ck_assert_int_eq(x, cursors[_i].x);
    before = y * screen.width + x - 1;
    before -= (screen.cells[before].flags & AL_CELL_TAIL) != 0;
    ck_assert_str_eq(screen.cells[before].bytes, cursors[_i].before);
    al_screen_release(&screen);
    al_stepper_free(s);
}
END_TEST

START_TEST(what_was_typed_comes_back_after_what_was_recalled)
{
    al_stepper *s = open_stepper(paths[0]);

    press(s, ":speed 20<Enter>:goto e1<Up><Up><Down>7<Enter>");
    check_stands(s, "event 17/");
    al_stepper_free(s);
}
END_TEST

/* -- what somebody likes --------------------------------------------------------- */

static const struct {
    const char *line;
    int column;          /* of the mistake; 0: there is none */
    const char *message; /* some of it */
} config_lines[] = {
    {"", 0, NULL},
    {"  # bind x", 0, NULL},
    {"bind m next\r", 0, NULL},
    {"\tbind <F5>  continue ", 0, NULL},
    {"bind # help", 0, NULL},
    {"bind m none", 0, NULL},
    {"bind m nxt", 8, "there is no command 'nxt'"},
    {"bind mm next", 6, "there is no key 'mm'"},
    {"bind <C-1> next", 6, "there is no key '<C-1>'"},
    {"bind 5 next", 6, "begins a number"},
    {"bind m", 1, "'bind KEY COMMAND'"},
    {"bind m next 3", 1, "'bind KEY COMMAND'"},
    {"color task green bold on bright-black", 0, NULL},
    {"color task 0 on 255", 0, NULL},
    {"color tsk green", 7, "there is no ink 'tsk'"},
    {"color task grun", 12, "there is no colour 'grun'"},
    {"color task 256", 12, "no number from 0 to 255"},
    {"color task red on", 16, "on which colour?"},
    {"theme light", 0, NULL},
    {"theme bright", 7, "there is no theme 'bright'"},
    {"view log off", 0, NULL},
    {"view log maybe", 10, "there is no state of a view 'maybe'"},
    {"weight ready 5", 0, NULL},
    {"weight ready 0", 14, "no number from 1 to 100"},
    {"weight ready x", 14, "no number from 1 to 100"},
    {"share 60", 0, NULL},
    {"share 81", 7, "no number from 20 to 80"},
    {"shre 60", 1, "there is no setting 'shre'"},
    {"a b c d e f g h i j k l m n o p q r", 1, "there is no setting 'a'"},
};

START_TEST(a_line_of_the_configuration_holds_or_its_mistake_is_placed)
{
    const char *line = config_lines[_i].line;
    al_diagnostics wrong = {0};
    al_config config = {0};
    al_text text = {0};

    al_text_add_format(&text, "theme mono\n%s\ntheme dark", line);
    al_config_read(&config, "config", text.bytes, text.length, &wrong);
    ck_assert_uint_eq(wrong.count, config_lines[_i].column > 0);
    if (wrong.count > 0) {
        ck_assert_int_eq(wrong.items[0].line, 2);
        ck_assert_int_eq(wrong.items[0].column, config_lines[_i].column);
        ck_assert_msg(strstr(wrong.items[0].message,
                             config_lines[_i].message), "%s",
                      wrong.items[0].message);
        ck_assert(!config.looks[AL_INK_TASK].is_set);
    }
    ck_assert(config.has_theme); /* the lines around it hold */
    ck_assert_int_eq(config.theme, AL_THEME_DARK);
    al_config_release(&config);
    al_diagnostics_release(&wrong);
    al_text_release(&text);
}
END_TEST

START_TEST(a_configuration_says_keys_colours_and_layout)
{
    static const char text[] =
        "bind m next\nbind n none\nbind <F5> next\nbind m help\n"
        "color task 2 underline on blue\ncolor time bold\n"
        "view ready off\nview scheduled off\nview ready on\n"
        "weight events 7\nshare 33\n";
    al_diagnostics wrong = {0};
    al_config c = {0};

    al_config_read(&c, "config", text, sizeof text - 1, &wrong);
    ck_assert_uint_eq(wrong.count, 0);
    ck_assert_int_eq(al_keymap_request(&c.keymap, 'm'), AL_REQ_HELP);
    ck_assert_int_eq(al_keymap_request(&c.keymap, 'n'), AL_REQ_NONE);
    ck_assert_int_eq(al_keymap_request(&c.keymap, AL_KEY_F5),
                     AL_REQ_CALLBACK);
    ck_assert_int_eq(al_keymap_request(&c.keymap, 's'), AL_REQ_EVENT);
    ck_assert_int_eq(al_keymap_key(&c.keymap, AL_REQ_CALLBACK), AL_KEY_F5);
    ck_assert_int_eq(al_keymap_key(&c.keymap, AL_REQ_HELP), 'm');
    ck_assert_int_eq(c.looks[AL_INK_TASK].foreground, 2);
    ck_assert_int_eq(c.looks[AL_INK_TASK].background, 4);
    ck_assert_int_eq(c.looks[AL_INK_TASK].attributes, AL_LOOK_UNDERLINE);
    ck_assert_int_eq(c.looks[AL_INK_TIME].foreground, AL_COLOUR_DEFAULT);
    ck_assert_int_eq(c.looks[AL_INK_TIME].attributes, AL_LOOK_BOLD);
    ck_assert(!c.looks[AL_INK_HANDLE].is_set);
    ck_assert(!c.views[AL_VIEW_READY].is_hidden);
    ck_assert(c.views[AL_VIEW_SCHEDULED].is_hidden);
    ck_assert_int_eq(c.views[AL_VIEW_EVENTS].weight, 7);
    ck_assert_int_eq(c.share, 33);
    al_config_release(&c);
    al_diagnostics_release(&wrong);
}
END_TEST

START_TEST(the_last_view_cannot_be_hidden)
{
    al_diagnostics wrong = {0};
    al_config config = {0};
    al_text text = {0};

    for (int i = 0; i < AL_VIEW_COUNT; i++)
        al_text_add_format(&text, "view %s off\n", al_view_names[i]);
    al_config_read(&config, "config", text.bytes, text.length, &wrong);
    ck_assert_uint_eq(wrong.count, 1);
    ck_assert_int_eq(wrong.items[0].line, AL_VIEW_COUNT);
    ck_assert(!config.views[AL_VIEW_COUNT - 1].is_hidden);
    al_config_release(&config);
    al_diagnostics_release(&wrong);
    al_text_release(&text);
}
END_TEST

/* -- marks ---------------------------------------------------------------------- */

static const struct {
    const char *keys;
    const char *at; /* where that leads, as the status line has it */
} marked[] = {
    {"40s~60s~<Home>'", " event 40/"},
    {"40s~60s~<Home>2'", " event 100/"},
    {"40s~60s~<Home>''", " event 100/"},
    {"40s~60s~<Home>9'", " event 100/"}, /* as far as there are some */
    {"40s~60s~\"", " event 40/"},
    {"40s~60s~<End>2\"", " event 40/"},
    {"40s~60s~\"~<End>\"", " event 100/"}, /* cleared again */
    {"40s~60s~<Home>'s'", " event 100/"},
    {"~40s\"", " event 0/"},
    {"40s~:unmark<Enter>20s\"", " event 60/"},
    {"60s~40S~<Home>'", " event 20/"},  /* in order */
};

START_TEST(marks_are_gone_to_from_anywhere)
{
    al_stepper *s = open_stepper(paths[0]);
    char *screen;

    press(s, marked[_i].keys);
    screen = screen_of(s, 100, 30);
    *strchr(screen, '\n') = '\0';
    ck_assert_msg(strstr(screen, marked[_i].at), "%s: %s", marked[_i].keys,
                  screen);
    al_free(screen);
    al_stepper_free(s);
}
END_TEST

/* -- running by itself ----------------------------------------------------------- */

static const struct {
    const char *keys;
    double seconds; /* that pass then */
    const char *at, *says;
    bool goes_on;
} runs[] = {
    {"r", 1, " event 5/", "running, 5 events a second", true},
    {"r}", 1, " event 10/", "running, 10 events a second", true},
    {"r{{", 2, " event 2/", "running, 1 event a second", true},
    {":speed 20<Enter>r", 0.5, "running 20/s  iteration", "running, 20", true},
    {"3r", 9, " event 3/", "", false},
    {"40sR", 2, " event 30/", "running back, 5", true},
    {"r}", 0, " event 0/", "10 events a second: any key but { and } stops it",
     true},
    {"40s3R", 9, " event 37/", "", false},
    {"4sR", 2, " event 0/", "the beginning", false},
    {":break event == 7<Enter>r", 9, " event 7/", "breakpoint 1", false},
    {"S", 0, " event 0/", "there is no event before", false},
    {"sss10S", 0, " event 0/", "the first: there were only 3", false},
    {":break event == 7<Enter>3c", 0, "", "the end: it stopped only 1 time",
     false},
    {":break event == 7<Enter>C", 0, " event 0/", "this is the beginning",
     false},
    {":break event == 30<Enter>40sR", 9, " event 30/", "breakpoint 1", false},
    {":break event == 30<Enter>40s10R", 9, " event 30/", "breakpoint 1", false},
    {":break event == 30<Enter>40s9R", 9, " event 31/", "", false},
    {"rn", 9, " event 0/", "stopped", false},
    {":speed 1e6<Enter>r", 0.5, " event ", "the end", false},
    {":speed 0<Enter>", 0, "", "'0' is no speed", false},
    {":speed<Enter>", 0, "", "runs take 5 events a second", false},
};

START_TEST(a_run_takes_its_time_and_comes_to_its_stop)
{
    al_stepper *s = open_stepper(paths[0]);

    press(s, runs[_i].keys);
    for (int i = 0; i < (int)(10 * runs[_i].seconds + 0.5); i++)
        al_stepper_tick(s, 0.1001);
    ck_assert_msg(al_stepper_is_running(s) == runs[_i].goes_on, "%s",
                  runs[_i].keys);
    ck_assert_msg(says(s, runs[_i].says), "%s", runs[_i].keys);
    check_stands(s, runs[_i].at);
    al_stepper_free(s);
}
END_TEST

START_TEST(a_run_that_was_held_up_does_not_leap)
{
    al_stepper *s = open_stepper(paths[0]);

    press(s, "r");
    al_stepper_tick(s, 3600);
    ck_assert(al_stepper_is_running(s));
    press(s, "<Esc>");
    ck_assert(!al_stepper_is_running(s));
    al_stepper_free(s);
}
END_TEST

static void run_for_a_while(al_stepper *s)
{
    for (int i = 0; i < 20; i++) {
        al_stepper_work(s, false);
        al_stepper_tick(s, 0.5);
    }
}

/* What is in a pipe, to which more may be written. */
static al_stepper *open_pipe(const char *begun, int ends[2])
{
    const al_stepper_options look = {.origin = {.path = "a trace"},
                                     .glyphs = al_glyphs_of(false)};
    size_t length = strlen(begun);
    al_error err = {0};

    ck_assert_int_eq(pipe(ends), 0);
    ck_assert_int_eq((int)write(ends[1], begun, length), (int)length);
    return al_stepper_new(
        al_history_new(al_trace_reader_go_on("", 0, ends[0], &err), NULL, &err),
        &look);
}

START_TEST(who_stays_at_the_end_of_what_grows_is_told_when_it_is_over)
{
    static const char begun[] =
        "{\"trace\":1,\"source\":\"asyncloop-sim\"}\n"
        "{\"e\":\"call_soon\",\"t\":0,\"h\":\"h1\",\"callback\":\"f\"}\n";
    static const char end[] = "{\"e\":\"end\",\"t\":0}\n";
    bool has_end = _i;
    int ends[2];
    al_stepper *s;

    s = open_pipe(begun, ends);
    al_stepper_work(s, true);
    press(s, "G");
    ck_assert(says(s, "the end so far: it stays there as the trace grows"));
    if (has_end)
        ck_assert_int_eq((int)write(ends[1], end, sizeof end - 1),
                         (int)sizeof end - 1);
    close(ends[1]);
    while (al_stepper_work(s, true))
        ;
    check_stands(s, has_end ? "event 2/2" : "event 1/1");
    ck_assert(says(s, has_end ? "the end: this run is over"
                              : "the trace ends here: nobody writes it any "
                                "more"));
    al_stepper_free(s);
    close(ends[0]);
}
END_TEST

/* Half of a trace is in a pipe; the other half comes later. */
START_TEST(a_run_waits_for_whoever_writes_the_trace)
{
    static const char first[] =
        "{\"trace\":1,\"source\":\"asyncloop-sim\"}\n"
        "{\"e\":\"call_soon\",\"t\":0,\"h\":\"h1\",\"callback\":\"f\"}\n"
        "{\"e\":\"call_soon\",\"t\":0,\"h\":\"h2\",\"callback\":\"f\"}\n";
    static const char then[] =
        "{\"e\":\"call_soon\",\"t\":0,\"h\":\"h3\",\"callback\":\"f\"}\n"
        "{\"e\":\"call_soon\",\"t\":0,\"h\":\"h4\",\"callback\":\"f\"}\n";
    int ends[2];
    al_stepper *s;

    s = open_pipe(first, ends);
    press(s, "r");
    run_for_a_while(s);
    check_stands(s, "event 2/2");
    for (size_t i = 0; i < sizeof then - 1; i += 20) { /* within lines, too */
        size_t length = i + 20 < sizeof then ? 20 : sizeof then - 1 - i;

        ck_assert_int_eq((int)write(ends[1], then + i, length), (int)length);
        run_for_a_while(s);
        ck_assert(al_stepper_is_running(s));
    }
    check_stands(s, "event 4/");
    close(ends[1]);
    run_for_a_while(s);
    ck_assert(!al_stepper_is_running(s));
    ck_assert(says(s, "the end"));
    ck_assert(!says(s, "the end so far"));
    press(s, "G");
    ck_assert(says(s, "the trace ends here: nobody writes it any more"));
    al_stepper_free(s);
    close(ends[0]);
}
END_TEST

/* -- watches -------------------------------------------------------------------- */

static const struct {
    const char *keys; /* in dining-philosophers.json */
    const char *at, *says;
} watches[] = {
    {":watch heap<Enter>c", " event 36/", "watch 1: heap is now 1"},
    {":watch heap<Enter>2c1000sC", "", "watch 1: heap is now "},
    {":watch task 'philosopher 1'.state<Enter>c", " event 18/", "is now created"},
    {":watch task 'philosopher 1'.state<Enter>2c", " event 19/", "is now ready"},
    {":watch task 'philosopher 1'.state<Enter>3c", " event 39/", "is now runs"},
    {":watch task 'philosopher 1'.state<Enter>60sC", " event 43/", "is now waits"},
    {":watch task 'philosopher 1'.awaits<Enter>60s2C", " event 18/",
     "is now nothing"},
    {":watch task 'philosopher 1'.awaits<Enter>60s3C", " event 0/",
     "the beginning"},
    {":watch heap<Enter>:disable 1<Enter>c", " event 407/",
     "every breakpoint is disabled: the end"},
    {":break compact<Enter>c", " event 407/", "no breakpoint stopped it: the end"},
    {"c", " event 407/", "no breakpoint: the end"},
    {":left alone<C-c>c", " event 407/", "no breakpoint: the end"},
    {"<Tab><Tab><Tab>kkk<Enter>", " event 0/", "nothing is selected"},
    {":watch compact<Enter>", "", "at single events only"},
    {":watch heap<Enter>:watch ready<Enter>2c", "", "watch 2: ready is now"},
};

START_TEST(a_watch_stops_where_its_value_changes)
{
    al_stepper *s = open_stepper(paths[0]);
    char *screen;

    press(s, watches[_i].keys);
    screen = screen_of(s, 100, 30);
    *strchr(screen, '\n') = '\0';
    ck_assert_msg(strstr(screen, watches[_i].at), "%s: %s", watches[_i].keys,
                  screen);
    ck_assert_msg(says(s, watches[_i].says), "%s", watches[_i].keys);
    al_free(screen);
    al_stepper_free(s);
}
END_TEST

START_TEST(a_watch_stops_both_ways_at_the_same_places)
{
    al_stepper *s = open_stepper(paths[0]);
    char *there, *back;

    press(s, ":watch task 'philosopher 2'.awaits<Enter>:watch heap<Enter>7c");
    back = screen_of(s, 100, 30);
    press(s, "cC");
    there = screen_of(s, 100, 30);
    check_same(there, back);
    al_free(there);
    al_free(back);
    al_stepper_free(s);
}
END_TEST

/* -- causes -------------------------------------------------------------------- */

static const struct {
    const char *keys; /* in dining-philosophers.json */
    const char *at, *says;
} causes[] = {
    {"42se", " event 42/", "at 0.0 s t3 'philosopher 1' waits for f2 (Lock"},
    {"42sf", " event 39/", "h4, a step of t3 'philosopher 1', begins"},
    {"42sff", " event 19/", "t1 'Task-1' scheduled h4 to step t3"},
    {"42s2f", " event 19/", "t1 'Task-1' scheduled h4 to step t3"},
    {"42s3f", " event 10/", "h2, a step of t1 'Task-1', begins"},
    {"42s4f", " event 4/", "the program scheduled h2 to step t1"},
    {"42s5f", " event 4/", "the chain of causes begins here"},
    {"42s4fF", " event 10/", "h2, a step of t1 'Task-1', begins"},
    {"42s2fF", " event 39/", "h4, a step of t3 'philosopher 1', begins"},
    {"120sf", " event 118/", "a step of t1 'Task-1', begins"},
    {"<End>F", " event 407/", "tells nothing that this caused"},
    {"f", " event 0/", "the chain of causes begins here"},
    {"F", " event 0/", "tells nothing that this caused"},
};

START_TEST(causes_are_followed_and_come_back_from)
{
    al_stepper *s = open_stepper(paths[0]);
    char *screen;

    press(s, causes[_i].keys);
    ck_assert_msg(says(s, causes[_i].says), "%s", causes[_i].keys);
    screen = screen_of(s, 100, 30);
    *strchr(screen, '\n') = '\0';
    ck_assert_msg(strstr(screen, causes[_i].at), "%s: %s", causes[_i].keys,
                  screen);
    al_free(screen);
    al_stepper_free(s);
}
END_TEST

/* Of an event that has nothing, and of one that has all of its texts. */
START_TEST(every_kind_of_event_has_a_sentence)
{
    al_state *state = al_state_new(NULL);
    al_event event = {.kind = (al_event_kind)_i};

    for (int texts = 0; texts < 2; texts++) {
        al_text text = {0};

        for (int f = 0; texts && f < AL_FIELD_COUNT; f++) {
            void *at = (char *)&event + al_field_specs[f].offset;

            if (al_field_specs[f].type == AL_TYPE_TEXT)
                *(const char **)at = "said";
        }
        al_sentence_add(&text, &event, state);
        ck_assert_msg(strncmp(text.bytes, "at 0.0 s ", 9) == 0, "%s",
                      text.bytes);
        ck_assert_msg(text.length > 14 && !strpbrk(text.bytes, "[]{}"), "%s",
                      text.bytes);
        al_text_release(&text);
    }
    al_state_free(state);
}
END_TEST

START_TEST(every_event_has_a_sentence)
{
    for (int p = 0; p < COUNT(paths); p++) {
        al_stepper *s = open_stepper(paths[p]);

        press(s, "s");
        while (!is_short(s)) {
            char *screen;

            press(s, "e");
            screen = screen_of(s, 100, 30);
            ck_assert_ptr_nonnull(strstr(screen, "\nat "));
            al_free(screen);
            press(s, "s");
        }
        al_stepper_free(s);
    }
}
END_TEST

/* -- what is kept ---------------------------------------------------------------- */

static const struct {
    const char *text;
    int line, column; /* of what is wrong; 0: nothing */
    const char *problem;
} kept[] = {
    {"", 0, 0, NULL},
    {"# of x\n\nbreak compact\ndisabled break heap > 3\nwatch ready\nmark 40\n", 0, 0, NULL},
    {"mark 7\nmark 7", 0, 0, NULL},
    {"break compact\nbreak heap >\n", 2, 13, "something is missing"},
    {"disabled break hep\n", 1, 16, "did you mean 'heap'?"},
    {"mark x\n", 1, 6, "the number of an event"},
    {"mark -1\n", 1, 6, "the number of an event"},
    {"mark 99999999999999999999\n", 1, 6, "the number of an event"},
    {"mark 7 time 0.5 loop 1 iteration 2 further 3\n", 0, 0, NULL},
    {"mark 7, and more\n", 1, 6, "the number of an event"},
    {"mark 7 tim\n", 1, 7, "where a mark was"},
    {"mark 7 time x\n", 1, 7, "where a mark was"},
    {"mark 7 time 1e-3 loop -1\n", 1, 17, "where a mark was"},
    {"mark 7 time 1 loop 1 iteration 2 further 3 \n", 1, 43, "where a mark was"},
    {"watch late\n", 1, 7, "at single events only"},
    {"{\n", 1, 1, "neither a breakpoint nor a mark"},
    {"\x1b]0;x\a\n", 1, 1, "neither a breakpoint nor a mark"},
};

START_TEST(what_was_kept_is_read_or_its_mistake_is_placed)
{
    al_session session = {0};
    al_error err = {0};
    bool ok = al_session_read(&session, kept[_i].text,
                              strlen(kept[_i].text), &err);

    ck_assert_msg(ok == !kept[_i].problem, "%s: %s", kept[_i].text,
                  err.message);
    ck_assert_int_eq(err.line, kept[_i].line);
    ck_assert_int_eq(err.column, kept[_i].column);
    if (!ok)
        ck_assert_msg(strstr(err.message, kept[_i].problem), "%s",
                      err.message);
    al_session_release(&session);
}
END_TEST

START_TEST(what_is_kept_is_read_again_as_it_was)
{
    static const char text[] = "# breakpoints and marks of a\\nb\n"
                               "break compact\n"
                               "disabled break task 'w1' cancelled\n"
                               "watch task 'w1'.awaits\n"
                               "disabled watch heap\n"
                               "mark 3\n"
                               "mark 40 time 0.3 loop 1 iteration 2 further 7\n";
    al_session session = {0};
    al_error err = {0};
    al_text again = {0};

    ck_assert(al_session_read(&session, text, strlen(text), &err));
    ck_assert_uint_eq(session.breakpoints.count, 4);
    ck_assert(session.breakpoints.items[3].is_watch);
    ck_assert(session.breakpoints.items[1].is_disabled);
    ck_assert(al_bookmarks_has(&session.marks, 40));
    ck_assert(al_session_write(&session.breakpoints, &session.marks, "a\nb",
                               &again, &err));
    ck_assert_str_eq(again.bytes, text);
    al_text_release(&again);
    al_session_release(&session);
}
END_TEST

static const struct {
    int count, length; /* of breakpoints, each a condition of so many bytes */
    const char *problem;
} much[] = {
    {10000, 4, NULL},
    {10001, 4, "more than 10000 breakpoints and marks"},
    {300, 4000, "more than 1048576 bytes"},
};

START_TEST(no_more_is_kept_than_can_be_read_again)
{
    char *condition = al_alloc_zero((size_t)much[_i].length + 1, 1);
    al_session session = {0};
    al_error err = {0};
    al_text out = {0};

    snprintf(condition, (size_t)much[_i].length + 1, "heap%*s",
             much[_i].length - 4, "");
    for (int i = 0; i < much[_i].count; i++)
        ck_assert_uint_ne(al_breakpoints_add(&session.breakpoints, condition,
                                             true, NULL, &err), 0);
    ck_assert(al_session_write(&session.breakpoints, &session.marks, "a", &out,
                               &err) == !much[_i].problem);
    if (much[_i].problem)
        ck_assert_msg(strstr(err.message, much[_i].problem), "%s",
                      err.message);
    al_session_release(&session);
    al_text_release(&out);
    al_free(condition);
}
END_TEST

START_TEST(a_recording_has_its_place_before_it_is_there)
{
    char folder[] = "/tmp/check_stepper.XXXXXX", name[64], part[64];
    char *before, *after;

    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(name, sizeof name, "%s/t.jsonl", folder);
    snprintf(part, sizeof part, "%s/t.jsonl.part", folder);
    fclose(fopen(part, "w"));
    before = al_session_place("/s", name);
    ck_assert_int_eq(rename(part, name), 0);
    after = al_session_place("/s", name);
    ck_assert_str_eq(before, after);
    unlink(name);
    ck_assert_int_eq(rmdir(folder), 0);
    al_free(before);
    al_free(after);
}
END_TEST

START_TEST(each_trace_has_its_own_place)
{
    char *a = al_session_place("/s", paths[0]);
    char *b = al_session_place("/s", paths[1]);
    char *again = al_session_place("/s", "scenarios/../scenarios/"
                                         "dining-philosophers.json");

    ck_assert(strcmp(a, b) != 0);
    ck_assert_str_eq(a, again);
    ck_assert(strncmp(a, "/s/dining-philosophers.json-", 28) == 0);
    ck_assert_ptr_null(al_session_place("/s", "<stdin>"));
    ck_assert_ptr_null(al_session_place(NULL, paths[0]));
    al_free(a);
    al_free(b);
    al_free(again);
}
END_TEST

/* -- what is edited -------------------------------------------------------------- */

typedef struct edited {
    char path[100];
    size_t line;
} edited;

static bool take_place(void *self, const char *path, size_t line,
                       al_error *err)
{
    edited *e = self;

    snprintf(e->path, sizeof e->path, "%s", path);
    e->line = line;
    return al_fail(err, "'ed' ended with 1");
}

START_TEST(the_line_that_runs_is_edited_or_the_one_that_is_chosen)
{
    edited e = {0};
    al_stepper *s = open_stepper_with(
        paths[0], &(al_stepper_options){.origin = {.path = paths[0]},
                                        .glyphs = al_glyphs_of(false),
                                        .edit = take_place, .self = &e});
    size_t running;

    press(s, "42sE");
    ck_assert_str_eq(e.path, paths[0]);
    running = e.line;
    ck_assert_uint_gt(running, 1);
    ck_assert(says(s, "'ed' ended with 1"));
    press(s, ":view program<Enter>kE");
    ck_assert_uint_eq(e.line, running - 1);
    al_stepper_free(s);
}
END_TEST

/* -- what changed ------------------------------------------------------------- */

static bool is_changed(const al_screen *screen, int y, int x)
{
    return screen->cells[y * screen->width + x].flags & AL_CELL_CHANGED;
}

/* The lines that have a band of what changed, each column's band a line:
 * without the blanks around it.  The caller's. */
static char *changed_on(al_stepper *s)
{
    al_screen screen = {0};
    al_text text = {0};

    al_screen_resize(&screen, 120, 60);
    al_stepper_draw(s, &screen);
    for (int y = 0; y < screen.height; y++) {
        for (int x = 0; x < screen.width; x++) {
            if (is_changed(&screen, y, x))
                al_text_add(&text,
                            screen.cells[y * screen.width + x].bytes);
            else if (x > 0 && is_changed(&screen, y, x - 1))
                al_text_add_char(&text, '\n');
        }
    }
    al_screen_release(&screen);
    al_text_add(&text, "");
    return al_text_take(&text);
}

static const struct {
    const char *keys;      /* in dining-philosophers.json */
    const char *shown[3];  /* what stands in bands of what changed */
    const char *absent[2]; /* and what does not, though it is on the screen */
} changes[] = {
    {"36s", {"h8 ", "call_at"}, {"h4 t3", "t2 philosopher 0 philo"}}, /* by h3 */
    {"41s", {"p2 Lock", "1. f2", "waiters"}, {"p1 Lock", "h4 t3"}},
    {"42s", {"t3 philosopher 1", "task_waits"}, {"p2 Lock", "h4 t3"}},
    {"47s", {"2 eats"}, {"0 eats"}},
    {"63s", {"iteration"}, {"h8 ", "p1 Lock"}},
};

START_TEST(what_the_latest_event_changed_is_marked)
{
    al_stepper *s = open_stepper(paths[0]);
    char *screen, *changed;

    press(s, changes[_i].keys);
    screen = screen_of(s, 120, 60);
    changed = changed_on(s);
    for (int i = 0; i < COUNT(changes[_i].shown) && changes[_i].shown[i]; i++)
        ck_assert_msg(strstr(changed, changes[_i].shown[i]), "%s: %s",
                      changes[_i].shown[i], changed);
    for (int i = 0; i < COUNT(changes[_i].absent) && changes[_i].absent[i];
         i++) {
        ck_assert_ptr_nonnull(strstr(screen, changes[_i].absent[i]));
        ck_assert_msg(!strstr(changed, changes[_i].absent[i]), "%s: %s",
                      changes[_i].absent[i], changed);
    }
    al_free(changed);
    al_free(screen);
    al_stepper_free(s);
}
END_TEST

START_TEST(what_is_marked_follows_from_the_position)
{
    al_stepper *s = open_stepper(paths[0]);
    char *there, *back;

    press(s, "150s");
    there = changed_on(s);
    press(s, "<End>:goto e150<Enter>");
    back = changed_on(s);
    ck_assert_int_gt((int)strlen(there), 0);
    check_same(there, back);
    press(s, "<Home>");
    al_free(back);
    back = changed_on(s);
    ck_assert_str_eq(back, "");
    al_free(there);
    al_free(back);
    al_stepper_free(s);
}
END_TEST

Suite *stepper_suite(void)
{
    Suite *suite = suite_create("stepper");
    TCase *keys = tcase_create("keys"), *stops = tcase_create("conditions");
    TCase *steps = tcase_create("stepping");

    tcase_add_loop_test(keys, keys_are_read_as_they_are_written, 0,
                        COUNT(writings));
    tcase_add_test(keys, what_is_no_key_is_refused);
    tcase_add_test(keys,
                   each_key_asks_for_one_thing_and_each_request_can_be_made);
    tcase_add_test(keys,
                   a_command_can_be_cut_short_while_it_is_the_only_one);
    tcase_add_test(keys, each_request_is_made_by_a_screen_of_the_tests);
    tcase_add_test(keys, the_manual_has_the_keys_that_there_are);
    suite_add_tcase(suite, keys);
    tcase_add_loop_test(
        keys, a_line_of_the_configuration_holds_or_its_mistake_is_placed, 0,
        COUNT(config_lines));
    tcase_add_test(keys, a_configuration_says_keys_colours_and_layout);
    tcase_add_test(keys, the_last_view_cannot_be_hidden);
    tcase_add_loop_test(stops,
                        conditions_are_read_or_their_mistake_is_placed, 0,
                        COUNT(conditions));
    tcase_add_loop_test(stops,
                        a_place_is_no_condition_and_its_condition_is_told, 0,
                        COUNT(places));
    tcase_add_loop_test(stops,
                        what_a_condition_names_and_the_trace_has_not_is_doubted,
                        0, COUNT(doubts));
    tcase_add_loop_test(stops,
                        what_a_whole_trace_never_comes_to_is_doubted,
                        0, COUNT(whole_doubts));
    tcase_add_test(stops, what_a_recording_without_an_end_has_not_may_come_yet);
    tcase_add_loop_test(stops,
                        conditions_hold_of_an_event_and_the_state_after_it, 0,
                        COUNT(truths));
    tcase_add_loop_test(stops, a_task_that_fails_is_an_exception, 0,
                        COUNT(ends_of_tasks));
    suite_add_tcase(suite, stops);
    tcase_set_timeout(steps, 120);
    tcase_add_loop_test(steps, a_move_and_its_inverse_end_on_the_same_screen,
                        0, COUNT(inverses));
    tcase_add_test(steps, where_one_came_from_does_not_show);
    tcase_add_loop_test(steps, tab_completes_what_is_typed, 0,
                        COUNT(completions));
    tcase_add_loop_test(steps, the_cursor_is_in_sight_in_whatever_is_typed, 0,
                        COUNT(cursors));
    tcase_add_loop_test(steps, marks_are_gone_to_from_anywhere, 0,
                        COUNT(marked));
    tcase_add_loop_test(steps, what_the_latest_event_changed_is_marked, 0,
                        COUNT(changes));
    tcase_add_loop_test(steps, a_watch_stops_where_its_value_changes, 0,
                        COUNT(watches));
    tcase_add_test(steps, a_watch_stops_both_ways_at_the_same_places);
    tcase_add_loop_test(steps, causes_are_followed_and_come_back_from, 0,
                        COUNT(causes));
    tcase_add_loop_test(steps, every_kind_of_event_has_a_sentence, 0,
                        AL_EVENT_COUNT);
    tcase_add_test(steps, every_event_has_a_sentence);
    tcase_add_loop_test(steps,
                        what_was_kept_is_read_or_its_mistake_is_placed, 0,
                        COUNT(kept));
    tcase_add_test(steps, what_is_kept_is_read_again_as_it_was);
    tcase_add_loop_test(steps, no_more_is_kept_than_can_be_read_again, 0,
                        (int)(sizeof much / sizeof *much));
    tcase_add_test(steps, a_recording_has_its_place_before_it_is_there);
    tcase_add_test(steps, each_trace_has_its_own_place);
    tcase_add_test(steps,
                   the_line_that_runs_is_edited_or_the_one_that_is_chosen);
    tcase_add_loop_test(steps, a_run_takes_its_time_and_comes_to_its_stop, 0,
                        COUNT(runs));
    tcase_add_test(steps, a_run_that_was_held_up_does_not_leap);
    tcase_add_test(steps, a_run_waits_for_whoever_writes_the_trace);
    tcase_add_loop_test(
        steps, who_stays_at_the_end_of_what_grows_is_told_when_it_is_over, 0, 2);
    tcase_add_test(steps, what_was_typed_comes_back_after_what_was_recalled);
    tcase_add_loop_test(steps, what_tab_left_behind_a_word_is_no_part_of_it, 0,
                        COUNT(tabbed));
    tcase_add_test(steps, what_is_marked_follows_from_the_position);
    tcase_add_loop_test(steps, a_border_is_dragged_and_back, 0,
                        COUNT(borders));
    tcase_add_test(steps, a_second_click_on_a_row_tells_its_story);
    tcase_add_test(steps, one_travels_along_the_timeline);
    tcase_add_test(steps, a_click_into_a_stall_leads_to_what_runs);
    tcase_add_test(steps, a_click_where_nothing_was_drawn_yet_does_no_harm);
    tcase_add_loop_test(steps, each_column_of_an_event_leads_to_it, 0,
                        sizeof columns_of_events / sizeof *columns_of_events);
    tcase_add_test(steps, a_line_leads_to_the_first_thing_it_names);
    tcase_add_test(steps,
                   a_line_of_a_story_that_is_pressed_twice_is_followed);
    tcase_add_loop_test(steps, a_search_in_a_text_goes_on_from_what_it_found, 0,
                        COUNT(searches));
    tcase_add_loop_test(steps, a_hostile_trace_is_looked_at_harmlessly, 0,
                        COUNT(hostile_looks));
    tcase_add_loop_test(steps, a_text_of_several_lines_is_one_in_a_row, 0,
                        COUNT(in_lines));
    tcase_add_loop_test(steps, what_differs_comes_into_sight, 0,
                        COUNT(parts));
    tcase_add_test(steps, a_huge_name_is_drawn_in_bounded_time);
    tcase_add_loop_test(steps,
                        hostile_texts_are_drawn_harmlessly_at_every_column, 0,
                        COUNT(hostile));
    suite_add_tcase(suite, steps);
    return suite;
}
