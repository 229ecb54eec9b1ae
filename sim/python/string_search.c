/* string_search.c - see string_search.h. */
#include "sim/python/string_search.h"

#include <string.h>
#include "loop/base/utf8.h"
#include "sim/python/string_self.h"

/* -- find --------------------------------------------------------------- */

/* start and end arguments as byte offsets; false: raised. */
static bool bounds_of(al_call *call, size_t *from, size_t *to)
{
    const al_str *str = al_str_self(call);
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

/* Naively, and so in steps. */
const char *al_str_find_last(al_vm *vm, const char *bytes, size_t length,
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
    const al_str *str = al_str_read_self(call);
    const al_str *part = needle(call);
    const char *found;
    size_t from, to;

    if (!part || !bounds_of(call, &from, &to))
        return -2;
    if (from > to)
        return -1;
    found = last ? al_str_find_last(call->vm, str->bytes + from, to - from,
                                    part)
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

al_value al_str_find(al_call *call)
{
    return find_or_fail(find(call, false), false);
}

al_value al_str_rfind(al_call *call)
{
    return find_or_fail(find(call, true), false);
}

al_value al_str_index(al_call *call)
{
    return find_or_fail(find(call, false), true);
}

al_value al_str_rindex(al_call *call)
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

al_value al_str_count(al_call *call)
{
    const al_str *str = al_str_read_self(call);
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
    const al_str *str = al_str_self(call);
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

al_value al_str_startswith(al_call *call)
{
    return affix(call, false);
}

al_value al_str_endswith(al_call *call)
{
    return affix(call, true);
}

static al_value remove_affix(al_call *call, bool at_end)
{
    const al_str *str = al_str_self(call);
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

al_value al_str_removeprefix(al_call *call)
{
    return remove_affix(call, false);
}

al_value al_str_removesuffix(al_call *call)
{
    return remove_affix(call, true);
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

al_value al_str_replace(al_call *call)
{
    const al_str *str = al_str_read_self(call);
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
