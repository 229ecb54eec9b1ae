/* check_sync.c - locks and queues, with coroutines that are all in C.
 *
 * tests/unit/data/sync_actors.txt was written by CPython itself (by way of
 * tests/unit/tools/sync_actors.mjs).  A line is a primitive, with what it is
 * made with ("queue:1"), the actors, and what happened.  Each actor is a task,
 * named a, b, …, that does one operation a letter:
 *
 *   A acquire   R release     W wait        S set       C clear
 *   N notify    M notify_all  B abort       T reset     z sleep(0)
 *   0-9 put     G get         g get_nowait  D task_done J join
 *   X shutdown  Y shutdown(immediate=True)  -b cancel the task b
 *
 * and writes down each that is over, but z; an exception ends it.  After 30
 * turns the primitive's repr is written down and all are cancelled; after
 * another 30 it is written again. */
#include "tests/unit/suites.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "loop/base/alloc.h"
#include "loop/core/policy.h"
#include "loop/sync/barrier.h"
#include "loop/sync/event.h"
#include "loop/sync/lock.h"
#include "loop/sync/queue.h"
#include "loop/sync/semaphore.h"
#include "loop/task/run.h"
#include "loop/task/sleep.h"
#include "loop/task/task.h"
#include "sim/world/world.h"

enum { MOST_ACTORS = 8, TURNS = 30 };

typedef struct scene {
    al_world *world;
    al_loop *loop;
    char *question; /* cut into pieces */
    al_value primitive;
    al_task *tasks[MOST_ACTORS];
    char *actors[MOST_ACTORS]; /* their operations; in question */
    int actor_count;
    al_text log;
} scene;

static void write_down(scene *s, const char *format, char name,
                       const char *what)
{
    if (s->log.length)
        al_text_add_char(&s->log, ' ');
    al_text_add_format(&s->log, format, name, what);
}

static al_value new_primitive(const char *kind)
{
    const char *colon = strchr(kind, ':');
    int64_t argument = colon ? atoi(colon + 1) : -1;
    int64_t count = colon ? argument : 1;
    al_value maxsize = al_int(colon ? argument : 0);
    void *made = NULL;

    if (strncmp(kind, "lock", 4) == 0)
        made = al_lock_new(NULL);
    else if (strncmp(kind, "event", 5) == 0)
        made = al_sync_event_new(NULL);
    else if (strncmp(kind, "condition", 9) == 0)
        made = al_condition_new(NULL, NULL);
    else if (strncmp(kind, "semaphore", 9) == 0)
        made = al_semaphore_new(al_int(count));
    else if (strncmp(kind, "bounded", 7) == 0)
        made = al_bounded_semaphore_new(al_int(count));
    else if (strncmp(kind, "barrier", 7) == 0)
        made = al_barrier_new(al_int(count));
    else if (strncmp(kind, "queue", 5) == 0)
        made = al_queue_new(AL_ITEMS_FIFO, maxsize);
    else if (strncmp(kind, "lifo", 4) == 0)
        made = al_queue_new(AL_ITEMS_LIFO, maxsize);
    else if (strncmp(kind, "priority", 8) == 0)
        made = al_queue_new(AL_ITEMS_LEAST, maxsize);
    ck_assert_msg(made != NULL, "no such primitive: %s", kind);
    return al_take(made);
}

/* -- what an actor does --------------------------------------------------- */

static al_primitive *any(const scene *s)
{
    return al_primitive_peek(s->primitive);
}

static al_queue *queue(const scene *s)
{
    return al_queue_peek(s->primitive);
}

static al_coroutine *wait_in(const scene *s)
{
    if (al_is(s->primitive, &al_sync_event_type))
        return al_sync_event_wait((al_sync_event *)any(s));
    if (al_is(s->primitive, &al_condition_type))
        return al_condition_wait((al_condition *)any(s));
    return al_barrier_wait((al_barrier *)any(s));
}

static al_coroutine *begin(const scene *s, char op)
{
    if (isdigit((unsigned char)op))
        return al_queue_put(queue(s), al_int(op - '0'));
    switch (op) {
    case 'A':
        return any(s)->kind->lock->acquire(any(s));
    case 'W':
        return wait_in(s);
    case 'B':
        return al_barrier_abort((al_barrier *)any(s));
    case 'T':
        return al_barrier_reset((al_barrier *)any(s));
    case 'G':
        return al_queue_get(queue(s));
    case 'J':
        return al_queue_join(queue(s));
    case 'z':
        return al_sleep(al_int(0), al_none());
    default:
        return NULL;
    }
}

static bool get_nowait(const scene *s)
{
    al_value item = al_queue_get_nowait(queue(s));

    al_value_release(item);
    return item.tag != AL_ABSENT;
}

static bool act_at_once(const scene *s, char op)
{
    switch (op) {
    case 'R':
        return any(s)->kind->lock->release(any(s));
    case 'S':
        return al_sync_event_set((al_sync_event *)any(s));
    case 'C':
        al_sync_event_clear((al_sync_event *)any(s));
        return true;
    case 'N':
        return al_condition_notify((al_condition *)any(s), 1);
    case 'M':
        return al_condition_notify_all((al_condition *)any(s));
    case 'g':
        return get_nowait(s);
    case 'D':
        return al_queue_task_done(queue(s));
    default:
        ck_assert_msg(op == 'X' || op == 'Y', "no such operation: %c", op);
        return al_queue_shutdown(queue(s), op == 'Y');
    }
}

/* -- an actor ------------------------------------------------------------- */

typedef struct actor {
    al_coroutine coroutine;
    scene *scene;
    const char *at; /* its next operation */
    char name;
    char awaits;    /* the one that is under way; 0: none */
} actor;

static void end_by_exception(actor *a)
{
    al_exception *e = al_fetch_raised();
    al_text text = {0};

    al_text_add_format(&text, "%s(", e->cls->name);
    al_exception_str(e, &text);
    al_text_add_char(&text, ')');
    write_down(a->scene, "%c!%s", a->name, text.bytes);
    al_text_release(&text);
    al_unref(e);
}

static void write_result(actor *a, al_value sent)
{
    al_text text = {0};

    if (a->awaits && a->awaits != 'z') {
        al_text_add_format(&text, "%c=", a->awaits);
        al_value_repr(sent, &text);
        write_down(a->scene, "%c%s", a->name, text.bytes);
    }
    al_text_release(&text);
    a->awaits = 0;
}

static void cancel_other(actor *a)
{
    char op[] = {'-', *a->at++, '\0'};

    ck_assert(al_future_cancel(&a->scene->tasks[op[1] - 'a']->future,
                               al_none(), NULL));
    write_down(a->scene, "%c%s", a->name, op);
}

/* False: raised. */
static bool do_at_once(actor *a, char op)
{
    char text[] = {op, '\0'};

    if (op == '-') {
        cancel_other(a);
        return true;
    }
    if (!act_at_once(a->scene, op))
        return false;
    write_down(a->scene, "%c%s", a->name, text);
    return true;
}

static al_step actor_resume(al_coroutine *self, al_value sent)
{
    actor *a = (actor *)self;
    bool ok = sent.tag != AL_ABSENT;

    if (ok)
        write_result(a, sent);
    while (ok && *a->at) {
        char op = *a->at++;
        al_coroutine *awaited = begin(a->scene, op);

        if (awaited) {
            a->awaits = op;
            return al_step_await(al_take(awaited));
        }
        ok = do_at_once(a, op);
    }
    if (!ok)
        end_by_exception(a);
    return al_step_return(al_none());
}

static const al_coroutine_ops actor_ops = {
    .name = "actor",
    .resume = actor_resume,
};

static al_task *start_actor(scene *s, int index)
{
    const al_task_options usual = {0};
    actor *a = al_coroutine_new(&actor_ops, sizeof *a);
    al_task *task;

    a->scene = s;
    a->at = s->actors[index];
    a->name = (char)('a' + index);
    task = al_task_new(al_get_running_loop(), &a->coroutine, &usual);
    al_unref(a);
    return task;
}

/* -- the scene ------------------------------------------------------------ */

typedef struct director {
    al_coroutine coroutine;
    scene *scene;
    int turn;
} director;

static void look_and_cancel(scene *s)
{
    al_text text = {0};

    al_value_repr(s->primitive, &text);
    write_down(s, "%c%s", text.bytes[0], text.bytes + 1);
    al_text_release(&text);
    for (int i = 0; i < s->actor_count; i++)
        ck_assert(al_future_cancel(&s->tasks[i]->future, al_none(), NULL));
}

static al_step director_resume(al_coroutine *self, al_value sent)
{
    director *d = (director *)self;
    scene *s = d->scene;

    ck_assert(sent.tag != AL_ABSENT);
    for (int i = 0; d->turn == 0 && i < s->actor_count; i++)
        s->tasks[i] = start_actor(s, i);
    if (d->turn == TURNS || d->turn == 2 * TURNS)
        look_and_cancel(s);
    if (d->turn++ == 2 * TURNS)
        return al_step_return(al_none());
    return al_step_await(al_take(al_sleep(al_int(0), al_none())));
}

static const al_coroutine_ops director_ops = {
    .name = "director",
    .resume = director_resume,
};

static void set_up_loop(scene *s, al_observer observer)
{
    const al_world_options options = {.resolution = 1e-9, .until = -1};

    s->world = al_world_new(&options);
    s->loop = al_loop_new(al_world_clock(s->world),
                          al_world_selector(s->world), observer, NULL);
}

/* question: "kind actor actor…". */
static void set_up(scene *s, const char *question, al_observer observer)
{
    *s = (scene){.question = al_strdup(question)};
    set_up_loop(s, observer);
    s->primitive = new_primitive(strtok(s->question, " "));
    for (char *ops; (ops = strtok(NULL, " ")) != NULL;) {
        ck_assert_int_lt(s->actor_count, MOST_ACTORS);
        s->actors[s->actor_count++] = ops;
    }
}

static void tear_down(scene *s)
{
    for (int i = 0; i < s->actor_count; i++)
        al_unref(s->tasks[i]);
    al_value_release(s->primitive);
    ck_assert(al_loop_close(s->loop));
    al_unref(s->loop);
    al_world_free(s->world);
    al_text_release(&s->log);
    al_free(s->question);
}

static void play(scene *s)
{
    director *d = al_coroutine_new(&director_ops, sizeof *d);
    al_value coroutine = al_take(d);
    al_value done;

    d->scene = s;
    done = al_run_until_complete(s->loop, coroutine);
    ck_assert_int_eq(done.tag, AL_NONE);
    al_value_release(coroutine);
}

/* -- CPython's table ------------------------------------------------------ */

static void check_line(char *line)
{
    char *expected = strchr(line, '\t');
    scene s;

    ck_assert_msg(expected != NULL, "no result: %s", line);
    *expected++ = '\0';
    set_up(&s, line, (al_observer){0});
    play(&s);
    ck_assert_msg(strcmp(s.log.bytes, expected) == 0,
                  "%s\n  expected %s\n  got      %s", line, expected,
                  s.log.bytes);
    tear_down(&s);
}

START_TEST(actors_do_what_they_do_in_cpython)
{
    FILE *file = fopen("tests/unit/data/sync_actors.txt", "r");
    char line[2000];

    ck_assert_ptr_nonnull(file);
    while (fgets(line, sizeof line, file)) {
        line[strcspn(line, "\n")] = '\0';
        if (line[0] && line[0] != '#')
            check_line(line);
    }
    fclose(file);
}
END_TEST

/* -- what is told --------------------------------------------------------- */

static void add_move(al_text *told, const char *sign, uint64_t future)
{
    if (future)
        al_text_add_format(told, " %s%d", sign, (int)future);
}

static void tell_waiters(al_text *told, const al_event *event)
{
    al_text_add_format(told, "p%d %s %d %s%s%s", (int)event->primitive,
                       event->state, (int)event->count, event->waiters,
                       event->putters ? " " : "",
                       event->putters ? event->putters : "");
    add_move(told, "+f", event->joined);
    add_move(told, "put+f", event->putter);
    add_move(told, "-f", event->left);
    al_text_add(told, "; ");
}

static void tell(void *self, const al_event *event)
{
    al_text *told = self;

    if (event->kind == AL_EVENT_PRIMITIVE)
        al_text_add_format(told, "p%d %s of p%d; ", (int)event->primitive,
                           event->type, (int)event->of);
    else if (event->kind == AL_EVENT_WAITERS)
        tell_waiters(told, event);
}

static const al_observer_ops tell_ops = {.emit = tell};

static const struct { const char *question, *told; } told[] = {
    {"lock AzR AR", /* made before the loop runs, it is told of later */
     "p1 Lock of p0; p1 locked 0 []; p1 locked 1 [\"f1\"] +f1; "
     "p1 unlocked 1 [\"f1\"]; p1 unlocked 0 [] -f1; p1 locked 0 []; "
     "p1 unlocked 0 []; "},
    {"condition A",
     "p1 Condition of p0; p2 Lock of p1; p2 locked 0 []; "},
    {"semaphore:2 AA",
     "p1 Semaphore of p0; p1 value 1 0 []; p1 value 0 0 []; "},
    {"queue:1 12 zG",
     "p1 Queue of p0; p2 Event of p1; p2 unset 0 []; "
     "p1 1 item, 1 unfinished 0 []; "
     "p1 1 item, 1 unfinished 0 [] [\"f1\"] put+f1; "
     "p1 0 items, 1 unfinished 0 [] [\"f1\"]; "
     "p1 0 items, 1 unfinished 0 [] -f1; p1 1 item, 2 unfinished 0 []; "},
    {"event W",
     "p1 Event of p0; p1 unset 1 [\"f1\"] +f1; p1 unset 0 [] -f1; "},
};

START_TEST(every_change_is_told)
{
    al_text text = {0};
    scene s;

    set_up(&s, told[_i].question, (al_observer){&tell_ops, &text});
    play(&s);
    ck_assert_str_eq(text.bytes, told[_i].told);
    tear_down(&s);
    al_text_release(&text);
}
END_TEST

/* -- the rest ------------------------------------------------------------- */

static void ck_raised(const al_exception_class *cls, const char *text)
{
    al_exception *raised = al_fetch_raised();
    al_text got = {0};

    ck_assert_ptr_nonnull(raised);
    al_exception_str(raised, &got);
    ck_assert_str_eq(al_text_peek(&got), text);
    ck_assert_ptr_eq(raised->cls, cls);
    al_text_release(&got);
    al_unref(raised);
}

START_TEST(a_primitive_belongs_to_the_loop_it_was_first_waited_for_in)
{
    scene s, other;

    set_up(&s, "lock A A", (al_observer){0});
    play(&s);
    set_up(&other, "lock A", (al_observer){0});
    al_value_release(other.primitive);
    other.primitive = al_value_dup(s.primitive);
    play(&other);
    ck_assert_ptr_nonnull(
        strstr(other.log.bytes,
               "a!RuntimeError(<asyncio.locks.Lock object [locked]> is bound "
               "to a different event loop)"));
    tear_down(&other);
    tear_down(&s);
}
END_TEST

START_TEST(what_cannot_be_made_is_refused)
{
    ck_assert_ptr_null(al_semaphore_new(al_int(-1)));
    ck_raised(&al_ValueError, "Semaphore initial value must be >= 0");
    ck_assert_ptr_null(al_bounded_semaphore_new(al_int(-1)));
    ck_raised(&al_ValueError, "Semaphore initial value must be >= 0");
    ck_assert_ptr_null(al_barrier_new(al_int(0)));
    ck_raised(&al_ValueError, "parties must be >= 1");
}
END_TEST

START_TEST(items_that_cannot_be_compared_stay_where_they_are)
{
    al_queue *q = al_queue_new(AL_ITEMS_LEAST, al_int(0));
    al_text text = {0};

    ck_assert(al_queue_put_nowait(q, al_float(2.5)));
    ck_assert(al_queue_put_nowait(q, al_int(1)));
    ck_assert(!al_queue_put_nowait(q, al_none()));
    ck_raised(&al_TypeError, "'<' not supported between instances of "
                             "'NoneType' and 'int'");
    al_value_repr((al_value){AL_OBJECT, {.object = &q->primitive.head}},
                  &text);
    ck_assert_str_eq(text.bytes, "<PriorityQueue maxsize=0 "
                                 "_queue=[1, 2.5, None] tasks=2>");
    al_text_release(&text);
    al_unref(q);
}
END_TEST

START_TEST(queues_that_hold_each_other_can_be_cleared)
{
    al_queue *a = al_queue_new(AL_ITEMS_FIFO, al_int(0));
    al_queue *b = al_queue_new(AL_ITEMS_LIFO, al_int(0));

    ck_assert(al_queue_put_nowait(b, al_take(a))); /* dups: b has its own */
    ck_assert(al_queue_put_nowait(a, al_take(b)));
    ck_assert(al_queue_put_nowait(a, al_take(a)));
    al_unref(b);
    ck_assert_uint_eq(al_queue_size(a), 2);
    al_primitives_clear();
    ck_assert_uint_eq(al_queue_size(a), 0);
    ck_assert_uint_eq(a->primitive.head.refs, 1);
    al_unref(a);
}
END_TEST

START_TEST(put_and_get_are_done_at_once_where_nobody_waits)
{
    al_loop *loop = al_new_event_loop();
    al_queue *q = al_queue_new(AL_ITEMS_FIFO, al_int(2));
    al_queue *least = al_queue_new(AL_ITEMS_LEAST, al_int(0));
    al_future *waiter = al_future_new(loop);

    ck_assert(al_queue_put_at_once(q, al_int(1)));
    ck_assert(al_queue_put_at_once(q, al_int(2)));
    ck_assert(!al_queue_put_at_once(q, al_int(3)));
    al_waiters_append(&q->putters, waiter);
    ck_assert_int_eq(al_queue_get_at_once(q).tag, AL_ABSENT);
    al_waiters_release(&q->putters);
    ck_assert_int_eq(al_queue_get_at_once(q).as.integer, 1);
    al_waiters_append(&q->primitive.waiters, waiter);
    ck_assert(!al_queue_put_at_once(q, al_int(3)));
    al_waiters_release(&q->primitive.waiters);
    ck_assert(al_queue_shutdown(q, false));
    ck_assert(!al_queue_put_at_once(q, al_int(3)));
    ck_assert_int_eq(al_queue_get_at_once(q).as.integer, 2);
    ck_assert_int_eq(al_queue_get_at_once(q).tag, AL_ABSENT);
    ck_assert_int_eq(q->unfinished, 2);

    ck_assert(!al_queue_put_at_once(least, al_int(1))); /* may compare */
    ck_assert(al_queue_put_nowait(least, al_int(1)));
    ck_assert_int_eq(al_queue_get_at_once(least).tag, AL_ABSENT);
    ck_assert_ptr_null(al_peek_raised());
    al_unref(waiter);
    al_unref(least);
    al_unref(q);
    al_loop_close(loop);
    al_unref(loop);
}
END_TEST

/* -- each by its own functions -------------------------------------------- */

static bool waits_in_vain(al_loop *loop, al_coroutine *taken)
{
    al_value coroutine = al_take(taken);
    al_task *task = al_task_new(loop, taken, &(al_task_options){0});
    bool is_pending;

    al_set_running_loop(loop);
    ck_assert(al_loop_run_once(loop));
    is_pending = !al_future_done(&task->future);
    ck_assert(al_future_cancel(&task->future, al_none(), NULL));
    ck_assert(al_loop_run_once(loop));
    al_set_running_loop(NULL);
    al_unref(task);
    al_value_release(coroutine);
    return is_pending;
}

static bool comes_true(al_loop *loop, al_coroutine *taken)
{
    al_value coroutine = al_take(taken);
    al_value result = al_run_until_complete(loop, coroutine);

    al_value_release(coroutine);
    return result.tag == AL_BOOL && result.as.boolean;
}

START_TEST(a_lock_is_one_s_at_a_time)
{
    al_loop *loop = al_new_event_loop();
    al_lock *lock = al_lock_new(NULL);

    ck_assert(!al_lock_is_locked(lock));
    ck_assert(!al_lock_release(lock));
    ck_raised(&al_RuntimeError, "Lock is not acquired.");
    ck_assert(comes_true(loop, al_lock_acquire(lock)));
    ck_assert(al_lock_is_locked(lock));
    ck_assert(waits_in_vain(loop, al_lock_acquire(lock)));
    ck_assert(al_lock_release(lock));
    ck_assert(!al_lock_is_locked(lock));
    al_unref(lock);
    al_loop_close(loop);
    al_unref(loop);
}
END_TEST

START_TEST(a_semaphore_is_so_many_s_at_a_time)
{
    al_loop *loop = al_new_event_loop();
    al_semaphore *two = al_bounded_semaphore_new(al_int(2));

    ck_assert(!al_semaphore_release(two));
    ck_raised(&al_ValueError, "BoundedSemaphore released too many times");
    ck_assert(comes_true(loop, al_semaphore_acquire(two)));
    ck_assert(!al_semaphore_is_locked(two));
    ck_assert(comes_true(loop, al_semaphore_acquire(two)));
    ck_assert(al_semaphore_is_locked(two));
    ck_assert(waits_in_vain(loop, al_semaphore_acquire(two)));
    ck_assert(al_semaphore_release(two));
    ck_assert(!al_semaphore_is_locked(two));
    al_unref(two);
    al_loop_close(loop);
    al_unref(loop);
}
END_TEST

Suite *sync_suite(void)
{
    Suite *suite = suite_create("sync");
    TCase *tc = tcase_create("locks and queues");

    tcase_add_test(tc, actors_do_what_they_do_in_cpython);
    tcase_add_loop_test(tc, every_change_is_told, 0,
                        sizeof told / sizeof *told);
    tcase_add_test(tc,
                   a_primitive_belongs_to_the_loop_it_was_first_waited_for_in);
    tcase_add_test(tc, what_cannot_be_made_is_refused);
    tcase_add_test(tc, items_that_cannot_be_compared_stay_where_they_are);
    tcase_add_test(tc, queues_that_hold_each_other_can_be_cleared);
    tcase_add_test(tc, put_and_get_are_done_at_once_where_nobody_waits);
    tcase_add_test(tc, a_lock_is_one_s_at_a_time);
    tcase_add_test(tc, a_semaphore_is_so_many_s_at_a_time);
    suite_add_tcase(suite, tc);
    return suite;
}
