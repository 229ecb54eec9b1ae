/* arithmetic.c - arithmetic: int (64 bits), float and bool, as Python does it.
 *
 * Where Python's integers would grow beyond 64 bits ours raise
 * OverflowError, saying so. */
#include "sim/python/arithmetic.h"

#include <math.h>
#include <string.h>
#include "sim/machine/machine.h"

bool al_is_whole(al_value value)
{
    return value.tag == AL_INT || value.tag == AL_BOOL;
}

bool al_is_number(al_value value)
{
    return al_is_whole(value) || value.tag == AL_FLOAT;
}

int64_t al_whole(al_value value)
{
    return value.tag == AL_BOOL ? value.as.boolean : value.as.integer;
}

double al_real(al_value value)
{
    return value.tag == AL_FLOAT ? value.as.real : (double)al_whole(value);
}

al_value al_overflow(void)
{
    return al_fail_with(&al_OverflowError, "integer overflow: "
                        "asyncloop-sim's integers have 64 bits");
}

al_value al_int_from_double(double real)
{
    if (isinf(real))
        return al_fail_with(&al_OverflowError,
                            "cannot convert float infinity to integer");
    if (isnan(real))
        return al_fail_with(&al_ValueError,
                            "cannot convert float NaN to integer");
    if (!(real > -0x1p63 - 1025 && real < 0x1p63))
        return al_overflow();
    return al_int((int64_t)real);
}

/* A float is held in place, so a NaN carries its identity in its bits: two
 * are never equal, but each is in a list that holds it. */
al_value al_float_new(double real)
{
    static _Thread_local uint64_t nans;
    uint64_t bits;

    if (isnan(real)) {
        bits = 0x7ff8000000000000u | (++nans & 0x7ffffffffffffu);
        memcpy(&real, &bits, sizeof real);
    }
    return al_float(real);
}

static al_value division_by_zero(void)
{
    return al_fail_with(&al_ZeroDivisionError, "division by zero");
}

/* -- int ---------------------------------------------------------------- */

static al_value add_ints(int64_t a, int64_t b)
{
    int64_t sum;

    return __builtin_add_overflow(a, b, &sum) ? al_overflow() : al_int(sum);
}

static al_value sub_ints(int64_t a, int64_t b)
{
    int64_t difference;

    return __builtin_sub_overflow(a, b, &difference) ? al_overflow()
                                                     : al_int(difference);
}

static al_value mul_ints(int64_t a, int64_t b)
{
    int64_t product;

    return __builtin_mul_overflow(a, b, &product) ? al_overflow()
                                                  : al_int(product);
}

/* Correctly rounded, as long_true_divide: where both fit a double exactly
 * the machine's division is; else long double has the bits to spare, but
 * for the double rounding, which the remainder settles. */
static double divide_ints(int64_t a, int64_t b)
{
    const int64_t exact = (int64_t)1 << 53;
    bool negative = (a < 0) != (b < 0);
    uint64_t n = a < 0 ? 0 - (uint64_t)a : (uint64_t)a;
    uint64_t d = b < 0 ? 0 - (uint64_t)b : (uint64_t)b;
    unsigned __int128 numerator = n, quotient;
    int shift = 0;
    double result;

    if (a >= -exact && a <= exact && b >= -exact && b <= exact)
        return (double)a / (double)b;
    if (n == 0)
        return negative ? -0.0 : 0.0;
    /* Scale so that the quotient has at least 55 bits, its last sticky. */
    while (numerator >> 120 == 0 && shift < 120) {
        numerator <<= 1;
        shift++;
    }
    quotient = numerator / d;
    if (numerator % d)
        quotient |= 1;
    /* Down to 64 bits, keeping what was cut as the last bit. */
    while (quotient >> 63) {
        quotient = (quotient >> 1) | (quotient & 1);
        shift--;
    }
    result = ldexp((double)(uint64_t)quotient, -shift);
    return negative ? -result : result;
}

static al_value floor_divide_ints(int64_t a, int64_t b)
{
    int64_t quotient;

    if (b == 0)
        return division_by_zero();
    if (a == INT64_MIN && b == -1)
        return al_overflow();
    quotient = a / b;
    return al_int(quotient - ((a % b != 0) && ((a < 0) != (b < 0))));
}

static al_value modulo_ints(int64_t a, int64_t b)
{
    int64_t rest;

    if (b == 0)
        return division_by_zero();
    if (b == -1)
        return al_int(0);
    rest = a % b;
    return al_int(rest && (rest < 0) != (b < 0) ? rest + b : rest);
}

static al_value power_reals(double a, double b);

static al_value power_ints(int64_t a, int64_t b)
{
    int64_t result = 1;

    if (b < 0)
        return power_reals((double)a, (double)b);
    while (b > 0) {
        if ((b & 1) && __builtin_mul_overflow(result, a, &result))
            return al_overflow();
        b >>= 1;
        if (b > 0 && __builtin_mul_overflow(a, a, &a))
            return al_overflow();
    }
    return al_int(result);
}

static al_value shift_left(int64_t a, int64_t b)
{
    if (b < 0)
        return al_fail_with(&al_ValueError, "negative shift count");
    if (a == 0)
        return al_int(0);
    if (b > 63 || a > INT64_MAX >> b || a < INT64_MIN >> b)
        return al_overflow();
    return al_int((int64_t)((uint64_t)a << b));
}

static al_value shift_right(int64_t a, int64_t b)
{
    if (b < 0)
        return al_fail_with(&al_ValueError, "negative shift count");
    return al_int(a >> (b > 63 ? 63 : b));
}

static al_value binary_ints(al_operator op, int64_t a, int64_t b)
{
    switch (op) {
    case AL_OP_ADD: return add_ints(a, b);
    case AL_OP_SUB: return sub_ints(a, b);
    case AL_OP_MUL: return mul_ints(a, b);
    case AL_OP_DIV:
        return b ? al_float(divide_ints(a, b)) : division_by_zero();
    case AL_OP_FLOORDIV: return floor_divide_ints(a, b);
    case AL_OP_MOD: return modulo_ints(a, b);
    case AL_OP_POW: return power_ints(a, b);
    case AL_OP_LSHIFT: return shift_left(a, b);
    case AL_OP_RSHIFT: return shift_right(a, b);
    case AL_OP_BITAND: return al_int(a & b);
    case AL_OP_BITOR: return al_int(a | b);
    default: return al_int(a ^ b);
    }
}

/* True & False is a bool. */
static al_value binary_bools(al_operator op, bool a, bool b)
{
    switch (op) {
    case AL_OP_BITAND: return al_bool(a && b);
    case AL_OP_BITOR: return al_bool(a || b);
    case AL_OP_BITXOR: return al_bool(a != b);
    default: return binary_ints(op, a, b);
    }
}

/* -- float -------------------------------------------------------------- */

/* Quotient and rest of Python's float divmod. */
static double floor_divide(double a, double b, double *rest)
{
    double mod = fmod(a, b);
    double quotient = (a - mod) / b;
    double whole;

    if (mod != 0) {
        if ((b < 0) != (mod < 0)) {
            mod += b;
            quotient -= 1.0;
        }
    } else {
        mod = copysign(0.0, b);
    }
    *rest = mod;
    if (quotient == 0)
        return copysign(0.0, a / b);
    whole = floor(quotient);
    return quotient - whole > 0.5 ? whole + 1.0 : whole;
}

static al_value power_reals(double a, double b)
{
    double result;

    if (a == 0 && b < 0 && isfinite(b))
        return al_fail_with(&al_ZeroDivisionError,
                            "zero to a negative power");
    if (a < 0 && isfinite(a) && isfinite(b) && b != floor(b))
        return al_fail_with(&al_ValueError, "negative number cannot be "
                            "raised to a fractional power: asyncloop-sim "
                            "has no complex numbers");
    result = pow(a, b);
    if (isinf(result) && isfinite(a) && isfinite(b)) {
        al_value args[2] = {al_int(34),
                            al_str_new("Numerical result out of range")};

        al_raise_take(al_exception_new(&al_OverflowError, args, 2));
        al_value_release(args[1]);
        return al_no_value();
    }
    return al_float(result);
}

static al_value binary_reals(al_operator op, double a, double b)
{
    double rest;

    switch (op) {
    case AL_OP_ADD: return al_float_new(a + b);
    case AL_OP_SUB: return al_float_new(a - b);
    case AL_OP_MUL: return al_float_new(a * b);
    case AL_OP_POW: return power_reals(a, b);
    case AL_OP_DIV:
        return b == 0 ? division_by_zero() : al_float_new(a / b);
    case AL_OP_FLOORDIV:
        return b == 0 ? division_by_zero()
                      : al_float(floor_divide(a, b, &rest));
    default:
        if (b == 0)
            return division_by_zero();
        floor_divide(a, b, &rest);
        return al_float(rest);
    }
}

/* -- any ---------------------------------------------------------------- */

static al_value unsupported(al_operator op, al_value a, al_value b)
{
    const char *text = op == AL_OP_POW ? "** or pow()" : al_operator_text[op];

    return al_fail_with(&al_TypeError,
                        "unsupported operand type(s) for %s: '%s' and '%s'",
                        text, al_type_name(a), al_type_name(b));
}

static al_value multiply(al_vm *vm, al_value a, al_value b)
{
    if (al_is_sequence(a) && al_is_whole(b))
        return al_repeat(vm, a, al_whole(b));
    if (al_is_sequence(b) && al_is_whole(a))
        return al_repeat(vm, b, al_whole(a));
    if (al_is_sequence(a) || al_is_sequence(b))
        return al_fail_with(&al_TypeError,
                            "can't multiply sequence by non-int of type '%s'",
                            al_type_name(al_is_sequence(a) ? b : a));
    return unsupported(AL_OP_MUL, a, b);
}

static al_value merge_dicts(al_vm *vm, al_dict *a, al_dict *b)
{
    al_dict *merged = al_dict_new(vm);
    al_dict *sources[] = {a, b};

    for (int i = 0; i < 2; i++) {
        size_t position = 0;
        al_dict_entry *entry;

        al_vm_charge(vm, sources[i]->used);
        while ((entry = al_dict_next(sources[i], &position)))
            al_dict_set(vm, merged, entry->key, entry->value);
    }
    return al_take(merged);
}

al_value al_binary(al_vm *vm, al_operator op, al_value a, al_value b)
{
    if (al_is_number(a) && al_is_number(b)) {
        if (a.tag == AL_BOOL && b.tag == AL_BOOL)
            return binary_bools(op, a.as.boolean, b.as.boolean);
        if (al_is_whole(a) && al_is_whole(b))
            return binary_ints(op, al_whole(a), al_whole(b));
        if (op < AL_OP_LSHIFT)
            return binary_reals(op, al_real(a), al_real(b));
        return unsupported(op, a, b);
    }
    if (op == AL_OP_ADD && al_is_sequence(a))
        return al_concat(vm, a, b);
    if (op == AL_OP_MUL)
        return multiply(vm, a, b);
    if (op == AL_OP_MOD && al_str_peek(a))
        return al_percent(vm, al_str_peek(a), b);
    if (op == AL_OP_BITOR && al_dict_peek(a) && al_dict_peek(b))
        return merge_dicts(vm, al_dict_peek(a), al_dict_peek(b));
    return unsupported(op, a, b);
}

al_value al_unary(al_operator op, al_value a)
{
    if (al_is_whole(a)) {
        if (op == AL_OP_NEG)
            return sub_ints(0, al_whole(a));
        return al_int(op == AL_OP_INVERT ? ~al_whole(a) : al_whole(a));
    }
    if (a.tag == AL_FLOAT && op != AL_OP_INVERT)
        return al_float(op == AL_OP_NEG ? -a.as.real : a.as.real);
    return al_fail_with(&al_TypeError, "bad operand type for unary %s: '%s'",
                        op == AL_OP_NEG ? "-" : op == AL_OP_POS ? "+" : "~",
                        al_type_name(a));
}

bool al_index(al_value value, int64_t *index)
{
    if (!al_is_whole(value))
        return al_raise(&al_TypeError,
                        "'%s' object cannot be interpreted as an integer",
                        al_type_name(value));
    *index = al_whole(value);
    return true;
}
