/* check_task.c - tasks and what coordinates them, in C alone: coroutines
 * without a script, on a virtual clock. */
#include "tests/unit/suites.h"

#include <stdio.h>
#include "loop/asyncloop.h"
#include "loop/base/alloc.h"
#include "loop/object/exception_group.h"
#include "loop/task/as_completed.h"
#include "loop/task/gather.h"
#include "loop/task/group.h"
#include "loop/task/run.h"
#include "loop/task/shield.h"
#include "loop/task/sleep.h"
#include "loop/task/timeout.h"
#include "loop/task/wait.h"
#include "loop/task/wait_for.h"
#include "sim/world/world.h"

/* -- a loop, and what it comes to ----------------------------------------- */

static al_world *world;
static al_loop *loop;

static void set_up(void)
{
    al_world_options options = {.resolution = 1e-9, .until = -1};

    world = al_world_new(&options);
    loop = al_loop_new(al_world_clock(world), al_world_selector(world),
                       (al_observer){0}, NULL);
}

static void tear_down(void)
{
    al_unref(al_fetch_raised());
    al_coroutines_silence(true);
    al_futures_let_go(loop);
    al_loop_close(loop);
    al_coroutines_silence(false);
    al_unref(loop);
    al_exceptions_unchain();
    al_world_free(world);
}

static al_value value_of(void *object) /* borrowed */
{
    return (al_value){AL_OBJECT, {.object = object}};
}

/* Run it to its end: "42", or the class of what it raised; it is taken. */
static const char *run(al_coroutine *coroutine)
{
    static char said[64];
    al_value result = al_run_until_complete(loop, value_of(coroutine));
    al_text text = {0};

    al_unref(coroutine);
    if (result.tag == AL_ABSENT) {
        al_exception *e = al_fetch_raised();

        al_text_add(&text, e->cls->name);
        al_unref(e);
    } else {
        al_value_repr(result, &text);
    }
    snprintf(said, sizeof said, "%s", al_text_as_string(&text));
    al_text_release(&text);
    al_value_release(result);
    return said;
}

/* A coroutine of ours in the place of an argument, which it is taken for. */
static al_coroutine *limited(al_coroutine *inner, double timeout)
{
    al_coroutine *outer = al_wait_for(
        value_of(inner), timeout < 0 ? al_none() : al_float(timeout));

    al_unref(inner);
    return outer;
}

static al_coroutine *sleeping(double delay)
{
    return al_sleep(al_float(delay), al_int(42));
}

static al_task *spawn(al_coroutine *coroutine)
{
    const al_task_options options = {0};
    al_task *task = al_task_new(loop, coroutine, &options);

    al_unref(coroutine);
    return task;
}

static bool cancel_task(al_loop *in, void *self)
{
    (void)in;
    return al_future_cancel(self, al_none(), NULL);
}

static const al_callable cancelling = {.name = "cancel", .call = cancel_task};

/* -- timeouts ------------------------------------------------------------- */

enum { NEVER = -1 };

static const struct {
    double work, inner, outer; /* seconds */
    const char *outcome;
    double end;
} nested[] = {
    {1, 2, 3, "42", 1},
    {1, NEVER, NEVER, "42", 1},
    {5, 2, 3, "TimeoutError", 2},
    {5, 3, 2, "TimeoutError", 2},
    {5, 2, 2, "TimeoutError", 2},
    {5, 0, 3, "TimeoutError", 0},
    {5, 3, 0, "TimeoutError", 0},
    {0, 0.5, 0.5, "42", 0},
};

START_TEST(the_first_of_two_deadlines_ends_the_wait)
{
    set_up();
    ck_assert_str_eq(run(limited(limited(sleeping(nested[_i].work),
                                         nested[_i].inner),
                                 nested[_i].outer)),
                     nested[_i].outcome);
    ck_assert_double_eq(al_loop_time(loop), nested[_i].end);
    tear_down();
}
END_TEST

static const struct {
    double work, timeout, cancel;
    const char *outcome;
} cancels[] = {
    {5, 3, 1, "CancelledError"},
    {5, 3, 3, "CancelledError"}, /* both in one iteration */
    {5, 3, 4, "TimeoutError"},
    {1, 3, 2, "42"},
};

START_TEST(a_timeout_swallows_no_other_cancellation)
{
    al_task *task;
    al_value result;

    set_up();
    task = spawn(limited(sleeping(cancels[_i].work), cancels[_i].timeout));
    al_loop_call_at(loop, cancels[_i].cancel,
                    (al_callback){&cancelling, task}, NULL);
    result = al_run_until_complete(loop, value_of(task));
    if (result.tag == AL_ABSENT)
        ck_assert_str_eq(al_peek_raised()->cls->name, cancels[_i].outcome);
    else
        ck_assert_str_eq("42", cancels[_i].outcome);
    al_unref(task);
    tear_down();
}
END_TEST

START_TEST(a_timeout_names_the_cancellation_as_its_cause)
{
    al_coroutine *coroutine;
    const al_exception *e;

    set_up();
    coroutine = limited(sleeping(5), 1);
    al_run_until_complete(loop, value_of(coroutine));
    al_unref(coroutine);
    e = al_peek_raised();
    ck_assert_ptr_eq(e->cls, &al_TimeoutError);
    ck_assert_ptr_eq(e->cause->cls, &al_CancelledError);
    ck_assert_ptr_eq(e->context, e->cause);
    tear_down();
}
END_TEST

START_TEST(a_timeout_not_entered_says_so)
{
    al_timeout *timeout = al_timeout_at(al_int(5));
    al_text text = {0};

    ck_assert(!al_timeout_reschedule(timeout, al_int(1)));
    al_exception_summary(al_peek_raised(), &text);
    ck_assert_str_eq(text.bytes, "RuntimeError: Timeout has not been entered");
    al_text_clear(&text);
    al_value_repr(value_of(timeout), &text);
    ck_assert_str_eq(text.bytes, "<Timeout [created]>");
    al_text_release(&text);
    al_unref(al_fetch_raised());
    al_unref(timeout);
}
END_TEST

/* -- wait ----------------------------------------------------------------- */

static const struct {
    double delays[3], timeout;
    const char *until;
    size_t done;
    double end;
} waits[] = {
    {{1, 2, 3}, NEVER, "ALL_COMPLETED", 3, 3},
    {{1, 2, 3}, 2.5, "ALL_COMPLETED", 2, 2.5},
    {{1, 2, 3}, NEVER, "FIRST_COMPLETED", 1, 1},
    {{2, 2, 3}, NEVER, "FIRST_COMPLETED", 2, 2},
    {{1, 2, 3}, NEVER, "FIRST_EXCEPTION", 3, 3},
    {{1, 2, 3}, 0, "FIRST_COMPLETED", 0, 0},
};

START_TEST(wait_returns_when_it_was_told_to)
{
    al_tuple *tasks = al_tuple_alloc(3);
    al_value until = al_str_new(waits[_i].until), both;
    al_coroutine *coroutine;

    set_up();
    for (int i = 0; i < 3; i++)
        tasks->items[i] = al_take(spawn(sleeping(waits[_i].delays[i])));
    coroutine = al_wait(value_of(tasks), waits[_i].timeout < 0
                                             ? al_none()
                                             : al_float(waits[_i].timeout),
                        until);
    both = al_run_until_complete(loop, value_of(coroutine));
    for (size_t i = 0; i < 2; i++) {
        al_value half = ((al_tuple *)both.as.object)->items[i];

        ck_assert_uint_eq(((al_tuple *)half.as.object)->count,
                          i ? 3 - waits[_i].done : waits[_i].done);
    }
    ck_assert_double_eq(al_loop_time(loop), waits[_i].end);
    al_value_release(both);
    al_value_release(until);
    al_unref(coroutine);
    al_unref(tasks);
    tear_down();
}
END_TEST

START_TEST(wait_takes_no_coroutines)
{
    al_coroutine *inner = sleeping(1);
    al_value items[1] = {value_of(inner)};
    al_tuple *fs = al_tuple_new(items, 1);
    al_value until = al_str_new("ALL_COMPLETED");

    set_up();
    ck_assert_str_eq(run(al_wait(value_of(fs), al_none(), until)),
                     "TypeError");
    al_value_release(until);
    al_unref(fs);
    al_unref(inner);
    tear_down();
}
END_TEST

/* -- as_completed, gather, shield ----------------------------------------- */

START_TEST(as_completed_follows_the_ends)
{
    static const double delays[] = {3, 1, 2, 1};
    static const char *const ends[] = {"1.0", "1.0", "2.0", "3.0"};
    al_tuple *tasks = al_tuple_alloc(4);
    al_as_completed *it;

    set_up();
    al_set_event_loop(loop);
    for (int i = 0; i < 4; i++)
        tasks->items[i] = al_take(spawn(
            al_sleep(al_float(delays[i]), al_float(delays[i]))));
    it = al_as_completed_new(value_of(tasks), al_none());
    for (int i = 0; i < 4; i++)
        ck_assert_str_eq(run(al_as_completed_next(it)), ends[i]);
    ck_assert_ptr_null(al_as_completed_next(it));
    al_unref(it);
    al_unref(tasks);
    al_set_event_loop(NULL);
    tear_down();
}
END_TEST

START_TEST(gather_takes_many_and_the_same_twice)
{
    enum { MANY = 20000 };
    al_value *all = al_alloc_zero(MANY, sizeof *all);
    al_future *gathered;
    al_value result;

    set_up();
    for (int i = 0; i < MANY / 2; i++)
        all[i] = all[MANY - 1 - i] = al_take(spawn(sleeping(i % 3)));
    gathered = al_gather(all, MANY, false);
    result = al_run_until_complete(loop, value_of(gathered));
    ck_assert_uint_eq(((al_tuple *)result.as.object)->count, MANY);
    al_value_release(result);
    al_unref(gathered);
    for (int i = 0; i < MANY / 2; i++)
        al_value_release(all[i]);
    al_free(all);
    tear_down();
}
END_TEST

START_TEST(a_shield_is_cancelled_alone)
{
    al_task *inner;
    al_future *outer;

    set_up();
    inner = spawn(sleeping(2));
    outer = al_shield(value_of(inner));
    al_loop_call_at(loop, 1, (al_callback){&cancelling, outer}, NULL);
    ck_assert_int_eq(
        al_run_until_complete(loop, value_of(inner)).as.integer, 42);
    ck_assert(al_future_cancelled(outer));
    al_unref(outer);
    al_unref(inner);
    tear_down();
}
END_TEST

/* -- task groups ---------------------------------------------------------- */

/* async with TaskGroup() as group: for …: group.create_task(…) */
typedef struct grouped {
    al_coroutine coroutine;
    enum { ENTERING, LEAVING, LEFT } at;
    al_task_group *group;
    const double *limits; /* of sleeps of 2 seconds; 0: that is all */
} grouped;

static al_step grouped_resume(al_coroutine *self, al_value sent)
{
    const al_task_options options = {0};
    grouped *g = (grouped *)self;

    if (sent.tag == AL_ABSENT || g->at == LEFT)
        return sent.tag == AL_ABSENT ? al_step_raise()
                                     : al_step_return(al_int(7));
    if (g->at++ == ENTERING)
        return al_step_await(al_take(al_task_group_aenter(g->group)));
    for (const double *limit = g->limits; *limit > 0; limit++) {
        al_coroutine *child = limited(sleeping(2), *limit);

        al_value_release(al_task_group_create_task(
            g->group, (al_value){AL_OBJECT, {.object = &child->head}},
            &options));
        al_unref(child);
    }
    return al_step_await(al_take(al_task_group_aexit(g->group, NULL)));
}

static void grouped_release(al_coroutine *self)
{
    al_unref(((grouped *)self)->group);
}

static const al_coroutine_ops grouped_ops = {
    .name = "grouped",
    .resume = grouped_resume,
    .release = grouped_release,
};

static const struct {
    double limits[4];
    const char *outcome;
    double end;
} groups[] = {
    {{0}, "7", 0},
    {{3, 4}, "7", 2},
    {{3, 1}, "ExceptionGroup", 1},
    {{1, 1, 5}, "ExceptionGroup", 1},
    {{1.5, 0.5, 1}, "ExceptionGroup", 0.5},
};

START_TEST(a_group_ends_with_its_last_task_or_first_error)
{
    grouped *g;

    set_up();
    g = al_coroutine_new(&grouped_ops, sizeof *g);
    g->group = al_task_group_new();
    g->limits = groups[_i].limits;
    ck_assert_str_eq(run(&g->coroutine), groups[_i].outcome);
    ck_assert_double_eq(al_loop_time(loop), groups[_i].end);
    tear_down();
}
END_TEST

/* -- tasks ---------------------------------------------------------------- */

static bool start_eagerly(al_loop *in, void *self)
{
    const al_task_options options = {.eager_start = true};
    al_coroutine *quick = limited(sleeping(0), NEVER);
    al_coroutine *slow = sleeping(1);
    al_task **tasks = self;

    tasks[0] = al_task_new(in, quick, &options);
    tasks[1] = al_task_new(in, slow, &options);
    al_unref(quick);
    al_unref(slow);
    al_loop_stop(in);
    return true;
}

static const al_callable eager = {.name = "eager", .call = start_eagerly};

START_TEST(an_eager_task_runs_at_once)
{
    al_task *tasks[2];

    set_up();
    al_loop_call_soon(loop, (al_callback){&eager, tasks}, NULL);
    ck_assert(al_loop_run_forever(loop));
    ck_assert_int_eq(tasks[1]->coroutine->state, AL_CORO_SUSPENDED);
    ck_assert_ptr_eq(al_next_task(loop, NULL), tasks[0]);
    ck_assert_ptr_eq(al_next_task(loop, tasks[0]), tasks[1]);
    al_unref(tasks[0]);
    al_unref(tasks[1]);
    tear_down();
}
END_TEST

START_TEST(coroutines_nested_too_deeply_raise)
{
    al_coroutine *coroutine;

    set_up();
    coroutine = sleeping(1);
    for (int i = 0; i < 2000; i++)
        coroutine = limited(coroutine, NEVER);
    ck_assert_str_eq(run(coroutine), "RecursionError");
    tear_down();
}
END_TEST

/* The sanitizer finds what is left. */
START_TEST(what_waits_for_one_another_is_let_go)
{
    al_future *future;
    al_task *task;

    set_up();
    future = al_future_new(loop);
    al_future_set_result(future, al_none());
    task = spawn(limited(sleeping(5), 9));
    al_unref(al_shield(value_of(task)));
    al_unref(spawn(limited(limited(sleeping(5), 9), 8)));
    ck_assert(al_run_until_complete(loop, value_of(future)).tag == AL_NONE);
    ck_assert_ptr_nonnull(al_next_task(loop, NULL));
    al_unref(future);
    al_unref(task);
    tear_down();
}
END_TEST

/* -- call graphs ---------------------------------------------------------- */

static al_task *named(const char *name, al_coroutine *coroutine)
{
    const al_task_options options = {.name = al_str_new(name)};
    al_task *task = al_task_new(loop, coroutine, &options);

    al_value_release(options.name);
    al_unref(coroutine);
    return task;
}

/* Two stacks: of the task that sleeps, and of the one that waits for it. */
enum { ALL = 99 };

static const struct {
    int limit; /* ALL: none */
    const char *inner, *outer;
} stacks[] = {
    {ALL, "sleep < wait_for", "_wait < wait"},
    {5, "sleep < wait_for", "_wait < wait"},
    {1, "wait_for", "wait"},
    {-1, "sleep", "_wait"},
    {0, "", ""},
};

static void add_names(const al_call_graph *graph, al_text *out)
{
    for (size_t i = 0; i < graph->call_stack->count; i++) {
        const al_call_entry *entry =
            (al_call_entry *)graph->call_stack->items[i].as.object;
        const al_graph_frame *frame =
            (al_graph_frame *)entry->frame.as.object;

        al_text_add_format(out, "%s%s", i ? " < " : "",
                           al_str_peek(frame->name)->bytes);
    }
}

static void check_names(const al_call_graph *graph, const char *expected)
{
    al_text names = {0};

    add_names(graph, &names);
    ck_assert_str_eq(al_text_as_string(&names), expected);
    al_text_release(&names);
}

/* Until all that was spawned waits. */
static void settle(void)
{
    al_future *done = al_future_new(loop);

    al_future_set_result(done, al_none());
    al_value_release(al_run_until_complete(loop, value_of(done)));
    al_unref(done);
}

static al_coroutine *waiting_for(al_task *task)
{
    al_value item = value_of(task);
    al_tuple *tasks = al_tuple_new(&item, 1);
    al_value until = al_str_new("ALL_COMPLETED");
    al_coroutine *wait = al_wait(value_of(tasks), al_none(), until);

    al_value_release(until);
    al_unref(tasks);
    return wait;
}

START_TEST(a_call_graph_has_stacks_up_to_a_limit)
{
    al_value limit =
        stacks[_i].limit == ALL ? al_none() : al_int(stacks[_i].limit);
    al_task *inner, *outer;
    al_call_graph *graph;

    set_up();
    inner = named("inner", limited(sleeping(5), NEVER));
    outer = named("outer", waiting_for(inner));
    settle();
    graph = al_call_graph_capture(&inner->future, limit);
    check_names(graph, stacks[_i].inner);
    ck_assert_uint_eq(graph->awaited_by->count, 1);
    check_names(al_call_graph_peek(graph->awaited_by->items[0]),
                stacks[_i].outer);
    al_unref(graph);
    al_unref(inner);
    al_unref(outer);
    tear_down();
}
END_TEST

START_TEST(a_call_graph_as_text_names_tasks_alone)
{
    al_future *future;
    al_call_graph *graph;
    al_text text = {0}, expected = {0};
    al_task *task;

    set_up();
    future = al_future_new(loop);
    task = named("it's", al_wait_for(value_of(future), al_none()));
    settle();
    graph = al_call_graph_capture(future, al_none());
    ck_assert(al_call_graph_format(graph, &text));
    al_text_add(&expected, "* Future(id=");
    al_future_add_id(future, &expected);
    al_text_add(&expected, ")\n  + Awaited by:\n    * Task(name=\"it's\", id=");
    al_future_add_id(&task->future, &expected);
    al_text_add(&expected, ")\n      + Call stack:\n"
                           "      |   in async wait_for()");
    ck_assert_str_eq(al_text_as_string(&text), al_text_as_string(&expected));
    al_text_release(&text);
    al_text_release(&expected);
    al_unref(graph);
    al_unref(future);
    al_unref(task);
    tear_down();
}
END_TEST

/* In the order of creation, whatever the order in which they were added. */
START_TEST(many_may_await_a_future)
{
    enum { COUNT = 5 };
    static const int added[] = {3, 0, 4, 1, 2, 3};
    static const int left[] = {1, 2, 4};
    al_future *futures[COUNT];
    al_call_graph *graph;

    set_up();
    for (int i = 0; i < COUNT; i++)
        futures[i] = al_future_new(loop);
    for (size_t i = 0; i < sizeof added / sizeof *added; i++)
        al_awaiters_add(&futures[0]->awaiters, futures[added[i]]);
    al_awaiters_discard(&futures[0]->awaiters, futures[0]);
    al_awaiters_discard(&futures[0]->awaiters, futures[3]);
    graph = al_call_graph_capture(futures[0], al_none());
    ck_assert_uint_eq(graph->awaited_by->count, 3);
    for (size_t i = 0; i < 3; i++) {
        const al_call_graph *waiter =
            al_call_graph_peek(graph->awaited_by->items[i]);

        ck_assert_ptr_eq(waiter->future, futures[left[i]]);
    }
    al_unref(graph);
    for (int i = 0; i < COUNT; i++)
        al_unref(futures[i]);
    tear_down();
}
END_TEST

/* Who comes and goes in any order: nobody is lost, or kept. */
START_TEST(a_crowd_may_await_a_future)
{
    enum { COUNT = 1009, STEP = 577, KEPT = COUNT / 3 + 1 };
    static al_future *futures[COUNT];
    static al_value left[COUNT];
    al_awaiters awaiters = {0};

    set_up();
    for (int i = 0; i < COUNT; i++)
        futures[i] = al_future_new(loop);
    for (int i = 0; i < 2 * COUNT; i++) /* each twice */
        al_awaiters_add(&awaiters, futures[i * STEP % COUNT]);
    ck_assert_uint_eq(al_awaiters_count(&awaiters), COUNT);
    for (int i = 0; i < COUNT; i++) {
        if (i % 3 != 0)
            al_awaiters_discard(&awaiters, futures[i]);
    }
    al_awaiters_discard(&awaiters, futures[1]); /* not there any more */
    ck_assert_uint_eq(al_awaiters_count(&awaiters), KEPT);
    al_awaiters_list(&awaiters, left);
    al_futures_sort(left, KEPT);
    for (int i = 0; i < KEPT; i++)
        ck_assert_ptr_eq(al_future_peek(left[i]), futures[3 * i]);
    al_awaiters_release(&awaiters);
    for (int i = 0; i < COUNT; i++)
        al_unref(futures[i]);
    tear_down();
}
END_TEST

START_TEST(a_circle_of_awaiters_has_no_graph)
{
    al_future *one, *other;

    set_up();
    one = al_future_new(loop);
    other = al_future_new(loop);
    al_awaiters_add(&one->awaiters, other);
    al_awaiters_add(&other->awaiters, one);
    ck_assert_ptr_null(al_call_graph_capture(one, al_none()));
    ck_assert(al_exception_is(al_peek_raised(), &al_RecursionError));
    al_unref(al_fetch_raised());
    al_awaiters_discard(&one->awaiters, other);
    al_unref(one);
    al_unref(other);
    tear_down();
}
END_TEST

/* -- exception groups ----------------------------------------------------- */

static int is_value_error(void *self, const al_exception *e)
{
    (void)self;
    return al_exception_is(e, &al_ValueError);
}

START_TEST(a_group_splits_in_depth)
{
    al_value message = al_str_new("m");
    al_exception *e[2] = {al_exception_new(&al_ValueError, NULL, 0),
                          al_exception_new(&al_KeyError, NULL, 0)};
    al_exception *inner = al_exception_group_new(message, e, 2);
    al_exception *both[2] = {inner, e[0]};
    al_exception *outer = al_exception_group_new(message, both, 2);
    al_exception *match, *rest, *again[2], *merged;

    ck_assert(al_exception_group_split(outer, is_value_error, NULL, &match,
                                       &rest));
    ck_assert_uint_eq(al_exception_group_peek(match)->count, 2);
    ck_assert_uint_eq(al_exception_group_peek(rest)->count, 1);
    again[0] = rest;
    again[1] = match;
    merged = al_exception_group_merge(outer, again, 2);
    ck_assert_uint_eq(al_exception_group_peek(merged)->count, 2);
    for (int i = 0; i < 2; i++)
        al_unref(e[i]);
    al_unref(merged);
    al_unref(match);
    al_unref(rest);
    al_unref(outer);
    al_unref(inner);
    al_value_release(message);
}
END_TEST

#define LOOP_TEST(tests, test, table)                                          \
    tcase_add_loop_test(tests, test, 0, (int)(sizeof table / sizeof *table))

Suite *task_suite(void)
{
    Suite *suite = suite_create("task");
    TCase *tests = tcase_create("task");

    LOOP_TEST(tests, the_first_of_two_deadlines_ends_the_wait, nested);
    LOOP_TEST(tests, a_timeout_swallows_no_other_cancellation, cancels);
    LOOP_TEST(tests, wait_returns_when_it_was_told_to, waits);
    LOOP_TEST(tests, a_group_ends_with_its_last_task_or_first_error, groups);
    tcase_add_test(tests, a_timeout_names_the_cancellation_as_its_cause);
    tcase_add_test(tests, a_timeout_not_entered_says_so);
    tcase_add_test(tests, wait_takes_no_coroutines);
    tcase_add_test(tests, as_completed_follows_the_ends);
    tcase_add_test(tests, gather_takes_many_and_the_same_twice);
    tcase_add_test(tests, a_shield_is_cancelled_alone);
    tcase_add_test(tests, an_eager_task_runs_at_once);
    tcase_add_test(tests, coroutines_nested_too_deeply_raise);
    tcase_add_test(tests, what_waits_for_one_another_is_let_go);
    LOOP_TEST(tests, a_call_graph_has_stacks_up_to_a_limit, stacks);
    tcase_add_test(tests, a_call_graph_as_text_names_tasks_alone);
    tcase_add_test(tests, many_may_await_a_future);
    tcase_add_test(tests, a_crowd_may_await_a_future);
    tcase_add_test(tests, a_circle_of_awaiters_has_no_graph);
    tcase_add_test(tests, a_group_splits_in_depth);
    suite_add_tcase(suite, tests);
    return suite;
}
