/* dispatch.h - the execution of instructions. */
#ifndef AL_DISPATCH_H
#define AL_DISPATCH_H

#include "sim/script/frame.h"
#include "sim/script/vm.h"

/* Run a frame until it returns.  AL_ABSENT: raised. */
al_value al_vm_run_frame(al_vm *vm, al_frame *frame);

#endif
