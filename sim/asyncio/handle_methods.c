/* handle_methods.c - Handle and its subclasses for scripts. */
#include "loop/core/handle.h"
#include "sim/machine/machine.h"

static al_handle *self_of(al_call *call)
{
    return (al_handle *)call->self.as.object;
}

static al_value handle_cancel(al_call *call)
{
    al_handle_cancel(self_of(call));
    return al_none();
}

static al_value handle_cancelled(al_call *call)
{
    return al_bool(al_handle_cancelled(self_of(call)));
}

static al_value handle_when(al_call *call)
{
    const al_handle *handle = self_of(call);

    if (al_handle_is_integer(handle))
        return al_int((int64_t)handle->when);
    return al_float(al_handle_when(handle));
}

static al_value handle_get_context(al_call *call)
{
    al_context *context = al_handle_get_context(self_of(call));
    al_value value = al_context_as_value(context);

    al_unref(context);
    return value;
}

#define METHOD(method, class_name)                                             \
    {.name = #method, .qualname = class_name "." #method,                      \
     .call = handle_##method, .arity = AL_ARITY_PYTHON}

static const al_method methods[] = {
    METHOD(cancel, "Handle"),
    METHOD(cancelled, "Handle"),
    METHOD(get_context, "Handle"),
    {0},
};

static const al_method threadsafe_methods[] = {
    METHOD(cancel, "_ThreadSafeHandle"),
    METHOD(cancelled, "_ThreadSafeHandle"),
    METHOD(get_context, "Handle"),
    {0},
};

static const al_method timer_methods[] = {
    METHOD(cancel, "TimerHandle"),
    METHOD(cancelled, "Handle"),
    METHOD(get_context, "Handle"),
    METHOD(when, "TimerHandle"),
    {0},
};

const al_class al_handle_class = {
    .head = AL_CLASS_HEAD,
    .name = "Handle",
    .module = "asyncio.events.",
    .tag = AL_OBJECT,
    .type = &al_handle_type,
    .methods = methods,
};

const al_class al_timer_handle_class = {
    .head = AL_CLASS_HEAD,
    .name = "TimerHandle",
    .module = "asyncio.events.",
    .tag = AL_OBJECT,
    .type = &al_timer_handle_type,
    .methods = timer_methods,
};

const al_class al_threadsafe_handle_class = {
    .head = AL_CLASS_HEAD,
    .name = "_ThreadSafeHandle",
    .module = "asyncio.events.",
    .tag = AL_OBJECT,
    .type = &al_threadsafe_handle_type,
    .methods = threadsafe_methods,
};
