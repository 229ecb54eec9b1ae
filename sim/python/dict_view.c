/* dict_view.c - see dict_view.h.
 *
 * A view shows the dict as it is now, so it holds the dict alone. */
#include "sim/python/dict_view.h"

#include "sim/machine/machine.h"

static void view_free(al_object *self)
{
    al_dict_view *view = (al_dict_view *)self;

    al_unref(view->dict);
    al_free(view);
}

static void add_view_item(const al_dict_view *view, const al_dict_entry *entry,
                          al_text *out)
{
    al_value pair[] = {entry->key, entry->value};

    if (view->kind == AL_ITEMS) {
        al_text_add_char(out, '(');
        al_values_repr(pair, 2, out);
        al_text_add_char(out, ')');
    } else {
        al_value_repr(pair[view->kind == AL_VALUES], out);
    }
}

static void view_repr(const al_object *self, al_text *out)
{
    const al_dict_view *view = (const al_dict_view *)self;
    size_t position = 0;
    const al_dict_entry *entry;
    const char *between = "";

    if (!al_may_work(view->dict->used))
        return;
    al_text_add_format(out, "%s([", self->type->name);
    while ((entry = al_dict_next(view->dict, &position))) {
        al_text_add(out, between);
        add_view_item(view, entry, out);
        between = ", ";
    }
    al_text_add(out, "])");
}

static bool view_truth(const al_object *self)
{
    return ((const al_dict_view *)self)->dict->count > 0;
}

static bool view_equal(const al_object *self, const al_object *other)
{
    const al_dict_view *a = (const al_dict_view *)self;
    const al_dict_view *b = (const al_dict_view *)other;

    return a->kind != AL_VALUES && a->dict->count == b->dict->count &&
           al_view_is_subset(a, b) > 0;
}

#define VIEW_TYPE(type_name, ...)                                              \
    {                                                                          \
        .name = type_name, .free = view_free, .repr = view_repr,               \
        .truth = view_truth, .equal = view_equal, __VA_ARGS__                  \
    }
static const al_type keys_type =
    VIEW_TYPE("dict_keys", .is_unhashable = true);
static const al_type values_type =
    VIEW_TYPE("dict_values", .is_unhashable = false);
static const al_type items_type =
    VIEW_TYPE("dict_items", .is_unhashable = true);
#undef VIEW_TYPE

al_value al_dict_view_new(al_dict *dict, al_view_kind kind)
{
    static const al_type *const types[] = {
        &keys_type, &values_type, &items_type};
    al_dict_view *view = al_alloc(sizeof *view);

    al_object_init(&view->head, types[kind]);
    view->kind = kind;
    view->dict = al_ref(dict);
    return al_take(view);
}

al_dict_view *al_dict_view_peek(al_value value)
{
    bool is_view = al_is(value, &keys_type) ||
                   al_is(value, &values_type) ||
                   al_is(value, &items_type);

    return is_view ? (al_dict_view *)value.as.object : NULL;
}

bool al_is_set_view(al_value value)
{
    return al_is(value, &keys_type) ||
           al_is(value, &items_type);
}

static int has_pair(al_dict *dict, al_value item)
{
    const al_tuple *pair = (const al_tuple *)item.as.object;
    al_value *found;

    if (!al_is(item, &al_tuple_type) || pair->count != 2)
        return 0;
    found = al_dict_find(dict, pair->items[0]);
    if (!found)
        return al_peek_raised() ? -1 : 0;
    return al_same_or_equal(*found, pair->items[1]);
}

int al_view_contains(const al_dict_view *view, al_value item)
{
    bool found;

    if (view->kind == AL_ITEMS)
        return has_pair(view->dict, item);
    found = al_dict_find(view->dict, item) != NULL;
    return al_peek_raised() ? -1 : found;
}

int al_view_is_subset(const al_dict_view *view, const al_dict_view *of)
{
    size_t position = 0;
    const al_dict_entry *entry;
    int found = 1;

    if (view->dict->count > of->dict->count)
        return 0;
    while (found > 0 && (entry = al_dict_next(view->dict, &position))) {
        al_value pair[] = {entry->key, entry->value};
        al_value item = view->kind == AL_ITEMS
                            ? al_take(al_tuple_new(pair, 2))
                            : al_value_dup(entry->key);

        found = al_vm_step(al_vm_current()) ? al_view_contains(of, item) : -1;
        al_value_release(item);
    }
    return found;
}

const al_class al_dict_keys_class = {
    .head = AL_CLASS_HEAD,
    .name = "dict_keys",
    .tag = AL_OBJECT,
    .type = &keys_type,
};

const al_class al_dict_values_class = {
    .head = AL_CLASS_HEAD,
    .name = "dict_values",
    .tag = AL_OBJECT,
    .type = &values_type,
};

const al_class al_dict_items_class = {
    .head = AL_CLASS_HEAD,
    .name = "dict_items",
    .tag = AL_OBJECT,
    .type = &items_type,
};
