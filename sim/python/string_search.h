/* string_search.h - str's methods that look for a part of it. */
#ifndef AL_STRING_SEARCH_H
#define AL_STRING_SEARCH_H

#include "sim/machine/call.h"

al_native al_str_find, al_str_rfind, al_str_index, al_str_rindex,
    al_str_count, al_str_startswith, al_str_endswith, al_str_removeprefix,
    al_str_removesuffix, al_str_replace;

/* Where `part` is last in the bytes; NULL: nowhere, or raised. */
const char *al_str_find_last(al_vm *vm, const char *bytes, size_t length,
                             const al_str *part);

#endif
