/* hashable.h - what can be a key of a dict, or in a set. */
#ifndef AL_HASHABLE_H
#define AL_HASHABLE_H

#include "loop/object/value.h"

/* False: raised TypeError "cannot use 'list' as a dict key (unhashable type:
 * 'list')", `use` being "dict key", or what al_may_work raises in a tuple
 * that takes long to look through. */
bool al_check_hashable(al_value value, const char *use);

#endif
