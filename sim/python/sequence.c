/* sequence.c - indexing, slicing, concatenation, repetition, len(). */
#include "sim/python/sequence.h"

#include <string.h>
#include "loop/base/utf8.h"
#include "sim/machine/machine.h"

bool al_is_sequence(al_value value)
{
    return al_str_peek(value) || al_list_peek(value) ||
           al_is(value, &al_tuple_type);
}

/* -- slices ------------------------------------------------------------- */

static void slice_free(al_object *self)
{
    al_slice *slice = (al_slice *)self;

    al_value_release(slice->start);
    al_value_release(slice->stop);
    al_value_release(slice->step);
    al_free(slice);
}

static void slice_repr(const al_object *self, al_text *out)
{
    const al_slice *slice = (const al_slice *)self;
    al_value parts[] = {slice->start, slice->stop, slice->step};

    al_text_add(out, "slice(");
    al_values_repr(parts, 3, out);
    al_text_add_char(out, ')');
}

const al_type al_slice_type = {
    .name = "slice",
    .free = slice_free,
    .repr = slice_repr,
};

al_value al_slice_new(al_value start, al_value stop, al_value step)
{
    al_slice *slice = al_alloc(sizeof *slice);

    al_object_init(&slice->head, &al_slice_type);
    slice->start = al_value_dup(start);
    slice->stop = al_value_dup(stop);
    slice->step = al_value_dup(step);
    return al_take(slice);
}

/* Exact: a range may be longer than an int64_t can say. */
typedef __int128 wide;

/* What a slice selects: from start, up to stop, step apart. */
typedef struct selection {
    wide start, stop, step;
} selection;

static bool slice_index(al_value value, wide fallback, wide *index)
{
    *index = fallback;
    if (value.tag == AL_NONE)
        return true;
    if (!al_is_whole(value))
        return al_raise(&al_TypeError, "slice indices must be integers or "
                        "None or have an __index__ method");
    *index = al_whole(value);
    return true;
}

static wide clamp(wide index, wide length, bool backwards)
{
    if (index < 0) {
        index += length;
        return index < 0 ? (backwards ? -1 : 0) : index;
    }
    return index >= length ? (backwards ? length - 1 : length) : index;
}

/* The slice of `length` items; false: raised. */
static bool resolve(const al_slice *slice, wide length, selection *s)
{
    bool backwards;

    if (!slice_index(slice->step, 1, &s->step))
        return false;
    if (s->step == 0)
        return al_raise(&al_ValueError, "slice step cannot be zero");
    backwards = s->step < 0;
    if (!slice_index(slice->start, backwards ? length : 0, &s->start) ||
        !slice_index(slice->stop, length, &s->stop))
        return false;
    s->start = clamp(s->start, length, backwards);
    s->stop = backwards && slice->stop.tag == AL_NONE
                  ? -1 : clamp(s->stop, length, backwards);
    return true;
}

static size_t count_of(const selection *s) /* of anything but ranges */
{
    if (s->step < 0 ? s->stop >= s->start : s->start >= s->stop)
        return 0;
    return (size_t)(s->step < 0 ? (s->start - s->stop - 1) / -s->step + 1
                                : (s->stop - s->start - 1) / s->step + 1);
}

/* The index of the i-th of them. */
static size_t selected(const selection *s, size_t i)
{
    return (size_t)s->start + i * (size_t)s->step;
}

/* -- reading ------------------------------------------------------------ */

static al_value wrong_index(al_value object, al_value index)
{
    if (al_str_peek(object))
        return al_fail_with(&al_TypeError,
                            "string indices must be integers, not '%s'",
                            al_type_name(index));
    return al_fail_with(&al_TypeError,
                        "%s indices must be integers or slices, not %s",
                        al_type_name(object), al_type_name(index));
}

static al_value out_of_range(al_value object)
{
    const char *name = al_type_name(object);

    if (al_str_peek(object))
        name = "string";
    return al_fail_with(&al_IndexError, "%s%s index out of range", name,
                        al_range_peek(object) ? " object" : "");
}

static size_t length_of(al_value sequence)
{
    const al_str *str = al_str_peek(sequence);

    return str ? al_str_characters(str) : al_span_of(sequence).count;
}

static al_value character(const al_str *str, size_t index)
{
    size_t at = al_str_offset(str, index);
    uint32_t c;

    return al_str_from(str->bytes + at, al_character_at(str->bytes + at,
                                                       str->length - at, &c));
}

static al_value item(al_value sequence, size_t index)
{
    const al_str *str = al_str_peek(sequence);

    return str ? character(str, index)
               : al_value_dup(al_span_of(sequence).items[index]);
}

static al_value slice_str(al_vm *vm, const al_str *str, const selection *s)
{
    size_t count = count_of(s);
    al_text text = {0};
    size_t at;
    uint32_t c;

    al_vm_charge(vm, count);
    if (s->step == 1 && count > 0) {
        at = al_str_offset(str, (size_t)s->start);
        return al_str_from(str->bytes + at,
                           al_str_offset(str, (size_t)s->stop) - at);
    }
    for (size_t i = 0; i < count; i++) {
        at = al_str_offset(str, selected(s, i));
        al_text_add_bytes(&text, str->bytes + at,
                          al_character_at(str->bytes + at, str->length - at,
                                         &c));
    }
    return al_str_take(vm, &text);
}

static bool is_too_wide(wide number)
{
    return number < INT64_MIN || number > INT64_MAX;
}

static al_value slice_range(const al_range *range, const selection *s)
{
    wide start = range->start + s->start * range->step;
    wide stop = range->start + s->stop * range->step;
    wide step = range->step * s->step;

    if (is_too_wide(start) || is_too_wide(stop) || is_too_wide(step))
        return al_overflow();
    return al_range_new((int64_t)start, (int64_t)stop, (int64_t)step);
}

static al_value slice_sequence(al_vm *vm, al_value sequence,
                               const al_slice *slice)
{
    const al_range *range = al_range_peek(sequence);
    selection s;
    size_t count;
    al_value *items, result;

    if (!resolve(slice, range ? range->count : length_of(sequence), &s))
        return al_no_value();
    if (al_str_peek(sequence))
        return slice_str(vm, al_str_peek(sequence), &s);
    if (range)
        return slice_range(range, &s);
    count = count_of(&s);
    al_vm_charge(vm, count);
    if (!al_vm_may_allocate(vm, count * sizeof *items))
        return al_no_value();
    items = al_alloc(count * sizeof *items + 1);
    for (size_t i = 0; i < count; i++)
        items[i] = item(sequence, selected(&s, i));
    result = al_list_peek(sequence) ? al_take(al_list_new(vm, items, count))
                                    : al_take(al_tuple_new(items, count));
    for (size_t i = 0; i < count; i++)
        al_value_release(items[i]);
    al_free(items);
    return result;
}

static al_value get_from_dict(al_dict *dict, al_value key)
{
    al_value *found = al_dict_find(dict, key);

    if (found)
        return al_value_dup(*found);
    return al_peek_raised() ? al_no_value() : al_raise_value(&al_KeyError, key);
}

static al_value get_from_context(const al_context *context, al_value key)
{
    al_value found;

    if (!al_is(key, &al_context_var_type)) {
        al_text text = {0};

        al_add_repr(key, &text);
        al_raise(&al_TypeError, "a ContextVar key was expected, got %s",
                 text.bytes);
        al_text_release(&text);
        return al_no_value();
    }
    found = al_context_lookup(context, (al_context_var *)key.as.object);
    return found.tag == AL_ABSENT ? al_raise_value(&al_KeyError, key) : found;
}

al_value al_subscript_get(al_vm *vm, al_value object, al_value index)
{
    const al_range *range = al_range_peek(object);
    uint64_t at, length;

    if (al_dict_peek(object))
        return get_from_dict(al_dict_peek(object), index);
    if (al_is(object, &al_context_type))
        return get_from_context((al_context *)object.as.object, index);
    if (al_class_peek(object) || al_exception_class_peek(object))
        return al_fail_with(&al_TypeError, "type '%s' is not subscriptable",
                            al_class_peek(object)
                                ? al_class_peek(object)->name
                                : al_exception_class_peek(object)->name);
    if (!al_is_sequence(object) && !range)
        return al_fail_with(&al_TypeError, "'%s' object is not subscriptable",
                            al_type_name(object));
    if (al_is(index, &al_slice_type))
        return slice_sequence(vm, object, (al_slice *)index.as.object);
    if (!al_is_whole(index))
        return wrong_index(object, index);
    length = range ? range->count : length_of(object);
    at = (uint64_t)al_whole(index); /* too far back stays beyond the end */
    if (al_whole(index) < 0)
        at += length;
    if (at >= length)
        return out_of_range(object);
    return range ? al_int(al_range_item(range, at)) : item(object, at);
}

/* -- writing ------------------------------------------------------------ */

/* (The language has no assignment to slices.) */
static bool set_item(al_list *list, al_value index, al_value value)
{
    al_value old;
    int64_t at;

    if (!al_is_whole(index))
        return al_raise(&al_TypeError,
                        "list indices must be integers or slices, not %s",
                        al_type_name(index));
    at = al_whole(index);
    if (at < 0)
        at += (int64_t)list->count;
    if (at < 0 || at >= (int64_t)list->count)
        return al_raise(&al_IndexError, "list assignment index out of range");
    old = list->items[at];
    list->items[at] = al_value_dup(value);
    al_value_release(old);
    return true;
}

bool al_subscript_set(al_vm *vm, al_value object, al_value index,
                      al_value value)
{
    if (al_list_peek(object))
        return set_item(al_list_peek(object), index, value);
    if (al_dict_peek(object))
        return al_dict_set(vm, al_dict_peek(object), index, value);
    return al_raise(&al_TypeError,
                    "'%s' object does not support item assignment",
                    al_type_name(object));
}

/* -- joining ------------------------------------------------------------ */

static al_value concat_items(al_vm *vm, const al_value *a, size_t a_count,
                             const al_value *b, size_t b_count, bool list)
{
    size_t count = a_count + b_count;
    al_value *items;
    al_value result;

    al_vm_charge(vm, count);
    if (!al_vm_may_allocate(vm, count * sizeof *items))
        return al_no_value();
    items = al_alloc(count * sizeof *items + 1);
    if (a_count)
        memcpy(items, a, a_count * sizeof *items);
    if (b_count)
        memcpy(items + a_count, b, b_count * sizeof *items);
    result = list ? al_take(al_list_new(vm, items, count))
                  : al_take(al_tuple_new(items, count));
    al_free(items);
    return result;
}

static al_value concat_str(al_vm *vm, const al_str *a, const al_str *b)
{
    al_text text = {0};

    if (!al_vm_may_allocate(vm, a->length + b->length))
        return al_no_value();
    al_text_reserve(&text, a->length + b->length);
    al_text_add_bytes(&text, a->bytes, a->length);
    al_text_add_bytes(&text, b->bytes, b->length);
    return al_str_take(vm, &text);
}

al_value al_concat(al_vm *vm, al_value a, al_value b)
{
    const char *name = al_type_name(a);

    if (al_str_peek(a) && al_str_peek(b))
        return concat_str(vm, al_str_peek(a), al_str_peek(b));
    if (al_list_peek(a) && al_list_peek(b)) {
        al_list *x = al_list_peek(a), *y = al_list_peek(b);

        return concat_items(vm, x->items, x->count, y->items, y->count, true);
    }
    if (al_is(a, &al_tuple_type) && al_is(b, &al_tuple_type)) {
        const al_tuple *x = (const al_tuple *)a.as.object;
        const al_tuple *y = (const al_tuple *)b.as.object;

        return concat_items(vm, x->items, x->count, y->items, y->count,
                            false);
    }
    return al_fail_with(&al_TypeError,
                        "can only concatenate %s (not \"%s\") to %s", name,
                        al_type_name(b), name);
}

static al_value repeat_str(al_vm *vm, const al_str *str, size_t times)
{
    al_text text = {0};

    al_text_reserve(&text, str->length * times);
    for (size_t i = 0; i < times; i++)
        al_text_add_bytes(&text, str->bytes, str->length);
    return al_str_take(vm, &text);
}

static al_value repeat_items(al_vm *vm, const al_value *items, size_t count,
                             size_t times, bool list)
{
    al_value *all = al_alloc(count * times * sizeof *all + 1);
    al_value result;

    for (size_t i = 0; i < times && count; i++)
        memcpy(all + i * count, items, count * sizeof *all);
    result = list ? al_take(al_list_new(vm, all, count * times))
                  : al_take(al_tuple_new(all, count * times));
    al_free(all);
    return result;
}

al_value al_repeat(al_vm *vm, al_value sequence, int64_t count)
{
    const al_str *str = al_str_peek(sequence);
    const al_list *list = al_list_peek(sequence);
    const al_tuple *tuple = (const al_tuple *)sequence.as.object;
    size_t times = count > 0 ? (size_t)count : 0;
    size_t unit = str ? str->length
                      : (list ? list->count : tuple->count) * sizeof(al_value);
    size_t size;

    if (__builtin_mul_overflow(unit, times, &size))
        size = SIZE_MAX;
    if (!al_vm_may_allocate(vm, size))
        return al_no_value();
    al_vm_charge(vm, size);
    if (size == 0)
        times = 0;
    if (str)
        return repeat_str(vm, str, times);
    if (list)
        return repeat_items(vm, list->items, list->count, times, true);
    return repeat_items(vm, tuple->items, tuple->count, times, false);
}

/* -- len() -------------------------------------------------------------- */

al_value al_length(al_vm *vm, al_value object)
{
    const al_range *range = al_range_peek(object);
    const al_dict *dict = al_dict_peek(object);
    const al_dict_view *view = al_dict_view_peek(object);

    (void)vm;
    if (range && range->count > INT64_MAX)
        return al_fail_with(&al_OverflowError, "Python int too large to "
                            "convert to C ssize_t");
    if (range)
        return al_int((int64_t)range->count);
    if (al_is_sequence(object))
        return al_int((int64_t)length_of(object));
    if (view)
        dict = view->dict;
    if (al_set_peek(object))
        dict = al_set_peek(object);
    if (dict)
        return al_int((int64_t)dict->count);
    if (al_is(object, &al_context_type))
        return al_int((int64_t)al_context_count(
            (const al_context *)object.as.object));
    return al_fail_with(&al_TypeError, "object of type '%s' has no len()",
                        al_type_name(object));
}
