/* generator.h - what a call of a generator function gives: it owns the frame
 * and will run it. */
#ifndef AL_GENERATOR_H
#define AL_GENERATOR_H

#include "loop/task/coroutine.h"
#include "sim/machine/frame.h"
#include "sim/machine/vm.h"

extern const al_type al_generator_type;

/* Of what asend(), athrow() or aclose() gave: the generator's frame.  NULL: it
 * has ended, or this is another coroutine.  Borrowed. */
al_frame *al_async_generator_peek_frame(const al_coroutine *coroutine);

al_value al_generator_new(al_vm *vm, al_frame *frame);
al_value al_async_generator_new(al_vm *vm, al_frame *frame);

#endif
