/* unicode.h - the characters of strings, which are kept as UTF-8. */
#ifndef AL_UNICODE_H
#define AL_UNICODE_H

#include "loop/object/value.h"

size_t al_str_characters(const al_str *str); /* len() */
bool al_str_is_ascii(const al_str *str);     /* str.isascii() */

/* Byte offset of character `index`. */
size_t al_str_offset(const al_str *str, size_t index);

void al_text_add_character(al_text *out, uint32_t c);
void al_add_ascii(const al_text *repr, al_text *out); /* as ascii() does */

#endif
