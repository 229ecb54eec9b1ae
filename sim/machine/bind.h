/* bind.h - arguments to parameters, and what CPython says where they do not
 * fit. */
#ifndef AL_BIND_H
#define AL_BIND_H

#include "sim/machine/call.h"

/* To the slots of a script function's frame; false: raised. */
bool al_bind_frame(al_vm *vm, al_frame *frame, const al_args *args);

/* To the slots of a call, all else of which is set; false: raised. */
bool al_bind_native(al_call *call);

/* -- what both raise; all return false ------------------------------------ */

bool al_raise_missing(const char *function, const char *const *names,
                      size_t count);

/* `known` are the parameters that it might have been meant for. */
bool al_raise_unexpected(const char *function, const char *keyword,
                         const char *const *known, size_t count);

bool al_raise_given_twice(const char *function, const char *keyword);

#endif
