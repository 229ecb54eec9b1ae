/* runner_methods.c - asyncio.Runner for scripts, and asyncio.run. */
#include "loop/task/runner.h"
#include "loop/base/alloc.h"
#include "sim/machine/machine.h"

/* -- loop_factory: whatever the script gives ------------------------------- */

static al_loop *call_factory(void *self)
{
    al_args none = {0};
    al_value loop = al_call_value(al_vm_current(), *(al_value *)self, &none);

    if (loop.tag == AL_ABSENT)
        return NULL;
    if (al_is(loop, &al_loop_type))
        return (al_loop *)loop.as.object;
    al_raise(&al_TypeError, "'%s' object is not an event loop",
             al_type_name(loop));
    al_value_release(loop);
    return NULL;
}

static void release_factory(void *self)
{
    al_value_release(*(al_value *)self);
    al_free(self);
}

static int debug_of(al_value value)
{
    return value.tag <= AL_NONE ? -1 : al_value_truth(value);
}

/* NULL for None. */
static const al_runner_factory *factory_of(al_value value,
                                           al_runner_factory *factory)
{
    al_value *held;

    if (value.tag <= AL_NONE)
        return NULL;
    held = al_alloc(sizeof *held);
    *held = al_value_dup(value);
    *factory = (al_runner_factory){call_factory, release_factory, held};
    return factory;
}

al_value al_verb_asyncio_run(al_vm *vm, const al_value *params)
{
    al_runner_factory factory;

    (void)vm;
    return al_asyncio_run(params[0], debug_of(params[1]),
                          factory_of(params[2], &factory));
}

al_value al_verb_Runner(al_vm *vm, const al_value *params)
{
    al_runner_factory factory;

    (void)vm;
    return al_take(al_runner_new(debug_of(params[0]),
                                 factory_of(params[1], &factory)));
}

/* -- methods -------------------------------------------------------------- */

static al_runner *runner_of(const al_call *call)
{
    return al_runner_peek(call->self);
}

static al_value runner_run(al_call *call)
{
    al_context *context = al_context_argument(call->vm, call->slots[1]);
    al_value result = al_runner_run(runner_of(call), call->slots[0], context);

    al_unref(context);
    return result;
}

static al_value runner_get_loop(al_call *call)
{
    al_loop *loop = al_runner_get_loop(runner_of(call));

    return loop ? al_take(al_ref(loop)) : al_no_value();
}

static al_value runner_close(al_call *call)
{
    return al_runner_close(runner_of(call)) ? al_none() : al_no_value();
}

static al_value runner_enter(al_call *call)
{
    return al_runner_enter(runner_of(call)) ? al_value_dup(call->self)
                                            : al_no_value();
}

/* What ended the body is raised again by whoever calls; meanwhile it is in the
 * slot, where al_runner_exit looks for it. */
static al_value runner_exit(al_call *call)
{
    al_exception *raised = al_exception_peek(call->slots[1]);
    al_exception *left;

    if (!raised)
        return runner_close(call);
    al_raise_take(al_ref(raised));
    al_runner_exit(runner_of(call));
    left = al_peek_raised();
    if (left != raised)
        return al_no_value();
    al_unref(al_fetch_raised());
    return al_none();
}

static const al_method methods[] = {
    {.name = "run", .qualname = "Runner.run", .call = runner_run, .min = 1,
     .max = 1, .params = "coro context", .arity = AL_ARITY_PYTHON},
    {.name = "get_loop", .qualname = "Runner.get_loop",
     .call = runner_get_loop, .arity = AL_ARITY_PYTHON},
    {.name = "close", .qualname = "Runner.close", .call = runner_close,
     .arity = AL_ARITY_PYTHON},
    {.name = "__enter__", .qualname = "Runner.__enter__",
     .call = runner_enter, .arity = AL_ARITY_PYTHON},
    {.name = "__exit__", .qualname = "Runner.__exit__", .call = runner_exit,
     .min = 3, .max = 3, .params = "exc_type exc_val exc_tb",
     .arity = AL_ARITY_PYTHON},
    {0},
};

static al_value construct_runner(al_call *call)
{
    return al_verb_Runner(call->vm, call->slots);
}

static const al_method constructor = {
    .name = "Runner", .qualname = "Runner.__init__", .call = construct_runner,
    .max = 0, .params = "debug loop_factory", .arity = AL_ARITY_PYTHON,
};

const al_class al_runner_class = {
    .head = AL_CLASS_HEAD,
    .name = "Runner",
    .module = "asyncio.runners.",
    .tag = AL_OBJECT,
    .type = &al_runner_type,
    .constructor = &constructor,
    .methods = methods,
};
