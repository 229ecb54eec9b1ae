/* dict.c - dict: insertion-ordered, open addressing.
 *
 * The entries lie in order of insertion; buckets hold their indices.  A
 * removed entry leaves a gap, which a rebuild closes. */
#include "sim/python/dict.h"

#include "loop/object/hashable.h"
#include <string.h>
#include "sim/machine/machine.h"

enum { SMALLEST = 8 };

/* -- keys --------------------------------------------------------------- */

static bool hash_key(al_value key, uint64_t *hash) /* false: raised */
{
    if (!al_check_hashable(key, "dict key"))
        return false;
    *hash = al_value_hash(key);
    return key.tag != AL_OBJECT || !al_peek_raised();
}

/* -- the table ---------------------------------------------------------- */

static uint32_t *find_bucket(const al_dict *dict, al_value key, uint64_t hash)
{
    size_t mask = dict->bucket_count - 1;

    for (size_t i = hash & mask;; i = (i + 1) & mask) {
        uint32_t *bucket = &dict->buckets[i];
        const al_dict_entry *entry;

        if (*bucket == 0)
            return bucket;
        entry = &dict->entries[*bucket - 1];
        if (entry->hash == hash && entry->key.tag != AL_ABSENT &&
            (al_value_same(entry->key, key) || al_equal(entry->key, key) > 0))
            return bucket;
    }
}

static void add_to_buckets(al_dict *dict, size_t index)
{
    size_t mask = dict->bucket_count - 1;
    size_t i = dict->entries[index].hash & mask;

    while (dict->buckets[i])
        i = (i + 1) & mask;
    dict->buckets[i] = (uint32_t)(index + 1);
    dict->filled++;
}

/* Close the gaps, and make room for as many entries again. */
static void rebuild(al_dict *dict)
{
    size_t kept = 0;
    size_t size = SMALLEST;

    for (size_t i = 0; i < dict->used; i++) {
        if (dict->entries[i].key.tag != AL_ABSENT)
            dict->entries[kept++] = dict->entries[i];
    }
    dict->used = kept;
    while (size < 3 * (kept + 1))
        size *= 2;
    al_free(dict->buckets);
    dict->buckets = al_alloc_zero(size, sizeof *dict->buckets);
    dict->bucket_count = size;
    dict->filled = 0;
    for (size_t i = 0; i < kept; i++)
        add_to_buckets(dict, i);
}

al_value *al_dict_find(al_dict *dict, al_value key)
{
    uint32_t *bucket;
    uint64_t hash;

    if (!hash_key(key, &hash) || dict->count == 0)
        return NULL;
    bucket = find_bucket(dict, key, hash);
    return *bucket ? &dict->entries[*bucket - 1].value : NULL;
}

static bool grow(al_vm *vm, al_dict *dict)
{
    size_t before = dict->capacity;

    if (!al_vm_may_allocate(vm, (before + 1) * sizeof *dict->entries))
        return false;
    dict->entries = al_grow(dict->entries, &dict->capacity, before + 1,
                            sizeof *dict->entries);
    return true;
}

static bool add_entry(al_vm *vm, al_dict *dict, uint64_t hash, al_value key,
                      al_value value)
{
    if (dict->used == dict->capacity && !grow(vm, dict))
        return false;
    dict->entries[dict->used] = (al_dict_entry){
        hash, al_value_dup(key), al_value_dup(value)};
    add_to_buckets(dict, dict->used++);
    dict->count++;
    return true;
}

bool al_dict_set(al_vm *vm, al_dict *dict, al_value key, al_value value)
{
    uint64_t hash;
    uint32_t *bucket;
    al_value old;

    if (!hash_key(key, &hash))
        return false;
    if (2 * (dict->filled + 1) > dict->bucket_count)
        rebuild(dict);
    bucket = find_bucket(dict, key, hash);
    if (key.tag == AL_OBJECT && al_peek_raised())
        return false;
    if (!*bucket)
        return add_entry(vm, dict, hash, key, value);
    old = dict->entries[*bucket - 1].value;
    dict->entries[*bucket - 1].value = al_value_dup(value);
    al_value_release(old);
    return true;
}

bool al_dict_set_text(al_vm *vm, al_dict *dict, const char *key,
                      al_value value)
{
    al_value name = al_str_new(key);
    bool ok = al_dict_set(vm, dict, name, value);

    al_value_release(name);
    al_value_release(value);
    return ok;
}

/* The bucket goes on pointing to the entry: a probe must walk over it. */
al_value al_dict_remove(al_dict *dict, al_value key)
{
    al_dict_entry *entry;
    uint32_t *bucket;
    uint64_t hash;
    al_value old;

    if (!hash_key(key, &hash) || dict->count == 0)
        return al_no_value();
    bucket = find_bucket(dict, key, hash);
    if (!*bucket)
        return al_no_value();
    entry = &dict->entries[*bucket - 1];
    old = entry->key;
    entry->key = al_no_value();
    dict->count--;
    al_value_release(old);
    return entry->value;
}

void al_dict_clear(al_dict *dict)
{
    al_dict_entry *entries = dict->entries;
    size_t used = dict->used;

    al_free(dict->buckets);
    dict->entries = NULL;
    dict->buckets = NULL;
    dict->used = dict->capacity = dict->count = 0;
    dict->bucket_count = dict->filled = 0;
    for (size_t i = 0; i < used; i++) {
        if (entries[i].key.tag == AL_ABSENT)
            continue;
        al_value_release(entries[i].key);
        al_value_release(entries[i].value);
    }
    al_free(entries);
}

al_dict_entry *al_dict_next(const al_dict *dict, size_t *position)
{
    while (*position < dict->used) {
        al_dict_entry *entry = &dict->entries[(*position)++];

        if (entry->key.tag != AL_ABSENT)
            return entry;
    }
    return NULL;
}

/* -- the type ----------------------------------------------------------- */

static void dict_free(al_object *self)
{
    al_dict *dict = (al_dict *)self;

    al_cell_unlink(&dict->cell);
    al_dict_clear(dict);
    al_free(dict);
}

static void add_entry_repr(const al_dict_entry *entry, al_text *out)
{
    al_value_repr(entry->key, out);
    al_text_add(out, ": ");
    al_value_repr(entry->value, out);
}

static void dict_repr(const al_object *self, al_text *out)
{
    al_dict *dict = (al_dict *)self;
    size_t position = 0;
    const al_dict_entry *entry;
    const char *between = "";

    if (!al_repr_enter(self)) {
        al_text_add(out, "{...}");
        return;
    }
    if (!al_may_work(dict->used)) {
        al_repr_leave(self);
        return;
    }
    al_text_add_char(out, '{');
    while ((entry = al_dict_next(dict, &position))) {
        al_text_add(out, between);
        add_entry_repr(entry, out);
        between = ", ";
    }
    al_text_add_char(out, '}');
    al_repr_leave(self);
}

static bool dict_truth(const al_object *self)
{
    return ((const al_dict *)self)->count > 0;
}

static bool dict_equal(const al_object *self, const al_object *other)
{
    const al_dict *a = (const al_dict *)self;
    al_dict *b = (al_dict *)other;
    size_t position = 0;
    const al_dict_entry *entry;

    if (a->count != b->count || !al_may_work(a->used))
        return false;
    while ((entry = al_dict_next(a, &position))) {
        al_value *found = al_dict_find(b, entry->key);

        if (!found || (!al_value_same(*found, entry->value) &&
                       !al_value_equal(*found, entry->value)))
            return false;
    }
    return true;
}

const al_type al_dict_type = {
    .name = "dict",
    .free = dict_free,
    .repr = dict_repr,
    .truth = dict_truth,
    .equal = dict_equal,
    .is_unhashable = true,
};

al_dict *al_dict_new(al_vm *vm)
{
    al_dict *dict = al_alloc_zero(1, sizeof *dict);

    al_cell_init(vm, &dict->cell, &al_dict_type);
    return dict;
}

al_dict *al_dict_peek(al_value value)
{
    return al_is(value, &al_dict_type) ? (al_dict *)value.as.object : NULL;
}

/* -- methods ------------------------------------------------------------ */

static al_dict *self_of(al_call *call)
{
    return al_dict_peek(call->self);
}

static al_value or_none(al_value value)
{
    return value.tag == AL_ABSENT ? al_none() : al_value_dup(value);
}

static al_value dict_get(al_call *call)
{
    al_value *found = al_dict_find(self_of(call), call->slots[0]);

    if (found)
        return al_value_dup(*found);
    return al_peek_raised() ? al_no_value() : or_none(call->slots[1]);
}

static al_value dict_pop(al_call *call)
{
    al_value value = al_no_value();

    if (self_of(call)->count > 0) /* else not even hashed */
        value = al_dict_remove(self_of(call), call->slots[0]);
    if (value.tag != AL_ABSENT || al_peek_raised())
        return value;
    if (call->slots[1].tag != AL_ABSENT)
        return al_value_dup(call->slots[1]);
    return al_raise_value(&al_KeyError, call->slots[0]);
}

static al_value dict_popitem(al_call *call)
{
    al_dict *dict = self_of(call);
    al_dict_entry entry;
    al_value pair[2], tuple;

    if (dict->count == 0)
        return al_fail_with(&al_KeyError, "popitem(): dictionary is empty");
    while (dict->entries[dict->used - 1].key.tag == AL_ABSENT)
        dict->used--;
    entry = dict->entries[dict->used - 1];
    pair[0] = entry.key;
    pair[1] = entry.value;
    tuple = al_take(al_tuple_new(pair, 2));
    al_value_release(al_dict_remove(dict, entry.key));
    return tuple;
}

static al_value dict_setdefault(al_call *call)
{
    al_value *found = al_dict_find(self_of(call), call->slots[0]);
    al_value value;

    if (found)
        return al_value_dup(*found);
    if (al_peek_raised())
        return al_no_value();
    value = or_none(call->slots[1]);
    if (!al_dict_set(call->vm, self_of(call), call->slots[0], value)) {
        al_value_release(value);
        return al_no_value();
    }
    return value;
}

static bool update_from_dict(al_vm *vm, al_dict *dict, al_dict *other)
{
    size_t position = 0;
    al_dict_entry *entry;
    bool ok = true;

    al_vm_charge(vm, other->used);
    while (ok && other != dict && (entry = al_dict_next(other, &position)))
        ok = al_dict_set(vm, dict, entry->key, entry->value);
    return ok;
}

static bool update_from_pair(al_vm *vm, al_dict *dict, al_value item,
                             size_t index)
{
    al_list *pair = al_list_from(vm, item);
    bool ok;

    if (!pair)
        return !al_exception_is(al_peek_raised(), &al_TypeError)
                   ? false
                   : al_raise(&al_TypeError, "object is not iterable");
    ok = pair->count == 2
             ? al_dict_set(vm, dict, pair->items[0], pair->items[1])
             : al_raise(&al_ValueError, "dictionary update sequence element "
                        "#%zu has length %zu; 2 is required", index,
                        pair->count);
    al_unref(pair);
    return ok;
}

static bool update_from(al_vm *vm, al_dict *dict, al_value source)
{
    al_list *pairs;
    bool ok = true;

    if (al_dict_peek(source))
        return update_from_dict(vm, dict, al_dict_peek(source));
    pairs = al_list_from(vm, source);
    if (!pairs)
        return false;
    for (size_t i = 0; ok && i < pairs->count; i++)
        ok = update_from_pair(vm, dict, pairs->items[i], i);
    al_unref(pairs);
    return ok;
}

static bool update_from_keywords(al_vm *vm, al_dict *dict, const al_args *args)
{
    bool ok = true;

    for (size_t i = 0; ok && i < args->keyword_count; i++)
        ok = al_dict_set_text(vm, dict, args->keywords[i],
                              al_value_dup(args->items[args->count + i]));
    return ok;
}

static bool update(al_call *call, al_dict *dict)
{
    return (call->count == 0 || update_from(call->vm, dict, call->slots[0])) &&
           update_from_keywords(call->vm, dict, call->args);
}

static al_value dict_update(al_call *call)
{
    return update(call, self_of(call)) ? al_none() : al_no_value();
}

static al_value dict_copy(al_call *call)
{
    al_dict *copy = al_dict_new(call->vm);

    update_from_dict(call->vm, copy, self_of(call));
    return al_take(copy);
}

static al_value dict_clear(al_call *call)
{
    al_dict_clear(self_of(call));
    return al_none();
}

static al_value dict_keys(al_call *call)
{
    return al_dict_view_new(self_of(call), AL_KEYS);
}

static al_value dict_values(al_call *call)
{
    return al_dict_view_new(self_of(call), AL_VALUES);
}

static al_value dict_items(al_call *call)
{
    return al_dict_view_new(self_of(call), AL_ITEMS);
}

static const al_method methods[] = {
    AL_METHOD(dict, get, .min = 1, .max = 2),
    AL_METHOD(dict, pop, .min = 1, .max = 2),
    AL_METHOD(dict, popitem, .max = 0),
    AL_METHOD(dict, setdefault, .min = 1, .max = 2),
    AL_METHOD(dict, update, .max = 1, .takes_any_keyword = true),
    AL_METHOD(dict, copy, .max = 0),
    AL_METHOD(dict, clear, .max = 0),
    AL_METHOD(dict, keys, .max = 0),
    AL_METHOD(dict, values, .max = 0),
    AL_METHOD(dict, items, .max = 0),
    {0},
};

static al_value construct(al_call *call)
{
    al_dict *dict = al_dict_new(call->vm);

    if (update(call, dict))
        return al_take(dict);
    al_unref(dict);
    return al_no_value();
}

static const al_method constructor = {
    .name = "dict",
    .qualname = "dict",
    .call = construct,
    .max = 1,
    .takes_any_keyword = true,
};

const al_class al_dict_class = {
    .head = AL_CLASS_HEAD,
    .name = "dict",
    .tag = AL_OBJECT,
    .type = &al_dict_type,
    .constructor = &constructor,
    .methods = methods,
};
