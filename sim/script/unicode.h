/* unicode.h - characters of UTF-8 strings. */
#ifndef AL_UNICODE_H
#define AL_UNICODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

size_t al_character_count(const char *bytes, size_t length);

bool al_is_space(uint32_t c);
bool al_is_digit(uint32_t c);
bool al_is_letter(uint32_t c);
bool al_is_upper(uint32_t c);
bool al_is_lower(uint32_t c);
uint32_t al_to_lower(uint32_t c);
uint32_t al_to_upper(uint32_t c);

#endif
