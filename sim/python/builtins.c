/* builtins.c - len, sorted, isinstance, …: names known everywhere. */
#include "sim/python/builtins.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "sim/machine/machine.h"

/* -- small ones --------------------------------------------------------- */

static al_value builtin_len(al_call *call)
{
    return al_length(call->vm, call->slots[0]);
}

static al_value builtin_repr(al_call *call)
{
    al_text text = {0};

    if (al_add_repr(call->slots[0], &text))
        return al_str_take(call->vm, &text);
    al_text_release(&text);
    return al_no_value();
}

static al_value builtin_abs(al_call *call)
{
    al_value value = call->slots[0];

    if (value.tag == AL_FLOAT)
        return al_float(fabs(value.as.real));
    if (al_is_whole(value))
        return al_whole(value) < 0 ? al_unary(AL_OP_NEG, value)
                                   : al_int(al_whole(value));
    return al_fail_with(&al_TypeError, "bad operand type for abs(): '%s'",
                        al_type_name(value));
}

static al_value builtin_callable(al_call *call)
{
    return al_bool(al_is_callable(call->slots[0]));
}

static al_value builtin_divmod(al_call *call)
{
    al_value pair[2], tuple;

    if (!al_is_number(call->slots[0]) || !al_is_number(call->slots[1]))
        return al_fail_with(&al_TypeError, "unsupported operand type(s) for "
                            "divmod(): '%s' and '%s'",
                            al_type_name(call->slots[0]),
                            al_type_name(call->slots[1]));
    pair[0] = al_binary(call->vm, AL_OP_FLOORDIV, call->slots[0],
                        call->slots[1]);
    if (pair[0].tag == AL_ABSENT)
        return pair[0];
    pair[1] = al_binary(call->vm, AL_OP_MOD, call->slots[0], call->slots[1]);
    tuple = al_take(al_tuple_new(pair, 2));
    return tuple;
}

/* -- all, any, sum ------------------------------------------------------ */

/* Is there an item with that truth?  -1: raised. */
static int find_truth(al_call *call, bool wanted)
{
    al_value iterator = al_iter(call->vm, call->slots[0]);
    bool found = false;

    if (iterator.tag == AL_ABSENT)
        return -1;
    while (!found) {
        al_value item = al_iter_next(call->vm, iterator);

        if (item.tag == AL_ABSENT)
            break;
        found = al_value_truth(item) == wanted;
        al_value_release(item);
        if (!found && !al_vm_step(call->vm))
            break;
    }
    al_value_release(iterator);
    return al_peek_raised() ? -1 : found;
}

static al_value builtin_any(al_call *call)
{
    int found = find_truth(call, true);

    return found < 0 ? al_no_value() : al_bool(found);
}

static al_value builtin_all(al_call *call)
{
    int found = find_truth(call, false);

    return found < 0 ? al_no_value() : al_bool(!found);
}

/* Floats are summed with a running compensation (Neumaier), as CPython does
 * since 3.12: sum([0.1] * 10) is 1.0. */
typedef struct summation {
    al_value total;
    double sum, compensation;
    bool is_real; /* total is sum + compensation */
} summation;

static void add_real(summation *s, double item)
{
    double sum = s->sum + item;

    if (fabs(s->sum) >= fabs(item))
        s->compensation += (s->sum - sum) + item;
    else
        s->compensation += (item - sum) + s->sum;
    s->sum = sum;
}

static void settle(summation *s)
{
    if (!s->is_real)
        return;
    if (s->compensation != 0 && isfinite(s->compensation))
        s->sum += s->compensation;
    s->total = al_float(s->sum);
    s->is_real = false;
}

static bool add_item(al_vm *vm, summation *s, al_value item)
{
    al_value total;

    if (s->is_real && al_is_number(item)) {
        add_real(s, al_real(item));
        return true;
    }
    settle(s);
    total = al_binary(vm, AL_OP_ADD, s->total, item);
    al_value_release(s->total);
    s->total = total;
    if (total.tag == AL_FLOAT) {
        s->is_real = true;
        s->sum = total.as.real;
        s->compensation = 0;
    }
    return total.tag != AL_ABSENT;
}

static al_value builtin_iter(al_call *call)
{
    return al_iter(call->vm, call->slots[0]);
}

/* A generator's end, and a future's, is a StopIteration with what it returned,
 * which only its __next__() says. */
static al_value next_or_stop(al_call *call)
{
    const al_args none = {0};
    bool has_default = call->slots[1].tag != AL_ABSENT;
    al_value item;

    if (!al_is(call->slots[0], &al_generator_type) &&
        !al_is(call->slots[0], &al_future_iterator_type))
        return al_iter_next(call->vm, call->slots[0]);
    item = al_call_attribute(call->vm, call->slots[0], "__next__", &none);
    if (item.tag == AL_ABSENT && has_default &&
        al_exception_is(al_peek_raised(), &al_StopIteration))
        al_unref(al_fetch_raised());
    return item;
}

static al_value builtin_next(al_call *call)
{
    al_value item;

    if (!al_is_iterator(call->slots[0]))
        return al_fail_with(&al_TypeError, "'%s' object is not an iterator",
                            al_type_name(call->slots[0]));
    item = next_or_stop(call);
    if (item.tag != AL_ABSENT || al_peek_raised())
        return item;
    if (call->slots[1].tag != AL_ABSENT)
        return al_value_dup(call->slots[1]);
    al_raise_take(al_exception_new(&al_StopIteration, NULL, 0));
    return al_no_value();
}

static al_value builtin_sum(al_call *call)
{
    al_value iterator;
    summation s = {.total = al_int(0)};

    if (call->slots[1].tag != AL_ABSENT)
        s.total = call->slots[1];
    if (al_str_peek(s.total))
        return al_fail_with(&al_TypeError, "sum() can't sum strings [use "
                            "''.join(seq) instead]");
    iterator = al_iter(call->vm, call->slots[0]);
    if (iterator.tag == AL_ABSENT)
        return iterator;
    al_value_dup(s.total);
    if (s.total.tag == AL_FLOAT) {
        s.is_real = true;
        s.sum = s.total.as.real;
    }
    for (;;) {
        al_value item = al_iter_next(call->vm, iterator);
        bool ok;

        if (item.tag == AL_ABSENT)
            break;
        ok = add_item(call->vm, &s, item) && al_vm_step(call->vm);
        al_value_release(item);
        if (!ok)
            break;
    }
    al_value_release(iterator);
    settle(&s);
    if (!al_peek_raised())
        return s.total;
    al_value_release(s.total);
    return al_no_value();
}

/* -- min, max ----------------------------------------------------------- */

typedef struct extreme {
    al_vm *vm;
    al_operator op;
    al_value key, best, best_key;
} extreme;

static bool consider(extreme *e, al_value item)
{
    al_args args = {.items = &item, .count = 1};
    al_value key = e->key.tag == AL_ABSENT || e->key.tag == AL_NONE
                       ? al_value_dup(item)
                       : al_call_value(e->vm, e->key, &args);
    int better = 1;

    if (key.tag == AL_ABSENT)
        return false;
    if (e->best.tag != AL_ABSENT)
        better = al_less(e->vm, e->op, key, e->best_key);
    if (better > 0) {
        al_value_release(e->best);
        al_value_release(e->best_key);
        e->best = al_value_dup(item);
        e->best_key = key;
    } else {
        al_value_release(key);
    }
    return better >= 0 && al_vm_step(e->vm);
}

static void consider_iterable(extreme *e, al_value iterable)
{
    al_value iterator = al_iter(e->vm, iterable);
    bool ok = true;

    if (iterator.tag == AL_ABSENT)
        return;
    while (ok) {
        al_value item = al_iter_next(e->vm, iterator);

        if (item.tag == AL_ABSENT)
            break;
        ok = consider(e, item);
        al_value_release(item);
    }
    al_value_release(iterator);
}

static al_value find_extreme(al_call *call, al_operator op)
{
    extreme e = {.vm = call->vm, .op = op, .key = call->slots[0]};
    al_value otherwise = call->slots[1];
    const char *name = call->method->name;

    if (call->count > 1 && otherwise.tag != AL_ABSENT)
        return al_fail_with(&al_TypeError, "Cannot specify a default for "
                            "%s() with multiple positional arguments", name);
    if (call->count == 1)
        consider_iterable(&e, call->items[0]);
    for (size_t i = 0; call->count > 1 && i < call->count; i++) {
        if (!consider(&e, call->items[i]))
            break;
    }
    al_value_release(e.best_key);
    if (al_peek_raised()) {
        al_value_release(e.best);
        return al_no_value();
    }
    if (e.best.tag != AL_ABSENT)
        return e.best;
    if (otherwise.tag != AL_ABSENT)
        return al_value_dup(otherwise);
    return al_fail_with(&al_ValueError, "%s() iterable argument is empty",
                        name);
}

static al_value builtin_min(al_call *call)
{
    return find_extreme(call, AL_OP_LT);
}

static al_value builtin_max(al_call *call)
{
    return find_extreme(call, AL_OP_GT);
}

/* -- sorted and iterators ----------------------------------------------- */

static al_value builtin_sorted(al_call *call)
{
    al_args keywords = *call->args;
    al_list *list;
    al_value none;

    if (call->count != 1)
        return al_fail_with(&al_TypeError,
                            "sorted expected 1 argument, got %zu",
                            call->count);
    list = al_list_from(call->vm, call->items[0]);
    if (!list)
        return al_no_value();
    keywords.items++;
    keywords.count = 0;
    none = al_call_attribute(call->vm, al_take(list), "sort", &keywords);
    if (none.tag != AL_ABSENT)
        return al_take(list);
    al_unref(list);
    return none;
}

static al_value construct_reversed(al_call *call)
{
    return al_reversed(call->vm, call->slots[0]);
}

static al_value construct_enumerate(al_call *call)
{
    int64_t start = 0;

    if (call->slots[1].tag != AL_ABSENT && !al_index(call->slots[1], &start))
        return al_no_value();
    return al_enumerate(call->vm, call->slots[0], start);
}

static al_value construct_zip(al_call *call)
{
    return al_zip(call->vm, call->items, call->count,
                  al_value_truth(call->slots[0]));
}

static const al_method enumerate_constructor = {
    .name = "enumerate",
    .qualname = "enumerate",
    .call = construct_enumerate,
    .min = 1,
    .max = 2,
    .params = "iterable start",
    .arity = AL_ARITY_TAKES,
};

static const al_method zip_constructor = {
    .name = "zip",
    .qualname = "zip",
    .call = construct_zip,
    .max = -1,
    .params = "strict",
};

static const al_method reversed_constructor = {
    .name = "reversed",
    .qualname = "reversed",
    .call = construct_reversed,
    .min = 1,
    .max = 1,
};

const al_class al_enumerate_class = {
    .head = AL_CLASS_HEAD,
    .name = "enumerate",
    .tag = AL_OBJECT,
    .type = &al_enumerate_type,
    .constructor = &enumerate_constructor,
};

const al_class al_zip_class = {
    .head = AL_CLASS_HEAD,
    .name = "zip",
    .tag = AL_OBJECT,
    .type = &al_zip_type,
    .constructor = &zip_constructor,
};

const al_class al_reversed_class = {
    .head = AL_CLASS_HEAD,
    .name = "reversed",
    .tag = AL_OBJECT,
    .type = &al_reversed_type,
    .constructor = &reversed_constructor,
};

/* -- isinstance --------------------------------------------------------- */

/* Also of a tuple of classes and tuples; -1: raised. */
static int is_instance(al_vm *vm, al_value value, al_value cls, int depth)
{
    const al_exception_class *exception = al_exception_class_peek(cls);
    const al_exception *e = al_exception_peek(value);
    const al_class *plain = al_class_peek(cls);
    const al_tuple *any = (const al_tuple *)cls.as.object;
    int found = 0;

    if (exception)
        return e && al_exception_is(e, exception);
    if (plain)
        return al_is_instance(value, plain);
    if (!al_is(cls, &al_tuple_type)) {
        al_raise(&al_TypeError, "isinstance() arg 2 must be a type, a tuple "
                 "of types, or a union");
        return -1;
    }
    if (depth == AL_RECURSION_LIMIT) {
        al_raise(&al_RecursionError, "maximum recursion depth exceeded in "
                 "__instancecheck__");
        return -1;
    }
    for (size_t i = 0; i < any->count && found == 0; i++)
        found = al_vm_step(vm)
                    ? is_instance(vm, value, any->items[i], depth + 1) : -1;
    return found;
}

static al_value builtin_isinstance(al_call *call)
{
    int is = is_instance(call->vm, call->slots[0], call->slots[1], 0);

    return is < 0 ? al_no_value() : al_bool(is);
}

/* -- round -------------------------------------------------------------- */

/* Half to even, to the nearest 10**-digits, of a whole number. */
static al_value round_int(int64_t value, int64_t digits)
{
    int64_t unit = 1, rest, rounded, step;

    if (digits >= 0)
        return al_int(value);
    if (digits < -19)
        return al_int(0);
    for (int64_t i = digits; i < 0; i++) {
        if (__builtin_mul_overflow(unit, 10, &unit)) /* 10**19 */
            return value > 5000000000000000000 || value < -5000000000000000000
                       ? al_overflow() : al_int(0);
    }
    rounded = value - value % unit; /* towards 0 */
    rest = value < 0 ? rounded - value : value - rounded;
    step = value < 0 ? -unit : unit;
    if ((rest > unit - rest ||
         (rest == unit - rest && rounded / unit % 2 != 0)) &&
        __builtin_add_overflow(rounded, step, &rounded))
        return al_overflow();
    return al_int(rounded);
}

/* Correctly rounded from the exact binary value: as printed and read. */
static al_value round_real(double value, int64_t digits)
{
    char text[400];
    double unit, rounded;

    if (!isfinite(value) || digits > 323)
        return al_float(value);
    if (digits < -308)
        return al_float(copysign(0.0, value));
    if (digits >= 0) {
        snprintf(text, sizeof text, "%.*f", (int)(digits > 30 ? 30 : digits),
                 value);
        if (digits > 22 && fabs(value) > 1e-8)
            return al_float(value); /* beyond its last digit */
        return al_float(strtod(text, NULL));
    }
    unit = pow(10, (double)-digits);
    rounded = nearbyint(value / unit) * unit;
    if (!isfinite(rounded))
        return al_fail_with(&al_OverflowError,
                            "rounded value too large to represent");
    return al_float(rounded == 0 ? copysign(0.0, value) : rounded);
}

static al_value builtin_round(al_call *call)
{
    al_value value = call->slots[0];
    int64_t digits = 0;
    bool whole = call->slots[1].tag == AL_ABSENT ||
                 call->slots[1].tag == AL_NONE;

    if (!al_is_number(value))
        return al_fail_with(&al_TypeError,
                            "type %s doesn't define __round__ method",
                            al_type_name(value));
    if (!whole && !al_index(call->slots[1], &digits))
        return al_no_value();
    if (al_is_whole(value))
        return round_int(al_whole(value), digits);
    if (whole) /* half to even: the default rounding mode */
        return al_int_from_double(nearbyint(value.as.real));
    return round_real(value.as.real, digits);
}

/* asyncio.isfuture(obj) */
static al_value builtin_isfuture(al_call *call)
{
    return al_bool(al_future_peek(call->slots[0]) != NULL);
}

/* -- the table ---------------------------------------------------------- */

static const al_method functions[] = {
    AL_FUNCTION(len, .min = 1, .max = 1),
    AL_FUNCTION(repr, .min = 1, .max = 1),
    AL_FUNCTION(abs, .min = 1, .max = 1),
    AL_FUNCTION(callable, .min = 1, .max = 1),
    AL_FUNCTION(divmod, .min = 2, .max = 2),
    AL_FUNCTION(any, .min = 1, .max = 1),
    AL_FUNCTION(all, .min = 1, .max = 1),
    AL_FUNCTION(iter, .min = 1, .max = 1),
    AL_FUNCTION(next, .min = 1, .max = 2),
    AL_FUNCTION(sum, .min = 1, .max = 2, .params = "/ start",
                .arity = AL_ARITY_TAKES),
    AL_FUNCTION(min, .min = 1, .max = -1, .params = "key default"),
    AL_FUNCTION(max, .min = 1, .max = -1, .params = "key default"),
    AL_FUNCTION(sorted, .max = -1, .takes_any_keyword = true),
    AL_FUNCTION(isinstance, .min = 2, .max = 2),
    {.name = "eager_task_factory",
     .qualname = "create_eager_task_factory.<locals>.factory",
     .call = al_builtin_eager_task_factory, .min = 2, .max = 2,
     .params = "loop coro eager_start", .takes_any_keyword = true,
     .arity = AL_ARITY_FUNCTION},
    {.name = "create_eager_task_factory",
     .qualname = "create_eager_task_factory",
     .call = al_builtin_create_eager_task_factory, .min = 1, .max = 1,
     .params = "custom_task_constructor", .arity = AL_ARITY_FUNCTION},
    AL_FUNCTION(isfuture, .min = 1, .max = 1, .params = "obj",
                .arity = AL_ARITY_FUNCTION),
    AL_FUNCTION(round, .min = 1, .max = 2, .params = "number ndigits",
                .arity = AL_ARITY_TAKES),
    {0},
};

static const al_class *const builtin_classes[] = {
    &al_int_class, &al_float_class, &al_bool_class, &al_str_class,
    &al_list_class, &al_tuple_class, &al_dict_class, &al_range_class,
    &al_enumerate_class, &al_zip_class, &al_reversed_class, &al_type_class,
    &al_task_class, &al_future_class,
};

/* The names that asyncio has for the loop's class on Unix. */
static bool names_the_loop(const char *name)
{
    return strcmp(name, "EventLoop") == 0 ||
           strcmp(name, "SelectorEventLoop") == 0;
}

al_value al_builtin_find(al_vm *vm, const char *name)
{
    const al_exception_class *exception = al_exception_class_find(name);
    size_t count = sizeof builtin_classes / sizeof *builtin_classes;

    if (exception)
        return al_take((void *)exception);
    for (size_t i = 0; i < count; i++) {
        if (strcmp(builtin_classes[i]->name, name) == 0)
            return al_take((void *)builtin_classes[i]);
    }
    if (names_the_loop(name))
        return al_take((void *)&al_loop_class);
    for (const al_method *m = functions; m->name; m++) {
        if (strcmp(m->name, name) == 0)
            return al_bound_new(vm, m, al_no_value());
    }
    return al_no_value();
}
