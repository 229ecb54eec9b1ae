/* function.h - what can be called, as values: script functions, builtins,
 * methods bound to their object. */
#ifndef AL_FUNCTION_H
#define AL_FUNCTION_H

#include "sim/machine/call.h"

typedef struct al_function_value {
    al_object head;
    al_vm *vm;
    al_code *code;
} al_function_value;

typedef struct al_bound { /* a method of an object; or a builtin function */
    al_object head;
    al_vm *vm;
    const al_method *method;
    al_value self; /* AL_ABSENT: a function of no object */
} al_bound;

extern const al_type al_function_type, al_builtin_type, al_method_type,
    al_library_type;

al_value al_function_new(al_vm *vm, al_code *code);

/* The type is CPython's: of methods that it writes in C, or in Python. */
al_value al_bound_new(al_vm *vm, const al_method *method, al_value self);

static inline const al_bound *al_bound_peek(al_value value) /* or NULL */
{
    return al_is(value, &al_builtin_type) || al_is(value, &al_method_type) ||
                   al_is(value, &al_library_type)
               ? (const al_bound *)value.as.object : NULL;
}

/* callable(value) */
bool al_is_callable(al_value value);

/* __qualname__ of anything callable; of the rest its repr. */
void al_qualname(al_value callable, al_text *out);

#endif
