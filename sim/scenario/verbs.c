/* verbs.c - the one table of operations; see verbs.h. */
#include "sim/scenario/verbs.h"

#include <string.h>

#define LOOP_PARAM                                                             \
    {"loop", AL_PARAM_VALUE, false, false,                                     \
     "the loop; without it the current one (get_event_loop())"}
#define CALLBACK {"callback", AL_PARAM_CALLABLE, true, false, "what to call"}
#define ARGS     {"args", AL_PARAM_ARGS, false, false, "its arguments"}
#define KWARGS                                                                 \
    {"kwargs", AL_PARAM_KWARGS, false, false, "its keyword arguments, by name"}
#define CONTEXT                                                                \
    {"context", AL_PARAM_VALUE, false, true,                                   \
     "the contextvars.Context to run in; default: a copy of the current one"}
#define FD  {"fd", AL_PARAM_FD, true, false, "the file descriptor's name"}
#define SIG {"sig", AL_PARAM_SIGNAL, true, false, "the signal, as \"SIGTERM\""}
#define FUTURE {"future", AL_PARAM_VALUE, true, false, "the future"}
#define DONE_CALLBACK                                                          \
    {"callback", AL_PARAM_CALLABLE, true, false,                               \
     "what to call, with the future"}
#define HANDLE {"handle", AL_PARAM_VALUE, true, false, "the handle"}
#define LOCK  {"lock", AL_PARAM_VALUE, true, false, "the lock, or the like"}
#define EVENT {"event", AL_PARAM_VALUE, true, false, "the event"}
#define CONDITION {"condition", AL_PARAM_VALUE, true, false, "the condition"}
#define QUEUE {"queue", AL_PARAM_VALUE, true, false, "the queue"}
#define ITEM  {"item", AL_PARAM_VALUE, true, false, "what to put"}
#define MAXSIZE                                                                \
    {"maxsize", AL_PARAM_VALUE, false, false,                                  \
     "how many items it holds at most; default: 0, no limit"}
#define FUNC {"func", AL_PARAM_CALLABLE, true, false, "what to call there"}
#define EXECUTOR {"executor", AL_PARAM_VALUE, true, false, "the executor"}
#define GRAPH_PARAMS                                                           \
    {"future", AL_PARAM_VALUE, false, false,                                   \
     "a future or task; without it the current task"},                         \
    {"depth", AL_PARAM_VALUE, false, true,                                     \
     "of the current task: how many frames from the innermost on are left "    \
     "out; default: 1, the call of this function itself"},                     \
    {"limit", AL_PARAM_VALUE, false, true,                                     \
     "how many entries of each stack: N the outermost ones, -N the innermost " \
     "ones, 0 none"}
#define AWAITED_BY_PARAMS                                                      \
    {"fut", AL_PARAM_VALUE, true, false, "the future or task"},                \
    {"waiter", AL_PARAM_VALUE, true, false, "the one that waits for it"}
#define VALUE                                                                  \
    {"value", AL_PARAM_VALUE, false, false,                                    \
     "how many may acquire it at a time; default: 1"}

const al_verb_spec al_verb_specs[AL_VERB_COUNT] = {
    [AL_VERB_CALL_SOON] = {
        "call_soon", AL_STYLE_LOOP, 4, {CALLBACK, ARGS, CONTEXT, LOOP_PARAM},
        "Append a callback to the ready queue; returns its Handle."},
    [AL_VERB_CALL_LATER] = {
        "call_later", AL_STYLE_LOOP, 5,
        {{"delay", AL_PARAM_VALUE, true, false, "seconds from now"},
         CALLBACK, ARGS, CONTEXT, LOOP_PARAM},
        "Schedule a callback after a delay; returns its TimerHandle."},
    [AL_VERB_CALL_AT] = {
        "call_at", AL_STYLE_LOOP, 5,
        {{"when", AL_PARAM_VALUE, true, false, "seconds of loop.time()"},
         CALLBACK, ARGS, CONTEXT, LOOP_PARAM},
        "Schedule a callback for a time; returns its TimerHandle."},
    [AL_VERB_CALL_SOON_THREADSAFE] = {
        "call_soon_threadsafe", AL_STYLE_LOOP, 4,
        {CALLBACK, ARGS, CONTEXT, LOOP_PARAM},
        "call_soon() from another thread: also wakes the selector."},
    [AL_VERB_TIME] = {
        "time", AL_STYLE_LOOP, 1, {LOOP_PARAM}, "The loop's time, a float."},
    [AL_VERB_RUN_FOREVER] = {
        "run_forever", AL_STYLE_LOOP, 1, {LOOP_PARAM},
        "Run the loop until stop()."},
    [AL_VERB_STOP] = {
        "stop", AL_STYLE_LOOP, 1, {LOOP_PARAM},
        "Let the current iteration be the last."},
    [AL_VERB_CLOSE] = {
        "close", AL_STYLE_LOOP, 1, {LOOP_PARAM},
        "Close the loop, dropping what is scheduled."},
    [AL_VERB_IS_RUNNING] = {
        "is_running", AL_STYLE_LOOP, 1, {LOOP_PARAM}, "Is the loop running?"},
    [AL_VERB_IS_CLOSED] = {
        "is_closed", AL_STYLE_LOOP, 1, {LOOP_PARAM}, "Is the loop closed?"},
    [AL_VERB_ADD_READER] = {
        "add_reader", AL_STYLE_LOOP, 4, {FD, CALLBACK, ARGS, LOOP_PARAM},
        "Call back in every iteration in which fd is readable."},
    [AL_VERB_REMOVE_READER] = {
        "remove_reader", AL_STYLE_LOOP, 2, {FD, LOOP_PARAM},
        "Stop watching fd; True if it was watched."},
    [AL_VERB_ADD_WRITER] = {
        "add_writer", AL_STYLE_LOOP, 4, {FD, CALLBACK, ARGS, LOOP_PARAM},
        "Call back in every iteration in which fd is writable."},
    [AL_VERB_REMOVE_WRITER] = {
        "remove_writer", AL_STYLE_LOOP, 2, {FD, LOOP_PARAM},
        "Stop watching fd; True if it was watched."},
    [AL_VERB_ADD_SIGNAL_HANDLER] = {
        "add_signal_handler", AL_STYLE_LOOP, 4,
        {SIG, CALLBACK, ARGS, LOOP_PARAM},
        "Call back in the loop when the signal arrives."},
    [AL_VERB_REMOVE_SIGNAL_HANDLER] = {
        "remove_signal_handler", AL_STYLE_LOOP, 2, {SIG, LOOP_PARAM},
        "Leave the signal to its default; True if it was handled."},
    [AL_VERB_SET_EXCEPTION_HANDLER] = {
        "set_exception_handler", AL_STYLE_LOOP, 2,
        {{"handler", AL_PARAM_CALLABLE, true, false,
          "called with (loop, context); null: the default handler"},
         LOOP_PARAM},
        "Have errors in callbacks handed to a function."},
    [AL_VERB_GET_EXCEPTION_HANDLER] = {
        "get_exception_handler", AL_STYLE_LOOP, 1, {LOOP_PARAM},
        "The handler that was set, or None."},
    [AL_VERB_CALL_EXCEPTION_HANDLER] = {
        "call_exception_handler", AL_STYLE_LOOP, 2,
        {{"context", AL_PARAM_VALUE, true, false,
          "a dict with 'message', and perhaps 'exception' and 'handle'"},
         LOOP_PARAM},
        "Hand an error to the exception handler."},
    [AL_VERB_DEFAULT_EXCEPTION_HANDLER] = {
        "default_exception_handler", AL_STYLE_LOOP, 2,
        {{"context", AL_PARAM_VALUE, true, false, "as the handler got it"},
         LOOP_PARAM},
        "Log an error as asyncio does without a handler."},
    [AL_VERB_SET_DEBUG] = {
        "set_debug", AL_STYLE_LOOP, 2,
        {{"enabled", AL_PARAM_VALUE, true, false, "true or false"},
         LOOP_PARAM},
        "Switch the loop's debug mode."},
    [AL_VERB_GET_DEBUG] = {
        "get_debug", AL_STYLE_LOOP, 1, {LOOP_PARAM}, "Is it in debug mode?"},
    [AL_VERB_GET_RUNNING_LOOP] = {
        "get_running_loop", AL_STYLE_ASYNCIO, 0, {{0}},
        "The running loop; RuntimeError where none runs."},
    [AL_VERB_GET_EVENT_LOOP] = {
        "get_event_loop", AL_STYLE_ASYNCIO, 0, {{0}},
        "The running loop, else the one that was set."},
    [AL_VERB_SET_EVENT_LOOP] = {
        "set_event_loop", AL_STYLE_ASYNCIO, 1,
        {{"loop", AL_PARAM_VALUE, true, false, "a loop, or null"}},
        "Set the thread's current loop."},
    [AL_VERB_NEW_EVENT_LOOP] = {
        "new_event_loop", AL_STYLE_ASYNCIO, 0, {{0}}, "A new loop."},
    [AL_VERB_CANCEL] = {
        "cancel", AL_STYLE_METHOD, 2,
        {{"handle", AL_PARAM_VALUE, true, false, "the handle, future or task"},
         {"msg", AL_PARAM_VALUE, false, true,
          "of a future or task: what CancelledError is to say"}},
        "Cancel a handle, future or task; harmless when it is done."},
    [AL_VERB_CANCELLED] = {
        "cancelled", AL_STYLE_METHOD, 1, {HANDLE}, "Was it cancelled?"},
    [AL_VERB_WHEN] = {
        "when", AL_STYLE_METHOD, 1, {HANDLE}, "A TimerHandle's deadline."},
    [AL_VERB_AWAIT] = {
        "await", AL_STYLE_AWAIT, 1,
        {{"awaitable", AL_PARAM_VALUE, true, false,
          "a coroutine, future or task"}},
        "Wait for it, and return its result; in async functions."},
    [AL_VERB_YIELD] = {
        "yield", AL_STYLE_YIELD, 1,
        {{"value", AL_PARAM_VALUE, false, false, "what the consumer gets"}},
        "Hand out a value and wait to go on: makes the function a generator."},
    [AL_VERB_ASYNCIO_RUN] = {
        "asyncio.run", AL_STYLE_ASYNCIO, 3,
        {{"main", AL_PARAM_VALUE, true, false, "a coroutine"},
         {"debug", AL_PARAM_VALUE, false, true, "debug mode"},
         {"loop_factory", AL_PARAM_VALUE, false, true,
          "a function that makes the loop"}},
        "Run a coroutine in a loop of its own, to its end."},
    [AL_VERB_RUN_UNTIL_COMPLETE] = {
        "run_until_complete", AL_STYLE_LOOP, 2,
        {{"future", AL_PARAM_VALUE, true, false, "a future or coroutine"},
         LOOP_PARAM},
        "Run the loop until the future is done; returns its result."},
    [AL_VERB_CREATE_TASK] = {
        "create_task", AL_STYLE_ASYNCIO, 4,
        {{"coro", AL_PARAM_VALUE, true, false, "a coroutine"},
         {"name", AL_PARAM_TEXT, false, true,
          "the task's name, text with {expressions}"},
         CONTEXT,
         {"eager_start", AL_PARAM_VALUE, false, true,
          "run it to its first await at once"}},
        "Have the running loop step a coroutine; returns the Task."},
    [AL_VERB_CREATE_FUTURE] = {
        "create_future", AL_STYLE_LOOP, 1, {LOOP_PARAM}, "A new Future."},
    [AL_VERB_SET_RESULT] = {
        "set_result", AL_STYLE_METHOD, 2,
        {FUTURE, {"result", AL_PARAM_VALUE, true, false, "its result"}},
        "Mark a future done."},
    [AL_VERB_SET_EXCEPTION] = {
        "set_exception", AL_STYLE_METHOD, 2,
        {FUTURE,
         {"exception", AL_PARAM_VALUE, true, false, "an exception, or class"}},
        "Mark a future done, by an exception."},
    [AL_VERB_ADD_DONE_CALLBACK] = {
        "add_done_callback", AL_STYLE_METHOD, 3,
        {FUTURE, DONE_CALLBACK, CONTEXT},
        "Call back, by call_soon, once the future is done."},
    [AL_VERB_REMOVE_DONE_CALLBACK] = {
        "remove_done_callback", AL_STYLE_METHOD, 2, {FUTURE, DONE_CALLBACK},
        "Take a callback off again; returns how many there were."},
    [AL_VERB_TASK] = {
        "Task", AL_STYLE_ASYNCIO, 5,
        {{"coro", AL_PARAM_VALUE, true, false, "a coroutine"},
         {"loop", AL_PARAM_VALUE, false, true, "the loop that is to step it"},
         {"name", AL_PARAM_TEXT, false, true,
          "the task's name, text with {expressions}"},
         CONTEXT,
         {"eager_start", AL_PARAM_VALUE, false, true,
          "run it to its first await at once, if the loop runs"}},
        "A Task, whatever the loop's task factory: what such a one makes."},
    [AL_VERB_FUTURE] = {
        "Future", AL_STYLE_ASYNCIO, 1,
        {{"loop", AL_PARAM_VALUE, false, true, "the loop it belongs to"}},
        "A new Future, as create_future gives it."},
    [AL_VERB_CURRENT_TASK] = {
        "current_task", AL_STYLE_ASYNCIO, 1,
        {{"loop", AL_PARAM_VALUE, false, false, "of which loop"}},
        "The task that runs in the running loop, or None."},
    [AL_VERB_SLEEP] = {
        "sleep", AL_STYLE_ASYNCIO, 2,
        {{"delay", AL_PARAM_VALUE, true, false, "seconds"},
         {"result", AL_PARAM_VALUE, false, false, "what it returns"}},
        "A coroutine that waits; 0: for one turn of the loop."},
    [AL_VERB_GATHER] = {
        "gather", AL_STYLE_ASYNCIO, 2,
        {{"awaitables", AL_PARAM_ITEMS, true, false,
          "coroutines, futures, tasks; or \"*tasks\""},
         {"return_exceptions", AL_PARAM_VALUE, false, true,
          "keep exceptions among the results"}},
        "A future of the results of all of them."},
    [AL_VERB_TIMEOUT] = {
        "timeout", AL_STYLE_ASYNCIO, 1,
        {{"delay", AL_PARAM_VALUE, true, false, "seconds; null: never"}},
        "A Timeout, for 'async with': TimeoutError after so long."},
    [AL_VERB_TIMEOUT_AT] = {
        "timeout_at", AL_STYLE_ASYNCIO, 1,
        {{"when", AL_PARAM_VALUE, true, false,
          "seconds of loop.time(); null: never"}},
        "The same, by a deadline."},
    [AL_VERB_WAIT_FOR] = {
        "wait_for", AL_STYLE_ASYNCIO, 2,
        {{"awaitable", AL_PARAM_VALUE, true, false,
          "a coroutine, future or task"},
         {"timeout", AL_PARAM_VALUE, true, false, "seconds; null: never"}},
        "A coroutine: its result, or after so long TimeoutError."},
    [AL_VERB_WAIT] = {
        "wait", AL_STYLE_ASYNCIO, 3,
        {{"fs", AL_PARAM_VALUE, true, false, "a list of futures and tasks"},
         {"timeout", AL_PARAM_VALUE, false, true, "seconds"},
         {"return_when", AL_PARAM_VALUE, false, true,
          "'ALL_COMPLETED', 'FIRST_COMPLETED' or 'FIRST_EXCEPTION'"}},
        "A coroutine that returns two sets: (done, pending)."},
    [AL_VERB_SHIELD] = {
        "shield", AL_STYLE_ASYNCIO, 1,
        {{"awaitable", AL_PARAM_VALUE, true, false,
          "a coroutine, future or task"}},
        "A future of its outcome, whose cancellation does not reach it."},
    [AL_VERB_AS_COMPLETED] = {
        "as_completed", AL_STYLE_ASYNCIO, 2,
        {{"fs", AL_PARAM_VALUE, true, false,
          "a list of coroutines, futures, tasks"},
         {"timeout", AL_PARAM_VALUE, false, true, "seconds"}},
        "An iterator of awaitables, in the order in which they are done."},
    [AL_VERB_ENSURE_FUTURE] = {
        "ensure_future", AL_STYLE_ASYNCIO, 2,
        {{"awaitable", AL_PARAM_VALUE, true, false,
          "a coroutine, future or task"},
         {"loop", AL_PARAM_VALUE, false, true, "the loop"}},
        "The future itself, or a new task for a coroutine."},
    [AL_VERB_ALL_TASKS] = {
        "all_tasks", AL_STYLE_ASYNCIO, 1,
        {{"loop", AL_PARAM_VALUE, false, true, "of which loop"}},
        "The set of the tasks that are not done."},
    [AL_VERB_TASK_GROUP] = {
        "TaskGroup", AL_STYLE_ASYNCIO, 0, {{0}},
        "A TaskGroup, for 'async with'; it has create_task()."},
    [AL_VERB_SET_TASK_FACTORY] = {
        "set_task_factory", AL_STYLE_LOOP, 2,
        {{"factory", AL_PARAM_VALUE, true, false,
          "a function of (loop, coro, **kwargs) that returns a task, "
          "eager_task_factory, or null"},
         LOOP_PARAM},
        "Have a function make the loop's tasks."},
    [AL_VERB_GET_TASK_FACTORY] = {
        "get_task_factory", AL_STYLE_LOOP, 1, {LOOP_PARAM},
        "The factory that was set, or None."},
    [AL_VERB_RUNNER] = {
        "Runner", AL_STYLE_ASYNCIO, 2,
        {{"debug", AL_PARAM_VALUE, false, true, "debug mode"},
         {"loop_factory", AL_PARAM_VALUE, false, true,
          "a function that makes the loop"}},
        "A Runner, for 'with'; it has run(), get_loop() and close()."},
    [AL_VERB_CAPTURE_CALL_GRAPH] = {
        "capture_call_graph", AL_STYLE_ASYNCIO, 3, {GRAPH_PARAMS},
        "A FutureCallGraph: where a task waits, and who awaits it."},
    [AL_VERB_FORMAT_CALL_GRAPH] = {
        "format_call_graph", AL_STYLE_ASYNCIO, 3, {GRAPH_PARAMS},
        "The same as text."},
    [AL_VERB_PRINT_CALL_GRAPH] = {
        "print_call_graph", AL_STYLE_ASYNCIO, 3, {GRAPH_PARAMS},
        "The same, written into the trace as log does."},
    [AL_VERB_FUTURE_ADD_TO_AWAITED_BY] = {
        "future_add_to_awaited_by", AL_STYLE_ASYNCIO, 2, {AWAITED_BY_PARAMS},
        "Have call graphs show that one future waits for another."},
    [AL_VERB_FUTURE_DISCARD_FROM_AWAITED_BY] = {
        "future_discard_from_awaited_by", AL_STYLE_ASYNCIO, 2,
        {AWAITED_BY_PARAMS},
        "No longer; harmless where it did not."},
    [AL_VERB_RUN_IN_EXECUTOR] = {
        "run_in_executor", AL_STYLE_LOOP, 4,
        {{"executor", AL_PARAM_VALUE, true, false,
          "the executor; null: the loop's default one"},
         FUNC, ARGS, LOOP_PARAM},
        "Call a function in a thread of a pool; returns a Future."},
    [AL_VERB_SET_DEFAULT_EXECUTOR] = {
        "set_default_executor", AL_STYLE_LOOP, 2, {EXECUTOR, LOOP_PARAM},
        "Have run_in_executor(null, …) and to_thread() use this one."},
    [AL_VERB_SHUTDOWN_DEFAULT_EXECUTOR] = {
        "shutdown_default_executor", AL_STYLE_LOOP, 2,
        {{"timeout", AL_PARAM_VALUE, false, false, "seconds; null: for ever"},
         LOOP_PARAM},
        "A coroutine that waits for the threads of the default executor."},
    [AL_VERB_TO_THREAD] = {
        "to_thread", AL_STYLE_ASYNCIO, 3, {FUNC, ARGS, KWARGS},
        "A coroutine: what a function returns that runs in a thread."},
    [AL_VERB_RUN_COROUTINE_THREADSAFE] = {
        "run_coroutine_threadsafe", AL_STYLE_ASYNCIO, 2,
        {{"coro", AL_PARAM_VALUE, true, false, "a coroutine"},
         {"loop", AL_PARAM_VALUE, true, false, "the loop that is to run it"}},
        "From another thread: a concurrent future of a coroutine's result."},
    [AL_VERB_WRAP_FUTURE] = {
        "wrap_future", AL_STYLE_ASYNCIO, 2,
        {{"future", AL_PARAM_VALUE, true, false, "a concurrent future"},
         {"loop", AL_PARAM_VALUE, false, true, "the loop"}},
        "A Future that follows a concurrent one."},
    [AL_VERB_THREAD_POOL_EXECUTOR] = {
        "ThreadPoolExecutor", AL_STYLE_FUTURES, 4,
        {{"max_workers", AL_PARAM_VALUE, false, true,
          "how many threads at most; default: 8"},
         {"thread_name_prefix", AL_PARAM_VALUE, false, true,
          "what their names begin with"},
         {"initializer", AL_PARAM_VALUE, false, true,
          "a function that each thread calls first"},
         {"initargs", AL_PARAM_VALUE, false, true,
          "an iterable of its arguments"}},
        "A pool of threads; also for with, which waits for them."},
    [AL_VERB_SUBMIT] = {
        "submit", AL_STYLE_METHOD, 4, {EXECUTOR, FUNC, ARGS, KWARGS},
        "Call a function in a thread of the pool; a concurrent future."},
    [AL_VERB_TIME_SLEEP] = {
        "time.sleep", AL_STYLE_TIME, 1,
        {{"seconds", AL_PARAM_VALUE, true, false, "how long"}},
        "Block this thread; in the loop's nothing else can run meanwhile."},
    [AL_VERB_LOCK] = {
        "Lock", AL_STYLE_ASYNCIO, 0, {{0}},
        "A new lock; also for async with."},
    [AL_VERB_EVENT] = {
        "Event", AL_STYLE_ASYNCIO, 0, {{0}},
        "A new flag; {\"await\": \"event.wait()\"} waits for it."},
    [AL_VERB_CONDITION] = {
        "Condition", AL_STYLE_ASYNCIO, 1,
        {{"lock", AL_PARAM_VALUE, false, false,
          "the lock to be held; default: one of its own"}},
        "A new condition; {\"await\": \"condition.wait()\"} waits for it."},
    [AL_VERB_SEMAPHORE] = {
        "Semaphore", AL_STYLE_ASYNCIO, 1, {VALUE},
        "A new semaphore; also for async with."},
    [AL_VERB_BOUNDED_SEMAPHORE] = {
        "BoundedSemaphore", AL_STYLE_ASYNCIO, 1, {VALUE},
        "A new semaphore that cannot be released too often."},
    [AL_VERB_BARRIER] = {
        "Barrier", AL_STYLE_ASYNCIO, 1,
        {{"parties", AL_PARAM_VALUE, true, false, "how many must come"}},
        "A new barrier; {\"await\": \"barrier.wait()\"} waits for the others."},
    [AL_VERB_QUEUE] = {
        "Queue", AL_STYLE_ASYNCIO, 1, {MAXSIZE},
        "A new queue: first in, first out."},
    [AL_VERB_LIFO_QUEUE] = {
        "LifoQueue", AL_STYLE_ASYNCIO, 1, {MAXSIZE},
        "A new queue: last in, first out."},
    [AL_VERB_PRIORITY_QUEUE] = {
        "PriorityQueue", AL_STYLE_ASYNCIO, 1, {MAXSIZE},
        "A new queue: the least item first."},
    [AL_VERB_ACQUIRE] = {
        "acquire", AL_STYLE_METHOD, 1, {LOCK},
        "A coroutine that takes a lock, condition or semaphore."},
    [AL_VERB_RELEASE] = {
        "release", AL_STYLE_METHOD, 1, {LOCK},
        "Give a lock, condition or semaphore back, and wake who is next."},
    [AL_VERB_LOCKED] = {
        "locked", AL_STYLE_METHOD, 1, {LOCK},
        "Would acquire() have to wait?"},
    [AL_VERB_SET] = {
        "set", AL_STYLE_METHOD, 1, {EVENT}, "Set it, and wake all who wait."},
    [AL_VERB_CLEAR] = {
        "clear", AL_STYLE_METHOD, 1, {EVENT},
        "Let those wait who come from now on."},
    [AL_VERB_IS_SET] = {
        "is_set", AL_STYLE_METHOD, 1, {EVENT}, "Is it set?"},
    [AL_VERB_NOTIFY] = {
        "notify", AL_STYLE_METHOD, 2,
        {CONDITION,
         {"n", AL_PARAM_VALUE, false, false, "how many; default: 1"}},
        "Wake those who wait longest."},
    [AL_VERB_NOTIFY_ALL] = {
        "notify_all", AL_STYLE_METHOD, 1, {CONDITION}, "Wake all who wait."},
    [AL_VERB_PUT] = {
        "put", AL_STYLE_METHOD, 2, {QUEUE, ITEM},
        "A coroutine that puts an item in, waiting while the queue is full."},
    [AL_VERB_PUT_NOWAIT] = {
        "put_nowait", AL_STYLE_METHOD, 2, {QUEUE, ITEM},
        "Put an item in now, or raise QueueFull."},
    [AL_VERB_GET] = {
        "get", AL_STYLE_METHOD, 1, {QUEUE},
        "A coroutine that takes an item out, waiting while there is none."},
    [AL_VERB_GET_NOWAIT] = {
        "get_nowait", AL_STYLE_METHOD, 1, {QUEUE},
        "Take an item out now, or raise QueueEmpty."},
    [AL_VERB_TASK_DONE] = {
        "task_done", AL_STYLE_METHOD, 1, {QUEUE},
        "Say that an item taken out has been dealt with."},
    [AL_VERB_JOIN] = {
        "join", AL_STYLE_METHOD, 1, {QUEUE},
        "A coroutine that waits until all items have been dealt with."},
    [AL_VERB_SHUTDOWN] = {
        "shutdown", AL_STYLE_METHOD, 4,
        {{"queue", AL_PARAM_VALUE, true, false, "the queue, or executor"},
         {"immediate", AL_PARAM_VALUE, false, true,
          "of a queue: drop the items that are in it"},
         {"wait", AL_PARAM_VALUE, false, true,
          "of an executor: until its threads have ended; default: true"},
         {"cancel_futures", AL_PARAM_VALUE, false, true,
          "of an executor: those of jobs that have not begun"}},
        "Let put() raise QueueShutDown, and get() once the queue is empty; "
        "or submit() RuntimeError."},
    [AL_VERB_CONTEXT_VAR] = {
        "ContextVar", AL_STYLE_CONTEXTVARS, 2,
        {{"name", AL_PARAM_IDENTIFIER, true, false, "its name"},
         {"default", AL_PARAM_VALUE, false, true, "its default value"}},
        "A new context variable."},
    [AL_VERB_COPY_CONTEXT] = {
        "copy_context", AL_STYLE_CONTEXTVARS, 0, {{0}},
        "A copy of the current context."},
    [AL_VERB_CALL] = {
        "call", AL_STYLE_CALL, 2,
        {{"function", AL_PARAM_CALLABLE, true, false, "what to call, now"},
         ARGS},
        "Call a function and return what it returns."},
    [AL_VERB_LOG] = {
        "log", AL_STYLE_SIM, 1,
        {{"text", AL_PARAM_FORMAT, true, false,
          "text with {expressions}, as in an f-string"}},
        "Write a line into the trace."},
    [AL_VERB_BUSY] = {
        "busy", AL_STYLE_SIM, 1,
        {{"duration", AL_PARAM_VALUE, true, false, "seconds"}},
        "Work: virtual time passes, and the loop can do nothing else."},
    [AL_VERB_READ] = {
        "read", AL_STYLE_SIM, 1, {FD},
        "Drain fd: it is no longer readable.  True if it was."},
    [AL_VERB_WRITE] = {
        "write", AL_STYLE_SIM, 1, {FD},
        "Fill fd: it is no longer writable.  True if it was."},
};

al_verb al_verb_find(const char *name)
{
    for (int verb = 0; verb < AL_VERB_COUNT; verb++) {
        if (strcmp(al_verb_specs[verb].name, name) == 0)
            return (al_verb)verb;
    }
    return AL_VERB_COUNT;
}

int al_verb_param(al_verb verb, const char *name)
{
    const al_verb_spec *spec = &al_verb_specs[verb];

    for (size_t i = 0; i < spec->param_count; i++) {
        if (strcmp(spec->params[i].name, name) == 0)
            return (int)i;
    }
    return -1;
}
