/* dispatch.h - the execution of instructions. */
#ifndef AL_DISPATCH_H
#define AL_DISPATCH_H

#include "sim/machine/frame.h"
#include "sim/machine/vm.h"

/* Run a frame until it returns, which frees it.  AL_ABSENT: raised. */
al_value al_vm_run_frame(al_vm *vm, al_frame *frame);

/* The same for a coroutine's or generator's, which may also be left waiting
 * (vm->left): the value is what it awaits or yields.  With `raises` what is
 * in the slot comes out of the await it was left at. */
al_value al_vm_go_on(al_vm *vm, al_frame *frame, bool raises);

#endif
