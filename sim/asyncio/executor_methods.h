/* executor_methods.h - executors for scripts: what other files' tables name.
 */
#ifndef AL_EXECUTOR_METHODS_H
#define AL_EXECUTOR_METHODS_H

#include "sim/machine/call.h"

/* Methods of the loop. */
al_native al_loop_method_run_in_executor, al_loop_method_set_default_executor,
    al_loop_method_shutdown_default_executor;

/* Verbs; see verbs.c. */
al_value al_verb_run_in_executor(al_vm *vm, const al_value *params);
al_value al_verb_set_default_executor(al_vm *vm, const al_value *params);
al_value al_verb_shutdown_default_executor(al_vm *vm, const al_value *params);
al_value al_verb_to_thread(al_vm *vm, const al_value *params);
al_value al_verb_run_coroutine_threadsafe(al_vm *vm, const al_value *params);
al_value al_verb_wrap_future(al_vm *vm, const al_value *params);
al_value al_verb_ThreadPoolExecutor(al_vm *vm, const al_value *params);
al_value al_verb_submit(al_vm *vm, const al_value *params);
al_value al_verb_time_sleep(al_vm *vm, const al_value *params);

#endif
