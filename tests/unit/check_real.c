/* check_real.c - the same core on epoll, the monotonic clock, real pipes,
 * sockets, signals and threads. */
#include "tests/unit/suites.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <math.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/time.h>
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

enum { PIPES = 300 };

static int ends[2];
static char got[8];

static bool read_and_stop(al_loop *l, void *self)
{
    ssize_t count = read(ends[0], got, sizeof got - 1);

    (void)self;
    ck_assert_int_gt(count, 0);
    got[count] = '\0';
    ck_assert(al_loop_remove_reader(l, ends[0], NULL));
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
    ck_assert(al_loop_remove_writer(l, ends[1], NULL));
    return true;
}

static const al_callable socket_writer = {
    .name = "w",
    .call = write_and_remove,
};

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

START_TEST(a_number_of_no_open_file_raises)
{
    static const int fds[] = {1000, INT_MAX}; /* not even room is made */
    al_exception *raised;

    ck_assert(!al_loop_add_reader(loop, fds[_i], (al_callback){&reader, NULL}));
    raised = al_fetch_raised();
    ck_assert_ptr_nonnull(raised);
    ck_assert_int_eq(raised->args->items[0].as.integer, EBADF);
    al_unref(raised);
}
END_TEST

/* As selectors.EpollSelector: unregister passes over it, modify does not. */
START_TEST(a_file_closed_meanwhile_is_unwatched_or_raises)
{
    al_exception *raised;
    bool removed;

    ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    ck_assert(al_loop_add_reader(loop, ends[0], (al_callback){&reader, NULL}));
    ck_assert(al_loop_add_reader(loop, ends[1], (al_callback){&reader, NULL}));
    ck_assert(al_loop_add_writer(loop, ends[1], (al_callback){&writer, NULL}));
    close(ends[0]);
    close(ends[1]);
    ck_assert(al_loop_remove_reader(loop, ends[0], &removed) && removed);
    ck_assert(!al_loop_remove_reader(loop, ends[1], &removed) && !removed);
    raised = al_fetch_raised();
    ck_assert(al_exception_is(raised, &al_OSError));
    al_unref(raised);
    ck_assert(al_loop_remove_writer(loop, ends[1], &removed) && !removed);
}
END_TEST

static int pipes[PIPES][2], pipes_read;

static bool read_one(al_loop *l, void *self)
{
    char byte;

    ck_assert_int_eq(read(*(int *)self, &byte, 1), 1);
    if (++pipes_read == PIPES)
        al_loop_stop(l);
    return true;
}

static const al_callable one_reader = {.name = "one", .call = read_one};

START_TEST(one_select_reports_every_fd_that_is_ready)
{
    for (int i = 0; i < PIPES; i++) {
        ck_assert_int_eq(pipe2(pipes[i], O_NONBLOCK | O_CLOEXEC), 0);
        ck_assert_int_eq(write(pipes[i][1], "x", 1), 1);
        ck_assert(al_loop_add_reader(
            loop, pipes[i][0], (al_callback){&one_reader, &pipes[i][0]}));
    }
    ck_assert(al_loop_run_once(loop));
    ck_assert_int_eq(pipes_read, PIPES);
    for (int i = 0; i < PIPES; i++) {
        close(pipes[i][0]);
        close(pipes[i][1]);
    }
}
END_TEST

/* What selectors.EpollSelector().select(timeout) raises in CPython 3.14. */
static const struct {
    double timeout;
    const al_exception_class *cls;
    const char *text;
} bad_timeouts[] = {
    {NAN, &al_ValueError, "cannot convert float NaN to integer"},
    {INFINITY, &al_OverflowError, "cannot convert float infinity to integer"},
    {1e30, &al_OverflowError,
     "timestamp out of range for platform time_t"},
    {2147483.648, &al_OverflowError, "timeout is too large"},
};

START_TEST(a_timeout_that_cannot_be_waited_for_raises)
{
    al_selector selector = al_epoll_selector();
    al_fd_events events = {0};
    al_exception *raised;
    al_text text = {0};

    ck_assert(!selector.ops->select(selector.self, bad_timeouts[_i].timeout,
                                    &events));
    raised = al_fetch_raised();
    al_exception_str(raised, &text);
    ck_assert_ptr_eq(raised->cls, bad_timeouts[_i].cls);
    ck_assert_str_eq(text.bytes, bad_timeouts[_i].text);
    al_text_release(&text);
    al_unref(raised);
    selector.ops->free(selector.self);
}
END_TEST

/* The first `open` descriptors are all there are. */
START_TEST(a_process_out_of_descriptors_gets_no_loop)
{
    struct rlimit before, limit;
    al_exception *raised;
    int next = dup(0);

    close(next);
    getrlimit(RLIMIT_NOFILE, &before);
    limit = before;
    limit.rlim_cur = (rlim_t)next + (rlim_t)_i; /* 1: epoll's is left */
    setrlimit(RLIMIT_NOFILE, &limit);
    ck_assert_ptr_null(al_loop_new_real());
    setrlimit(RLIMIT_NOFILE, &before);
    raised = al_fetch_raised();
    ck_assert_ptr_nonnull(raised);
    ck_assert_ptr_eq(raised->cls, &al_OSError); /* EMFILE; valgrind's EBADF */
    al_unref(raised);
    ck_assert_int_eq(dup(0), next); /* nothing stays open */
    close(next);
}
END_TEST

static void on_alarm(int sig)
{
    (void)sig;
}

START_TEST(a_signal_of_others_does_not_end_the_wait)
{
    struct sigaction action = {.sa_handler = on_alarm};
    struct itimerval soon = {.it_value.tv_usec = 2000};
    al_selector selector = al_epoll_selector();
    al_clock clock = al_monotonic_clock();
    double start = clock.ops->now(NULL);
    al_fd_events events = {0};

    sigaction(SIGALRM, &action, NULL);
    setitimer(ITIMER_REAL, &soon, NULL);
    ck_assert(selector.ops->select(selector.self, 0.02, &events));
    ck_assert_double_ge(clock.ops->now(NULL) - start, 0.02 - 1e-6);
    selector.ops->free(selector.self);
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

static const al_callable starter = {
    .name = "start",
    .call = start_wrong_thread,
};

START_TEST(debug_mode_refuses_call_soon_from_another_thread)
{
    al_loop_set_debug(loop, true);
    al_loop_call_soon(loop, (al_callback){&starter, NULL}, NULL);
    ck_assert(al_loop_run_forever(loop));
    pthread_join(wrong_thread, NULL);
}
END_TEST

/* -- watched ------------------------------------------------------------- */

static void write_down(void *self, const al_event *event)
{
    al_text_add_format(self, " %s", al_event_specs[event->kind].name);
    if (event->fd)
        al_text_add_format(self, ":%s", event->fd);
    if (event->fds)
        al_text_add_format(self, ":%s", event->fds);
    if (event->by == AL_BY_WORLD)
        al_text_add(self, "(world)");
}

static const al_observer_ops write_down_ops = {.emit = write_down};

static void *call_once(void *arg)
{
    al_loop_call_soon_threadsafe(arg, (al_callback){&counter, NULL}, NULL,
                                 NULL);
    return NULL;
}

static void ck_told(al_text *told, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void ck_told(al_text *told, const char *format, ...)
{
    al_text expected = {0};
    va_list args;

    va_start(args, format);
    al_text_add_vformat(&expected, format, args);
    va_end(args);
    ck_assert_ptr_nonnull(strstr(told->bytes, expected.bytes));
    al_text_release(&expected);
}

START_TEST(an_observer_sees_descriptors_by_number_and_threads_as_the_world)
{
    al_text told = {0};
    al_loop *watched = al_loop_new(al_monotonic_clock(), al_epoll_selector(),
                                   (al_observer){&write_down_ops, &told},
                                   NULL);
    pthread_t thread;

    ck_assert_int_eq(pipe2(ends, O_NONBLOCK | O_CLOEXEC), 0);
    ck_assert_int_eq(write(ends[1], "hello", 5), 5);
    ck_assert(
        al_loop_add_reader(watched, ends[0], (al_callback){&reader, NULL}));
    ck_assert(al_loop_run_once(watched));
    ck_told(&told, " add_reader:%d", ends[0]);
    ck_told(&told, " wake:%d:r", ends[0]);
    ck_told(&told, " remove_reader:%d", ends[0]);
    calls_seen = 0;
    pthread_create(&thread, NULL, call_once, watched);
    pthread_join(thread, NULL);
    ck_assert(al_loop_run_once(watched));
    ck_told(&told, " call_soon_threadsafe(world)");
    ck_assert_int_eq(calls_seen, 1);
    al_unref(watched);
    al_text_release(&told);
    close(ends[0]);
    close(ends[1]);
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

/* -- SIGINT, which a Runner handles --------------------------------------- */

typedef void handler(int sig);

static handler *theirs; /* the test runner handles SIGINT itself */

static void leave_sigint_to_its_default(void)
{
    theirs = signal(SIGINT, SIG_DFL);
}

static void give_sigint_back(void)
{
    signal(SIGINT, theirs);
}

typedef struct sleeper { /* async def main(): await asyncio.sleep(60) */
    al_coroutine coroutine;
    int kills;             /* SIGINTs it sends to its process, at first… */
    int kills_when_cancelled;
    bool returns_at_once;
    pthread_t *killer;     /* …or has sent by a thread, and waits for them */
} sleeper;

static void change_mask(int how, sigset_t *before)
{
    sigset_t sigint;

    sigemptyset(&sigint);
    sigaddset(&sigint, SIGINT);
    pthread_sigmask(how, &sigint, before);
}

static void *kill_soon(void *arg)
{
    (void)arg;
    change_mask(SIG_UNBLOCK, NULL);
    usleep(5000);
    kill(getpid(), SIGINT);
    return NULL;
}

static void kill_times(int times)
{
    while (times-- > 0)
        kill(getpid(), SIGINT);
}

static handler *sigint_handler(void)
{
    struct sigaction action;

    sigaction(SIGINT, NULL, &action);
    return action.sa_handler;
}

static handler *handler_meanwhile; /* while a sleeper runs */

static al_step sleep_a_minute(void)
{
    return al_step_await(al_take(al_sleep(al_float(60), al_none())));
}

static al_step sleeper_resume(al_coroutine *self, al_value sent)
{
    sleeper *s = (sleeper *)self;

    if (sent.tag == AL_ABSENT && s->kills_when_cancelled == 0)
        return al_step_raise();
    if (sent.tag == AL_ABSENT) { /* it clings to life, once */
        al_unref(al_fetch_raised());
        kill_times(s->kills_when_cancelled);
        s->kills_when_cancelled = 0;
        return sleep_a_minute();
    }
    handler_meanwhile = sigint_handler();
    kill_times(s->kills);
    if (s->killer)
        pthread_create(s->killer, NULL, kill_soon, NULL);
    return s->returns_at_once ? al_step_return(al_int(42)) : sleep_a_minute();
}

static const al_coroutine_ops sleeper_ops = {
    .name = "main",
    .resume = sleeper_resume,
};

static al_value run_sleeper(sleeper how)
{
    sleeper *s = al_coroutine_new(&sleeper_ops, sizeof *s);
    const al_value main = {AL_OBJECT, {.object = &s->coroutine.head}};
    al_coroutine head = s->coroutine;
    al_value result;

    *s = how;
    s->coroutine = head;
    result = al_asyncio_run(main, false, NULL);
    al_unref(s);
    return result;
}

static void ck_interrupted(al_value result, const al_exception_class *context)
{
    al_exception *raised = al_fetch_raised();

    ck_assert_int_eq(result.tag, AL_ABSENT);
    ck_assert_ptr_eq(raised->cls, &al_KeyboardInterrupt);
    if (context)
        ck_assert_ptr_eq(raised->context->cls, context);
    else
        ck_assert_ptr_null(raised->context);
    ck_assert_ptr_eq(sigint_handler(), SIG_DFL);
    al_unref(raised);
}

START_TEST(sigint_cancels_the_main_task_and_comes_out)
{
    ck_interrupted(run_sleeper((sleeper){.kills = 1}), &al_CancelledError);
}
END_TEST

START_TEST(sigint_ends_the_wait_whichever_thread_gets_it)
{
    pthread_t thread;
    sigset_t before;

    if (_i) /* the main thread does not */
        change_mask(SIG_BLOCK, &before);
    ck_interrupted(run_sleeper((sleeper){.killer = &thread}),
                   &al_CancelledError);
    pthread_join(thread, NULL);
    if (_i)
        pthread_sigmask(SIG_SETMASK, &before, NULL);
}
END_TEST

START_TEST(the_second_sigint_ends_the_loop)
{
    ck_interrupted(run_sleeper((sleeper){.kills = 1,
                                         .kills_when_cancelled = 1}),
                   NULL);
}
END_TEST

START_TEST(sigints_between_two_looks_are_one)
{
    ck_interrupted(run_sleeper((sleeper){.kills = 3}), &al_CancelledError);
}
END_TEST

START_TEST(sigint_in_the_last_step_takes_the_results_place)
{
    ck_interrupted(run_sleeper((sleeper){.kills = 1, .returns_at_once = true}),
                   NULL);
}
END_TEST

START_TEST(without_sigint_the_result_comes_out)
{
    al_value result = run_sleeper((sleeper){.returns_at_once = true});

    ck_assert_int_eq(result.as.integer, 42);
    ck_assert_ptr_eq(sigint_handler(), SIG_DFL);
}
END_TEST

START_TEST(sigint_that_others_handle_is_theirs)
{
    al_value result;

    signal(SIGINT, SIG_IGN);
    result = run_sleeper((sleeper){.kills = 1, .returns_at_once = true});
    ck_assert_int_eq(result.as.integer, 42);
    ck_assert_ptr_eq(sigint_handler(), SIG_IGN);
    signal(SIGINT, SIG_DFL);
}
END_TEST

static void *run_elsewhere(void *result)
{
    *(al_value *)result = run_sleeper((sleeper){.returns_at_once = true});
    return NULL;
}

START_TEST(a_runner_of_another_thread_leaves_sigint_alone)
{
    al_value result;
    pthread_t thread;

    pthread_create(&thread, NULL, run_elsewhere, &result);
    pthread_join(thread, NULL);
    ck_assert_int_eq(result.as.integer, 42);
    ck_assert_ptr_eq(handler_meanwhile, SIG_DFL);
    run_elsewhere(&result);
    ck_assert_ptr_ne(handler_meanwhile, SIG_DFL);
}
END_TEST

/* -- executors ------------------------------------------------------------ */

enum { JOBS = 40 };

static al_value square(void *self)
{
    int64_t n = *(const int64_t *)self;

    if (n % 10 == 9)
        return al_raise(&al_ValueError, "%d", (int)n) ? al_none()
                                                      : al_no_value();
    return al_int(n * n);
}

static const al_work_ops square_ops = {.run = square};

START_TEST(jobs_of_real_threads_come_back_to_the_loop)
{
    static int64_t numbers[JOBS];
    al_value futures[JOBS], results;
    al_future *all;
    const al_tuple *items;

    al_set_event_loop(loop);
    for (int64_t i = 0; i < JOBS; i++) {
        al_future *f;

        numbers[i] = i;
        f = al_loop_run_in_executor(loop, NULL,
                                    (al_work){&square_ops, &numbers[i]});
        ck_assert_ptr_nonnull(f);
        futures[i] = al_take(f);
    }
    all = al_gather(futures, JOBS, true);
    results = al_run_until_complete(
        loop, (al_value){AL_OBJECT, {.object = &all->head}});
    items = (const al_tuple *)results.as.object;
    ck_assert_int_eq(items->items[6].as.integer, 36);
    ck_assert(al_is(items->items[9], &al_exception_type));
    al_value_release(results);
    al_unref(all);
    for (int i = 0; i < JOBS; i++)
        al_value_release(futures[i]);
    {
        al_coroutine *end = al_shutdown_default_executor(loop, al_none());
        al_value done = al_run_until_complete(
            loop, (al_value){AL_OBJECT, {.object = &end->head}});

        ck_assert_int_eq(done.tag, AL_NONE);
        al_unref(end);
    }
    al_set_event_loop(NULL);
}
END_TEST

START_TEST(a_real_thread_waits_for_a_job_no_longer_than_it_says)
{
    static int64_t seven = 7;
    al_executor *pool = al_executor_new(1, NULL);
    al_concurrent *never = al_concurrent_new();
    al_concurrent *job =
        al_executor_submit(pool, (al_work){&square_ops, &seven});

    ck_assert_int_eq(al_concurrent_result(job, INFINITY).as.integer, 49);
    ck_assert_int_eq(al_concurrent_result(never, 0.01).tag, AL_ABSENT);
    ck_assert(al_exception_is(al_peek_raised(), &al_TimeoutError));
    al_unref(al_fetch_raised());
    ck_assert(al_executor_shutdown(pool, true, false));
    al_unref(job);
    al_unref(never);
    al_unref(pool);
}
END_TEST

static void add_interrupts(Suite *suite)
{
    TCase *tc = tcase_create("interrupts");

    tcase_add_checked_fixture(tc, leave_sigint_to_its_default,
                              give_sigint_back);
    tcase_add_test(tc, sigint_cancels_the_main_task_and_comes_out);
    tcase_add_loop_test(tc, sigint_ends_the_wait_whichever_thread_gets_it, 0,
                        2);
    tcase_add_test(tc, the_second_sigint_ends_the_loop);
    tcase_add_test(tc, sigints_between_two_looks_are_one);
    tcase_add_test(tc, sigint_in_the_last_step_takes_the_results_place);
    tcase_add_test(tc, without_sigint_the_result_comes_out);
    tcase_add_test(tc, sigint_that_others_handle_is_theirs);
    tcase_add_test(tc, a_runner_of_another_thread_leaves_sigint_alone);
    suite_add_tcase(suite, tc);
}
static al_value run_to_its_end(al_loop *l, al_coroutine *coroutine)
{
    al_value result = al_run_until_complete(
        l, (al_value){AL_OBJECT, {.object = (al_object *)coroutine}});

    al_unref(coroutine);
    return result;
}

/* Thread sanitizer's to judge (make tsan), as what follows. */
START_TEST(a_loop_and_its_executor_part_in_order)
{
    static int64_t numbers[JOBS];

    al_set_event_loop(loop);
    for (int64_t i = 0; i < JOBS; i++) {
        numbers[i] = i;
        al_unref(al_loop_run_in_executor(
            loop, NULL, (al_work){&square_ops, &numbers[i]}));
    }
    ck_assert_int_eq(
        run_to_its_end(loop, al_shutdown_default_executor(loop, al_none())).tag,
        AL_NONE);
    ck_assert(al_loop_close(loop));
    al_set_event_loop(NULL);
}
END_TEST

/* A pair of a text and a number, or an exception with a text. */
static al_value make_objects(void *self)
{
    al_value pair[] = {al_str_new("text"), al_int(1)};
    al_value tuple = al_take(al_tuple_new(pair, 2));

    al_value_release(pair[0]);
    if (!self)
        return tuple;
    al_raise_take(al_exception_new(&al_ValueError, &tuple, 1));
    al_value_release(tuple);
    return al_no_value();
}

static const al_work_ops objects_ops = {.run = make_objects};

static void look_at(al_value value)
{
    if (al_is(value, &al_exception_type))
        value = ((const al_exception *)value.as.object)->args->items[0];
    ck_assert(al_is(value, &al_tuple_type));
    for (int i = 0; i < 100; i++)
        al_value_release(
            al_value_dup(((const al_tuple *)value.as.object)->items[0]));
}

/* Both hold it: the loop, and the thread that has just made it. */
START_TEST(what_jobs_return_or_raise_may_be_held_by_both)
{
    al_value futures[JOBS], results;
    al_future *all;

    al_set_event_loop(loop);
    for (int i = 0; i < JOBS; i++)
        futures[i] = al_take(al_loop_run_in_executor(
            loop, NULL, (al_work){&objects_ops, i % 2 ? loop : NULL}));
    all = al_gather(futures, JOBS, true);
    results = al_run_until_complete(
        loop, (al_value){AL_OBJECT, {.object = &all->head}});
    for (int i = 0; i < JOBS; i++)
        look_at(((const al_tuple *)results.as.object)->items[i]);
    al_value_release(results);
    al_unref(all);
    for (int i = 0; i < JOBS; i++)
        al_value_release(futures[i]);
    run_to_its_end(loop, al_shutdown_default_executor(loop, al_none()));
    al_set_event_loop(NULL);
}
END_TEST

static void hold_results(void *pool)
{
    al_concurrent *jobs[JOBS];

    for (int i = 0; i < JOBS; i++)
        jobs[i] = al_executor_submit(
            pool, (al_work){&objects_ops, i % 2 ? pool : NULL});
    for (int i = 0; i < JOBS; i++) {
        al_value result = al_concurrent_result(jobs[i], INFINITY);

        al_unref(jobs[i]);
        if (result.tag == AL_ABSENT)
            result = al_take(al_fetch_raised());
        look_at(result);
        al_value_release(result);
    }
}

START_TEST(what_jobs_return_or_raise_outlives_their_future)
{
    al_executor *pool = al_executor_new(THREADS, NULL);

    for (int i = 0; i < 10; i++)
        hold_results(pool);
    ck_assert(al_executor_shutdown(pool, true, false));
    al_unref(pool);
}
END_TEST

/* -- where no thread can start -------------------------------------------- */

static void set_stack_size(size_t bytes)
{
    pthread_attr_t attributes;

    pthread_attr_init(&attributes);
    if (bytes)
        ck_assert_int_eq(pthread_attr_setstacksize(&attributes, bytes), 0);
    ck_assert_int_eq(pthread_setattr_default_np(&attributes), 0);
    pthread_attr_destroy(&attributes);
}

static size_t usual_stack_size(void)
{
    pthread_attr_t attributes;
    size_t bytes;

    pthread_getattr_default_np(&attributes);
    pthread_attr_getstacksize(&attributes, &bytes);
    pthread_attr_destroy(&attributes);
    return bytes;
}

static void ck_cannot_start_is_raised(void)
{
    al_exception *e = al_fetch_raised();
    al_text text = {0};

    ck_assert_ptr_eq(e->cls, &al_RuntimeError);
    al_exception_str(e, &text);
    ck_assert_str_eq(text.bytes, "can't start new thread");
    al_text_release(&text);
    al_unref(e);
}

static void ck_cannot_start(al_executor *pool, int64_t *number)
{
    ck_assert_ptr_null(
        al_executor_submit(pool, (al_work){&square_ops, number}));
    ck_cannot_start_is_raised();
}

/* The job that found no thread waits for the next that can be started. */
START_TEST(a_job_whose_thread_cannot_start_is_refused_and_stays)
{
    al_executor *pool = al_executor_new(1, NULL);
    size_t usual = usual_stack_size();
    int64_t three = 3;
    al_concurrent *job;

    set_stack_size((size_t)1 << 46);
    ck_cannot_start(pool, &three);
    ck_cannot_start(pool, &three);
    set_stack_size(usual);
    job = al_executor_submit(pool, (al_work){&square_ops, &three});
    ck_assert_int_eq(al_concurrent_result(job, INFINITY).as.integer, 9);
    ck_assert(al_executor_shutdown(pool, true, false));
    al_unref(job);
    al_unref(pool);
}
END_TEST

START_TEST(a_pool_without_a_thread_is_shut_down_at_once)
{
    al_executor *pool = al_executor_new(1, NULL);
    size_t usual = usual_stack_size();
    int64_t three = 3;

    set_stack_size((size_t)1 << 46);
    ck_cannot_start(pool, &three);
    set_stack_size(usual);
    ck_assert(al_executor_shutdown(pool, true, false));
    al_unref(pool);
}
END_TEST

static al_executor *shut_down_meanwhile;
static pthread_t who_shuts_down;

static void *shut_down(void *ok)
{
    *(bool *)ok = al_executor_shutdown(shut_down_meanwhile, true, false);
    return NULL;
}

/* Somebody else waits for the thread that then cannot start. */
static bool start_none(void *self, const char *name, void (*run)(void *arg),
                       void *arg)
{
    (void)name;
    (void)run;
    (void)arg;
    pthread_create(&who_shuts_down, NULL, shut_down, self);
    usleep(20000); /* until it waits, most likely */
    return al_raise(&al_RuntimeError, "can't start new thread");
}

START_TEST(nobody_waits_for_a_thread_that_could_not_start)
{
    bool ok = false;
    al_threads_ops ops = *al_threads_in_force()->ops;
    al_threads threads = {.ops = &ops, .self = &ok};
    int64_t three = 3;

    ops.start = start_none;
    al_set_threads(&threads);
    shut_down_meanwhile = al_executor_new(1, NULL);
    ck_cannot_start(shut_down_meanwhile, &three);
    pthread_join(who_shuts_down, NULL);
    ck_assert(ok);
    al_unref(shut_down_meanwhile);
    al_set_threads(NULL);
}
END_TEST

static pthread_t who_waits;
static atomic_bool has_waited;
static atomic_int locks_after;

static const al_threads_ops *real_ops;

/* The others are late for it. */
static void lock_late(void *self)
{
    if (!pthread_equal(pthread_self(), who_waits)) {
        usleep(20000);
        if (atomic_load(&has_waited))
            atomic_fetch_add(&locks_after, 1);
    }
    real_ops->lock(self);
}

/* Other threads may be set then, with other pools. */
START_TEST(a_thread_that_was_waited_for_is_done_with_the_pools)
{
    al_threads_ops ops = *al_threads_in_force()->ops;
    al_threads threads = {.ops = &ops};
    int64_t three = 3;
    al_executor *pool;

    real_ops = al_threads_in_force()->ops;
    ops.lock = lock_late;
    who_waits = pthread_self();
    al_set_threads(&threads);
    pool = al_executor_new(1, NULL);
    al_unref(al_executor_submit(pool, (al_work){&square_ops, &three}));
    ck_assert(al_executor_shutdown(pool, true, false));
    atomic_store(&has_waited, true);
    usleep(50000);
    ck_assert_int_eq(atomic_load(&locks_after), 0);
    al_unref(pool);
    al_set_threads(NULL);
}
END_TEST

static atomic_bool may_end;

static al_value wait_for_leave(void *self)
{
    (void)self;
    while (!atomic_load(&may_end))
        usleep(100);
    return al_none();
}

static const al_work_ops long_ops = {.run = wait_for_leave};

static al_value count_thread(void *self)
{
    atomic_int *begun = self;

    if (atomic_fetch_add(begun, 1) == 0)
        return al_none();
    al_raise(&al_ValueError, "only one may begin");
    return al_no_value();
}

static const al_work_ops counted_ops = {.run = count_thread};

/* Two jobs at once need two threads, of which the second cannot begin. */
START_TEST(a_pool_breaks_where_a_real_thread_cannot_begin)
{
    static int64_t three = 3;
    atomic_int begun = 0;
    al_executor *pool = al_executor_new(2, NULL);
    al_concurrent *jobs[2];

    al_executor_take_initializer(pool, (al_work){&counted_ops, &begun});
    atomic_store(&may_end, false);
    jobs[0] = al_executor_submit(pool, (al_work){&long_ops, NULL});
    while (!al_concurrent_running(jobs[0]))
        usleep(100);
    jobs[1] = al_executor_submit(pool, (al_work){&square_ops, &three});
    ck_assert_int_eq(al_concurrent_result(jobs[1], INFINITY).tag, AL_ABSENT);
    ck_assert(al_exception_is(al_peek_raised(), &al_BrokenThreadPool));
    al_unref(al_fetch_raised());
    ck_assert_ptr_null(
        al_executor_submit(pool, (al_work){&square_ops, &three}));
    ck_assert(al_exception_is(al_peek_raised(), &al_BrokenThreadPool));
    al_unref(al_fetch_raised());
    atomic_store(&may_end, true);
    ck_assert(al_executor_shutdown(pool, true, false));
    ck_assert_int_eq(atomic_load(&begun), 2);
    ck_assert_int_eq(al_concurrent_result(jobs[0], INFINITY).tag, AL_NONE);
    al_unref(jobs[0]);
    al_unref(jobs[1]);
    al_unref(pool);
}
END_TEST

static al_value fail_soon(void *self)
{
    (void)self;
    usleep(20000);
    al_raise(&al_ValueError, "it may not begin");
    return al_no_value();
}

/* The pool breaks while the job's name is made. */
static void add_name_slowly(const void *self, al_text *out)
{
    const atomic_bool *may_go = self;

    while (!atomic_load(may_go))
        usleep(100);
    usleep(50000);
    al_text_add(out, "slow");
}

static al_value open_way(void *self)
{
    atomic_store((atomic_bool *)self, true);
    return fail_soon(NULL);
}

START_TEST(a_pool_that_breaks_while_a_job_is_submitted_refuses_it)
{
    static const al_work_ops initializer = {.run = open_way};
    static const al_work_ops slow_ops = {.run = fail_soon,
                                         .add_name = add_name_slowly};
    static int64_t three = 3;
    atomic_bool has_begun = false;
    al_executor *pool = al_executor_new(1, NULL);
    al_concurrent *first;

    al_executor_take_initializer(pool, (al_work){&initializer, &has_begun});
    first = al_executor_submit(pool, (al_work){&square_ops, &three});
    ck_assert_ptr_null(
        al_executor_submit(pool, (al_work){&slow_ops, &has_begun}));
    ck_assert(al_exception_is(al_peek_raised(), &al_BrokenThreadPool));
    al_unref(al_fetch_raised());
    ck_assert(al_executor_shutdown(pool, true, false));
    al_unref(first);
    al_unref(pool);
}
END_TEST

/* The thread that joins them is left behind, and the loop may go. */
START_TEST(threads_that_do_not_end_are_left_to_themselves)
{
    al_executor *pool = al_executor_new(1, NULL);
    al_concurrent *job = al_executor_submit(pool, (al_work){&long_ops, NULL});

    atomic_store(&may_end, false);
    al_set_event_loop(loop);
    al_loop_set_default_executor(loop, pool);
    ck_assert_int_eq(
        run_to_its_end(loop,
                       al_shutdown_default_executor(loop, al_float(0.001)))
            .tag,
        AL_NONE);
    if (_i == 1)
        ck_assert(al_loop_close(loop));
    atomic_store(&may_end, true);
    ck_assert_int_eq(al_concurrent_result(job, INFINITY).tag, AL_NONE);
    ck_assert(al_executor_shutdown(pool, true, false));
    if (_i == 0)
        ck_assert(al_loop_close(loop)); /* with what its thread asked for */
    al_set_event_loop(NULL);
    al_unref(job);
    al_unref(pool);
}
END_TEST

enum { ASKED = 200 };

static atomic_int threads_left;

static void ask_once(al_loop *l, int i)
{
    al_value text = al_str_new("text");
    al_coroutine *nap = al_sleep(al_float(0), text);
    al_concurrent *answer;
    bool cancelled = false;
    al_value result;

    al_value_release(text); /* the coroutine's, who is the loop's from now */
    answer = al_run_coroutine_threadsafe_take(nap, l);
    ck_assert_ptr_nonnull(answer);
    if (i % 3 == 0)
        ck_assert(al_concurrent_cancel(answer, &cancelled));
    result = al_concurrent_result(answer, INFINITY);
    if (cancelled)
        al_unref(al_fetch_raised());
    else
        ck_assert(al_is(result, &al_str_type));
    al_unref(answer);
    al_value_release(result);
}

static void *ask_the_loop(void *arg)
{
    for (int i = 0; i < ASKED; i++)
        ask_once(arg, i);
    if (atomic_fetch_sub(&threads_left, 1) == 1)
        al_loop_call_soon_threadsafe(arg, (al_callback){&stopper, NULL}, NULL,
                                     NULL);
    return NULL;
}

START_TEST(coroutines_that_threads_ask_for_answer_or_are_cancelled)
{
    pthread_t threads[THREADS];

    atomic_store(&threads_left, THREADS);
    for (int i = 0; i < THREADS; i++)
        ck_assert_int_eq(
            pthread_create(&threads[i], NULL, ask_the_loop, loop), 0);
    ck_assert(al_loop_run_forever(loop));
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
}
END_TEST

static al_value sleep_long(void *self)
{
    (void)self;
    usleep(50000);
    return al_none();
}

static const al_work_ops sleep_long_ops = {.run = sleep_long};

START_TEST(a_pool_that_is_not_waited_for_outlives_its_loop)
{
    al_coroutine *end;
    al_value done;
    al_future *f;

    al_set_event_loop(loop);
    f = al_loop_run_in_executor(loop, NULL, (al_work){&sleep_long_ops, NULL});
    ck_assert_ptr_nonnull(f);
    end = al_shutdown_default_executor(loop, al_float(0.01));
    done = al_run_until_complete(
        loop, (al_value){AL_OBJECT, {.object = &end->head}});
    ck_assert_int_eq(done.tag, AL_NONE);
    al_unref(end);
    al_unref(f);
    al_set_event_loop(NULL);
    ck_assert(al_loop_close(loop));
    usleep(100000); /* its threads find the loop closed */
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
    tcase_add_loop_test(tc, a_number_of_no_open_file_raises, 0, 2);
    tcase_add_test(tc, a_file_closed_meanwhile_is_unwatched_or_raises);
    tcase_add_test(tc, one_select_reports_every_fd_that_is_ready);
    tcase_add_loop_test(tc, a_timeout_that_cannot_be_waited_for_raises, 0,
                        COUNT(bad_timeouts));
    tcase_add_loop_test(tc, a_process_out_of_descriptors_gets_no_loop, 0, 2);
    tcase_add_test(
        tc, an_observer_sees_descriptors_by_number_and_threads_as_the_world);
    tcase_add_test(tc, a_signal_of_others_does_not_end_the_wait);
    tcase_add_test(tc, calls_from_threads_all_arrive);
    tcase_add_test(tc, a_loop_may_run_in_another_thread_than_made_it);
    tcase_add_test(tc, a_loop_may_be_closed_while_a_thread_calls);
    tcase_add_test(tc, a_thread_may_cancel_what_it_scheduled);
    tcase_add_test(tc, debug_mode_refuses_call_soon_from_another_thread);
    tcase_add_test(tc, a_signal_reaches_its_handler_through_the_self_pipe);
    tcase_add_test(tc, jobs_of_real_threads_come_back_to_the_loop);
    tcase_add_test(tc, a_real_thread_waits_for_a_job_no_longer_than_it_says);
    tcase_add_loop_test(tc, a_loop_and_its_executor_part_in_order, 0, 20);
    tcase_add_loop_test(tc, what_jobs_return_or_raise_may_be_held_by_both, 0,
                        5);
    tcase_add_test(tc, what_jobs_return_or_raise_outlives_their_future);
    tcase_add_test(tc, a_job_whose_thread_cannot_start_is_refused_and_stays);
    tcase_add_test(tc, a_pool_without_a_thread_is_shut_down_at_once);
    tcase_add_test(tc, nobody_waits_for_a_thread_that_could_not_start);
    tcase_add_test(tc, a_thread_that_was_waited_for_is_done_with_the_pools);
    tcase_add_test(tc, a_pool_breaks_where_a_real_thread_cannot_begin);
    tcase_add_test(
        tc, a_pool_that_breaks_while_a_job_is_submitted_refuses_it);
    tcase_add_loop_test(tc, threads_that_do_not_end_are_left_to_themselves, 0,
                        2);
    tcase_add_test(tc, a_pool_that_is_not_waited_for_outlives_its_loop);
    tcase_add_test(tc, coroutines_that_threads_ask_for_answer_or_are_cancelled);
    suite_add_tcase(suite, tc);
    add_interrupts(suite);
    return suite;
}
