/* loop_methods.c - the event loop as the script sees it.
 *
 * What a method does is in a function that verbs call too; the order of the
 * checks, and the messages, are those of asyncio's base_events.py,
 * selector_events.py and unix_events.py. */
#include "sim/asyncio/loop_methods.h"

#include <string.h>
#include "loop/core/policy.h"
#include "loop/object/thread.h"
#include "loop/task/run.h"
#include "loop/task/task.h"
#include "sim/asyncio/task_verbs.h"
#include "sim/machine/machine.h"

/* -- scheduling --------------------------------------------------------- */

al_context *al_context_argument(al_vm *vm, al_value context)
{
    al_name run = {.text = "run"};

    if (context.tag == AL_ABSENT || context.tag == AL_NONE)
        return NULL;
    if (al_is(context, &al_context_type))
        return al_ref(context.as.object);
    al_value_release(al_attribute_get(vm, context, &run)); /* raises */
    return al_context_stand_in_take(context, al_fetch_raised());
}

/* call_at's time: what call_later makes of the delay. */
static bool time_of(al_vm *vm, al_schedule how, al_loop *loop, al_value when,
                    double *time)
{
    al_value sum;

    if (when.tag == AL_NONE)
        return al_raise(&al_TypeError, how == AL_CALL_LATER
                                           ? "delay must not be None"
                                           : "when cannot be None");
    if (how == AL_CALL_AT) {
        if (!al_is_number(when)) /* CPython may find out much later */
            return al_raise(&al_TypeError, "when must be a number, not '%s'",
                            al_type_name(when));
        *time = al_real(when);
        return true;
    }
    sum = al_binary(vm, AL_OP_ADD, al_float(al_loop_time(loop)), when);
    if (sum.tag == AL_ABSENT)
        return false;
    *time = al_real(sum);
    return true;
}

/* Only debug mode looks at once whether it can be called, and before that
 * who calls. */
static bool check_callback(al_schedule how, al_loop *loop, al_value function)
{
    static const char *const names[] = {"call_soon", "call_at", "call_at",
                                        "call_soon_threadsafe"};
    al_text text = {0};

    if (al_loop_is_closed(loop))
        return al_loop_check_closed(loop);
    if (!al_loop_get_debug(loop))
        return true;
    if (how != AL_CALL_SOON_THREADSAFE && !al_loop_check_thread(loop))
        return false;
    if (al_is_coroutine_callback(function))
        return al_raise(&al_TypeError, "coroutines cannot be used with %s()",
                        names[how]);
    if (al_is_callable(function))
        return true;
    if (al_add_repr(function, &text))
        al_raise(&al_TypeError,
                 "a callable object was expected by %s(), got %s", names[how],
                 text.bytes);
    al_text_release(&text);
    return false;
}

static al_value schedule(al_schedule how, al_loop *loop, double when,
                         al_callback callback, al_context *context)
{
    al_handle *handle = NULL;

    switch (how) {
    case AL_CALL_SOON:
        handle = al_ref(al_loop_call_soon(loop, callback, context));
        break;
    case AL_CALL_LATER:
    case AL_CALL_AT:
        handle = al_ref(al_loop_call_at(loop, when, callback, context));
        break;
    case AL_CALL_SOON_THREADSAFE:
        if (!al_loop_call_soon_threadsafe(loop, callback, context, &handle))
            return al_no_value();
        break;
    }
    return handle ? al_take(handle) : al_no_value();
}

/* A whole number that a double holds, and that can be shown again as it was
 * given?  Beyond 2**53 the deadline is rounded, and a float. */
static bool is_exact(al_value when)
{
    const int64_t most = (int64_t)1 << 53;

    return when.tag == AL_INT && when.as.integer >= -most &&
           when.as.integer <= most;
}

al_value al_schedule_call(al_vm *vm, al_schedule how, al_loop *loop,
                          al_value when, al_value function,
                          al_callback callback, al_value context)
{
    bool is_timed = how == AL_CALL_LATER || how == AL_CALL_AT;
    double time = 0;
    al_context *in;
    al_value handle;

    if ((is_timed && !time_of(vm, how, loop, when, &time)) ||
        !check_callback(how, loop, function)) {
        al_callback_release(callback);
        return al_no_value();
    }
    in = al_context_argument(vm, context);
    handle = schedule(how, loop, time, callback, in);
    al_unref(in);
    if (how == AL_CALL_AT && is_exact(when) && handle.tag == AL_OBJECT)
        al_handle_set_integer((al_handle *)handle.as.object);
    return handle;
}

/* -- fds ---------------------------------------------------------------- */

al_value al_watch_fd(al_watch_change how, al_loop *loop, al_value fd,
                     al_callback callback)
{
    const al_fd *known = al_fd_of(fd);
    bool ok = false;
    bool removed;
    int number;

    if (!known) {
        al_callback_release(callback);
        return al_no_value();
    }
    number = known->number;
    switch (how) {
    case AL_ADD_READER:
        ok = al_loop_add_reader(loop, number, callback);
        break;
    case AL_ADD_WRITER:
        ok = al_loop_add_writer(loop, number, callback);
        break;
    case AL_REMOVE_READER:
        return al_loop_remove_reader(loop, number, &removed)
                   ? al_bool(removed) : al_no_value();
    case AL_REMOVE_WRITER:
        return al_loop_remove_writer(loop, number, &removed)
                   ? al_bool(removed) : al_no_value();
    }
    return ok ? al_none() : al_no_value();
}

/* -- signals ------------------------------------------------------------ */

static bool signal_of(al_value value, int *sig)
{
    al_text text = {0};

    if (al_is_whole(value) && al_whole(value) >= 1 &&
        al_whole(value) < AL_SIGNAL_COUNT) {
        *sig = (int)al_whole(value);
        return true;
    }
    if (al_is_whole(value))
        return al_raise(&al_ValueError, "invalid signal number %lld",
                        (long long)al_whole(value));
    if (al_add_repr(value, &text))
        al_raise(&al_TypeError, "sig must be an int, not %s", text.bytes);
    al_text_release(&text);
    return false;
}

al_value al_add_signal_handler(al_loop *loop, al_value sig,
                               al_callback callback)
{
    int number;

    if (al_is_coroutine_callback(al_callback_function(callback))) {
        al_callback_release(callback);
        return al_fail_with(&al_TypeError, "coroutines cannot be used with "
                            "add_signal_handler()");
    }
    if (!signal_of(sig, &number)) {
        al_callback_release(callback);
        return al_no_value();
    }
    return al_loop_add_signal_handler(loop, number, callback) ? al_none()
                                                              : al_no_value();
}

/* -- methods ------------------------------------------------------------ */

static al_loop *self_of(al_call *call)
{
    return (al_loop *)call->self.as.object;
}

static al_value done(bool ok)
{
    return ok ? al_none() : al_no_value();
}

/* method(first…, callback, *args): the callback is at `index`. */
static al_callback callback_at(al_call *call, size_t index)
{
    return al_callback_make(call->items[index], call->items + index + 1,
                            call->count - index - 1);
}

static al_value schedule_method(al_call *call, al_schedule how)
{
    size_t index = how == AL_CALL_LATER || how == AL_CALL_AT;

    return al_schedule_call(call->vm, how, self_of(call), call->items[0],
                            call->items[index], callback_at(call, index),
                            call->slots[0]);
}

static al_value loop_call_soon(al_call *call)
{
    return schedule_method(call, AL_CALL_SOON);
}

static al_value loop_call_later(al_call *call)
{
    return schedule_method(call, AL_CALL_LATER);
}

static al_value loop_call_at(al_call *call)
{
    return schedule_method(call, AL_CALL_AT);
}

static al_value loop_call_soon_threadsafe(al_call *call)
{
    return schedule_method(call, AL_CALL_SOON_THREADSAFE);
}

static al_value loop_time(al_call *call)
{
    return al_float(al_loop_time(self_of(call)));
}

static al_value loop_run_forever(al_call *call)
{
    return done(al_loop_run_forever(self_of(call)));
}

static al_value loop_stop(al_call *call)
{
    al_loop_stop(self_of(call));
    return al_none();
}

static al_value loop_close(al_call *call)
{
    return done(al_loop_close(self_of(call)));
}

static al_value loop_is_running(al_call *call)
{
    return al_bool(al_loop_is_running(self_of(call)));
}

static al_value loop_is_closed(al_call *call)
{
    return al_bool(al_loop_is_closed(self_of(call)));
}

static al_value loop_set_debug(al_call *call)
{
    al_loop_set_debug(self_of(call), al_value_truth(call->slots[0]));
    return al_none();
}

static al_value loop_get_debug(al_call *call)
{
    return al_bool(al_loop_get_debug(self_of(call)));
}

static al_value loop_set_exception_handler(al_call *call)
{
    return al_set_exception_handler(call->vm, self_of(call), call->slots[0]);
}

static al_value loop_get_exception_handler(al_call *call)
{
    return al_get_exception_handler(self_of(call));
}

static al_value loop_set_task_factory(al_call *call)
{
    al_value params[] = {call->self, call->slots[0]};

    return al_verb_set_task_factory(call->vm, params);
}

static al_value loop_get_task_factory(al_call *call)
{
    return al_verb_get_task_factory(call->vm, &call->self);
}

static al_value loop_call_exception_handler(al_call *call)
{
    return al_call_exception_handler(call->vm, self_of(call), call->slots[0],
                                     false);
}

static al_value loop_default_exception_handler(al_call *call)
{
    return al_call_exception_handler(call->vm, self_of(call), call->slots[0],
                                     true);
}

static al_value loop_add_reader(al_call *call)
{
    return al_watch_fd(AL_ADD_READER, self_of(call), call->items[0],
                       callback_at(call, 1));
}

static al_value loop_add_writer(al_call *call)
{
    return al_watch_fd(AL_ADD_WRITER, self_of(call), call->items[0],
                       callback_at(call, 1));
}

static al_value loop_remove_reader(al_call *call)
{
    return al_watch_fd(AL_REMOVE_READER, self_of(call), call->slots[0],
                       (al_callback){0});
}

static al_value loop_remove_writer(al_call *call)
{
    return al_watch_fd(AL_REMOVE_WRITER, self_of(call), call->slots[0],
                       (al_callback){0});
}

static al_value loop_add_signal_handler(al_call *call)
{
    return al_add_signal_handler(self_of(call), call->items[0],
                                 callback_at(call, 1));
}

static al_value loop_remove_signal_handler(al_call *call)
{
    bool removed;
    int number;

    if (!signal_of(call->slots[0], &number) ||
        !al_loop_remove_signal_handler(self_of(call), number, &removed))
        return al_no_value();
    return al_bool(removed);
}

static al_value loop_run_until_complete(al_call *call)
{
    return al_run_until_complete(self_of(call), call->slots[0]);
}

static al_value loop_create_future(al_call *call)
{
    return al_take(al_future_new(self_of(call)));
}

static al_value get_slow_callback_duration(al_vm *vm, al_value self)
{
    (void)vm;
    return al_float(
        al_loop_get_slow_callback_duration((al_loop *)self.as.object));
}

static al_value loop_create_task(al_call *call)
{
    return al_script_create_task(
        call->vm, NULL, (al_loop *)call->self.as.object, call->slots,
        call->args);
}

static const al_getter getters[] = {
    {"slow_callback_duration", get_slow_callback_duration}, {0},
};

/* They are written in Python, in the class where each is defined. */
#define METHOD(class_name, method, ...)                                        \
    {.name = #method, .qualname = class_name "." #method,                      \
     .call = loop_##method, .arity = AL_ARITY_PYTHON, __VA_ARGS__}
#define BASE(method, ...) METHOD("BaseEventLoop", method, __VA_ARGS__)
#define EXECUTOR(method, ...)                                                  \
    {.name = #method, .qualname = "BaseEventLoop." #method,                    \
     .call = al_loop_method_##method, .arity = AL_ARITY_PYTHON, __VA_ARGS__}
#define SELECTOR(method, ...)                                                  \
    METHOD("BaseSelectorEventLoop", method, __VA_ARGS__)
#define UNIX(method, ...) METHOD("_UnixSelectorEventLoop", method, __VA_ARGS__)

static const al_method methods[] = {
    BASE(call_soon, .min = 1, .max = -1, .params = "context|callback"),
    BASE(call_later, .min = 2, .max = -1, .params = "context|delay callback"),
    BASE(call_at, .min = 2, .max = -1, .params = "context|when callback"),
    BASE(call_soon_threadsafe, .min = 1, .max = -1,
         .params = "context|callback"),
    BASE(time, .max = 0),
    BASE(create_task, .min = 1, .max = 1, .params = "coro",
         .takes_any_keyword = true),
    BASE(run_forever, .max = 0),
    BASE(run_until_complete, .min = 1, .max = 1, .params = "future"),
    BASE(create_future, .max = 0),
    BASE(stop, .max = 0),
    BASE(is_running, .max = 0),
    BASE(is_closed, .max = 0),
    BASE(set_debug, .min = 1, .max = 1, .params = "enabled"),
    BASE(get_debug, .max = 0),
    BASE(set_exception_handler, .min = 1, .max = 1, .params = "handler"),
    BASE(get_exception_handler, .max = 0),
    BASE(set_task_factory, .min = 1, .max = 1, .params = "factory"),
    BASE(get_task_factory, .max = 0),
    BASE(call_exception_handler, .min = 1, .max = 1, .params = "context"),
    BASE(default_exception_handler, .min = 1, .max = 1, .params = "context"),
    EXECUTOR(run_in_executor, .min = 2, .max = -1,
             .params = "|executor func"),
    EXECUTOR(set_default_executor, .min = 1, .max = 1, .params = "executor"),
    EXECUTOR(shutdown_default_executor, .max = 1, .params = "timeout"),
    SELECTOR(add_reader, .min = 2, .max = -1, .params = "|fd callback"),
    SELECTOR(add_writer, .min = 2, .max = -1, .params = "|fd callback"),
    SELECTOR(remove_reader, .min = 1, .max = 1, .params = "fd"),
    SELECTOR(remove_writer, .min = 1, .max = 1, .params = "fd"),
    UNIX(close, .max = 0),
    UNIX(add_signal_handler, .min = 2, .max = -1, .params = "|sig callback"),
    UNIX(remove_signal_handler, .min = 1, .max = 1, .params = "sig"),
    {0},
};

/* asyncio.EventLoop(selector=None): there is one selector. */
static al_value construct_loop(al_call *call)
{
    al_loop *loop;

    if (call->slots[0].tag > AL_NONE)
        return al_fail_with(&al_TypeError,
                            "selectors of one's own are not simulated");
    loop = al_new_event_loop();
    return loop ? al_take(loop) : al_no_value();
}

static const al_method constructor = {
    .name = "_UnixSelectorEventLoop",
    .qualname = "_UnixSelectorEventLoop.__init__",
    .call = construct_loop,
    .max = 1,
    .params = "selector",
    .arity = AL_ARITY_PYTHON,
};

const al_class al_loop_class = {
    .head = AL_CLASS_HEAD,
    .name = "_UnixSelectorEventLoop",
    .module = "asyncio.unix_events.",
    .tag = AL_OBJECT,
    .type = &al_loop_type,
    .constructor = &constructor,
    .methods = methods,
    .getters = getters,
};
