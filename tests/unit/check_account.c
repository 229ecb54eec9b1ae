/* check_account.c - the account says what happened, calmly.
 *
 * Lines one by one in a table; whole accounts as files: each trace
 * NAME.jsonl under tests/unit/data/accounts is told, and compared with
 * NAME.txt.  With UPDATE_ACCOUNTS=1 in the environment the texts are written
 * anew; read the difference. */
#include <check.h>
#include <glob.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "cli/account/account.h"
#include "cli/repeats.h"
#include "cli/page.h"
#include "cli/phrases.h"
#include "cli/table.h"
#include "loop/base/alloc.h"
#include "sim/base/escape.h"
#include "sim/trace/reader.h"
#include "sim/trace/snapshots.h"
#include "tests/unit/suites.h"

/* -- telling ------------------------------------------------------------ */

/* The account of all that a reader gives; frees the reader. */
static void tell_all(al_trace_reader *reader,
                     const al_account_options *options, bool with_snapshots,
                     al_text *out)
{
    al_account *account = al_account_new(al_text_sink(out), options);
    al_snapshots *snapshots =
        al_snapshots_new(al_account_observer(account));
    al_observer observer = with_snapshots ? al_snapshots_observer(snapshots)
                                          : al_account_observer(account);
    al_error err = {0};
    al_event event;

    while (al_trace_reader_next(reader, &event, &err) == AL_TRACE_EVENT)
        al_observer_emit(observer, &event);
    ck_assert_str_eq(err.message, "");
    ck_assert(al_account_finish(account, &err));
    al_account_free(account);
    al_snapshots_free(snapshots);
    al_trace_reader_free(reader);
}

static void tell_text(const char *body, const al_account_options *options,
                      al_text *out)
{
    al_text text = {0};
    al_error err = {0};
    al_trace_reader *reader;

    al_text_add(&text, "{\"trace\":1}\n");
    al_text_add(&text, body);
    reader = al_trace_reader_new(text.bytes, text.length, &err);
    ck_assert_ptr_nonnull(reader);
    tell_all(reader, options, false, out);
    al_text_release(&text);
}

static al_account_options plain_options(void)
{
    return (al_account_options){
        .width = 80,
        .no_summary = true,
        .knobs = {.min_scheduled_timer_handles = 100,
                  .min_cancelled_timer_handles_fraction = 0.5,
                  .maximum_select_timeout = 86400},
    };
}

/* -- lines -------------------------------------------------------------- */

#define E(kind, rest) "{\"e\":\"" kind "\",\"t\":1.5" rest "}\n"
#define PROGRAM "program\n"
#define STEP \
    E("task", ",\"task\":\"t1\",\"name\":\"worker\",\"coro\":\"work\"")
#define LOCK(is, count, waiting, move)                                       \
    E("waiters", ",\"p\":\"p1\",\"type\":\"Lock\",\"state\":\"" is "\","         \
                 "\"count\":" #count ",\"waiters\":[\"" waiting "\"],\"" move       \
                 "\":\"f1\"")
#define ASKED(task, count)                                                    \
    E("cancelling", ",\"task\":\"" task "\",\"count\":" count)
#define CANCEL(task, count)                                                   \
    E("task_cancel", ",\"task\":\"" task "\"") ASKED(task, count)
#define SET_STATE(h)                                                           \
    E("call_soon_threadsafe", ",\"h\":\"" h "\",\"callback\":"                   \
      "\"_chain_future.<locals>._set_state\",\"by\":\"j1\"")
#define WAKEUP(how, more)                                                     \
    E("future_done", ",\"future\":\"f1\"" how) WAKES(more)
#define WAKES(more)                                                           \
    E("call_soon", ",\"h\":\"h3\",\"callback\":\"Task.__wakeup\","            \
                   "\"task\":\"t1\",\"args\":\"f1\"" more)                    \
    E("run", ",\"h\":\"h3\",\"callback\":\"Task.__wakeup\",\"task\":\"t1\"")

static const struct { const char *events, *lines; } lines[] = {
    {E("call_soon", ",\"h\":\"h2\",\"callback\":\"tick\",\"args\":\"1, 'a'\""),
     "  call_soon     h2    tick(1, 'a')\n"},
    {E("call_at", ",\"h\":\"h2\",\"callback\":\"f\",\"when\":2.0"),
     "  call_at       h2    f()                         at 2.0 s (in 0.5 s)\n"},
    {E("call_at", ",\"h\":\"h2\",\"callback\":\"f\",\"when\":1.0"),
     "  call_at       h2    f()                         at 1.0 s (past)\n"},
    {E("call_at", ",\"h\":\"h2\",\"callback\":\"f\","
                  "\"when\":0.30000000000000004"),
     "  call_at       h2    f()                         at ~0.3 s (past)\n"},
    {E("add_reader", ",\"fd\":\"conn\",\"h\":\"h2\",\"callback\":\"f\""),
     "  add_reader    h2    f()                         when conn is "
     "readable\n"},
    {E("add_signal_handler", ",\"sig\":2,\"h\":\"h2\",\"callback\":\"f\""),
     "  add_signal    h2    f()                         on signal 2 "
     "(SIGINT)\n"},
    {E("remove_writer", ",\"fd\":\"conn\""), "  remove_writer conn\n"},
    {E("log", ",\"text\":\"hello\""), "  log           hello\n"},
    {E("log", ",\"text\":\"\\u001b[31m\\u202e\\n\""),
     "  log           \\x1b[31m\\u202e\n\n"},
    {E("log", ",\"level\":\"WARNING\",\"text\":\"slow\""),
     "  warning       slow\n"},
    {E("exception", ",\"message\":\"Exception in callback f()\","
                    "\"type\":\"ValueError\",\"text\":\"boom\""),
     "  exception     ValueError: boom\n"
     "                Exception in callback f()\n"},
    {E("thread_error", ",\"function\":\"poller\",\"type\":\"KeyError\","
                       "\"text\":\"'x'\""),
     "  thread        poller: KeyError: 'x'\n"},
    {E("world_fd", ",\"fd\":\"conn\",\"fds\":\"rw\""),
     "  world         conn is readable and writable     at 1.5 s\n"},
    {E("future_done", ",\"future\":\"f1\",\"outcome\":\"exception\","
                      "\"type\":\"KeyError\",\"text\":\"'k'\""),
     "  future_done   f1                                KeyError: 'k'\n"},
    {E("future_done", ",\"future\":\"f1\",\"outcome\":\"exception\","
                      "\"type\":\"CancelledError\",\"text\":\"\""),
     "  future_done   f1                                CancelledError\n"},
    /* why a task runs */
    {STEP E("task_waits", ",\"task\":\"t1\",\"future\":\"f1\"")
         E("run", ",\"h\":\"h9\",\"callback\":\"tick\"")
             WAKEUP(",\"outcome\":\"result\",\"by\":\"h9\"", ""),
     "  task          t1                                worker: work()\n"
     "  task_waits    t1                                for f1\n"
     "  run           h9    tick()\n"
     "    future_done f1                                result\n"
     "      call_soon h3    Task.__wakeup(f1)           steps t1\n"
     "  run           h3    Task.__wakeup(f1)           t1 'worker'\n"
     "    woken       f1 set by callback tick (h9)\n"},
    {STEP E("call_at", ",\"h\":\"h9\",\"callback\":"
                       "\"_set_result_unless_cancelled\",\"when\":3.5")
         E("due", ",\"h\":\"h9\"")
         E("run", ",\"h\":\"h9\",\"callback\":"
                  "\"_set_result_unless_cancelled\"")
             WAKEUP(",\"outcome\":\"result\",\"by\":\"h9\"", "")
                 E("cancel", ",\"h\":\"h9\",\"by\":\"h3\""),
     "  task          t1                                worker: work()\n"
     "  call_at       h9    _set_result_unless_cancelled()  at 3.5 s (in 2.0 s)\n"
     "  due           h9    _set_result_un…ss_cancelled()  at 3.5 s, early: "
     "resolution\n"
     "  run           h9    _set_result_unless_cancelled()\n"
     "    future_done f1                                result\n"
     "      call_soon h3    Task.__wakeup(f1)           steps t1\n"
     "  run           h3    Task.__wakeup(f1)           t1 'worker'\n"
     "    woken       sleep of 2.0 s over\n"},
    {STEP E("task_waits", ",\"task\":\"t1\",\"future\":\"f1\"")
         E("task_cancel", ",\"task\":\"t1\",\"by\":\"world\"")
         E("cancelling", ",\"task\":\"t1\",\"count\":1,\"text\":\"'x'\"")
             WAKEUP(",\"outcome\":\"cancelled\"", ""),
     "  task          t1                                worker: work()\n"
     "  task_waits    t1                                for f1\n"
     "    task_cancel t1\n"
     "    future_done f1                                cancelled\n"
     "      call_soon h3    Task.__wakeup(f1)           steps t1\n"
     "  run           h3    Task.__wakeup(f1)           t1 'worker'\n"
     "    woken       cancelled by the world: 'x'\n"},
    {STEP E("task", ",\"task\":\"t2\",\"name\":\"w\"")
         E("task_waits", ",\"task\":\"t1\",\"future\":\"f1\"")
             E("call_soon", ",\"h\":\"h9\",\"callback\":"
               "\"gather.<locals>._done_callback\",\"args\":\"t2\"")
                 E("task_done", ",\"task\":\"t2\",\"outcome\":"
                   "\"exception\",\"type\":\"KeyError\",\"text\":\"1\"")
                     E("run", ",\"h\":\"h9\",\"callback\":"
                       "\"gather.<locals>._done_callback\"")
                         WAKEUP(",\"outcome\":\"exception\",\"by\":\"h9\"",
                                ""),
     "  task          t1                                worker: work()\n"
     "  task          t2                                w: ?()\n"
     "  task_waits    t1                                for f1\n"
     "  call_soon     h9    gather.<locals>._done_callback(t2)\n"
     "  task_done     t2                                KeyError: 1\n"
     "  run           h9    gather.<locals>._done_callback(t2)\n"
     "    future_done f1                                exception\n"
     "      call_soon h3    Task.__wakeup(f1)           steps t1\n"
     "  run           h3    Task.__wakeup(f1)           t1 'worker'\n"
     "    woken       gather: t2 'w' failed: KeyError: 1\n"},
    {STEP E("job", ",\"job\":1,\"callback\":\"work\"")
         E("task_waits", ",\"task\":\"t1\",\"future\":\"f1\"")
             E("job_begun", ",\"job\":1,\"function\":\"pool_0\"")
             E("log", ",\"text\":\"beside\"")
             SET_STATE("h8") SET_STATE("h9")
             E("job_told", ",\"job\":1,\"h\":\"h9\"")
             E("job_ended", ",\"job\":1,\"function\":\"pool_0\"")
             E("run", ",\"h\":\"h9\",\"callback\":"
               "\"_chain_future.<locals>._set_state\"")
             WAKEUP(",\"outcome\":\"result\",\"by\":\"h9\"", ""),
     "  task          t1                                worker: work()\n"
     "  job           1                                 work() for an "
     "executor\n"
     "  task_waits    t1                                for f1\n"
     "  job           1                                 begins in pool_0 at "
     "1.5 s\n"
     "  log           beside\n"
     "  job           1                                 goes on in pool_0 at "
     "1.5 s\n"
     "    threadsafe  h8    _chain_future.<locals>._set_state()\n"
     "    threadsafe  h9    _chain_future.<locals>._set_state()\n"
     "  job           1                                 ends in pool_0 at "
     "1.5 s\n"
     "  run           h9    _chain_future.<locals>._set_state()\n"
     "    future_done f1                                result\n"
     "      call_soon h3    Task.__wakeup(f1)           steps t1\n"
     "  run           h3    Task.__wakeup(f1)           t1 'worker'\n"
     "    woken       job 1, work() in pool_0 done\n"},
    {STEP E("job", ",\"job\":1,\"callback\":\"work\"")
         E("task_waits", ",\"task\":\"t1\",\"future\":\"f1\"")
             E("job_begun", ",\"job\":1,\"function\":\"pool_0\"")
             WAKEUP(",\"outcome\":\"result\",\"by\":\"j1\"", ""),
     "  task          t1                                worker: work()\n"
     "  job           1                                 work() for an "
     "executor\n"
     "  task_waits    t1                                for f1\n"
     "  job           1                                 begins in pool_0 at "
     "1.5 s\n"
     "    future_done f1                                result\n"
     "    call_soon   h3    Task.__wakeup(f1)           steps t1\n"
     "  run           h3    Task.__wakeup(f1)           t1 'worker'\n"
     "    woken       f1 set by job 1, work() in pool_0\n"},
    {E("primitive", ",\"p\":\"p1\",\"type\":\"Queue\"")
         E("waiters", ",\"p\":\"p1\",\"type\":\"Queue\",\"state\":\"0 items\","
                      "\"count\":1,\"waiters\":[\"f1\"],\"joined\":\"f1\"")
         STEP WAKEUP(",\"outcome\":\"result\"", ""),
     "  primitive     p1    Queue\n"
     "  waiters       p1    Queue: 0 items              "
     "waiting: f1\n"
     "  task          t1                                worker: work()\n"
     "  future_done   f1                                result\n"
     "    call_soon   h3    Task.__wakeup(f1)           steps t1\n"
     "  run           h3    Task.__wakeup(f1)           t1 'worker'\n"
     "    woken       Queue p1 given an item by the program\n"},
    /* shut down before the task ran, but after it was given an item */
    {E("waiters", ",\"p\":\"p1\",\"type\":\"Queue\",\"state\":\"0 items\","
                  "\"count\":1,\"waiters\":[\"f1\"],\"joined\":\"f1\"")
         STEP E("future_done", ",\"future\":\"f1\",\"outcome\":\"result\"")
             E("waiters", ",\"p\":\"p1\",\"type\":\"Queue\",\"count\":0,"
                          "\"state\":\"0 items, shut down\"")
                 WAKES(""),
     "  waiters       p1    Queue: 0 items              "
     "waiting: f1\n"
     "  task          t1                                worker: work()\n"
     "  future_done   f1                                result\n"
     "  call_soon     h3    Task.__wakeup(f1)           steps t1\n"
     "  run           h3    Task.__wakeup(f1)           t1 'worker'\n"
     "    woken       Queue p1 given an item by the program\n"},
    /* who has a lock, and who waits in it no longer */
    {STEP LOCK("locked", 1, "f1", "joined")
         WAKEUP(",\"outcome\":\"result\"", "")
             LOCK("unlocked", 0, "", "left")
                 E("waiters", ",\"p\":\"p1\",\"type\":\"Lock\",\"count\":0,"
                              "\"state\":\"locked\",\"by\":\"h3\""),
     "  task          t1                                worker: work()\n"
     "  waiters       p1    Lock: locked                "
     "waiting: f1\n"
     "    future_done f1                                result\n"
     "      call_soon h3    Task.__wakeup(f1)           steps t1\n"
     "  run           h3    Task.__wakeup(f1)           t1 'worker'\n"
     "    woken       Lock p1 released by the program\n"
     "    waiters     p1    Lock: locked by t1\n"},
    {LOCK("locked", 1, "f1", "joined")
         E("future_done", ",\"future\":\"f1\",\"outcome\":\"cancelled\"")
             LOCK("locked", 0, "", "left"),
     "  waiters       p1    Lock: locked                "
     "waiting: f1\n"
     "    future_done f1                                cancelled\n"
     "  waiters       p1    Lock: locked                "
     "f1 gave up\n"},
    /* what a reader may overlook */
    {STEP CANCEL("t1", "1")
         E("task_done", ",\"task\":\"t1\",\"outcome\":\"result\""),
     "  task          t1                                worker: work()\n"
     "  task_cancel   t1\n"
     "  task_done     t1                                result, though "
     "cancelled\n"},
    /* whose cancellation it is, and what is taken back */
    {STEP CANCEL("t1", "1") CANCEL("t1", "2") ASKED("t1", "1")
         ASKED("t1", "0"),
     "  task          t1                                worker: work()\n"
     "  task_cancel   t1\n"
     "  task_cancel   t1                                request 2\n"
     "  uncancel      t1                                1 request left\n"
     "  uncancel      t1                                no request left\n"},
    {STEP E("call_soon", ",\"h\":\"h9\",\"callback\":\"Task.__step\","
                         "\"task\":\"t1\"")
         E("run", ",\"h\":\"h9\",\"callback\":\"Task.__step\","
                  "\"task\":\"t1\"")
             CANCEL("t1", "1") ASKED("t1", "0")
                 CANCEL("t1", "1"),
     "  task          t1                                worker: work()\n"
     "    call_soon   h9    Task.__step()               steps t1\n"
     "  run           h9    Task.__step()               t1 'worker'\n"
     "    task_cancel t1                                itself: at its next "
     "await\n"
     "    uncancel    t1                                no request left\n"
     "    task_cancel t1                                again: at its next "
     "await\n"},
    {STEP E("run", ",\"h\":\"h8\",\"callback\":\"Task.__step\","
                   "\"task\":\"t1\"")
         E("task", ",\"task\":\"t2\",\"name\":\"w\",\"by\":\"h8\"")
             E("task", ",\"task\":\"t3\",\"name\":\"v\",\"by\":\"h8\"")
                 E("call_soon", ",\"h\":\"h9\",\"callback\":"
                   "\"TaskGroup._on_task_done\",\"args\":\"t2\"")
                     E("run", ",\"h\":\"h9\",\"callback\":"
                       "\"TaskGroup._on_task_done\"")
                         CANCEL("t3", "1") CANCEL("t1", "1"),
     "  task          t1                                worker: work()\n"
     "  run           h8    Task.__step()               t1 'worker'\n"
     "    task        t2                                w: ?()\n"
     "    task        t3                                v: ?()\n"
     "    call_soon   h9    TaskGroup._on_task_done(t2)\n"
     "  run           h9    TaskGroup._on_task_done(t2)\n"
     "    task_cancel t3                                of the same group\n"
     "    task_cancel t1                                the group's body\n"},
    {STEP E("task_done", ",\"task\":\"t1\",\"outcome\":\"exception\","
                         "\"type\":\"ValueError\",\"text\":\"a text that has "
                         "no room beside it\"")
         E("raised", ",\"role\":\"raised\",\"where\":\"a.json:7\","
                     "\"function\":\"work\""),
     "  task          t1                                worker: work()\n"
     "  task_done     t1                                exception\n"
     "                ValueError: a text that has no room beside it\n"
     "                raised at a.json:7 in work\n"},
    {STEP E("gather", ",\"future\":\"f1\",\"children\":[\"t1\",\"f3\"]")
         E("future_done", ",\"future\":\"f1\",\"outcome\":\"exception\","
                          "\"type\":\"KeyError\",\"text\":\"1\""),
     "  task          t1                                worker: work()\n"
     "                f1, gather of t1 f3\n"
     "  future_done   f1                                KeyError: 1\n"
     "                t1 is not cancelled: it goes on\n"},
    {E("task", ",\"task\":\"t1\",\"name\":\"Task-2\",\"coro\":"
               "\"BaseEventLoop.shutdown_asyncgens\""),
     "  task          t1                                Task-2\n"
     "                clean-up: closes asynchronous generators\n"},
    {E("add_done_callback", ",\"task\":\"t1\",\"callback\":\"tell\"")
         E("remove_done_callback", ",\"task\":\"t1\",\"index\":0,"
                                   "\"callback\":\"tell\"")
         E("add_done_callback", ",\"task\":\"t1\",\"callback\":"
                                "\"TaskGroup._on_task_done\""),
     "  add_done      tell                              when t1 is done\n"
     "  remove_done   tell                              no longer when t1 is "
     "done\n"},
    {E("busy", ",\"duration\":0.25"),
     "  busy          0.25 s                            until 1.75 s\n"},
    {E("busy", ",\"duration\":1.0") E("log", ",\"text\":\"inside\"")
         E("worked", ",\"duration\":1.0") E("log", ",\"text\":\"behind\""),
     "  busy          1.0 s                             until 2.5 s\n"
     "    log         inside\n"
     "  log           behind\n"},
    {E("busy", ",\"duration\":1.0") E("worked", ",\"duration\":1.5"),
     "  busy          1.0 s                             until 2.5 s\n"
     "  worked        1.5 s                             threads took 0.5 s\n"},
    {E("busy", ",\"duration\":1.0") E("worked", ",\"duration\":0.75"),
     "  busy          1.0 s                             until 2.5 s\n"
     "  worked        0.75 s                            cut short by 0.25 s\n"},
    {E("raised", ",\"role\":\"raised\",\"where\":\"x.json:3\","
                 "\"function\":\"f\""),
     "                raised at x.json:3 in f\n"},
    {E("raised", ",\"role\":\"cause\",\"type\":\"KeyError\",\"text\":\"'x'\","
                 "\"where\":\"x.json:3\",\"function\":\"f\""),
     "                caused by KeyError: 'x', at x.json:3 in f\n"},
    {E("raised", ",\"role\":\"context\",\"type\":\"KeyError\""),
     "                while handling KeyError\n"},
    {E("raised", ",\"role\":\"exit\",\"type\":\"SystemExit\",\"text\":\"3\""),
     "  exit          SystemExit: 3\n"
     "                no exception handler gets it: the run ends\n"},
    {E("raised", ",\"role\":\"handler\",\"type\":\"KeyError\""),
     "  exception     KeyError\n"
     "                raised by the handler itself\n"},
    /* what has no room beside is not cut */
    {E("task", ",\"task\":\"t1\",\"name\":\"a-long-name\",\"coro\":"
               "\"Server.handle_one_of_many\""),
     "  task          t1                      a-long-name: "
     "Server.handle_one_of_many()\n"},
    {E("task", ",\"task\":\"t1\",\"name\":\"the-name-of-a-worker-of-the-"
               "second-floor\",\"coro\":\"Server.handle_one_of_many\""),
     "  task          t1\n"
     "                the-name-of-a-worker-of-the-second-floor:\n"
     "                Server.handle_one_of_many()\n"},
    {E("log", ",\"level\":\"WARNING\",\"text\":\"coroutine 'f' was never "
              "awaited\"")
         E("raised", ",\"role\":\"called\",\"where\":\"x.json:3\""),
     "  warning       coroutine 'f' was never awaited\n"
     "                called at x.json:3\n"},
    {E("raised", ",\"role\":\"dropped\",\"where\":\"x.json:3\""),
     "                let go of at x.json:3\n"},
    {E("world_signal", ",\"sig\":2"),
     "  world         signal 2 (SIGINT)                 at 1.5 s\n"
     "                no loop handles it: it raises KeyboardInterrupt\n"},
    {STEP E("world_signal", ",\"sig\":2")
         E("task_cancel", ",\"task\":\"t1\",\"by\":\"world\"")
             ASKED("t1", "1") WAKEUP(",\"outcome\":\"cancelled\"", "")
                 ASKED("t1", "0"),
     "  task          t1                                worker: work()\n"
     "  world         signal 2 (SIGINT)                 at 1.5 s\n"
     "                handled by the Runner of asyncio.run: cancels t1\n"
     "    task_cancel t1\n"
     "  future_done   f1                                cancelled\n"
     "    call_soon   h3    Task.__wakeup(f1)           steps t1\n"
     "  run           h3    Task.__wakeup(f1)           t1 'worker'\n"
     "    woken       cancelled by SIGINT\n"
     "    uncancel    t1                                no request left\n"
     "                ended by SIGINT alone: raises KeyboardInterrupt\n"},
    {STEP E("world_signal", ",\"sig\":15")
         E("task_cancel", ",\"task\":\"t1\",\"by\":\"world\""),
     "  task          t1                                worker: work()\n"
     "  world         signal 15 (SIGTERM)               at 1.5 s\n"
     "                no loop handles it: it raises SystemExit\n"
     "    task_cancel t1\n"},
    {E("select", ",\"timeout\":1.0")
         E("call_soon", ",\"h\":\"h2\",\"callback\":\"f\",\"by\":\"world\"")
             "{\"e\":\"wake\",\"t\":2.5}\n",
     "  select        up to 1.0 s\n"
     "      call_soon h2    f()                         does not wake select\n"
     "  woke          by the timeout, at 2.5 s\n"},
    {E("call_at", ",\"h\":\"h2\",\"callback\":\"f\",\"when\":1.5000000001")
         E("due", ",\"h\":\"h2\""),
     "  call_at       h2    f()                         at ~1.5 s (in ~1e-10 "
     "s)\n"
     "  due           h2    f()                         at ~1.5 s, early: "
     "resolution\n"},
    {E("call_soon", ",\"loop\":\"l2\",\"h\":\"h2\",\"callback\":\"f\"")
         E("stop", ",\"loop\":\"l2\""),
     "  call_soon     h2    f()                         loop l2\n"
     "  stop          the next run: after one iteration, loop l2\n"},
    {E("loop", "") E("loop", ",\"loop\":\"l2\"") E("close", ""),
     "  new loop      loop l2\n"
     "  close         loop l1\n"},
    {E("call_soon_threadsafe", ",\"h\":\"h2\",\"callback\":\"f\""),
     "  threadsafe    h2    f()\n"},
    {E("handler", ",\"callback\":\"on_error\""),
     "                handed to on_error()\n"},
    {E("exception", ",\"message\":\"Exception in callback f()\","
                    "\"type\":\"ValueError\",\"text\":\"boom\"")
         E("log", ",\"level\":\"ERROR\",\"text\":\"Exception in callback f()"
                  "\\nhandle: <Handle>\""),
     "  exception     ValueError: boom\n"
     "                Exception in callback f()\n"
     "  error         logged by the default exception handler\n"
     "                handle: <Handle>\n"},
    {E("cancel", ",\"h\":\"h9\""),
     "  cancel        h9                                was over already\n"},
    {E("write", ",\"fd\":\"out\""), "  write         out\n"},
    {E("call_at", ",\"h\":\"h2\",\"callback\":\"f\",\"when\":2.0")
         E("close", "") E("cancel", ",\"h\":\"h2\"") E("stop", ""),
     "  call_at       h2    f()                         at 2.0 s (in 0.5 s)\n"
     "  close         drops 1 timer\n"
     "  cancel        h2    f()                         was dropped by close()\n"
     "  stop          closed: it will not run again\n"},
    {E("stop", "") E("start", "") E("stop", ""),
     "  stop          the next run: after one iteration\n"
     "  run_forever\n"
     "  stop          after this iteration\n"},
    {E("log", ",\"text\":\"a text that is longer than one line has room for, "
              "and therefore is broken\""),
     "  log           a text that is longer than one line has room for, and "
     "therefore\n"
     "                is broken\n"},
    {E("primitive", ",\"p\":\"p1\",\"type\":\"Lock\""),
     "  primitive     p1    Lock\n"},
    {E("primitive", ",\"p\":\"p2\",\"type\":\"Event\",\"of\":\"p1\""),
     "  primitive     p2    Event of p1\n"},
    {E("waiters", ",\"p\":\"p1\",\"type\":\"Lock\",\"state\":\"locked\","
                  "\"count\":2,\"waiters\":[\"f3\", \"f4\"]"),
     "  waiters       p1    Lock: locked                "
     "waiting: f3 f4\n"},
    {E("waiters", ",\"p\":\"p1\",\"type\":\"Lock\",\"state\":\"set\","
                  "\"count\":40,\"waiters\":[\"f3\"]"),
     "  waiters       p1    Lock: set                   "
     "waiting: f3 +39\n"},
    {E("waiters", ",\"p\":\"p1\",\"type\":\"Queue\","
                  "\"state\":\"1 item\",\"putters\":[\"f3\"]"),
     "  waiters       p1    Queue: 1 item               "
     "putting: f3\n"},
    /* nobody waits: not worth a line */
    {E("waiters", ",\"p\":\"p1\",\"type\":\"Lock\",\"state\":\"locked\","
                  "\"count\":0,\"waiters\":[]") E("stop", ""),
     "  stop          the next run: after one iteration\n"},
    /* the loop's own business with its self-pipe */
    {E("add_reader", ",\"fd\":\"self\",\"h\":\"h1\",\"callback\":\""
                     "BaseSelectorEventLoop._read_from_self\"")
         E("cancel", ",\"h\":\"h1\"") E("start", ""),
     "  run_forever\n"},
};

START_TEST(each_event_has_its_line)
{
    const al_account_options options = plain_options();
    al_text expected = {0}, out = {0};

    al_text_add(&expected, PROGRAM);
    al_text_add(&expected, lines[_i].lines);
    al_text_add(&expected, "\n");
    tell_text(lines[_i].events, &options, &out);
    ck_assert_str_eq(out.bytes, expected.bytes);
    al_text_release(&expected);
    al_text_release(&out);
}
END_TEST

/* -- folding ------------------------------------------------------------ */

static void tell_count(void *self, const al_repeats *folder, al_text *out)
{
    (void)self;
    al_text_add_format(out, "+%d ", (int)folder->held);
}

/* Each letter is a text and its sign. */
static const struct { const char *texts, *folded; } foldings[] = {
    {"abc", "a b c "},
    {"aaa", "a a a "},
    {"aaaaaaaaaa", "a a a a a a a a a a "},
    {"aaaaaaaaaaa", "a a a +8 "},
    {"aaaaaaaaaaab", "a a a +8 b "},
    {"baaaaaaaaaaaab", "b a a a +9 b "},
    {"ababababababababab", "a b a b a b +12 "},
    {"abababababc", "a b a b a b a b a b c "},
    {"abcabcabcabcabcabcabcabc", "a b c a b c a b c +15 "},
    {"aaaaaaaaaaaabbbbbbbbbbbb", "a a a +9 b b b +9 "},
    {"", ""},
};

START_TEST(what_repeats_itself_is_folded)
{
    al_repeats folder = {.tell = tell_count};
    al_text out = {0};

    for (const char *c = foldings[_i].texts; *c; c++) {
        char text[] = {*c, ' ', '\0'};
        const al_text item = {.bytes = text, .length = 2};
        bool is_hidden = al_repeats_hides(&folder, (uint64_t)*c);

        al_repeats_add(&folder, (uint64_t)*c, is_hidden ? NULL : &item, &out);
    }
    al_repeats_flush(&folder, &out);
    ck_assert_str_eq(al_text_peek(&out), foldings[_i].folded);
    al_repeats_release(&folder);
    al_text_release(&out);
}
END_TEST

/* -- phrases ------------------------------------------------------------ */

static const struct {
    uint64_t scheduled, cancelled;
    const char *text; /* NULL: nothing is near */
} near_misses[] = {
    {101, 51, NULL}, /* that is a compaction */
    {100, 51, "100 scheduled is not more than 100"},
    {89, 80, NULL},
    {101, 50, "50 of 101 cancelled (49.5%) is not more than 50%"},
    {102, 51, "51 of 102 cancelled (50%) is not more than 50%"},
    {100001, 50000, "50000 of 100001 cancelled (49.9995%) is not more than "
                    "50%"},
    {1000, 400, NULL},
    {0, 0, NULL},
};

START_TEST(a_compaction_just_missed_is_explained)
{
    const al_account_options options = plain_options();
    al_text out = {0};
    bool is_near =
        al_phrase_near_miss(&out, near_misses[_i].scheduled,
                            near_misses[_i].cancelled, &options.knobs);

    ck_assert_int_eq(is_near, near_misses[_i].text != NULL);
    ck_assert_str_eq(al_text_peek(&out),
                     near_misses[_i].text ? near_misses[_i].text : "");
    al_text_release(&out);
}
END_TEST

static const struct { const char *fds, *text; } wakings[] = {
    {"conn:r", "conn readable"},
    {"conn:r out:w x:rw",
     "conn readable, out writable, x readable and writable"},
    {"self:r", "the self-pipe readable"},
    {"a:b:r", "a:b readable"},
    {"odd", "odd not ready"},
    {"", ""},
};

START_TEST(fds_are_put_into_words)
{
    al_text out = {0};

    al_phrase_fds(&out, wakings[_i].fds);
    ck_assert_str_eq(al_text_peek(&out), wakings[_i].text);
    al_text_release(&out);
}
END_TEST

static const struct { double value; const char *text; } seconds[] = {
    {0, "0.0 s"},
    {-0.5, "-0.5 s"},
    {0.1, "0.1 s"},
    {0.1 + 0.2, "~0.3 s"},
    {0.7999999999999999, "~0.8 s"},
    {86400, "86400.0 s"},
    {1e-9, "1e-09 s"},
    {0.000015, "0.000015 s"},
    {9.98377799987793e-07, "~9.98e-07 s"},
    {1.5e-9, "1.5e-09 s"},
    {1e300, "1e+300 s"},
    {INFINITY, "inf s"},
};

START_TEST(seconds_are_short_but_honest)
{
    al_text out = {0};

    al_page_add_seconds(&out, seconds[_i].value);
    ck_assert_str_eq(out.bytes, seconds[_i].text);
    al_text_release(&out);
}
END_TEST

static const struct {
    double value;
    const char *time, *duration, *digits; /* in columns; in three digits */
} briefs[] = {
    {0, "0.0 s", "0.0 s", "0 s"},
    {30, "30.0 s", "30.0 s", "30 s"},
    {0.125, "0.125 s", "0.125 s", "125 ms"},
    {0.1 + 0.2, "~0.3 s", "300 ms", "300 ms"},
    {0.00754041, "0.007540 s", "7.54 ms", "7.54 ms"},
    {6.02199e-06, "0.000006 s", "6.02 µs", "6.02 µs"},
    {9.996e-07, "0.000001 s", "1 µs", "1 µs"},
    {4e-08, "0.000000 s", "40 ns", "40 ns"},
    {-0.0123456, "-0.012346 s", "-12.3 ms", "-12.3 ms"},
    {4711.12345, "4711.123450 s", "4711 s", "4711 s"},
    {1e300, "1e+300 s", "1e+300 s", NULL},
    {INFINITY, "inf s", "inf s", "inf s"},
};

START_TEST(seconds_are_brief_in_columns)
{
    al_text time = {0}, duration = {0}, digits = {0};

    al_page_add_brief_seconds(&time, briefs[_i].value);
    al_page_add_brief_duration(&duration, briefs[_i].value, "µs");
    al_page_add_duration(&digits, briefs[_i].value, "µs");
    ck_assert_str_eq(time.bytes, briefs[_i].time);
    ck_assert_str_eq(duration.bytes, briefs[_i].duration);
    if (briefs[_i].digits)
        ck_assert_str_eq(digits.bytes, briefs[_i].digits);
    al_text_release(&time);
    al_text_release(&duration);
    al_text_release(&digits);
}
END_TEST

static const struct {
    double value;
    const char *text;
} spans[] = {
    {0, "0.0 s"},
    {0.5, "0.5 s"},
    {12, "12.0 s"},
    {0.161444793, "~0.161 s"},
    {0.3 - 0.2, "~0.1 s"},
    {12.34567, "~12.346 s"},
    {0.020582787, "~0.0206 s"},
    {0.0000961, "0.0000961 s"},
    {0.00009608, "~0.0000961 s"},
    {1.2345e-8, "~1.23e-08 s"},
    {-0.161444793, "~-0.161 s"},
};

START_TEST(how_long_something_takes_has_three_digits)
{
    al_text out = {0};

    al_page_add_rough_seconds(&out, spans[_i].value);
    ck_assert_str_eq(out.bytes, spans[_i].text);
    al_text_release(&out);
}
END_TEST

/* -- whole accounts ----------------------------------------------------- */

static char *read_file(const char *path)
{
    FILE *file = fopen(path, "r");
    al_text text = {0};
    char buffer[4096];
    size_t count;

    if (!file)
        return NULL;
    while ((count = fread(buffer, 1, sizeof buffer, file)) > 0)
        al_text_add_bytes(&text, buffer, count);
    fclose(file);
    return al_text_take(&text);
}

static void write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");

    ck_assert_ptr_nonnull(file);
    fputs(text, file);
    fclose(file);
}

static void check_whole(const char *trace)
{
    al_account_options options = {.title = "A title", .width = 80};
    bool with_snapshots = strstr(trace, "snapshots") != NULL;
    char *path = al_strndup(trace, strlen(trace) - strlen("jsonl") + 3);
    char *expected;
    al_error err = {0};
    al_text out = {0};
    al_trace_reader *reader = al_trace_reader_open(trace, &err);

    strcpy(strrchr(path, '.'), ".txt");
    ck_assert_ptr_nonnull(reader);
    options.knobs = al_trace_reader_header(reader)->loop;
    tell_all(reader, &options, with_snapshots, &out);
    if (getenv("UPDATE_ACCOUNTS"))
        write_file(path, out.bytes);
    expected = read_file(path);
    ck_assert_msg(expected != NULL, "%s is missing", path);
    ck_assert_str_eq(out.bytes, expected);
    al_free(expected);
    al_free(path);
    al_text_release(&out);
}

START_TEST(whole_accounts_are_as_they_were)
{
    glob_t found;

    ck_assert_int_eq(glob("tests/unit/data/accounts/*.jsonl", 0, NULL,
                          &found),
                     0);
    for (size_t i = 0; i < found.gl_pathc; i++)
        check_whole(found.gl_pathv[i]);
    globfree(&found);
}
END_TEST

/* Escapes apart, no line is longer than the page is wide. */
static void check_widths(const char *text, unsigned width)
{
    while (*text) {
        size_t length = strcspn(text, "\n");
        char *line = al_strndup(text, length);

        ck_assert_msg(al_escape_columns(line) <= width, "too wide: %s", line);
        al_free(line);
        text += length + (text[length] == '\n');
    }
}

static const unsigned widths[] = {40, 41, 60, 80, 81, 132, 300};

START_TEST(no_line_is_wider_than_the_page)
{
    glob_t found;

    glob("tests/unit/data/accounts/*.jsonl", 0, NULL, &found);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        al_account_options options = plain_options();
        al_error err = {0};
        al_text out = {0};

        options.no_summary = false;
        options.width = widths[_i];
        tell_all(al_trace_reader_open(found.gl_pathv[i], &err), &options, true,
                 &out);
        check_widths(out.bytes, options.width);
        al_text_release(&out);
    }
    globfree(&found);
}
END_TEST

static const char two_iterations[] =
    E("call_soon", ",\"h\":\"h2\",\"callback\":\"f\"")
    E("iteration", ",\"n\":1,\"ready\":1") E("select", ",\"timeout\":0.0")
    E("wake", "") E("run", ",\"h\":\"h2\",\"callback\":\"f\"")
    E("ran", ",\"h\":\"h2\"") E("iteration", ",\"n\":2")
    E("select", ",\"timeout\":null") E("stopped", "")
    E("end", ",\"type\":\"Deadlock\"");

START_TEST(a_range_of_iterations_can_be_shown)
{
    al_account_options options = plain_options();
    al_text out = {0};

    options.first = options.last = 2;
    tell_text(two_iterations, &options, &out);
    ck_assert_str_eq(
        out.bytes,
        "iteration 2     1.5 s                                       "
        "ready 0  scheduled 0\n"
        "  select        for ever: does not return\n\n");
    al_text_release(&out);
}
END_TEST

START_TEST(quiet_leaves_the_summary)
{
    al_account_options options = plain_options();
    al_text out = {0};

    options.no_summary = false;
    options.quiet = true;
    tell_text(two_iterations, &options, &out);
    ck_assert_str_eq(out.bytes,
                     "summary         1.5 s\n"
                     "  ended         Deadlock\n"
                     "  left open     1 loop: it was never closed\n"
                     "  iterations    2 turns of the loop\n"
                     "  handles       1 call_soon\n"
                     "  callbacks     1 run\n"
                     "  at most       1 ready\n");
    al_text_release(&out);
}
END_TEST

/* Colour adds escape sequences and nothing else. */
START_TEST(colour_changes_no_text)
{
    al_account_options options = plain_options();
    al_text plain = {0}, colored = {0}, stripped = {0};

    tell_text(two_iterations, &options, &plain);
    options.color = true;
    tell_text(two_iterations, &options, &colored);
    for (const char *c = colored.bytes; *c; c++) {
        if (*c == '\033')
            c += strcspn(c, "m");
        else
            al_text_add_char(&stripped, *c);
    }
    ck_assert_str_eq(stripped.bytes, plain.bytes);
    ck_assert_uint_gt(colored.length, plain.length);
    al_text_release(&plain);
    al_text_release(&colored);
    al_text_release(&stripped);
}
END_TEST

START_TEST(a_full_disk_is_said)
{
    al_account_options options = plain_options();
    al_error err = {0};
    al_event event = {.kind = AL_EVENT_LOG, .loop = 1, .text = "x"};
    al_account *account =
        al_account_new(al_file_sink_new("/dev/full", &err), &options);

    al_observer_emit(al_account_observer(account), &event);
    ck_assert(!al_account_finish(account, &err));
    ck_assert_str_eq(err.message,
                     "cannot write '/dev/full': No space left on device");
    al_account_free(account);
}
END_TEST

/* -- tables ---------------------------------------------------------------- */

START_TEST(a_table_is_cut_where_the_page_is)
{
    static const char *const rows[] = {
        "  one whose name is…      1\n",
        "  one whose name is long by itself, longer      1\n",
    };
    const al_page page = {.width = 27, .is_uncut = _i == 1};
    al_table table = {.columns = 2};
    al_text out = {0};

    al_table_add_cell(&table, AL_ROLE_PLAIN,
                      "one whose name is long by itself, longer");
    al_table_add_cell(&table, AL_ROLE_PLAIN, "    1");
    al_table_write(&table, &page, 2, 0, &out);
    ck_assert_str_eq(out.bytes, rows[_i]);
    al_table_release(&table);
    al_text_release(&out);
}
END_TEST

static TCase *part_tests(void)
{
    TCase *tests = tcase_create("parts");

    tcase_add_loop_test(tests, each_event_has_its_line, 0, COUNT(lines));
    tcase_add_loop_test(tests, what_repeats_itself_is_folded, 0,
                        COUNT(foldings));
    tcase_add_loop_test(tests, a_compaction_just_missed_is_explained, 0,
                        COUNT(near_misses));
    tcase_add_loop_test(tests, fds_are_put_into_words, 0, COUNT(wakings));
    tcase_add_loop_test(tests, seconds_are_short_but_honest, 0,
                        COUNT(seconds));
    tcase_add_loop_test(tests, seconds_are_brief_in_columns, 0,
                        COUNT(briefs));
    tcase_add_loop_test(tests, how_long_something_takes_has_three_digits, 0,
                        COUNT(spans));
    tcase_add_loop_test(tests, a_table_is_cut_where_the_page_is, 0, 2);
    return tests;
}

static TCase *whole_tests(void)
{
    TCase *tests = tcase_create("whole");

    tcase_add_test(tests, whole_accounts_are_as_they_were);
    tcase_add_loop_test(tests, no_line_is_wider_than_the_page, 0,
                        COUNT(widths));
    tcase_add_test(tests, a_range_of_iterations_can_be_shown);
    tcase_add_test(tests, quiet_leaves_the_summary);
    tcase_add_test(tests, colour_changes_no_text);
    tcase_add_test(tests, a_full_disk_is_said);
    return tests;
}

Suite *account_suite(void)
{
    Suite *suite = suite_create("account");

    suite_add_tcase(suite, part_tests());
    suite_add_tcase(suite, whole_tests());
    return suite;
}
