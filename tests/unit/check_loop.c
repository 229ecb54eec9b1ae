/* check_loop.c - the loop's turns and life, in a world without surprises. */
#include "tests/unit/suites.h"

#include <errno.h>
#include <math.h>
#include <string.h>
#include "loop/asyncloop.h"
#include "sim/world/world.h"

/* -- a loop that writes down what it does -------------------------------- */

typedef struct bench {
    al_world *world;
    al_loop *loop;
    al_text log; /* "iteration run:a cancel …", names of callbacks in run */
} bench;

static void write_down(void *self, const al_event *event)
{
    al_text *log = self;

    al_text_add_format(log, "%s%s", log->length ? " " : "",
                       al_event_specs[event->kind].name);
    if (event->kind == AL_EVENT_RUN)
        al_text_add_format(log, ":%s", event->callback);
}

static const al_observer_ops write_down_ops = {.emit = write_down};

/* The world's selector, but that the kernel may refuse. */
static const al_selector_ops *world_ops;
static bool refuses_fds, refuses_signals, is_main_thread;

static bool watch_or_refuse(void *self, int fd, unsigned mask)
{
    if (refuses_fds && mask)
        return al_raise_os_error(EBADF);
    return world_ops->watch(self, fd, mask);
}

static bool wake_or_refuse(void *self, bool on)
{
    if (!is_main_thread)
        return al_raise(&al_ValueError, "not the main thread");
    return world_ops->wake_by_signals(self, on);
}

static bool catch_or_refuse(void *self, int sig, bool on)
{
    if (refuses_signals)
        return al_raise_os_error(EPERM);
    return world_ops->catch_signal(self, sig, on);
}

static al_selector make_selector(al_world *world)
{
    static al_selector_ops ops;
    al_selector selector = al_world_selector(world);

    world_ops = selector.ops;
    ops = *world_ops;
    ops.watch = watch_or_refuse;
    ops.wake_by_signals = wake_or_refuse;
    ops.catch_signal = catch_or_refuse;
    refuses_fds = refuses_signals = false;
    is_main_thread = true;
    selector.ops = &ops;
    return selector;
}

static void set_up(bench *b, bool is_debug)
{
    al_world_options world = {.resolution = 1e-9, .until = -1};
    al_loop_options options = al_loop_defaults();

    *b = (bench){0};
    options.debug = is_debug;
    b->world = al_world_new(&world);
    b->loop = al_loop_new(al_world_clock(b->world),
                          make_selector(b->world),
                          (al_observer){&write_down_ops, &b->log}, &options);
    al_text_clear(&b->log);
}

static void tear_down(bench *b)
{
    al_unref(b->loop);
    al_world_free(b->world);
    al_text_release(&b->log);
    al_unref(al_fetch_raised());
}

/* A callback named by a string that is written down when it runs. */
static bool do_nothing(al_loop *loop, void *self)
{
    (void)loop;
    (void)self;
    return true;
}

static void add_own_name(const void *self, al_text *out)
{
    al_text_add(out, self);
}

static const al_callable named = {.call = do_nothing, .add_name = add_own_name};

static al_callback call(const char *name)
{
    return (al_callback){&named, (void *)name};
}

static bool stop(al_loop *loop, void *self)
{
    (void)self;
    al_loop_stop(loop);
    return true;
}

static const al_callable stopper = {.name = "stop", .call = stop};

static void ck_raised(const al_exception_class *cls, const char *text)
{
    al_exception *raised = al_fetch_raised();
    al_text got = {0};

    ck_assert_ptr_nonnull(raised);
    al_exception_str(raised, &got);
    ck_assert_ptr_eq(raised->cls, cls);
    ck_assert_str_eq(al_text_peek(&got), text);
    al_text_release(&got);
    al_unref(raised);
}

/* -- turns --------------------------------------------------------------- */

START_TEST(a_handle_readied_in_a_turn_waits_for_the_next)
{
    bench b;

    set_up(&b, false);
    al_loop_call_soon(b.loop, call("a"), NULL);
    al_loop_call_soon(b.loop, call("b"), NULL);
    ck_assert(al_loop_run_once(b.loop));
    ck_assert_str_eq(b.log.bytes,
                     "call_soon call_soon iteration select wake "
                     "run:a ran run:b ran");
    tear_down(&b);
}
END_TEST

START_TEST(a_cancelled_ready_handle_is_skipped)
{
    bench b;
    al_handle *handle;

    set_up(&b, false);
    handle = al_loop_call_soon(b.loop, call("a"), NULL);
    al_handle_cancel(handle);
    al_handle_cancel(handle); /* harmless, and no second event */
    ck_assert(al_handle_cancelled(handle));
    ck_assert(al_loop_run_once(b.loop));
    ck_assert_str_eq(b.log.bytes,
                     "call_soon cancel iteration select wake skip");
    tear_down(&b);
}
END_TEST

START_TEST(a_cancelled_timer_at_the_head_is_pruned_before_select)
{
    bench b;

    set_up(&b, false);
    al_handle_cancel(al_loop_call_later(b.loop, 1, call("a"), NULL));
    al_loop_call_later(b.loop, 2, call("b"), NULL);
    ck_assert(al_loop_run_once(b.loop));
    ck_assert_str_eq(b.log.bytes, "call_at cancel call_at iteration prune "
                                  "select wake due run:b ran");
    ck_assert_double_eq(al_loop_time(b.loop), 2);
    tear_down(&b);
}
END_TEST

static const struct {
    int timers, cancelled;
    bool compacts;
} compactions[] = {
    {100, 99, false},  /* not more than 100 scheduled */
    {101, 50, false},  /* 49.5 % */
    {101, 51, true},
    {102, 51, false},  /* exactly half */
    {200, 101, true},
};

/* The head stays, so that pruning at the head cannot do the work. */
START_TEST(compaction_needs_over_100_timers_and_over_half_cancelled)
{
    al_handle *handles[200];
    bench b;

    set_up(&b, false);
    for (int i = 0; i < compactions[_i].timers; i++)
        handles[i] = al_loop_call_later(b.loop, i + 1, call("t"), NULL);
    for (int i = 0; i < compactions[_i].cancelled; i++)
        al_handle_cancel(handles[compactions[_i].timers - 1 - i]);
    ck_assert(al_loop_run_once(b.loop));
    ck_assert_int_eq(strstr(b.log.bytes, "compact") != NULL,
                     compactions[_i].compacts);
    tear_down(&b);
}
END_TEST

START_TEST(a_timer_fires_within_the_clock_s_resolution)
{
    bench b;

    set_up(&b, false);
    al_loop_call_at(b.loop, 1e-10, call("a"), NULL);
    al_loop_call_soon(b.loop, call("b"), NULL);
    ck_assert(al_loop_run_once(b.loop)); /* timeout 0, time stays 0 */
    ck_assert_ptr_nonnull(strstr(b.log.bytes, "due run:b ran run:a"));
    tear_down(&b);
}
END_TEST

/* -- life ---------------------------------------------------------------- */

START_TEST(stop_lets_the_turn_finish)
{
    bench b;

    set_up(&b, false);
    al_loop_call_soon(b.loop, (al_callback){&stopper, NULL}, NULL);
    al_loop_call_soon(b.loop, call("after"), NULL);
    ck_assert(al_loop_run_forever(b.loop));
    ck_assert_ptr_nonnull(strstr(b.log.bytes, "run:stop stop ran run:after"));
    ck_assert(!al_loop_is_running(b.loop));
    tear_down(&b);
}
END_TEST

START_TEST(a_closed_loop_refuses)
{
    bench b;

    set_up(&b, false);
    ck_assert(al_loop_close(b.loop));
    ck_assert(al_loop_close(b.loop)); /* again: nothing happens */
    ck_assert_str_eq(b.log.bytes, "cancel remove_reader close");
    ck_assert_ptr_null(al_loop_call_soon(b.loop, call("a"), NULL));
    ck_raised(&al_RuntimeError, "Event loop is closed");
    ck_assert_ptr_null(al_loop_call_later(b.loop, 1, call("a"), NULL));
    ck_raised(&al_RuntimeError, "Event loop is closed");
    ck_assert(!al_loop_run_forever(b.loop));
    ck_raised(&al_RuntimeError, "Event loop is closed");
    ck_assert(!al_loop_call_soon_threadsafe(b.loop, call("a"), NULL, NULL));
    ck_raised(&al_RuntimeError, "Event loop is closed");
    tear_down(&b);
}
END_TEST

static bool run_again(al_loop *loop, void *self)
{
    (void)self;
    ck_assert(!al_loop_run_forever(loop));
    ck_raised(&al_RuntimeError, "This event loop is already running");
    ck_assert(!al_loop_close(loop));
    ck_raised(&al_RuntimeError, "Cannot close a running event loop");
    al_loop_stop(loop);
    return true;
}

static const al_callable runs_again = {.name = "again", .call = run_again};

START_TEST(a_running_loop_is_not_run_or_closed)
{
    bench b;

    set_up(&b, false);
    al_loop_call_soon(b.loop, (al_callback){&runs_again, NULL}, NULL);
    ck_assert(al_loop_run_forever(b.loop));
    tear_down(&b);
}
END_TEST

START_TEST(a_deadlock_is_raised_not_hung_in)
{
    bench b;

    set_up(&b, false);
    ck_assert(!al_loop_run_forever(b.loop));
    ck_raised(&al_Deadlock, "nothing can ever happen again");
    tear_down(&b);
}
END_TEST

static bool raise_value_error(al_loop *loop, void *self)
{
    (void)loop;
    (void)self;
    return al_raise(&al_ValueError, "boom");
}

static const al_callable raiser = {.name = "bad", .call = raise_value_error};

START_TEST(an_exception_goes_to_the_handler_and_the_loop_goes_on)
{
    bench b;

    set_up(&b, false);
    al_loop_call_soon(b.loop, (al_callback){&raiser, NULL}, NULL);
    al_loop_call_soon(b.loop, call("next"), NULL);
    ck_assert(al_loop_run_once(b.loop));
    ck_assert_ptr_nonnull(
        strstr(b.log.bytes, "run:bad exception log ran run:next"));
    tear_down(&b);
}
END_TEST

/* -- the logger, and handlers written in C -------------------------------- */

static void note(void *self, const char *level, const char *text,
                 const al_exception *exception)
{
    al_text_add_format(self, "%s %s (%s)\n", level, text,
                       exception ? exception->cls->name : "-");
}

static const al_logger_ops note_ops = {.log = note};

static bool take_long(al_loop *loop, void *world)
{
    (void)loop;
    return al_world_busy(world, 0.25);
}

static const al_callable slow = {.name = "slow", .call = take_long};

START_TEST(the_logger_is_told_what_asyncio_s_would_be)
{
    al_text notes = {0};
    bench b;

    set_up(&b, true);
    al_loop_set_logger(b.loop, (al_logger){&note_ops, &notes});
    ck_assert_double_eq(al_loop_get_slow_callback_duration(b.loop), 0.1);
    al_loop_set_slow_callback_duration(b.loop, 0.2);
    al_loop_call_soon(b.loop, (al_callback){&raiser, NULL}, NULL);
    al_loop_call_soon(b.loop, (al_callback){&slow, b.world}, NULL);
    ck_assert(al_loop_run_once(b.loop));
    ck_assert_str_eq(notes.bytes,
                     "ERROR Exception in callback bad()\n"
                     "handle: <Handle bad()> (ValueError)\n"
                     "WARNING Executing <Handle slow()> took 0.250 seconds "
                     "(-)\n");
    al_text_release(&notes);
    tear_down(&b);
}
END_TEST

/* What the handler raises, and what then comes of call_exception_handler. */
static const struct {
    const al_exception_class *cls;
    bool ok;
} handlers[] = {
    {&al_ValueError, true},
    {&al_CancelledError, true},
    {&al_SystemExit, false},
    {&al_KeyboardInterrupt, false},
};

static int handler_releases;

static bool raise_again(void *self, al_loop *loop,
                        const al_error_context *context)
{
    (void)loop;
    ck_assert_str_eq(context->message, "oh");
    return al_raise(self, "handler");
}

static void release_handler(void *self)
{
    (void)self;
    handler_releases++;
}

static const al_exception_handler_ops raise_again_ops = {
    .handle = raise_again,
    .release = release_handler,
};

START_TEST(of_a_handler_s_exceptions_only_two_pass_through)
{
    const al_exception_class *cls = handlers[_i].cls;
    const al_error_context context = {.message = "oh"};
    al_text notes = {0};
    bench b;

    set_up(&b, false);
    handler_releases = 0;
    al_loop_set_logger(b.loop, (al_logger){&note_ops, &notes});
    al_loop_set_exception_handler(
        b.loop, (al_exception_handler){&raise_again_ops, (void *)cls});
    ck_assert(al_loop_call_exception_handler(b.loop, &context) ==
              handlers[_i].ok);
    if (handlers[_i].ok)
        ck_assert_ptr_nonnull(
            strstr(notes.bytes, "ERROR Unhandled error in exception handler\n"
                                "context: {'message': 'oh'}"));
    else
        ck_raised(cls, "handler");
    al_loop_set_exception_handler(b.loop, (al_exception_handler){0});
    ck_assert_int_eq(handler_releases, 1);
    al_text_release(&notes);
    tear_down(&b);
}
END_TEST

/* -- handles ------------------------------------------------------------- */

static void add_args(const void *self, bool is_short, al_text *out)
{
    (void)self;
    al_text_add(out, is_short ? "1" : "one");
}

static void add_place(const void *self, al_text *out)
{
    (void)self;
    al_text_add(out, " at x.json:3");
}

static const al_callable placed = {
    .name = "tick",
    .call = do_nothing,
    .add_args = add_args,
    .add_place = add_place,
};

static const struct {
    bool debug, timer, cancelled;
    const char *repr;
} reprs[] = {
    {false, false, false, "<Handle tick() at x.json:3>"},
    {true, false, false, "<Handle tick(1) at x.json:3>"},
    {false, true, false, "<TimerHandle when=1.5 tick() at x.json:3>"},
    {true, true, false, "<TimerHandle when=1.5 tick(1) at x.json:3>"},
    {false, false, true, "<Handle cancelled>"},
    {false, true, true, "<TimerHandle cancelled when=1.5>"},
    {true, true, true, "<TimerHandle cancelled when=1.5 tick(1) at x.json:3>"},
};

START_TEST(a_handle_s_repr_is_cpython_s)
{
    al_callback callback = {&placed, NULL};
    al_text repr = {0};
    al_handle *handle;
    bench b;

    set_up(&b, reprs[_i].debug);
    handle = reprs[_i].timer ? al_loop_call_at(b.loop, 1.5, callback, NULL)
                             : al_loop_call_soon(b.loop, callback, NULL);
    if (reprs[_i].cancelled)
        al_handle_cancel(handle);
    al_handle_repr(handle, &repr);
    ck_assert_str_eq(repr.bytes, reprs[_i].repr);
    al_text_release(&repr);
    tear_down(&b);
}
END_TEST

START_TEST(a_handle_outlives_its_loop)
{
    al_handle *handle;
    bench b;

    set_up(&b, false);
    handle = al_ref(al_loop_call_later(b.loop, 1, call("a"), NULL));
    tear_down(&b);
    ck_assert(!al_handle_cancelled(handle));
    ck_assert_double_eq(al_handle_when(handle), 1);
    al_unref(handle);
}
END_TEST

START_TEST(a_dropped_handle_drops_its_context)
{
    bench b;
    al_context_var *user = al_context_var_new("user", (al_value){0});
    al_context *context;
    al_handle *handle;
    al_value seen_value;
    al_token *token;

    set_up(&b, false);
    token = al_context_var_set(user, al_int(7));
    al_handle_cancel(al_loop_call_soon(b.loop, call("a"), NULL));
    handle = al_loop_call_soon(b.loop, call("b"), NULL);
    context = al_handle_get_context(handle); /* before it has run */
    seen_value = al_context_lookup(context, user);
    ck_assert_int_eq(seen_value.as.integer, 7);
    al_unref(context);
    ck_assert(al_loop_run_once(b.loop));
    ck_assert(al_context_var_reset(user, token));
    al_unref(token);
    al_unref(user);
    tear_down(&b);
}
END_TEST

/* -- what is taken over --------------------------------------------------- */

static int released;

static void count_release(void *self)
{
    (void)self;
    released++;
}

static const al_callable counted = {
    .name = "counted",
    .call = do_nothing,
    .release = count_release,
};

START_TEST(a_callback_is_taken_over_even_on_failure)
{
    const al_callback callback = {&counted, NULL};
    bench b;

    set_up(&b, false);
    released = 0;
    ck_assert(!al_loop_add_reader(b.loop, -1, callback));
    ck_assert(!al_loop_add_signal_handler(b.loop, 0, callback));
    ck_assert(!al_loop_add_signal_handler(b.loop, 32, callback));
    ck_assert(!al_loop_add_signal_handler(b.loop, 9, callback));
    ck_assert_int_eq(released, 4);
    al_loop_call_soon(b.loop, callback, NULL);
    al_loop_call_later(b.loop, 1, callback, NULL);
    ck_assert(al_loop_call_soon_threadsafe(b.loop, callback, NULL, NULL));
    ck_assert(al_loop_add_signal_handler(b.loop, 15, callback));
    ck_assert(al_loop_close(b.loop));
    ck_assert_int_eq(released, 8);
    ck_assert_ptr_null(al_loop_call_soon(b.loop, callback, NULL));
    ck_assert_ptr_null(al_loop_call_later(b.loop, 1, callback, NULL));
    ck_assert(!al_loop_call_soon_threadsafe(b.loop, callback, NULL, NULL));
    ck_assert(!al_loop_add_reader(b.loop, 5, callback));
    ck_assert(!al_loop_add_signal_handler(b.loop, 15, callback));
    ck_assert_int_eq(released, 13);
    tear_down(&b);
}
END_TEST

/* -- a selector that cannot do everything --------------------------------- */

static int refuse_self_pipe(void *self)
{
    (void)self;
    al_raise_os_error(EMFILE);
    return -1;
}

static al_loop *make_loop(al_world *world, al_selector selector)
{
    return al_loop_new(al_world_clock(world), selector, (al_observer){0},
                       NULL);
}

START_TEST(a_loop_without_a_self_pipe_is_none)
{
    al_world_options options = {.resolution = 1e-9, .until = -1};
    al_world *world = al_world_new(&options);
    al_selector selector = make_selector(world);
    al_selector_ops ops = *selector.ops;

    ops.open_self = refuse_self_pipe;
    selector.ops = &ops;
    ck_assert_ptr_null(make_loop(world, selector));
    ck_raised(&al_OSError, "[Errno 24] Too many open files");
    selector = make_selector(world);
    refuses_fds = true;
    ck_assert_ptr_null(make_loop(world, selector));
    ck_raised(&al_OSError, "[Errno 9] Bad file descriptor");
    al_world_free(world);
}
END_TEST

START_TEST(a_selector_may_have_no_signals)
{
    al_world_options options = {.resolution = 1e-9, .until = -1};
    al_world *world = al_world_new(&options);
    al_selector selector = make_selector(world);
    al_selector_ops ops = *selector.ops;
    al_loop *loop;

    ops.wake_by_signals = NULL;
    ops.catch_signal = NULL;
    selector.ops = &ops;
    loop = make_loop(world, selector);
    ck_assert(!al_loop_add_signal_handler(loop, 15, call("a")));
    ck_raised(&al_NotImplementedError, "signals are not supported");
    ck_assert(al_loop_close(loop));
    al_unref(loop);
    al_world_free(world);
}
END_TEST

/* -- fds ----------------------------------------------------------------- */

START_TEST(replacing_a_reader_cancels_the_old_handle)
{
    bench b;
    bool removed;
    int fd;

    set_up(&b, false);
    fd = al_world_fd(b.world, "conn");
    ck_assert(al_loop_add_reader(b.loop, fd, call("a")));
    ck_assert(al_loop_add_reader(b.loop, fd, call("b")));
    ck_assert(al_loop_remove_reader(b.loop, fd, &removed) && removed);
    ck_assert(al_loop_remove_reader(b.loop, fd, &removed) && !removed);
    ck_assert_str_eq(b.log.bytes, "add_reader cancel add_reader cancel "
                                  "remove_reader");
    tear_down(&b);
}
END_TEST

START_TEST(a_reader_runs_in_every_turn_until_drained)
{
    bench b;
    int fd;

    set_up(&b, false);
    fd = al_world_fd(b.world, "conn");
    al_world_add_fd(b.world, 1, fd, 1, -1);
    ck_assert(al_loop_add_reader(b.loop, fd, call("a")));
    ck_assert(al_loop_run_once(b.loop));
    ck_assert(al_loop_run_once(b.loop));
    ck_assert(al_world_read(b.world, fd));
    ck_assert_str_eq(b.log.bytes,
                     "add_reader iteration select wake ready run:a ran "
                     "iteration select wake ready run:a ran");
    tear_down(&b);
}
END_TEST

START_TEST(who_is_refused_is_watched_no_more)
{
    bench b;
    al_handle *handle;
    bool removed;
    int fd;

    set_up(&b, false);
    fd = al_world_fd(b.world, "conn");
    ck_assert(al_loop_add_reader(b.loop, fd, call("r")));
    ck_assert(al_loop_add_writer(b.loop, fd, call("w")));
    refuses_fds = true;
    ck_assert(!al_loop_remove_reader(b.loop, fd, &removed) && !removed);
    ck_raised(&al_OSError, "[Errno 9] Bad file descriptor");
    refuses_fds = false;
    ck_assert(al_loop_remove_reader(b.loop, fd, &removed) && !removed);
    ck_assert(al_loop_remove_writer(b.loop, fd, &removed) && !removed);
    ck_assert_str_eq(b.log.bytes, "add_reader add_writer");

    ck_assert(al_loop_add_reader(b.loop, fd, call("r")));
    refuses_fds = true;
    ck_assert(!al_loop_add_writer(b.loop, fd, call("w")));
    ck_raised(&al_OSError, "[Errno 9] Bad file descriptor");
    ck_assert(al_loop_remove_reader(b.loop, fd, &removed) && !removed);
    handle = al_loop_call_soon(b.loop, call("last"), NULL);
    ck_assert_uint_eq(handle->id, 6); /* the self-pipe's is the first */
    tear_down(&b);
}
END_TEST

START_TEST(a_negative_fd_is_refused)
{
    bench b;
    bool removed = true;

    set_up(&b, false);
    ck_assert(!al_loop_add_reader(b.loop, -1, call("r")));
    ck_raised(&al_ValueError, "Invalid file descriptor: -1");
    ck_assert(!al_loop_remove_writer(b.loop, -2, &removed) && !removed);
    ck_raised(&al_ValueError, "Invalid file descriptor: -2");
    ck_assert(al_loop_close(b.loop));
    ck_assert(al_loop_remove_writer(b.loop, -2, NULL));
    tear_down(&b);
}
END_TEST

static bool cancel_itself(al_loop *loop, void *self)
{
    (void)self;
    al_handle_cancel(al_loop_peek_current_handle(loop));
    return true;
}

static const al_callable self_canceller = {.name = "c", .call = cancel_itself};

/* Raised out of _process_events, it ends run_forever. */
START_TEST(a_cancelled_reader_that_cannot_be_removed_ends_the_run)
{
    bench b;
    int fd;

    set_up(&b, false);
    fd = al_world_fd(b.world, "conn");
    ck_assert(al_loop_add_writer(b.loop, fd, call("w")));
    ck_assert(al_loop_add_reader(b.loop, fd,
                                 (al_callback){&self_canceller, NULL}));
    al_world_add_fd(b.world, 1, fd, 1, -1);
    ck_assert(al_loop_run_once(b.loop));
    refuses_fds = true;
    ck_assert(!al_loop_run_forever(b.loop));
    ck_raised(&al_OSError, "[Errno 9] Bad file descriptor");
    tear_down(&b);
}
END_TEST

/* -- signals ------------------------------------------------------------- */

START_TEST(a_signal_runs_its_handler_a_turn_after_the_self_pipe)
{
    bench b;
    bool removed;

    set_up(&b, false);
    ck_assert(al_loop_add_signal_handler(b.loop, 15, call("term")));
    al_world_add_signal(b.world, 1, 15);
    ck_assert(al_loop_run_once(b.loop));
    ck_assert(al_loop_run_once(b.loop));
    ck_assert_ptr_nonnull(strstr(
        b.log.bytes, "run:BaseSelectorEventLoop._read_from_self ready ran "
                     "iteration select wake run:term ran"));
    ck_assert(al_loop_remove_signal_handler(b.loop, 15, &removed) && removed);
    ck_assert(!al_loop_add_signal_handler(b.loop, 65, call("x")));
    ck_raised(&al_ValueError, "invalid signal number 65");
    tear_down(&b);
}
END_TEST

START_TEST(a_cancelled_signal_handler_is_removed_when_its_signal_comes)
{
    bench b;
    bool removed;

    set_up(&b, false);
    ck_assert(al_loop_add_signal_handler(
        b.loop, 15, (al_callback){&self_canceller, NULL}));
    al_world_add_signal(b.world, 1, 15);
    al_world_add_signal(b.world, 2, 15);
    ck_assert(al_loop_run_once(b.loop));
    ck_assert(al_loop_run_once(b.loop)); /* it runs, and cancels itself */
    refuses_signals = true; /* so that it fails: told to the handler */
    ck_assert(al_loop_run_once(b.loop));
    ck_assert_ptr_nonnull(strstr(b.log.bytes, " exception log ran"));
    ck_assert(al_loop_remove_signal_handler(b.loop, 15, &removed) && !removed);
    tear_down(&b);
}
END_TEST

START_TEST(what_the_process_refuses_is_raised)
{
    bench b;
    bool removed;

    set_up(&b, false);
    ck_assert(!al_loop_add_signal_handler(b.loop, 9, call("x")));
    ck_assert_ptr_nonnull(al_peek_raised()->context); /* the OSError */
    ck_raised(&al_RuntimeError, "sig 9 cannot be caught");
    is_main_thread = false;
    ck_assert(!al_loop_add_signal_handler(b.loop, 15, call("x")));
    ck_raised(&al_RuntimeError, "not the main thread");
    is_main_thread = true;

    ck_assert(al_loop_add_signal_handler(b.loop, 15, call("x")));
    refuses_signals = true;
    ck_assert(!al_loop_remove_signal_handler(b.loop, 15, &removed) &&
              !removed);
    ck_raised(&al_PermissionError, "[Errno 1] Operation not permitted");
    ck_assert(al_loop_remove_signal_handler(b.loop, 15, &removed) && !removed);
    tear_down(&b);
}
END_TEST

START_TEST(that_no_signal_wakes_any_more_may_fail_unheard)
{
    bench b;

    set_up(&b, false);
    ck_assert(al_loop_add_signal_handler(b.loop, 15, call("x")));
    is_main_thread = false;
    ck_assert(al_loop_remove_signal_handler(b.loop, 15, NULL));
    ck_assert_ptr_null(al_peek_raised());
    tear_down(&b);
}
END_TEST

START_TEST(closing_again_removes_the_handlers_that_are_left)
{
    bench b;
    bool removed;

    set_up(&b, false);
    ck_assert(al_loop_add_signal_handler(b.loop, 15, call("x")));
    ck_assert(al_loop_add_signal_handler(b.loop, 16, call("y")));
    refuses_signals = true;
    ck_assert(!al_loop_close(b.loop));
    ck_raised(&al_PermissionError, "[Errno 1] Operation not permitted");
    ck_assert(al_loop_is_closed(b.loop));
    refuses_signals = false;
    ck_assert(al_loop_close(b.loop));
    ck_assert(al_loop_remove_signal_handler(b.loop, 16, &removed) && !removed);
    ck_assert_ptr_null(strstr(b.log.bytes, "close"));
    ck_assert_ptr_nonnull(strstr(b.log.bytes, " remove_signal_handler"));
    tear_down(&b);
}
END_TEST

/* -- contexts ------------------------------------------------------------ */

static al_context_var *var;

static bool set_var(al_loop *loop, void *self)
{
    (void)loop;
    al_unref(al_context_var_set(var, al_int((intptr_t)self)));
    return true;
}

static int64_t seen;

static bool see_var(al_loop *loop, void *self)
{
    al_value value = al_context_var_get(var, al_int(-1));

    (void)loop;
    (void)self;
    seen = value.as.integer;
    al_value_release(value);
    return true;
}

static const al_callable setter = {.name = "set", .call = set_var};
static const al_callable seer = {.name = "see", .call = see_var};

START_TEST(a_callback_runs_in_a_copy_of_the_context_it_was_scheduled_in)
{
    bench b;
    al_token *token;

    set_up(&b, false);
    var = al_context_var_new("v", (al_value){0});
    token = al_context_var_set(var, al_int(1));
    al_loop_call_soon(b.loop, (al_callback){&setter, (void *)7}, NULL);
    al_loop_call_soon(b.loop, (al_callback){&seer, NULL}, NULL);
    ck_assert(al_loop_run_once(b.loop));
    ck_assert_int_eq(seen, 1); /* what the first set stays in its copy */
    ck_assert(al_context_var_reset(var, token));
    al_unref(token);
    al_unref(var);
    tear_down(&b);
}
END_TEST

static bool look_and_set(al_loop *loop, void *self)
{
    al_unref(al_handle_get_context(al_loop_peek_current_handle(loop)));
    return set_var(loop, self);
}

static const al_callable looker = {.name = "look", .call = look_and_set};

START_TEST(a_context_that_was_looked_at_is_not_used_again)
{
    bench b;

    set_up(&b, false);
    var = al_context_var_new("v", (al_value){0});
    al_loop_call_soon(b.loop, (al_callback){&looker, (void *)7}, NULL);
    al_loop_call_soon(b.loop, (al_callback){&seer, NULL}, NULL);
    ck_assert(al_loop_run_once(b.loop));
    ck_assert_int_eq(seen, -1);
    al_unref(var);
    tear_down(&b);
}
END_TEST

START_TEST(a_given_context_is_shared)
{
    bench b;
    al_context *context = al_context_new();
    al_value value;

    set_up(&b, false);
    var = al_context_var_new("v", (al_value){0});
    al_loop_call_soon(b.loop, (al_callback){&setter, (void *)7}, context);
    al_loop_call_soon(b.loop, (al_callback){&seer, NULL}, context);
    ck_assert(al_loop_run_once(b.loop));
    ck_assert_int_eq(seen, 7);
    value = al_context_lookup(context, var);
    ck_assert_int_eq(value.as.integer, 7);
    al_unref(context);
    al_unref(var);
    tear_down(&b);
}
END_TEST

Suite *loop_suite(void)
{
    Suite *suite = suite_create("loop");
    TCase *tc = tcase_create("turns");

    tcase_add_test(tc, a_handle_readied_in_a_turn_waits_for_the_next);
    tcase_add_test(tc, a_cancelled_ready_handle_is_skipped);
    tcase_add_test(tc, a_cancelled_timer_at_the_head_is_pruned_before_select);
    tcase_add_loop_test(
        tc, compaction_needs_over_100_timers_and_over_half_cancelled, 0,
        COUNT(compactions));
    tcase_add_test(tc, a_timer_fires_within_the_clock_s_resolution);
    tcase_add_test(tc, stop_lets_the_turn_finish);
    tcase_add_test(tc, a_closed_loop_refuses);
    tcase_add_test(tc, a_running_loop_is_not_run_or_closed);
    tcase_add_test(tc, a_deadlock_is_raised_not_hung_in);
    tcase_add_test(tc, an_exception_goes_to_the_handler_and_the_loop_goes_on);
    tcase_add_loop_test(tc, a_handle_s_repr_is_cpython_s, 0, COUNT(reprs));
    tcase_add_test(tc, a_handle_outlives_its_loop);
    tcase_add_test(tc, replacing_a_reader_cancels_the_old_handle);
    tcase_add_test(tc, a_reader_runs_in_every_turn_until_drained);
    tcase_add_test(tc, the_logger_is_told_what_asyncio_s_would_be);
    tcase_add_loop_test(tc, of_a_handler_s_exceptions_only_two_pass_through,
                        0, COUNT(handlers));
    tcase_add_test(tc, a_dropped_handle_drops_its_context);
    tcase_add_test(tc, a_callback_is_taken_over_even_on_failure);
    tcase_add_test(tc, a_loop_without_a_self_pipe_is_none);
    tcase_add_test(tc, a_selector_may_have_no_signals);
    tcase_add_test(
        tc, a_cancelled_signal_handler_is_removed_when_its_signal_comes);
    tcase_add_test(tc, who_is_refused_is_watched_no_more);
    tcase_add_test(tc, a_negative_fd_is_refused);
    tcase_add_test(tc,
                   a_cancelled_reader_that_cannot_be_removed_ends_the_run);
    tcase_add_test(tc, what_the_process_refuses_is_raised);
    tcase_add_test(tc, that_no_signal_wakes_any_more_may_fail_unheard);
    tcase_add_test(tc, closing_again_removes_the_handlers_that_are_left);
    tcase_add_test(tc, a_signal_runs_its_handler_a_turn_after_the_self_pipe);
    tcase_add_test(
        tc, a_callback_runs_in_a_copy_of_the_context_it_was_scheduled_in);
    tcase_add_test(tc, a_context_that_was_looked_at_is_not_used_again);
    tcase_add_test(tc, a_given_context_is_shared);
    suite_add_tcase(suite, tc);
    return suite;
}
