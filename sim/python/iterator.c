/* iterator.c - iter(), next(), and what they run over. */
#include "sim/python/iterator.h"

#include "loop/base/utf8.h"
#include "loop/task/as_completed.h"
#include "sim/machine/machine.h"
#include "sim/python/unicode.h"

static void iterator_free(al_object *self)
{
    al_value_release(((al_iterator *)self)->source);
    al_free(self);
}

/* Those that only iter() and reversed() make. */
#define ITERATORS(X)                                                           \
    X(list_iterator, "list_iterator")                                          \
    X(tuple_iterator, "tuple_iterator")                                        \
    X(str_iterator, "str_iterator")                                            \
    X(ascii_iterator, "str_ascii_iterator")                                    \
    X(range_iterator, "range_iterator")                                        \
    X(keys_iterator, "dict_keyiterator")                                       \
    X(values_iterator, "dict_valueiterator")                                   \
    X(items_iterator, "dict_itemiterator")                                     \
    X(context_iterator, "keys")                                                \
    X(set_iterator, "set_iterator")                                            \
    X(list_reverse, "list_reverseiterator")                                    \
    X(keys_reverse, "dict_reversekeyiterator")                                 \
    X(values_reverse, "dict_reversevalueiterator")                             \
    X(items_reverse, "dict_reverseitemiterator")

#define TYPE(type_name) {.name = type_name, .free = iterator_free}
#define DEFINE_TYPE(it, name) static const al_type it##_type = TYPE(name);
ITERATORS(DEFINE_TYPE)
const al_type al_enumerate_type = TYPE("enumerate");
const al_type al_zip_type = TYPE("zip");
const al_type al_reversed_type = TYPE("reversed");

#define CLASS(it, type_name)                                                   \
    {.head = AL_CLASS_HEAD, .name = type_name, .tag = AL_OBJECT,               \
     .type = &it##_type},
const al_class al_iterator_classes[] = {ITERATORS(CLASS)};
const size_t al_iterator_class_count =
    sizeof al_iterator_classes / sizeof *al_iterator_classes;

static al_value make(const al_type *type,
                     al_value (*next)(al_vm *, al_iterator *), al_value source)
{
    al_iterator *it = al_alloc_zero(1, sizeof *it);

    al_object_init(&it->head, type);
    it->next = next;
    it->source = al_value_dup(source);
    it->step = 1;
    return al_take(it);
}

/* Exhausted for good: let the source go. */
static al_value finish(al_iterator *it)
{
    al_value source = it->source;

    it->source = al_no_value();
    al_value_release(source);
    return al_no_value();
}

/* -- sequences ---------------------------------------------------------- */

static al_value next_of_list(al_vm *vm, al_iterator *it)
{
    const al_list *list = al_list_peek(it->source);

    (void)vm;
    if (!list || it->index < 0 || (size_t)it->index >= list->count)
        return finish(it);
    it->index += it->step;
    return al_value_dup(list->items[it->index - it->step]);
}

static al_value next_of_tuple(al_vm *vm, al_iterator *it)
{
    const al_tuple *tuple = (const al_tuple *)it->source.as.object;

    (void)vm;
    if (it->source.tag == AL_ABSENT || it->index < 0 ||
        (size_t)it->index >= tuple->count)
        return finish(it);
    it->index += it->step;
    return al_value_dup(tuple->items[it->index - it->step]);
}

static al_value next_of_str(al_vm *vm, al_iterator *it)
{
    const al_str *str = al_str_peek(it->source);
    size_t at = (size_t)it->index; /* in bytes */
    size_t size;
    uint32_t c;

    (void)vm;
    if (!str || at >= str->length)
        return finish(it);
    size = al_character_at(str->bytes + at, str->length - at, &c);
    it->index += (int64_t)size;
    return al_str_from(str->bytes + at, size);
}

/* index: of the byte after the character. */
static al_value next_of_reversed_str(al_vm *vm, al_iterator *it)
{
    const al_str *str = al_str_peek(it->source);
    int64_t end = it->index;

    (void)vm;
    if (!str || end <= 0)
        return finish(it);
    it->index = (int64_t)al_character_before(str->bytes, 0, (size_t)end);
    return al_str_from(str->bytes + it->index, (size_t)(end - it->index));
}

static al_value next_of_range(al_vm *vm, al_iterator *it)
{
    int64_t value = it->index;

    (void)vm;
    if (it->left == 0)
        return al_no_value();
    it->left--;
    it->index = (int64_t)((uint64_t)it->index + (uint64_t)it->step);
    return al_int(value);
}

static al_value over_range(const al_type *type, const al_range *range,
                           bool backwards)
{
    al_value value = make(type, next_of_range, al_no_value());
    al_iterator *it = (al_iterator *)value.as.object;
    uint64_t last = range->count ? range->count - 1 : 0;

    it->left = range->count;
    it->index = range->start;
    it->step = range->step;
    if (backwards) {
        it->index = al_range_item(range, last);
        it->step = (int64_t)(0 - (uint64_t)range->step);
    }
    return value;
}

/* -- dict --------------------------------------------------------------- */

static bool check_size(const al_dict *dict, const al_iterator *it)
{
    return dict->count == it->left ||
           al_raise(&al_RuntimeError, "%s changed size during iteration",
                    it->head.type == &set_iterator_type ? "Set"
                                                        : "dictionary");
}

static al_value seen_as(al_view_kind view, const al_dict_entry *entry)
{
    al_value pair[] = {entry->key, entry->value};

    if (view == AL_ITEMS)
        return al_take(al_tuple_new(pair, 2));
    return al_value_dup(pair[view == AL_VALUES]);
}

static al_value next_of_dict(al_vm *vm, al_iterator *it)
{
    const al_dict *dict = al_dict_peek(it->source);
    size_t position = (size_t)it->index;
    const al_dict_entry *entry;

    if (!dict || !check_size(dict, it))
        return al_no_value();
    entry = al_dict_next(dict, &position);
    al_vm_charge(vm, position - (size_t)it->index); /* over gaps */
    it->index = (int64_t)position;
    return entry ? seen_as(it->view, entry) : finish(it);
}

static al_value next_of_reversed_dict(al_vm *vm, al_iterator *it)
{
    const al_dict *dict = al_dict_peek(it->source);
    int64_t from = it->index;
    const al_dict_entry *entry;

    if (!dict || !check_size(dict, it))
        return al_no_value();
    while (it->index > 0 && (size_t)it->index <= dict->used) {
        entry = &dict->entries[--it->index];
        if (entry->key.tag == AL_ABSENT)
            continue;
        al_vm_charge(vm, (size_t)(from - it->index)); /* over gaps */
        return seen_as(it->view, entry);
    }
    return finish(it);
}

static al_value over_dict(al_dict *dict, al_view_kind view)
{
    static const al_type *const types[] = {
        &keys_iterator_type, &values_iterator_type, &items_iterator_type};
    al_value source = {.tag = AL_OBJECT, .as.object = &dict->cell.head};
    al_value value = make(types[view], next_of_dict, source);
    al_iterator *it = (al_iterator *)value.as.object;

    it->view = view;
    it->left = dict->count;
    return value;
}

static al_value over_set(al_dict *dict)
{
    al_value source = {.tag = AL_OBJECT, .as.object = &dict->cell.head};
    al_value value = make(&set_iterator_type, next_of_dict, source);
    al_iterator *it = (al_iterator *)value.as.object;

    it->view = AL_KEYS;
    it->left = dict->count;
    return value;
}

/* -- Context: its variables --------------------------------------------- */

static al_value next_of_context(al_vm *vm, al_iterator *it)
{
    const al_context *context = (const al_context *)it->source.as.object;

    (void)vm;
    if (it->source.tag == AL_ABSENT ||
        (size_t)it->index >= al_context_count(context))
        return finish(it);
    return al_take(
        al_ref(al_context_peek_var(context, (size_t)it->index++)));
}

/* -- enumerate, zip, reversed ------------------------------------------- */

/* The next item of an iterator that another one runs over.  There may be more
 * of them, one inside the other, than the C stack can follow. */
static al_value next_inside(al_vm *vm, al_value iterator)
{
    static _Thread_local int depth;
    al_value item;

    if (depth >= AL_RECURSION_LIMIT)
        return al_fail_with(&al_RecursionError,
                            "maximum recursion depth exceeded");
    depth++;
    item = al_iter_next(vm, iterator);
    depth--;
    return item;
}

static al_value next_of_enumerate(al_vm *vm, al_iterator *it)
{
    al_value pair[2] = {al_int(it->index), next_inside(vm, it->source)};
    al_value tuple;

    if (pair[1].tag == AL_ABSENT)
        return al_no_value();
    if (it->left) {
        al_value_release(pair[1]);
        return al_overflow();
    }
    it->left = __builtin_add_overflow(it->index, 1, &it->index);
    tuple = al_take(al_tuple_new(pair, 2));
    al_value_release(pair[1]);
    return tuple;
}

al_value al_enumerate(al_vm *vm, al_value value, int64_t start)
{
    al_value iterator = al_iter(vm, value);
    al_value result;

    if (iterator.tag == AL_ABSENT)
        return iterator;
    result = make(&al_enumerate_type, next_of_enumerate, iterator);
    ((al_iterator *)result.as.object)->index = start;
    al_value_release(iterator);
    return result;
}

/* strict=True: all must end together. */
static bool check_lengths(al_vm *vm, const al_tuple *iterators, size_t ended)
{
    const char *plural = ended == 1 ? " " : "s 1-";

    if (ended > 0)
        return al_raise(&al_ValueError, "zip() argument %zu is shorter than "
                        "argument%s%zu", ended + 1, plural, ended);
    for (size_t i = 1; i < iterators->count; i++) {
        al_value item = al_iter_next(vm, iterators->items[i]);

        if (item.tag == AL_ABSENT) {
            if (al_peek_raised())
                return false;
            continue;
        }
        al_value_release(item);
        return al_raise(&al_ValueError, "zip() argument %zu is longer than "
                        "argument%s%zu", i + 1, i == 1 ? " " : "s 1-", i);
    }
    return true;
}

static al_value next_of_zip(al_vm *vm, al_iterator *it)
{
    const al_tuple *iterators = (const al_tuple *)it->source.as.object;
    al_tuple *result;

    if (it->source.tag == AL_ABSENT || iterators->count == 0)
        return al_no_value();
    result = al_tuple_new(iterators->items, iterators->count);
    for (size_t i = 0; i < iterators->count; i++) {
        al_value item = next_inside(vm, iterators->items[i]);

        if (item.tag == AL_ABSENT) {
            al_unref(result);
            if (it->step && !al_peek_raised())
                check_lengths(vm, iterators, i);
            return finish(it);
        }
        al_value_release(result->items[i]);
        result->items[i] = item;
    }
    return al_take(result);
}

al_value al_zip(al_vm *vm, const al_value *items, size_t count, bool strict)
{
    al_tuple *iterators = al_tuple_new(items, count);
    al_value source = {.tag = AL_OBJECT, .as.object = &iterators->head};
    al_value result;

    for (size_t i = 0; i < count; i++) {
        al_value iterator = al_iter(vm, items[i]);

        if (iterator.tag == AL_ABSENT) {
            al_unref(iterators);
            return iterator;
        }
        al_value_release(iterators->items[i]);
        iterators->items[i] = iterator;
    }
    result = make(&al_zip_type, next_of_zip, source);
    ((al_iterator *)result.as.object)->step = strict;
    al_unref(iterators);
    return result;
}

static al_value backwards(const al_type *type,
                          al_value (*next)(al_vm *, al_iterator *),
                          al_value source, size_t start)
{
    al_value value = make(type, next, source);
    al_iterator *it = (al_iterator *)value.as.object;

    it->index = (int64_t)start;
    it->step = -1;
    return value;
}

static al_value dict_backwards(al_dict *dict, al_view_kind view)
{
    static const al_type *const types[] = {
        &keys_reverse_type, &values_reverse_type, &items_reverse_type};
    al_value source = {.tag = AL_OBJECT, .as.object = &dict->cell.head};
    al_value value =
        backwards(types[view], next_of_reversed_dict, source, dict->used);

    ((al_iterator *)value.as.object)->view = view;
    ((al_iterator *)value.as.object)->left = dict->count;
    return value;
}

al_value al_reversed(al_vm *vm, al_value value)
{
    const al_list *list = al_list_peek(value);
    const al_str *str = al_str_peek(value);
    const al_dict_view *view = al_dict_view_peek(value);

    (void)vm;
    if (list)
        return backwards(&list_reverse_type, next_of_list, value,
                         list->count - 1);
    if (str)
        return backwards(&al_reversed_type, next_of_reversed_str, value,
                         str->length);
    if (al_dict_peek(value))
        return dict_backwards(al_dict_peek(value), AL_KEYS);
    if (view)
        return dict_backwards(view->dict, view->kind);
    if (al_is(value, &al_tuple_type))
        return backwards(&al_reversed_type, next_of_tuple, value,
                         ((const al_tuple *)value.as.object)->count - 1);
    if (al_range_peek(value))
        return over_range(&range_iterator_type, al_range_peek(value), true);
    return al_fail_with(&al_TypeError, "'%s' object is not reversible",
                        al_type_name(value));
}

/* -- iter, next --------------------------------------------------------- */

bool al_is_iterator(al_value value)
{
    return value.tag == AL_OBJECT &&
           (value.as.object->type->free == iterator_free ||
            value.as.object->type == &al_future_iterator_type ||
            value.as.object->type == &al_as_completed_type ||
            value.as.object->type == &al_generator_type);
}

al_value al_iter(al_vm *vm, al_value value)
{
    const al_dict_view *view = al_dict_view_peek(value);

    (void)vm;
    if (al_list_peek(value))
        return make(&list_iterator_type, next_of_list, value);
    if (al_range_peek(value))
        return over_range(&range_iterator_type, al_range_peek(value), false);
    if (al_is(value, &al_tuple_type))
        return make(&tuple_iterator_type, next_of_tuple, value);
    if (al_str_peek(value))
        return make(al_str_is_ascii(al_str_peek(value)) ? &ascii_iterator_type
                                                        : &str_iterator_type,
                    next_of_str, value);
    if (al_dict_peek(value))
        return over_dict(al_dict_peek(value), AL_KEYS);
    if (view)
        return over_dict(view->dict, view->kind);
    if (al_set_peek(value))
        return over_set(al_set_peek(value));
    if (al_is(value, &al_context_type))
        return make(&context_iterator_type, next_of_context, value);
    if (al_is_iterator(value))
        return al_value_dup(value);
    if (al_future_peek(value))
        return al_future_iterator_new(al_future_peek(value));
    return al_fail_with(&al_TypeError, "'%s' object is not iterable",
                        al_type_name(value));
}

al_value al_iter_next(al_vm *vm, al_value iterator)
{
    al_iterator *it = (al_iterator *)iterator.as.object;
    al_coroutine *next;

    if (it->head.type != &al_as_completed_type)
        return it->next(vm, it);
    next = al_as_completed_next(al_as_completed_peek(iterator));
    return next ? al_take(next) : al_no_value();
}
