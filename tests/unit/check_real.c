/* check_real.c - the same core on epoll, the monotonic clock, real pipes,
 * sockets, signals and threads. */
#include "tests/unit/suites.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <unistd.h>
#include "loop/asyncloop.h"

static al_loop *loop;

static void set_up(void)
{
    loop = al_loop_new_real();
    ck_assert_ptr_nonnull(loop);
}

static void tear_down(void)
{
    al_unref(loop);
}

/* -- timers -------------------------------------------------------------- */

static bool stop(al_loop *l, void *self)
{
    (void)self;
    al_loop_stop(l);
    return true;
}

static const al_callable stopper = {.name = "stop", .call = stop};

START_TEST(a_timer_does_not_fire_early)
{
    double start = al_loop_time(loop);

    al_loop_call_later(loop, 0.01, (al_callback){&stopper, NULL}, NULL);
    ck_assert(al_loop_run_forever(loop));
    ck_assert_double_ge(al_loop_time(loop) - start, 0.01 - 1e-6);
}
END_TEST

/* -- pipes and sockets --------------------------------------------------- */

static int ends[2];
static char got[8];

static bool read_and_stop(al_loop *l, void *self)
{
    ssize_t count = read(ends[0], got, sizeof got - 1);

    (void)self;
    ck_assert_int_gt(count, 0);
    got[count] = '\0';
    ck_assert(al_loop_remove_reader(l, ends[0]));
    al_loop_stop(l);
    return true;
}

static const al_callable reader = {.name = "read", .call = read_and_stop};

static bool write_hello(al_loop *l, void *self)
{
    (void)l;
    (void)self;
    ck_assert_int_eq(write(ends[1], "hello", 5), 5);
    return true;
}

static const al_callable writer = {.name = "write", .call = write_hello};

START_TEST(a_reader_is_called_when_a_pipe_has_bytes)
{
    ck_assert_int_eq(pipe2(ends, O_NONBLOCK | O_CLOEXEC), 0);
    ck_assert(al_loop_add_reader(loop, ends[0], (al_callback){&reader, NULL}));
    al_loop_call_later(loop, 0.001, (al_callback){&writer, NULL}, NULL);
    ck_assert(al_loop_run_forever(loop));
    ck_assert_str_eq(got, "hello");
    close(ends[0]);
    close(ends[1]);
}
END_TEST

static bool write_and_remove(al_loop *l, void *self)
{
    (void)self;
    ck_assert_int_eq(write(ends[1], "world", 5), 5);
    ck_assert(al_loop_remove_writer(l, ends[1]));
    return true;
}

static const al_callable socket_writer = {.name = "w", .call = write_and_remove};

START_TEST(a_writer_and_a_reader_meet_over_a_socket)
{
    ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends),
                     0);
    ck_assert(al_loop_add_reader(loop, ends[0], (al_callback){&reader, NULL}));
    ck_assert(
        al_loop_add_writer(loop, ends[1], (al_callback){&socket_writer, NULL}));
    ck_assert(al_loop_run_forever(loop));
    ck_assert_str_eq(got, "world");
    close(ends[0]);
    close(ends[1]);
}
END_TEST

START_TEST(a_file_that_cannot_be_watched_raises)
{
    al_exception *raised;
    int fd = open("Makefile", O_RDONLY);

    ck_assert(!al_loop_add_reader(loop, fd, (al_callback){&reader, NULL}));
    raised = al_fetch_raised();
    ck_assert_ptr_nonnull(raised);
    ck_assert(al_exception_is(raised, &al_PermissionError));
    al_unref(raised);
    close(fd);
}
END_TEST

/* -- threads ------------------------------------------------------------- */

enum { THREADS = 4, CALLS = 2000 };

static int calls_seen; /* the loop's thread alone touches it */

static bool count_call(al_loop *l, void *self)
{
    (void)self;
    if (++calls_seen == THREADS * CALLS)
        al_loop_stop(l);
    return true;
}

static const al_callable counter = {.name = "count", .call = count_call};

static void *call_many(void *arg)
{
    for (int i = 0; i < CALLS; i++)
        al_loop_call_soon_threadsafe(arg, (al_callback){&counter, NULL}, NULL,
                                     NULL);
    return NULL;
}

START_TEST(calls_from_threads_all_arrive)
{
    pthread_t threads[THREADS];

    calls_seen = 0;
    for (int i = 0; i < THREADS; i++)
        ck_assert_int_eq(pthread_create(&threads[i], NULL, call_many, loop), 0);
    ck_assert(al_loop_run_forever(loop));
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    ck_assert_int_eq(calls_seen, THREADS * CALLS);
}
END_TEST

static void *run_the_loop(void *arg)
{
    ck_assert(al_loop_run_forever(arg));
    return NULL;
}

START_TEST(a_loop_may_run_in_another_thread_than_made_it)
{
    pthread_t runner;

    calls_seen = 0;
    ck_assert_int_eq(pthread_create(&runner, NULL, run_the_loop, loop), 0);
    for (int i = 0; i < THREADS; i++)
        call_many(loop);
    pthread_join(runner, NULL);
    ck_assert_int_eq(calls_seen, THREADS * CALLS);
}
END_TEST

static void *call_until_closed(void *arg)
{
    while (al_loop_call_soon_threadsafe(arg, (al_callback){&counter, NULL},
                                        NULL, NULL))
        ;
    al_unref(al_fetch_raised());
    return NULL;
}

START_TEST(a_loop_may_be_closed_while_a_thread_calls)
{
    pthread_t thread;

    calls_seen = THREADS * CALLS; /* so that nothing stops the loop */
    ck_assert_int_eq(pthread_create(&thread, NULL, call_until_closed, loop),
                     0);
    for (int i = 0; i < 20; i++)
        ck_assert(al_loop_run_once(loop));
    ck_assert(al_loop_close(loop));
    pthread_join(thread, NULL);
}
END_TEST

static atomic_int cancelled_runs;

static bool must_not_run_twice(al_loop *l, void *self)
{
    (void)l;
    (void)self;
    atomic_fetch_add(&cancelled_runs, 1);
    return true;
}

static const al_callable victim = {.name = "victim",
                                   .call = must_not_run_twice};

static void *schedule_and_cancel(void *arg)
{
    for (int i = 0; i < CALLS; i++) {
        al_handle *handle;

        al_loop_call_soon_threadsafe(arg, (al_callback){&victim, NULL}, NULL,
                                     &handle);
        al_handle_cancel(handle);
        ck_assert(al_handle_cancelled(handle));
        al_unref(handle);
    }
    al_loop_call_soon_threadsafe(arg, (al_callback){&stopper, NULL}, NULL,
                                 NULL);
    return NULL;
}

START_TEST(a_thread_may_cancel_what_it_scheduled)
{
    pthread_t thread;

    pthread_create(&thread, NULL, schedule_and_cancel, loop);
    ck_assert(al_loop_run_forever(loop));
    pthread_join(thread, NULL);
    ck_assert_int_le(atomic_load(&cancelled_runs), CALLS);
}
END_TEST

static void *call_soon_wrongly(void *arg)
{
    al_exception *raised;

    ck_assert_ptr_null(
        al_loop_call_soon(arg, (al_callback){&counter, NULL}, NULL));
    raised = al_fetch_raised();
    ck_assert(raised && raised->cls == &al_RuntimeError);
    al_unref(raised);
    al_loop_call_soon_threadsafe(arg, (al_callback){&stopper, NULL}, NULL,
                                 NULL);
    return NULL;
}

static pthread_t wrong_thread;

static bool start_wrong_thread(al_loop *l, void *self)
{
    (void)self;
    pthread_create(&wrong_thread, NULL, call_soon_wrongly, l);
    return true;
}

static const al_callable starter = {.name = "start", .call = start_wrong_thread};

START_TEST(debug_mode_refuses_call_soon_from_another_thread)
{
    al_loop_set_debug(loop, true);
    al_loop_call_soon(loop, (al_callback){&starter, NULL}, NULL);
    ck_assert(al_loop_run_forever(loop));
    pthread_join(wrong_thread, NULL);
}
END_TEST

/* -- signals ------------------------------------------------------------- */

static bool kill_ourselves(al_loop *l, void *self)
{
    (void)l;
    (void)self;
    kill(getpid(), SIGUSR1);
    return true;
}

static const al_callable killer = {.name = "kill", .call = kill_ourselves};

START_TEST(a_signal_reaches_its_handler_through_the_self_pipe)
{
    ck_assert(al_loop_add_signal_handler(loop, SIGUSR1,
                                         (al_callback){&stopper, NULL}));
    al_loop_call_soon(loop, (al_callback){&killer, NULL}, NULL);
    ck_assert(al_loop_run_forever(loop));
}
END_TEST

Suite *real_suite(void)
{
    Suite *suite = suite_create("real");
    TCase *tc = tcase_create("epoll");

    tcase_add_checked_fixture(tc, set_up, tear_down);
    tcase_add_test(tc, a_timer_does_not_fire_early);
    tcase_add_test(tc, a_reader_is_called_when_a_pipe_has_bytes);
    tcase_add_test(tc, a_writer_and_a_reader_meet_over_a_socket);
    tcase_add_test(tc, a_file_that_cannot_be_watched_raises);
    tcase_add_test(tc, calls_from_threads_all_arrive);
    tcase_add_test(tc, a_loop_may_run_in_another_thread_than_made_it);
    tcase_add_test(tc, a_loop_may_be_closed_while_a_thread_calls);
    tcase_add_test(tc, a_thread_may_cancel_what_it_scheduled);
    tcase_add_test(tc, debug_mode_refuses_call_soon_from_another_thread);
    tcase_add_test(tc, a_signal_reaches_its_handler_through_the_self_pipe);
    suite_add_tcase(suite, tc);
    return suite;
}
