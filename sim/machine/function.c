/* function.c - see function.h. */
#include "sim/machine/function.h"

#include "loop/base/hash.h"
#include "sim/machine/machine.h"

static void function_free(al_object *self)
{
    al_free(self);
}

static void function_repr(const al_object *self, al_text *out)
{
    const al_function_value *f = (const al_function_value *)self;

    al_text_add_format(out, "<function %s>", f->code->name);
}

const al_type al_function_type = {
    .name = "function",
    .free = function_free,
    .repr = function_repr,
};

al_value al_function_new(al_vm *vm, al_code *code)
{
    al_function_value *f = al_alloc(sizeof *f);

    al_object_init(&f->head, &al_function_type);
    f->vm = vm;
    f->code = code;
    return al_take(f);
}

static void bound_free(al_object *self)
{
    al_bound *bound = (al_bound *)self;

    al_value_release(bound->self);
    al_free(bound);
}

static void builtin_repr(const al_object *self, al_text *out)
{
    const al_bound *bound = (const al_bound *)self;

    if (bound->self.tag == AL_ABSENT)
        al_text_add_format(out, "<built-in function %s>", bound->method->name);
    else
        al_text_add_format(out, "<built-in method %s of %s object>",
                           bound->method->name, al_type_name(bound->self));
}

static void method_repr(const al_object *self, al_text *out)
{
    const al_bound *bound = (const al_bound *)self;

    al_text_add_format(out, "<bound method %s of ", bound->method->qualname);
    al_value_repr(bound->self, out);
    al_text_add_char(out, '>');
}

/* A bound method equals another of the same object. */
static bool bound_equal(const al_object *self, const al_object *other)
{
    const al_bound *a = (const al_bound *)self;
    const al_bound *b = (const al_bound *)other;

    return a->method == b->method && al_value_same(a->self, b->self);
}

static uint64_t bound_hash(const al_object *self)
{
    const al_bound *bound = (const al_bound *)self;

    return (uint64_t)(uintptr_t)bound->method * AL_HASH_FACTOR;
}

const al_type al_builtin_type = {
    .name = "builtin_function_or_method",
    .free = bound_free,
    .repr = builtin_repr,
    .equal = bound_equal,
    .hash = bound_hash,
};

/* A method of a class that CPython writes in Python. */
const al_type al_method_type = {
    .name = "method",
    .free = bound_free,
    .repr = method_repr,
    .equal = bound_equal,
    .hash = bound_hash,
};

static void library_repr(const al_object *self, al_text *out)
{
    al_text_add_format(out, "<function %s>",
                       ((const al_bound *)self)->method->qualname);
}

/* A function of asyncio's that CPython writes in Python. */
const al_type al_library_type = {
    .name = "function",
    .free = bound_free,
    .repr = library_repr,
    .equal = bound_equal,
    .hash = bound_hash,
};

al_value al_bound_new(al_vm *vm, const al_method *method, al_value self)
{
    al_bound *bound = al_alloc(sizeof *bound);

    al_object_init(&bound->head,
                   method->arity == AL_ARITY_PYTHON     ? &al_method_type
                   : method->arity == AL_ARITY_FUNCTION ? &al_library_type
                                                        : &al_builtin_type);
    bound->vm = vm;
    bound->method = method;
    bound->self = al_value_dup(self);
    return al_take(bound);
}

bool al_is_callable(al_value value)
{
    return al_is(value, &al_function_type) || al_bound_peek(value) ||
           al_descriptor_peek(value) || al_class_peek(value) ||
           al_exception_class_peek(value);
}

void al_qualname(al_value callable, al_text *out)
{
    const al_exception_class *cls = al_exception_class_peek(callable);

    if (al_is(callable, &al_function_type))
        al_text_add(out, ((const al_function_value *)callable.as.object)
                             ->code->name);
    else if (al_bound_peek(callable))
        al_text_add(out, al_bound_peek(callable)->method->qualname);
    else if (al_descriptor_peek(callable))
        al_text_add(out, al_descriptor_peek(callable)->qualname);
    else if (al_class_peek(callable))
        al_text_add(out, al_class_peek(callable)->name);
    else if (cls)
        al_text_add(out, cls->name);
    else
        al_value_repr(callable, out);
}
