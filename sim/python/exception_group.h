/* exception_group.h - except*, and the methods of exception groups. */
#ifndef AL_PYTHON_EXCEPTION_GROUP_H
#define AL_PYTHON_EXCEPTION_GROUP_H

#include "sim/machine/call.h"
#include "sim/machine/vm.h"

/* Does `except type` catch it?  -1: raised. */
int al_exception_matches(al_vm *vm, const al_exception *e, al_value type);

/* `except* type`: the part of *rest that it catches, or None; what is left
 * stays in *rest.  And the end of such a try: what it raises, or None, after
 * its clauses raised what is in the list. */
al_value al_star_match(al_vm *vm, al_value *rest, al_value type);
al_value al_star_end(al_vm *vm, al_value original, al_value raised,
                     al_value rest);

/* Methods of exception groups. */
al_native al_group_split, al_group_subgroup, al_group_derive;

#endif
