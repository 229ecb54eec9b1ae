/* repr.c - repr() and str() of any value, as text and as a str.
 *
 * The types' own repr functions cannot fail; one that finds itself nested
 * too deeply leaves a RecursionError in the thread's slot, which is looked
 * for here. */
#include "sim/python/repr.h"

#include "sim/machine/machine.h"

bool al_add_repr(al_value value, al_text *out)
{
    al_value_repr(value, out);
    al_text_reserve(out, 0); /* so that out->bytes is a string */
    return value.tag != AL_OBJECT || !al_peek_raised();
}

bool al_add_str(al_value value, al_text *out)
{
    al_value_str(value, out);
    al_text_reserve(out, 0);
    return value.tag != AL_OBJECT || !al_peek_raised();
}

al_value al_str_take(al_vm *vm, al_text *text)
{
    al_value str = al_no_value();

    al_vm_charge(vm, text->length);
    if (al_vm_may_allocate(vm, text->length))
        str = al_str_from_text(text);
    al_text_release(text);
    return str;
}

/* -- as reprlib ---------------------------------------------------------- */

enum { MAX_LIST = 6, MAX_DICT = 4 };

static void short_list(const al_list *list, int level, al_text *out)
{
    if (level <= 0 && list->count) {
        al_text_add(out, "[...]");
        return;
    }
    al_text_add_char(out, '[');
    for (size_t i = 0; i < list->count && i < MAX_LIST; i++) {
        if (i)
            al_text_add(out, ", ");
        al_value_short_repr_level(list->items[i], level - 1, out);
    }
    al_text_add(out, list->count > MAX_LIST ? ", ...]" : "]");
}

/* reprlib sorts the keys where it can: strings or numbers all. */
static al_list *sorted_keys(al_vm *vm, const al_dict *dict)
{
    al_list *keys = al_list_new(vm, NULL, 0);
    size_t position = 0;
    const al_dict_entry *entry;

    while ((entry = al_dict_next(dict, &position)))
        al_list_append(vm, keys, entry->key);
    if (!al_list_sort(vm, keys, al_none(), false)) {
        al_unref(al_fetch_raised());
        al_list_clear(keys);
        position = 0;
        while ((entry = al_dict_next(dict, &position)))
            al_list_append(vm, keys, entry->key);
    }
    return keys;
}

static void short_dict(al_dict *dict, int level, al_text *out)
{
    al_list *keys;

    if (dict->count == 0 || level <= 0) {
        al_text_add(out, dict->count ? "{...}" : "{}");
        return;
    }
    keys = sorted_keys(al_vm_current(), dict);
    al_text_add_char(out, '{');
    for (size_t i = 0; i < keys->count && i < MAX_DICT; i++) {
        if (i)
            al_text_add(out, ", ");
        al_value_short_repr_level(keys->items[i], level - 1, out);
        al_text_add(out, ": ");
        al_value_short_repr_level(*al_dict_find(dict, keys->items[i]),
                                  level - 1, out);
    }
    al_text_add(out, dict->count > MAX_DICT ? ", ...}" : "}");
    al_unref(keys);
}

/* Of futures, tasks and coroutines, which cannot be sorted. */
static void short_set(al_dict *items, int level, al_text *out)
{
    al_list *keys = al_list_new(al_vm_current(), NULL, 0);
    size_t position = 0;
    const al_dict_entry *entry;
    al_text text = {0};

    while ((entry = al_dict_next(items, &position)))
        al_list_append(al_vm_current(), keys, entry->key);
    short_list(keys, level, &text);
    if (items->count == 0)
        al_text_add(out, "set()");
    else
        al_text_add_format(out, "{%.*s}", (int)text.length - 2,
                           al_text_peek(&text) + 1);
    al_text_release(&text);
    al_unref(keys);
}

bool al_short_repr_container(al_value value, int level, al_text *out)
{
    if (al_list_peek(value))
        short_list(al_list_peek(value), level, out);
    else if (al_dict_peek(value) && al_vm_current())
        short_dict(al_dict_peek(value), level, out);
    else if (al_set_peek(value) && al_vm_current())
        short_set(al_set_peek(value), level, out);
    else
        return false;
    return true;
}

al_value al_str_value(al_vm *vm, al_value value)
{
    al_text text = {0};

    if (al_str_peek(value))
        return al_value_dup(value);
    if (al_add_str(value, &text))
        return al_str_take(vm, &text);
    al_text_release(&text);
    return al_no_value();
}
