/* builtins.h - names known everywhere: len, sorted, TimeoutError, … */
#ifndef AL_BUILTINS_H
#define AL_BUILTINS_H

#include "loop/object/value.h"
#include "sim/machine/vm.h"

/* A builtin of that name: owned; AL_ABSENT: there is none. */
al_value al_builtin_find(al_vm *vm, const char *name);

#endif
