/* string_methods.c - str as a class; its shorter methods.
 *
 *     string_case.c    letters: their cases, their classes
 *     string_search.c  find, startswith, replace and their like
 *     string_split.c   split, partition, join
 */
#include <string.h>
#include "loop/base/utf8.h"
#include "loop/object/character.h"
#include "sim/machine/machine.h"
#include "sim/python/string_case.h"
#include "sim/python/string_search.h"
#include "sim/python/string_self.h"
#include "sim/python/string_split.h"

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

static al_value strip(al_call *call, bool left, bool right)
{
    const al_str *str = al_str_read_self(call);
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
        size_t at = al_character_before(str->bytes, start, end);
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
    const al_str *str = al_str_self(call);
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
    const al_str *str = al_str_self(call);
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
    const al_str *str = al_str_read_self(call);
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

/* A method of one of the other files. */
#define OTHER_METHOD(method, ...)                                              \
    {.name = #method, .qualname = "str." #method, .call = al_str_##method,     \
     __VA_ARGS__}

static const al_method methods[] = {
    OTHER_METHOD(upper, .max = 0),
    OTHER_METHOD(lower, .max = 0),
    OTHER_METHOD(swapcase, .max = 0),
    OTHER_METHOD(title, .max = 0),
    OTHER_METHOD(capitalize, .max = 0),
    OTHER_METHOD(casefold, .max = 0),
    OTHER_METHOD(isalpha, .max = 0),
    OTHER_METHOD(isdecimal, .max = 0),
    OTHER_METHOD(isdigit, .max = 0),
    OTHER_METHOD(isnumeric, .max = 0),
    OTHER_METHOD(isalnum, .max = 0),
    OTHER_METHOD(isspace, .max = 0),
    OTHER_METHOD(isprintable, .max = 0),
    OTHER_METHOD(isidentifier, .max = 0),
    OTHER_METHOD(isascii, .max = 0),
    OTHER_METHOD(isupper, .max = 0),
    OTHER_METHOD(islower, .max = 0),
    OTHER_METHOD(istitle, .max = 0),
    AL_METHOD(str, expandtabs, .max = 1, .params = "tabsize",
              .arity = AL_ARITY_TAKES),
    AL_METHOD(str, strip, .max = 1),
    AL_METHOD(str, lstrip, .max = 1),
    AL_METHOD(str, rstrip, .max = 1),
    OTHER_METHOD(find, .min = 1, .max = 3),
    OTHER_METHOD(rfind, .min = 1, .max = 3),
    OTHER_METHOD(index, .min = 1, .max = 3),
    OTHER_METHOD(rindex, .min = 1, .max = 3),
    OTHER_METHOD(count, .min = 1, .max = 3),
    OTHER_METHOD(startswith, .min = 1, .max = 3),
    OTHER_METHOD(endswith, .min = 1, .max = 3),
    OTHER_METHOD(removeprefix, .min = 1, .max = 1),
    OTHER_METHOD(removesuffix, .min = 1, .max = 1),
    OTHER_METHOD(split, .max = 2, .params = "sep maxsplit",
              .arity = AL_ARITY_TAKES),
    OTHER_METHOD(rsplit, .max = 2, .params = "sep maxsplit",
              .arity = AL_ARITY_TAKES),
    OTHER_METHOD(splitlines, .max = 1, .params = "keepends",
              .arity = AL_ARITY_TAKES),
    OTHER_METHOD(partition, .min = 1, .max = 1),
    OTHER_METHOD(rpartition, .min = 1, .max = 1),
    OTHER_METHOD(join, .min = 1, .max = 1),
    OTHER_METHOD(replace, .min = 2, .max = 3, .params = "/old /new count",
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
