/* string_split.c - see string_split.h. */
#include "sim/python/string_split.h"

#include <string.h>
#include "loop/base/utf8.h"
#include "loop/object/character.h"
#include "sim/python/string_search.h"
#include "sim/python/string_self.h"

static void add_piece(al_call *call, al_list *list, size_t from, size_t to)
{
    al_list_take(call->vm, list,
                 al_str_from(al_str_self(call)->bytes + from, to - from));
}

static size_t skip(const al_str *str, size_t at, bool spaces)
{
    while (at < str->length) {
        uint32_t c;
        size_t size = al_character_at(str->bytes + at, str->length - at, &c);

        if (al_character_is(c, AL_CHARACTER_SPACE) != spaces)
            break;
        at += size;
    }
    return at;
}

static void split_spaces(al_call *call, al_list *list, int64_t most)
{
    const al_str *str = al_str_self(call);
    size_t at = skip(str, 0, true);

    while (at < str->length && most-- != 0) {
        size_t end = skip(str, at, false);

        add_piece(call, list, at, end);
        at = skip(str, end, true);
    }
    if (at < str->length) /* the rest, trailing space and all */
        add_piece(call, list, at, str->length);
}

static void split_at(al_call *call, al_list *list, const al_str *separator,
                     int64_t most)
{
    const al_str *str = al_str_self(call);
    size_t at = 0;

    while (most-- != 0) {
        const char *found = memmem(str->bytes + at, str->length - at,
                                   separator->bytes, separator->length);

        if (!found)
            break;
        add_piece(call, list, at, (size_t)(found - str->bytes));
        at = (size_t)(found - str->bytes) + separator->length;
    }
    add_piece(call, list, at, str->length);
}

static void split_from_end(al_call *call, al_list *list,
                           const al_str *separator, int64_t most)
{
    const al_str *str = al_str_self(call);
    size_t end = str->length;

    while (most-- != 0) {
        const char *found =
            al_str_find_last(call->vm, str->bytes, end, separator);

        if (!found)
            break;
        add_piece(call, list, (size_t)(found - str->bytes) + separator->length,
                  end);
        end = (size_t)(found - str->bytes);
    }
    add_piece(call, list, 0, end);
}

static void split_spaces_from_end(al_call *call, al_list *list, int64_t most)
{
    const al_str *str = al_str_self(call);
    size_t end = str->length;

    for (;;) {
        size_t start, last;
        uint32_t c;

        while (end > 0) {
            last = al_character_before(str->bytes, 0, end);
            al_character_at(str->bytes + last, end - last, &c);
            if (!al_character_is(c, AL_CHARACTER_SPACE))
                break;
            end = last;
        }
        if (end == 0)
            return;
        start = most-- == 0 ? 0 : end;
        while (start > 0 && most != -1) {
            last = al_character_before(str->bytes, 0, start);
            al_character_at(str->bytes + last, start - last, &c);
            if (al_character_is(c, AL_CHARACTER_SPACE))
                break;
            start = last;
        }
        add_piece(call, list, start, end);
        if (most == -1)
            return;
        end = start;
    }
}

static void reverse(al_list *list)
{
    for (size_t i = 0; i < list->count / 2; i++) {
        al_value item = list->items[i];

        list->items[i] = list->items[list->count - 1 - i];
        list->items[list->count - 1 - i] = item;
    }
}

static al_value split(al_call *call, bool from_end)
{
    const al_str *separator = al_str_peek(call->slots[0]);
    int64_t most = -1;
    al_list *list;

    if (!separator && call->slots[0].tag != AL_ABSENT &&
        call->slots[0].tag != AL_NONE)
        return al_fail_with(&al_TypeError, "must be str or None, not %s",
                            al_type_name(call->slots[0]));
    if (call->slots[1].tag != AL_ABSENT && !al_index(call->slots[1], &most))
        return al_no_value();
    if (separator && separator->length == 0)
        return al_fail_with(&al_ValueError, "empty separator");
    if (most < 0)
        most = INT64_MAX;
    list = al_list_new(call->vm, NULL, 0);
    al_str_read_self(call);
    if (separator && from_end)
        split_from_end(call, list, separator, most);
    else if (separator)
        split_at(call, list, separator, most);
    else if (from_end)
        split_spaces_from_end(call, list, most);
    else
        split_spaces(call, list, most);
    if (from_end)
        reverse(list);
    if (!al_peek_raised())
        return al_take(list);
    al_unref(list);
    return al_no_value();
}

al_value al_str_split(al_call *call)
{
    return split(call, false);
}

al_value al_str_rsplit(al_call *call)
{
    return split(call, true);
}

static bool ends_line(uint32_t c)
{
    return (c >= '\n' && c <= '\r') || (c >= 0x1c && c <= 0x1e) ||
           c == 0x85 || c == 0x2028 || c == 0x2029;
}

/* The line at `from`: where it ends, and where the next one begins. */
static void find_line(const al_str *str, size_t from, size_t *end,
                      size_t *next)
{
    uint32_t c = 0;

    for (*next = from; *next < str->length && !ends_line(c);) {
        *end = *next;
        *next += al_character_at(str->bytes + *next, str->length - *next, &c);
    }
    if (!ends_line(c))
        *end = str->length;
    else if (c == '\r' && str->bytes[*next] == '\n') /* or the final NUL */
        ++*next;
}

al_value al_str_splitlines(al_call *call)
{
    const al_str *str = al_str_read_self(call);
    bool keep = al_value_truth(call->slots[0]);
    al_list *list = al_list_new(call->vm, NULL, 0);

    for (size_t at = 0, end = 0, next = 0; at < str->length; at = next) {
        find_line(str, at, &end, &next);
        add_piece(call, list, at, keep ? next : end);
    }
    return al_take(list);
}

static al_value part(al_call *call, bool last)
{
    const al_str *str = al_str_read_self(call);
    const al_str *separator = al_str_peek(call->slots[0]);
    const char *found;
    al_value parts[3], tuple;
    size_t at;

    if (!separator)
        return al_fail_with(&al_TypeError, "must be str, not %s",
                            al_type_name(call->slots[0]));
    if (separator->length == 0)
        return al_fail_with(&al_ValueError, "empty separator");
    found = last ? al_str_find_last(call->vm, str->bytes, str->length,
                                    separator)
                 : memmem(str->bytes, str->length, separator->bytes,
                          separator->length);
    if (last && al_peek_raised())
        return al_no_value();
    if (found) {
        at = (size_t)(found - str->bytes);
        parts[0] = al_str_from(str->bytes, at);
        parts[1] = al_value_dup(call->slots[0]);
        at += separator->length;
        parts[2] = al_str_from(str->bytes + at, str->length - at);
    } else {
        parts[last ? 2 : 0] = al_value_dup(call->self);
        parts[1] = al_str_new("");
        parts[last ? 0 : 2] = al_str_new("");
    }
    tuple = al_take(al_tuple_new(parts, 3));
    for (int i = 0; i < 3; i++)
        al_value_release(parts[i]);
    return tuple;
}

al_value al_str_partition(al_call *call)
{
    return part(call, false);
}

al_value al_str_rpartition(al_call *call)
{
    return part(call, true);
}

/* The length of all items joined; false: raised. */
static bool joined_length(al_call *call, const al_list *list, size_t *length)
{
    *length = 0;
    for (size_t i = 0; i < list->count; i++) {
        const al_str *item = al_str_peek(list->items[i]);

        if (!item)
            return al_raise(&al_TypeError, "sequence item %zu: expected str "
                            "instance, %s found", i,
                            al_type_name(list->items[i]));
        *length += item->length + (i ? al_str_self(call)->length : 0);
        if (!al_vm_may_allocate(call->vm, *length))
            return false;
    }
    return true;
}

static al_value join(al_call *call, const al_list *list)
{
    const al_str *separator = al_str_self(call);
    al_text text = {0};
    size_t length;

    if (!joined_length(call, list, &length))
        return al_no_value();
    al_text_reserve(&text, length);
    for (size_t i = 0; i < list->count; i++) {
        const al_str *item = al_str_peek(list->items[i]);

        if (i)
            al_text_add_bytes(&text, separator->bytes, separator->length);
        al_text_add_bytes(&text, item->bytes, item->length);
    }
    return al_str_take(call->vm, &text);
}

al_value al_str_join(al_call *call)
{
    al_list *list = al_list_from(call->vm, call->slots[0]);
    al_value result;

    if (!list) {
        if (al_exception_is(al_peek_raised(), &al_TypeError))
            al_raise(&al_TypeError, "can only join an iterable");
        return al_no_value();
    }
    result = join(call, list);
    al_unref(list);
    return result;
}
