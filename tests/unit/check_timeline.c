/* check_timeline.c - a run as lanes of spans. */
#include <string.h>
#include "loop/base/text.h"
#include "sim/analysis/timeline.h"
#include "sim/trace/reader.h"
#include "tests/unit/suites.h"

/* always: it is looked at after each event. */
static al_timeline *fold_settling(const char *lines, bool always)
{
    static const char header[] = "{\"trace\":1,\"producer\":\"x\"}\n";
    al_timeline *timeline = al_timeline_new();
    al_text text = {0};
    al_error err = {0};
    al_trace_reader *reader;
    al_event event;

    al_text_add(&text, header);
    al_text_add(&text, lines);
    reader = al_trace_reader_new(text.bytes, text.length, &err);
    ck_assert_msg(reader != NULL, "%s", err.message);
    while (al_trace_reader_next(reader, &event, &err) == AL_TRACE_EVENT) {
        al_timeline_add(timeline, &event);
        if (always)
            al_timeline_settle(timeline);
    }
    ck_assert_msg(!err.message[0], "%s", err.message);
    al_timeline_settle(timeline);
    al_trace_reader_free(reader);
    al_text_release(&text);
    return timeline;
}

static al_timeline *fold(const char *lines)
{
    return fold_settling(lines, false);
}

static const char two_tasks[] =
    "{\"e\":\"loop\",\"t\":0.0,\"debug\":false}\n"
    "{\"e\":\"task\",\"t\":0.0,\"task\":\"t1\",\"name\":\"a\",\"coro\":\"f\"}\n"
    "{\"e\":\"call_soon\",\"t\":0.0,\"h\":\"h1\",\"callback\":\"Task.__step\","
    "\"task\":\"t1\"}\n"
    "{\"e\":\"iteration\",\"t\":0.0,\"n\":1,\"ready\":1,\"scheduled\":0,"
    "\"cancelled\":0}\n"
    "{\"e\":\"select\",\"t\":0.0,\"timeout\":0.0}\n"
    "{\"e\":\"wake\",\"t\":1.0}\n"
    "{\"e\":\"run\",\"t\":1.0,\"h\":\"h1\",\"callback\":\"Task.__step\","
    "\"task\":\"t1\"}\n"
    "{\"e\":\"call_soon\",\"t\":2.0,\"h\":\"h2\",\"callback\":\"tick\","
    "\"by\":\"h1\"}\n"
    "{\"e\":\"task_waits\",\"t\":2.0,\"task\":\"t1\",\"future\":\"f1\"}\n"
    "{\"e\":\"ran\",\"t\":3.0,\"h\":\"h1\",\"duration\":2.0}\n"
    "{\"e\":\"run\",\"t\":3.0,\"h\":\"h2\",\"callback\":\"tick\"}\n"
    "{\"e\":\"log\",\"t\":3.0,\"text\":\"hello\",\"by\":\"h2\"}\n"
    "{\"e\":\"call_soon\",\"t\":3.0,\"h\":\"h3\","
    "\"callback\":\"Task.__wakeup\",\"task\":\"t1\",\"by\":\"h2\"}\n"
    "{\"e\":\"ran\",\"t\":3.0,\"h\":\"h2\",\"duration\":0.0}\n"
    "{\"e\":\"run\",\"t\":4.0,\"h\":\"h3\",\"callback\":\"Task.__wakeup\","
    "\"task\":\"t1\"}\n"
    "{\"e\":\"task_done\",\"t\":5.0,\"task\":\"t1\","
    "\"outcome\":\"exception\"}\n"
    "{\"e\":\"ran\",\"t\":5.0,\"h\":\"h3\",\"duration\":1.0}\n";

static void expect_span(const al_lane *lane, size_t index, al_span_kind kind,
                        double from, double to)
{
    ck_assert_uint_lt(index, lane->count);
    ck_assert_int_eq(lane->spans[index].kind, kind);
    ck_assert_double_eq(lane->spans[index].from.time, from);
    ck_assert_double_eq(lane->spans[index].to.time, to);
}

START_TEST(a_task_is_ready_runs_waits_and_ends)
{
    al_timeline *t = fold(two_tasks);
    const al_lane *lane = t->lanes[2];

    ck_assert_uint_eq(t->lane_count, 3);
    ck_assert_int_eq(lane->kind, AL_LANE_TASK);
    ck_assert_str_eq(lane->name, "a");
    ck_assert_uint_eq(lane->count, 5);
    expect_span(lane, 0, AL_SPAN_READY, 0, 1);
    expect_span(lane, 1, AL_SPAN_RUN, 1, 3);
    expect_span(lane, 2, AL_SPAN_WAIT, 3, 3);
    ck_assert_str_eq(lane->spans[1].label, "f");
    ck_assert_str_eq(lane->spans[2].label, "f1");
    expect_span(lane, 3, AL_SPAN_READY, 3, 4);
    expect_span(lane, 4, AL_SPAN_RUN, 4, 5);
    ck_assert_int_eq(lane->outcome, AL_TRACED_EXCEPTION);
    ck_assert_double_eq(lane->ended.time, 5);
    al_timeline_free(t);
}
END_TEST

START_TEST(a_lane_is_called_as_its_task_is_called_last)
{
    al_timeline *t = fold(
        "{\"e\":\"loop\",\"t\":0.0,\"debug\":false}\n"
        "{\"e\":\"task\",\"t\":0.0,\"task\":\"t1\",\"name\":\"a\","
        "\"coro\":\"f\"}\n"
        "{\"e\":\"task_name\",\"t\":0.0,\"task\":\"t1\",\"name\":\"b\"}\n"
        "{\"e\":\"task_name\",\"t\":0.0,\"task\":\"t9\",\"name\":\"c\"}\n");

    ck_assert_uint_eq(t->lane_count, 2); /* none of t9, which is unknown */
    ck_assert_str_eq(t->lanes[1]->name, "b");
    al_timeline_free(t);
}
END_TEST

START_TEST(the_loop_and_its_callbacks_have_lanes)
{
    al_timeline *t = fold(two_tasks);

    ck_assert_int_eq(t->lanes[0]->kind, AL_LANE_LOOP);
    expect_span(t->lanes[0], 0, AL_SPAN_SELECT, 0, 1);
    expect_span(t->lanes[0], 1, AL_SPAN_RUN, 1, 5);
    ck_assert_int_eq(t->lanes[1]->kind, AL_LANE_CALLBACKS);
    expect_span(t->lanes[1], 0, AL_SPAN_RUN, 3, 3);
    ck_assert_double_eq(t->lanes[1]->spans[0].from.order, 11);
    ck_assert_uint_eq(t->runs, 3);
    ck_assert_uint_eq(t->instants, 1);
    ck_assert_uint_eq(t->moment_count, 6);
    ck_assert_uint_eq(t->mark_count, 1);
    ck_assert_str_eq(t->marks[0].text, "hello");
    al_timeline_free(t);
}
END_TEST

START_TEST(arrows_lead_from_where_a_handle_was_scheduled)
{
    al_timeline *t = fold(two_tasks);

    ck_assert_uint_eq(t->arrow_count, 2); /* the program has no lane */
    ck_assert_ptr_eq(t->arrows[0].from_lane, t->lanes[2]);
    ck_assert_ptr_eq(t->arrows[0].to_lane, t->lanes[1]);
    ck_assert_double_eq(t->arrows[0].from.time, 2);
    ck_assert_double_eq(t->arrows[0].to.time, 3);
    ck_assert_uint_eq(t->arrows[1].to_lane->row, 2);
    al_timeline_free(t);
}
END_TEST

static void expect_well_formed(const al_lane *lane)
{
    for (size_t i = 0; i < lane->count; i++) {
        ck_assert_double_le(lane->spans[i].from.time, lane->spans[i].to.time);
        if (i > 0)
            ck_assert_double_le(lane->spans[i - 1].to.order,
                                lane->spans[i].from.order);
    }
}

START_TEST(what_cannot_be_leaves_lanes_well_formed)
{
    al_timeline *t = fold(
        "{\"e\":\"ran\",\"t\":\"nan\",\"h\":\"h9\",\"duration\":1.0}\n"
        "{\"e\":\"run\",\"t\":5.0,\"h\":\"h1\",\"callback\":\"a\","
        "\"task\":\"t1\"}\n"
        "{\"e\":\"run\",\"t\":1.0,\"loop\":\"l2\",\"h\":\"h1\","
        "\"callback\":\"a\",\"task\":\"t1\"}\n"
        "{\"e\":\"task_done\",\"t\":9.0,\"task\":\"t1\"}\n"
        "{\"e\":\"eager_end\",\"t\":9.0,\"task\":\"t1\"}\n"
        "{\"e\":\"ran\",\"t\":9.0,\"loop\":\"l2\",\"h\":\"h1\","
        "\"duration\":1.0}\n"
        "{\"e\":\"call_soon\",\"t\":9.0,\"h\":\"h1\",\"callback\":\"a\","
        "\"by\":\"h1\"}\n"
        "{\"e\":\"ran\",\"t\":9.0,\"h\":\"h1\",\"duration\":1.0}\n"
        "{\"e\":\"task\",\"t\":9.0,\"task\":\"t1\"}\n");

    for (size_t i = 0; i < t->lane_count; i++)
        expect_well_formed(t->lanes[i]);
    ck_assert_double_eq(t->last.time, 9);
    al_timeline_free(t);
}
END_TEST

START_TEST(one_that_was_looked_at_goes_on)
{
    al_timeline *once = fold(two_tasks);
    al_timeline *often = fold_settling(two_tasks, true);

    ck_assert_uint_eq(often->lane_count, once->lane_count);
    for (size_t i = 0; i < once->lane_count; i++) {
        const al_lane *lane = once->lanes[i];

        ck_assert_int_eq(often->lanes[i]->kind, lane->kind);
        ck_assert_uint_eq(often->lanes[i]->row, i);
        ck_assert_uint_eq(often->lanes[i]->count, lane->count);
        for (size_t j = 0; j < lane->count; j++)
            expect_span(often->lanes[i], j, lane->spans[j].kind,
                        lane->spans[j].from.time, lane->spans[j].to.time);
    }
    ck_assert_uint_eq(often->runs, once->runs);
    ck_assert_uint_eq(often->instants, once->instants);
    al_timeline_free(once);
    al_timeline_free(often);
}
END_TEST

Suite *timeline_suite(void)
{
    Suite *suite = suite_create("timeline");
    TCase *lanes = tcase_create("lanes");

    tcase_add_test(lanes, a_task_is_ready_runs_waits_and_ends);
    tcase_add_test(lanes, a_lane_is_called_as_its_task_is_called_last);
    tcase_add_test(lanes, the_loop_and_its_callbacks_have_lanes);
    tcase_add_test(lanes, arrows_lead_from_where_a_handle_was_scheduled);
    tcase_add_test(lanes, what_cannot_be_leaves_lanes_well_formed);
    tcase_add_test(lanes, one_that_was_looked_at_goes_on);
    suite_add_tcase(suite, lanes);
    return suite;
}
