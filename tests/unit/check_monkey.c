/* check_monkey.c - keys at random, and what else a hand does: no keys do any
 * harm.
 *
 * What is pressed derives from the table of requests: a new one is pressed,
 * too.  All of it happens in a folder of its own, with copies of what is looked
 * at, for files are saved and exported by names that nobody thought of. */
#include <check.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "cli/step/stepper.h"
#include "cli/tui/request.h"
#include "cli/tui/view.h"
#include "loop/base/alloc.h"
#include "sim/base/sink.h"
#include "sim/base/whole_file.h"
#include "tests/unit/patience.h"
#include "tests/unit/suites.h"
#include "tests/unit/traces.h"

/* -- the folder --------------------------------------------------------------- */

static char folder[40];
static char *outside; /* where the tests are run */

static void enter_folder(void)
{
    strcpy(folder, "/tmp/check_monkey.XXXXXX");
    outside = getcwd(NULL, 0);
    ck_assert_ptr_nonnull(outside);
    ck_assert_ptr_nonnull(mkdtemp(folder));
    ck_assert_int_eq(chdir(folder), 0);
}

static void leave_folder(void)
{
    DIR *all = opendir(folder);
    const struct dirent *entry;

    while ((entry = readdir(all)) != NULL)
        unlink(entry->d_name);
    closedir(all);
    ck_assert_int_eq(chdir(outside), 0);
    free(outside);
    ck_assert_int_eq(rmdir(folder), 0);
}

static void copy_here(const char *path, const char *name)
{
    al_text from = {0};
    al_error err = {0};
    size_t length;
    char *bytes;

    al_text_add_format(&from, "%s/%s", outside, path);
    bytes = al_whole_file(from.bytes, 1 << 24, &length);
    ck_assert_msg(bytes != NULL, "%s", from.bytes);
    ck_assert(al_sink_write_file(name, bytes, length, &err));
    al_free(bytes);
    al_text_release(&from);
}

/* Of a scenario its trace, with the program beside it. */
static void put_here(const char *path, const char *name)
{
    const char *program = strrchr(path, '/') + 1;

    if (strstr(path, ".jsonl")) {
        copy_here(path, name);
        return;
    }
    copy_here(path, program);
    write_trace(program, open("new", O_WRONLY | O_CREAT | O_TRUNC, 0600));
    ck_assert_int_eq(rename("new", name), 0);
}

/* -- what is pressed ---------------------------------------------------------- */

/* What nobody would come to by chance. */
static const char *const phrases[] = {
    ":break compact<Enter>", ":break task<Tab><Enter>", ":break t > 2<Enter>",
    ":break late > 0.1<Enter>", ":watch heap<Enter>",
    ":watch task 't2'.awaits<Enter>", "gt2<Enter>", "ge40<Enter>",
    "g1.5s<Enter>", "/t2<Enter>", "?h<Enter>", ":diff other<Enter>",
    ":diff<Enter>", ":view tim<Enter>", ":speed 1000<Enter>", ":loop 2<Enter>",
    ":save! kept<Enter>", ":load kept<Enter>", ":reload<Enter>",
    ":export! view view.svg<Enter>", ":export! trace trace.jsonl<Enter>",
};

/* What is typed, besides letters that are keys.  Neither '.' nor, there, '/':
 * they would lead out of the folder.  <C-c> twice leaves the stepper. */
static const char typed[] = "0123456789 uy=é世<Backspace><Del><C-w><C-u><C-c>";

enum { MOST = 400 };

typedef struct monkey {
    char *acts[MOST];     /* keys in writing */
    int count;
    uint64_t random;
    int pressed;          /* acts so far */
    al_stepper *stepper;
    const char *path, *other; /* what "it", which is looked at, and "other" are
                                 at first */
} monkey;

static void learn(monkey *m, const char *keys)
{
    ck_assert_int_lt(m->count, MOST);
    m->acts[m->count++] = al_strdup(keys);
}

static void learn_each(monkey *m, const char *keys)
{
    while (*keys) {
        al_text name = {0};
        al_key key;

        keys = al_key_parse(keys, &key);
        al_key_add_name(&name, key);
        learn(m, name.bytes);
        al_text_release(&name);
    }
}

/* Each key that asks for something; of what has none the command, whose words
 * are to come.  All but what would leave too soon. */
static void learn_requests(monkey *m)
{
    for (int i = AL_REQ_NONE + 1; i < AL_REQ_COUNT; i++) {
        const al_request_spec *spec = &al_request_specs[i];
        al_text command = {0};

        if (i == AL_REQ_QUIT)
            continue;
        learn_each(m, spec->keys);
        al_text_add_format(&command, ":%s ", spec->name);
        if (!*spec->keys)
            learn(m, command.bytes);
        al_text_release(&command);
    }
}

static int below(monkey *m, int bound)
{
    m->random = m->random * UINT64_C(6364136223846793005) + 1;
    return (int)(m->random >> 33) % bound;
}

/* -- the stepper -------------------------------------------------------------- */

/* Somebody presses a key meanwhile, now and then. */
static bool loses_patience(void *self)
{
    return below(self, 50) == 0;
}

static bool edit(void *self, const char *path, size_t line, al_error *err)
{
    (void)self;
    (void)path;
    return line % 2 == 0 || al_fail(err, "'ed' ended with 1");
}

/* al_stepper_options.open. */
static al_history *open_trace(void *self, al_origin *origin, al_text *why)
{
    const al_history_options how = {.picks = al_view_log_picks, .spacing = 32};
    al_error err = {0};
    al_trace_reader *reader = al_trace_reader_open(origin->path, &err);
    al_history *history = reader ? al_history_new(reader, &how, &err) : NULL;

    (void)self;
    if (!history)
        al_text_add(why, err.message);
    return history;
}

static const struct {
    const char *path, *beside; /* NULL: none, at first */
} looks[] = {
    {"scenarios/dining-philosophers.json", NULL},
    {"scenarios/heap-compaction.json", NULL},
    {"scenarios/queue-slow-consumers.json", NULL},
    {"tests/commands/diff/base.json", "tests/commands/diff/extra.json"},
    {"tests/commands/diff/recorded-1.jsonl",
     "tests/commands/diff/recorded-2.jsonl"},
    {"tests/commands/diff/loops.jsonl",
     "tests/commands/diff/loops-by-turns.jsonl"},
};

/* With files as they were at first. */
static al_stepper *open_stepper(monkey *m, bool has_beside)
{
    al_stepper_options look = {
        .origin = {.path = "it"}, .glyphs = al_glyphs_of(below(m, 4) == 0),
        .session = "kept", .edit = edit, .open = open_trace,
        .patience = {.ends = loses_patience, .self = m},
    };
    al_text why = {0};
    al_stepper *s;

    put_here(m->path, "it");
    put_here(m->other, "other");
    s = al_stepper_new(open_trace(NULL, &look.origin, &why), &look);
    ck_assert(!has_beside || al_stepper_beside(s, "other", &why));
    al_text_release(&why);
    return s;
}

/* -- the monkey --------------------------------------------------------------- */

/* Of all that is looked at; more by AL_KEYS=100000, others by AL_SEED=2. */
static int number_in(const char *variable, int usual)
{
    const char *number = getenv(variable);

    return number ? atoi(number) : usual;
}

/* The caller's. */
static char *screen_of(monkey *m, const int size[2])
{
    al_screen screen = {0};
    al_text text = {0};

    al_screen_resize(&screen, size[0], size[1]);
    al_stepper_draw(m->stepper, &screen);
    al_screen_print(&screen, &text);
    al_screen_release(&screen);
    return al_text_take(&text);
}

/* Drawn again it is the same. */
static void draw(monkey *m)
{
    static const int sizes[][2] = {{100, 30}, {60, 20}, {200, 60}, {80, 24},
                                   {20, 5}, {1, 1}};
    const int *size = sizes[m->pressed / 50 % COUNT(sizes)];
    char *first = screen_of(m, size), *again = screen_of(m, size);

    if (strcmp(first, again) != 0)
        fprintf(stderr, "%s\n%s\n", first, again);
    ck_assert(strcmp(first, again) == 0);
    al_free(first);
    al_free(again);
}

static bool is_typing(const monkey *m)
{
    const al_screen any = {.width = 100, .height = 30};
    int x, y;

    return al_stepper_cursor(m->stepper, &any, &x, &y);
}

/* What is typed is answered before it becomes long. */
static const char *pick(monkey *m)
{
    static const char *const answers[] = {"<Enter>", "<Tab>", "<Esc>"};
    const char *keys = m->acts[below(m, m->count)];

    if (is_typing(m) && (*keys == '/' || below(m, 4) == 0))
        return answers[below(m, COUNT(answers))];
    return keys;
}

static void press(monkey *m, const char *keys)
{
    while (*keys) {
        al_key key;

        keys = al_key_parse(keys, &key);
        ck_assert_ptr_nonnull(keys);
        al_stepper_key(m->stepper, key);
    }
}

/* Time passes, the mouse moves, somebody else writes what is looked at anew: all
 * of it at times that have no common multiple soon. */
static void act(monkey *m)
{
    struct timespec before;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &before);
    press(m, pick(m));
    if (m->pressed % 2 == 0)
        al_stepper_work(m->stepper, false);
    if (m->pressed % 3 == 0)
        al_stepper_tick(m->stepper, 0.3);
    if (m->pressed % 5 == 0)
        draw(m);
    if (m->pressed % 7 == 0)
        al_stepper_mouse(m->stepper,
                         (al_mouse_act)below(m, AL_MOUSE_WHEEL_DOWN + 1),
                         below(m, 200), below(m, 60));
    if (m->pressed % 11 == 0)
        al_stepper_watch(m->stepper);
    if (m->pressed % 101 == 100)
        put_here(below(m, 2) ? m->path : m->other, "it");
    m->pressed++;
    check_prompt_answer(&before);
}

START_TEST(no_keys_do_any_harm)
{
    int keys = number_in("AL_KEYS", 12000) / COUNT(looks) + 1;
    const char *path = looks[_i].path, *beside = looks[_i].beside;
    monkey m = {.random = (uint64_t)number_in("AL_SEED", 1), .path = path,
                .other = beside ? beside : path};

    learn_requests(&m);
    learn_each(&m, typed);
    for (int i = 0; i < COUNT(phrases); i++)
        learn(&m, phrases[i]);
    while (m.pressed < keys) {
        m.stepper = open_stepper(&m, beside != NULL);
        while (m.pressed < keys && !al_stepper_is_over(m.stepper))
            act(&m);
        al_stepper_free(m.stepper);
    }
    for (int i = 0; i < m.count; i++)
        al_free(m.acts[i]);
}
END_TEST

Suite *monkey_suite(void)
{
    Suite *suite = suite_create("monkey");
    TCase *keys = tcase_create("keys");

    tcase_set_timeout(keys, 600);
    tcase_add_checked_fixture(keys, enter_folder, leave_folder);
    tcase_add_loop_test(keys, no_keys_do_any_harm, 0, COUNT(looks));
    suite_add_tcase(suite, keys);
    return suite;
}
