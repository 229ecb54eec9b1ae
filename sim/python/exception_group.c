/* exception_group.c - exception groups for scripts: except*, and the methods
 * of groups. */
#include "loop/object/exception_group.h"
#include "sim/machine/machine.h"

/* -- except* -------------------------------------------------------------- */

static bool may_catch_class(al_value type)
{
    const al_exception_class *cls = al_exception_class_peek(type);

    if (!cls)
        return al_raise(&al_TypeError, "catching classes that do not inherit "
                        "from BaseException is not allowed");
    return !al_exception_class_is(cls, &al_BaseExceptionGroup) ||
           al_raise(&al_TypeError, "catching ExceptionGroup with except* is "
                    "not allowed. Use except instead.");
}

static bool may_catch(al_value type)
{
    const al_tuple *types = (const al_tuple *)type.as.object;

    if (!al_is(type, &al_tuple_type))
        return may_catch_class(type);
    for (size_t i = 0; i < types->count; i++) {
        if (!may_catch_class(types->items[i]))
            return false;
    }
    return true;
}

typedef struct condition {
    al_vm *vm;
    al_value value; /* a class, a tuple of them, or a function */
} condition;

static int is_of_type(void *self, const al_exception *e)
{
    const condition *c = self;

    return al_exception_matches(c->vm, e, c->value);
}

static al_value or_none(al_exception *e)
{
    return e ? al_take(e) : al_none();
}

/* One that is no group is caught as one, whose args have it in a tuple. */
static al_value wrap(al_exception *e)
{
    al_value message = al_str_new("");
    al_exception *group = al_exception_group_new(message, &e, 1);
    al_value *inside = &group->args->items[1];

    al_value_release(message);
    al_value_release(*inside);
    *inside = al_value_dup(group->details[0]);
    return al_take(group);
}

static al_value match_whole(al_exception *e)
{
    return al_exception_is_group(e) ? al_take(al_ref(e)) : wrap(e);
}

static al_value split_off(al_vm *vm, al_exception *e, al_value type,
                          al_value *rest)
{
    condition c = {vm, type};
    al_exception *match, *other;

    if (!al_exception_group_split(e, is_of_type, &c, &match, &other))
        return al_no_value();
    *rest = or_none(other);
    return or_none(match);
}

al_value al_star_match(al_vm *vm, al_value *rest, al_value type)
{
    al_exception *e = al_exception_peek(*rest);
    al_value before = *rest;
    al_value matched;

    if (!may_catch(type))
        return al_no_value();
    if (!e || (!al_exception_is_group(e) &&
               !al_exception_matches(vm, e, type)))
        return al_none();
    if (al_exception_matches(vm, e, type)) {
        *rest = al_none();
        matched = match_whole(e);
    } else {
        matched = split_off(vm, e, type, rest);
        if (matched.tag == AL_ABSENT)
            return matched;
    }
    al_value_release(before);
    return matched;
}

al_value al_star_end(al_vm *vm, al_value original, al_value raised,
                     al_value rest)
{
    al_list *list = al_list_peek(raised);
    al_exception **all;
    al_exception *result;

    if (rest.tag == AL_OBJECT && !al_list_append(vm, list, rest))
        return al_no_value();
    all = al_alloc_zero(list->count + 1, sizeof *all);
    for (size_t i = 0; i < list->count; i++)
        all[i] = al_exception_peek(list->items[i]);
    result = al_exception_group_merge(al_exception_peek(original), all,
                                      list->count);
    al_free(all);
    return or_none(result);
}

/* -- methods -------------------------------------------------------------- */

static int holds_for(void *self, const al_exception *e)
{
    const condition *c = self;
    al_value item = {.tag = AL_OBJECT, .as.object = (al_object *)&e->head};
    al_args args = {.items = &item, .count = 1};
    al_value result = al_call_value(c->vm, c->value, &args);
    bool is_true;

    if (result.tag == AL_ABSENT)
        return -1;
    is_true = al_value_truth(result);
    al_value_release(result);
    return al_peek_raised() ? -1 : is_true;
}

static bool is_type(al_value value)
{
    const al_tuple *types = (const al_tuple *)value.as.object;

    if (al_exception_class_peek(value))
        return true;
    if (!al_is(value, &al_tuple_type))
        return false;
    for (size_t i = 0; i < types->count; i++) {
        if (!al_exception_class_peek(types->items[i]))
            return false;
    }
    return true;
}

/* Of a group alone: other exceptions lack these methods. */
static al_exception *group_of(const al_call *call)
{
    al_exception *e = al_exception_peek(call->self);

    if (al_exception_is(e, &al_BaseExceptionGroup))
        return e;
    al_no_attribute(call->self, call->method->name);
    return NULL;
}

static bool split(al_call *call, al_exception **match, al_exception **rest)
{
    condition c = {call->vm, call->slots[0]};
    al_exception *group = group_of(call);
    bool by_type = is_type(c.value);

    if (!group)
        return false;
    if (!by_type &&
        (al_class_peek(c.value) || !al_is_callable(c.value)))
        return al_raise(&al_TypeError, "expected an exception type, a tuple "
                        "of exception types, or a callable (other than a "
                        "class)");
    return al_exception_group_split(group, by_type ? is_of_type : holds_for,
                                    &c, match, rest);
}

al_value al_group_split(al_call *call)
{
    al_exception *match, *rest;
    al_tuple *both;

    if (!split(call, &match, &rest))
        return al_no_value();
    both = al_tuple_alloc(2);
    both->items[0] = or_none(match);
    both->items[1] = or_none(rest);
    return al_take(both);
}

al_value al_group_subgroup(al_call *call)
{
    al_exception *match, *rest;

    if (!split(call, &match, &rest))
        return al_no_value();
    al_unref(rest);
    return or_none(match);
}

al_value al_group_derive(al_call *call)
{
    al_exception *group = group_of(call);
    al_value items[2] = {al_none(), call->slots[0]};
    al_args args = {.items = items, .count = 2};

    if (!group)
        return al_no_value();
    items[0] = group->args->items[0];
    return al_exception_make(call->vm, &al_BaseExceptionGroup, &args);
}
