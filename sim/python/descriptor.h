/* descriptor.h - methods as their class has them: str.upper.  The object is
 * their first argument. */
#ifndef AL_DESCRIPTOR_H
#define AL_DESCRIPTOR_H

#include "sim/python/class.h"

extern const al_type al_descriptor_type;

al_value al_descriptor_new(const al_class *owner, const al_method *method);
const al_method *al_descriptor_peek(al_value value); /* NULL: it is none */

/* Call one.  Owned; AL_ABSENT: raised, as where the object is not of the
 * class. */
al_value al_descriptor_call(al_vm *vm, al_value function, const al_args *args);

#endif
