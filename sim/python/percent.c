/* percent.c - "%d items" % n. */
#include "sim/python/percent.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "loop/base/utf8.h"
#include "loop/object/context.h"
#include "sim/machine/machine.h"
#include "sim/python/format.h"

typedef struct percent {
    al_vm *vm;
    const char *start, *at, *end;
    al_value args;    /* the right operand */
    const al_value *items; /* of it; or `keyed` */
    size_t count, next;
    al_value keyed;   /* what the last (key) named; or AL_ABSENT */
    bool is_mapping;
    al_text out;
} percent;

typedef struct directive {
    bool left, zero, plus, space, alternate;
    int64_t width, precision;
    char code;
    bool is_bare; /* nothing between % and code */
} directive;

static al_value next_argument(percent *p)
{
    if (p->next < p->count)
        return p->items[p->next++];
    al_raise(&al_TypeError, "not enough arguments for format string");
    return al_no_value();
}

/* The value becomes all there is, until the next key. */
static bool parse_key(percent *p)
{
    const char *key = ++p->at;
    al_value name, value;
    int depth = 1;

    for (; p->at < p->end && depth > 0; p->at++)
        depth += (*p->at == '(') - (*p->at == ')');
    if (depth > 0)
        return al_raise(&al_ValueError, "incomplete format key");
    if (!p->is_mapping)
        return al_raise(&al_TypeError, "format requires a mapping");
    name = al_str_from(key, (size_t)(p->at - 1 - key));
    value = al_subscript_get(p->vm, p->args, name);
    al_value_release(name);
    if (value.tag == AL_ABSENT)
        return false;
    al_value_release(p->keyed);
    p->keyed = value;
    p->items = &p->keyed;
    p->count = 1;
    p->next = 0;
    return true;
}

static void parse_flags(percent *p, directive *d)
{
    for (; p->at < p->end; p->at++) {
        if (*p->at == '-')
            d->left = true;
        else if (*p->at == '0')
            d->zero = true;
        else if (*p->at == '+')
            d->plus = true;
        else if (*p->at == ' ')
            d->space = true;
        else if (*p->at == '#')
            d->alternate = true;
        else
            break;
    }
}

/* name: for the message. */
static bool parse_size(percent *p, int64_t *size, const char *name)
{
    al_value given;

    if (p->at < p->end && *p->at == '*') {
        p->at++;
        given = next_argument(p);
        if (given.tag == AL_ABSENT)
            return false;
        if (!al_is_whole(given))
            return al_raise(&al_TypeError, "* wants int");
        *size = al_whole(given);
        return true;
    }
    for (; p->at < p->end && isdigit((unsigned char)*p->at); p->at++) {
        *size = (*size < 0 ? 0 : *size) * 10 + (*p->at - '0');
        if (*size > INT32_MAX)
            return al_raise(&al_ValueError, "%s too big", name);
    }
    return true;
}

static bool parse(percent *p, directive *d)
{
    const char *start = p->at;

    *d = (directive){.width = -1, .precision = -1};
    if (p->at < p->end && *p->at == '(' && !parse_key(p))
        return false;
    parse_flags(p, d);
    if (!parse_size(p, &d->width, "width"))
        return false;
    if (d->width < -1) {
        d->left = true;
        d->width = -d->width;
    }
    if (p->at < p->end && *p->at == '.') {
        p->at++;
        d->precision = 0;
        if (!parse_size(p, &d->precision, "precision"))
            return false;
        if (d->precision > INT32_MAX || d->precision < INT32_MIN)
            return al_raise(&al_OverflowError,
                            "Python int too large to convert to C int");
        if (d->precision < 0)
            d->precision = 0;
    }
    if (p->at < p->end && strchr("hlL", *p->at))
        p->at++;
    if (p->at >= p->end)
        return al_raise(&al_ValueError, "incomplete format");
    d->is_bare = p->at == start;
    d->code = *p->at++;
    return true;
}

/* sign: "-", "+0x"; zeros follow it. */
static bool add_padded(percent *p, const directive *d, const char *sign,
                       const al_text *body)
{
    int64_t size = (int64_t)(strlen(sign) + al_character_count(
                                 al_text_peek(body), body->length));
    int64_t missing = d->width > size ? d->width - size : 0;

    if (!al_vm_may_allocate(p->vm, (size_t)missing + p->out.length))
        return false;
    for (int64_t i = 0; i < missing && !d->left && !d->zero; i++)
        al_text_add_char(&p->out, ' ');
    al_text_add(&p->out, sign);
    for (int64_t i = 0; i < missing && !d->left && d->zero; i++)
        al_text_add_char(&p->out, '0');
    al_text_add_bytes(&p->out, al_text_peek(body), body->length);
    for (int64_t i = 0; i < missing && d->left; i++)
        al_text_add_char(&p->out, ' ');
    return true;
}

static const char *sign_of(const directive *d, bool negative)
{
    return negative ? "-" : d->plus ? "+" : d->space ? " " : "";
}

/* -- one value ---------------------------------------------------------- */

static bool add_text(percent *p, directive *d, al_value value)
{
    al_text text = {0}, ascii = {0};
    bool ok = d->code == 's' ? al_add_str(value, &text)
                             : al_add_repr(value, &text);

    if (ok && d->code == 'a') {
        al_add_ascii(&text, &ascii);
        al_text_release(&text);
        text = ascii;
    }
    if (ok && d->precision >= 0) {
        al_value all = al_str_from_text(&text);
        const al_str *str = al_str_peek(all);

        if ((size_t)d->precision < al_str_characters(str))
            al_text_truncate(&text,
                             al_str_offset(str, (size_t)d->precision));
        al_value_release(all);
    }
    d->zero = false;
    ok = ok && add_padded(p, d, "", &text);
    al_text_release(&text);
    return ok;
}

static bool add_char(percent *p, directive *d, al_value value)
{
    const al_str *str = al_str_peek(value);
    al_text text = {0};
    bool ok = true;

    if (str && al_str_characters(str) == 1)
        al_text_add_bytes(&text, str->bytes, str->length);
    else if (al_is_whole(value) && al_whole(value) >= 0 &&
             al_whole(value) <= 0x10ffff)
        al_text_add_character(&text, (uint32_t)al_whole(value));
    else if (al_is_whole(value))
        ok = al_raise(&al_OverflowError, "%%c arg not in range(0x110000)");
    else if (str)
        ok = al_raise(&al_TypeError, "%%c requires an int or a unicode "
                      "character, not a string of length %zu",
                      al_str_characters(str));
    else
        ok = al_raise(&al_TypeError, "%%c requires an int or a unicode "
                      "character, not %s", al_type_name(value));
    d->zero = false;
    ok = ok && add_padded(p, d, "", &text);
    al_text_release(&text);
    return ok;
}

static bool add_int(percent *p, directive *d, al_value value)
{
    bool decimal = strchr("diu", d->code) != NULL;
    unsigned long long magnitude;
    al_text text = {0};
    char prefix[4] = "";
    bool ok;

    if (value.tag == AL_FLOAT && decimal) {
        value = al_int_from_double(value.as.real);
        if (value.tag == AL_ABSENT)
            return false;
    }
    if (!al_is_whole(value))
        return al_raise(&al_TypeError, "%%%c format: %s is required, not %s",
                        d->code, decimal ? "a real number" : "an integer",
                        al_type_name(value));
    magnitude = al_whole(value) < 0 ? 0 - (uint64_t)al_whole(value)
                                    : (uint64_t)al_whole(value);
    snprintf(prefix, sizeof prefix, "%s%.*s", sign_of(d, al_whole(value) < 0),
             d->alternate && !decimal ? 2 : 0,
             d->code == 'x' ? "0x" : d->code == 'X' ? "0X" : "0o");
    if (d->precision > 1000)
        return al_raise(&al_ValueError, "precision too large");
    if (d->precision == 0)
        d->precision = 1; /* C would write a zero as nothing */
    if (d->code == 'x')
        al_text_add_format(&text, "%.*llx", (int)d->precision, magnitude);
    else if (d->code == 'X')
        al_text_add_format(&text, "%.*llX", (int)d->precision, magnitude);
    else if (d->code == 'o')
        al_text_add_format(&text, "%.*llo", (int)d->precision, magnitude);
    else
        al_text_add_format(&text, "%.*llu", (int)d->precision, magnitude);
    ok = add_padded(p, d, prefix, &text);
    al_text_release(&text);
    return ok;
}

static bool add_real(percent *p, directive *d, al_value value)
{
    al_text text = {0};
    bool ok;

    if (!al_is_number(value))
        return al_raise(&al_TypeError, "must be real number, not %s",
                        al_type_name(value));
    if (d->precision > 1 << 20)
        return al_raise(&al_ValueError, "precision too large");
    al_add_float(&text, fabs(al_real(value)), d->code, (int)d->precision,
                 d->alternate);
    ok = add_padded(p, d, sign_of(d, signbit(al_real(value)) != 0), &text);
    al_text_release(&text);
    return ok;
}

/* The character before p->at: of it that byte has been read. */
static bool unsupported(const percent *p)
{
    const char *at = p->at - 1;
    uint32_t c;

    al_character_at(at, (size_t)(p->end - at), &c);
    return al_raise(&al_ValueError, "unsupported format character '%c' "
                    "(0x%x) at index %zu", c >= 31 && c <= 126 ? (char)c : '?',
                    (unsigned)c,
                    al_character_count(p->start, (size_t)(at - p->start)));
}

static bool add_directive(percent *p)
{
    directive d;
    al_value value;

    if (!parse(p, &d))
        return false;
    if (d.code == '%' && d.is_bare) {
        al_text_add_char(&p->out, '%');
        return true;
    }
    value = next_argument(p);
    if (value.tag == AL_ABSENT)
        return false;
    if (!d.code || !strchr("sradiuoxXeEfFgGc", d.code))
        return unsupported(p);
    if (strchr("sra", d.code))
        return add_text(p, &d, value);
    if (d.code == 'c')
        return add_char(p, &d, value);
    return strchr("diuoxX", d.code) ? add_int(p, &d, value)
                                    : add_real(p, &d, value);
}

/* As PyMapping_Check: what takes a subscript, but neither str nor tuple. */
static bool is_mapping(al_value value)
{
    return al_dict_peek(value) || al_list_peek(value) ||
           al_range_peek(value) || al_is(value, &al_context_type);
}

al_value al_percent(al_vm *vm, const al_str *format, al_value args)
{
    percent p = {.vm = vm, .start = format->bytes, .at = format->bytes,
                 .end = format->bytes + format->length, .args = args,
                 .items = &args, .count = 1};
    bool ok = true;

    if (al_is(args, &al_tuple_type)) {
        p.items = ((const al_tuple *)args.as.object)->items;
        p.count = ((const al_tuple *)args.as.object)->count;
    }
    p.is_mapping = is_mapping(args);
    while (ok && p.at < p.end) {
        const char *sign = memchr(p.at, '%', (size_t)(p.end - p.at));
        const char *stop = sign ? sign : p.end;

        al_text_add_bytes(&p.out, p.at, (size_t)(stop - p.at));
        p.at = stop;
        if (sign) {
            p.at++;
            ok = add_directive(&p);
        }
    }
    if (ok && p.next < p.count && !p.is_mapping)
        ok = al_raise(&al_TypeError, "not all arguments converted during "
                      "string formatting");
    al_value_release(p.keyed);
    if (ok)
        return al_str_take(vm, &p.out);
    al_text_release(&p.out);
    return al_no_value();
}
