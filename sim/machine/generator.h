/* generator.h - what a call of a generator function gives: it owns the frame
 * and will run it. */
#ifndef AL_GENERATOR_H
#define AL_GENERATOR_H

#include "sim/machine/frame.h"
#include "sim/machine/vm.h"

extern const al_type al_generator_type, al_async_generator_type;

al_value al_generator_new(al_vm *vm, al_frame *frame);
al_value al_async_generator_new(al_vm *vm, al_frame *frame);

#endif
