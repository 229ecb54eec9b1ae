/* number_class.c - int, float and bool as classes: their constructors. */
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "loop/base/utf8.h"
#include "loop/object/character.h"
#include "sim/machine/machine.h"

/* -- text to number ----------------------------------------------------- */

/* As ASCII: digits of any script are these ten, space is ' ', and what else
 * there is '?'.  Then without the surrounding space. */
static void add_plain(const al_str *str, al_text *out)
{
    size_t length;

    for (size_t i = 0; i < str->length;) {
        uint32_t c;

        i += al_character_at(str->bytes + i, str->length - i, &c);
        if (al_character_is(c, AL_CHARACTER_SPACE))
            c = ' ';
        else if (c >= 0x80)
            c = al_character_is(c, AL_CHARACTER_DECIMAL)
                    ? '0' + (uint32_t)al_character_decimal(c) : '?';
        if (c != ' ' || out->length > 0)
            al_text_add_char(out, (char)c);
    }
    length = out->length;
    while (length > 0 && out->bytes[length - 1] == ' ')
        length--;
    al_text_truncate(out, length);
    al_text_reserve(out, 0); /* so that out->bytes is a string */
}

static int digit_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'Z' ? c - 'A' + 10 : 36;
}

/* "0x", "0o", "0b": sets the base where it is 0. */
static bool skip_prefix(const char **at, const char *end, int *base)
{
    static const struct { char letter; int base; } prefixes[] = {
        {'x', 16}, {'o', 8}, {'b', 2}};

    for (size_t i = 0; i < 3 && end - *at > 2 && **at == '0'; i++) {
        if (tolower((unsigned char)(*at)[1]) == prefixes[i].letter &&
            (*base == 0 || *base == prefixes[i].base)) {
            *base = prefixes[i].base;
            *at += 2;
            if (**at == '_')
                (*at)++;
            return true;
        }
    }
    return false;
}

typedef enum parsed { PARSED, MALFORMED, TOO_LARGE } parsed;

static parsed parse_int(const char *at, const char *end, int base,
                        int64_t *result)
{
    bool negative = at < end && *at == '-';
    bool overflow = false, prefixed, leading_zero;
    int64_t value = 0;

    if (at < end && (*at == '-' || *at == '+'))
        at++;
    prefixed = skip_prefix(&at, end, &base);
    leading_zero = base == 0 && !prefixed && at < end && *at == '0';
    if (base == 0)
        base = 10;
    if (at == end || *at == '_' || end[-1] == '_')
        return MALFORMED;
    for (; at < end; at++) {
        int digit = digit_value(*at);

        if (*at == '_' && at[1] != '_')
            continue;
        if (digit >= base)
            return MALFORMED;
        if (leading_zero && digit != 0) /* int("012", 0) */
            return MALFORMED;
        overflow |= __builtin_mul_overflow(value, base, &value);
        overflow |= __builtin_sub_overflow(value, digit, &value);
    }
    if (!negative)
        overflow |= __builtin_sub_overflow((int64_t)0, value, &value);
    *result = value;
    return overflow ? TOO_LARGE : PARSED;
}

/* Keep so many characters. */
static void shorten(al_text *text, size_t count)
{
    size_t at = 0;
    uint32_t c;

    while (at < text->length && count-- > 0)
        at += al_character_at(text->bytes + at, text->length - at, &c);
    al_text_truncate(text, at);
}

static al_value int_from_text(const al_str *str, int base)
{
    al_text text = {0}, repr = {0};
    int64_t value;
    parsed how;

    add_plain(str, &text);
    how = parse_int(text.bytes, text.bytes + text.length, base, &value);
    al_text_release(&text);
    switch (how) {
    case PARSED:
        return al_int(value);
    case TOO_LARGE:
        return al_overflow();
    case MALFORMED:
        break;
    }
    al_str_repr_bytes(str->bytes, str->length, &repr);
    shorten(&repr, 200);
    al_raise(&al_ValueError, "invalid literal for int() with base %d: %s",
             base, repr.bytes);
    al_text_release(&repr);
    return al_no_value();
}

/* The characters of a float, without "_" between digits; NULL: malformed. */
static char *clean_float(const char *text, size_t length)
{
    char *clean = al_alloc(length + 1);
    size_t to = 0;

    for (size_t i = 0; i < length; i++) {
        bool inside = i > 0 && i + 1 < length &&
                      isdigit((unsigned char)text[i - 1]) &&
                      isdigit((unsigned char)text[i + 1]);

        if (text[i] == '_' && inside)
            continue;
        if (!isalnum((unsigned char)text[i]) && !strchr("+-.", text[i]))
            break;
        if (text[i] == 'x' || text[i] == 'X' || text[i] == '\0')
            break;
        clean[to++] = text[i];
        if (i + 1 == length) {
            clean[to] = '\0';
            return clean;
        }
    }
    al_free(clean);
    return NULL;
}

static al_value float_from_text(const al_str *str)
{
    al_text text = {0}, repr = {0};
    char *clean, *end = NULL;
    double value;
    bool ok;

    add_plain(str, &text);
    clean = clean_float(text.bytes, text.length);
    value = clean ? strtod(clean, &end) : 0;
    ok = clean && end != clean && *end == '\0';
    al_free(clean);
    al_text_release(&text);
    if (ok)
        return al_float_new(value);
    al_str_repr_bytes(str->bytes, str->length, &repr);
    al_raise(&al_ValueError, "could not convert string to float: %s",
             repr.bytes);
    al_text_release(&repr);
    return al_no_value();
}

/* -- constructors ------------------------------------------------------- */

static al_value int_with_base(al_call *call)
{
    const al_str *str = al_str_peek(call->slots[0]);
    int64_t base;

    if (!al_index(call->slots[1], &base))
        return al_no_value();
    if (call->slots[0].tag == AL_ABSENT)
        return al_fail_with(&al_TypeError, "int() missing string argument");
    if ((base != 0 && base < 2) || base > 36)
        return al_fail_with(&al_ValueError,
                            "int() base must be >= 2 and <= 36, or 0");
    if (!str)
        return al_fail_with(&al_TypeError, "int() can't convert non-string "
                            "with explicit base");
    return int_from_text(str, (int)base);
}

static al_value construct_int(al_call *call)
{
    al_value value = call->slots[0];

    if (call->slots[1].tag != AL_ABSENT)
        return int_with_base(call);
    if (value.tag == AL_ABSENT)
        return al_int(0);
    if (al_is_whole(value))
        return al_int(al_whole(value));
    if (value.tag == AL_FLOAT)
        return al_int_from_double(value.as.real);
    if (al_str_peek(value))
        return int_from_text(al_str_peek(value), 10);
    return al_fail_with(&al_TypeError, "int() argument must be a string, a "
                        "bytes-like object or a real number, not '%s'",
                        al_type_name(value));
}

static al_value construct_float(al_call *call)
{
    al_value value = call->slots[0];

    if (value.tag == AL_ABSENT)
        return al_float(0);
    if (al_is_number(value))
        return al_float(al_real(value));
    if (al_str_peek(value))
        return float_from_text(al_str_peek(value));
    return al_fail_with(&al_TypeError, "float() argument must be a string or "
                        "a real number, not '%s'", al_type_name(value));
}

static al_value construct_bool(al_call *call)
{
    return al_bool(al_value_truth(call->slots[0]));
}

/* -- methods ------------------------------------------------------------ */

static al_value int_bit_length(al_call *call)
{
    int64_t value = al_whole(call->self);
    uint64_t magnitude = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;

    return al_int(magnitude ? 64 - __builtin_clzll(magnitude) : 0);
}

static al_value float_is_integer(al_call *call)
{
    double value = call->self.as.real;

    return al_bool(isfinite(value) && value == floor(value));
}

static al_value int_is_integer(al_call *call)
{
    (void)call;
    return al_bool(true);
}

static al_value get_real(al_vm *vm, al_value self)
{
    (void)vm;
    return self.tag == AL_BOOL ? al_int(self.as.boolean) : self;
}

static const al_method int_methods[] = {
    AL_METHOD(int, bit_length, .max = 0),
    AL_METHOD(int, is_integer, .max = 0),
    {0},
};

static const al_method float_methods[] = {
    AL_METHOD(float, is_integer, .max = 0),
    {0},
};

static const al_getter getters[] = {{"real", get_real}, {0}};

static const al_method int_constructor = {
    .name = "int",
    .qualname = "int",
    .call = construct_int,
    .max = 2,
    .params = "/ base",
};

static const al_method float_constructor = {
    .name = "float",
    .qualname = "float",
    .call = construct_float,
    .max = 1,
};

static const al_method bool_constructor = {
    .name = "bool",
    .qualname = "bool",
    .call = construct_bool,
    .max = 1,
};

const al_class al_int_class = {
    .head = AL_CLASS_HEAD,
    .name = "int",
    .tag = AL_INT,
    .constructor = &int_constructor,
    .methods = int_methods,
    .getters = getters,
};

const al_class al_float_class = {
    .head = AL_CLASS_HEAD,
    .name = "float",
    .tag = AL_FLOAT,
    .constructor = &float_constructor,
    .methods = float_methods,
    .getters = getters,
};

const al_class al_bool_class = {
    .head = AL_CLASS_HEAD,
    .name = "bool",
    .tag = AL_BOOL,
    .constructor = &bool_constructor,
    .methods = int_methods,
    .getters = getters,
};
