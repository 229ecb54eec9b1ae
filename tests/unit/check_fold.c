/* check_fold.c - what events fold into is what the running objects are.
 *
 * Every scenario that is shipped, or kept by the tests, is run, and after
 * each callback and at each iteration the fold is compared with the tasks,
 * futures and primitives themselves. */
#include <check.h>
#include <glob.h>
#include <string.h>
#include "loop/core/policy.h"
#include "loop/object/thread.h"
#include "loop/sync/primitive.h"
#include "loop/task/gather.h"
#include "loop/task/task.h"
#include "sim/sim.h"
#include "sim/trace/state.h"
#include "tests/unit/suites.h"

typedef struct watcher {
    al_state *state;
    const char *path;
    size_t compared; /* tasks and primitives */
} watcher;

static void check_waits(const watcher *w, const al_task *task,
                        const al_traced_task *folded)
{
    const al_future *waiter = task->waiter;

    ck_assert_msg(!waiter == !folded->waits, "%s: t%d waits", w->path,
                  (int)task->future.id);
    if (!waiter)
        return;
    ck_assert_uint_eq(waiter->id, folded->waits->id);
    ck_assert(waiter->kind->is_task == folded->waits->is_task);
}

static void check_task(watcher *w, const al_task *task)
{
    const al_traced_task *folded = al_state_task(w->state, task->future.id);

    ck_assert_msg(folded != NULL, "%s: t%d is unknown", w->path,
                  (int)task->future.id);
    ck_assert_int_eq(folded->future.outcome, AL_TRACED_PENDING);
    ck_assert_uint_eq(folded->cancelling, task->cancels_requested);
    check_waits(w, task, folded);
    w->compared++;
}

static void check_tasks(watcher *w, al_loop *loop)
{
    const al_traced_task *folded = NULL;
    int count = 0;

    for (al_task *t = al_next_task(loop, NULL); t; t = al_next_task(loop, t)) {
        check_task(w, t);
        count++;
    }
    while ((folded = al_state_next_task(w->state, folded)) != NULL)
        count -= folded->future.outcome == AL_TRACED_PENDING;
    if (al_state_loop_count(w->state) == 1)
        ck_assert_msg(count == 0, "%s: %d tasks too many, event %d", w->path,
                      -count, (int)al_state_counts(w->state)->events);
}

/* A partial's repr has what changes in it: the name before it will do. */
static void check_name(const watcher *w, const al_future *future,
                       al_done_callback callback, const char *folded)
{
    al_text name = {0};

    al_done_callback_add_name(callback, &name);
    ck_assert_msg(strcspn(name.bytes, "(") == strcspn(folded, "(") &&
                      strncmp(name.bytes, folded, strcspn(folded, "(")) == 0,
                  "%s: %s of %d is %s", w->path, name.bytes, (int)future->id,
                  folded);
    al_text_release(&name);
}

static void check_callbacks(const watcher *w, const al_future *future,
                            const al_traced_future *folded)
{
    const al_done_entries *entries = &future->callbacks;
    size_t count = 0;

    for (uint32_t i = 0; i < entries->count; i++) {
        al_done_callback callback =
            i == 0 ? entries->first.callback : entries->others[i - 1].callback;

        if (al_done_callback_is_wakeup(callback))
            continue;
        ck_assert_uint_lt(count, folded->callbacks.count);
        check_name(w, future, callback, folded->callbacks.names[count++]);
    }
    ck_assert_msg(count == folded->callbacks.count, "%s: callbacks of %d",
                  w->path, (int)future->id);
}

static void check_children(const watcher *w, const al_future *future,
                           const al_traced_future *folded)
{
    const al_future *child;
    size_t count = 0;

    if (future->kind->type != &al_gathering_future_type)
        return;
    while ((child = al_future_peek_awaited(future, count)) != NULL) {
        ck_assert_msg(count < folded->child_count, "%s: children of f%d",
                      w->path, (int)future->id);
        ck_assert_uint_eq(folded->children[count].id, child->id);
        ck_assert(folded->children[count].is_task == child->kind->is_task);
        count++;
    }
    ck_assert_uint_eq(count, folded->child_count);
}

/* Those that are pending: what is done may be forgotten. */
static void check_futures(watcher *w, al_loop *loop)
{
    const al_future *future = al_loop_task_slots(loop)->futures;

    for (; future; future = future->next) {
        const al_traced_future *folded =
            future->kind->is_task
                ? (const al_traced_future *)al_state_task(w->state, future->id)
                : al_state_future(w->state, future->id);

        if (al_future_done(future))
            continue;
        ck_assert_msg(folded != NULL, "%s: f%d is unknown", w->path,
                      (int)future->id);
        check_callbacks(w, future, folded);
        check_children(w, future, folded);
        w->compared++;
    }
}

static void check_list(const watcher *w, const al_primitive *p,
                       const al_waiters *waiters, const al_waiting_list *list)
{
    const al_traced_future *folded = list->first;

    ck_assert_msg(list->count == waiters->count, "%s: p%d has %d waiters",
                  w->path, (int)p->id, (int)waiters->count);
    for (size_t i = 0; i < waiters->count; i++) {
        ck_assert_ptr_nonnull(folded);
        ck_assert_uint_eq(folded->id, al_waiters_peek(waiters, i)->id);
        folded = folded->next_waiter;
    }
}

static void check_primitive(watcher *w, const al_primitive *p)
{
    const al_traced_primitive *folded = al_state_primitive(w->state, p->id);
    const al_waiters none = {0};

    ck_assert_ptr_nonnull(folded);
    ck_assert_str_eq(folded->type, p->kind->type->name);
    check_list(w, p, &p->waiters, &folded->waiters);
    check_list(w, p, p->kind->putters ? p->kind->putters(p) : &none,
               &folded->putters);
    if (p->kind->lock && p->kind->lock->holder)
        ck_assert_uint_eq(folded->is_locked ? folded->taken_by.task : 0,
                          p->kind->lock->holder(p));
    w->compared++;
}

static void watch(void *self, const al_event *event)
{
    watcher *w = self;
    al_loop *loop = al_thread_current()->running_loop;

    al_state_apply(w->state, event);
    ck_assert_msg(al_state_counts(w->state)->oddities == 0,
                  "%s: %s is odd, event %d", w->path,
                  al_event_specs[event->kind].name,
                  (int)al_state_counts(w->state)->events);
    if (!loop || (event->kind != AL_EVENT_RAN &&
                  event->kind != AL_EVENT_ITERATION))
        return;
    check_tasks(w, loop);
    check_futures(w, loop);
    for (al_primitive *p = al_next_primitive(NULL); p;
         p = al_next_primitive(p)) {
        if (p->id)
            check_primitive(w, p);
    }
}

static const al_observer_ops watch_ops = {.emit = watch};

static size_t run(const char *path)
{
    watcher w = {.state = al_state_new(NULL), .path = path};
    const al_sim_options options = {.observer = {&watch_ops, &w}};
    al_sim_result result = {0};
    al_diagnostics wrong = {0};
    al_scenario *scenario = al_scenario_load(path, NULL, 0, &wrong);

    al_diagnostics_release(&wrong);
    if (!scenario) { /* a mistake that a test is about */
        al_state_free(w.state);
        return 0;
    }
    al_sim_run(scenario, &options, &result);
    al_sim_result_release(&result);
    al_scenario_free(scenario);
    al_state_free(w.state);
    return w.compared;
}

static const char *const folders[] = {
    "scenarios/*.json",
    "tests/conformance/*/*.json",
    "tests/conformance/*/*/*.json",
};

START_TEST(the_fold_is_what_the_objects_are)
{
    glob_t found;
    size_t compared = 0;

    ck_assert_int_eq(glob(folders[_i], 0, NULL, &found), 0);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        if (!strstr(found.gl_pathv[i], ".schema."))
            compared += run(found.gl_pathv[i]);
    }
    globfree(&found);
    ck_assert_uint_gt(compared, 100);
}
END_TEST

Suite *fold_suite(void)
{
    Suite *suite = suite_create("fold");
    TCase *tcase = tcase_create("fold");

    tcase_set_timeout(tcase, 300);
    tcase_add_loop_test(tcase, the_fold_is_what_the_objects_are, 0,
                        COUNT(folders));
    suite_add_tcase(suite, tcase);
    return suite;
}
