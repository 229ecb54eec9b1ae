/* utf8.h - UTF-8, one character at a time. */
#ifndef AL_UTF8_H
#define AL_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The character at `bytes`: how many of them it takes (1 to 4), with its
 * code point; 0 where they are no valid UTF-8: a stray or missing
 * continuation, a surrogate, an overlong form, beyond U+10FFFF. */
size_t al_utf8_decode(const char *bytes, size_t length, uint32_t *code);

/* Write a code point, at most 4 bytes; returns how many. */
size_t al_utf8_encode(uint32_t code, char *bytes);

/* -- texts that may be broken: a byte that is no UTF-8 counts as itself --- */

/* The character at `bytes`, of which at least one is left: how many of them
 * it takes. */
size_t al_character_at(const char *bytes, size_t left, uint32_t *code);

/* Or is the byte inside a character? */
static inline bool al_begins_character(char byte)
{
    return ((unsigned char)byte & 0xc0) != 0x80;
}

/* Where the last character before `end` begins, not before `start`, which is
 * before `end`. */
size_t al_character_before(const char *bytes, size_t start, size_t end);

/* How many characters begin there; and where the one of that index begins
 * (`length`: there are not so many). */
size_t al_character_count(const char *bytes, size_t length);
size_t al_character_offset(const char *bytes, size_t length, size_t index);

#endif
