/* coroutine.h - what a call of an async function gives: it owns the frame and
 * will run it. */
#ifndef AL_MACHINE_COROUTINE_H
#define AL_MACHINE_COROUTINE_H

#include "loop/task/coroutine.h"
#include "sim/machine/generator.h"

al_value al_script_coroutine_new(al_frame *frame);

/* The frame that a script's coroutine runs or waits in; NULL: it has ended, or
 * is no script's.  Borrowed. */
al_frame *al_script_coroutine_peek_frame(const al_coroutine *coroutine);

/* Have what coroutines do told to the current machine, and no longer. */
void al_script_watch_coroutines(bool begins);

/* Does a call run the body at once? */
static inline bool al_code_is_plain(const al_code *code)
{
    return !code->is_async && !code->is_generator;
}

/* Of one that is not plain: what a call gives. */
static inline al_value al_suspended_call(al_vm *vm, al_frame *frame)
{
    return !frame->code->is_generator ? al_script_coroutine_new(frame)
           : frame->code->is_async    ? al_async_generator_new(vm, frame)
                                      : al_generator_new(vm, frame);
}

#endif
