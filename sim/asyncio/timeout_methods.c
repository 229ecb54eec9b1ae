/* timeout_methods.c - asyncio.Timeout for scripts. */
#include "loop/task/timeout.h"
#include "sim/asyncio/task_verbs.h"
#include "sim/machine/machine.h"

static al_timeout *timeout_of(const al_call *call)
{
    return al_timeout_peek(call->self);
}

static al_value timeout_when(al_call *call)
{
    return al_value_dup(al_timeout_when(timeout_of(call)));
}

static al_value timeout_reschedule(al_call *call)
{
    return al_timeout_reschedule(timeout_of(call), call->slots[0])
               ? al_none() : al_no_value();
}

static al_value timeout_expired(al_call *call)
{
    return al_bool(al_timeout_expired(timeout_of(call)));
}

static al_value timeout_aenter(al_call *call)
{
    return al_take(al_timeout_aenter(timeout_of(call)));
}

static al_value timeout_aexit(al_call *call)
{
    return al_take(al_timeout_aexit(timeout_of(call),
                                    al_exception_peek(call->slots[1])));
}

static const al_method methods[] = {
    {.name = "when", .qualname = "Timeout.when", .call = timeout_when, .max = 0,
     .arity = AL_ARITY_PYTHON},
    {.name = "reschedule", .qualname = "Timeout.reschedule",
     .call = timeout_reschedule, .min = 1, .max = 1, .params = "when",
     .arity = AL_ARITY_PYTHON},
    {.name = "expired", .qualname = "Timeout.expired",
     .call = timeout_expired, .max = 0,
     .arity = AL_ARITY_PYTHON},
    {.name = "__aenter__", .qualname = "Timeout.__aenter__",
     .call = timeout_aenter, .arity = AL_ARITY_PYTHON},
    {.name = "__aexit__", .qualname = "Timeout.__aexit__",
     .call = timeout_aexit, .min = 3, .max = 3,
     .params = "exc_type exc_val exc_tb", .arity = AL_ARITY_PYTHON},
    {0},
};

static al_value construct_timeout(al_call *call)
{
    return al_verb_timeout_at(call->vm, call->slots);
}

static const al_method constructor = {
    .name = "Timeout", .qualname = "Timeout.__init__",
    .call = construct_timeout, .min = 1, .max = 1, .params = "when",
    .arity = AL_ARITY_PYTHON,
};

const al_class al_timeout_class = {
    .head = AL_CLASS_HEAD,
    .name = "Timeout",
    .module = "asyncio.timeouts.",
    .tag = AL_OBJECT,
    .type = &al_timeout_type,
    .constructor = &constructor,
    .methods = methods,
};
