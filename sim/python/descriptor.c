/* descriptor.c - methods as their class has them: str.upper, list.append. */
#include "sim/python/descriptor.h"

#include "loop/base/hash.h"
#include "sim/machine/machine.h"

typedef struct descriptor {
    al_object head;
    const al_method *method;
    const al_class *owner;
} descriptor;

static void descriptor_free(al_object *self)
{
    al_free(self);
}

static void descriptor_repr(const al_object *self, al_text *out)
{
    const descriptor *d = (const descriptor *)self;

    al_text_add_format(out, "<method '%s' of '%s' objects>", d->method->name,
                       d->owner->name);
}

static bool descriptor_equal(const al_object *self, const al_object *other)
{
    return ((const descriptor *)self)->method ==
           ((const descriptor *)other)->method;
}

static uint64_t descriptor_hash(const al_object *self)
{
    const descriptor *d = (const descriptor *)self;

    return (uint64_t)(uintptr_t)d->method * AL_HASH_FACTOR;
}

const al_type al_descriptor_type = {
    .name = "method_descriptor",
    .free = descriptor_free,
    .repr = descriptor_repr,
    .equal = descriptor_equal,
    .hash = descriptor_hash,
};

al_value al_descriptor_new(const al_class *owner, const al_method *method)
{
    descriptor *d = al_alloc(sizeof *d);

    al_object_init(&d->head, &al_descriptor_type);
    d->method = method;
    d->owner = owner;
    return al_take(d);
}

const al_method *al_descriptor_peek(al_value value)
{
    return al_is(value, &al_descriptor_type)
               ? ((const descriptor *)value.as.object)->method : NULL;
}

al_value al_descriptor_call(al_vm *vm, al_value function, const al_args *args)
{
    const descriptor *d = (const descriptor *)function.as.object;
    al_args rest = *args;

    if (args->count == 0)
        return al_fail_with(&al_TypeError,
                            "unbound method %s() needs an argument",
                            d->method->qualname);
    if (!al_is_instance(args->items[0], d->owner))
        return al_fail_with(&al_TypeError, "descriptor '%s' for '%s' objects "
                            "doesn't apply to a '%s' object", d->method->name,
                            d->owner->name, al_type_name(args->items[0]));
    rest.items++;
    rest.count--;
    return al_call_method(vm, d->method, args->items[0], &rest);
}
