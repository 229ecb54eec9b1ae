/* string_case.h - str's methods about letters: their cases, their classes. */
#ifndef AL_STRING_CASE_H
#define AL_STRING_CASE_H

#include "sim/machine/call.h"

al_native al_str_upper, al_str_lower, al_str_swapcase, al_str_title,
    al_str_capitalize, al_str_casefold;

al_native al_str_isalpha, al_str_isdecimal, al_str_isdigit, al_str_isnumeric,
    al_str_isalnum, al_str_isspace, al_str_isprintable, al_str_isidentifier,
    al_str_isascii, al_str_isupper, al_str_islower, al_str_istitle;

#endif
