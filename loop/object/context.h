/* context.h - context variables (PEP 567): ContextVar, Context, Token.
 *
 * A context is a mapping from variables to values.  Copying one must cost
 * nothing, for every call_soon copies the current one: so a context points
 * to an immutable, shared al_vars, and setting a variable replaces it. */
#ifndef AL_CONTEXT_H
#define AL_CONTEXT_H

#include "loop/object/exception.h"
#include "loop/object/value.h"

typedef struct al_vars { /* immutable; NULL is the empty mapping */
    size_t refs;         /* context.c knows the rest */
} al_vars;

static inline al_vars *al_vars_ref(al_vars *vars)
{
    if (vars)
        vars->refs++;
    return vars;
}

void al_vars_unref(al_vars *vars); /* al_vars_unref(NULL) is harmless */

typedef struct al_context_var {
    al_object head;
    char *name;
    al_value default_value; /* AL_ABSENT: none */
} al_context_var;

typedef struct al_context {
    al_object head;
    al_vars *vars;
    struct al_context *previous; /* while entered: whom it shadows */
    bool is_entered;
    struct al_stand_in *stand_in; /* NULL: it is a context indeed */
    struct al_context *before, *after; /* in which a variable was set */
} al_context;

typedef struct al_token {
    al_object head;
    al_context_var *var;
    al_context *context; /* in which var.set was called */
    al_value old_value;  /* AL_ABSENT: Token.MISSING */
    bool is_used;
} al_token;

extern const al_type al_context_var_type, al_context_type, al_token_type;

/* ContextVar(name), with a default unless it is AL_ABSENT: the caller's.
 * Both are copied. */
al_context_var *al_context_var_new(const char *name, al_value default_value);

/* var.get(): the value in the current context, else fallback, else the
 * variable's default; a new reference.  AL_ABSENT: all of them are, and it
 * raised LookupError. */
al_value al_context_var_get(al_context_var *var, al_value fallback);

/* var.set(value), in the current context: the token is the caller's. */
al_token *al_context_var_set(al_context_var *var, al_value value);

/* var.reset(token).  False: raised RuntimeError (used already) or ValueError
 * (other variable or context), with CPython's texts. */
bool al_context_var_reset(al_context_var *var, al_token *token);

/* Unset all variables in all contexts of this thread: a context may hold
 * itself, and nothing else would ever free it.  For the end of a run. */
void al_contexts_clear(void);

/* All three are the caller's. */
al_context *al_context_new(void);  /* contextvars.Context() */
al_context *al_context_copy(void); /* contextvars.copy_context() */
al_context *al_context_copy_of(const al_context *context); /* ctx.copy() */

/* Python takes anything for a handle's context, and finds out when it runs.
 * A stand-in for `value`, which is no Context: entering it raises `refusal`,
 * AttributeError "'int' object has no attribute 'run'" (taken over). */
al_context *al_context_stand_in_take(al_value value, al_exception *refusal);
bool al_context_is_stand_in(const al_context *context);

/* The Context itself as a value, or what it stands for. */
al_value al_context_as_value(al_context *context);

/* ctx[var]: a new reference; AL_ABSENT where it holds none (not raised). */
al_value al_context_lookup(const al_context *context,
                           const al_context_var *var);

/* len(ctx); and the variable of an index below it, in the order in which
 * they were first set.  Borrowed until the context is changed or freed. */
size_t al_context_count(const al_context *context);
al_context_var *al_context_peek_var(const al_context *context, size_t index);

/* The two halves of ctx.run(): make `context` the thread's current one until
 * the matching exit; a reference is kept meanwhile.  False: raised
 * RuntimeError "cannot enter context: ... is already entered". */
bool al_context_enter(al_context *context);
void al_context_exit(al_context *context);

/* The mapping of the thread's current context, which a copy of that context
 * would have: a new reference, or NULL for the empty one. */
al_vars *al_current_vars(void);

#endif
