/* lint.h - what will hurt, seen in a trace.
 *
 * A fold over events: each rule looks at (event, state) and tells what it
 * finds, once for each name it concerns, the first case or the worst; what is
 * like it is counted.
 *
 * A recorded Python program has few detail events: what needs those of locks
 * finds nothing then; where cancelling() is not told, before Python 3.11, a
 * swallowed cancellation is a guess, and told as a note. */
#ifndef AL_ANALYSIS_LINT_H
#define AL_ANALYSIS_LINT_H

#include "sim/trace/header.h"
#include "sim/trace/state.h"

typedef enum al_severity { AL_NOTE, AL_WARNING, AL_ERROR } al_severity;

/* Rules:  X(NAME, "name", severity, "in a line", "why it matters"). */
#define AL_LINT_RULES(X)                                                       \
    X(TIE_ORDER, "tie-order", AL_WARNING,                                      \
      "timers of one deadline ran in an order that is the heap's accident",    \
      "asyncio compares timers by deadline alone. Those that are equal leave "  \
      "the heap in whatever order heapq's sifting yields: not the order of "   \
      "call_at, and another one as soon as an unrelated timer is added, "      \
      "cancelled or compacted away. Give them different deadlines, or let "    \
      "one callback do the work of all.")                                      \
    X(SET_ORDER, "set-order", AL_NOTE,                                         \
      "an order rests on a set's",                                             \
      "Where asyncio iterates a set of tasks (a TaskGroup that is aborted, "   \
      "asyncio.run cancelling what is left) the order is an accident of "      \
      "addresses, another one in each run. This tool takes the order of "      \
      "creation. What the tasks do then must not depend on it.")               \
    X(SLOW_CALLBACK, "slow-callback", AL_WARNING,                              \
      "a callback held the loop for longer than slow_callback_duration",       \
      "While a callback or a task's step runs, nothing else does: timers, "    \
      "sockets and other tasks wait. Cut it into steps, or hand it to "        \
      "asyncio.to_thread or an executor.")                                     \
    X(STARVATION, "starvation", AL_WARNING,                                    \
      "what was due waited, though no single callback was slow",               \
      "Many short callbacks hold up the loop as one long one does. A turn "    \
      "runs all that is ready: a thousand of them are one long turn for "      \
      "whoever comes after. Bound how much is started at a time.")             \
    X(CALL_FROM_THREAD, "call-from-thread", AL_ERROR,                          \
      "another thread called call_soon or call_at",                            \
      "Only call_soon_threadsafe wakes the loop: what any other call "         \
      "schedules from another thread waits until the loop wakes for a "        \
      "reason of its own, and may damage its queues.")                         \
    X(BUSY_LOOP, "busy-loop", AL_WARNING,                                      \
      "turn after turn the loop never let select wait",                        \
      "Something schedules itself anew each turn, as call_soon or sleep(0) "   \
      "in a loop do. The process takes a whole processor, and waits for "      \
      "nothing. Wait for what it is polling for: an Event, a Future, a "       \
      "Condition.")                                                            \
    X(CANCELLED_TIMERS, "cancelled-timers", AL_WARNING,                        \
      "many cancelled timers stand in the heap",                               \
      "A cancelled timer stays in the heap, with its callback's arguments "    \
      "let go of but itself not, until it comes to the head or more than "     \
      "half of over a hundred are cancelled. Long timeouts that are "          \
      "cancelled early pile up below that share.")                             \
    X(TIMEOUT_IN_LOOP, "timeout-in-loop", AL_NOTE,                             \
      "a task makes timeout after timeout",                                    \
      "wait_for and timeout schedule a timer each, and cancel it: around "     \
      "every read or get in a loop that is most of what the loop does. One "   \
      "timeout around the whole, moved by reschedule(), costs one timer.")     \
    X(NEVER_AWAITED, "never-awaited", AL_ERROR,                                \
      "a coroutine was made and never awaited",                                \
      "Calling an async function only makes a coroutine: nothing of it runs "  \
      "until it is awaited, or a task. What it should have done was not "      \
      "done.")                                                                 \
    X(NEVER_RETRIEVED, "never-retrieved", AL_ERROR,                            \
      "an exception that nobody asked for",                                    \
      "A task or future failed, and was dropped before anybody awaited it: "   \
      "the program goes on as if nothing had happened. Keep the task and "     \
      "await it, or use a TaskGroup.")                                         \
    X(DESTROYED_PENDING, "destroyed-pending", AL_ERROR,                        \
      "a task was destroyed while it was pending",                             \
      "The loop holds tasks weakly: one that nobody else holds may go in the " \
      "midst of its work. Keep a reference until it is done.")                 \
    X(UNHANDLED_EXCEPTION, "unhandled-exception", AL_ERROR,                    \
      "an exception that only the loop's exception handler was told of",       \
      "What a callback raises goes to nobody: the handler logs it, and the "   \
      "loop goes on. Catch it in the callback, or do the work in a task that " \
      "somebody awaits.")                                                      \
    X(SWALLOWED_CANCELLATION, "swallowed-cancellation", AL_WARNING,            \
      "a task was cancelled and ended as if it had not been",                  \
      "CancelledError was caught and not raised again, so whoever asked "      \
      "for the end, a timeout, a TaskGroup or asyncio.run, waits in vain, "    \
      "or takes a result for good. Catch it only to clean up; what it "        \
      "means to stop it must take back by uncancel().")                        \
    X(LOCK_HELD, "lock-held", AL_WARNING,                                      \
      "a lock was held across a slow await while others waited",               \
      "All who want the lock wait for what its holder awaits. Do the slow "    \
      "part before or after, or lock less.")                                   \
    X(NEVER_ENDS, "never-ends", AL_ERROR,                                      \
      "a wait that can never end",                                             \
      "Nothing is scheduled, no fd is watched, no thread is left that could "  \
      "end it: the program hangs.")                                            \
    X(LEFT_PENDING, "left-pending", AL_NOTE,                                   \
      "a task was still waiting when the program ended",                       \
      "Its loop was not run any more: its finally blocks and context "         \
      "managers have not run either, or run when it is collected.")            \
    X(FD_NOT_DRAINED, "fd-not-drained", AL_WARNING,                            \
      "an fd stays ready: its callback is called turn after turn",             \
      "select tells what is ready now, not what has changed. A reader that "   \
      "leaves bytes behind, or a writer with nothing to write, is called in "  \
      "every turn. Read until there is no more; remove the writer.")           \
    X(COARSE_CLOCK, "coarse-clock", AL_NOTE,                                   \
      "a timer was delayed, or came early, by the clock's resolution",         \
      "A timer is taken when its deadline is before time() + resolution. "     \
      "With a coarse clock, or one that has run for months so that the "       \
      "resolution vanishes in its doubles, that is a turn early or late.")

typedef enum al_rule {
#define AL_LINT_ENUM(NAME, name, severity, summary, reason) AL_RULE_##NAME,
    AL_LINT_RULES(AL_LINT_ENUM)
#undef AL_LINT_ENUM
    AL_RULE_COUNT
} al_rule;

typedef struct al_rule_spec {
    const char *name;
    al_severity severity;
    const char *summary, *reason;
} al_rule_spec;

extern const al_rule_spec al_rule_specs[AL_RULE_COUNT];

/* AL_RULE_COUNT: there is none of that name. */
al_rule al_rule_named(const char *name);
const char *al_severity_name(al_severity severity);

typedef struct al_finding {
    al_rule rule;
    al_severity severity; /* the rule's, or less */
    double time;
    uint64_t iteration;   /* 0: outside of any */
    uint64_t at;          /* the trace's event that showed it, or by which it
                             began: its number */
    const char *where;    /* "a.json:12"; NULL: unknown */
    char *text;           /* one line */
    uint64_t more;        /* like it, not told */
    double extent;        /* seconds: of those like it the worst is told; 0: the
                             first is */
} al_finding;

typedef struct al_lint_options {
    const al_trace_header *header; /* of the trace; borrowed */
    bool is_disabled[AL_RULE_COUNT];
} al_lint_options;

typedef struct al_lint al_lint;

al_lint *al_lint_new(const al_lint_options *options);
void al_lint_free(al_lint *lint);
void al_lint_add(al_lint *lint, const al_event *event);
void al_lint_finish(al_lint *lint); /* there are no more events */

/* In the order of their events, once all is finished; borrowed until the next
 * add. */
const al_finding *al_lint_findings(const al_lint *lint, size_t *count);

#endif
