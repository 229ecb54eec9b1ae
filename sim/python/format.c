/* format.c - the format specification: f"{value:>8,.2f}".
 *
 *     [[fill]align][sign][z][#][0][width][grouping][.precision][type]
 */
#include "sim/python/format.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "loop/base/utf8.h"
#include "sim/machine/machine.h"

typedef struct format_spec {
    uint32_t fill;
    char align; /* one of <>=^ */
    bool has_fill, has_align;
    char sign;     /* '+', '-', ' ' or 0 */
    bool coerces_zero, is_alternate;
    int64_t width; /* -1: none */
    char grouping; /* ',', '_' or 0 */
    int64_t precision; /* -1: none */
    char fraction_grouping;
    uint32_t type; /* a character, of any kind; 0: none */
} format_spec;

/* -- parsing ------------------------------------------------------------ */

static bool is_in(uint32_t c, const char *set)
{
    return c > 0 && c < 128 && strchr(set, (int)c) != NULL;
}

static bool is_align(char c)
{
    return is_in((unsigned char)c, "<>=^");
}

static bool parse_number(const char **at, const char *end, int64_t *number)
{
    if (*at >= end || !isdigit((unsigned char)**at))
        return true;
    *number = 0;
    while (*at < end && isdigit((unsigned char)**at)) {
        *number = *number * 10 + (*(*at)++ - '0');
        if (*number > INT32_MAX)
            return al_raise(&al_ValueError,
                            "Too many decimal digits in format string");
    }
    return true;
}

static const char *parse_fill(format_spec *spec, const char *at,
                              const char *end)
{
    uint32_t c;
    size_t size = at < end ? al_character_at(at, (size_t)(end - at), &c) : 0;

    if (size && at + size < end && is_align(at[size])) {
        spec->fill = c;
        spec->has_fill = true;
        at += size;
    }
    if (at < end && is_align(*at)) {
        spec->align = *at++;
        spec->has_align = true;
    }
    return at;
}

/* One of ',' and '_', not both. */
static bool parse_grouping(char *grouping, const char **at, const char *end)
{
    if (*at < end && is_in((unsigned char)**at, ",_"))
        *grouping = *(*at)++;
    if (*at < end && *grouping && **at != *grouping &&
        is_in((unsigned char)**at, ",_"))
        return al_raise(&al_ValueError, "Cannot specify both ',' and '_'.");
    return true;
}

static bool parse_precision(format_spec *spec, const char **at,
                            const char *end)
{
    const char *start;

    if (*at >= end || **at != '.')
        return true;
    start = ++*at;
    if (!parse_number(at, end, &spec->precision) ||
        !parse_grouping(&spec->fraction_grouping, at, end))
        return false;
    if (*at == start)
        return al_raise(&al_ValueError,
                        "Format specifier missing precision");
    return true;
}

/* What a message shows of a type, between quotes: itself, or its number. */
static void add_type(uint32_t type, al_text *out)
{
    if (type > 32 && type < 128)
        al_text_add_char(out, (char)type);
    else
        al_text_add_format(out, "\\x%x", (unsigned)type);
}

static bool cannot_group(char grouping, uint32_t type)
{
    al_text text = {0};

    add_type(type, &text);
    al_raise(&al_ValueError, "Cannot specify '%c' with '%s'.", grouping,
             text.bytes);
    al_text_release(&text);
    return false;
}

/* type: the one meant where none is given. */
static bool check_grouping(const format_spec *spec, uint32_t type)
{
    bool is_real = type == 0 || is_in(type, "eEfFgG%");
    bool is_based = spec->grouping == '_' && is_in(type, "boxX");

    if (spec->grouping && !is_real && !is_based && type != 'd')
        return cannot_group(spec->grouping, type);
    if (spec->fraction_grouping && type == 'n')
        return cannot_group(spec->fraction_grouping, type);
    return true;
}

static bool invalid(const char *text, size_t length, const char *type)
{
    return al_raise(&al_ValueError,
                    "Invalid format specifier '%.*s' for object of type '%s'",
                    (int)length, text, type);
}

static bool parse_spec(format_spec *spec, const char *text, size_t length,
                       al_value value)
{
    const char *type = al_type_name(value);
    uint32_t usual = al_is_whole(value) ? 'd' : al_str_peek(value) ? 's' : 0;
    char align = al_str_peek(value) ? '<' : '>';
    const char *end = text + length;
    const char *at;

    *spec = (format_spec){.fill = ' ', .align = align, .width = -1,
                             .precision = -1};
    at = parse_fill(spec, text, end);
    if (at < end && is_in((unsigned char)*at, "+- "))
        spec->sign = *at++;
    if (at < end && *at == 'z') {
        spec->coerces_zero = true;
        at++;
    }
    if (at < end && *at == '#') {
        spec->is_alternate = true;
        at++;
    }
    if (at < end && *at == '0' && !spec->has_fill) {
        spec->fill = '0';
        if (!spec->has_align && align == '>')
            spec->align = '=';
        at++;
    }
    if (!parse_number(&at, end, &spec->width) ||
        !parse_grouping(&spec->grouping, &at, end) ||
        !parse_precision(spec, &at, end))
        return false;
    if (at < end)
        at += al_character_at(at, (size_t)(end - at), &spec->type);
    if (at < end)
        return invalid(text, length, type);
    return check_grouping(spec, spec->type ? spec->type : usual);
}

/* -- padding ------------------------------------------------------------ */

static void add_fill(al_text *out, uint32_t fill, int64_t count)
{
    for (int64_t i = 0; i < count; i++)
        al_text_add_character(out, fill);
}

/* prefix: sign and "0x", before which '=' does not pad. */
static al_value pad(al_vm *vm, const format_spec *spec, const char *prefix,
                    const char *body, size_t length)
{
    int64_t size = (int64_t)(strlen(prefix) + al_character_count(body, length));
    int64_t missing = spec->width > size ? spec->width - size : 0;
    int64_t before = spec->align == '<' ? 0
                     : spec->align == '^' ? missing / 2 : missing;
    al_text out = {0};

    if (!al_vm_may_allocate(vm, (size_t)missing * 4 + length))
        return al_no_value();
    if (spec->align == '=') {
        al_text_add(&out, prefix);
        add_fill(&out, spec->fill, before);
    } else {
        add_fill(&out, spec->fill, before);
        al_text_add(&out, prefix);
    }
    al_text_add_bytes(&out, body, length);
    add_fill(&out, spec->fill, missing - before);
    return al_str_take(vm, &out);
}

/* -- digits ------------------------------------------------------------- */

/* Add digits with separators; where zeros fill, up to `width` of them. */
static void add_grouped(al_text *out, const char *digits, size_t count,
                        char separator, size_t size, int64_t width)
{
    size_t total = count;

    while ((int64_t)(total + (total - 1) / size) < width)
        total++;
    for (size_t i = 0; i < total; i++) {
        if (i && (total - i) % size == 0)
            al_text_add_char(out, separator);
        al_text_add_char(out, i < total - count
                                  ? '0' : digits[i - (total - count)]);
    }
}

static const char *sign_of(const format_spec *spec, bool negative)
{
    return negative ? "-" : spec->sign == '+' ? "+"
                          : spec->sign == ' ' ? " " : "";
}

/* Zeros that fill between sign and digits are grouped too. */
static int64_t zero_width(const format_spec *spec, const char *prefix,
                          size_t rest)
{
    if (spec->fill != '0' || spec->align != '=')
        return 0;
    return spec->width - (int64_t)(strlen(prefix) + rest);
}

/* The point, digits in threes, the exponent. */
static void add_rest(al_text *out, const char *rest, char separator)
{
    bool is_fraction = separator && *rest == '.';

    for (size_t i = 0; rest[i]; i++) {
        is_fraction =
            is_fraction && (i == 0 || isdigit((unsigned char)rest[i]));
        if (is_fraction && i > 1 && i % 3 == 1)
            al_text_add_char(out, separator);
        al_text_add_char(out, rest[i]);
    }
}

/* The separators that add_rest puts in. */
static size_t fraction_separators(const char *rest, char separator)
{
    size_t digits = separator && *rest == '.'
                        ? strspn(rest + 1, "0123456789") : 0;

    return digits ? (digits - 1) / 3 : 0;
}

static al_value finish_number(al_vm *vm, const format_spec *spec,
                              const char *prefix, const char *number,
                              size_t group)
{
    size_t digits = strspn(number, group == 3 ? "0123456789"
                                              : "0123456789abcdefABCDEF");
    size_t rest = strlen(number + digits) +
                  fraction_separators(number + digits,
                                      spec->fraction_grouping);
    al_text body = {0};
    al_value result;

    if (spec->grouping && digits) {
        if (!al_vm_may_allocate(vm, spec->width > 0 ? (size_t)spec->width
                                                    : 0))
            return al_no_value();
        add_grouped(&body, number, digits, spec->grouping, group,
                    zero_width(spec, prefix, rest));
    } else {
        al_text_add_bytes(&body, number, digits);
    }
    add_rest(&body, number + digits, spec->fraction_grouping);
    result = pad(vm, spec, prefix, al_text_peek(&body), body.length);
    al_text_release(&body);
    return result;
}

/* -- str ---------------------------------------------------------------- */

static bool unknown_code(const format_spec *spec, const char *type)
{
    al_text text = {0};

    add_type(spec->type, &text);
    al_raise(&al_ValueError,
             "Unknown format code '%s' for object of type '%s'", text.bytes,
             type);
    al_text_release(&text);
    return false;
}

static bool check_str(const format_spec *spec)
{
    if (spec->type && spec->type != 's')
        return unknown_code(spec, "str");
    if (spec->sign)
        return al_raise(&al_ValueError, spec->sign == ' '
                        ? "Space not allowed in string format specifier"
                        : "Sign not allowed in string format specifier");
    if (spec->coerces_zero)
        return al_raise(&al_ValueError, "Negative zero coercion (z) not "
                        "allowed in string format specifier");
    if (spec->is_alternate)
        return al_raise(&al_ValueError, "Alternate form (#) not allowed in "
                        "string format specifier");
    if (spec->align == '=')
        return al_raise(&al_ValueError, "'=' alignment not allowed in string "
                        "format specifier");
    return true;
}

static al_value format_str(al_vm *vm, const al_str *str,
                           const format_spec *spec)
{
    size_t length = str->length;

    if (!check_str(spec))
        return al_no_value();
    if (spec->precision >= 0 &&
        (size_t)spec->precision < al_str_characters(str))
        length = al_str_offset(str, (size_t)spec->precision);
    return pad(vm, spec, "", str->bytes, length);
}

/* -- int ---------------------------------------------------------------- */

static void add_base(al_text *out, uint64_t magnitude, unsigned base,
                     bool upper)
{
    const char *digits = upper ? "0123456789ABCDEF" : "0123456789abcdef";
    char buffer[65];
    size_t at = sizeof buffer - 1;

    buffer[at] = '\0';
    do {
        buffer[--at] = digits[magnitude % base];
        magnitude /= base;
    } while (magnitude);
    al_text_add(out, buffer + at);
}

static bool check_int(const format_spec *spec)
{
    bool is_char = spec->type == 'c';

    if (spec->precision >= 0)
        return al_raise(&al_ValueError, "Precision not allowed in integer "
                        "format specifier");
    if (spec->coerces_zero)
        return al_raise(&al_ValueError, "Negative zero coercion (z) not "
                        "allowed in integer format specifier");
    if (is_char && spec->sign)
        return al_raise(&al_ValueError, "Sign not allowed with integer "
                        "format specifier 'c'");
    if (is_char && spec->is_alternate)
        return al_raise(&al_ValueError, "Alternate form (#) not allowed with "
                        "integer format specifier 'c'");
    return true;
}

static al_value format_char(al_vm *vm, int64_t c, const format_spec *spec)
{
    format_spec left = *spec;
    al_text text = {0};
    al_value result;

    if (c < 0 || c > 0x10ffff)
        return al_fail_with(&al_OverflowError,
                            "%%c arg not in range(0x110000)");
    if (!spec->has_align)
        left.align = spec->fill == '0' ? '=' : '<';
    al_text_add_character(&text, (uint32_t)c);
    result = pad(vm, &left, "", text.bytes, text.length);
    al_text_release(&text);
    return result;
}

static al_value format_int(al_vm *vm, int64_t value,
                           const format_spec *spec)
{
    unsigned base = spec->type == 'b' ? 2 : spec->type == 'o' ? 8
                    : spec->type == 'x' || spec->type == 'X' ? 16 : 10;
    uint64_t magnitude = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    char prefix[4] = "";
    al_text digits = {0};
    al_value result;

    if (!check_int(spec))
        return al_no_value();
    if (spec->type == 'c')
        return format_char(vm, value, spec);
    snprintf(prefix, sizeof prefix, "%s%.*s", sign_of(spec, value < 0),
             spec->is_alternate && base != 10 ? 2 : 0,
             spec->type == 'b' ? "0b" : spec->type == 'o' ? "0o"
             : spec->type == 'X' ? "0X" : "0x");
    add_base(&digits, magnitude, base, spec->type == 'X');
    result = finish_number(vm, spec, prefix, digits.bytes,
                           base == 10 ? 3 : 4);
    al_text_release(&digits);
    return result;
}

/* -- float -------------------------------------------------------------- */

static void strip_zeros(char *digits) /* after a decimal point */
{
    char *end = digits + strlen(digits);

    if (!strchr(digits, '.'))
        return;
    while (end[-1] == '0')
        *--end = '\0';
    if (end[-1] == '.')
        *--end = '\0';
}

enum { LONGEST_FLOAT = 400 }; /* without decimals, or with an exponent */

/* No type but a precision: as 'g', but with at least one digit after the
 * point, and therefore sooner an exponent. */
static void add_general(al_text *out, double magnitude, int precision,
                        bool is_alternate)
{
    int digits = precision < 1 ? 1 : precision;
    size_t size = (size_t)digits + LONGEST_FLOAT;
    char *buffer = al_alloc(size);
    int exponent;
    char *e;

    snprintf(buffer, size, "%.*e", digits - 1, magnitude);
    e = strchr(buffer, 'e');
    exponent = atoi(e + 1);
    if (exponent + 1 <= -4 || exponent + 1 > digits - 1) {
        *e = '\0';
        if (!is_alternate)
            strip_zeros(buffer);
        al_text_add_format(out, "%s%se%c%02d", buffer,
                           is_alternate && digits == 1 ? "." : "",
                           exponent < 0 ? '-' : '+', abs(exponent));
    } else {
        snprintf(buffer, size, "%.*f", digits - 1 - exponent, magnitude);
        if (!is_alternate)
            strip_zeros(buffer);
        al_text_add_format(out, "%s%s", buffer,
                           strchr(buffer, '.') ? "" : ".0");
    }
    al_free(buffer);
}

/* As repr; alternately with a point even before an exponent: "1.e+16". */
static void add_shortest(al_text *out, double magnitude, bool is_alternate)
{
    al_text text = {0};
    size_t digits;

    al_text_add_double(&text, magnitude);
    digits = strcspn(text.bytes, "e");
    al_text_add_bytes(out, text.bytes, digits);
    if (is_alternate && !memchr(text.bytes, '.', digits))
        al_text_add_char(out, '.');
    al_text_add(out, text.bytes + digits);
    al_text_release(&text);
}

void al_add_float(al_text *out, double magnitude, char type, int precision,
                  bool is_alternate)
{
    char format[16];

    if (isinf(magnitude) || isnan(magnitude)) {
        bool upper = type == 'F' || type == 'E' || type == 'G';

        al_text_add(out, isnan(magnitude) ? (upper ? "NAN" : "nan")
                                          : (upper ? "INF" : "inf"));
        if (type == '%')
            al_text_add_char(out, '%');
        return;
    }
    if (!type && precision < 0) {
        add_shortest(out, magnitude, is_alternate);
        return;
    }
    if (!type) {
        add_general(out, magnitude, precision, is_alternate);
        return;
    }
    if (precision < 0)
        precision = 6;
    if (type == '%')
        magnitude *= 100;
    snprintf(format, sizeof format, "%%%s.*%c", is_alternate ? "#" : "",
             type == '%' ? 'f' : type == 'n' ? 'g' : type);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    al_text_add_format(out, format, precision, magnitude);
#pragma GCC diagnostic pop
    if (type == '%')
        al_text_add_char(out, '%');
}

/* With z a result that rounds to zero loses its sign. */
static bool rounds_to_zero(const char *number)
{
    return strpbrk(number, "123456789") == NULL && !isalpha(*number);
}

static al_value format_float(al_vm *vm, double value,
                             const format_spec *spec)
{
    al_text number = {0};
    al_value result;
    bool negative = signbit(value) && !isnan(value);

    if (spec->precision > (int64_t)1 << 20)
        return al_fail_with(&al_ValueError, "precision too big");
    al_add_float(&number, fabs(value), (char)spec->type, (int)spec->precision,
                 spec->is_alternate);
    if (spec->coerces_zero && rounds_to_zero(number.bytes))
        negative = false;
    result = finish_number(vm, spec, sign_of(spec, negative), number.bytes, 3);
    al_text_release(&number);
    return result;
}

/* -- any ---------------------------------------------------------------- */

static al_value format_number(al_vm *vm, al_value value,
                              const format_spec *spec)
{
    const char *types = value.tag == AL_FLOAT ? "n" : "bcdoxXn";

    if (is_in(spec->type, "eEfFgG%"))
        return format_float(vm, al_real(value), spec);
    if (spec->type && !is_in(spec->type, types)) {
        unknown_code(spec, al_type_name(value));
        return al_no_value();
    }
    return value.tag == AL_FLOAT ? format_float(vm, value.as.real, spec)
                                 : format_int(vm, al_whole(value), spec);
}

static al_value format_plain(al_vm *vm, al_value value)
{
    al_text text = {0};

    if (al_str_peek(value))
        return al_value_dup(value);
    if (al_add_str(value, &text))
        return al_str_take(vm, &text);
    al_text_release(&text);
    return al_no_value();
}

al_value al_format(al_vm *vm, al_value value, const char *text, size_t length)
{
    bool is_number = al_is_number(value);
    format_spec spec;

    if (length == 0)
        return format_plain(vm, value);
    if (!is_number && !al_str_peek(value))
        return al_fail_with(&al_TypeError, "unsupported format string passed "
                            "to %s.__format__", al_type_name(value));
    if (!parse_spec(&spec, text, length, value))
        return al_no_value();
    return is_number ? format_number(vm, value, &spec)
                     : format_str(vm, al_str_peek(value), &spec);
}
