/* exception_handler.h - the loop's exception handler, as the script sets and
 * calls it.  Results are owned; AL_ABSENT: raised. */
#ifndef AL_EXCEPTION_HANDLER_H
#define AL_EXCEPTION_HANDLER_H

#include "loop/core/loop.h"
#include "sim/machine/vm.h"

/* loop.set_exception_handler(function) and loop.get_exception_handler() */
al_value al_set_exception_handler(al_vm *vm, al_loop *loop, al_value function);
al_value al_get_exception_handler(al_loop *loop);

/* loop.call_exception_handler(context), or default_exception_handler */
al_value al_call_exception_handler(al_vm *vm, al_loop *loop, al_value context,
                                   bool is_default);

#endif
