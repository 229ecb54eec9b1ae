/* unicode.h - characters of UTF-8 strings. */
#ifndef AL_UNICODE_H
#define AL_UNICODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

bool al_begins_character(char byte); /* or is it inside one? */
size_t al_character_count(const char *bytes, size_t length);

#endif
