/* loop_methods.h - what the loop's methods and verbs do alike.
 *
 * Callbacks are taken, even on failure.  Results are owned; AL_ABSENT:
 * raised. */
#ifndef AL_LOOP_METHODS_H
#define AL_LOOP_METHODS_H

#include "loop/core/loop.h"
#include "sim/machine/vm.h"

typedef enum al_schedule {
    AL_CALL_SOON,
    AL_CALL_LATER,
    AL_CALL_AT,
    AL_CALL_SOON_THREADSAFE
} al_schedule;

/* call_soon and kin: the handle.  `when` is the delay or the time;
 * `function` is for the messages; context: AL_ABSENT or None: a copy of the
 * current one. */
al_value al_schedule_call(al_vm *vm, al_schedule how, al_loop *loop,
                          al_value when, al_value function,
                          al_callback callback, al_value context);

typedef enum al_watch_change {
    AL_ADD_READER,
    AL_ADD_WRITER,
    AL_REMOVE_READER,
    AL_REMOVE_WRITER
} al_watch_change;

/* add_reader and kin; of the removals the callback is none. */
al_value al_watch_fd(al_watch_change how, al_loop *loop, al_value fd,
                     al_callback callback);

al_value al_add_signal_handler(al_loop *loop, al_value sig,
                               al_callback callback);

/* A context= that was given, owned: NULL for None, which is a copy of the
 * current one; a stand-in for what is no Context. */
al_context *al_context_argument(al_vm *vm, al_value context);

#endif
