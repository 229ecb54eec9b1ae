/* set.c - set: what asyncio.wait returns two of.
 *
 * A dict's keys, in the order in which they were added: Python's own order is
 * an accident of addresses. */
#include "sim/machine/machine.h"

#include "loop/object/hashable.h"
typedef struct al_set {
    al_object head;
    al_dict *dict; /* a reference */
} al_set;

static const al_type set_type;

al_dict *al_set_peek(al_value value)
{
    return al_is(value, &set_type) ? ((al_set *)value.as.object)->dict
                                      : NULL;
}

al_value al_set_new(al_vm *vm, const al_value *items, size_t count)
{
    al_set *set = al_alloc_zero(1, sizeof *set);

    al_object_init(&set->head, &set_type);
    set->dict = al_dict_new(vm);
    for (size_t i = 0; i < count; i++)
        al_dict_set(vm, set->dict, items[i], al_none());
    return al_take(set);
}

/* -- the object ----------------------------------------------------------- */

static void set_free(al_object *self)
{
    al_unref(((al_set *)self)->dict);
    al_free(self);
}

static void add_items(const al_dict *dict, al_text *out)
{
    const char *between = "";
    const al_dict_entry *entry;
    size_t position = 0;

    al_text_add_char(out, '{');
    while ((entry = al_dict_next(dict, &position))) {
        al_text_add(out, between);
        al_value_repr(entry->key, out);
        between = ", ";
    }
    al_text_add_char(out, '}');
}

static void set_repr(const al_object *self, al_text *out)
{
    const al_dict *dict = ((const al_set *)self)->dict;

    if (dict->count == 0) {
        al_text_add(out, "set()");
        return;
    }
    if (!al_repr_enter(self)) {
        al_text_add(out, "set(...)");
        return;
    }
    add_items(dict, out);
    al_repr_leave(self);
}

static bool set_truth(const al_object *self)
{
    return ((const al_set *)self)->dict->count > 0;
}

/* All values are None: the same keys. */
static bool set_equal(const al_object *self, const al_object *other)
{
    return al_dict_type.equal(&((const al_set *)self)->dict->cell.head,
                              &((const al_set *)other)->dict->cell.head);
}

static const al_type set_type = {
    .name = "set",
    .free = set_free,
    .repr = set_repr,
    .truth = set_truth,
    .equal = set_equal,
    .is_unhashable = true,
};

/* -- methods -------------------------------------------------------------- */

static al_dict *dict_of(const al_call *call)
{
    return al_set_peek(call->self);
}

static al_value set_add(al_call *call)
{
    if (!al_check_hashable(call->slots[0], "set element") ||
        !al_dict_set(call->vm, dict_of(call), call->slots[0], al_none()))
        return al_no_value();
    return al_none();
}

static al_value set_discard(al_call *call)
{
    if (!al_check_hashable(call->slots[0], "set element"))
        return al_no_value();
    al_value_release(al_dict_remove(dict_of(call), call->slots[0]));
    return al_peek_raised() ? al_no_value() : al_none();
}

static al_value set_remove(al_call *call)
{
    al_value removed;

    if (!al_check_hashable(call->slots[0], "set element"))
        return al_no_value();
    removed = al_dict_remove(dict_of(call), call->slots[0]);
    if (removed.tag == AL_ABSENT && !al_peek_raised())
        al_raise_value(&al_KeyError, call->slots[0]);
    return removed;
}

static al_value set_pop(al_call *call)
{
    size_t position = 0;
    const al_dict_entry *entry = al_dict_next(dict_of(call), &position);
    al_value item;

    if (!entry)
        return al_fail_with(&al_KeyError, "pop from an empty set");
    item = al_value_dup(entry->key);
    al_value_release(al_dict_remove(dict_of(call), item));
    return item;
}

static al_value set_clear(al_call *call)
{
    al_dict_clear(dict_of(call));
    return al_none();
}

static al_value set_copy(al_call *call)
{
    al_value copy = al_set_new(call->vm, NULL, 0);
    const al_dict_entry *entry;
    size_t position = 0;

    while ((entry = al_dict_next(dict_of(call), &position)))
        al_dict_set(call->vm, al_set_peek(copy), entry->key, al_none());
    return copy;
}

static const al_method methods[] = {
    AL_METHOD(set, add, .min = 1, .max = 1),
    AL_METHOD(set, discard, .min = 1, .max = 1),
    AL_METHOD(set, remove, .min = 1, .max = 1),
    AL_METHOD(set, pop, .max = 0),
    AL_METHOD(set, clear, .max = 0),
    AL_METHOD(set, copy, .max = 0),
    {0},
};

const al_class al_set_class = {
    .head = AL_CLASS_HEAD,
    .name = "set",
    .tag = AL_OBJECT,
    .type = &set_type,
    .methods = methods,
};
