/* unicode.h - characters of UTF-8 strings. */
#ifndef AL_UNICODE_H
#define AL_UNICODE_H

#include <stdbool.h>
#include <stdint.h>
#include "loop/base/utf8.h"

bool al_is_space(uint32_t c);
bool al_is_digit(uint32_t c);
bool al_is_letter(uint32_t c);
bool al_is_upper(uint32_t c);
bool al_is_lower(uint32_t c);
uint32_t al_to_lower(uint32_t c);
uint32_t al_to_upper(uint32_t c);

#endif
