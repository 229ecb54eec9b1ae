/* literal.c - numbers as Python writes them. */
#include <string.h>
#include "loop/base/number.h"
#include "loop/base/text.h"
#include "sim/scenario/expr_private.h"

static const uint64_t largest = (uint64_t)1 << 63;

static char char_at(const al_parser *p, size_t at)
{
    return at < p->length ? p->text[at] : '\0';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Also of hex digits: the 'e' of 1e5 counts as the number's. */
static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           is_digit(c);
}

static int digit_value(char c)
{
    if (is_digit(c))
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : 99;
}

static void too_large(al_parser *p, size_t start)
{
    while (is_word(char_at(p, p->at)))
        p->at++;
    al_parser_fail(p, start, p->at,
                   "integer literal too large: asyncloop-sim's integers have "
                   "64 bits");
}

static const char *base_name(unsigned base)
{
    return base == 16   ? "hexadecimal"
           : base == 8  ? "octal"
           : base == 2  ? "binary"
                        : "decimal";
}

/* Digits with single underscores between them; after a prefix one may lead.
 * The value saturates: what is too large stays so. */
static uint64_t scan_digits(al_parser *p, unsigned base, bool may_lead,
                            bool *ok)
{
    uint64_t value = 0;
    bool after_digit = may_lead;

    *ok = false;
    for (;; p->at++) {
        char c = char_at(p, p->at);
        unsigned digit = (unsigned)digit_value(c);

        if (c == '_' && after_digit) {
            after_digit = *ok = false;
            continue;
        }
        if (c == '_' || digit >= base)
            break;
        value = value > (UINT64_MAX - digit) / base ? UINT64_MAX
                                                    : value * base + digit;
        after_digit = *ok = true;
    }
    if (char_at(p, p->at) == '_')
        *ok = false;
    return value;
}

static void bad_literal(al_parser *p, size_t start, unsigned base)
{
    while (is_word(char_at(p, p->at)))
        p->at++;
    al_parser_fail(p, start, p->at, "invalid %s literal", base_name(base));
}

static unsigned prefix_base(const al_parser *p)
{
    if (char_at(p, p->at) != '0')
        return 10;
    switch (char_at(p, p->at + 1)) {
    case 'x':
    case 'X':
        return 16;
    case 'o':
    case 'O':
        return 8;
    case 'b':
    case 'B':
        return 2;
    default:
        return 10;
    }
}

static void scan_based(al_parser *p, unsigned base)
{
    size_t start = p->at;
    bool ok;

    p->at += 2;
    p->token.kind = AL_TOKEN_INT;
    p->token.integer = scan_digits(p, base, true, &ok);
    if (!ok || is_word(char_at(p, p->at)))
        bad_literal(p, start, base);
    else if (p->token.integer > largest)
        too_large(p, start);
}

/* -- floats ------------------------------------------------------------- */

static bool scan_exponent(al_parser *p)
{
    size_t at = p->at;
    bool ok;

    if ((char_at(p, at) | 0x20) != 'e')
        return true;
    at++;
    if (char_at(p, at) == '+' || char_at(p, at) == '-')
        at++;
    if (!is_digit(char_at(p, at)))
        return false;
    p->at = at;
    scan_digits(p, 10, false, &ok);
    return ok;
}

static bool scan_fraction(al_parser *p)
{
    bool ok = true;

    if (char_at(p, p->at) != '.')
        return true;
    p->at++;
    if (is_digit(char_at(p, p->at)))
        scan_digits(p, 10, false, &ok);
    return ok;
}

/* From "1_0.e5" to JSON's "10.0e5", which al_double_parse reads. */
static double float_value(const char *text, size_t length)
{
    al_text plain = {0};
    double value = 0;
    size_t i = 0;

    while (i + 1 < length && text[i] == '0' && (is_digit(text[i + 1]) ||
                                                text[i + 1] == '_'))
        i++; /* 007.5 is a float */
    while (i < length && text[i] == '_')
        i++;
    if (text[i] == '.')
        al_text_add_char(&plain, '0');
    for (; i < length; i++) {
        if (text[i] != '_')
            al_text_add_char(&plain, text[i]);
        if (text[i] == '.' && (i + 1 == length || !is_digit(text[i + 1])))
            al_text_add_char(&plain, '0');
    }
    al_double_parse(al_text_peek(&plain), &value);
    al_text_release(&plain);
    return value;
}

/* -- decimals ----------------------------------------------------------- */

static bool has_leading_zeros(const al_parser *p, size_t start)
{
    if (p->text[start] != '0')
        return false;
    for (size_t i = start; i < p->at; i++) {
        if (p->text[i] != '0' && p->text[i] != '_')
            return true;
    }
    return false;
}

static bool continues_as_float(const al_parser *p)
{
    char c = char_at(p, p->at);

    return c == '.' || c == 'e' || c == 'E';
}

static void finish_integer(al_parser *p, size_t start, uint64_t value)
{
    p->token.kind = AL_TOKEN_INT;
    p->token.integer = value;
    if (has_leading_zeros(p, start))
        al_parser_fail(p, start, p->at,
                       "leading zeros in decimal integer literals are not "
                       "permitted; use an 0o prefix for octal integers");
    else if (value > largest)
        too_large(p, start);
}

static void scan_decimal(al_parser *p)
{
    size_t start = p->at;
    bool ok = true;
    bool is_float;
    uint64_t value = 0;

    if (char_at(p, start) != '.')
        value = scan_digits(p, 10, false, &ok);
    is_float = continues_as_float(p);
    ok = ok && scan_fraction(p) && scan_exponent(p);
    if ((char_at(p, p->at) | 0x20) == 'j') {
        al_parser_fail(p, start, p->at + 1,
                       "complex numbers are not supported");
    } else if (!ok || is_word(char_at(p, p->at))) {
        bad_literal(p, start, 10);
    } else if (is_float) {
        p->token.kind = AL_TOKEN_FLOAT;
        p->token.real = float_value(p->text + start, p->at - start);
    } else {
        finish_integer(p, start, value);
    }
}

void al_parser_number(al_parser *p)
{
    unsigned base = prefix_base(p);

    if (base == 10)
        scan_decimal(p);
    else
        scan_based(p, base);
}
