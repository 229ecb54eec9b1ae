/* number.h - doubles as Python prints and reads them. */
#ifndef AL_NUMBER_H
#define AL_NUMBER_H

#include <stddef.h>
#include <stdint.h>

enum { AL_DOUBLE_TEXT = 32, AL_UINT_TEXT = 21 };

/* Write the shortest decimal that reads back as exactly `value`, formed as
 * Python's repr(float) forms it: "0.1", "1e+16", "inf", "nan", "2.0".
 * Returns the length; buffer holds AL_DOUBLE_TEXT bytes, NUL included. */
size_t al_double_format(double value, char *buffer);

/* Decimal digits of value, NUL-terminated; returns the length. */
size_t al_uint_format(uint64_t value, char *buffer);

/* Read a JSON number: "-12", "0.5", "1e-09", rounded to the nearest double
 * (beyond the greatest: an infinity).  Returns where it ends; NULL: there is
 * none.  The text must end in a byte that is no part of a number. */
const char *al_double_parse(const char *text, double *value);

#endif
