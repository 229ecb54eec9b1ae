/* list.c - list, its methods, and the sort. */
#include "sim/python/list.h"

#include <string.h>
#include "sim/machine/machine.h"

/* -- the type ----------------------------------------------------------- */

void al_list_clear(al_list *list)
{
    al_value *items = list->items;
    size_t count = list->count;

    list->items = NULL;
    list->count = list->capacity = 0;
    while (count > 0) /* the last one first, as CPython does */
        al_value_release(items[--count]);
    al_free(items);
}

static void list_free(al_object *self)
{
    al_list *list = (al_list *)self;

    al_cell_unlink(&list->cell);
    al_list_clear(list);
    al_free(list);
}

static void list_repr(const al_object *self, al_text *out)
{
    const al_list *list = (const al_list *)self;

    if (!al_repr_enter(self)) {
        al_text_add(out, "[...]");
        return;
    }
    al_text_add_char(out, '[');
    al_values_repr(list->items, list->count, out);
    al_text_add_char(out, ']');
    al_repr_leave(self);
}

static bool list_truth(const al_object *self)
{
    return ((const al_list *)self)->count > 0;
}

static bool list_equal(const al_object *self, const al_object *other)
{
    const al_list *a = (const al_list *)self;
    const al_list *b = (const al_list *)other;

    if (a->count != b->count || !al_may_work(a->count))
        return false;
    for (size_t i = 0; i < a->count; i++) {
        if (!al_value_same(a->items[i], b->items[i]) &&
            !al_value_equal(a->items[i], b->items[i]))
            return false;
    }
    return true;
}

const al_type al_list_type = {
    .name = "list",
    .free = list_free,
    .repr = list_repr,
    .truth = list_truth,
    .equal = list_equal,
    .is_unhashable = true,
};

al_list *al_list_new(al_vm *vm, const al_value *items, size_t count)
{
    al_list *list = al_alloc_zero(1, sizeof *list);

    al_cell_init(vm, &list->cell, &al_list_type);
    al_vm_charge(vm, count);
    if (count) {
        list->items = al_alloc(count * sizeof *items);
        list->capacity = list->count = count;
        for (size_t i = 0; i < count; i++)
            list->items[i] = al_value_dup(items[i]);
    }
    return list;
}

al_list *al_list_peek(al_value value)
{
    return al_is(value, &al_list_type) ? (al_list *)value.as.object : NULL;
}

static bool grow(al_vm *vm, al_list *list)
{
    size_t before = list->capacity;

    if (!al_vm_may_allocate(vm, (before + 1) * sizeof *list->items))
        return false;
    list->items = al_grow(list->items, &list->capacity, before + 1,
                          sizeof *list->items);
    return true;
}

bool al_list_take(al_vm *vm, al_list *list, al_value item)
{
    if (list->count == list->capacity && !grow(vm, list)) {
        al_value_release(item);
        return false;
    }
    list->items[list->count++] = item;
    return true;
}

bool al_list_append(al_vm *vm, al_list *list, al_value item)
{
    return al_list_take(vm, list, al_value_dup(item));
}

static bool extend(al_vm *vm, al_list *list, al_value iterable)
{
    al_value iterator = al_iter(vm, iterable);
    al_value item;
    bool ok = true;

    if (iterator.tag == AL_ABSENT)
        return false;
    while (ok) {
        item = al_iter_next(vm, iterator);
        if (item.tag == AL_ABSENT)
            break;
        ok = al_list_take(vm, list, item) && al_vm_step(vm);
    }
    al_value_release(iterator);
    return !al_peek_raised();
}

al_list *al_list_from(al_vm *vm, al_value iterable)
{
    al_list *list = al_list_new(vm, NULL, 0);

    if (extend(vm, list, iterable))
        return list;
    al_unref(list);
    return NULL;
}

/* -- sorting ------------------------------------------------------------ */

typedef struct sort_item {
    al_value key, value;
} sort_item;

/* Merge sort, comparing only with <, and the later with the earlier, as
 * Python's does; false: raised. */
static bool merge(al_vm *vm, sort_item *items, sort_item *scratch, size_t half,
                  size_t count)
{
    size_t left = 0, right = half, to = 0;

    al_vm_charge(vm, count);
    if (!al_vm_step(vm))
        return false;
    memcpy(scratch, items, half * sizeof *items);
    while (left < half && right < count) {
        int less = al_less(vm, AL_OP_LT, items[right].key, scratch[left].key);

        if (less < 0) {
            memcpy(items + to, scratch + left, (half - left) * sizeof *items);
            return false;
        }
        items[to++] = less ? items[right++] : scratch[left++];
    }
    memcpy(items + to, scratch + left, (half - left) * sizeof *items);
    return true;
}

static bool sort_items(al_vm *vm, sort_item *items, sort_item *scratch,
                       size_t count)
{
    size_t half = count / 2;

    if (count < 2)
        return true;
    return sort_items(vm, items, scratch, half) &&
           sort_items(vm, items + half, scratch, count - half) &&
           merge(vm, items, scratch, half, count);
}

static bool make_keys(al_vm *vm, sort_item *items, size_t count, al_value key)
{
    for (size_t i = 0; i < count; i++) {
        al_args args = {.items = &items[i].value, .count = 1};

        items[i].key = key.tag == AL_NONE
                           ? al_value_dup(items[i].value)
                           : al_call_value(vm, key, &args);
        if (items[i].key.tag == AL_ABSENT ||
            (key.tag != AL_NONE && !al_vm_step(vm)))
            return false;
    }
    return true;
}

static void reverse(sort_item *items, size_t count)
{
    for (size_t i = 0; i < count / 2; i++) {
        sort_item item = items[i];

        items[i] = items[count - 1 - i];
        items[count - 1 - i] = item;
    }
}

/* The list is empty while it is sorted, as in CPython. */
bool al_list_sort(al_vm *vm, al_list *list, al_value key, bool is_reverse)
{
    size_t count = list->count;
    al_value *values = list->items;
    size_t capacity = list->capacity;
    sort_item *items = al_alloc_zero(count + 1, sizeof *items);
    sort_item *scratch = al_alloc((count + 1) * sizeof *scratch);
    bool ok;

    if (key.tag == AL_ABSENT)
        key = al_none();
    for (size_t i = 0; i < count; i++)
        items[i].value = values[i];
    list->items = NULL;
    list->count = list->capacity = 0;
    if (is_reverse) /* twice, so that equal items keep their order */
        reverse(items, count);
    ok = make_keys(vm, items, count, key) &&
         sort_items(vm, items, scratch, count);
    if (is_reverse)
        reverse(items, count);
    if (list->items && ok)
        ok = al_raise(&al_ValueError, "list modified during sort");
    al_list_clear(list);
    list->items = values;
    list->count = count;
    list->capacity = capacity;
    for (size_t i = 0; i < count; i++) {
        values[i] = items[i].value;
        al_value_release(items[i].key);
    }
    al_free(items);
    al_free(scratch);
    return ok;
}

/* -- methods ------------------------------------------------------------ */

static al_list *self_of(al_call *call)
{
    return al_list_peek(call->self);
}

static al_value none_if(bool ok)
{
    return ok ? al_none() : al_no_value();
}

static al_value list_append(al_call *call)
{
    return none_if(al_list_append(call->vm, self_of(call), call->slots[0]));
}

static al_value list_extend(al_call *call)
{
    al_list *more = al_list_from(call->vm, call->slots[0]);
    bool ok = more != NULL;

    for (size_t i = 0; ok && i < more->count; i++)
        ok = al_list_append(call->vm, self_of(call), more->items[i]);
    al_unref(more);
    return none_if(ok);
}

static al_value list_insert(al_call *call)
{
    al_list *list = self_of(call);
    int64_t at;

    if (!al_index(call->slots[0], &at))
        return al_no_value();
    if (at < 0)
        at += (int64_t)list->count;
    if (at < 0)
        at = 0;
    if (at > (int64_t)list->count)
        at = (int64_t)list->count;
    if (!al_list_append(call->vm, list, call->slots[1]))
        return al_no_value();
    al_vm_charge(call->vm, list->count - (size_t)at);
    memmove(list->items + at + 1, list->items + at,
            (list->count - 1 - (size_t)at) * sizeof *list->items);
    list->items[at] = call->slots[1];
    return al_none();
}

static al_value remove_at(al_vm *vm, al_list *list, size_t at)
{
    al_value item = list->items[at];

    list->count--;
    al_vm_charge(vm, list->count - at);
    memmove(list->items + at, list->items + at + 1,
            (list->count - at) * sizeof *list->items);
    return item;
}

static al_value list_pop(al_call *call)
{
    al_list *list = self_of(call);
    int64_t at = -1;

    if (call->slots[0].tag != AL_ABSENT && !al_index(call->slots[0], &at))
        return al_no_value();
    if (list->count == 0)
        return al_fail_with(&al_IndexError, "pop from empty list");
    if (at < 0)
        at += (int64_t)list->count;
    if (at < 0 || at >= (int64_t)list->count)
        return al_fail_with(&al_IndexError, "pop index out of range");
    return remove_at(call->vm, list, (size_t)at);
}

/* The index of an item in [start, stop); -1: none, -2: raised. */
static int64_t find(al_vm *vm, al_span in, al_value item, int64_t start,
                    int64_t stop)
{
    int equal = 0;
    int64_t i;

    for (i = start; i < stop && i < (int64_t)in.count && !equal; i++)
        equal = al_same_or_equal(in.items[i], item);
    al_vm_charge(vm, (size_t)(i - start));
    return equal < 0 ? -2 : equal ? i - 1 : -1;
}

static al_value list_remove(al_call *call)
{
    al_list *list = self_of(call);
    int64_t at = find(call->vm, al_span_of(call->self), call->slots[0], 0,
                      INT64_MAX);

    if (at == -1)
        al_raise(&al_ValueError, "list.remove(x): x not in list");
    if (at < 0)
        return al_no_value();
    al_value_release(remove_at(call->vm, list, (size_t)at));
    return al_none();
}

static bool bound_of(al_value given, size_t length, int64_t *bound)
{
    if (given.tag == AL_ABSENT)
        return true;
    if (!al_is_whole(given))
        return al_raise(&al_TypeError, "slice indices must be integers or "
                        "have an __index__ method");
    *bound = al_whole(given);
    if (*bound < 0)
        *bound += (int64_t)length;
    if (*bound < 0)
        *bound = 0;
    return true;
}

static al_value item_index(al_call *call)
{
    al_span in = al_span_of(call->self);
    int64_t start = 0, stop = INT64_MAX, at;
    const char *type = al_type_name(call->self);

    if (!bound_of(call->slots[1], in.count, &start) ||
        !bound_of(call->slots[2], in.count, &stop))
        return al_no_value();
    at = find(call->vm, in, call->slots[0], start, stop);
    if (at == -1)
        al_raise(&al_ValueError, "%s.index(x): x not in %s", type, type);
    return at < 0 ? al_no_value() : al_int(at);
}

static al_value item_count(al_call *call)
{
    al_span in = al_span_of(call->self);
    int64_t count = 0, at = -1;

    while ((at = find(call->vm, in, call->slots[0], at + 1, INT64_MAX)) >= 0)
        count++;
    return at == -2 ? al_no_value() : al_int(count);
}

static al_value list_clear(al_call *call)
{
    al_list_clear(self_of(call));
    return al_none();
}

static al_value list_copy(al_call *call)
{
    al_list *list = self_of(call);

    return al_take(al_list_new(call->vm, list->items, list->count));
}

static al_value list_reverse(al_call *call)
{
    al_list *list = self_of(call);

    al_vm_charge(call->vm, list->count);
    for (size_t i = 0; i < list->count / 2; i++) {
        al_value item = list->items[i];

        list->items[i] = list->items[list->count - 1 - i];
        list->items[list->count - 1 - i] = item;
    }
    return al_none();
}

static al_value list_sort(al_call *call)
{
    return none_if(al_list_sort(call->vm, self_of(call), call->slots[0],
                                al_value_truth(call->slots[1])));
}

static const al_method methods[] = {
    AL_METHOD(list, append, .min = 1, .max = 1),
    AL_METHOD(list, extend, .min = 1, .max = 1),
    AL_METHOD(list, insert, .min = 2, .max = 2),
    AL_METHOD(list, pop, .max = 1),
    AL_METHOD(list, remove, .min = 1, .max = 1),
    {.name = "index", .qualname = "list.index", .call = item_index, .min = 1,
     .max = 3},
    {.name = "count", .qualname = "list.count", .call = item_count, .min = 1,
     .max = 1},
    AL_METHOD(list, clear, .max = 0),
    AL_METHOD(list, copy, .max = 0),
    AL_METHOD(list, reverse, .max = 0),
    AL_METHOD(list, sort, .max = 0, .params = "key reverse",
              .arity = AL_ARITY_TAKES),
    {0},
};

static al_value construct(al_call *call)
{
    al_list *list;

    if (call->count == 0)
        return al_take(al_list_new(call->vm, NULL, 0));
    list = al_list_from(call->vm, call->slots[0]);
    return list ? al_take(list) : al_no_value();
}

static const al_method constructor = {
    .name = "list",
    .qualname = "list",
    .call = construct,
    .max = 1,
};

const al_class al_list_class = {
    .head = AL_CLASS_HEAD,
    .name = "list",
    .tag = AL_OBJECT,
    .type = &al_list_type,
    .constructor = &constructor,
    .methods = methods,
};

/* -- tuple's methods, which are two of list's ---------------------------- */

static const al_method tuple_methods[] = {
    {.name = "index", .qualname = "tuple.index", .call = item_index, .min = 1,
     .max = 3},
    {.name = "count", .qualname = "tuple.count", .call = item_count, .min = 1,
     .max = 1},
    {0},
};

static al_value construct_tuple(al_call *call)
{
    al_list *list;
    al_value tuple;

    if (call->count && al_is(call->slots[0], &al_tuple_type))
        return al_value_dup(call->slots[0]);
    list = call->count ? al_list_from(call->vm, call->slots[0])
                       : al_list_new(call->vm, NULL, 0);
    if (!list)
        return al_no_value();
    tuple = al_take(al_tuple_new(list->items, list->count));
    al_unref(list);
    return tuple;
}

static const al_method tuple_constructor = {
    .name = "tuple",
    .qualname = "tuple",
    .call = construct_tuple,
    .max = 1,
};

const al_class al_tuple_class = {
    .head = AL_CLASS_HEAD,
    .name = "tuple",
    .tag = AL_OBJECT,
    .type = &al_tuple_type,
    .constructor = &tuple_constructor,
    .methods = tuple_methods,
};
