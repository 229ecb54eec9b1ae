/* compile.h - from a scenario's syntax trees to code. */
#ifndef AL_COMPILE_H
#define AL_COMPILE_H

#include "sim/machine/machine.h"

/* Compile all functions, the program and the world's threads of vm's
 * scenario: fills in vm->codes, and the tables of globals and names. */
void al_compile_scenario(al_vm *vm);

#endif
