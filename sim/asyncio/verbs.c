/* verbs.c - operations: {"call_later": {"delay": 1, "callback": "f"}}.
 *
 * One function a verb, in one table.  Parameters come in the order in which
 * Python evaluates them: the loop first, the others as the verb's spec lists
 * them.  A callback with arguments is one tuple in the arguments'
 * place, made by the compiler; see compile_bundle() and callback.c. */
#include "sim/asyncio/verbs.h"

#include "loop/core/policy.h"
#include "loop/object/thread.h"
#include "sim/machine/machine.h"

typedef al_value verb_function(al_vm *vm, const al_value *params);

/* -- parameters --------------------------------------------------------- */

/* The loop; where the value is something else, what Python would say of
 * value.verb(…) is raised. */
static al_loop *loop_of(al_vm *vm, al_value value, al_verb verb)
{
    al_name name = {.text = al_verb_specs[verb].name};
    al_value attribute;

    if (al_is(value, &al_loop_type))
        return (al_loop *)value.as.object;
    attribute = al_attribute_get(vm, value, &name);
    if (attribute.tag != AL_ABSENT)
        al_raise(&al_TypeError, "'%s' object is not an event loop",
                 al_type_name(value));
    al_value_release(attribute);
    return NULL;
}

/* A callback from the parameters "callback" and "args". */
static al_callback callback_of(const al_value *params)
{
    if (params[1].tag == AL_OBJECT)
        return al_callback_take(al_ref(params[1].as.object));
    return al_callback_make(params[0], NULL, 0);
}

static al_value function_of(const al_value *params)
{
    if (params[1].tag == AL_OBJECT)
        return ((const al_tuple *)params[1].as.object)->items[0];
    return params[0];
}

/* -- scheduling --------------------------------------------------------- */

/* params: callback, args, context. */
static al_value schedule(al_vm *vm, al_verb verb, al_schedule how,
                         al_value on, al_value when, const al_value *params)
{
    al_loop *loop = loop_of(vm, on, verb);

    if (!loop)
        return al_no_value();
    return al_schedule_call(vm, how, loop, when, function_of(params),
                            callback_of(params), params[2]);
}

/* Nothing to be checked or converted on the way to al_loop_call_soon? */
static bool is_plain_call_soon(const al_value *params)
{
    return al_is(params[0], &al_loop_type) && params[3].tag == AL_ABSENT &&
           !al_loop_get_debug((al_loop *)params[0].as.object);
}

static al_value verb_call_soon(al_vm *vm, const al_value *params)
{
    al_handle *handle;

    if (is_plain_call_soon(params)) {
        handle = al_loop_call_soon((al_loop *)params[0].as.object,
                                   callback_of(params + 1), NULL);
        return handle ? al_take(al_ref(handle)) : al_no_value();
    }
    return schedule(vm, AL_VERB_CALL_SOON, AL_CALL_SOON, params[0],
                    al_no_value(), params + 1);
}

static al_value verb_call_later(al_vm *vm, const al_value *params)
{
    return schedule(vm, AL_VERB_CALL_LATER, AL_CALL_LATER, params[0],
                    params[1], params + 2);
}

static al_value verb_call_at(al_vm *vm, const al_value *params)
{
    return schedule(vm, AL_VERB_CALL_AT, AL_CALL_AT, params[0], params[1],
                    params + 2);
}

static al_value verb_call_soon_threadsafe(al_vm *vm, const al_value *params)
{
    return schedule(vm, AL_VERB_CALL_SOON_THREADSAFE, AL_CALL_SOON_THREADSAFE,
                    params[0], al_no_value(), params + 1);
}

/* -- methods of the loop with few parameters ----------------------------- */

/* loop.name(argument): as the method does it. */
static al_value loop_method(al_vm *vm, al_verb verb, al_value loop,
                            const al_value *args, size_t count)
{
    al_args all = {.items = args, .count = count};

    return al_call_attribute(vm, loop, al_verb_specs[verb].name, &all);
}

#define METHOD_VERB(NAME, name)                                                \
    static al_value verb_##name(al_vm *vm, const al_value *params)             \
    {                                                                          \
        return loop_method(vm, AL_VERB_##NAME, params[0], NULL, 0);            \
    }
#define METHOD_VERB_1(NAME, name)                                              \
    static al_value verb_##name(al_vm *vm, const al_value *params)             \
    {                                                                          \
        return loop_method(vm, AL_VERB_##NAME, params[0], params + 1, 1);      \
    }

/* With or without what comes after the object. */
#define METHOD_VERB_ANY(NAME, name)                                            \
    static al_value verb_##name(al_vm *vm, const al_value *params)             \
    {                                                                          \
        return loop_method(vm, AL_VERB_##NAME, params[0], params + 1,          \
                           params[1].tag != AL_ABSENT);                        \
    }

METHOD_VERB(TIME, time)
METHOD_VERB(RUN_FOREVER, run_forever)
METHOD_VERB(STOP, stop)
METHOD_VERB(CLOSE, close)
METHOD_VERB(IS_RUNNING, is_running)
METHOD_VERB(IS_CLOSED, is_closed)
METHOD_VERB(GET_EXCEPTION_HANDLER, get_exception_handler)
METHOD_VERB(GET_DEBUG, get_debug)
METHOD_VERB(CREATE_FUTURE, create_future)
METHOD_VERB_1(REMOVE_READER, remove_reader)
METHOD_VERB_1(REMOVE_WRITER, remove_writer)
METHOD_VERB_1(REMOVE_SIGNAL_HANDLER, remove_signal_handler)
METHOD_VERB_1(SET_EXCEPTION_HANDLER, set_exception_handler)
METHOD_VERB_1(CALL_EXCEPTION_HANDLER, call_exception_handler)
METHOD_VERB_1(DEFAULT_EXCEPTION_HANDLER, default_exception_handler)
METHOD_VERB_1(SET_DEBUG, set_debug)
METHOD_VERB_1(RUN_UNTIL_COMPLETE, run_until_complete)
/* of a handle */
METHOD_VERB_ANY(CANCEL, cancel)
METHOD_VERB(CANCELLED, cancelled)
METHOD_VERB(WHEN, when)
/* of a future */
METHOD_VERB_1(SET_RESULT, set_result)
METHOD_VERB_1(SET_EXCEPTION, set_exception)
METHOD_VERB_1(REMOVE_DONE_CALLBACK, remove_done_callback)

static al_value verb_add_done_callback(al_vm *vm, const al_value *params)
{
    static const char *const keywords[] = {"context"};
    al_args all = {.items = params + 1, .count = 1, .keywords = keywords,
                   .keyword_count = params[2].tag != AL_ABSENT};

    return al_call_attribute(vm, params[0], "add_done_callback", &all);
}

/* -- fds and signals ---------------------------------------------------- */

static al_value watch(al_vm *vm, al_verb verb, al_watch_change how,
                      const al_value *params)
{
    al_loop *loop = loop_of(vm, params[0], verb);

    return loop ? al_watch_fd(how, loop, params[1], callback_of(params + 2))
                : al_no_value();
}

static al_value verb_add_reader(al_vm *vm, const al_value *params)
{
    return watch(vm, AL_VERB_ADD_READER, AL_ADD_READER, params);
}

static al_value verb_add_writer(al_vm *vm, const al_value *params)
{
    return watch(vm, AL_VERB_ADD_WRITER, AL_ADD_WRITER, params);
}

static al_value verb_add_signal_handler(al_vm *vm, const al_value *params)
{
    al_loop *loop = loop_of(vm, params[0], AL_VERB_ADD_SIGNAL_HANDLER);

    return loop ? al_add_signal_handler(loop, params[1],
                                        callback_of(params + 2))
                : al_no_value();
}

/* -- asyncio's functions ------------------------------------------------ */

static al_value loop_or_raised(al_loop *loop)
{
    return loop ? al_take(al_ref(loop)) : al_no_value();
}

static al_value verb_get_running_loop(al_vm *vm, const al_value *params)
{
    (void)vm;
    (void)params;
    return loop_or_raised(al_get_running_loop());
}

static al_value verb_get_event_loop(al_vm *vm, const al_value *params)
{
    (void)vm;
    (void)params;
    return loop_or_raised(al_get_event_loop());
}

static al_value verb_set_event_loop(al_vm *vm, const al_value *params)
{
    al_loop *loop = NULL;

    (void)vm;
    if (al_is(params[0], &al_loop_type))
        loop = (al_loop *)params[0].as.object;
    else if (params[0].tag != AL_NONE)
        return al_fail_with(&al_TypeError, "loop must be an instance of "
                            "AbstractEventLoop or None, not '%s'",
                            al_type_name(params[0]));
    return al_set_event_loop(loop) ? al_none() : al_no_value();
}

static al_value verb_new_event_loop(al_vm *vm, const al_value *params)
{
    al_loop *loop = al_new_event_loop();

    (void)vm;
    (void)params;
    return loop ? al_take(loop) : al_no_value();
}

/* -- contextvars -------------------------------------------------------- */

static al_value verb_ContextVar(al_vm *vm, const al_value *params)
{
    const al_value values[] = {params[0], params[1]};
    static const char *const names[] = {"default"};

    return al_call_method(vm, al_context_var_class.constructor, al_no_value(),
                          &(al_args){values, 1, names,
                                     params[1].tag != AL_ABSENT});
}

static al_value verb_copy_context(al_vm *vm, const al_value *params)
{
    (void)vm;
    (void)params;
    return al_take(al_context_copy());
}

/* Only where a call could not be compiled as one. */
static al_value verb_call(al_vm *vm, const al_value *params)
{
    const al_tuple *tuple = (const al_tuple *)params[1].as.object;
    al_args args = {0};

    if (params[1].tag == AL_OBJECT) {
        args.items = tuple->items + 1;
        args.count = tuple->count - 1;
    }
    return al_call_value(vm, function_of(params), &args);
}

/* -- the simulated world ------------------------------------------------ */

static al_value verb_log(al_vm *vm, const al_value *params)
{
    al_text text = {0};

    if (al_add_str(params[0], &text))
        al_vm_log(vm, al_text_as_string(&text));
    al_text_release(&text);
    return al_peek_raised() ? al_no_value() : al_none();
}

static al_value verb_busy(al_vm *vm, const al_value *params)
{
    if (!al_is_number(params[0])) {
        al_less(vm, AL_OP_LT, params[0], al_int(0)); /* raises */
        return al_no_value();
    }
    return al_world_busy(vm->host.world, al_real(params[0])) ? al_none()
                                                             : al_no_value();
}

static al_value drain(al_vm *vm, al_event_kind kind, al_value fd,
                      bool (*drains)(al_world *world, int fd))
{
    al_event event = {.kind = kind};
    const al_fd *known = al_fd_of(fd);
    bool was_ready;

    if (!known)
        return al_no_value();
    was_ready = drains(vm->host.world, known->number);
    event.fd = known->name;
    al_vm_emit(vm, &event);
    return al_bool(was_ready);
}

static al_value verb_read(al_vm *vm, const al_value *params)
{
    return drain(vm, AL_EVENT_READ, params[0], al_world_read);
}

static al_value verb_write(al_vm *vm, const al_value *params)
{
    return drain(vm, AL_EVENT_WRITE, params[0], al_world_write);
}

/* -- coroutines and tasks ------------------------------------------------- */

/* Compiled as an instruction of its own. */
static al_value verb_await(al_vm *vm, const al_value *params)
{
    (void)vm;
    (void)params;
    return al_no_value();
}

#define verb_yield verb_await

/* See task_verbs.c. */
#define verb_asyncio_run        al_verb_asyncio_run
#define verb_create_task        al_verb_create_task
#define verb_Task               al_verb_Task
#define verb_Future             al_verb_Future
#define verb_current_task       al_verb_current_task
#define verb_sleep              al_verb_sleep
#define verb_gather             al_verb_gather
#define verb_timeout            al_verb_timeout
#define verb_timeout_at         al_verb_timeout_at
#define verb_wait_for           al_verb_wait_for
#define verb_wait               al_verb_wait
#define verb_shield             al_verb_shield
#define verb_as_completed       al_verb_as_completed
#define verb_ensure_future      al_verb_ensure_future
#define verb_all_tasks          al_verb_all_tasks
#define verb_TaskGroup          al_verb_TaskGroup
#define verb_set_task_factory   al_verb_set_task_factory
#define verb_get_task_factory   al_verb_get_task_factory
#define verb_Runner             al_verb_Runner

/* See graph_verbs.c. */
#define verb_capture_call_graph       al_verb_capture_call_graph
#define verb_format_call_graph        al_verb_format_call_graph
#define verb_print_call_graph         al_verb_print_call_graph
#define verb_future_add_to_awaited_by al_verb_future_add_to_awaited_by
#define verb_future_discard_from_awaited_by                                    \
    al_verb_future_discard_from_awaited_by

/* See executor_methods.c. */
#define verb_run_in_executor          al_verb_run_in_executor
#define verb_set_default_executor     al_verb_set_default_executor
#define verb_shutdown_default_executor al_verb_shutdown_default_executor
#define verb_to_thread                al_verb_to_thread
#define verb_run_coroutine_threadsafe al_verb_run_coroutine_threadsafe
#define verb_wrap_future              al_verb_wrap_future
#define verb_ThreadPoolExecutor       al_verb_ThreadPoolExecutor
#define verb_submit                   al_verb_submit
#define verb_time_sleep               al_verb_time_sleep

/* See sync_verbs.c. */
#define verb_Lock             al_verb_Lock
#define verb_Event            al_verb_Event
#define verb_Condition        al_verb_Condition
#define verb_Semaphore        al_verb_Semaphore
#define verb_BoundedSemaphore al_verb_BoundedSemaphore
#define verb_Barrier          al_verb_Barrier
#define verb_Queue            al_verb_Queue
#define verb_LifoQueue        al_verb_LifoQueue
#define verb_PriorityQueue    al_verb_PriorityQueue
#define verb_acquire          al_verb_acquire
#define verb_release          al_verb_release
#define verb_locked           al_verb_locked
#define verb_set              al_verb_set
#define verb_clear            al_verb_clear
#define verb_is_set           al_verb_is_set
#define verb_notify           al_verb_notify
#define verb_notify_all       al_verb_notify_all
#define verb_put              al_verb_put
#define verb_put_nowait       al_verb_put_nowait
#define verb_get              al_verb_get
#define verb_get_nowait       al_verb_get_nowait
#define verb_task_done        al_verb_task_done
#define verb_join             al_verb_join
#define verb_shutdown         al_verb_shutdown

/* -- the table ---------------------------------------------------------- */

#define VERB_FUNCTION(NAME, name) [AL_VERB_##NAME] = verb_##name,
static verb_function *const functions[AL_VERB_COUNT] = {
    AL_VERBS(VERB_FUNCTION)
};
#undef VERB_FUNCTION

al_value al_verb_await_at_once(al_verb verb, const al_value *params)
{
    switch (verb) {
    case AL_VERB_PUT: return al_put_at_once(params);
    case AL_VERB_GET: return al_get_at_once(params);
    default:          return al_no_value();
    }
}

al_value al_verb_call(al_vm *vm, al_verb verb, const al_value *params)
{
    return functions[verb](vm, params);
}
