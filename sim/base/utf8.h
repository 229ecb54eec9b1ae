/* utf8.h - UTF-8, one character at a time. */
#ifndef AL_UTF8_H
#define AL_UTF8_H

#include <stddef.h>
#include <stdint.h>

/* The character at `bytes`: how many of them it takes (1 to 4), with its
 * code point; 0 where they are no valid UTF-8: a stray or missing
 * continuation, a surrogate, an overlong form, beyond U+10FFFF. */
size_t al_utf8_decode(const char *bytes, size_t length, uint32_t *code);

/* The value of a hex digit of either case, or -1. */
static inline int al_hex_digit(int c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Write a code point, at most 4 bytes; returns how many. */
size_t al_utf8_encode(uint32_t code, char *bytes);

#endif
