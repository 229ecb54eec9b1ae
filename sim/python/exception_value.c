/* exception_value.c - exceptions as the script sees them. */
#include "sim/python/exception_value.h"

#include <stdarg.h>
#include "sim/machine/machine.h"

const al_exception_class *al_exception_class_peek(al_value value)
{
    return al_is(value, &al_exception_class_type)
               ? (const al_exception_class *)value.as.object : NULL;
}

al_exception *al_exception_peek(al_value value)
{
    return al_is(value, &al_exception_type) ? (al_exception *)value.as.object
                                            : NULL;
}

al_value al_fail_with(const al_exception_class *cls, const char *format, ...)
{
    al_text text = {0};
    al_value message;
    va_list args;

    va_start(args, format);
    al_text_add_vformat(&text, format, args);
    va_end(args);
    message = al_str_from_text(&text);
    al_text_release(&text);
    al_raise_value(cls, message);
    al_value_release(message);
    return al_no_value();
}

al_value al_raise_value(const al_exception_class *cls, al_value argument)
{
    al_raise_take(al_exception_new(cls, &argument, 1));
    return al_no_value();
}

/* -- context ------------------------------------------------------------ */

/* Take `e` out of the chain that begins at `from`.  The chain may run in a
 * circle made earlier, which the slower walker is the one to notice. */
static void cut_out(al_vm *vm, al_exception *from, const al_exception *e)
{
    const al_exception *slow = from;
    size_t length = 0;

    for (al_exception *o = from; o->context; o = o->context) {
        if (o->context == e) {
            al_exception_take_context(o, NULL);
            break;
        }
        if (length++ & 1)
            slow = slow->context;
        if (o->context == slow)
            break;
    }
    al_vm_charge(vm, length);
}

/* As PyErr_SetObject: what is being handled becomes the context, but never
 * so that the chain forms a cycle.  An exception that only passes through,
 * from a script called by C, has its context already. */
static void chain(al_vm *vm, al_exception *handled, al_exception *e)
{
    if (!handled || handled == e)
        return;
    cut_out(vm, handled, e);
    al_exception_take_context(e, al_ref(handled));
}

void al_vm_chain_context(al_vm *vm, al_exception *e)
{
    if (vm->keeper.passing != e->serial)
        chain(vm, al_frame_peek_handled(vm->frame), e);
}

void al_vm_chain_thrown(al_vm *vm, const al_frame *frame, al_exception *e)
{
    chain(vm, al_frame_peek_own_handled(frame), e);
    vm->keeper.passing = e->serial;
}

/* -- attributes --------------------------------------------------------- */

static al_value or_none(void *object)
{
    return object ? al_take(al_ref(object)) : al_none();
}

static al_value get_args(al_vm *vm, al_value self)
{
    (void)vm;
    return or_none(al_exception_peek(self)->args);
}

static al_value get_cause(al_vm *vm, al_value self)
{
    (void)vm;
    return or_none(al_exception_peek(self)->cause);
}

static al_value get_context(al_vm *vm, al_value self)
{
    (void)vm;
    return or_none(al_exception_peek(self)->context);
}

static al_value get_suppress_context(al_vm *vm, al_value self)
{
    (void)vm;
    return al_bool(al_exception_peek(self)->suppress_context);
}

static al_value get_notes(al_vm *vm, al_value self)
{
    al_value notes = al_exception_peek(self)->notes;

    (void)vm;
    return notes.tag == AL_ABSENT ? al_no_attribute(self, "__notes__")
                                  : al_value_dup(notes);
}

/* The attribute of a class and those derived from it: an argument, where
 * there are that many. */
static al_value get_argument(al_value self, const al_exception_class *cls,
                             const char *name, size_t index, size_t least,
                             size_t most)
{
    const al_exception *e = al_exception_peek(self);

    if (!al_exception_is(e, cls))
        return al_no_attribute(self, name);
    if (e->args->count < least || e->args->count > most)
        return al_none();
    return al_value_dup(e->args->items[index]);
}

static al_value get_value(al_vm *vm, al_value self)
{
    (void)vm;
    return get_argument(self, &al_StopIteration, "value", 0, 1, SIZE_MAX);
}

static al_value get_code(al_vm *vm, al_value self)
{
    (void)vm;
    if (al_exception_is(al_exception_peek(self), &al_SystemExit) &&
        al_exception_peek(self)->args->count > 1)
        return or_none(al_exception_peek(self)->args);
    return get_argument(self, &al_SystemExit, "code", 0, 1, 1);
}

static al_value get_errno(al_vm *vm, al_value self)
{
    (void)vm;
    return get_argument(self, &al_OSError, "errno", 0, 2, 5);
}

static al_value get_strerror(al_vm *vm, al_value self)
{
    (void)vm;
    return get_argument(self, &al_OSError, "strerror", 1, 2, 5);
}

static al_value get_detail(al_value self, const al_exception_class *cls,
                           const char *name, int index)
{
    const al_exception *e = al_exception_peek(self);

    if (!al_exception_is(e, cls))
        return al_no_attribute(self, name);
    return e->details[index].tag == AL_ABSENT
               ? al_none() : al_value_dup(e->details[index]);
}

static al_value get_filename(al_vm *vm, al_value self)
{
    (void)vm;
    return get_detail(self, &al_OSError, "filename", 0);
}

static al_value get_filename2(al_vm *vm, al_value self)
{
    (void)vm;
    return get_detail(self, &al_OSError, "filename2", 1);
}

static const al_exception_class *about_a_name(al_value self)
{
    return al_exception_is(al_exception_peek(self), &al_NameError)
               ? &al_NameError : &al_AttributeError;
}

static al_value get_name(al_vm *vm, al_value self)
{
    (void)vm;
    return get_detail(self, about_a_name(self), "name", 0);
}

static al_value get_obj(al_vm *vm, al_value self)
{
    (void)vm;
    return get_detail(self, &al_AttributeError, "obj", 1);
}

static al_value get_message(al_vm *vm, al_value self)
{
    (void)vm;
    return get_argument(self, &al_BaseExceptionGroup, "message", 0, 2, 2);
}

static al_value get_exceptions(al_vm *vm, al_value self)
{
    (void)vm;
    return get_detail(self, &al_BaseExceptionGroup, "exceptions", 0);
}

static const al_getter getters[] = {
    {"args", get_args},
    {"__cause__", get_cause},
    {"__context__", get_context},
    {"__suppress_context__", get_suppress_context},
    {"__notes__", get_notes},
    {"value", get_value},
    {"code", get_code},
    {"errno", get_errno},
    {"strerror", get_strerror},
    {"filename", get_filename},
    {"filename2", get_filename2},
    {"name", get_name},
    {"obj", get_obj},
    {"message", get_message},
    {"exceptions", get_exceptions},
    {0},
};

/* None or an exception, owned; false: raised. */
static bool chained(al_value value, const char *what, al_exception **e)
{
    *e = al_exception_peek(value);
    if (!*e && value.tag != AL_NONE)
        return al_raise(&al_TypeError, "exception %s must be None or derive "
                        "from BaseException", what);
    *e = al_ref(*e);
    return true;
}

static bool set_cause(al_value self, al_value value)
{
    al_exception *cause;

    if (!chained(value, "cause", &cause))
        return false;
    al_exception_take_cause(al_exception_peek(self), cause);
    al_exception_peek(self)->suppress_context = true;
    return true;
}

static bool set_context(al_value self, al_value value)
{
    al_exception *context;

    if (!chained(value, "context", &context))
        return false;
    al_exception_take_context(al_exception_peek(self), context);
    return true;
}

static bool set_suppress_context(al_value self, al_value value)
{
    if (value.tag != AL_BOOL)
        return al_raise(&al_TypeError, "attribute value type must be bool");
    al_exception_peek(self)->suppress_context = al_value_truth(value);
    return true;
}

static const al_setter setters[] = {
    {"__cause__", set_cause},
    {"__context__", set_context},
    {"__suppress_context__", set_suppress_context},
    {0},
};

static al_value add_note(al_call *call)
{
    al_exception *e = al_exception_peek(call->self);

    if (!al_str_peek(call->slots[0]))
        return al_fail_with(&al_TypeError,
                            "add_note() argument must be str, not %s",
                            al_type_name(call->slots[0]));
    if (e->notes.tag == AL_ABSENT)
        e->notes = al_take(al_list_new(call->vm, NULL, 0));
    al_list_append(call->vm, al_list_peek(e->notes), call->slots[0]);
    return al_none();
}

static const al_method methods[] = {
    {.name = "add_note", .qualname = "BaseException.add_note",
     .call = add_note, .min = 1, .max = 1},
    {.name = "split", .qualname = "BaseExceptionGroup.split",
     .call = al_group_split, .min = 1, .max = 1},
    {.name = "subgroup", .qualname = "BaseExceptionGroup.subgroup",
     .call = al_group_subgroup, .min = 1, .max = 1},
    {.name = "derive", .qualname = "BaseExceptionGroup.derive",
     .call = al_group_derive, .min = 1, .max = 1},
    {0},
};

const al_class al_exception_base_class = {
    .head = AL_CLASS_HEAD,
    .name = "BaseException",
    .tag = AL_OBJECT,
    .type = &al_exception_type,
    .methods = methods,
    .getters = getters,
    .setters = setters,
};

al_exception *al_exception_instance(al_vm *vm, al_value value,
                                    const char *what)
{
    const al_exception_class *cls = al_exception_class_peek(value);
    al_args none = {0};
    al_value made;

    if (al_exception_peek(value))
        return al_ref(value.as.object);
    if (cls) {
        made = al_exception_make(vm, cls, &none);
        return made.tag == AL_ABSENT ? NULL
                                     : (al_exception *)made.as.object;
    }
    al_raise(&al_TypeError, "%s", what);
    return NULL;
}

/* PyErr_NormalizeException: a value of that class stands for itself, a tuple
 * for the arguments. */
static al_exception *normalize(al_vm *vm, const al_exception_class *cls,
                               al_value value)
{
    const al_tuple *several = al_is(value, &al_tuple_type)
                                  ? (const al_tuple *)value.as.object : NULL;
    const al_args args = {
        .items = several ? several->items : &value,
        .count = several ? several->count : 1,
    };
    al_value made;

    if (al_exception_peek(value) &&
        al_exception_is(al_exception_peek(value), cls))
        return al_ref(al_exception_peek(value));
    made = al_exception_make(vm, cls, &args);
    return made.tag == AL_ABSENT ? NULL : (al_exception *)made.as.object;
}

static bool is_given(al_value value)
{
    return value.tag != AL_ABSENT && value.tag != AL_NONE;
}

al_exception *al_exception_to_throw(al_vm *vm, const al_value given[3])
{
    const al_exception_class *cls = al_exception_class_peek(given[0]);

    if (is_given(given[2]))
        al_raise(&al_TypeError,
                 "throw() third argument must be a traceback object");
    else if (cls && is_given(given[1]))
        return normalize(vm, cls, given[1]);
    else if (al_exception_peek(given[0]) && is_given(given[1]))
        al_raise(&al_TypeError,
                 "instance exception may not have a separate value");
    else if (cls || al_exception_peek(given[0]))
        return al_exception_instance(vm, given[0], NULL);
    else
        al_raise(&al_TypeError, "exceptions must be classes or instances "
                 "deriving from BaseException, not %s",
                 al_type_name(given[0]));
    return NULL;
}
