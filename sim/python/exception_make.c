/* exception_make.c - an exception class is called: BaseException.__new__ and
 * __init__, and those classes that have their own. */
#include "sim/python/exception_make.h"

#include "loop/object/os_error.h"
#include "sim/machine/machine.h"

static al_value plain(const al_exception_class *cls, const al_args *args)
{
    return al_take(al_exception_new(cls, args->items, args->count));
}

/* -- OSError ------------------------------------------------------------ */

/* (errno, strerror, filename, winerror, filename2): the class is by errno,
 * and what names files is no part of args. */
static al_value os_error(const al_exception_class *cls, const al_args *args)
{
    const al_value *items = args->items;
    bool has_errno = args->count >= 2 && args->count <= 5;
    bool has_file = has_errno && args->count > 2 && items[2].tag != AL_NONE;
    al_exception *e;

    if (has_errno && cls == &al_OSError && al_is_whole(items[0]))
        cls = al_os_error_class(al_whole(items[0]));
    if (cls == &al_BlockingIOError && has_file && al_is_number(items[2]))
        has_file = false; /* characters_written */
    e = al_exception_new(cls, items, has_file ? 2 : args->count);
    if (has_file)
        e->details[0] = al_value_dup(items[2]);
    if (has_file && args->count == 5 && items[4].tag != AL_NONE)
        e->details[1] = al_value_dup(items[4]);
    return al_take(e);
}

/* -- exception groups --------------------------------------------------- */

static bool check_group(const al_args *args)
{
    const char *const name = "BaseExceptionGroup.__new__()";
    al_value message = args->count ? args->items[0] : al_none();

    if (args->count != 2)
        return al_raise(&al_TypeError,
                        "%s takes exactly 2 arguments (%zu given)", name,
                        args->count);
    if (!al_str_peek(message))
        return al_raise(&al_TypeError, "%s argument 1 must be str, not %s",
                        name, message.tag == AL_NONE ? "None"
                                                     : al_type_name(message));
    return al_is_sequence(args->items[1]) || al_range_peek(args->items[1]) ||
           al_raise(&al_TypeError,
                    "second argument (exceptions) must be a sequence");
}

/* Is each an Exception, not just a BaseException?  -1: raised. */
static int are_plain(const al_list *exceptions)
{
    bool all = true;

    if (exceptions->count == 0) {
        al_raise(&al_ValueError, "second argument (exceptions) must be a "
                 "non-empty sequence");
        return -1;
    }
    for (size_t i = 0; i < exceptions->count; i++) {
        const al_exception *e = al_exception_peek(exceptions->items[i]);

        if (!e) {
            al_raise(&al_ValueError, "Item %zu of second argument "
                     "(exceptions) is not an exception", i);
            return -1;
        }
        all = all && al_exception_is(e, &al_Exception);
    }
    return all;
}

static al_value group_of(const al_exception_class *cls, const al_args *args,
                         const al_list *exceptions)
{
    int plain_ones = are_plain(exceptions);
    al_exception *e;

    if (plain_ones < 0)
        return al_no_value();
    if (plain_ones)
        cls = &al_ExceptionGroup;
    else if (cls == &al_ExceptionGroup)
        return al_fail_with(&al_TypeError, "Cannot nest BaseExceptions in an "
                            "ExceptionGroup");
    e = al_exception_new(cls, args->items, args->count);
    e->details[0] =
        al_take(al_tuple_new(exceptions->items, exceptions->count));
    return al_take(e);
}

static al_value group(al_vm *vm, const al_exception_class *cls,
                      const al_args *args)
{
    al_list *exceptions;
    al_value made = al_no_value();

    if (!check_group(args))
        return made;
    exceptions = al_list_from(vm, args->items[1]);
    if (exceptions)
        made = group_of(cls, args, exceptions);
    al_unref(exceptions);
    return made;
}

/* -- any ---------------------------------------------------------------- */

al_value al_exception_make(al_vm *vm, const al_exception_class *cls,
                           const al_args *args)
{
    bool is_group = al_exception_class_is(cls, &al_BaseExceptionGroup);

    if (args->keyword_count && !(is_group && args->count != 2))
        return al_fail_with(&al_TypeError, "%s() takes no keyword arguments",
                            cls->name);
    if (is_group)
        return group(vm, cls, args);
    if (al_exception_class_is(cls, &al_OSError))
        return os_error(cls, args);
    return plain(cls, args);
}
