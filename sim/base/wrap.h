/* wrap.h - where a text is broken that is longer than a line. */
#ifndef AL_WRAP_H
#define AL_WRAP_H

#include <stddef.h>

/* How many bytes of a text are its first line, of so many columns once it is
 * escaped (escape.h): to its newline; to the last space in the second half of
 * what fits, best one behind such a byte ('\0': behind any); behind the last
 * slash in it, for paths are long; or all that fits.
 * At least one character, unless it begins with its newline or is empty. */
size_t al_wrap_line(const char *text, size_t columns, char behind);

/* What comes after so many bytes, without the space or newline that parted
 * them. */
const char *al_wrap_rest(const char *text, size_t length);

#endif
