/* check_reload.c - the file that the stepper shows changes under it. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "cli/file_watch.h"
#include "cli/step/stepper.h"
#include "cli/tui/view.h"
#include "loop/base/alloc.h"
#include "sim/base/sink.h"
#include "sim/base/whole_file.h"
#include "tests/unit/suites.h"
#include "tests/unit/traces.h"

static char folder[] = "/tmp/check_reload.XXXXXX";
static char path[64], other[64];

static void set_up(void)
{
    strcpy(folder + strlen(folder) - 6, "XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/t.jsonl", folder);
    snprintf(other, sizeof other, "%s/other.jsonl", folder);
}

static void tear_down(void)
{
    unlink(path);
    unlink(other);
    ck_assert_int_eq(rmdir(folder), 0);
}

/* -- files ------------------------------------------------------------------- */

/* Under the same inode. */
static void write_to(const char *place, const char *mode, const char *bytes,
                     size_t length)
{
    FILE *file = fopen(place, mode);

    ck_assert_ptr_nonnull(file);
    ck_assert_uint_eq(fwrite(bytes, 1, length, file), length);
    ck_assert_int_eq(fclose(file), 0);
}

static void write_file(const char *text)
{
    write_to(path, "w", text, strlen(text));
}

static void append(const char *text)
{
    write_to(path, "a", text, strlen(text));
}

static void replace(const char *text)
{
    unlink(path);
    write_file(text);
}

static void unlink_it(const char *ignored)
{
    (void)ignored;
    unlink(path);
}

static const struct {
    void (*act)(const char *text);
    const char *text;
    al_file_change change;
} changes[] = {
    {append, "three\n", AL_FILE_GREW},
    {write_file, "one\ntwo\nthree\n", AL_FILE_GREW}, /* to the same effect */
    {write_file, "One\ntwo\nthree\n", AL_FILE_CHANGED},
    {write_file, "one\n", AL_FILE_CHANGED},
    {write_file, "", AL_FILE_CHANGED},
    {replace, "two\none\n", AL_FILE_CHANGED},
    {unlink_it, NULL, AL_FILE_GONE},
};

START_TEST(a_change_of_a_file_is_told_once)
{
    al_file_watch watch;

    write_file("one\ntwo\n");
    watch = al_file_watch_begin(path);
    ck_assert_int_eq(al_file_watch_look(&watch), AL_FILE_SAME);
    changes[_i].act(changes[_i].text);
    ck_assert_int_eq(al_file_watch_look(&watch), changes[_i].change);
    ck_assert_int_eq(al_file_watch_look(&watch), AL_FILE_SAME);
}
END_TEST

START_TEST(a_file_that_is_there_again_has_changed)
{
    al_file_watch watch;

    write_file("one\ntwo\n");
    watch = al_file_watch_begin(path);
    unlink(path);
    ck_assert_int_eq(al_file_watch_look(&watch), AL_FILE_GONE);
    write_file("one\ntwo\nthree\n");
    ck_assert_int_eq(al_file_watch_look(&watch), AL_FILE_CHANGED);
    append("four\n");
    ck_assert_int_eq(al_file_watch_look(&watch), AL_FILE_GREW);
}
END_TEST

START_TEST(what_is_no_plain_file_never_changes)
{
    al_file_watch watch = al_file_watch_begin("/dev/null");

    ck_assert_int_eq(al_file_watch_look(&watch), AL_FILE_SAME);
}
END_TEST

/* -- traces ------------------------------------------------------------------ */

/* Where so many lines end. */
static size_t length_of(const char *trace, int lines)
{
    const char *at = trace;

    while (lines-- > 0)
        at = strchr(at, '\n') + 1;
    return (size_t)(at - trace);
}

static int opened;

/* al_stepper_options.open. */
static al_history *open_trace(void *self, al_origin *origin, al_text *why)
{
    const al_history_options how = {.picks = al_view_log_picks, .spacing = 32};
    al_error err = {0};
    al_trace_reader *reader = al_trace_reader_open(origin->path, &err);

    (void)self;
    opened++;
    if (!reader)
        al_text_add(why, err.message);
    return reader ? al_history_new(reader, &how, &err) : NULL;
}

static void read_all(al_stepper *s)
{
    while (al_stepper_work(s, true))
        ;
}

static al_stepper *open_with(const al_stepper_options *look)
{
    al_origin origin = look->origin;
    al_text why = {0};
    al_stepper *s = al_stepper_new(open_trace(NULL, &origin, &why), look);

    read_all(s);
    return s;
}

static al_stepper *open_stepper(const al_config *config)
{
    const al_stepper_options look = {.origin = {.path = path},
                                     .config = config,
                                     .glyphs = al_glyphs_of(true),
                                     .open = open_trace};

    return open_with(&look);
}

enum { WIDTH = 200 }; /* every message fits into a line */

/* The caller's; without the message, of which a copy is made. */
static char *screen_of(al_stepper *s, char message[WIDTH + 1])
{
    al_screen screen = {0};
    al_text text = {0};
    char *lines, *last;

    al_screen_resize(&screen, WIDTH, 40);
    al_stepper_draw(s, &screen);
    al_screen_print(&screen, &text);
    al_screen_release(&screen);
    lines = al_text_take(&text);
    for (int i = 0; i < 2; i++) /* the newline, the keys */
        *strrchr(lines, '\n') = '\0';
    last = strrchr(lines, '\n');
    *last = '\0';
    if (message)
        snprintf(message, WIDTH + 1, "%s", last + 1);
    return lines;
}

static void check_says(al_stepper *s, const char *what)
{
    char message[WIDTH + 1], *lines = screen_of(s, message);

    ck_assert_msg(strstr(message, what), "'%s' has no '%s'", message, what);
    al_free(lines);
}

static void check_shows(al_stepper *s, const char *what)
{
    char *lines = screen_of(s, NULL);

    ck_assert_msg(strstr(lines, what), "no '%s' in\n%s", what, lines);
    al_free(lines);
}

START_TEST(what_is_read_anew_unchanged_shows_the_same_everywhere)
{
    char *trace = trace_of("scenarios/dining-philosophers.json");
    char *before, *after;
    al_stepper *s;

    write_file(trace);
    s = open_stepper(NULL);
    al_stepper_press(s, ":watch heap<Enter>:view tasks<Enter>jj++");
    for (int at = 0; at < 200; at++) {
        before = screen_of(s, NULL);
        al_stepper_press(s, ":reload<Enter>");
        check_says(s, "reloaded: ");
        after = screen_of(s, NULL);
        ck_assert_msg(strcmp(before, after) == 0, "%s\n%s", before, after);
        al_free(before);
        al_free(after);
        al_stepper_press(s, "s");
    }
    al_stepper_free(s);
    al_free(trace);
}
END_TEST

/* Where it stood, once it comes so far; unless somebody went elsewhere. */
static const struct {
    const char *keys; /* pressed while it is short */
    const char *there;
} meanwhile[] = {
    {"", "event 20/51"},
    {"jh<Esc>", "event 20/51"},
    {"S", "event 9/51"},
    {":go e4<Enter>:hel", "event 4/51"}, /* and something is being typed */
};

START_TEST(a_shorter_run_is_at_its_end_and_goes_on_as_it_grows)
{
    char *trace = trace_of("scenarios/ties.json");
    size_t length = length_of(trace, 11);
    al_stepper *s;

    write_file(trace);
    s = open_stepper(NULL);
    al_stepper_press(s, "20s");
    write_to(path, "w", trace, length);
    al_stepper_watch(s);
    read_all(s);
    check_says(s, "reloaded: 10 events, was 51");
    check_shows(s, "event 10/10");
    al_stepper_press(s, meanwhile[_i].keys);
    append(trace + length);
    al_stepper_watch(s);
    read_all(s);
    check_shows(s, meanwhile[_i].there);
    al_stepper_free(s);
    al_free(trace);
}
END_TEST

/* After it grew from 10 events to 30, and to 51. */
static const struct {
    const char *keys;
    const char *there, *then;
} tails[] = {
    {"G", "tail  iteration 2  1.0 s  event 30/30",
     "iteration 2  1.0 s  event 51/51"},
    {"$", "0.0 s  event 10/30", "event 10/51"},
    {"GjH<Tab>", "tail  iteration 2", "event 51/51"},
    {"GS", "0.0 s  event 9/30", "event 9/51"},
    {"b iteration == 2<Enter>G", "iteration 2  0.0 s  event 18/30",
     "event 18/51"},
};

START_TEST(at_the_tail_it_goes_on_as_the_trace_grows)
{
    char *trace = trace_of("scenarios/ties.json");
    size_t first = length_of(trace, 11), second = length_of(trace, 31);
    al_stepper *s;

    write_to(path, "w", trace, first);
    s = open_stepper(NULL);
    al_stepper_press(s, tails[_i].keys);
    write_to(path, "a", trace + first, second - first - 5);
    al_stepper_watch(s);
    read_all(s);
    write_to(path, "a", trace + second - 5, 5);
    al_stepper_watch(s);
    read_all(s);
    check_shows(s, tails[_i].there);
    append(trace + second);
    read_all(s);
    check_shows(s, tails[_i].then);
    al_stepper_free(s);
    al_free(trace);
}
END_TEST

static const struct {
    const char *end; /* of a trace, after its 10th event */
    const char *says;
    bool is_tail;
} ends[] = {
    {"{\"e\":\"run\",\"t\":0", "the end so far, within a line", true},
    {"{\"e\":\"run\"}\n", "the trace ends here: ", false},
    {"{\"e\":\"end\",\"t\":0,\"reason\":\"done\"}\n", "this run is over", false},
    {"", "the end so far: it stays there", true},
};

START_TEST(there_is_no_tail_where_nothing_can_come)
{
    char *trace = trace_of("scenarios/ties.json"), *screen;
    al_stepper *s;

    write_to(path, "w", trace, length_of(trace, 11));
    append(ends[_i].end);
    s = open_stepper(NULL);
    al_stepper_press(s, "G");
    check_says(s, ends[_i].says);
    screen = screen_of(s, NULL);
    ck_assert((strstr(screen, "tail  ") != NULL) == ends[_i].is_tail);
    al_free(screen);
    al_stepper_free(s);
    al_free(trace);
}
END_TEST

/* It is opened once. */
START_TEST(one_that_is_written_anew_and_grows_is_read_on)
{
    char *trace = trace_of("scenarios/ties.json");
    size_t length = length_of(trace, 11);
    al_stepper *s;
    int before;

    write_file(trace);
    s = open_stepper(NULL);
    write_to(path, "w", trace, length);
    al_stepper_watch(s);
    before = opened;
    append(trace + length);
    al_stepper_watch(s);
    read_all(s);
    ck_assert_int_eq(opened, before);
    check_shows(s, "event 0/51");
    al_stepper_free(s);
    al_free(trace);
}
END_TEST

/* The numbers of its lines are of the run that was. */
START_TEST(what_is_told_of_the_old_run_is_closed)
{
    char *trace = trace_of("scenarios/ties.json");
    al_stepper *s;

    write_file(trace);
    s = open_stepper(NULL);
    al_stepper_press(s, "20s:view ready<Enter>j<Enter>");
    check_shows(s, "- h4 ");
    al_stepper_press(s, ":reload<Enter>");
    check_shows(s, "Scheduled");
    al_stepper_press(s, ":help<Enter>:reload<Enter>");
    check_shows(s, "Moving");
    al_stepper_free(s);
    al_free(trace);
}
END_TEST

static bool has_ended(void *self)
{
    (void)self;
    return true;
}

/* A search asks now and then whether to go on: the mark is beyond that, all in
 * one moment. */
static const char long_moment[] =
    "{\"scenario\": 1, \"functions\": {\"main\": {\"async\": true, \"body\": [\n"
    "  {\"for\": \"i\", \"in\": \"range(1500)\", \"do\": [\n"
    "    {\"await\": {\"sleep\": 0}}]}\n"
    "]}}}";

START_TEST(a_mark_that_is_not_found_in_time_stays)
{
    const al_stepper_options look = {.origin = {.path = path},
                                     .glyphs = al_glyphs_of(true),
                                     .patience = {.ends = has_ended},
                                     .open = open_trace};
    char *trace = trace_of_text(long_moment);
    al_stepper *s;

    write_file(trace);
    s = open_with(&look);
    al_stepper_press(s, ":go e5000<Enter>~:go e1<Enter>:reload<Enter>");
    check_says(s, "reloaded: ");
    al_stepper_press(s, ":marks<Enter>");
    check_shows(s, "event 5000 ");
    al_stepper_free(s);
    al_free(trace);
}
END_TEST

static const struct {
    int lines; /* of the trace that are left */
    const char *more;
    const char *said;
} broken[] = {
    {0, "", "not reloaded: "},
    {0, "{\"scenario\": 1", "not reloaded: "},
    {20, "{\"e\":\"ra", ":21:"},
    {20, "{}\n", ":21:"},
};

/* Under the same inode, where nothing of it is left. */
START_TEST(what_is_lost_of_a_run_is_told)
{
    char *trace = trace_of("scenarios/dining-philosophers.json");
    al_stepper *s;

    write_file(trace);
    s = open_stepper(NULL);
    al_stepper_press(s, "$");
    ck_assert_int_eq(truncate(path, (off_t)length_of(trace, 20)), 0);
    al_stepper_press(s, "S");
    check_says(s, "what was read is there no more");
    al_stepper_press(s, "s");
    check_says(s, "what was read is there no more");
    al_stepper_free(s);
    al_free(trace);
}
END_TEST

START_TEST(a_run_that_is_broken_leaves_the_old_one)
{
    char *trace = trace_of("scenarios/ties.json"), *before, *after;
    al_text text = {0};
    al_stepper *s;

    write_file(trace);
    s = open_stepper(NULL);
    al_stepper_press(s, "30s");
    before = screen_of(s, NULL);
    al_text_add_bytes(&text, trace, length_of(trace, broken[_i].lines));
    al_text_add(&text, broken[_i].more);
    replace(al_text_peek(&text));
    al_stepper_watch(s);
    read_all(s);
    check_says(s, broken[_i].said);
    check_shows(s, "changed  iteration 2  1.0 s  event 30/51");
    after = screen_of(s, NULL);
    ck_assert_str_eq(strchr(before, '\n'), strchr(after, '\n'));
    al_free(after);
    replace(trace);
    al_stepper_watch(s);
    read_all(s);
    check_says(s, "reloaded: 51 events, as before");
    after = screen_of(s, NULL);
    ck_assert_str_eq(before, after);
    al_free(before);
    al_free(after);
    al_text_release(&text);
    al_stepper_free(s);
    al_free(trace);
}
END_TEST

/* Byte by byte, but for half a line; or not at all. */
START_TEST(what_is_exported_is_what_was_read)
{
    static const char half[] = "{\"e\":\"run\",\"t\":";
    char *trace = trace_of("scenarios/ties.json"), *written;
    size_t length = length_of(trace, 31), its;
    al_text keys = {0};
    al_stepper *s;

    write_to(path, "w", trace, length);
    append(half);
    s = open_stepper(NULL);
    al_text_add_format(&keys, ":export trace %s<Enter>", other);
    al_stepper_press(s, keys.bytes);
    check_says(s, "exported 30 events");
    written = al_whole_file(other, 1 << 20, &its);
    ck_assert_ptr_nonnull(written);
    ck_assert_uint_eq(its, length);
    ck_assert_int_eq(memcmp(written, trace, length), 0);
    unlink(other);
    write_to(path, "w", trace, length - 20);
    al_stepper_press(s, keys.bytes);
    check_says(s, "what was read is there no more");
    ck_assert_int_ne(access(other, F_OK), 0);
    al_stepper_free(s);
    al_text_release(&keys);
    al_free(written);
    al_free(trace);
}
END_TEST

/* The trace, and the same again beside it; a file that changes is shown as it
 * was. */
static al_stepper *open_twice(const char *trace)
{
    static const al_config config = {.keeps_old = true};
    al_text diff = {0};
    al_stepper *s;

    write_file(trace);
    write_to(other, "w", trace, strlen(trace));
    s = open_stepper(&config);
    al_text_add_format(&diff, ":diff %s<Enter>", other);
    al_stepper_press(s, diff.bytes);
    read_all(s);
    al_text_release(&diff);
    return s;
}

START_TEST(a_half_whose_file_changed_says_so)
{
    char *trace = trace_of("scenarios/ties.json");
    al_stepper *s = open_twice(trace);

    write_to(other, "w", trace, length_of(trace, 11));
    al_stepper_watch(s);
    check_shows(s, "t.jsonl  event 0/51");
    check_shows(s, "other.jsonl  changed  event 0");
    al_stepper_free(s);
    al_free(trace);
}
END_TEST

/* It is asked to go back where it is drawn, after the key. */
START_TEST(what_is_lost_of_the_half_beside_is_told)
{
    char *trace = trace_of("scenarios/dining-philosophers.json");
    al_stepper *s = open_twice(trace);
    al_text text = {0};

    al_stepper_press(s, "$");
    check_shows(s, "other.jsonl  event 407");
    write_to(other, "w", trace, length_of(trace, 20));
    al_stepper_press(s, "S");
    al_free(screen_of(s, NULL));
    al_stepper_work(s, false);
    al_text_add_format(&text, "what was read of %s is there no more", other);
    check_says(s, text.bytes);
    al_stepper_free(s);
    al_text_release(&text);
    al_free(trace);
}
END_TEST

START_TEST(one_may_keep_the_old_run)
{
    char *trace = trace_of("scenarios/ties.json");
    const al_config config = {.keeps_old = true};
    al_stepper *s;

    write_file(trace);
    s = open_stepper(&config);
    write_to(path, "w", trace, length_of(trace, 11));
    al_stepper_watch(s);
    read_all(s);
    check_says(s, "the file has changed: :reload shows it");
    check_shows(s, "changed  event 0/51");
    al_stepper_press(s, ":reload<Enter>");
    check_shows(s, "t.jsonl  event 0/10");
    unlink(path);
    al_stepper_watch(s);
    check_says(s, "the file was removed");
    check_shows(s, "changed  event 0/10");
    al_stepper_free(s);
    al_free(trace);
}
END_TEST


/* Another run, in which three lines were logged at first. */
static const struct {
    const char *keys;
    const char *there; /* in the status */
} places[] = {
    {"", "event 0/54"},
    {"1s", "event 1/54"},
    {"3s", "event 3/54"},  /* in the same moment as what is logged */
    {"5s", "event 8/54"},  /* where the first iteration begins */
    {"20s", "event 23/54"},
    {"$", "event 54/54"},
};

static char *with_three_lines_logged(const char *trace)
{
    static const char logged[] = "{\"e\":\"log\",\"t\":0.0,\"text\":\"x\"}\n";
    al_text longer = {0};

    al_text_add_bytes(&longer, trace, length_of(trace, 2));
    for (int i = 0; i < 3; i++)
        al_text_add(&longer, logged);
    al_text_add(&longer, trace + length_of(trace, 2));
    return al_text_take(&longer);
}

START_TEST(in_another_run_it_is_the_event_of_the_same_moment)
{
    char *trace = trace_of("scenarios/ties.json");
    char *longer = with_three_lines_logged(trace);
    al_stepper *s;

    write_file(trace);
    s = open_stepper(NULL);
    al_stepper_press(s, places[_i].keys);
    write_file(longer);
    al_stepper_press(s, ":reload<Enter>");
    check_says(s, "reloaded: 54 events, was 51");
    check_shows(s, places[_i].there);
    al_stepper_free(s);
    al_free(longer);
    al_free(trace);
}
END_TEST

/* In place; both are of the same length. */
static void exchange(char *trace, const char *a, const char *b)
{
    for (char *at = trace; *at; at++) {
        bool is_a = strncmp(at, a, strlen(a)) == 0;

        if (is_a || strncmp(at, b, strlen(b)) == 0)
            memcpy(at, is_a ? b : a, strlen(a));
    }
}

START_TEST(what_was_set_stays_and_a_task_is_found_by_its_name)
{
    char *trace = trace_of("scenarios/dining-philosophers.json");
    al_stepper *s;

    write_file(trace);
    s = open_stepper(NULL);
    al_stepper_press(s, "48s~:break heap > 3<Enter>:watch ready<Enter>"
                     ":view log<Enter>x:view tasks<Enter>"
                     "/philosopher 1<Enter><Esc>");
    check_shows(s, "event 48/");
    al_stepper_press(s, "<Enter>");
    check_shows(s, "- t3 ");
    al_stepper_press(s, "<Esc>10s");
    exchange(trace, "philosopher 1", "philosopher 3");
    write_file(trace);
    al_stepper_press(s, ":reload<Enter>");
    check_shows(s, "event 58/");
    check_shows(s, "2 ready ");
    al_stepper_press(s, "<Enter>");
    check_shows(s, "- t5 ");
    al_stepper_press(s, "<Esc>:breakpoints<Enter>");
    check_shows(s, "heap > 3");
    al_stepper_press(s, "<Esc>\"");
    check_shows(s, "event 48/");
    al_stepper_free(s);
    al_free(trace);
}
END_TEST

/* The same run, in another file on the right. */
static al_stepper *open_two(const char *trace)
{
    al_text why = {0};
    al_stepper *s;

    write_file(trace);
    s = open_stepper(NULL);
    write_to(other, "w", trace, strlen(trace));
    ck_assert(al_stepper_beside(s, other, &why));
    read_all(s);
    return s;
}

START_TEST(of_two_runs_the_left_ones_marks_are_kept)
{
    char *trace = trace_of("scenarios/ties.json"), *kept;
    al_stepper *s = open_two(trace);
    char save[80], place[64];
    size_t length;

    snprintf(place, sizeof place, "%s/kept", folder);
    snprintf(save, sizeof save, ":save %s<Enter>", place);
    al_stepper_press(s, "5s~<Tab><Tab><Tab>3s~");
    al_stepper_press(s, save);
    kept = al_whole_file(place, 1000, &length);
    ck_assert_ptr_nonnull(strstr(kept, "mark 5"));
    ck_assert_ptr_null(strstr(kept, "mark 8"));
    check_shows(s, "event 8 ");
    unlink(place);
    al_free(kept);
    al_stepper_free(s);
    al_free(trace);
}
END_TEST

START_TEST(kept_marks_go_to_their_moment_in_another_run)
{
    const al_stepper_options look = {.origin = {.path = path},
                                     .session = other,
                                     .glyphs = al_glyphs_of(true),
                                     .open = open_trace};
    char *trace = trace_of("scenarios/ties.json"), save[80];
    char *longer = with_three_lines_logged(trace);
    size_t some = length_of(longer, 11);
    al_stepper *s;

    snprintf(save, sizeof save, ":save %s<Enter>", other);
    write_file(trace);
    s = open_stepper(NULL);
    al_stepper_press(s, "20s~");
    al_stepper_press(s, save);
    al_stepper_free(s);
    s = open_with(&look);
    check_says(s, "loaded 0 breakpoints and 1 mark:");
    al_stepper_press(s, "'");
    check_shows(s, "event 20/51");
    al_stepper_free(s);

    write_to(path, "w", longer, some); /* it grows */
    s = open_with(&look);
    check_says(s, "loaded 0 breakpoints and 1 mark:");
    append(longer + some);
    read_all(s);
    check_says(s, "of another run: they stand at the same times of this");
    check_shows(s, "event 0/54");
    al_stepper_press(s, "'");
    check_shows(s, "event 23/54");
    al_stepper_free(s);
    al_free(longer);
    al_free(trace);
}
END_TEST

/* Each half is watched, and keeps what it knows of its file, whichever of them
 * is driven. */
START_TEST(of_two_runs_each_is_read_anew_where_it_changes)
{
    char *trace = trace_of("scenarios/ties.json");
    al_stepper *s = open_two(trace);
    size_t length = length_of(trace, 40);

    al_stepper_press(s, _i % 2 ? "5s" : "5s<Tab><Tab><Tab>");
    check_shows(s, "no difference in ");
    write_to(_i < 2 ? path : other, "w", trace, length);
    al_stepper_watch(s);
    read_all(s);
    check_says(s, "jsonl: 39 events, was 51");
    check_shows(s, "1 to come, the first");
    write_to(_i < 2 ? path : other, "a", trace + length,
             strlen(trace + length));
    al_stepper_watch(s);
    read_all(s);
    check_shows(s, "no difference in ");
    al_stepper_free(s);
    al_free(trace);
}
END_TEST

START_TEST(of_two_runs_either_can_be_read_anew)
{
    char *trace = trace_of("scenarios/ties.json");
    al_stepper *s = open_two(trace);

    al_stepper_press(s, "20s<Tab><Tab><Tab>"); /* to the half on the right */
    write_to(other, "w", trace, length_of(trace, 40));
    al_stepper_press(s, ":reload<Enter>");
    read_all(s);
    check_shows(s, "1 to come, the first");
    check_says(s, "jsonl: 39 events, was 51");
    al_stepper_press(s, ":diff<Enter>");
    check_shows(s, "event 20/51");
    al_stepper_free(s);
    al_free(trace);
}
END_TEST

Suite *reload_suite(void)
{
    Suite *suite = suite_create("reload");
    TCase *files = tcase_create("files"), *runs = tcase_create("runs");

    tcase_add_checked_fixture(files, set_up, tear_down);
    tcase_add_loop_test(files, a_change_of_a_file_is_told_once, 0,
                        COUNT(changes));
    tcase_add_test(files, a_file_that_is_there_again_has_changed);
    tcase_add_test(files, what_is_no_plain_file_never_changes);
    suite_add_tcase(suite, files);
    tcase_add_checked_fixture(runs, set_up, tear_down);
    tcase_set_timeout(runs, 120);
    tcase_add_test(runs,
                   what_is_read_anew_unchanged_shows_the_same_everywhere);
    tcase_add_loop_test(runs,
                        a_shorter_run_is_at_its_end_and_goes_on_as_it_grows,
                        0, COUNT(meanwhile));
    tcase_add_loop_test(runs, there_is_no_tail_where_nothing_can_come, 0,
                        COUNT(ends));
    tcase_add_test(runs, of_two_runs_the_left_ones_marks_are_kept);
    tcase_add_test(runs, kept_marks_go_to_their_moment_in_another_run);
    tcase_add_loop_test(runs, at_the_tail_it_goes_on_as_the_trace_grows, 0,
                        COUNT(tails));
    tcase_add_test(runs, one_that_is_written_anew_and_grows_is_read_on);
    tcase_add_test(runs, what_is_told_of_the_old_run_is_closed);
    tcase_add_test(runs, a_mark_that_is_not_found_in_time_stays);
    tcase_add_loop_test(runs, a_run_that_is_broken_leaves_the_old_one, 0,
                        COUNT(broken));
    tcase_add_test(runs, what_is_exported_is_what_was_read);
    tcase_add_test(runs, what_is_lost_of_a_run_is_told);
    tcase_add_test(runs, a_half_whose_file_changed_says_so);
    tcase_add_test(runs, what_is_lost_of_the_half_beside_is_told);
    tcase_add_test(runs, one_may_keep_the_old_run);
    tcase_add_loop_test(runs,
                        in_another_run_it_is_the_event_of_the_same_moment, 0,
                        COUNT(places));
    tcase_add_test(runs, what_was_set_stays_and_a_task_is_found_by_its_name);
    tcase_add_loop_test(runs, of_two_runs_each_is_read_anew_where_it_changes, 0,
                        4);
    tcase_add_test(runs, of_two_runs_either_can_be_read_anew);
    suite_add_tcase(suite, runs);
    return suite;
}
