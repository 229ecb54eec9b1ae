/* string_split.h - str's methods that cut it up, and join(). */
#ifndef AL_STRING_SPLIT_H
#define AL_STRING_SPLIT_H

#include "sim/machine/call.h"

al_native al_str_split, al_str_rsplit, al_str_splitlines, al_str_partition,
    al_str_rpartition, al_str_join;

#endif
