/* number.c - doubles as Python prints and reads them.
 *
 * Formatting.  Python's repr(float) gives the shortest decimal that reads
 * back as the same double, and of those the closest.  Two ways lead there:
 *
 * 1. Most times in a trace are short decimals: 0.5, 86400.0, 1.25e-06.  Let
 *    m = round(v * 10^9).  If m has at most 15 digits and m / 10^9 == v,
 *    then v is what reading m·10^-9 gives, for the quotient of two exact
 *    doubles is rounded correctly (Clinger's exact range, in reverse).  Any
 *    two decimals of at most 15 digits read as different doubles, so no
 *    shorter one than m without its trailing zeros can read as v.
 *
 * 2. All others take Raffaello Giulietti's Schubfach ("The Schubfach way to
 *    render doubles", 2020): scale the double and the ends of its rounding
 *    interval by a power of ten, such that the interval's length is between
 *    1 and 10; then one of four candidates next to the scaled value is the
 *    answer.  Products of 64 and 128 bits suffice, if the powers of ten are
 *    rounded up and the bits that fall off are remembered in the last one
 *    kept ("round to odd").  The 617 powers are computed on first use: that
 *    takes less time than reading 10 KB of table from the disk.
 *
 * Reading goes the other way: digits up to 2^53 and a power of ten within
 * 10^22 are exact in doubles, so one multiplication or division rounds
 * correctly; the rest is strtod's, in the C locale. */
#include "loop/base/number.h"

#include <locale.h>
#include <math.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

__extension__ typedef unsigned __int128 uint128;

/* -- integers ----------------------------------------------------------- */

static const char digit_pairs[] = "00010203040506070809"
                                  "10111213141516171819"
                                  "20212223242526272829"
                                  "30313233343536373839"
                                  "40414243444546474849"
                                  "50515253545556575859"
                                  "60616263646566676869"
                                  "70717273747576777879"
                                  "80818283848586878889"
                                  "90919293949596979899";

/* Write value's digits so that they end before `end`; returns the first. */
static char *write_digits(uint64_t value, char *end)
{
    while (value >= 100) {
        end -= 2;
        memcpy(end, digit_pairs + 2 * (value % 100), 2);
        value /= 100;
    }
    if (value < 10) {
        *--end = (char)('0' + value);
        return end;
    }
    end -= 2;
    memcpy(end, digit_pairs + 2 * value, 2);
    return end;
}

size_t al_uint_format(uint64_t value, char *buffer)
{
    char digits[AL_UINT_TEXT];
    char *end = digits + sizeof digits;
    char *first = write_digits(value, end);
    size_t length = (size_t)(end - first);

    memcpy(buffer, first, length);
    buffer[length] = '\0';
    return length;
}

/* -- powers of ten ------------------------------------------------------ */

enum {
    POWER_MIN = -292,
    POWER_MAX = 324,
    WORDS = 26 /* 832 bits: 5^324 has 753, 2^831 / 5^292 has 154 */
};

typedef struct power { /* the top 128 bits of 10^k, rounded up */
    uint64_t high, low;
} power;

static power powers[POWER_MAX - POWER_MIN + 1];

/* The highest 128 bits of a number, from its highest one; says whether
 * anything but zeros was below them. */
static uint128 top_bits(const uint32_t words[WORDS], bool *has_rest)
{
    int word = WORDS - 1;
    int shift;
    uint128 top = 0;
    uint32_t rest = 0;

    while (words[word] == 0)
        word--;
    shift = __builtin_clz(words[word]);
    for (int i = 0; i < 4; i++)
        top = top << 32 | (word - i < 0 ? 0 : words[word - i]);
    word -= 4;
    if (word >= 0 && shift) {
        top = top << shift | words[word] >> (32 - shift);
        rest = words[word] << shift;
    } else {
        top <<= shift;
        word++;
    }
    while (--word >= 0)
        rest |= words[word];
    *has_rest = rest != 0;
    return top;
}

static void keep_power(int k, const uint32_t words[WORDS])
{
    bool has_rest;
    uint128 top = top_bits(words, &has_rest);

    top += k < 0 || has_rest;
    powers[k - POWER_MIN] = (power){(uint64_t)(top >> 64), (uint64_t)top};
}

static void multiply_by_5(uint32_t words[WORDS])
{
    uint64_t carry = 0;

    for (int i = 0; i < WORDS; i++) {
        carry += (uint64_t)words[i] * 5;
        words[i] = (uint32_t)carry;
        carry >>= 32;
    }
}

static void divide_by_5(uint32_t words[WORDS])
{
    uint64_t rest = 0;

    for (int i = WORDS - 1; i >= 0; i--) {
        rest = rest << 32 | words[i];
        words[i] = (uint32_t)(rest / 5);
        rest %= 5;
    }
}

/* 10^k is 5^k but for the exponent.  Below zero: 2^831 / 5^-k, which no
 * power of 5 divides, so rounding up always adds one. */
static void compute_powers(void)
{
    uint32_t words[WORDS] = {1};

    for (int k = 0; k <= POWER_MAX; k++) {
        keep_power(k, words);
        multiply_by_5(words);
    }
    memset(words, 0, sizeof words);
    words[WORDS - 1] = 1u << 31;
    for (int k = -1; k >= POWER_MIN; k--) {
        divide_by_5(words);
        keep_power(k, words);
    }
}

static power power_of_ten(int k)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    pthread_once(&once, compute_powers);
    return powers[k - POWER_MIN];
}

/* -- the shortest decimal ----------------------------------------------- */

typedef struct decimal { /* digits · 10^exponent */
    uint64_t digits;
    int exponent;
} decimal;

/* The high part of g · c, its last bit set where anything was lost.  g was
 * rounded up, so a lost part of at most 1 means an exact product. */
static uint64_t round_to_odd(power g, uint64_t c)
{
    uint128 low = (uint128)g.low * c;
    uint128 product = (uint128)g.high * c + (uint64_t)(low >> 64);

    return (uint64_t)(product >> 64) | ((uint64_t)product > 1);
}

/* Names as in Giulietti's paper; c · 2^q is the value, everything else is
 * in quarters, so that the interval's ends are integers. */
static decimal shortest(uint64_t c, int q, bool is_lower_closer)
{
    bool is_odd = c & 1;
    int k = (q * 1262611 - (is_lower_closer ? 524031 : 0)) >> 22;
    int h = q + ((-k * 1741647) >> 19) + 1;
    power g = power_of_ten(-k);
    uint64_t lower = round_to_odd(g, (4 * c - 2 + is_lower_closer) << h);
    uint64_t value = round_to_odd(g, (4 * c) << h);
    uint64_t upper = round_to_odd(g, (4 * c + 2) << h);
    uint64_t s = value / 4;
    bool is_under, is_over;

    lower += is_odd;
    upper -= is_odd;
    if (s >= 10) { /* is there one with a digit less? */
        uint64_t tens = s / 10;

        is_under = lower <= 40 * tens;
        is_over = 40 * tens + 40 <= upper;
        if (is_under != is_over)
            return (decimal){tens + is_over, k + 1};
    }
    is_under = lower <= 4 * s;
    is_over = 4 * s + 4 <= upper;
    if (is_under == is_over) /* both or none: the closer, ties to even */
        is_over = value > 4 * s + 2 || (value == 4 * s + 2 && (s & 1));
    return (decimal){s + is_over, k};
}

static decimal strip_zeros(decimal d)
{
    while (d.digits % 10000 == 0 && d.digits) {
        d.digits /= 10000;
        d.exponent += 4;
    }
    while (d.digits % 10 == 0 && d.digits) {
        d.digits /= 10;
        d.exponent++;
    }
    return d;
}

/* The first way of the essay; false: v is not so short. */
static bool is_short_decimal(double v, decimal *d)
{
    double scaled;

    if (v < 1e15) {
        *d = (decimal){(uint64_t)v, 0};
        if ((double)d->digits == v)
            return true;
    }
    if (v >= 1e6)
        return false;
    scaled = v * 1e9;
    *d = (decimal){(uint64_t)(scaled + 0.5), -9};
    if (d->digits >= 1000000000000000 || (double)d->digits / 1e9 != v)
        return false;
    *d = strip_zeros(*d);
    return true;
}

static decimal to_decimal(double v) /* v is positive and finite */
{
    decimal d;
    uint64_t bits, fraction;
    int exponent;

    if (is_short_decimal(v, &d))
        return d;
    memcpy(&bits, &v, sizeof bits);
    fraction = bits & ((UINT64_C(1) << 52) - 1);
    exponent = (int)(bits >> 52);
    if (exponent == 0)
        return strip_zeros(shortest(fraction, -1074, false));
    return strip_zeros(shortest(fraction | UINT64_C(1) << 52, exponent - 1075,
                                fraction == 0 && exponent > 1));
}

/* -- Python's way of writing it ----------------------------------------- */

static char *add(char *to, const char *bytes, size_t count)
{
    memcpy(to, bytes, count);
    return to + count;
}

static char *add_zeros(char *to, int count)
{
    memset(to, '0', (size_t)count);
    return to + count;
}

/* 1.25e-07, 1e+16: at least two digits of exponent, always a sign. */
static char *add_scientific(char *to, const char *digits, int count, int point)
{
    int exponent = point - 1;
    char buffer[4];
    char *end = buffer + sizeof buffer;
    char *first;

    *to++ = digits[0];
    if (count > 1) {
        *to++ = '.';
        to = add(to, digits + 1, (size_t)count - 1);
    }
    *to++ = 'e';
    *to++ = exponent < 0 ? '-' : '+';
    first = write_digits((uint64_t)abs(exponent), end);
    if (end - first == 1)
        *to++ = '0';
    return add(to, first, (size_t)(end - first));
}

/* 0.00125, 12.5, 1200.0: `point` digits stand before the point. */
static char *add_positional(char *to, const char *digits, int count, int point)
{
    if (point <= 0) {
        to = add(to, "0.", 2);
        to = add_zeros(to, -point);
        return add(to, digits, (size_t)count);
    }
    if (point >= count) {
        to = add(to, digits, (size_t)count);
        to = add_zeros(to, point - count);
        return add(to, ".0", 2);
    }
    to = add(to, digits, (size_t)point);
    *to++ = '.';
    return add(to, digits + point, (size_t)(count - point));
}

static size_t format_text(const char *text, char *buffer)
{
    size_t length = strlen(text);

    memcpy(buffer, text, length + 1);
    return length;
}

size_t al_double_format(double value, char *buffer)
{
    char digits[AL_UINT_TEXT];
    char *end = digits + sizeof digits;
    char *to = buffer;
    char *first;
    int count, point;
    decimal d;

    if (isnan(value))
        return format_text("nan", buffer);
    if (signbit(value))
        *to++ = '-';
    if (isinf(value))
        return (size_t)(to - buffer) + format_text("inf", to);
    if (value == 0)
        return (size_t)(to - buffer) + format_text("0.0", to);
    d = to_decimal(fabs(value));
    first = write_digits(d.digits, end);
    count = (int)(end - first);
    point = count + d.exponent;
    if (point > -4 && point <= 16)
        to = add_positional(to, first, count, point);
    else
        to = add_scientific(to, first, count, point);
    *to = '\0';
    return (size_t)(to - buffer);
}

/* -- reading ------------------------------------------------------------ */

static const double exact_powers[] = {
    1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
    1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
};

enum { EXACT_POWER = 22, MAX_DIGITS = 18 }; /* 10^18 fits 64 bits */
static const uint64_t exact_integers = UINT64_C(1) << 53;

typedef struct scan { /* a number being read */
    const char *at;
    uint64_t digits;
    int count; /* of significant digits, whether they fit or not */
    int exponent;
} scan;

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* At least one digit; `step` is what each adds to the exponent. */
static bool scan_digits(scan *s, int step)
{
    const char *start = s->at;

    for (; is_digit(*s->at); s->at++) {
        if (s->count < MAX_DIGITS)
            s->digits = s->digits * 10 + (uint64_t)(*s->at - '0');
        s->count += s->digits != 0 && s->count <= MAX_DIGITS;
        s->exponent += step;
    }
    return s->at > start;
}

static bool scan_exponent(scan *s)
{
    int exponent = 0;
    bool is_negative;

    if (*s->at != 'e' && *s->at != 'E')
        return true;
    s->at++;
    is_negative = *s->at == '-';
    if (*s->at == '-' || *s->at == '+')
        s->at++;
    if (!is_digit(*s->at))
        return false;
    for (; is_digit(*s->at); s->at++) {
        if (exponent < 100000)
            exponent = exponent * 10 + (*s->at - '0');
    }
    s->exponent += is_negative ? -exponent : exponent;
    return true;
}

/* JSON's grammar: no leading zeros, a digit on each side of the point. */
static bool scan_number(scan *s)
{
    if (*s->at == '0')
        s->at++;
    else if (!scan_digits(s, 0))
        return false;
    if (*s->at == '.') {
        s->at++;
        if (!scan_digits(s, -1))
            return false;
    }
    return scan_exponent(s);
}

static pthread_once_t c_locale_once = PTHREAD_ONCE_INIT;
static locale_t c_locale;

static void make_c_locale(void)
{
    c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
}

/* The slow way, for what is long or far from 1. */
static double read_exactly(const char *text)
{
    pthread_once(&c_locale_once, make_c_locale);
    return c_locale ? strtod_l(text, NULL, c_locale) : strtod(text, NULL);
}

const char *al_double_parse(const char *text, double *value)
{
    bool is_negative = *text == '-';
    scan s = {.at = text + is_negative};
    double magnitude;

    if (!scan_number(&s))
        return NULL;
    if (s.count > MAX_DIGITS || s.digits > exact_integers ||
        abs(s.exponent) > EXACT_POWER) {
        *value = read_exactly(text);
        return s.at;
    }
    magnitude = (double)s.digits;
    if (s.exponent < 0)
        magnitude /= exact_powers[-s.exponent];
    else
        magnitude *= exact_powers[s.exponent];
    *value = is_negative ? -magnitude : magnitude;
    return s.at;
}
