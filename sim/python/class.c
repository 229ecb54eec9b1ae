/* class.c - builtin classes, and attributes. */
#include "sim/python/class.h"

#include <string.h>
#include "loop/core/handle.h"
#include "sim/machine/machine.h"

static void class_free(al_object *self)
{
    (void)self; /* static */
}

static void class_repr(const al_object *self, al_text *out)
{
    const al_class *cls = (const al_class *)self;

    al_text_add_format(out, "<class '%s%s'>", cls->module ? cls->module : "",
                       cls->name);
}

const al_type al_class_type = {
    .name = "type",
    .free = class_free,
    .repr = class_repr,
};

static const al_class none_class, slice_class, function_class, builtin_class,
    bound_class, library_class, exception_type_class, descriptor_class;

static const al_class *const classes[] = {
    &al_str_class, &al_list_class, &al_tuple_class, &al_dict_class,
    &al_range_class, &slice_class, &function_class, &builtin_class,
    &bound_class, &library_class, &al_enumerate_class,
    &al_zip_class, &al_reversed_class,
    &al_type_class, &exception_type_class, &al_loop_class,
    &al_handle_class, &al_timer_handle_class, &al_threadsafe_handle_class,
    &al_context_var_class, &al_context_class, &al_token_class, &al_fd_class,
    &al_dict_keys_class, &al_dict_values_class, &al_dict_items_class,
    &al_missing_class, &descriptor_class,
    &al_future_class, &al_gathering_future_class, &al_task_class,
    &al_coroutine_class,
    &al_set_class, &al_timeout_class, &al_task_group_class,
    &al_as_completed_class, &al_runner_class,
    &al_call_graph_class, &al_call_entry_class, &al_graph_frame_class,
    &al_frame_code_class,
    &al_generator_class, &al_async_generator_class, &al_future_iterator_class,
    &al_executor_class, &al_concurrent_class,
    &al_lock_class, &al_sync_event_class, &al_condition_class,
    &al_semaphore_class, &al_bounded_semaphore_class, &al_barrier_class,
    &al_queue_class, &al_lifo_queue_class, &al_priority_queue_class,
};

static const al_class *find_class(const al_type *type)
{
    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++) {
        if (classes[i]->type == type)
            return classes[i];
    }
    for (size_t i = 0; i < al_iterator_class_count; i++) {
        if (al_iterator_classes[i].type == type)
            return &al_iterator_classes[i];
    }
    return NULL;
}

/* What was found last is kept, in a place that the type's address tells. */
static const al_class *class_of_type(const al_type *type)
{
    enum { PLACES = 32 };
    static _Thread_local struct {
        const al_type *type;
        const al_class *cls;
    } found[PLACES];
    size_t at = (uintptr_t)type / sizeof *type % PLACES;

    if (found[at].type != type) {
        found[at].type = type;
        found[at].cls = find_class(type);
    }
    return found[at].cls;
}

const al_class *al_members_of(al_value value)
{
    switch (value.tag) {
    case AL_ABSENT:
    case AL_NONE:
        return &none_class;
    case AL_BOOL:
        return &al_bool_class;
    case AL_INT:
        return &al_int_class;
    case AL_FLOAT:
        return &al_float_class;
    case AL_OBJECT:
        break;
    }
    if (al_exception_peek(value))
        return &al_exception_base_class;
    return class_of_type(value.as.object->type);
}

bool al_is_instance(al_value value, const al_class *cls)
{
    if (cls == &al_int_class && value.tag == AL_BOOL)
        return true;
    if (cls == &al_future_class && al_future_peek(value))
        return true;
    return al_members_of(value) == cls ||
           al_class_peek(al_class_of(value)) == cls;
}

al_value al_class_of(al_value value)
{
    const al_class *cls = al_members_of(value);

    if (al_exception_peek(value))
        return al_take((void *)al_exception_peek(value)->cls);
    if (cls == &exception_type_class || !cls)
        cls = &al_type_class;
    return al_take((void *)cls);
}

const al_class *al_class_peek(al_value value)
{
    return al_is(value, &al_class_type) ? (const al_class *)value.as.object
                                        : NULL;
}

const char *al_type_name(al_value value)
{
    const al_exception *e = al_exception_peek(value);

    if (e)
        return e->cls->name;
    return al_value_full_type_name(value);
}

/* -- attributes --------------------------------------------------------- */

/* Stands in a name's cache for the type of what is no object. */
static const al_type *type_key(al_value value)
{
    static const al_type keys[AL_OBJECT];

    return value.tag == AL_OBJECT ? value.as.object->type : &keys[value.tag];
}

static const al_method *find_method(const al_class *cls, const char *name)
{
    const al_method *method = cls ? cls->methods : NULL;

    for (; method && method->name; method++) {
        if (strcmp(method->name, name) == 0)
            return method;
    }
    return NULL;
}

const al_method *al_attribute_find_method(al_value object, al_name *name)
{
    const al_type *type = type_key(object);

    if (name->type != type) {
        name->type = type;
        name->method = find_method(al_members_of(object), name->text);
    }
    return name->method;
}

static const al_getter *find_getter(const al_class *cls, const char *name)
{
    const al_getter *getter = cls ? cls->getters : NULL;

    for (; getter && getter->name; getter++) {
        if (strcmp(getter->name, name) == 0)
            return getter;
    }
    return NULL;
}

al_value al_no_attribute(al_value object, const char *name)
{
    const al_exception_class *exception = al_exception_class_peek(object);
    const al_class *cls = al_class_peek(object);

    if (!exception && !cls) {
        al_raise_no_attribute(object, name);
        return al_no_value();
    }
    al_raise(&al_AttributeError, "type object '%s' has no attribute '%s'",
             exception ? exception->name : cls->name, name);
    al_exception_set_name(al_peek_raised(), name, object);
    return al_no_value();
}

/* The class that methods of the instances of a class stand in. */
static const al_class *owner_of(al_value cls)
{
    if (al_exception_class_peek(cls))
        return &al_exception_base_class;
    return al_class_peek(cls) == &al_bool_class ? &al_int_class
                                                : al_class_peek(cls);
}

al_value al_attribute_get(al_vm *vm, al_value object, al_name *name)
{
    const al_method *method = al_attribute_find_method(object, name);
    const al_getter *getter;

    if (method)
        return al_bound_new(vm, method, object);
    getter = find_getter(al_members_of(object), name->text);
    if (getter)
        return getter->get(vm, object);
    method = find_method(owner_of(object), name->text);
    if (method)
        return al_descriptor_new(owner_of(object), method);
    return al_no_attribute(object, name->text);
}

bool al_attribute_set(al_value object, const char *name, al_value value)
{
    const al_class *cls = al_members_of(object);
    const al_setter *setter = cls ? cls->setters : NULL;

    for (; setter && setter->name; setter++) {
        if (strcmp(setter->name, name) == 0)
            return setter->set(object, value);
    }
    al_raise(&al_AttributeError,
             "'%s' object has no attribute '%s' and no __dict__ for setting "
             "new attributes", al_type_name(object), name);
    al_exception_set_name(al_peek_raised(), name, object);
    return false;
}

/* -- classes that have no file of their own ----------------------------- */

static al_value get_name(al_vm *vm, al_value self)
{
    const al_exception_class *exception = al_exception_class_peek(self);

    (void)vm;
    return al_str_new(exception ? exception->name : al_class_peek(self)->name);
}

static al_value get_qualname(al_vm *vm, al_value self)
{
    al_text text = {0};

    al_qualname(self, &text);
    return al_str_take(vm, &text);
}

static al_value get_callable_name(al_vm *vm, al_value self)
{
    al_text text = {0};
    al_value name;

    (void)vm;
    al_qualname(self, &text);
    name = al_str_new(al_last_name(al_text_peek(&text)));
    al_text_release(&text);
    return name;
}

static al_value get_self(al_vm *vm, al_value self)
{
    al_value object = ((const al_bound *)self.as.object)->self;

    (void)vm;
    return object.tag == AL_ABSENT ? al_none() : al_value_dup(object);
}

static const al_getter class_getters[] = {
    {"__name__", get_name}, {"__qualname__", get_name}, {0},
};

static const al_getter function_getters[] = {
    {"__name__", get_callable_name}, {"__qualname__", get_qualname}, {0},
};

static const al_getter bound_getters[] = {
    {"__name__", get_callable_name}, {"__qualname__", get_qualname},
    {"__self__", get_self}, {0},
};

static al_value construct_type(al_call *call)
{
    if (call->count != 1)
        return al_fail_with(&al_TypeError, "type() takes 1 or 3 arguments");
    return al_class_of(call->items[0]);
}

static const al_method type_constructor = {
    .name = "type",
    .qualname = "type",
    .call = construct_type,
    .max = -1,
};

const al_class al_type_class = {
    .head = AL_CLASS_HEAD,
    .name = "type",
    .tag = AL_OBJECT,
    .type = &al_class_type,
    .constructor = &type_constructor,
    .getters = class_getters,
};

static const al_class exception_type_class = {
    .head = AL_CLASS_HEAD,
    .name = "type",
    .tag = AL_OBJECT,
    .type = &al_exception_class_type,
    .constructor = &type_constructor,
    .getters = class_getters,
};

static const al_class function_class = {
    .head = AL_CLASS_HEAD,
    .name = "function",
    .tag = AL_OBJECT,
    .type = &al_function_type,
    .getters = function_getters,
};

static const al_class builtin_class = {
    .head = AL_CLASS_HEAD,
    .name = "builtin_function_or_method",
    .tag = AL_OBJECT,
    .type = &al_builtin_type,
    .getters = bound_getters,
};

static const al_class bound_class = {
    .head = AL_CLASS_HEAD,
    .name = "method",
    .tag = AL_OBJECT,
    .type = &al_method_type,
    .getters = bound_getters,
};

static const al_class library_class = {
    .head = AL_CLASS_HEAD,
    .name = "function",
    .tag = AL_OBJECT,
    .type = &al_library_type,
    .getters = function_getters,
};

static const al_class descriptor_class = {
    .head = AL_CLASS_HEAD,
    .name = "method_descriptor",
    .tag = AL_OBJECT,
    .type = &al_descriptor_type,
    .getters = function_getters,
};

static const al_class slice_class = {
    .head = AL_CLASS_HEAD,
    .name = "slice",
    .tag = AL_OBJECT,
    .type = &al_slice_type,
};

static al_value construct_none(al_call *call)
{
    (void)call;
    return al_none();
}

static const al_method none_constructor = {
    .name = "NoneType",
    .qualname = "NoneType",
    .call = construct_none,
    .max = 0,
};

static const al_class none_class = {
    .head = AL_CLASS_HEAD,
    .name = "NoneType",
    .tag = AL_NONE,
    .constructor = &none_constructor,
};

bool al_has_method(al_value object, const char *name)
{
    al_name lookup = {.text = name};

    return al_attribute_find_method(object, &lookup) != NULL;
}
