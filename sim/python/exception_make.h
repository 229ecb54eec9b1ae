/* exception_make.h - an exception class is called. */
#ifndef AL_EXCEPTION_MAKE_H
#define AL_EXCEPTION_MAKE_H

#include "loop/object/exception.h"
#include "sim/machine/call.h"

/* cls(*args): owned; AL_ABSENT: raised. */
al_value al_exception_make(al_vm *vm, const al_exception_class *cls,
                           const al_args *args);

#endif
