/* check_history.c - a trace gone through in both directions. */
#include <check.h>
#include <fcntl.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "loop/base/alloc.h"
#include "loop/base/text.h"
#include "sim/base/region.h"
#include "sim/scenario/scenario.h"
#include "sim/trace/history.h"
#include "sim/trace/line.h"
#include "sim/trace/picks.h"
#include "tests/unit/suites.h"
#include "tests/unit/traces.h"

/* -- regions ---------------------------------------------------------------- */

enum { OBJECTS = 300 };

static void fill(al_region *region, char **objects, size_t size, char with)
{
    al_allocator outside = al_set_allocator(al_region_allocator(region));

    for (size_t i = 0; i < OBJECTS; i++) {
        objects[i] = al_realloc(objects[i], size + i);
        memset(objects[i], with, size + i);
    }
    al_set_allocator(outside);
}

static bool holds(char *const *objects, size_t size, char what)
{
    for (size_t i = 0; i < OBJECTS; i++) {
        for (size_t k = 0; k < size + i; k++) {
            if (objects[i][k] != what)
                return false;
        }
    }
    return true;
}

START_TEST(an_image_brings_back_every_byte_and_what_is_free)
{
    al_region *region = al_region_new();
    al_region_image *first, *second;
    char **objects;
    char *before[OBJECTS], *again[OBJECTS];
    al_allocator outside;

    ck_assert_ptr_nonnull(region);
    outside = al_set_allocator(al_region_allocator(region));
    objects = al_alloc_zero(OBJECTS, sizeof *objects);
    al_set_allocator(outside);
    fill(region, objects, 10, 'a');
    first = al_region_save(region, NULL);
    fill(region, objects, 5000, 'b');
    memcpy(before, objects, sizeof before);
    second = al_region_save(region, first);

    al_region_restore(region, first);
    ck_assert(holds(objects, 10, 'a'));
    fill(region, objects, 5000, 'c'); /* the same steps: the same addresses */
    memcpy(again, objects, sizeof again);
    ck_assert_mem_eq(before, again, sizeof before);
    al_region_restore(region, second);
    ck_assert(holds(objects, 5000, 'b'));

    al_region_image_free(first);
    al_region_restore(region, second); /* shares nothing that went with it */
    ck_assert(holds(objects, 5000, 'b'));
    al_region_image_free(second);
    ck_assert_uint_eq(al_region_images_size(region), 0);
    first = al_region_save(region, NULL); /* takes what the others left */
    fill(region, objects, 5000, 'd');
    al_region_restore(region, first);
    ck_assert(holds(objects, 5000, 'b'));
    al_region_image_free(first);
    al_region_free(region);
}
END_TEST

START_TEST(images_share_what_did_not_change)
{
    al_region *region = al_region_new();
    al_allocator outside = al_set_allocator(al_region_allocator(region));
    char *large = al_alloc(1 << 20);
    al_region_image *images[2];
    size_t one;

    al_set_allocator(outside);
    memset(large, 'x', 1 << 20);
    images[0] = al_region_save(region, NULL);
    one = al_region_images_size(region);
    large[1 << 19] = 'y';
    images[1] = al_region_save(region, images[0]);
    ck_assert_uint_lt(al_region_images_size(region), one + one / 10);
    al_region_restore(region, images[0]);
    ck_assert_int_eq(large[1 << 19], 'x');
    al_region_restore(region, images[1]);
    ck_assert_int_eq(large[1 << 19], 'y');
    al_region_image_free(images[0]);
    al_region_image_free(images[1]);
    al_region_free(region);
}
END_TEST

/* -- everything a state says, as text ----------------------------------------- */

static void add_handle(al_text *out, const al_traced *h)
{
    al_text_add_format(out, " h%d %s(%s) %g%s%s", (int)h->id, h->callback,
                       h->args ? h->args : "", h->when,
                       h->is_cancelled ? " cancelled" : "",
                       h->is_running ? " running" : "");
}

static void add_loop(al_text *out, const al_loop_state *loop)
{
    al_text_add_format(out, "l%d %d t=%g n=%d timeout=%g heap", (int)loop->number,
                       (int)loop->phase, loop->time, (int)loop->iteration,
                       loop->timeout);
    for (size_t i = 0; i < loop->heap.count; i++)
        add_handle(out, loop->heap.entries[i].item);
    al_text_add_format(out, " cancelled %d ready", (int)loop->cancelled);
    for (size_t i = 0; i < loop->ring_count; i++)
        add_handle(out, al_loop_state_ready(loop, i));
    for (const al_watched *w = loop->watches; w; w = w->next)
        al_text_add_format(out, " watches %s", w->fd ? w->fd : "a signal");
    al_text_add_char(out, '\n');
}

static void add_tasks(al_text *out, const al_state *state)
{
    const al_traced_task *t = NULL;

    while ((t = al_state_next_task(state, t)) != NULL) {
        const char *name = al_shared_name_text(t->name);

        al_text_add_format(out, "t%d %s %s %d waits %d since %g at %s by h%d "
                           "cancelling %d\n", (int)t->future.id,
                           name ? name : "?", t->coroutine,
                           (int)al_traced_task_doing(t),
                           t->waits ? (int)t->waits->id : 0, t->waits_since,
                           t->where ? t->where : "?", (int)t->future.by,
                           (int)t->cancelling);
    }
}

static void add_primitives(al_text *out, const al_state *state)
{
    const al_traced_primitive *p = NULL;

    while ((p = al_state_next_primitive(state, p)) != NULL) {
        al_text_add_format(out, "p%d %s %s:", (int)p->id, p->type,
                           p->state ? p->state : "?");
        for (const al_traced_future *f = p->waiters.first; f;
             f = f->next_waiter)
            al_text_add_format(out, " f%d", (int)f->id);
        al_text_add_char(out, '\n');
    }
}

/* The caller's. */
static char *describe(const al_event *event, const al_state *state)
{
    const al_counts *counts = al_state_counts(state);
    al_trace_lines lines = {0};
    al_text *out = &lines.text;

    if (event)
        al_trace_lines_add(&lines, event);
    for (size_t i = 0; i < al_state_loop_count(state); i++)
        add_loop(out, al_state_loop_at(state, i));
    add_tasks(out, state);
    add_primitives(out, state);
    al_text_add_format(out, "%d events, %d oddities, %d runs, %d handles\n",
                       (int)counts->events, (int)counts->oddities,
                       (int)counts->runs, (int)al_state_handle_count(state));
    return out->bytes;
}

/* -- traces ------------------------------------------------------------------- */

typedef struct tale { /* a trace, and what it comes to after each event */
    char path[32];
    char **states;
    size_t count, capacity;
} tale;

static void add_state(tale *t, const al_event *event, const al_state *state)
{
    t->states = al_grow(t->states, &t->capacity, t->count + 1,
                        sizeof *t->states);
    t->states[t->count++] = describe(event, state);
}

static al_trace_reader *open_trace(const char *path)
{
    al_error err = {0};
    al_trace_reader *reader = al_trace_reader_open(path, &err);

    ck_assert_msg(reader != NULL, "%s", err.message);
    return reader;
}

static tale tell(const char *scenario_path)
{
    tale t = {.path = "/tmp/check_history.XXXXXX"};
    al_state *state = al_state_new(NULL);
    al_trace_reader *reader;
    al_event event;
    al_error err = {0};

    write_trace(scenario_path, mkstemp(t.path));
    reader = open_trace(t.path);
    add_state(&t, NULL, state);
    while (al_trace_reader_next(reader, &event, &err) == AL_TRACE_EVENT) {
        al_state_apply(state, &event);
        add_state(&t, &event, state);
    }
    al_trace_reader_free(reader);
    al_state_free(state);
    return t;
}

static void forget(tale *t)
{
    unlink(t->path);
    for (size_t i = 0; i < t->count; i++)
        al_free(t->states[i]);
    al_free(t->states);
}

static void check_here(const al_history *h, const tale *t)
{
    char *here = describe(al_history_event(h), al_history_state(h));

    ck_assert_uint_lt(al_history_at(h), t->count);
    ck_assert_str_eq(here, t->states[al_history_at(h)]);
    al_free(here);
}

/* -- moving -------------------------------------------------------------------- */

static const al_history_options options[] = {
    {0},
    {.spacing = 3},
    {.spacing = 5, .budget = 1}, /* as few images as it goes */
    {.spacing = 1, .budget = 1 << 18},
};

static void wander(al_history *h, const tale *t, unsigned seed)
{
    for (int i = 0; i < 60; i++) {
        uint64_t known = al_history_known(h);

        seed = seed * 1103515245 + 12345;
        switch (seed >> 16 & 3) {
        case 0:
            al_history_read_on(h, seed >> 20 & 31);
            ck_assert_uint_ge(al_history_known(h), known);
            break;
        case 1:
            if (al_history_at(h) > 0)
                ck_assert(al_history_go(h, al_history_at(h) - 1));
            break;
        case 2:
            al_history_go(h, al_history_at(h) + 1);
            break;
        default:
            al_history_go(h, (seed >> 18) % (t->count + 3));
        }
        check_here(h, t);
    }
}

static void check_scenario(const char *path)
{
    tale t = tell(path);

    for (int i = 0; i < COUNT(options); i++) {
        al_error err = {0};
        al_history *h = al_history_new(open_trace(t.path), &options[i], &err);

        check_here(h, &t);
        wander(h, &t, (unsigned)t.count + (unsigned)i);
        ck_assert(!al_history_go(h, UINT64_MAX));
        ck_assert_uint_eq(al_history_at(h), t.count - 1);
        ck_assert(al_history_is_complete(h));
        check_here(h, &t);
        wander(h, &t, (unsigned)i);
        al_history_limit(h, 1); /* lets go of images on the way */
        check_here(h, &t);
        wander(h, &t, (unsigned)i + 9);
        al_history_limit(h, 0);
        wander(h, &t, (unsigned)i + 11);
        al_history_free(h);
    }
    forget(&t);
}

START_TEST(wherever_it_goes_it_shows_what_folding_from_the_start_gives)
{
    glob_t found;

    ck_assert_int_eq(glob("scenarios/*.json", 0, NULL, &found), 0);
    for (size_t i = (size_t)_i; i < found.gl_pathc; i += 8) {
        if (!strstr(found.gl_pathv[i], ".schema."))
            check_scenario(found.gl_pathv[i]);
    }
    globfree(&found);
}
END_TEST

START_TEST(what_comes_by_a_pipe_is_gone_through_as_well)
{
    tale t = tell("scenarios/dining-philosophers.json");
    int trace = open(t.path, O_RDONLY | O_CLOEXEC), ends[2];
    al_error err = {0};
    al_history *h;
    char bytes[1 << 16];
    ssize_t length = read(trace, bytes, sizeof bytes);

    ck_assert_int_eq(pipe(ends), 0);
    ck_assert_int_gt((int)length, 0);
    ck_assert_int_lt((int)length, (int)sizeof bytes);
    ck_assert_int_eq((int)write(ends[1], bytes, 2000), 2000);
    h = al_history_new(al_trace_reader_go_on("", 0, ends[0], &err), NULL,
                       &err);
    ck_assert_ptr_nonnull(h);
    while (!al_history_must_wait(h))
        ck_assert(al_history_read_on(h, 1));
    ck_assert_uint_gt(al_history_known(h), 1);
    check_here(h, &t);
    ck_assert_int_eq((int)write(ends[1], bytes + 2000, (size_t)length - 2000),
                     (int)length - 2000);
    close(ends[1]);
    wander(h, &t, 7);
    al_history_go(h, UINT64_MAX);
    check_here(h, &t);
    al_history_free(h);
    close(ends[0]);
    close(trace);
    forget(&t);
}
END_TEST

/* -- looking for something ------------------------------------------------------ */

static bool is_run(const al_event *event, const al_state *state, void *self)
{
    (void)state;
    ++*(int *)self;
    return event->kind == AL_EVENT_RUN;
}

START_TEST(a_search_back_finds_what_a_search_on_found)
{
    tale t = tell("scenarios/dining-philosophers.json");

    for (int i = 0; i < COUNT(options); i++) {
        al_error err = {0};
        al_history *h = al_history_new(open_trace(t.path), &options[i], &err);
        uint64_t places[1000];
        size_t count = 0;
        int asked = 0;
        al_history_search search = {.test = is_run, .self = &asked};

        while (al_history_find(h, &search)) {
            check_here(h, &t);
            places[count++] = al_history_at(h);
        }
        ck_assert_uint_gt(count, 10);
        ck_assert_int_eq(asked, (int)t.count - 1);
        check_here(h, &t);
        for (size_t k = count; k-- > 0;) {
            ck_assert(al_history_find_back(h, &search));
            ck_assert_uint_eq(al_history_at(h), places[k]);
            check_here(h, &t);
        }
        ck_assert(!al_history_find_back(h, &search));
        ck_assert_uint_eq(al_history_at(h), 0);

        search.count = 7;
        ck_assert(al_history_find(h, &search));
        ck_assert_uint_eq(al_history_at(h), places[6]);
        al_history_go(h, UINT64_MAX);
        ck_assert(al_history_find_back(h, &search));
        ck_assert_uint_eq(al_history_at(h), places[count - 7]);
        check_here(h, &t);

        search.count = count; /* more than there are either way from here */
        ck_assert(!al_history_find_back(h, &search));
        ck_assert_uint_eq(search.found, count - 7);
        ck_assert_uint_eq(search.last, places[0]);
        al_history_go(h, places[0]);
        ck_assert(!al_history_find(h, &search));
        ck_assert_uint_eq(search.found, count - 1);
        ck_assert_uint_eq(search.last, places[count - 1]);
        al_history_free(h);
    }
    forget(&t);
}
END_TEST

START_TEST(a_trace_that_is_cut_off_can_be_gone_through_up_to_there)
{
    tale t = tell("scenarios/dining-philosophers.json");
    al_error err = {0};
    al_history *h;

    ck_assert_int_eq(truncate(t.path, 3000), 0);
    h = al_history_new(open_trace(t.path), NULL, &err);
    ck_assert_ptr_null(al_history_error(h));
    ck_assert(!al_history_go(h, UINT64_MAX));
    ck_assert_ptr_nonnull(al_history_error(h));
    ck_assert_uint_gt(al_history_at(h), 5);
    check_here(h, &t);
    ck_assert(al_history_go(h, 3));
    check_here(h, &t);
    al_history_free(h);
    forget(&t);
}
END_TEST

/* -- what is picked --------------------------------------------------------------- */

typedef struct runs {
    uint64_t at[1000];
    size_t count;
} runs;

static bool picks_runs(const al_event *event)
{
    return event->kind == AL_EVENT_RUN;
}

static void add_if_run(void *self, uint64_t at, const al_event *event)
{
    runs *r = self;

    if (picks_runs(event))
        r->at[r->count++] = at;
}

/* Wherever it stands, and whatever was looked at before. */
static void check_picks(al_history *h, const runs *r, unsigned seed)
{
    for (int i = 0; i < 200; i++) {
        uint64_t index, at;
        size_t before = 0;

        seed = seed * 1103515245 + 12345;
        al_history_go(h, (seed >> 16) % (r->at[r->count - 1] + 3));
        while (before < r->count && r->at[before] <= al_history_at(h))
            before++;
        ck_assert_uint_eq(al_history_picked(h), before);
        index = (seed >> 8) % r->count;
        for (uint64_t k = index; k < r->count && k < index + seed % 4; k++) {
            ck_assert_int_eq(al_history_picked_event(h, k, &at)->kind,
                             AL_EVENT_RUN);
            ck_assert_uint_eq(at, r->at[k]);
        }
    }
}

START_TEST(what_is_picked_is_found_from_anywhere)
{
    tale t = tell("scenarios/dining-philosophers.json");

    for (int i = 0; i < COUNT(options); i++) {
        al_history_options how = options[i];
        al_error err = {0};
        runs r = {0};
        al_history *h;

        how.picks = picks_runs;
        h = al_history_new(open_trace(t.path), &how, &err);
        ck_assert_uint_eq(al_history_picked(h), 0);
        while (al_history_read_on(h, 7))
            ck_assert_uint_eq(al_history_picked(h), 0);
        al_history_look(h, 1, UINT64_MAX, add_if_run, &r);
        ck_assert_uint_gt(r.count, 10);
        check_picks(h, &r, (unsigned)i);
        al_history_free(h);
    }
    forget(&t);
}
END_TEST

START_TEST(of_many_picks_some_are_kept_all_over)
{
    enum { MANY = 1000000, ROOM = 1 << 16 };
    al_picks picks = {0};

    for (uint64_t i = 0; i < MANY; i++) {
        al_picks_add(&picks, (al_milestone){.at = 3 * i, .picked = i});
        ck_assert_uint_le(picks.capacity, ROOM);
    }
    for (uint64_t i = 0; i < MANY; i += 77) {
        al_milestone before = al_picks_before(&picks, i);

        ck_assert_uint_eq(before.at, 3 * before.picked);
        ck_assert_uint_le(before.picked, i);
        ck_assert_uint_lt(i - before.picked, 2 * MANY / (ROOM / 2));
    }
    al_picks_release(&picks);
}
END_TEST

Suite *history_suite(void)
{
    Suite *suite = suite_create("history");
    TCase *regions = tcase_create("regions"), *moving = tcase_create("moving"),
          *picked = tcase_create("picks");

    tcase_add_test(regions,
                   an_image_brings_back_every_byte_and_what_is_free);
    tcase_add_test(regions, images_share_what_did_not_change);
    suite_add_tcase(suite, regions);
    tcase_set_timeout(moving, 120);
    tcase_add_loop_test(
        moving, wherever_it_goes_it_shows_what_folding_from_the_start_gives, 0,
        8);
    tcase_add_test(moving, what_comes_by_a_pipe_is_gone_through_as_well);
    tcase_add_test(moving, a_search_back_finds_what_a_search_on_found);
    tcase_add_test(moving,
                   a_trace_that_is_cut_off_can_be_gone_through_up_to_there);
    suite_add_tcase(suite, moving);
    tcase_add_test(picked, what_is_picked_is_found_from_anywhere);
    tcase_add_test(picked, of_many_picks_some_are_kept_all_over);
    suite_add_tcase(suite, picked);
    return suite;
}
