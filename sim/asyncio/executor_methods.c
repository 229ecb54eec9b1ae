/* executor_methods.c - executors, their futures and jobs for scripts. */
#include "sim/asyncio/executor_methods.h"

#include <math.h>
#include "loop/base/alloc.h"
#include "loop/core/policy.h"
#include "loop/task/chain.h"
#include "loop/task/in_executor.h"
#include "sim/machine/machine.h"

/* -- jobs: a function and its arguments ------------------------------------ */

typedef struct job_call {
    al_value *items; /* the function, and al_args.items */
    size_t count;    /* of items that are no keyword arguments */
    char **keywords;
    size_t keyword_count;
} job_call;

/* All it was given, the function the first. */
static al_args given_to(const job_call *b)
{
    return (al_args){b->items, b->count, (const char *const *)b->keywords,
                     b->keyword_count};
}

static al_value run_bundle(void *self)
{
    const job_call *b = self;
    al_args args = given_to(b);

    args.items++;
    args.count--;
    return al_call_value(al_vm_current(), b->items[0], &args);
}

static void release_bundle(void *self)
{
    job_call *b = self;

    for (size_t i = 0; i < b->count + b->keyword_count; i++)
        al_value_release(b->items[i]);
    for (size_t i = 0; i < b->keyword_count; i++)
        al_free(b->keywords[i]);
    al_free(b->items);
    al_free(b->keywords);
    al_free(b);
}

static void bundle_name(const void *self, al_text *out)
{
    al_qualname(((const job_call *)self)->items[0], out);
}

static const al_work_ops bundle_ops = {
    .run = run_bundle,
    .release = release_bundle,
    .add_name = bundle_name,
};

/* The function is the first of what is given by position. */
static al_work work_of(const al_args *given)
{
    size_t count = given->count + given->keyword_count;
    job_call *b = al_alloc(sizeof *b);

    *b = (job_call){
        .items = al_alloc(count * sizeof *b->items),
        .count = given->count,
        .keywords = al_alloc((given->keyword_count + 1) * sizeof(char *)),
        .keyword_count = given->keyword_count,
    };
    for (size_t i = 0; i < count; i++)
        b->items[i] = al_value_dup(given->items[i]);
    for (size_t i = 0; i < given->keyword_count; i++)
        b->keywords[i] = al_strdup(given->keywords[i]);
    return (al_work){&bundle_ops, b};
}

/* The parameters "func" and "args" of a verb, which are one tuple where there
 * are arguments; and "kwargs", a dict, or NULL. */
static al_work work_of_params(const al_value *params, const al_dict *kwargs)
{
    const al_tuple *given = params[1].tag == AL_OBJECT
                                ? (const al_tuple *)params[1].as.object : NULL;
    const al_value *items = given ? given->items : params;
    al_args args = {.count = given ? given->count : 1};
    size_t named = kwargs ? kwargs->count : 0, position = 0;
    al_value *all = al_alloc((args.count + named) * sizeof *all);
    const char **keywords = al_alloc((named + 1) * sizeof *keywords);
    al_work work;

    for (size_t i = 0; i < args.count; i++)
        all[i] = items[i];
    while (args.keyword_count < named) {
        const al_dict_entry *e = al_dict_next(kwargs, &position);

        all[args.count + args.keyword_count] = e->value;
        keywords[args.keyword_count++] = al_str_peek(e->key)->bytes;
    }
    args.items = all;
    args.keywords = keywords;
    work = work_of(&args);
    al_free(all);
    al_free((void *)keywords);
    return work;
}

static al_value taken(void *object) /* NULL: raised */
{
    return object ? al_take(object) : al_no_value();
}

static al_value none_or_raised(bool ok)
{
    return ok ? al_none() : al_no_value();
}

/* -- the loop's ----------------------------------------------------------- */

static bool check_function(al_loop *loop, al_value function)
{
    al_text text = {0};

    if (!al_loop_check_closed(loop))
        return false;
    if (!al_loop_get_debug(loop) || (al_is_callable(function) &&
                                     !al_is_coroutine_callback(function)))
        return true;
    if (al_is_coroutine_callback(function))
        return al_raise(&al_TypeError,
                        "coroutines cannot be used with run_in_executor()");
    if (al_add_repr(function, &text))
        al_raise(&al_TypeError, "a callable object was expected by "
                 "run_in_executor(), got %s", text.bytes);
    al_text_release(&text);
    return false;
}

/* Takes the work. */
static al_value run_in_executor(al_loop *loop, al_value executor, al_work work)
{
    al_executor *known = al_executor_peek(executor);
    al_name submit = {.text = "submit"};

    if (check_function(loop, ((job_call *)work.self)->items[0]) &&
        (known || executor.tag == AL_NONE))
        return taken(al_loop_run_in_executor(loop, known, work));
    if (!al_peek_raised())
        al_value_release(
            al_attribute_get(al_vm_current(), executor, &submit)); /* raises */
    release_bundle(work.self);
    return al_no_value();
}

al_value al_loop_method_run_in_executor(al_call *call)
{
    al_args given = {.items = call->items + 1, .count = call->count - 1};

    return run_in_executor((al_loop *)call->self.as.object, call->items[0],
                           work_of(&given));
}

al_value al_loop_method_set_default_executor(al_call *call)
{
    al_executor *executor = al_executor_peek(call->slots[0]);

    if (!executor)
        return al_fail_with(&al_TypeError, "executor must be "
                            "ThreadPoolExecutor instance");
    al_loop_set_default_executor((al_loop *)call->self.as.object, executor);
    return al_none();
}

al_value al_loop_method_shutdown_default_executor(al_call *call)
{
    al_value timeout = call->slots[0];

    return taken(al_shutdown_default_executor(
        (al_loop *)call->self.as.object,
        timeout.tag == AL_ABSENT ? al_none() : timeout));
}

al_value al_verb_run_in_executor(al_vm *vm, const al_value *params)
{
    if (!al_is(params[0], &al_loop_type))
        return al_no_attribute(params[0], "run_in_executor");
    (void)vm;
    return run_in_executor((al_loop *)params[0].as.object, params[1],
                           work_of_params(params + 2, NULL));
}

al_value al_verb_set_default_executor(al_vm *vm, const al_value *params)
{
    al_args args = {.items = params + 1, .count = 1};

    return al_call_attribute(vm, params[0], "set_default_executor", &args);
}

al_value al_verb_shutdown_default_executor(al_vm *vm, const al_value *params)
{
    al_args args = {.items = params + 1,
                    .count = params[1].tag != AL_ABSENT};

    return al_call_attribute(vm, params[0], "shutdown_default_executor",
                             &args);
}

/* -- asyncio's functions --------------------------------------------------- */

al_value al_verb_to_thread(al_vm *vm, const al_value *params)
{
    (void)vm;
    return taken(al_to_thread(
        work_of_params(params, al_dict_peek(params[2]))));
}

al_value al_verb_run_coroutine_threadsafe(al_vm *vm, const al_value *params)
{
    al_coroutine *coroutine = al_coroutine_peek(params[0]);

    (void)vm;
    if (!coroutine)
        return al_fail_with(&al_TypeError, "A coroutine object is required");
    if (!al_is(params[1], &al_loop_type))
        return al_no_attribute(params[1], "call_soon_threadsafe");
    return taken(al_run_coroutine_threadsafe_take(
        al_ref(coroutine), (al_loop *)params[1].as.object));
}

al_value al_verb_wrap_future(al_vm *vm, const al_value *params)
{
    al_concurrent *future = al_concurrent_peek(params[0]);
    al_text text = {0};
    al_loop *loop;

    if (al_future_peek(params[0]))
        return al_value_dup(params[0]);
    if (!future) {
        if (al_add_repr(params[0], &text))
            al_raise(&al_AssertionError, "concurrent.futures.Future is "
                     "expected, got %s", text.bytes);
        al_text_release(&text);
        return al_no_value();
    }
    (void)vm;
    loop = al_is(params[1], &al_loop_type) ? (al_loop *)params[1].as.object
                                           : al_get_event_loop();
    return loop ? taken(al_wrap_future(future, loop)) : al_no_value();
}

/* -- time.sleep ------------------------------------------------------------ */

al_value al_verb_time_sleep(al_vm *vm, const al_value *params)
{
    double seconds;

    if (!al_is_number(params[0]))
        return al_fail_with(&al_TypeError, "'%s' object cannot be interpreted "
                            "as an integer", al_type_name(params[0]));
    seconds = al_real(params[0]);
    if (isnan(seconds))
        return al_fail_with(&al_ValueError,
                            "Invalid value NaN (not a number)");
    if (fabs(seconds) >= 0x1p63 / 1e9)
        return al_fail_with(&al_OverflowError, "timestamp %s",
                            params[0].tag == AL_FLOAT
                                ? "out of range for platform time_t"
                                : "too large to convert to C PyTime_t");
    if (seconds < 0)
        return al_fail_with(&al_ValueError,
                            "sleep length must be non-negative");
    return none_or_raised(al_world_busy(vm->host.world, seconds));
}

/* -- ThreadPoolExecutor ---------------------------------------------------- */

/* self.initializer(*self.initargs) */
static al_value run_initializer(void *self)
{
    const al_tuple *t = self;
    const al_named_call call = {.has_star = true};
    const al_value base[] = {t->items[0], al_no_value(), t->items[1]};

    return al_call_spread(al_vm_current(), base, &call);
}

static const al_work_ops initializer_ops = {
    .run = run_initializer,
    .release = al_unref,
};

static al_work initializer_of(al_value function, al_value args)
{
    al_value items[2] = {function, args};
    al_tuple *both;

    if (args.tag == AL_ABSENT)
        items[1] = al_take(al_tuple_new(NULL, 0));
    both = al_tuple_new(items, 2);
    if (args.tag == AL_ABSENT)
        al_value_release(items[1]);
    return (al_work){&initializer_ops, both};
}

al_value al_verb_ThreadPoolExecutor(al_vm *vm, const al_value *params)
{
    al_value prefix = params[1], initializer = params[2];
    al_executor *executor;
    int64_t workers = 0;

    (void)vm;
    if (params[0].tag > AL_NONE) {
        if (!al_index(params[0], &workers))
            return al_no_value();
        if (workers <= 0)
            return al_fail_with(&al_ValueError,
                                "max_workers must be greater than 0");
    }
    if (initializer.tag > AL_NONE && !al_is_callable(initializer))
        return al_fail_with(&al_TypeError, "initializer must be a callable");
    executor = al_executor_new(
        (size_t)workers, al_str_peek(prefix) ? al_str_peek(prefix)->bytes
                                             : NULL);
    if (initializer.tag > AL_NONE)
        al_executor_take_initializer(executor,
                                     initializer_of(initializer, params[3]));
    return al_take(executor);
}

static al_executor *executor_of(const al_call *call)
{
    return al_executor_peek(call->self);
}

static al_value executor_submit(al_call *call)
{
    return taken(al_executor_submit(executor_of(call), work_of(call->args)));
}

al_value al_verb_submit(al_vm *vm, const al_value *params)
{
    al_work work = work_of_params(params + 1, al_dict_peek(params[3]));
    al_args args = given_to(work.self);
    al_value result = al_call_attribute(vm, params[0], "submit", &args);

    release_bundle(work.self);
    return result;
}

static al_value executor_shutdown(al_call *call)
{
    bool waits = call->slots[0].tag == AL_ABSENT ||
                 al_value_truth(call->slots[0]);
    bool cancels = call->slots[1].tag != AL_ABSENT &&
                   al_value_truth(call->slots[1]);

    return none_or_raised(
        al_executor_shutdown(executor_of(call), waits, cancels));
}

static al_value executor_enter(al_call *call)
{
    return al_value_dup(call->self);
}

static al_value executor_exit(al_call *call)
{
    return al_executor_shutdown(executor_of(call), true, false)
               ? al_bool(false) : al_no_value();
}

static const al_method executor_methods[] = {
    {.name = "submit", .qualname = "ThreadPoolExecutor.submit",
     .call = executor_submit, .min = 1, .max = -1, .params = "|/fn",
     .arity = AL_ARITY_PYTHON, .takes_any_keyword = true},
    {.name = "shutdown", .qualname = "ThreadPoolExecutor.shutdown",
     .call = executor_shutdown, .max = 1, .params = "wait cancel_futures",
     .arity = AL_ARITY_PYTHON},
    {.name = "__enter__", .qualname = "Executor.__enter__",
     .call = executor_enter, .arity = AL_ARITY_PYTHON},
    {.name = "__exit__", .qualname = "Executor.__exit__",
     .call = executor_exit, .min = 3, .max = 3,
     .params = "exc_type exc_val exc_tb", .arity = AL_ARITY_PYTHON},
    {0},
};

const al_class al_executor_class = {
    .head = AL_CLASS_HEAD,
    .name = "ThreadPoolExecutor",
    .module = "concurrent.futures.thread.",
    .tag = AL_OBJECT,
    .type = &al_executor_type,
    .methods = executor_methods,
};

/* -- Future ---------------------------------------------------------------- */

static al_concurrent *future_of(const al_call *call)
{
    return al_concurrent_peek(call->self);
}

static al_value future_done(al_call *call)
{
    return al_bool(al_concurrent_done(future_of(call)));
}

static al_value future_cancelled(al_call *call)
{
    return al_bool(al_concurrent_cancelled(future_of(call)));
}

static al_value future_running(al_call *call)
{
    return al_bool(al_concurrent_running(future_of(call)));
}

static al_value future_cancel(al_call *call)
{
    bool done;

    return al_concurrent_cancel(future_of(call), &done) ? al_bool(done)
                                                        : al_no_value();
}

static bool timeout_of(al_value value, double *seconds)
{
    *seconds = value.tag <= AL_NONE ? INFINITY : 0;
    if (value.tag > AL_NONE && !al_is_number(value))
        return al_raise(&al_TypeError, "'>' not supported between instances "
                        "of '%s' and 'int'", al_type_name(value));
    if (value.tag > AL_NONE)
        *seconds = al_real(value);
    return true;
}

static al_value future_result(al_call *call)
{
    double timeout;

    return timeout_of(call->slots[0], &timeout)
               ? al_concurrent_result(future_of(call), timeout)
               : al_no_value();
}

static al_value future_exception(al_call *call)
{
    double timeout;
    al_exception *e;

    if (!timeout_of(call->slots[0], &timeout) ||
        !al_concurrent_exception(future_of(call), timeout, &e))
        return al_no_value();
    return e ? al_take(e) : al_none();
}

static bool call_function(void *self, al_concurrent *future)
{
    const al_tuple *bundle = self;
    al_value item = {.tag = AL_OBJECT, .as.object = (al_object *)future};
    al_args args = {.items = &item, .count = 1};
    al_value result = al_call_value(al_vm_current(), bundle->items[0], &args);

    al_value_release(result);
    return result.tag != AL_ABSENT;
}

static const al_concurrent_ops function_ops = {
    .call = call_function,
    .release = al_unref,
};

static al_value future_add_done_callback(al_call *call)
{
    return none_or_raised(al_concurrent_add_done_callback(
        future_of(call), &function_ops, al_tuple_new(call->slots, 1)));
}

static al_value future_begin(al_call *call)
{
    bool runs;

    return al_concurrent_begin(future_of(call), &runs) ? al_bool(runs)
                                                       : al_no_value();
}

static al_value future_set_result(al_call *call)
{
    return none_or_raised(al_concurrent_take_result(
        future_of(call), al_value_dup(call->slots[0])));
}

static al_value future_set_exception(al_call *call)
{
    al_exception *e = al_exception_peek(call->slots[0]);

    if (!e)
        return al_fail_with(&al_TypeError, "asyncloop-sim takes an exception "
                            "here, not '%s'", al_type_name(call->slots[0]));
    return none_or_raised(
        al_concurrent_take_exception(future_of(call), al_ref(e)));
}

#define METHOD(method, function, ...)                                          \
    {.name = #method, .qualname = "Future." #method,                           \
     .call = future_##function,                                                \
     .arity = AL_ARITY_PYTHON, __VA_ARGS__}

static const al_method future_methods[] = {
    METHOD(done, done, .max = 0),
    METHOD(cancelled, cancelled, .max = 0),
    METHOD(running, running, .max = 0),
    METHOD(cancel, cancel, .max = 0),
    METHOD(result, result, .max = 1, .params = "timeout"),
    METHOD(exception, exception, .max = 1, .params = "timeout"),
    METHOD(add_done_callback, add_done_callback, .min = 1, .max = 1,
           .params = "fn"),
    METHOD(set_running_or_notify_cancel, begin, .max = 0),
    METHOD(set_result, set_result, .min = 1, .max = 1, .params = "result"),
    METHOD(set_exception, set_exception, .min = 1, .max = 1,
           .params = "exception"),
    {0},
};

const al_class al_concurrent_class = {
    .head = AL_CLASS_HEAD,
    .name = "Future",
    .module = "concurrent.futures._base.",
    .tag = AL_OBJECT,
    .type = &al_concurrent_type,
    .methods = future_methods,
};
