/* compare.c - the comparison operators, `in` and `is`. */
#include "sim/python/compare.h"

#include <math.h>
#include <string.h>
#include "loop/core/handle.h"
#include "sim/machine/machine.h"

/* -- numbers ------------------------------------------------------------ */

/* Exactly: an int is never rounded to be compared with a float.  Returns
 * -1, 0 or 1; 2 where a NaN is among them. */
static int order_whole_real(int64_t a, double b)
{
    int64_t truncated;

    if (isnan(b))
        return 2;
    if (b >= 0x1p63)
        return -1;
    if (b < -0x1p63)
        return 1;
    truncated = (int64_t)b;
    if (a != truncated)
        return a < truncated ? -1 : 1;
    return b > (double)truncated ? -1 : b < (double)truncated;
}

static int order_numbers(al_value a, al_value b)
{
    int order;

    if (al_is_whole(a) && al_is_whole(b))
        return (al_whole(a) > al_whole(b)) - (al_whole(a) < al_whole(b));
    if (al_is_whole(a))
        return order_whole_real(al_whole(a), b.as.real);
    if (al_is_whole(b)) {
        order = order_whole_real(al_whole(b), a.as.real);
        return order == 2 ? 2 : -order;
    }
    if (isnan(a.as.real) || isnan(b.as.real))
        return 2;
    return (a.as.real > b.as.real) - (a.as.real < b.as.real);
}

static int holds(al_operator op, int order)
{
    switch (op) {
    case AL_OP_LT: return order == -1;
    case AL_OP_LE: return order == -1 || order == 0;
    case AL_OP_GT: return order == 1;
    default: return order == 1 || order == 0;
    }
}

/* -- equality ----------------------------------------------------------- */

/* Types whose equality is not that of al_value_equal. */
static bool timers_equal(al_value a, al_value b)
{
    const al_handle *x = (const al_handle *)a.as.object;
    const al_handle *y = (const al_handle *)b.as.object;

    return x->when == y->when &&
           al_handle_cancelled(x) == al_handle_cancelled(y) &&
           al_callbacks_equal(x->callback, y->callback);
}

static int views_equal(al_value a, al_value b)
{
    const al_dict_view *x = al_dict_view_peek(a), *y = al_dict_view_peek(b);

    return x->dict->count == y->dict->count ? al_view_is_subset(x, y) : 0;
}

int al_equal(al_value a, al_value b)
{
    bool equal;

    if (a.tag != AL_OBJECT || b.tag != AL_OBJECT)
        return al_value_equal(a, b);
    if (a.as.object == b.as.object)
        return true;
    if (al_is(a, &al_timer_handle_type) && al_is(b, &al_timer_handle_type))
        return timers_equal(a, b);
    if (al_is_set_view(a) && al_is_set_view(b)) /* keys and items, too */
        return views_equal(a, b);
    equal = al_value_equal(a, b);
    return al_peek_raised() ? -1 : equal;
}

int al_same_or_equal(al_value a, al_value b)
{
    return al_value_same(a, b) ? 1 : al_equal(a, b);
}

/* -- order -------------------------------------------------------------- */

static int not_supported(al_operator op, al_value a, al_value b)
{
    al_raise(&al_TypeError,
             "'%s' not supported between instances of '%s' and '%s'",
             al_operator_text[op], al_type_name(a), al_type_name(b));
    return -1;
}

static int order_strings(al_vm *vm, const al_str *a, const al_str *b)
{
    size_t shorter = a->length < b->length ? a->length : b->length;
    int order = memcmp(a->bytes, b->bytes, shorter);

    al_vm_charge(vm, shorter);
    if (order == 0)
        return (a->length > b->length) - (a->length < b->length);
    return order < 0 ? -1 : 1; /* UTF-8 orders as code points do */
}

static _Thread_local int depth; /* of comparisons inside comparisons */

enum { MAX_COMPARE_DEPTH = 500 };

/* The first pair that differs decides; else the lengths. */
static int less_sequences(al_vm *vm, al_operator op, al_value a, al_value b)
{
    int result = -2;
    size_t i;

    if (depth >= MAX_COMPARE_DEPTH) {
        al_raise(&al_RecursionError,
                 "maximum recursion depth exceeded in comparison");
        return -1;
    }
    depth++;
    for (i = 0; result == -2; i++) {
        al_span x = al_span_of(a), y = al_span_of(b);
        int equal;

        if (i >= x.count || i >= y.count) {
            result = holds(op, (x.count > y.count) - (x.count < y.count));
            break;
        }
        equal = al_same_or_equal(x.items[i], y.items[i]);
        if (equal < 0)
            result = -1;
        else if (!equal)
            result = al_less(vm, op, x.items[i], y.items[i]);
    }
    al_vm_charge(vm, i);
    depth--;
    return result;
}

static int less_timers(al_operator op, al_value a, al_value b)
{
    const al_handle *x = (const al_handle *)a.as.object;
    const al_handle *y = (const al_handle *)b.as.object;
    bool equal = timers_equal(a, b);

    switch (op) {
    case AL_OP_LT: return x->when < y->when;
    case AL_OP_LE: return x->when < y->when || equal;
    case AL_OP_GT: return x->when > y->when;
    default: return x->when > y->when || equal;
    }
}

/* As of sets. */
static int less_views(al_operator op, al_value a, al_value b)
{
    const al_dict_view *x = al_dict_view_peek(a), *y = al_dict_view_peek(b);
    size_t left = x->dict->count, right = y->dict->count;

    switch (op) {
    case AL_OP_LT: return left < right ? al_view_is_subset(x, y) : 0;
    case AL_OP_LE: return al_view_is_subset(x, y);
    case AL_OP_GT: return left > right ? al_view_is_subset(y, x) : 0;
    default: return al_view_is_subset(y, x);
    }
}

/* a op b for <, <=, >, >=. */
int al_less(al_vm *vm, al_operator op, al_value a, al_value b)
{
    if (al_is_number(a) && al_is_number(b))
        return holds(op, order_numbers(a, b));
    if (al_str_peek(a) && al_str_peek(b))
        return holds(op, order_strings(vm, al_str_peek(a), al_str_peek(b)));
    if ((al_list_peek(a) && al_list_peek(b)) ||
        (al_is(a, &al_tuple_type) && al_is(b, &al_tuple_type)))
        return less_sequences(vm, op, a, b);
    if (al_is(a, &al_timer_handle_type) && al_is(b, &al_timer_handle_type))
        return less_timers(op, a, b);
    if (al_is_set_view(a) && al_is_set_view(b))
        return less_views(op, a, b);
    return not_supported(op, a, b);
}

/* -- in ----------------------------------------------------------------- */

static int contains_text(al_vm *vm, const al_str *text, al_value item)
{
    const al_str *part = al_str_peek(item);

    if (!part) {
        al_raise(&al_TypeError,
                 "'in <string>' requires string as left operand, not %s",
                 al_type_name(item));
        return -1;
    }
    al_vm_charge(vm, text->length);
    return memmem(text->bytes, text->length, part->bytes, part->length) !=
           NULL;
}

static int contains_iterable(al_vm *vm, al_value container, al_value item)
{
    al_value iterator = al_iter(vm, container);
    al_value candidate;
    int found = 0;

    if (iterator.tag == AL_ABSENT) {
        al_raise(&al_TypeError,
                 "argument of type '%s' is not a container or iterable",
                 al_type_name(container));
        return -1;
    }
    while (found == 0) {
        candidate = al_iter_next(vm, iterator);
        if (candidate.tag == AL_ABSENT)
            break;
        found = al_same_or_equal(candidate, item);
        al_value_release(candidate);
        if (!al_vm_step(vm))
            break;
    }
    al_value_release(iterator);
    return al_peek_raised() ? -1 : found;
}

static int contains_range(const al_range *range, al_value item)
{
    uint64_t at;

    return al_is_whole(item) ? al_range_find(range, al_whole(item), &at) : -2;
}

static int contains_var(const al_context *context, al_value item)
{
    al_value found;

    if (!al_is(item, &al_context_var_type)) {
        al_text text = {0};

        al_add_repr(item, &text);
        al_raise(&al_TypeError,
                 "a ContextVar key was expected, got %s", text.bytes);
        al_text_release(&text);
        return -1;
    }
    found = al_context_lookup(context, (al_context_var *)item.as.object);
    al_value_release(found);
    return found.tag != AL_ABSENT;
}

int al_contains(al_vm *vm, al_value container, al_value item)
{
    const al_range *range = al_range_peek(container);
    al_dict *dict = al_set_peek(container) ? al_set_peek(container)
                                           : al_dict_peek(container);
    int found;

    if (al_str_peek(container))
        return contains_text(vm, al_str_peek(container), item);
    if (al_is_set_view(container))
        return al_view_contains(al_dict_view_peek(container), item);
    if (dict) {
        found = al_dict_find(dict, item) != NULL;
        return al_peek_raised() ? -1 : found;
    }
    if (al_is(container, &al_context_type))
        return contains_var((al_context *)container.as.object, item);
    if (range && (found = contains_range(range, item)) != -2)
        return found;
    return contains_iterable(vm, container, item);
}

/* A builtin function is one object; here it is made wherever it is named. */
static bool is_identical(al_value a, al_value b)
{
    const al_bound *x = al_bound_peek(a), *y = al_bound_peek(b);

    if (x && y && x->self.tag == AL_ABSENT && y->self.tag == AL_ABSENT)
        return x->method == y->method;
    return al_value_same(a, b);
}

/* -- all operators ------------------------------------------------------ */

static al_value answer(int result, bool negate)
{
    return result < 0 ? al_no_value() : al_bool((result != 0) != negate);
}

al_value al_compare(al_vm *vm, al_operator op, al_value a, al_value b)
{
    switch (op) {
    case AL_OP_EQ:
    case AL_OP_NE:
        return answer(al_equal(a, b), op == AL_OP_NE);
    case AL_OP_IS:
    case AL_OP_IS_NOT:
        return answer(is_identical(a, b), op == AL_OP_IS_NOT);
    case AL_OP_IN:
    case AL_OP_NOT_IN:
        return answer(al_contains(vm, b, a), op == AL_OP_NOT_IN);
    default:
        return answer(al_less(vm, op, a, b), false);
    }
}
