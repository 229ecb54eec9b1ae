/* unicode.c - characters of UTF-8 strings: counting, finding, case. */
#include "sim/base/utf8.h"
#include "sim/script/machine.h"
#include "sim/script/unicode.h"

/* What a string knows about itself, found when first asked. */
enum { ASCII_KNOWN = 1, IS_ASCII = 2 };

bool al_str_is_ascii(const al_str *str)
{
    al_object *head = (al_object *)&str->head;

    if (!(head->flags & ASCII_KNOWN)) {
        unsigned char bits = 0;

        for (size_t i = 0; i < str->length; i++)
            bits |= (unsigned char)str->bytes[i];
        head->flags |= bits < 0x80 ? ASCII_KNOWN | IS_ASCII : ASCII_KNOWN;
    }
    return (head->flags & IS_ASCII) != 0;
}

static bool begins_character(char byte)
{
    return ((unsigned char)byte & 0xc0) != 0x80;
}

size_t al_character_count(const char *bytes, size_t length)
{
    size_t count = 0;

    for (size_t i = 0; i < length; i++)
        count += begins_character(bytes[i]);
    return count;
}

/* (A lone test may ask without any machine.) */
static void charge(size_t work)
{
    if (work >= AL_WORK_OF_A_STEP && al_vm_current())
        al_vm_charge(al_vm_current(), work);
}

size_t al_str_characters(const al_str *str)
{
    if (al_str_is_ascii(str))
        return str->length;
    charge(str->length);
    return al_character_count(str->bytes, str->length);
}

size_t al_str_offset(const al_str *str, size_t index)
{
    size_t i = 0;

    if (al_str_is_ascii(str))
        return index;
    for (; i < str->length; i++) {
        if (begins_character(str->bytes[i]) && index-- == 0)
            break;
    }
    charge(i);
    return i;
}

size_t al_character_at(const char *bytes, size_t left, uint32_t *c)
{
    size_t size = al_utf8_decode(bytes, left, c);

    if (size)
        return size;
    *c = (unsigned char)bytes[0]; /* broken text: go on byte by byte */
    return 1;
}

void al_text_add_character(al_text *out, uint32_t c)
{
    char bytes[4];

    al_text_add_bytes(out, bytes, al_utf8_encode(c, bytes));
}

void al_add_ascii(const al_text *repr, al_text *out)
{
    for (size_t i = 0; i < repr->length;) {
        uint32_t c;

        i += al_character_at(repr->bytes + i, repr->length - i, &c);
        if (c < 0x80)
            al_text_add_char(out, (char)c);
        else if (c < 0x100)
            al_text_add_format(out, "\\x%02x", (unsigned)c);
        else if (c < 0x10000)
            al_text_add_format(out, "\\u%04x", (unsigned)c);
        else
            al_text_add_format(out, "\\U%08x", (unsigned)c);
    }
}

/* -- classes and case: ASCII, Latin, Greek and Cyrillic ------------------ */

bool al_is_space(uint32_t c)
{
    return (c >= 9 && c <= 13) || (c >= 0x1c && c <= 0x20) || c == 0x85 ||
           c == 0xa0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200a) ||
           c == 0x2028 || c == 0x2029 || c == 0x202f || c == 0x205f ||
           c == 0x3000;
}

bool al_is_digit(uint32_t c)
{
    return c >= '0' && c <= '9';
}

/* Blocks in which small letters follow capitals at a fixed distance. */
static const struct { uint32_t first, last, distance; } blocks[] = {
    {'A', 'Z', 32},        {0xc0, 0xd6, 32},     {0xd8, 0xde, 32},
    {0x391, 0x3a1, 32},    {0x3a3, 0x3a9, 32},   {0x400, 0x40f, 80},
    {0x410, 0x42f, 32},
};

/* Ranges in which capitals and small letters alternate. */
static const struct { uint32_t first, last; } pairs[] = {
    {0x100, 0x12f}, {0x132, 0x137}, {0x14a, 0x177}, {0x460, 0x481},
    {0x48a, 0x4bf}, {0x4d0, 0x52f},
};

static const struct { uint32_t first, last; } odd_pairs[] = {
    {0x139, 0x148}, {0x179, 0x17e}, /* capitals have odd numbers here */
};

uint32_t al_to_lower(uint32_t c)
{
    for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++) {
        if (c >= blocks[i].first && c <= blocks[i].last)
            return c + blocks[i].distance;
    }
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        if (c >= pairs[i].first && c <= pairs[i].last)
            return c | 1;
    }
    for (size_t i = 0; i < sizeof odd_pairs / sizeof *odd_pairs; i++) {
        if (c >= odd_pairs[i].first && c <= odd_pairs[i].last)
            return c + (c & 1);
    }
    return c;
}

uint32_t al_to_upper(uint32_t c)
{
    if (c == 0xff)
        return 0x178;
    if (c == 0x3c2) /* final sigma */
        return 0x3a3;
    for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++) {
        uint32_t distance = blocks[i].distance;

        if (c >= blocks[i].first + distance && c <= blocks[i].last + distance)
            return c - distance;
    }
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        if (c >= pairs[i].first && c <= pairs[i].last)
            return c & ~1u;
    }
    for (size_t i = 0; i < sizeof odd_pairs / sizeof *odd_pairs; i++) {
        if (c >= odd_pairs[i].first && c <= odd_pairs[i].last)
            return c - !(c & 1);
    }
    return c;
}

bool al_is_upper(uint32_t c)
{
    return al_to_lower(c) != c;
}

bool al_is_lower(uint32_t c)
{
    return al_to_upper(c) != c || c == 0xdf;
}

bool al_is_letter(uint32_t c) /* above Cyrillic everything is taken as one */
{
    return al_is_upper(c) || al_is_lower(c) || c == 0xaa || c == 0xba ||
           (c > 0x52f && !al_is_space(c) && (c < 0x2010 || c > 0x2bff));
}
