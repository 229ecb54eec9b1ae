/* call.h - calling: arguments, functions written in C, frames to be run.
 *
 * A function written in C says in its al_method what it takes; arguments
 * are bound to its slots here, with CPython's messages where they do not
 * fit. */
#ifndef AL_CALL_H
#define AL_CALL_H

#include "sim/machine/frame.h"
#include "sim/machine/vm.h"

typedef struct al_method al_method;

/* Arguments, borrowed. */
typedef struct al_args {
    const al_value *items; /* positional, then those by keyword */
    size_t count;          /* of positional ones */
    const char *const *keywords;
    size_t keyword_count;
} al_args;

enum { AL_MAX_SLOTS = 6 };

/* A call of a function written in C. */
typedef struct al_call {
    al_vm *vm;
    const al_method *method;
    al_value self;
    const al_value *items; /* the positional arguments */
    size_t count;
    const al_args *args;   /* all of them, as given */
    al_value slots[AL_MAX_SLOTS]; /* by parameter; see al_method */
} al_call;

typedef al_value al_native(al_call *call); /* owned; AL_ABSENT: raised */

typedef enum al_arity {
    AL_ARITY_C,      /* "pop expected at most 1 argument, got 2" */
    AL_ARITY_WRAPPER, /* "expected 0 arguments, got 1": __next__ and the like */
    AL_ARITY_TAKES,  /* "replace() takes at least 2 positional arguments" */
    AL_ARITY_PYTHON, /* as a method written in Python says it */
    AL_ARITY_FUNCTION /* the same of a function, of no object */
} al_arity;

/* A function written in C, or a method.  `params` names its parameters,
 * separated by spaces; each gets a slot, AL_ABSENT where it was left out.
 * The first `max` may be given by position ("/name" can be so alone), the
 * others by keyword alone; the first `min` must be given.  Where `max` is -1
 * any number of positional arguments is taken: they are in items, and params
 * are keyword-only but for those after a "|", the `min` that come first. */
struct al_method {
    const char *name;
    const char *qualname; /* "list.append" */
    al_native *call;
    int min, max;
    const char *params;
    al_arity arity;
    bool takes_any_keyword; /* besides params: they are in args */
};

/* An entry of a table of methods, or of builtin functions: the rest are
 * designated initialisers, of which there must be one. */
#define AL_METHOD(type, method, ...)                                           \
    {.name = #method, .qualname = #type "." #method,                           \
     .call = type##_##method, __VA_ARGS__}
#define AL_FUNCTION(function, ...)                                             \
    {.name = #function, .qualname = #function, .call = builtin_##function,     \
     __VA_ARGS__}

/* Call anything.  Owned result; AL_ABSENT: raised. */
al_value al_call_value(al_vm *vm, al_value function, const al_args *args);
al_value al_call_method(al_vm *vm, const al_method *method, al_value self,
                        const al_args *args);

/* The same of object.name(…): for verbs whose object is not what they
 * expect. */
al_value al_call_attribute(al_vm *vm, al_value object, const char *name,
                           const al_args *args);

/* A call with keywords: the callee at base[0], what it is called on or
 * AL_ABSENT at base[1] (a method has AL_ABSENT for a tag, and its al_method),
 * then the arguments, *star and **mapping spread. */
al_value al_call_spread(al_vm *vm, const al_value *base,
                        const al_named_call *call);
al_value al_call_star(al_value iterable); /* f(a, *iterable): a tuple */

/* A frame for calling a function value; NULL: raised (wrong arguments, or
 * too deep). */
al_frame *al_call_frame(al_vm *vm, al_value function, const al_args *args);

#endif
