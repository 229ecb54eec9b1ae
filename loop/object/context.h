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

void al_vars_unref(al_vars *vars);

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

/* ContextVar(name), with a default unless it is AL_ABSENT. */
al_context_var *al_context_var_new(const char *name, al_value default_value);

/* var.get(): the value in the current context, else fallback, else the
 * variable's default; where all are absent raises LookupError and returns
 * AL_ABSENT. */
al_value al_context_var_get(al_context_var *var, al_value fallback);
al_token *al_context_var_set(al_context_var *var, al_value value);

/* Raises RuntimeError (used already) or ValueError (other var or context),
 * with CPython's texts. */
bool al_context_var_reset(al_context_var *var, al_token *token);

/* Unset all variables in all contexts of this thread: a context may hold
 * itself, and nothing else would ever free it.  For the end of a run. */
void al_contexts_clear(void);

al_context *al_context_new(void);  /* contextvars.Context() */
al_context *al_context_copy(void); /* contextvars.copy_context() */
al_context *al_context_copy_of(const al_context *context); /* ctx.copy() */

/* ctx[var]; AL_ABSENT where it holds none. */
al_value al_context_lookup(const al_context *context, const al_context_var *var);
size_t al_context_count(const al_context *context);
al_context_var *al_context_peek_var(const al_context *context, size_t index);

/* Make `context` the thread's current one, until the matching exit.
 * Raises RuntimeError "cannot enter context: ... is already entered". */
bool al_context_enter(al_context *context);
void al_context_exit(al_context *context);

/* The mapping of the thread's current context: a new reference, or NULL. */
al_vars *al_current_vars(void);

#endif
