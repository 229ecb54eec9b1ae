/* future_methods.c - Future and Task for scripts. */
#include "loop/task/gather.h"
#include "loop/task/task.h"
#include "loop/task/tell.h"
#include "sim/asyncio/task_verbs.h"
#include "sim/asyncio/loop_methods.h"
#include "sim/machine/machine.h"

static al_future *future_of(const al_call *call)
{
    return al_future_peek(call->self);
}

static al_value done_or_raised(bool ok)
{
    return ok ? al_none() : al_no_value();
}

/* -- what is called when it is done --------------------------------------- */

static bool call_function(void *self, al_future *future)
{
    const al_tuple *bundle = self;
    al_value item = {.tag = AL_OBJECT, .as.object = &future->head};
    al_args args = {.items = &item, .count = 1};
    al_value result = al_call_value(al_vm_current(), bundle->items[0], &args);

    al_value_release(result);
    return result.tag != AL_ABSENT;
}

static bool are_same(const void *a, const void *b)
{
    return al_value_equal(((const al_tuple *)a)->items[0],
                          ((const al_tuple *)b)->items[0]);
}

static const al_done_ops function_ops = {
    .name = "function",
    .call = call_function,
    .release = al_unref,
    .add_name = al_bundle_add_name,
    .add_place = al_bundle_add_place,
    .equal = are_same,
};

static al_done_callback done_callback(al_value function)
{
    return (al_done_callback){&function_ops, al_tuple_new(&function, 1)};
}

/* -- methods -------------------------------------------------------------- */

static al_value future_done(al_call *call)
{
    return al_bool(al_future_done(future_of(call)));
}

static al_value future_cancelled(al_call *call)
{
    return al_bool(al_future_cancelled(future_of(call)));
}

static al_value future_result(al_call *call)
{
    return al_future_result(future_of(call));
}

static al_value future_exception(al_call *call)
{
    al_exception *e;

    if (!al_future_exception(future_of(call), &e))
        return al_no_value();
    return e ? al_take(e) : al_none();
}

static al_value message_of(const al_call *call)
{
    return call->slots[0].tag == AL_ABSENT ? al_none() : call->slots[0];
}

static al_value future_cancel(al_call *call)
{
    bool done;

    return al_future_cancel(future_of(call), message_of(call), &done)
               ? al_bool(done) : al_no_value();
}

/* Future.set_result(task, …) does what the task itself refuses: nobody else
 * tells of its end. */
static void tell_if_task(const al_future *future)
{
    if (future->kind->is_task)
        al_future_tell_done(future);
}

/* Future.cancel(task) asks nobody, and that it is cancelled is all. */
static al_value future_cancel_plainly(al_call *call)
{
    al_future *future = future_of(call);
    bool done;

    if (!al_plain_future.cancel(future, message_of(call), &done))
        return al_no_value();
    if (done)
        tell_if_task(future);
    return al_bool(done);
}

static al_value future_set_result(al_call *call)
{
    if (!al_future_set_result(future_of(call), call->slots[0]))
        return al_no_value();
    tell_if_task(future_of(call));
    return al_none();
}

static al_value future_set_exception(al_call *call)
{
    al_exception *e;
    bool ok;

    if (al_future_done(future_of(call)))
        return al_fail_with(&al_InvalidStateError, "invalid state");
    e = al_exception_instance(call->vm, call->slots[0],
                              "invalid exception object");
    if (!e)
        return al_no_value();
    ok = al_future_set_exception(future_of(call), e);
    al_unref(e);
    if (ok)
        tell_if_task(future_of(call));
    return done_or_raised(ok);
}

static al_value future_add_done_callback(al_call *call)
{
    al_context *context = al_context_argument(call->vm, call->slots[1]);
    bool ok = al_future_add_done_callback(
        future_of(call), done_callback(call->slots[0]), context);

    al_unref(context);
    return done_or_raised(ok);
}

static al_value future_remove_done_callback(al_call *call)
{
    al_done_callback callback = done_callback(call->slots[0]);
    size_t removed =
        al_future_remove_done_callback(future_of(call), callback);

    al_unref(callback.self);
    return al_int((int64_t)removed);
}

static al_value future_get_loop(al_call *call)
{
    return al_take(al_ref(future_of(call)->loop));
}

static al_value future_iter(al_call *call)
{
    return al_future_iterator_new(future_of(call));
}

/* -- attributes that asyncio keeps for itself ----------------------------- */

static al_value get_cancel_message(al_vm *vm, al_value self)
{
    al_value message = al_future_peek(self)->cancel_message;

    (void)vm;
    return message.tag == AL_ABSENT ? al_none() : al_value_dup(message);
}

static bool set_cancel_message(al_value self, al_value value)
{
    al_future_set_cancel_message(al_future_peek(self), value);
    return true;
}

static al_value get_log_traceback(al_vm *vm, al_value self)
{
    (void)vm;
    return al_bool(al_future_peek(self)->log_traceback);
}

static bool set_log_traceback(al_value self, al_value value)
{
    if (al_value_truth(value))
        return al_raise(&al_ValueError,
                        "_log_traceback can only be set to False");
    al_future_peek(self)->log_traceback = false;
    return true;
}

/* (function, context), as _callbacks has it; AL_ABSENT: raised. */
static al_value shown_callback(const al_done_entry *entry)
{
    const al_tuple *bundle = entry->callback.self;
    al_value pair[2], shown;

    if (entry->callback.ops != &function_ops)
        return al_fail_with(&al_NotImplementedError,
                            "asyncloop-sim has no value for a callback of "
                            "asyncio's own");
    pair[0] = bundle->items[0];
    pair[1] = al_take(entry->context ? al_ref(entry->context)
                                     : al_context_new());
    shown = al_take(al_tuple_new(pair, 2));
    al_value_release(pair[1]);
    return shown;
}

/* A new list each time; None where there is no callback. */
static al_value get_callbacks(al_vm *vm, al_value self)
{
    const al_done_entries *entries = &al_future_peek(self)->callbacks;
    al_list *list;

    if (entries->count == 0)
        return al_none();
    list = al_list_new(vm, NULL, 0);
    for (uint32_t i = 0; i < entries->count; i++) {
        al_value shown = shown_callback(i ? &entries->others[i - 1]
                                          : &entries->first);
        bool ok = shown.tag != AL_ABSENT && al_list_append(vm, list, shown);

        al_value_release(shown);
        if (!ok) {
            al_unref(list);
            return al_no_value();
        }
    }
    return al_take(list);
}

#define FUTURE_GETTERS                                                         \
    {"_cancel_message", get_cancel_message},                                   \
    {"_log_traceback", get_log_traceback},                                     \
    {"_callbacks", get_callbacks}

static const al_getter future_getters[] = {FUTURE_GETTERS, {0}};

static const al_setter future_setters[] = {
    {"_cancel_message", set_cancel_message},
    {"_log_traceback", set_log_traceback},
    {0},
};

/* -- Future --------------------------------------------------------------- */

#define FUTURE_METHODS(type)                                                   \
    {.name = "done", .qualname = type ".done", .call = future_done},           \
    {.name = "cancelled", .qualname = type ".cancelled",                       \
     .call = future_cancelled},                                                \
    {.name = "result", .qualname = type ".result", .call = future_result},     \
    {.name = "exception", .qualname = type ".exception",                       \
     .call = future_exception, .arity = AL_ARITY_TAKES},                       \
    {.name = "add_done_callback", .qualname = type ".add_done_callback",       \
     .call = future_add_done_callback, .min = 1, .max = 1,                     \
     .params = "/fn context", .arity = AL_ARITY_TAKES},                        \
    {.name = "remove_done_callback",                                           \
     .qualname = type ".remove_done_callback",                                 \
     .call = future_remove_done_callback, .min = 1, .max = 1,                  \
     .params = "/fn", .arity = AL_ARITY_TAKES},                                \
    {.name = "get_loop", .qualname = type ".get_loop",                         \
     .call = future_get_loop, .arity = AL_ARITY_TAKES},                        \
    {.name = "__await__", .qualname = type ".__await__",                       \
     .call = future_iter, .arity = AL_ARITY_WRAPPER},                          \
    {.name = "__iter__", .qualname = type ".__iter__", .call = future_iter,    \
     .arity = AL_ARITY_WRAPPER}

static const al_method future_methods[] = {
    FUTURE_METHODS("Future"),
    {.name = "cancel", .qualname = "Future.cancel",
     .call = future_cancel_plainly, .max = 1, .params = "msg",
     .arity = AL_ARITY_TAKES},
    {.name = "set_result", .qualname = "Future.set_result",
     .call = future_set_result, .min = 1, .max = 1,
     .params = "/result", .arity = AL_ARITY_TAKES},
    {.name = "set_exception", .qualname = "Future.set_exception",
     .call = future_set_exception, .min = 1, .max = 1,
     .params = "/exception", .arity = AL_ARITY_TAKES},
    {0},
};

/* -- Future(*, loop=None) ------------------------------------------------- */

static al_value construct_future(al_call *call)
{
    return al_verb_Future(call->vm, call->slots);
}

static const al_method future_constructor = {
    .name = "Future",
    .qualname = "Future",
    .call = construct_future,
    .max = 0,
    .params = "loop",
    .arity = AL_ARITY_TAKES,
};

const al_class al_future_class = {
    .head = AL_CLASS_HEAD,
    .name = "Future",
    .module = "_asyncio.",
    .tag = AL_OBJECT,
    .type = &al_future_type,
    .methods = future_methods,
    .constructor = &future_constructor,
    .getters = future_getters,
    .setters = future_setters,
};

/* What gather() returns: a subclass in Python, with a cancel() of its own. */
/* One method is of its own. */
static const al_method gathering_future_methods[] = {
    {.name = "cancel", .qualname = "_GatheringFuture.cancel",
     .call = future_cancel, .max = 1, .params = "msg",
     .arity = AL_ARITY_PYTHON},
    FUTURE_METHODS("Future"),
    {.name = "set_result", .qualname = "Future.set_result",
     .call = future_set_result, .min = 1, .max = 1,
     .params = "/result", .arity = AL_ARITY_TAKES},
    {.name = "set_exception", .qualname = "Future.set_exception",
     .call = future_set_exception, .min = 1, .max = 1,
     .params = "/exception", .arity = AL_ARITY_TAKES},
    {0},
};

const al_class al_gathering_future_class = {
    .head = AL_CLASS_HEAD,
    .name = "_GatheringFuture",
    .module = "asyncio.tasks.",
    .tag = AL_OBJECT,
    .type = &al_gathering_future_type,
    .methods = gathering_future_methods,
    .getters = future_getters,
    .setters = future_setters,
};

/* -- Task ----------------------------------------------------------------- */

static al_task *task_of(const al_call *call)
{
    return al_task_peek(call->self);
}

static al_value task_set_result(al_call *call)
{
    (void)call;
    return al_fail_with(&al_RuntimeError,
                        "Task does not support set_result operation");
}

static al_value task_set_exception(al_call *call)
{
    (void)call;
    return al_fail_with(&al_RuntimeError,
                        "Task does not support set_exception operation");
}

static al_value task_get_name(al_call *call)
{
    return al_value_dup(al_task_peek_name(task_of(call)));
}

static al_value task_set_name(al_call *call)
{
    al_value name = al_str_value(call->vm, call->slots[0]);

    if (name.tag == AL_ABSENT)
        return name;
    al_value_release(task_of(call)->name);
    task_of(call)->name = name;
    al_task_tell_name(task_of(call));
    return al_none();
}

static al_value task_get_coro(al_call *call)
{
    al_coroutine *coroutine = task_of(call)->coroutine;

    return coroutine ? al_take(al_ref(coroutine)) : al_none();
}

static al_value task_get_context(al_call *call)
{
    return al_take(al_ref(task_of(call)->context));
}

static al_value task_cancelling(al_call *call)
{
    return al_int((int64_t)al_task_cancelling(task_of(call)));
}

static al_value task_uncancel(al_call *call)
{
    return al_int((int64_t)al_task_uncancel(task_of(call)));
}

static al_value get_must_cancel(al_vm *vm, al_value self)
{
    (void)vm;
    return al_bool(al_task_peek(self)->must_cancel);
}

static al_value get_fut_waiter(al_vm *vm, al_value self)
{
    al_future *waiter = al_task_peek(self)->waiter;

    (void)vm;
    return waiter ? al_take(al_ref(waiter)) : al_none();
}

static const al_getter task_getters[] = {
    FUTURE_GETTERS,
    {"_must_cancel", get_must_cancel},
    {"_fut_waiter", get_fut_waiter},
    {0},
};

static const al_method task_methods[] = {
    FUTURE_METHODS("Task"),
    {.name = "cancel", .qualname = "Task.cancel", .call = future_cancel,
     .max = 1, .params = "msg", .arity = AL_ARITY_TAKES},
    {.name = "set_result", .qualname = "Task.set_result",
     .call = task_set_result, .min = 1, .max = 1},
    {.name = "set_exception", .qualname = "Task.set_exception",
     .call = task_set_exception, .min = 1, .max = 1},
    {.name = "get_name", .qualname = "Task.get_name", .call = task_get_name},
    {.name = "set_name", .qualname = "Task.set_name", .call = task_set_name,
     .min = 1, .max = 1},
    {.name = "get_coro", .qualname = "Task.get_coro", .call = task_get_coro},
    {.name = "get_context", .qualname = "Task.get_context",
     .call = task_get_context},
    {.name = "cancelling", .qualname = "Task.cancelling",
     .call = task_cancelling},
    {.name = "uncancel", .qualname = "Task.uncancel", .call = task_uncancel},
    {0},
};

static al_value construct_task(al_call *call)
{
    return al_verb_Task(call->vm, call->slots);
}

static const al_method task_constructor = {
    .name = "Task", .qualname = "Task", .call = construct_task,
    .min = 1, .max = 1, .params = "coro loop name context eager_start",
    .arity = AL_ARITY_TAKES,
};

const al_class al_task_class = {
    .head = AL_CLASS_HEAD,
    .name = "Task",
    .module = "_asyncio.",
    .tag = AL_OBJECT,
    .type = &al_task_type,
    .methods = task_methods,
    .constructor = &task_constructor,
    .getters = task_getters,
    .setters = future_setters,
};

/* -- coroutines ----------------------------------------------------------- */

static al_value coroutine_close(al_call *call)
{
    return al_coroutine_close(al_coroutine_peek(call->self));
}

/* What it yields, the future that it waits for or None; its end is a
 * StopIteration with the result. */
static al_value yielded(al_step step)
{
    al_value value = al_step_value(step);

    if (step.kind == AL_STEP_AWAIT)
        return value;
    if (step.kind == AL_STEP_RETURN) {
        al_raise_take(al_exception_new(&al_StopIteration, &value,
                                       value.tag != AL_NONE));
        al_value_release(value);
    }
    return al_no_value();
}

static al_value coroutine_send(al_call *call)
{
    return yielded(
        al_coroutine_send(al_coroutine_peek(call->self), call->slots[0]));
}

static al_value coroutine_throw(al_call *call)
{
    al_exception *e = al_exception_to_throw(call->vm, call->slots);

    if (!e)
        return al_no_value();
    return yielded(al_coroutine_throw(al_coroutine_peek(call->self), e));
}

static al_value coroutine_is_running(al_vm *vm, al_value self)
{
    (void)vm;
    return al_bool(al_coroutine_peek(self)->state == AL_CORO_RUNNING);
}

static al_value coroutine_is_suspended(al_vm *vm, al_value self)
{
    (void)vm;
    return al_bool(al_coroutine_peek(self)->state == AL_CORO_SUSPENDED);
}

static al_value get_coroutine_qualname(al_vm *vm, al_value self)
{
    const al_coroutine *coroutine = al_coroutine_peek(self);
    al_text text = {0};

    if (coroutine->ops->type)
        return al_no_attribute(self, "__qualname__");
    al_coroutine_add_name(coroutine, &text);
    return al_str_take(vm, &text);
}

/* Behind the class: "acquire" of "Lock.acquire". */
static al_value get_coroutine_name(al_vm *vm, al_value self)
{
    const al_coroutine *coroutine = al_coroutine_peek(self);
    al_text text = {0};
    al_value name;

    (void)vm;
    if (coroutine->ops->type)
        return al_no_attribute(self, "__name__");
    al_coroutine_add_name(coroutine, &text);
    name = al_str_new(al_last_name(al_text_peek(&text)));
    al_text_release(&text);
    return name;
}

static const al_getter coroutine_getters[] = {
    {"cr_running", coroutine_is_running},
    {"cr_suspended", coroutine_is_suspended},
    {"__name__", get_coroutine_name},
    {"__qualname__", get_coroutine_qualname},
    {0},
};

static const al_method coroutine_methods[] = {
    {.name = "send", .qualname = "coroutine.send", .call = coroutine_send,
     .min = 1, .max = 1},
    {.name = "throw", .qualname = "coroutine.throw", .call = coroutine_throw,
     .min = 1, .max = 3},
    {.name = "close", .qualname = "coroutine.close", .call = coroutine_close},
    {0},
};

const al_class al_coroutine_class = {
    .head = AL_CLASS_HEAD,
    .name = "coroutine",
    .tag = AL_OBJECT,
    .type = &al_coroutine_type,
    .methods = coroutine_methods,
    .getters = coroutine_getters,
};
