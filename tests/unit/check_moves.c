/* check_moves.c - counts of moves end where as many single ones do, and cost
 * no more than the way. */
#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "cli/step/moves.h"
#include "loop/base/alloc.h"
#include "sim/base/sink.h"
#include "tests/unit/suites.h"
#include "tests/unit/traces.h"

static char path[] = "/tmp/check_moves.XXXXXX";

static void set_up(void)
{
    strcpy(path + strlen(path) - 6, "XXXXXX");
    close(mkstemp(path));
}

static void tear_down(void)
{
    unlink(path);
}

static al_history *open_history(char *trace, size_t spacing)
{
    const al_history_options how = {.spacing = spacing};
    al_error err = {0};
    al_trace_reader *reader;
    al_history *history;

    ck_assert(al_sink_write_file(path, trace, strlen(trace), &err));
    al_free(trace);
    reader = al_trace_reader_open(path, &err);
    ck_assert_ptr_nonnull(reader);
    history = al_history_new(reader, &how, &err);
    ck_assert_ptr_nonnull(history);
    return history;
}

/* -- where they end ---------------------------------------------------------- */

static uint64_t move_one_by_one(al_history *history, al_step_move move)
{
    uint64_t count = move.count, moved = 0, one;

    move.count = 1;
    while (moved < count &&
           al_move(history, &move, NULL, &one) == AL_ARRIVED)
        moved++;
    return moved;
}

static void check_count(al_history *history, const al_step_move *move,
                        uint64_t from)
{
    uint64_t singly, moved, there;
    al_arrival arrival;

    al_history_go(history, from);
    singly = move_one_by_one(history, *move);
    there = al_history_at(history);
    al_history_go(history, from);
    arrival = al_move(history, move, NULL, &moved);
    ck_assert_uint_eq(moved, singly);
    ck_assert_uint_eq(al_history_at(history), there);
    ck_assert_int_eq(arrival == AL_ARRIVED, moved == move->count);
}

static const uint64_t counts[] = {1, 2, 7, 100000};

START_TEST(a_count_ends_where_as_many_single_moves_do)
{
    al_history *history =
        open_history(trace_of("scenarios/dining-philosophers.json"), 16);
    al_step_move move = {.loop = 1, .thing = {AL_THING_TASK, 3},
                         .count = counts[_i]};

    al_history_go(history, UINT64_MAX);
    for (uint64_t at = al_history_known(history) % 37;
         at <= al_history_known(history); at += 37) {
        for (int kind = AL_MOVE_EVENT; kind <= AL_MOVE_TOUCH; kind++) {
            move.kind = (al_move_kind)kind;
            for (int back = 0; back < 2; back++) {
                move.is_back = back;
                check_count(history, &move, at);
            }
        }
    }
    al_history_free(history);
}
END_TEST

/* -- what they cost ---------------------------------------------------------- */

static const char long_run[] =
    "{\"scenario\": 1, \"functions\": {\"main\": {\"async\": true, \"body\": [\n"
    "  {\"for\": \"i\", \"in\": \"range(6000)\", \"do\": [\n"
    "    {\"await\": {\"sleep\": 0}}]}\n"
    "]}}}";

/* Every few thousand events it is asked. */
static bool note(void *asked)
{
    ++*(int *)asked;
    return false;
}

START_TEST(a_count_back_is_one_search)
{
    al_history *history = open_history(trace_of_text(long_run), 1000000);
    al_step_move move = {.kind = AL_MOVE_ITERATION, .loop = 1, .count = 5000,
                         .is_back = true};
    int asked = 0;
    const al_patience counting = {note, &asked};
    uint64_t moved;

    al_history_go(history, UINT64_MAX);
    ck_assert_int_eq(al_move(history, &move, &counting, &moved), AL_ARRIVED);
    ck_assert_uint_eq(moved, 5000);
    ck_assert_int_gt(asked, 0);
    ck_assert_int_lt(asked, 100);
    al_history_free(history);
}
END_TEST

Suite *moves_suite(void)
{
    Suite *suite = suite_create("moves");
    TCase *cases = tcase_create("counts");

    tcase_add_checked_fixture(cases, set_up, tear_down);
    tcase_set_timeout(cases, 60);
    tcase_add_loop_test(cases, a_count_ends_where_as_many_single_moves_do, 0,
                        COUNT(counts));
    tcase_add_test(cases, a_count_back_is_one_search);
    suite_add_tcase(suite, cases);
    return suite;
}
