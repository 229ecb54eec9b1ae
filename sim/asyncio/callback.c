/* callback.c - script values as the event loop's callbacks.
 *
 * A callback without arguments is the function itself, so a pending timer
 * costs its handle and nothing else.  With arguments it is one tuple: the
 * function, then its arguments. */
#include "sim/asyncio/callback.h"

#include "loop/task/coroutine.h"
#include "loop/task/future.h"
#include "sim/machine/machine.h"

static al_vm *vm_of(al_value function)
{
    if (al_is(function, &al_function_type))
        return ((al_function_value *)function.as.object)->vm;
    if (al_bound_peek(function))
        return al_bound_peek(function)->vm;
    return al_vm_current(); /* a class, or nothing that can be called */
}

/* -- self: anything callable, no arguments ------------------------------ */

static al_value as_value(const void *self)
{
    return (al_value){.tag = AL_OBJECT, .as.object = (al_object *)self};
}

static bool succeeded(al_value result)
{
    al_value_release(result);
    return result.tag != AL_ABSENT;
}

static bool is_async(al_value function)
{
    return al_is(function, &al_function_type) &&
           ((const al_function_value *)function.as.object)->code->is_async;
}

/* A script function is called without asking what else it could be. */
static bool call_function(al_function_value *function)
{
    al_vm *vm = function->vm;
    al_args none = {0};
    al_frame *frame = al_vm_step(vm)
                          ? al_call_frame(vm, as_value(function), &none) : NULL;

    if (!frame)
        return false;
    return succeeded(al_code_is_plain(frame->code)
                         ? al_vm_run_frame(vm, frame)
                         : al_suspended_call(vm, frame));
}

static bool call_plain(al_loop *loop, void *self)
{
    al_args none = {0};

    (void)loop;
    if (al_is(as_value(self), &al_function_type) && !is_async(as_value(self)))
        return call_function(self);
    return succeeded(al_call_value(vm_of(as_value(self)), as_value(self),
                                   &none));
}

static void plain_name(const void *self, al_text *out)
{
    al_qualname(as_value(self), out);
}

/* " at FILE:LINE" of a script function; nothing of anything else. */
static void add_place(al_value function, al_text *out)
{
    const al_function_value *f;

    if (!al_is(function, &al_function_type))
        return;
    f = (const al_function_value *)function.as.object;
    al_text_add_format(out, " at %s:%d", f->vm->file, f->code->place.line);
}

static void plain_place(const void *self, al_text *out)
{
    add_place(as_value(self), out);
}

static const al_callable plain_callable = {
    .name = "function",
    .call = call_plain,
    .release = al_unref,
    .add_name = plain_name,
    .add_place = plain_place,
};

/* -- self: a tuple of function and arguments -------------------- */

void al_bundle_add_name(const void *bundle, al_text *out)
{
    al_qualname(((const al_tuple *)bundle)->items[0], out);
}

void al_bundle_add_place(const void *bundle, al_text *out)
{
    add_place(((const al_tuple *)bundle)->items[0], out);
}

static bool call_bundle(al_loop *loop, void *self)
{
    const al_tuple *t = self;
    al_args args = {.items = t->items + 1, .count = t->count - 1};
    al_vm *vm = vm_of(t->items[0]);

    (void)loop;
    return succeeded(al_call_value(vm, t->items[0], &args));
}

static void bundle_args(const void *self, bool is_short, al_text *out)
{
    const al_tuple *t = self;

    for (size_t i = 1; i < t->count; i++) {
        if (i > 1)
            al_text_add(out, ", ");
        al_add_argument(t->items[i], is_short, out);
    }
}

static const al_callable bundle_callable = {
    .name = "function",
    .call = call_bundle,
    .release = al_unref,
    .add_name = al_bundle_add_name,
    .add_args = bundle_args,
    .add_place = al_bundle_add_place,
};

/* -- making them -------------------------------------------------------- */

static bool is_plain(al_value function)
{
    return al_is(function, &al_function_type) || al_bound_peek(function);
}

al_callback al_callback_take(al_tuple *bundle)
{
    return (al_callback){&bundle_callable, bundle};
}

al_callback al_callback_make(al_value function, const al_value *args,
                             size_t count)
{
    al_tuple *bundle;

    if (count == 0 && is_plain(function))
        return (al_callback){&plain_callable, al_ref(function.as.object)};
    bundle = al_tuple_alloc(count + 1);
    bundle->items[0] = al_value_dup(function);
    for (size_t i = 0; i < count; i++)
        bundle->items[i + 1] = al_value_dup(args[i]);
    return al_callback_take(bundle);
}

bool al_is_coroutine_callback(al_value function)
{
    return al_coroutine_peek(function) || is_async(function);
}

al_value al_callback_function(al_callback callback)
{
    return callback.callable == &bundle_callable
               ? ((const al_tuple *)callback.self)->items[0]
               : as_value(callback.self);
}

bool al_callbacks_equal(al_callback a, al_callback b)
{
    if (a.callable != b.callable || !a.callable)
        return a.callable == b.callable;
    if (a.callable == &bundle_callable || a.callable == &plain_callable)
        return al_value_equal(as_value(a.self), as_value(b.self));
    return a.self == b.self;
}
