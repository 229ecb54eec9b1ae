/* check_sentence.c - every kind of event is told in a sentence of its own. */
#include <check.h>
#include <string.h>
#include "cli/tui/sentence.h"
#include "sim/trace/reader.h"
#include "tests/unit/suites.h"

#define E(kind, rest) "{\"e\":\"" kind "\",\"t\":0.5" rest "}\n"
#define TASK(id, name) \
    E("task", ",\"task\":\"" id "\",\"name\":\"" name "\",\"coro\":\"f\"")
#define TICK \
    E("call_soon", ",\"h\":\"h1\",\"callback\":\"tick\",\"args\":\"7\"")
#define TIMER \
    E("call_at", ",\"h\":\"h1\",\"callback\":\"tick\",\"when\":2.0")
#define READER \
    E("add_reader", ",\"fd\":\"conn\",\"h\":\"h1\",\"callback\":\"receive\"")
#define WRITER \
    E("add_writer", ",\"fd\":\"conn\",\"h\":\"h1\",\"callback\":\"send\"")
#define SIGNAL \
    E("add_signal_handler", ",\"sig\":15,\"h\":\"h1\",\"callback\":\"quit\"")
#define CANCEL E("task_cancel", ",\"task\":\"t1\"")
#define STEP_OF(task) \
    E("call_soon", \
      ",\"h\":\"h2\",\"callback\":\"step\",\"task\":\"" task "\"") \
    E("run", ",\"h\":\"h2\",\"callback\":\"step\",\"task\":\"" task "\"")
#define JOB E("job", ",\"job\":1,\"callback\":\"work\"")
#define QUEUE E("primitive", ",\"p\":\"p1\",\"type\":\"Queue\"")
#define OUTCOME ",\"outcome\":\"result\""

static const struct {
    const char *before, *event; /* the lines of a trace, and the last one */
    const char *sentence;       /* after "at 0.5 s " */
} told[] = {
    {"", E("loop", ""), "a loop was created"},
    {"", E("start", ""),
     "run_forever begins"},
    {TASK("t1", "w") STEP_OF("t1"), E("stop", ",\"by\":\"h2\""),
     "t1 'w' called loop.stop()"},
    {"", E("stopped", ""),
     "run_forever ends"},
    {"", E("close", ""), "the loop was closed"},
    {"", E("iteration", ",\"n\":3,\"ready\":1,\"scheduled\":4"),
     "iteration 3 begins: 1 ready, 4 scheduled"},
    {"", E("iteration", ",\"n\":3,\"ready\":1,\"scheduled\":4,\"cancelled\":2"),
     "iteration 3 begins: 1 ready, 4 scheduled, 2 of them cancelled"},
    {TIMER, E("prune", ",\"h\":\"h1\""),
     "h1 tick(), was cancelled, and left the heap's head"},
    {"", E("compact", ",\"removed\":51,\"kept\":50"),
     "the heap was made anew: 51 cancelled timers left it, 50 stay"},
    {"", E("select", ",\"timeout\":null"),
     "the loop looks for what is ready: for ever"},
    {"", E("wake", ""),
     "select returned"},
    {"", E("wake", ",\"fds\":\"conn:r self:r\""),
     "select returned: conn readable, the self-pipe readable"},
    {READER, E("ready", ",\"h\":\"h1\""),
     "h1 receive(), was appended to ready: conn is readable"},
    {WRITER, E("ready", ",\"h\":\"h1\""),
     "h1 send(), was appended to ready: conn is writable"},
    {SIGNAL, E("ready", ",\"h\":\"h1\""),
     "h1 quit(), was appended to ready, for signal 15 (SIGTERM)"},
    {"", E("ready", ",\"h\":\"h1\""),
     "h1 ?(), was appended to ready"},
    {TIMER, E("due", ",\"h\":\"h1\""),
     "h1 tick(), came due at 2.0 s, early: resolution"},
    {TICK, E("run", ",\"h\":\"h1\",\"callback\":\"tick\""),
     "h1 tick(7), begins; the program scheduled it at 0.5 s"},
    {TICK, E("ran", ",\"h\":\"h1\",\"duration\":0.25"),
     "h1 tick(7), ended after 0.25 s"},
    {TICK, E("skip", ",\"h\":\"h1\""),
     "h1 tick(7), was cancelled, and is passed over"},
    {"", TICK, "the program scheduled h1 tick(7) for the next turn"},
    {"", E("call_at", ",\"h\":\"h1\",\"callback\":\"tick\",\"when\":2.0"),
     "the program scheduled h1 tick() at 2.0 s (in 1.5 s)"},
    {"", E("call_soon_threadsafe",
           ",\"h\":\"h1\",\"callback\":\"tick\",\"by\":\"world\""),
     "the world scheduled h1 tick() for the next turn, safely for threads"},
    {TICK, E("cancel", ",\"h\":\"h1\""), "the program cancelled h1 tick(7)"},
    {"", READER,
     "the program watches conn, to read: h1 receive()"},
    {READER, E("remove_reader", ",\"fd\":\"conn\""),
     "the program watches conn no longer, to read"},
    {"", E("remove_reader", ",\"fd\":\"self\""),
     "the program watches the self-pipe no longer, to read"},
    {"", WRITER,
     "the program watches conn, to write: h1 send()"},
    {WRITER, E("remove_writer", ",\"fd\":\"conn\",\"by\":\"h1\""),
     "h1 send() watches conn no longer, to write"},
    {"", SIGNAL,
     "the program handles signal 15 (SIGTERM): h1 quit()"},
    {SIGNAL, E("remove_signal_handler", ",\"sig\":15"),
     "the program handles signal 15 (SIGTERM) no longer"},
    {"", TASK("t1", "w"), "the program created t1 'w' of f()"},
    {TASK("t1", "w"), CANCEL, "the program asked t1 'w' to cancel"},
    {TASK("t1", "w"), E("task_done", ",\"task\":\"t1\"" OUTCOME),
     "t1 'w' has its result"},
    {"", E("future", ",\"future\":\"f1\""),
     "the program created the future f1"},
    {"", E("future_done", ",\"future\":\"f1\",\"outcome\":\"exception\","
                          "\"type\":\"ValueError\",\"text\":\"no\""),
     "the program ended f1, which failed with ValueError: no"},
    {TASK("t1", "w"), E("task_waits", ",\"task\":\"t1\",\"future\":\"f1\","
                                      "\"where\":\"/srv/a.py:4\""),
     "t1 'w' waits for f1, a.py:4"},
    {TASK("t1", "w"),
     E("add_done_callback", ",\"task\":\"t1\",\"callback\":\"tell\""),
     "the program has tell called once t1 'w' is done"},
    {"", E("remove_done_callback",
           ",\"future\":\"f1\",\"index\":0,\"callback\":\"tell\""),
     "the program has tell called no longer once f1 is done"},
    {TASK("t1", "w") E("future", ",\"future\":\"f1\""),
     E("gather", ",\"future\":\"f1\",\"children\":[\"t1\",\"f2\"]"),
     "the program made f1, gather of t1 f2"},
    {TASK("t1", "w") CANCEL,
     E("cancelling", ",\"task\":\"t1\",\"count\":1"),
     "cancelling() of t1 'w' is 1 now: the program called cancel()"},
    {TASK("t1", "w") CANCEL,
     E("cancelling", ",\"task\":\"t1\",\"count\":1,\"text\":\"'enough'\""),
     "cancelling() of t1 'w' is 1 now: the program called cancel('enough')"},
    {TASK("t1", "w") CANCEL CANCEL,
     E("cancelling", ",\"task\":\"t1\",\"count\":1"),
     "cancelling() of t1 'w' is 1 now: the program called uncancel()"},
    {TASK("t1", "w") STEP_OF("t1") CANCEL,
     E("cancelling", ",\"task\":\"t1\",\"count\":0" OUTCOME ",\"by\":\"h2\""),
     "cancelling() of t1 'w' is 0 now: t1 'w' called uncancel(), for the "
     "timeout expired, and its block came to a result"},
    {"", E("cancelling", ",\"task\":\"t1\",\"count\":0"),
     "cancelling() of t1 is 0 now: the program called uncancel()"},
    {TASK("t1", "w"), E("task_name", ",\"task\":\"t1\",\"name\":\"other\""),
     "the program named the task: t1 'other'"},
    {TASK("t1", "w"), E("result", ",\"task\":\"t1\",\"text\":\"7\""),
     "t1 'w' returned 7"},
    {TASK("t1", "w") TASK("t2", "v") STEP_OF("t1"),
     E("eager", ",\"task\":\"t2\""),
     "t2 'v' begins within the step that creates it"},
    {TASK("t2", "v") E("eager", ",\"task\":\"t2\""),
     E("eager_end", ",\"task\":\"t2\""),
     "t2 'v' goes on later: its eager step is over"},
    {TASK("t2", "v") E("task_done", ",\"task\":\"t2\"" OUTCOME),
     E("eager_end", ",\"task\":\"t2\""),
     "t2 'v' has ended within the step that created it"},
    {"", QUEUE, "the program created the Queue p1"},
    {E("primitive", ",\"p\":\"p1\",\"type\":\"Barrier\""),
     E("primitive", ",\"p\":\"p2\",\"type\":\"Condition\",\"of\":\"p1\""),
     "the program created the Condition p2, a part of p1"},
    {QUEUE, E("waiters", ",\"p\":\"p1\",\"type\":\"Queue\",\"count\":2,"
                         "\"state\":\"0 items\",\"waiters\":[\"f1\",\"f2\"],"
                         "\"joined\":\"f2\""),
     "the program changed the Queue p1: 0 items; f2 begins to wait; those "
     "that wait: 2"},
    {QUEUE, E("waiters", ",\"p\":\"p1\",\"type\":\"Queue\",\"count\":0,"
                         "\"state\":\"1 item\",\"waiters\":[],"
                         "\"putters\":[\"f3\"],\"putter\":\"f3\","
                         "\"left\":\"f1\""),
     "the program changed the Queue p1: 1 item; f3 begins to wait to put; f1 "
     "waits no longer"},
    {TASK("t1", "w"), E("dropped", ",\"future\":\"f1\""),
     "nobody has f1 any more"},
    {QUEUE, E("dropped", ",\"p\":\"p1\""),
     "nobody has p1 any more"},
    {"", E("deadlock", ",\"text\":\"  t1 'w' waits for f1\\n  in f()\""),
     "nothing can ever happen again; t1 'w' waits for f1; in f()"},
    {"", E("exception", ",\"message\":\"Task was destroyed but it is "
                        "pending!\""),
     "the exception handler was told: Task was destroyed but it is pending!"},
    {"", E("exception", ",\"message\":\"never retrieved\",\"type\":"
                        "\"ValueError\",\"text\":\"no\""),
     "nobody caught ValueError: no: it went to the exception handler"},
    {"", E("log", ",\"text\":\"hello\""), "the program said: hello"},
    {"", E("log", ",\"level\":\"WARNING\",\"text\":\"slow\""),
     "the program said, at level WARNING: slow"},
    {"", E("thread_error", ",\"function\":\"careless\",\"type\":"
                           "\"RuntimeError\",\"text\":\"no\""),
     "the thread careless was ended by RuntimeError: no"},
    {"", E("end", ""), "the program ended"},
    {"", E("end", ",\"type\":\"Deadlock\",\"text\":\"nothing can ever happen "
                  "again\""),
     "the program ended by Deadlock: nothing can ever happen again"},
    {"", E("raised", ",\"role\":\"raised\",\"where\":\"a.json:3\",\"function\":"
                     "\"f\""),
     "it was raised, at a.json:3 in f"},
    {"", E("raised", ",\"role\":\"cause\",\"type\":\"KeyError\",\"text\":"
                     "\"'x'\",\"where\":\"a.json:3\""),
     "its cause, KeyError: 'x', was raised, at a.json:3"},
    {"", E("raised", ",\"role\":\"context\",\"type\":\"KeyError\""),
     "KeyError, which was being handled, was raised"},
    {"", E("raised", ",\"role\":\"handler\",\"type\":\"KeyError\""),
     "KeyError was raised by the exception handler itself"},
    {"", E("raised", ",\"role\":\"exit\",\"type\":\"SystemExit\""),
     "SystemExit ends the run, and no exception handler gets it"},
    {"", E("raised", ",\"role\":\"clean-up\",\"type\":\"KeyError\""),
     "KeyError was raised by the clean-up after what ended the run"},
    {"", E("raised", ",\"role\":\"called\",\"where\":\"a.json:3\""),
     "what was never awaited was called, at a.json:3"},
    {"", E("raised", ",\"role\":\"dropped\",\"where\":\"a.json:3\""),
     "what was never awaited was let go of, at a.json:3"},
    {"", E("handler", ",\"callback\":\"clumsy\""),
     "the exception handler that was set is called: clumsy"},
    {"", E("world_fd", ",\"fd\":\"conn\",\"fds\":\"rw\""),
     "the world made conn readable and writable"},
    {"", E("world_fd", ",\"fd\":\"conn\",\"fds\":\"\""),
     "the world made conn not ready"},
    {"", E("world_signal", ",\"sig\":2"), "the world sent signal 2 (SIGINT)"},
    {"", E("world_thread", ",\"function\":\"first\""),
     "the world's thread first acts"},
    {TASK("t1", "w") STEP_OF("t1"),
     E("job", ",\"job\":1,\"callback\":\"work\",\"by\":\"h2\""),
     "t1 'w' gave an executor job 1: work"},
    {JOB, E("job_begun", ",\"job\":1,\"function\":\"asyncio_0\""),
     "the thread asyncio_0 takes job 1"},
    {JOB, E("job_ended", ",\"job\":1,\"function\":\"asyncio_0\""),
     "the thread asyncio_0 is done with job 1"},
    {JOB TICK, E("job_told", ",\"job\":1,\"h\":\"h1\""),
     "the end of job 1 is passed on: h1 tick(7)"},
    {"", E("busy", ",\"duration\":1.5,\"by\":\"j1\""),
     "job 1 works for 1.5 s"},
    {"", E("worked", ",\"duration\":1.5"),
     "the program worked for 1.5 s"},
    {"", E("read", ",\"fd\":\"conn\""), "the program drained conn"},
    {"", E("write", ",\"fd\":\"conn\""), "the program filled conn"},
    {TICK, E("snapshot", ",\"heap\":[],\"ready\":[\"h1\"]"),
     "a snapshot of the heap, the ready deque, tasks and primitives"},
};

/* Of the last of a row's events; returns its kind. */
static al_event_kind tell(int row, al_text *sentence)
{
    al_state *state = al_state_new(NULL);
    al_error err = {0};
    al_text text = {0};
    al_event event = {0};
    al_trace_reader *reader;

    al_text_add_format(&text, "{\"trace\":1}\n%s%s", told[row].before,
                       told[row].event);
    reader = al_trace_reader_new(text.bytes, text.length, &err);
    ck_assert_ptr_nonnull(reader);
    while (al_trace_reader_next(reader, &event, &err) == AL_TRACE_EVENT) {
        al_state_apply(state, &event);
        al_text_clear(sentence);
        al_sentence_add(sentence, &event, state);
    }
    ck_assert_str_eq(err.message, "");
    al_trace_reader_free(reader);
    al_text_release(&text);
    al_state_free(state);
    return event.kind;
}

START_TEST(a_sentence_says_who_did_what)
{
    al_text sentence = {0};

    tell(_i, &sentence);
    ck_assert_str_eq(sentence.bytes + strlen("at 0.5 s "), told[_i].sentence);
    al_text_release(&sentence);
}
END_TEST

START_TEST(every_kind_of_event_is_told_here)
{
    bool is_told[AL_EVENT_COUNT] = {false};
    al_text sentence = {0};

    for (int i = 0; i < COUNT(told); i++)
        is_told[tell(i, &sentence)] = true;
    for (int kind = 0; kind < AL_EVENT_COUNT; kind++)
        ck_assert_msg(is_told[kind], "%s", al_event_specs[kind].name);
    al_text_release(&sentence);
}
END_TEST

Suite *sentence_suite(void)
{
    Suite *suite = suite_create("sentence");
    TCase *events = tcase_create("events");

    tcase_add_loop_test(events, a_sentence_says_who_did_what, 0, COUNT(told));
    tcase_add_test(events, every_kind_of_event_is_told_here);
    suite_add_tcase(suite, events);
    return suite;
}
