/* character.h - what Python knows of a character: its classes, its cases.
 *
 * The answers are CPython 3.14's own (Unicode 16), for every code point. */
#ifndef AL_CHARACTER_H
#define AL_CHARACTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum al_character_class {
    AL_CHARACTER_ALPHA = 1 << 0, /* as str.isalpha of it alone; and so on */
    AL_CHARACTER_DECIMAL = 1 << 1,
    AL_CHARACTER_DIGIT = 1 << 2,
    AL_CHARACTER_NUMERIC = 1 << 3,
    AL_CHARACTER_SPACE = 1 << 4,
    AL_CHARACTER_PRINTABLE = 1 << 5,
    AL_CHARACTER_LOWER = 1 << 6,
    AL_CHARACTER_UPPER = 1 << 7,
    AL_CHARACTER_TITLE = 1 << 8, /* a digraph like U+01C5 */
    AL_CHARACTER_ID_START = 1 << 9,
    AL_CHARACTER_ID_CONTINUE = 1 << 10,
    AL_CHARACTER_CASED = 1 << 11,
    AL_CHARACTER_CASE_IGNORABLE = 1 << 12
} al_character_class;

/* Is it of one of these classes, which may be joined by "|"? */
bool al_character_is(uint32_t c, unsigned classes);

/* The value of a decimal digit of any script. */
int al_character_decimal(uint32_t c);

typedef enum al_case_mapping {
    AL_TO_UPPER,
    AL_TO_LOWER, /* of a capital sigma never the final one */
    AL_TO_TITLE,
    AL_TO_FOLDED
} al_case_mapping;

/* One to three characters; returns how many. */
size_t al_character_map(uint32_t c, al_case_mapping how, uint32_t to[3]);

#endif
