/* set.h - set: a dict whose values are all None. */
#ifndef AL_SET_H
#define AL_SET_H

#include "sim/python/dict.h"

al_value al_set_new(al_vm *vm, const al_value *items, size_t count);
al_dict *al_set_peek(al_value value); /* borrowed; NULL where it is none */

#endif
