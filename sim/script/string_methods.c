/* string_methods.c - what str can do. */
#include <string.h>
#include "loop/object/character.h"
#include "sim/script/machine.h"
#include "sim/script/string_case.h"
#include "loop/base/utf8.h"

static const al_str *self_of(al_call *call)
{
    return al_str_peek(call->self);
}

/* The same, for a method that looks at all of it. */
static const al_str *read_self(al_call *call)
{
    al_vm_charge(call->vm, self_of(call)->length);
    return self_of(call);
}

/* -- strip -------------------------------------------------------------- */

static bool strips(al_vm *vm, const al_str *set, const char *character,
                   size_t size, uint32_t c)
{
    if (set && set->length >= AL_WORK_OF_A_STEP) {
        al_vm_charge(vm, set->length);
        if (!al_vm_step(vm))
            return false;
    }
    return set ? memmem(set->bytes, set->length, character, size) != NULL
               : al_character_is(c, AL_CHARACTER_SPACE);
}

static size_t last_character(const char *bytes, size_t from, size_t end)
{
    size_t at = end - 1;

    while (at > from && ((unsigned char)bytes[at] & 0xc0) == 0x80)
        at--;
    return at;
}

static al_value strip(al_call *call, bool left, bool right)
{
    const al_str *str = read_self(call);
    const al_str *set = al_str_peek(call->slots[0]);
    size_t start = 0, end = str->length;
    uint32_t c;

    if (!set && call->slots[0].tag != AL_ABSENT &&
        call->slots[0].tag != AL_NONE)
        return al_fail_with(&al_TypeError, "%s arg must be None or str",
                            call->method->name);
    while (left && start < end) {
        size_t size = al_character_at(str->bytes + start, end - start, &c);

        if (!strips(call->vm, set, str->bytes + start, size, c))
            break;
        start += size;
    }
    while (right && start < end) {
        size_t at = last_character(str->bytes, start, end);
        size_t size = al_character_at(str->bytes + at, end - at, &c);

        if (!strips(call->vm, set, str->bytes + at, size, c))
            break;
        end = at;
    }
    return al_peek_raised() ? al_no_value()
                            : al_str_from(str->bytes + start, end - start);
}

static al_value str_strip(al_call *call)
{
    return strip(call, true, true);
}

static al_value str_lstrip(al_call *call)
{
    return strip(call, true, false);
}

static al_value str_rstrip(al_call *call)
{
    return strip(call, false, true);
}

/* -- find --------------------------------------------------------------- */

/* start and end arguments as byte offsets; false: raised. */
static bool bounds_of(al_call *call, size_t *from, size_t *to)
{
    const al_str *str = self_of(call);
    int64_t length = (int64_t)al_str_characters(str);
    int64_t bounds[2] = {0, length};

    for (int i = 0; i < 2; i++) {
        al_value given = call->slots[i + 1];

        if (given.tag == AL_ABSENT || given.tag == AL_NONE)
            continue;
        if (!al_is_whole(given))
            return al_raise(&al_TypeError, "slice indices must be integers "
                            "or None or have an __index__ method");
        bounds[i] = al_whole(given);
        if (bounds[i] < 0)
            bounds[i] += length;
        if (bounds[i] < 0)
            bounds[i] = 0;
    }
    if (bounds[1] > length)
        bounds[1] = length;
    if (bounds[0] > bounds[1]) { /* nothing there, not even "" */
        *from = SIZE_MAX;
        *to = 0;
        return true;
    }
    *from = al_str_offset(str, (size_t)bounds[0]);
    *to = al_str_offset(str, (size_t)bounds[1]);
    return true;
}

/* Naively, and so in steps.  NULL: none, or raised. */
static const char *find_last(al_vm *vm, const char *bytes, size_t length,
                             const al_str *part)
{
    size_t places = part->length > length ? 0 : length - part->length + 1;
    const char *at;

    if (part->length == 0)
        return bytes + length;
    while ((at = memrchr(bytes, part->bytes[0], places))) {
        if (memcmp(at, part->bytes, part->length) == 0)
            return at;
        places = (size_t)(at - bytes);
        al_vm_charge(vm, part->length);
        if (!al_vm_step(vm))
            return NULL;
    }
    return NULL;
}

static const al_str *needle(al_call *call)
{
    const al_str *part = al_str_peek(call->slots[0]);

    if (!part)
        al_raise(&al_TypeError, "%s() argument 1 must be str, not %s",
                 call->method->name,
                 call->slots[0].tag == AL_NONE ? "None"
                                               : al_type_name(call->slots[0]));
    return part;
}

/* Index in characters; -1: not found, -2: raised. */
static int64_t find(al_call *call, bool last)
{
    const al_str *str = read_self(call);
    const al_str *part = needle(call);
    const char *found;
    size_t from, to;

    if (!part || !bounds_of(call, &from, &to))
        return -2;
    if (from > to)
        return -1;
    found = last ? find_last(call->vm, str->bytes + from, to - from, part)
                 : memmem(str->bytes + from, to - from, part->bytes,
                          part->length);
    if (last && al_peek_raised())
        return -2;
    return found ? (int64_t)al_character_count(str->bytes,
                                          (size_t)(found - str->bytes))
                 : -1;
}

static al_value find_or_fail(int64_t at, bool must)
{
    if (at == -1 && must)
        return al_fail_with(&al_ValueError, "substring not found");
    return at == -2 ? al_no_value() : al_int(at);
}

static al_value str_find(al_call *call)
{
    return find_or_fail(find(call, false), false);
}

static al_value str_rfind(al_call *call)
{
    return find_or_fail(find(call, true), false);
}

static al_value str_index(al_call *call)
{
    return find_or_fail(find(call, false), true);
}

static al_value str_rindex(al_call *call)
{
    return find_or_fail(find(call, true), true);
}

/* How often `part` is in the text, at most `most` times. */
static int64_t occurrences(const char *text, size_t length,
                           const al_str *part, int64_t most)
{
    const char *end = text + length;
    int64_t count = 0;

    for (; count < most; count++) {
        text = memmem(text, (size_t)(end - text), part->bytes, part->length);
        if (!text)
            break;
        text += part->length;
    }
    return count;
}

static al_value str_count(al_call *call)
{
    const al_str *str = read_self(call);
    const al_str *part = needle(call);
    size_t from, to;

    if (!part || !bounds_of(call, &from, &to))
        return al_no_value();
    if (from > to)
        return al_int(0);
    if (part->length == 0)
        return al_int(
            (int64_t)al_character_count(str->bytes + from, to - from) + 1);
    return al_int(occurrences(str->bytes + from, to - from, part, INT64_MAX));
}

/* -- startswith, endswith ----------------------------------------------- */

static bool fits(const al_str *str, size_t from, size_t to,
                 const al_str *part, bool at_end)
{
    if (from > to || part->length > to - from)
        return false;
    return memcmp(at_end ? str->bytes + to - part->length : str->bytes + from,
                  part->bytes, part->length) == 0;
}

static al_value affix(al_call *call, bool at_end)
{
    const al_str *str = self_of(call);
    al_value first = call->slots[0];
    const al_tuple *parts = (const al_tuple *)first.as.object;
    size_t from, to;

    if (!bounds_of(call, &from, &to))
        return al_no_value();
    if (al_str_peek(first))
        return al_bool(fits(str, from, to, al_str_peek(first), at_end));
    if (!al_is(first, &al_tuple_type))
        return al_fail_with(&al_TypeError, "%s first arg must be str or a "
                            "tuple of str, not %s", call->method->name,
                            al_type_name(first));
    al_vm_charge(call->vm, parts->count);
    for (size_t i = 0; i < parts->count; i++) {
        const al_str *part = al_str_peek(parts->items[i]);

        if (!part)
            return al_fail_with(&al_TypeError, "tuple for %s must only "
                                "contain str, not %s", call->method->name,
                                al_type_name(parts->items[i]));
        if (fits(str, from, to, part, at_end))
            return al_bool(true);
    }
    return al_bool(false);
}

static al_value str_startswith(al_call *call)
{
    return affix(call, false);
}

static al_value str_endswith(al_call *call)
{
    return affix(call, true);
}

static al_value remove_affix(al_call *call, bool at_end)
{
    const al_str *str = self_of(call);
    const al_str *part = al_str_peek(call->slots[0]);
    size_t cut;

    if (!part)
        return al_fail_with(&al_TypeError,
                            "%s() argument must be str, not %s",
                            call->method->name, al_type_name(call->slots[0]));
    if (!fits(str, 0, str->length, part, at_end))
        return al_value_dup(call->self);
    cut = part->length;
    al_vm_charge(call->vm, str->length);
    return al_str_from(str->bytes + (at_end ? 0 : cut), str->length - cut);
}

static al_value str_removeprefix(al_call *call)
{
    return remove_affix(call, false);
}

static al_value str_removesuffix(al_call *call)
{
    return remove_affix(call, true);
}

/* -- split and join ----------------------------------------------------- */

static void add_piece(al_call *call, al_list *list, size_t from, size_t to)
{
    al_list_take(call->vm, list,
                 al_str_from(self_of(call)->bytes + from, to - from));
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
    const al_str *str = self_of(call);
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
    const al_str *str = self_of(call);
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
    const al_str *str = self_of(call);
    size_t end = str->length;

    while (most-- != 0) {
        const char *found = find_last(call->vm, str->bytes, end, separator);

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
    const al_str *str = self_of(call);
    size_t end = str->length;

    for (;;) {
        size_t start, last;
        uint32_t c;

        while (end > 0) {
            last = last_character(str->bytes, 0, end);
            al_character_at(str->bytes + last, end - last, &c);
            if (!al_character_is(c, AL_CHARACTER_SPACE))
                break;
            end = last;
        }
        if (end == 0)
            return;
        start = most-- == 0 ? 0 : end;
        while (start > 0 && most != -1) {
            last = last_character(str->bytes, 0, start);
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
    read_self(call);
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

static al_value str_split(al_call *call)
{
    return split(call, false);
}

static al_value str_rsplit(al_call *call)
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

static al_value str_splitlines(al_call *call)
{
    const al_str *str = read_self(call);
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
    const al_str *str = read_self(call);
    const al_str *separator = al_str_peek(call->slots[0]);
    const char *found;
    al_value parts[3], tuple;
    size_t at;

    if (!separator)
        return al_fail_with(&al_TypeError, "must be str, not %s",
                            al_type_name(call->slots[0]));
    if (separator->length == 0)
        return al_fail_with(&al_ValueError, "empty separator");
    found = last ? find_last(call->vm, str->bytes, str->length, separator)
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

static al_value str_partition(al_call *call)
{
    return part(call, false);
}

static al_value str_rpartition(al_call *call)
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
        *length += item->length + (i ? self_of(call)->length : 0);
        if (!al_vm_may_allocate(call->vm, *length))
            return false;
    }
    return true;
}

static al_value join(al_call *call, const al_list *list)
{
    const al_str *separator = self_of(call);
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

static al_value str_join(al_call *call)
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

/* -- replace ------------------------------------------------------------ */

static const al_str *argument(al_call *call, int index)
{
    const al_str *str = al_str_peek(call->slots[index]);

    if (!str)
        al_raise(&al_TypeError, "%s() argument %d must be str, not %s",
                 call->method->name, index + 1,
                 call->slots[index].tag == AL_NONE
                     ? "None" : al_type_name(call->slots[index]));
    return str;
}

/* Between all characters, and at both ends. */
static void interleave(const al_str *str, const al_str *with, int64_t most,
                       al_text *out)
{
    size_t at = 0;
    uint32_t c;

    while (most-- > 0) {
        size_t size;

        al_text_add_bytes(out, with->bytes, with->length);
        if (at >= str->length)
            return;
        size = al_character_at(str->bytes + at, str->length - at, &c);
        al_text_add_bytes(out, str->bytes + at, size);
        at += size;
    }
    al_text_add_bytes(out, str->bytes + at, str->length - at);
}

static void replace_some(const al_str *str, const al_str *old,
                         const al_str *with, int64_t times, al_text *out)
{
    const char *at = str->bytes, *end = str->bytes + str->length;

    for (; times > 0; times--) {
        const char *found =
            memmem(at, (size_t)(end - at), old->bytes, old->length);

        al_text_add_bytes(out, at, (size_t)(found - at));
        al_text_add_bytes(out, with->bytes, with->length);
        at = found + old->length;
    }
    al_text_add_bytes(out, at, (size_t)(end - at));
}

/* The times an empty string is found: around every character. */
static int64_t gaps(const al_str *str, int64_t most)
{
    int64_t count = (int64_t)al_str_characters(str) + 1;

    return count < most ? count : most;
}

static al_value str_replace(al_call *call)
{
    const al_str *str = read_self(call);
    const al_str *old = argument(call, 0);
    const al_str *with = old ? argument(call, 1) : NULL;
    int64_t most = -1, times;
    al_text text = {0};

    if (!old || !with ||
        (call->slots[2].tag != AL_ABSENT && !al_index(call->slots[2], &most)))
        return al_no_value();
    if (most < 0)
        most = INT64_MAX;
    times = old->length ? occurrences(str->bytes, str->length, old, most)
                        : gaps(str, most);
    if (!al_vm_may_allocate(call->vm,
                            str->length + (size_t)times * with->length))
        return al_no_value();
    if (old->length)
        replace_some(str, old, with, times, &text);
    else
        interleave(str, with, times, &text);
    return al_str_take(call->vm, &text);
}

/* -- padding ------------------------------------------------------------ */

static bool padding_of(al_call *call, int64_t *width, const al_str **fill)
{
    *fill = al_str_peek(call->slots[1]);
    if (!al_index(call->slots[0], width))
        return false;
    if (call->slots[1].tag == AL_ABSENT)
        return true;
    if (!*fill)
        return al_raise(&al_TypeError, "The fill character must be a unicode "
                        "character, not %s", al_type_name(call->slots[1]));
    return al_str_characters(*fill) == 1 ||
           al_raise(&al_TypeError, "The fill character must be exactly one "
                    "character long");
}

static void add_fill(al_text *out, const al_str *fill, int64_t count)
{
    for (int64_t i = 0; i < count; i++)
        al_text_add_bytes(out, fill ? fill->bytes : " ",
                          fill ? fill->length : 1);
}

static al_value pad(al_call *call, int where) /* -1 left, 0 both, 1 right */
{
    const al_str *str = self_of(call);
    int64_t width, missing, before;
    const al_str *fill;
    al_text text = {0};

    if (!padding_of(call, &width, &fill))
        return al_no_value();
    missing = width - (int64_t)al_str_characters(str);
    if (missing <= 0)
        return al_value_dup(call->self);
    if (!al_vm_may_allocate(call->vm, (size_t)missing))
        return al_no_value();
    before = where < 0 ? missing
             : where > 0 ? 0 : missing / 2 + (missing & width & 1);
    add_fill(&text, fill, before);
    al_text_add_bytes(&text, str->bytes, str->length);
    add_fill(&text, fill, missing - before);
    return al_str_take(call->vm, &text);
}

static al_value str_ljust(al_call *call)
{
    return pad(call, 1);
}

static al_value str_rjust(al_call *call)
{
    return pad(call, -1);
}

static al_value str_center(al_call *call)
{
    return pad(call, 0);
}

static al_value str_zfill(al_call *call)
{
    const al_str *str = self_of(call);
    int64_t width, missing;
    size_t sign = str->length && (str->bytes[0] == '-' ||
                                  str->bytes[0] == '+');
    al_text text = {0};

    if (!al_index(call->slots[0], &width))
        return al_no_value();
    missing = width - (int64_t)al_str_characters(str);
    if (missing <= 0)
        return al_value_dup(call->self);
    if (!al_vm_may_allocate(call->vm, (size_t)missing))
        return al_no_value();
    al_text_add_bytes(&text, str->bytes, sign);
    for (int64_t i = 0; i < missing; i++)
        al_text_add_char(&text, '0');
    al_text_add_bytes(&text, str->bytes + sign, str->length - sign);
    return al_str_take(call->vm, &text);
}

/* A tab fills up to the next column that is a multiple of the size. */
static al_value str_expandtabs(al_call *call)
{
    const al_str *str = read_self(call);
    int64_t size = 8, column = 0;
    al_text text = {0};

    if (call->slots[0].tag != AL_ABSENT && !al_index(call->slots[0], &size))
        return al_no_value();
    for (size_t i = 0; i < str->length; i++) {
        char c = str->bytes[i];
        int64_t spaces = c == '\t' && size > 0 ? size - column % size : 0;

        if (!al_vm_may_allocate(call->vm, text.length + (size_t)spaces)) {
            al_text_release(&text);
            return al_no_value();
        }
        add_fill(&text, NULL, spaces);
        if (c != '\t')
            al_text_add_char(&text, c);
        column = c == '\n' || c == '\r'
                     ? 0 : column + spaces + al_begins_character(c);
    }
    return al_str_take(call->vm, &text);
}

/* -- the class ---------------------------------------------------------- */

#define CASE_METHOD(method)                                                    \
    {.name = #method, .qualname = "str." #method, .call = al_str_##method}

static const al_method methods[] = {
    CASE_METHOD(upper),
    CASE_METHOD(lower),
    CASE_METHOD(swapcase),
    CASE_METHOD(title),
    CASE_METHOD(capitalize),
    CASE_METHOD(casefold),
    CASE_METHOD(isalpha),
    CASE_METHOD(isdecimal),
    CASE_METHOD(isdigit),
    CASE_METHOD(isnumeric),
    CASE_METHOD(isalnum),
    CASE_METHOD(isspace),
    CASE_METHOD(isprintable),
    CASE_METHOD(isidentifier),
    CASE_METHOD(isascii),
    CASE_METHOD(isupper),
    CASE_METHOD(islower),
    CASE_METHOD(istitle),
    AL_METHOD(str, expandtabs, .max = 1, .params = "tabsize",
              .arity = AL_ARITY_TAKES),
    AL_METHOD(str, strip, .max = 1),
    AL_METHOD(str, lstrip, .max = 1),
    AL_METHOD(str, rstrip, .max = 1),
    AL_METHOD(str, find, .min = 1, .max = 3),
    AL_METHOD(str, rfind, .min = 1, .max = 3),
    AL_METHOD(str, index, .min = 1, .max = 3),
    AL_METHOD(str, rindex, .min = 1, .max = 3),
    AL_METHOD(str, count, .min = 1, .max = 3),
    AL_METHOD(str, startswith, .min = 1, .max = 3),
    AL_METHOD(str, endswith, .min = 1, .max = 3),
    AL_METHOD(str, removeprefix, .min = 1, .max = 1),
    AL_METHOD(str, removesuffix, .min = 1, .max = 1),
    AL_METHOD(str, split, .max = 2, .params = "sep maxsplit",
              .arity = AL_ARITY_TAKES),
    AL_METHOD(str, rsplit, .max = 2, .params = "sep maxsplit",
              .arity = AL_ARITY_TAKES),
    AL_METHOD(str, splitlines, .max = 1, .params = "keepends",
              .arity = AL_ARITY_TAKES),
    AL_METHOD(str, partition, .min = 1, .max = 1),
    AL_METHOD(str, rpartition, .min = 1, .max = 1),
    AL_METHOD(str, join, .min = 1, .max = 1),
    AL_METHOD(str, replace, .min = 2, .max = 3, .params = "/old /new count",
              .arity = AL_ARITY_TAKES),
    AL_METHOD(str, ljust, .min = 1, .max = 2),
    AL_METHOD(str, rjust, .min = 1, .max = 2),
    AL_METHOD(str, center, .min = 1, .max = 2),
    AL_METHOD(str, zfill, .min = 1, .max = 1),
    {0},
};

static al_value construct(al_call *call)
{
    al_text text = {0};

    if (call->slots[1].tag != AL_ABSENT && !al_str_peek(call->slots[1]))
        return al_fail_with(&al_TypeError, "str() argument 'encoding' must "
                            "be str, not %s", al_type_name(call->slots[1]));
    if (call->slots[1].tag != AL_ABSENT && !al_str_peek(call->slots[0]))
        return al_fail_with(&al_TypeError, "decoding to str: need a "
                            "bytes-like object, %s found",
                            al_type_name(call->slots[0]));
    if (call->slots[1].tag != AL_ABSENT)
        return al_fail_with(&al_TypeError, "decoding %s is not supported",
                            al_type_name(call->slots[0]));
    if (call->slots[0].tag == AL_ABSENT)
        return al_str_new("");
    if (al_str_peek(call->slots[0]))
        return al_value_dup(call->slots[0]);
    if (al_add_str(call->slots[0], &text))
        return al_str_take(call->vm, &text);
    al_text_release(&text);
    return al_no_value();
}

static const al_method constructor = {
    .name = "str",
    .qualname = "str",
    .call = construct,
    .max = 3,
    .params = "object encoding errors",
};

const al_class al_str_class = {
    .head = AL_CLASS_HEAD,
    .name = "str",
    .tag = AL_OBJECT,
    .type = &al_str_type,
    .constructor = &constructor,
    .methods = methods,
};
