/* percent.h - format % args. */
#ifndef AL_PERCENT_H
#define AL_PERCENT_H

#include "loop/object/value.h"
#include "sim/machine/vm.h"

/* Owned; AL_ABSENT: raised. */
al_value al_percent(al_vm *vm, const al_str *format, al_value args);

#endif
