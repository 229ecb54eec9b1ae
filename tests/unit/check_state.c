/* check_state.c - events fold into the queues that the loop has. */
#include <check.h>
#include <math.h>
#include <string.h>
#include "loop/base/text.h"
#include "sim/trace/reader.h"
#include "sim/trace/state.h"
#include "tests/unit/suites.h"

/* -- describing a state in one line ------------------------------------- */

static void describe_queues(al_text *out, const al_loop_state *loop)
{
    al_text_add(out, "heap");
    for (size_t i = 0; i < loop->heap.count; i++) {
        const al_traced *handle = loop->heap.entries[i].item;

        al_text_add_format(out, " %d%s", (int)handle->id,
                           handle->is_cancelled ? "x" : "");
    }
    al_text_add_format(out, "; cancelled %d; ready", (int)loop->cancelled);
    for (size_t i = 0; i < loop->ring_count; i++)
        al_text_add_format(out, " %d",
                           (int)al_loop_state_ready(loop, i)->id);
    al_text_add_format(out, "; running %d",
                       loop->running ? (int)loop->running->id : 0);
    for (const al_watched *w = loop->watches; w; w = w->next)
        al_text_add_format(out, "; %s %d/%d", w->fd ? w->fd : "sig",
                           w->reader ? (int)w->reader->id : 0,
                           w->writer ? (int)w->writer->id : 0);
}

/* Fold the lines of a trace without its header. */
static al_state *fold(const char *body, const al_state_options *options)
{
    al_state *state = al_state_new(options);
    al_error err = {0};
    al_text text = {0};
    al_event event;
    al_trace_reader *reader;

    al_text_add(&text, "{\"trace\":1}\n");
    al_text_add(&text, body);
    reader = al_trace_reader_new(text.bytes, text.length, &err);
    ck_assert_ptr_nonnull(reader);
    while (al_trace_reader_next(reader, &event, &err) == AL_TRACE_EVENT)
        al_state_apply(state, &event);
    ck_assert_str_eq(err.message, "");
    al_trace_reader_free(reader);
    al_text_release(&text);
    return state;
}

#define E(kind, rest) "{\"e\":\"" kind "\",\"t\":0" rest "}\n"
#define H(kind, id) E(kind, ",\"h\":\"h" #id "\"")
#define AT(id, when) \
    E("call_at", ",\"h\":\"h" #id "\",\"callback\":\"f\",\"when\":" #when)
#define SOON(id) E("call_soon", ",\"h\":\"h" #id "\",\"callback\":\"f\"")
#define READER(fd, id) \
    E("add_reader", ",\"fd\":\"" fd "\",\"h\":\"h" #id "\",\"callback\":\"r\"")
#define WRITER(fd, id) \
    E("add_writer", ",\"fd\":\"" fd "\",\"h\":\"h" #id "\",\"callback\":\"w\"")
#define ITERATION(ready, scheduled, cancelled)                               \
    E("iteration", ",\"n\":1,\"ready\":" #ready ",\"scheduled\":" #scheduled \
                   ",\"cancelled\":" #cancelled)

static const struct {
    const char *events;
    const char *queues;
    uint64_t oddities;
} folds[] = {
    {E("loop", ""), "heap; cancelled 0; ready; running 0", 0},
    {SOON(1) SOON(2), "heap; cancelled 0; ready 1 2; running 0", 0},
    {SOON(1) SOON(2) H("run", 1), "heap; cancelled 0; ready 2; running 1", 0},
    {SOON(1) SOON(2) H("run", 1) H("ran", 1),
     "heap; cancelled 0; ready 2; running 0", 0},
    {SOON(1) H("cancel", 1) H("skip", 1),
     "heap; cancelled 0; ready; running 0", 0},
    /* the array is heapq's */
    {AT(1, 3) AT(2, 1) AT(3, 2) AT(4, 1),
     "heap 2 4 3 1; cancelled 0; ready; running 0", 0},
    {AT(1, 1) AT(2, 1) AT(3, 1) AT(4, 1) H("due", 1),
     "heap 3 2 4; cancelled 0; ready 1; running 0", 0},
    {AT(1, 3) AT(2, 1) AT(3, 2) H("cancel", 2) H("prune", 2),
     "heap 3 1; cancelled 0; ready; running 0", 0},
    {AT(1, 3) AT(2, 1) AT(3, 2) AT(4, 4) H("cancel", 2) H("cancel", 1)
         ITERATION(0, 4, 2) E("compact", ",\"removed\":2,\"kept\":2"),
     "heap 3 4; cancelled 0; ready; running 0", 0},
    /* a cancelled timer that comes due stays counted, as in asyncio */
    {AT(1, 1) AT(2, 1) H("cancel", 2) H("due", 1) H("due", 2) H("run", 1)
         H("ran", 1) H("skip", 2) ITERATION(0, 0, 1),
     "heap; cancelled 1; ready; running 0", 0},
    /* fds and signals */
    {READER("a", 1) WRITER("a", 2) READER("b", 3) H("ready", 1) H("ready", 1),
     "heap; cancelled 0; ready 1 1; running 0; a 1/2; b 3/0", 0},
    {READER("a", 1) H("cancel", 1) READER("a", 2),
     "heap; cancelled 0; ready; running 0; a 2/0", 0},
    {READER("a", 1) WRITER("a", 2) H("cancel", 1)
         E("remove_reader", ",\"fd\":\"a\""),
     "heap; cancelled 0; ready; running 0; a 0/2", 0},
    {READER("a", 1) READER("b", 2) E("remove_reader", ",\"fd\":\"a\""),
     "heap; cancelled 0; ready; running 0; b 2/0", 0},
    {E("add_signal_handler", ",\"sig\":2,\"h\":\"h5\",\"callback\":\"s\"")
         H("ready", 5),
     "heap; cancelled 0; ready 5; running 0; sig 5/0", 0},
    /* close drops the queues */
    {SOON(1) AT(2, 1) E("close", ""), "heap; cancelled 0; ready; running 0",
     0},
    /* a handle that is over may be cancelled still */
    {SOON(1) H("run", 1) H("ran", 1) SOON(2) H("cancel", 1),
     "heap; cancelled 0; ready 2; running 0", 0},
    /* what cannot be */
    {H("run", 7), "heap; cancelled 0; ready; running 7", 2},
    {H("due", 7), "heap; cancelled 0; ready 7; running 0", 2},
    {H("ready", 7), "heap; cancelled 0; ready 7; running 0", 1},
    {H("ran", 7), "heap; cancelled 0; ready; running 0", 1},
    {H("skip", 7), "heap; cancelled 0; ready; running 0", 1},
    {H("prune", 7), "heap; cancelled 0; ready; running 0", 1},
    {SOON(1) SOON(1) H("cancel", 1), "heap; cancelled 0; ready 1 1; running 0",
     1},
    {AT(1, 1) AT(1, 2) H("due", 1), "heap 1; cancelled 0; ready 1; running 0",
     1},
    {SOON(1) ITERATION(2, 0, 0), "heap; cancelled 0; ready 1; running 0", 1},
    {SOON(1) E("compact", ",\"removed\":3,\"kept\":9"),
     "heap; cancelled 0; ready 1; running 0", 1},
    {E("remove_reader", ",\"fd\":\"x\""),
     "heap; cancelled 0; ready; running 0", 1},
    {SOON(1) H("run", 1) SOON(1) H("run", 1) E("stopped", ""),
     "heap; cancelled 0; ready; running 0", 1},
};

START_TEST(events_fold_into_queues)
{
    al_state *state = fold(folds[_i].events, NULL);
    al_text text = {0};

    describe_queues(&text, al_state_loop(state, 1));
    ck_assert_str_eq(text.bytes, folds[_i].queues);
    ck_assert_uint_eq(al_state_counts(state)->oddities, folds[_i].oddities);
    al_text_release(&text);
    al_state_free(state);
}
END_TEST

/* -- handles ------------------------------------------------------------ */

START_TEST(a_handle_tells_where_it_comes_from)
{
    static const char line[] =
        "{\"e\":\"call_at\",\"t\":0.5,\"h\":\"h4\",\"callback\":\"tick\","
        "\"args\":\"1, 'a'\",\"when\":2.5,\"by\":\"h2\"}\n";
    al_state *state = fold(line, NULL);
    const al_traced *handle = al_state_handle(state, 4);

    ck_assert_str_eq(handle->callback, "tick");
    ck_assert_str_eq(handle->args, "1, 'a'");
    ck_assert(handle->when == 2.5 && handle->scheduled_at == 0.5);
    ck_assert_uint_eq(handle->by, 2);
    ck_assert_uint_eq(handle->origin, AL_EVENT_CALL_AT);
    ck_assert(handle->in_heap && handle->in_ready == 0);
    al_state_free(state);
}
END_TEST

START_TEST(a_handle_that_is_over_is_found_until_the_next_event)
{
    al_state *state = fold(SOON(1) H("run", 1) H("ran", 1), NULL);

    ck_assert_uint_eq(al_state_handle(state, 1)->runs, 1);
    al_state_free(state);
    state = fold(SOON(1) H("run", 1) H("ran", 1) E("stopped", ""), NULL);
    ck_assert_ptr_null(al_state_handle(state, 1));
    al_state_free(state);
}
END_TEST

START_TEST(handles_that_are_over_can_be_kept)
{
    const al_state_options options = {.keep_finished = true};
    al_state *state =
        fold(SOON(1) H("run", 1) H("ran", 1) E("stopped", ""), &options);

    ck_assert_uint_eq(al_state_handle(state, 1)->runs, 1);
    al_state_free(state);
}
END_TEST

START_TEST(a_watching_handle_outlives_its_runs)
{
    al_state *state = fold(READER("a", 1) H("ready", 1) H("run", 1)
                               H("ran", 1) E("stopped", ""),
                           NULL);
    const al_traced *handle = al_state_handle(state, 1);

    ck_assert(!handle->is_running && handle->in_ready == 0);
    ck_assert_int_eq(handle->watches, 1);
    ck_assert_uint_eq(handle->runs, 1);
    al_state_free(state);
}
END_TEST

/* -- loops and counts --------------------------------------------------- */

START_TEST(loops_are_apart)
{
    al_state *state = fold(
        SOON(1) "{\"e\":\"call_soon\",\"t\":0,\"loop\":\"l2\",\"h\":\"h2\"}\n",
        NULL);

    ck_assert_uint_eq(al_state_loop_count(state), 2);
    ck_assert_uint_eq(al_loop_state_ready(al_state_loop(state, 1), 0)->id, 1);
    ck_assert_uint_eq(al_loop_state_ready(al_state_loop(state, 2), 0)->id, 2);
    ck_assert_uint_eq(al_state_loop_at(state, 1)->number, 2);
    ck_assert_ptr_null(al_state_loop_at(state, 2));
    ck_assert_ptr_null(al_state_loop(state, 3));
    al_state_free(state);
}
END_TEST

START_TEST(everything_is_counted)
{
    al_state *state = fold(
        READER("self", 1) SOON(2) AT(3, 1) AT(4, 1)
            H("call_soon_threadsafe", 5) H("cancel", 3) ITERATION(2, 2, 1)
                H("prune", 3) H("due", 4) H("run", 2) E("log", "")
                    E("log", ",\"level\":\"WARNING\"") E("exception", "")
                        H("ran", 2) H("cancel", 5) H("skip", 5)
                            E("thread_error", "") E("end", ""),
        NULL);
    const al_counts *counts = al_state_counts(state);

    ck_assert_uint_eq(counts->events, 18);
    ck_assert_uint_eq(counts->soon, 1);
    ck_assert_uint_eq(counts->timers, 2);
    ck_assert_uint_eq(counts->threadsafe, 1);
    ck_assert_uint_eq(counts->iterations, 1);
    ck_assert_uint_eq(counts->cancels, 2);
    ck_assert_uint_eq(counts->timer_cancels, 1);
    ck_assert_uint_eq(counts->prunes, 1);
    ck_assert_uint_eq(counts->fired, 0); /* h4 is due, no more */
    ck_assert_uint_eq(counts->runs, 1);
    ck_assert_uint_eq(counts->skips, 1);
    ck_assert_uint_eq(counts->logs, 1);
    ck_assert_uint_eq(counts->warnings, 1);
    ck_assert_uint_eq(counts->exceptions, 1);
    ck_assert_uint_eq(counts->thread_errors, 1);
    ck_assert_uint_eq(counts->most_ready, 3);
    ck_assert_uint_eq(counts->most_scheduled, 2);
    ck_assert_uint_eq(counts->oddities, 0);
    ck_assert(al_state_has_ended(state));
    al_state_free(state);
}
END_TEST

static const struct {
    const char *events;
    unsigned fired, cancels, timer_cancels, watched, signals;
} tallies[] = {
    {AT(2, 1) H("due", 2) H("run", 2), 1, 0, 0, 0, 0},
    {AT(2, 1) H("due", 2) H("cancel", 2) H("skip", 2), 0, 1, 1, 0, 0},
    {AT(2, 1) H("due", 2) H("run", 2) H("cancel", 2), 1, 0, 0, 0, 0},
    {AT(2, 1) H("due", 2) H("run", 2) H("ran", 2) H("cancel", 2), 1, 0, 0, 0,
     0},
    {AT(2, 1) E("close", "") H("cancel", 2), 0, 0, 0, 0, 0},
    {READER("conn", 2) H("cancel", 2), 0, 1, 0, 1, 0},
    {E("add_signal_handler", ",\"sig\":15,\"h\":\"h2\",\"callback\":\"f\""),
     0, 0, 0, 0, 1},
};

START_TEST(only_what_comes_to_something_is_counted)
{
    al_state *state = fold(tallies[_i].events, NULL);
    const al_counts *counts = al_state_counts(state);

    ck_assert_uint_eq(counts->fired, tallies[_i].fired);
    ck_assert_uint_eq(counts->cancels, tallies[_i].cancels);
    ck_assert_uint_eq(counts->timer_cancels, tallies[_i].timer_cancels);
    ck_assert_uint_eq(counts->watched, tallies[_i].watched);
    ck_assert_uint_eq(counts->signals, tallies[_i].signals);
    al_state_free(state);
}
END_TEST

/* -- size --------------------------------------------------------------- */

static void emit(al_state *state, al_event_kind kind, uint64_t handle)
{
    const al_event event = {
        .kind = kind,
        .loop = 1,
        .handle = handle,
        .callback = "tick",
        .args = "1",
    };

    al_state_apply(state, &event);
}

/* What is over is forgotten, and its place used again: the state of a long
 * run stays small. */
START_TEST(many_handles_come_and_go)
{
    al_state *state = al_state_new(NULL);

    for (uint64_t id = 1; id <= 200000; id++) {
        emit(state, AL_EVENT_CALL_SOON, id);
        if (id > 3) {
            emit(state, AL_EVENT_RUN, id - 3);
            emit(state, AL_EVENT_RAN, id - 3);
            ck_assert_ptr_nonnull(al_state_handle(state, id - 3));
            ck_assert(id < 5 || !al_state_handle(state, id - 4));
        }
    }
    ck_assert_uint_eq(al_state_loop(state, 1)->ring_count, 3);
    ck_assert_uint_eq(al_state_counts(state)->oddities, 0);
    ck_assert_uint_le(al_state_handle_count(state), 4);
    al_state_free(state);
}
END_TEST

Suite *state_suite(void)
{
    Suite *suite = suite_create("state");
    TCase *tests = tcase_create("state");

    tcase_add_loop_test(tests, events_fold_into_queues, 0, COUNT(folds));
    tcase_add_test(tests, a_handle_tells_where_it_comes_from);
    tcase_add_test(tests, a_handle_that_is_over_is_found_until_the_next_event);
    tcase_add_test(tests, handles_that_are_over_can_be_kept);
    tcase_add_test(tests, a_watching_handle_outlives_its_runs);
    tcase_add_test(tests, loops_are_apart);
    tcase_add_test(tests, everything_is_counted);
    tcase_add_loop_test(tests, only_what_comes_to_something_is_counted, 0,
                        COUNT(tallies));
    tcase_add_test(tests, many_handles_come_and_go);
    suite_add_tcase(suite, tests);
    return suite;
}
