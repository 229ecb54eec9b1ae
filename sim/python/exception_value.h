/* exception_value.h - exceptions as the script sees them, and raising them
 * with a value for result. */
#ifndef AL_EXCEPTION_VALUE_H
#define AL_EXCEPTION_VALUE_H

#include "loop/object/exception.h"
#include "sim/compile/code.h"
#include "sim/machine/vm.h"

/* NULL where it is none. */
const al_exception_class *al_exception_class_peek(al_value value);
al_exception *al_exception_peek(al_value value);

/* What `raise value` raises: the instance, or a new one of the class; owned.
 * NULL: it is neither, and TypeError(what) is raised. */
al_exception *al_exception_instance(al_vm *vm, al_value value,
                                    const char *what);

/* Raise; both return AL_ABSENT. */
al_value al_fail_with(const al_exception_class *cls, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
al_value al_raise_value(const al_exception_class *cls, al_value argument);

/* Raised already: complete the exception with __context__. */
void al_vm_chain_context(al_vm *vm, al_exception *e);

/* The same for what is thrown into a coroutine's frame: only what that frame
 * itself is handling counts. */
void al_vm_chain_thrown(al_vm *vm, const al_frame *frame, al_exception *e);

/* What a generator's or coroutine's throw(type, value, traceback) throws; the
 * last two are AL_ABSENT where left out.  A new reference; NULL: raised. */
al_exception *al_exception_to_throw(al_vm *vm, const al_value given[3]);

#endif
