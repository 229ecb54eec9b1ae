/* utf8.c - UTF-8, one character at a time; see utf8.h. */
#include "loop/base/utf8.h"

/* How many bytes follow a first byte; -1: it cannot be first. */
static int trailing_count(unsigned char first)
{
    if (first < 0x80)
        return 0;
    if (first < 0xc2)
        return -1; /* a continuation, or an overlong form */
    if (first < 0xe0)
        return 1;
    if (first < 0xf0)
        return 2;
    return first < 0xf5 ? 3 : -1;
}

size_t al_utf8_decode(const char *bytes, size_t length, uint32_t *code)
{
    static const uint32_t least[] = {0, 0x80, 0x800, 0x10000};
    const unsigned char *at = (const unsigned char *)bytes;
    int trailing = length ? trailing_count(at[0]) : -1;
    uint32_t value;

    if (trailing < 0 || (size_t)trailing >= length)
        return 0;
    value = trailing ? at[0] & (0x3fu >> trailing) : at[0];
    for (int i = 1; i <= trailing; i++) {
        if ((at[i] & 0xc0) != 0x80)
            return 0;
        value = value << 6 | (at[i] & 0x3fu);
    }
    if (value < least[trailing] || value > 0x10ffff ||
        (value >= 0xd800 && value < 0xe000))
        return 0;
    *code = value;
    return (size_t)trailing + 1;
}

size_t al_utf8_encode(uint32_t code, char *bytes)
{
    static const unsigned char first[] = {0, 0, 0xc0, 0xe0, 0xf0};
    size_t count = code < 0x80      ? 1
                   : code < 0x800   ? 2
                   : code < 0x10000 ? 3
                                    : 4;

    for (size_t i = count - 1; i > 0; i--) {
        bytes[i] = (char)(0x80 | (code & 0x3f));
        code >>= 6;
    }
    bytes[0] = (char)(first[count] | code);
    return count;
}

size_t al_character_at(const char *bytes, size_t left, uint32_t *code)
{
    size_t size = al_utf8_decode(bytes, left, code);

    if (size)
        return size;
    *code = (unsigned char)bytes[0];
    return 1;
}

size_t al_character_before(const char *bytes, size_t start, size_t end)
{
    do
        end--;
    while (end > start && !al_begins_character(bytes[end]));
    return end;
}

size_t al_character_count(const char *bytes, size_t length)
{
    size_t count = 0;

    for (size_t i = 0; i < length; i++)
        count += al_begins_character(bytes[i]);
    return count;
}

size_t al_character_offset(const char *bytes, size_t length, size_t index)
{
    size_t i = 0;

    for (; i < length; i++) {
        if (al_begins_character(bytes[i]) && index-- == 0)
            break;
    }
    return i;
}
