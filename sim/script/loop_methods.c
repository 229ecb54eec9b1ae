/* loop_methods.c - the event loop as the script sees it.
 *
 * What a method does is in a function that verbs call too; the order of the
 * checks, and the messages, are those of asyncio's base_events.py,
 * selector_events.py and unix_events.py. */
#include <string.h>
#include "loop/core/policy.h"
#include "loop/object/thread.h"
#include "sim/script/machine.h"

/* -- scheduling --------------------------------------------------------- */

static void drop(al_callback callback)
{
    if (callback.callable && callback.callable->release)
        callback.callable->release(callback.self);
}

/* NULL for None: a copy of the current one.  The caller owns it. */
static al_context *context_of(al_vm *vm, al_value context)
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
        drop(callback);
        return al_no_value();
    }
    in = context_of(vm, context);
    handle = schedule(how, loop, time, callback, in);
    al_unref(in);
    if (how == AL_CALL_AT && when.tag == AL_INT && handle.tag == AL_OBJECT)
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
        drop(callback);
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

    if (!signal_of(sig, &number)) {
        drop(callback);
        return al_no_value();
    }
    return al_loop_add_signal_handler(loop, number, callback) ? al_none()
                                                              : al_no_value();
}

al_value al_remove_signal_handler(al_loop *loop, al_value sig)
{
    bool removed;
    int number;

    if (!signal_of(sig, &number) ||
        !al_loop_remove_signal_handler(loop, number, &removed))
        return al_no_value();
    return al_bool(removed);
}

/* -- exception handlers ------------------------------------------------- */

typedef struct handler {
    al_vm *vm;
    al_value function;
} handler;

/* The dict the script's handler gets, in CPython's order of keys. */
static al_value context_dict(al_vm *vm, const al_error_context *context)
{
    al_dict *dict = al_dict_new(vm);

    if (context->message)
        al_dict_set_text(vm, dict, "message", al_str_new(context->message));
    if (context->exception)
        al_dict_set_text(vm, dict, "exception",
                         al_take(al_ref(context->exception)));
    if (context->handle)
        al_dict_set_text(vm, dict, "handle",
                         al_take(al_ref(context->handle)));
    return al_take(dict);
}

/* asyncio calls the handler of a callback's exception inside an except
 * clause: there the exception is being handled. */
static bool call_handler(al_vm *vm, al_value function, al_loop *loop,
                         al_value dict, al_exception *handling)
{
    al_value items[2] = {al_take(loop), dict};
    al_args args = {.items = items, .count = 2};
    al_value result;

    if (al_is(function, &al_function_type) && handling) {
        al_frame *frame = al_call_frame(vm, function, &args);

        if (!frame)
            return false;
        frame->handling = al_ref(handling);
        result = al_vm_run_frame(vm, frame);
    } else {
        result = al_call_value(vm, function, &args);
    }
    al_value_release(result);
    return result.tag != AL_ABSENT;
}

/* asyncio calls context.get() before anything else. */
static bool raise_no_get(al_value context)
{
    return al_raise(&al_AttributeError, "'%s' object has no attribute 'get'",
                    al_type_name(context));
}

/* The function may be replaced while it runs. */
static bool handle_error(void *self, al_loop *loop,
                         const al_error_context *context)
{
    handler *h = self;
    al_vm *vm = h->vm;
    bool is_ours = vm->reported.tag == AL_ABSENT;
    al_value dict = is_ours ? context_dict(vm, context)
                            : al_value_dup(vm->reported);
    al_value function = al_value_dup(h->function);
    bool ok;

    vm->reported = al_no_value();
    ok = al_dict_peek(dict)
             ? call_handler(vm, function, loop, dict,
                            is_ours ? context->exception : NULL)
             : raise_no_get(dict);
    al_value_release(dict);
    al_value_release(function);
    return ok;
}

static void name_handler(const void *self, al_text *out)
{
    al_qualname(((const handler *)self)->function, out);
}

static void release_handler(void *self)
{
    al_value_release(((handler *)self)->function);
    al_free(self);
}

static const al_exception_handler_ops handler_ops = {
    .handle = handle_error,
    .add_name = name_handler,
    .release = release_handler,
};

al_value al_set_exception_handler(al_vm *vm, al_loop *loop, al_value function)
{
    al_text text = {0};
    handler *h;

    if (function.tag == AL_NONE) {
        al_loop_set_exception_handler(loop, (al_exception_handler){0});
        return al_none();
    }
    if (!al_is_callable(function)) {
        if (al_add_repr(function, &text))
            al_raise(&al_TypeError, "A callable object or None is expected, "
                     "got %s", text.bytes);
        al_text_release(&text);
        return al_no_value();
    }
    h = al_alloc(sizeof *h);
    h->vm = vm;
    h->function = al_value_dup(function);
    al_loop_set_exception_handler(loop,
                                  (al_exception_handler){&handler_ops, h});
    return al_none();
}

al_value al_get_exception_handler(al_loop *loop)
{
    al_exception_handler set = al_loop_peek_exception_handler(loop);

    return set.ops == &handler_ops
               ? al_value_dup(((handler *)set.self)->function) : al_none();
}

static al_value look_up(al_dict *dict, const char *key) /* borrowed */
{
    al_value name = al_str_new(key);
    al_value *found = al_dict_find(dict, name);

    al_value_release(name);
    return found ? *found : al_no_value();
}

static bool is_known_key(al_value key)
{
    const al_str *text = al_str_peek(key);

    return text && (strcmp(text->bytes, "message") == 0 ||
                    strcmp(text->bytes, "exception") == 0);
}

/* What asyncio logs of the dict besides message and exception. */
static bool add_details(al_vm *vm, al_dict *dict, al_text *out)
{
    al_value source = {.tag = AL_OBJECT, .as.object = &dict->cell.head};
    al_list *keys = al_list_from(vm, source);
    bool ok = keys && al_list_sort(vm, keys, al_none(), false);

    for (size_t i = 0; ok && i < keys->count; i++) {
        if (is_known_key(keys->items[i]))
            continue;
        al_text_add_char(out, '\n');
        ok = al_add_str(keys->items[i], out);
        al_text_add(out, ": ");
        ok = ok && al_add_repr(*al_dict_find(dict, keys->items[i]), out);
    }
    al_unref(keys);
    return ok;
}

static bool is_set(al_value value)
{
    return value.tag != AL_ABSENT && value.tag != AL_NONE;
}

static bool check_exception(al_value e)
{
    return !is_set(e) || al_exception_peek(e) ||
           al_is(e, &al_exception_class_type) ||
           al_raise(&al_AttributeError,
                    "'%s' object has no attribute '__traceback__'",
                    al_type_name(e));
}

/* What the default handler logs of the context; false: raised, at the first
 * thing there that it cannot bear. */
static bool add_log(al_vm *vm, al_value context, al_text *out)
{
    al_dict *dict = al_dict_peek(context);
    al_value message;

    if (!dict)
        return raise_no_get(context);
    message = look_up(dict, "message");
    if (!check_exception(look_up(dict, "exception")))
        return false;
    if (!al_value_truth(message))
        al_text_add(out, "Unhandled exception in event loop");
    else if (!al_add_str(message, out))
        return false;
    if (!add_details(vm, dict, out))
        return false;
    return !al_value_truth(message) || al_str_peek(message) ||
           al_raise(&al_TypeError,
                    "sequence item 0: expected str instance, %s found",
                    al_type_name(message));
}

/* In whose context a handler runs: that of the first of these that is set. */
static al_handle *handle_in(al_dict *dict)
{
    static const char *const keys[] = {"task", "future", "handle"};
    al_value thing = al_no_value();

    for (size_t i = 0; i < 3 && !is_set(thing); i++)
        thing = look_up(dict, keys[i]);
    if (al_is(thing, &al_handle_type) || al_is(thing, &al_timer_handle_type) ||
        al_is(thing, &al_threadsafe_handle_type))
        return (al_handle *)thing.as.object;
    return NULL;
}

/* What the loop itself looks at; text: for the message. */
static bool look_into(al_dict *dict, al_text *text, al_error_dict *as,
                      al_error_context *c)
{
    al_value message = look_up(dict, "message");

    as->exception = look_up(dict, "exception");
    c->exception = al_exception_peek(as->exception);
    c->handle = handle_in(dict);
    if (!is_set(message))
        return true;
    if (!al_add_str(message, text))
        return false;
    c->message = al_text_peek(text);
    return true;
}

/* A handler of the script's gets the context itself, the loop is told what
 * it would find there. */
al_value al_call_exception_handler(al_vm *vm, al_loop *loop, al_value context,
                                   bool is_default)
{
    al_dict *dict = al_dict_peek(context);
    al_value outer = vm->reported;
    al_text repr = {0}, log = {0}, message = {0};
    al_error_dict as = {0};
    al_error_context c = {.dict = &as};
    bool ok = al_add_repr(context, &repr) &&
              (!dict || look_into(dict, &message, &as, &c));

    if (ok && !add_log(vm, context, &log))
        as.unfit = al_fetch_raised();
    as.repr = al_text_peek(&repr);
    as.log = al_text_peek(&log);
    vm->reported = al_value_dup(context);
    if (ok)
        ok = is_default ? al_loop_default_exception_handler(loop, &c)
                        : al_loop_call_exception_handler(loop, &c);
    vm->reported = outer;
    al_value_release(context);
    al_unref(as.unfit);
    al_text_release(&repr);
    al_text_release(&log);
    al_text_release(&message);
    return ok ? al_none() : al_no_value();
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
    return al_remove_signal_handler(self_of(call), call->slots[0]);
}

static al_value get_slow_callback_duration(al_vm *vm, al_value self)
{
    (void)vm;
    return al_float(
        al_loop_get_slow_callback_duration((al_loop *)self.as.object));
}

static const al_getter getters[] = {
    {"slow_callback_duration", get_slow_callback_duration}, {0},
};

#define BASE(name, min, max, params)                                           \
    {#name, "BaseEventLoop." #name, loop_##name, min, max, params,             \
     AL_ARITY_PYTHON, false}
#define SELECTOR(name, min, max, params)                                       \
    {#name, "BaseSelectorEventLoop." #name, loop_##name, min, max, params,     \
     AL_ARITY_PYTHON, false}
#define UNIX(name, min, max, params)                                           \
    {#name, "_UnixSelectorEventLoop." #name, loop_##name, min, max, params,    \
     AL_ARITY_PYTHON, false}

/* With any number of arguments the parameters before them are named after
 * the keyword-only one, for the message that says which is missing. */
static const al_method methods[] = {
    BASE(call_soon, 1, -1, "context|callback"),
    BASE(call_later, 2, -1, "context|delay callback"),
    BASE(call_at, 2, -1, "context|when callback"),
    BASE(call_soon_threadsafe, 1, -1, "context|callback"),
    BASE(time, 0, 0, NULL),
    BASE(run_forever, 0, 0, NULL),
    BASE(stop, 0, 0, NULL),
    BASE(is_running, 0, 0, NULL),
    BASE(is_closed, 0, 0, NULL),
    BASE(set_debug, 1, 1, "enabled"),
    BASE(get_debug, 0, 0, NULL),
    BASE(set_exception_handler, 1, 1, "handler"),
    BASE(get_exception_handler, 0, 0, NULL),
    BASE(call_exception_handler, 1, 1, "context"),
    BASE(default_exception_handler, 1, 1, "context"),
    SELECTOR(add_reader, 2, -1, "|fd callback"),
    SELECTOR(add_writer, 2, -1, "|fd callback"),
    SELECTOR(remove_reader, 1, 1, "fd"),
    SELECTOR(remove_writer, 1, 1, "fd"),
    UNIX(close, 0, 0, NULL),
    UNIX(add_signal_handler, 2, -1, "|sig callback"),
    UNIX(remove_signal_handler, 1, 1, "sig"),
    {0},
};

const al_class al_loop_class = {
    AL_CLASS_HEAD, "_UnixSelectorEventLoop", "asyncio.unix_events.",
    AL_OBJECT, &al_loop_type, NULL, methods, getters,
};
