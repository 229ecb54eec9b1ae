/* string_self.h - the str that a method is called of. */
#ifndef AL_STRING_SELF_H
#define AL_STRING_SELF_H

#include "sim/machine/machine.h"

static inline const al_str *al_str_self(al_call *call)
{
    return al_str_peek(call->self);
}

/* The same, for a method that looks at all of it. */
static inline const al_str *al_str_read_self(al_call *call)
{
    al_vm_charge(call->vm, al_str_self(call)->length);
    return al_str_self(call);
}

#endif
