/* context.c - PEP 567's context variables; see context.h.
 *
 * CPython keeps a hash trie; contexts hold few variables, so a copy of
 * a short array serves: setting copies it, copying a context does not. */
#include "loop/object/context.h"

#include <string.h>
#include "loop/base/alloc.h"
#include "loop/object/thread.h"

/* -- the shared mapping ------------------------------------------------- */

typedef struct al_binding {
    al_context_var *var;
    al_value value;
} al_binding;

typedef struct al_mapping {
    al_vars head;
    size_t count;
    al_binding bindings[]; /* in the order in which they were first set */
} al_mapping;

void al_vars_unref(al_vars *vars)
{
    al_mapping *mapping = (al_mapping *)vars;

    if (!vars || --vars->refs > 0)
        return;
    for (size_t i = 0; i < mapping->count; i++) {
        al_unref(mapping->bindings[i].var);
        al_value_release(mapping->bindings[i].value);
    }
    al_free(mapping);
}

static al_binding *find(al_vars *vars, const al_context_var *var)
{
    al_mapping *mapping = (al_mapping *)vars;

    for (size_t i = 0; mapping && i < mapping->count; i++) {
        if (mapping->bindings[i].var == var)
            return &mapping->bindings[i];
    }
    return NULL;
}

/* A mapping like `vars` with `var` bound to value; to AL_ABSENT: without. */
static al_vars *rebind(al_vars *vars, al_context_var *var, al_value value)
{
    const al_mapping *old = (const al_mapping *)vars;
    size_t count = old ? old->count : 0;
    al_mapping *copy =
        al_alloc(sizeof *copy + (count + 1) * sizeof *copy->bindings);
    bool is_new = find(vars, var) == NULL;

    copy->head.refs = 1;
    copy->count = 0;
    for (size_t i = 0; i < count + is_new; i++) {
        al_binding b = i < count ? old->bindings[i] : (al_binding){.var = var};

        if (b.var == var)
            b.value = value;
        if (b.value.tag == AL_ABSENT)
            continue;
        al_ref(b.var);
        al_value_dup(b.value);
        copy->bindings[copy->count++] = b;
    }
    return &copy->head;
}

/* The contexts in which a variable was set, newest first. */
static _Thread_local al_context *bound_in;

static void link_bound(al_context *context)
{
    if (context->before || context == bound_in)
        return;
    context->after = bound_in;
    if (bound_in)
        bound_in->before = context;
    bound_in = context;
}

static void unlink_bound(al_context *context)
{
    if (context->before)
        context->before->after = context->after;
    else if (context == bound_in)
        bound_in = context->after;
    if (context->after)
        context->after->before = context->before;
    context->before = context->after = NULL;
}

static void replace(al_context *context, al_context_var *var, al_value value)
{
    al_vars *vars = rebind(context->vars, var, value);

    link_bound(context);
    al_vars_unref(context->vars);
    context->vars = vars;
}

void al_contexts_clear(void)
{
    while (bound_in) {
        al_context *context = al_ref(bound_in);
        al_vars *vars = context->vars;

        unlink_bound(context);
        context->vars = NULL;
        al_vars_unref(vars);
        al_unref(context);
    }
}

/* -- ContextVar --------------------------------------------------------- */

static void var_free(al_object *self)
{
    al_context_var *var = (al_context_var *)self;

    al_free(var->name);
    al_value_release(var->default_value);
    al_free(var);
}

static void var_repr(const al_object *self, al_text *out)
{
    const al_context_var *var = (const al_context_var *)self;

    al_text_add(out, "<ContextVar name=");
    al_str_repr_bytes(var->name, strlen(var->name), out);
    if (var->default_value.tag != AL_ABSENT) {
        al_text_add(out, " default=");
        al_value_repr(var->default_value, out);
    }
    al_text_add_char(out, '>');
}

const al_type al_context_var_type = {
    .name = "ContextVar",
    .full_name = "_contextvars.ContextVar",
    .free = var_free,
    .repr = var_repr,
};

al_context_var *al_context_var_new(const char *name, al_value default_value)
{
    al_context_var *var = al_alloc(sizeof *var);

    al_object_init(&var->head, &al_context_var_type);
    var->name = al_strdup(name);
    var->default_value = al_value_dup(default_value);
    return var;
}

al_value al_context_var_get(al_context_var *var, al_value fallback)
{
    al_binding *bound = find(al_thread_current()->context->vars, var);
    al_value self = {.tag = AL_OBJECT, .as.object = &var->head};

    if (bound)
        return al_value_dup(bound->value);
    if (fallback.tag != AL_ABSENT)
        return al_value_dup(fallback);
    if (var->default_value.tag != AL_ABSENT)
        return al_value_dup(var->default_value);
    al_raise_take(al_exception_new(&al_LookupError, &self, 1));
    return (al_value){0};
}

/* -- Token -------------------------------------------------------------- */

static void token_free(al_object *self)
{
    al_token *token = (al_token *)self;

    al_unref(token->var);
    al_unref(token->context);
    al_value_release(token->old_value);
    al_free(token);
}

static void token_repr(const al_object *self, al_text *out)
{
    const al_token *token = (const al_token *)self;

    al_text_add(out, "<Token");
    if (token->is_used)
        al_text_add(out, " used");
    al_text_add(out, " var=");
    var_repr(&token->var->head, out);
    al_text_add_char(out, '>');
}

const al_type al_token_type = {
    .name = "Token",
    .full_name = "_contextvars.Token",
    .free = token_free,
    .repr = token_repr,
    .is_unhashable = true,
};

al_token *al_context_var_set(al_context_var *var, al_value value)
{
    al_context *context = al_thread_current()->context;
    al_binding *bound = find(context->vars, var);
    al_token *token = al_alloc_zero(1, sizeof *token);

    al_object_init(&token->head, &al_token_type);
    token->var = al_ref(var);
    token->context = al_ref(context);
    if (bound)
        token->old_value = al_value_dup(bound->value);
    replace(context, var, value);
    return token;
}

static bool token_fails(const al_token *token, const char *why)
{
    al_text text = {0};

    token_repr(&token->head, &text);
    al_raise(&al_ValueError, "%s was created %s", text.bytes, why);
    al_text_release(&text);
    return false;
}

bool al_context_var_reset(al_context_var *var, al_token *token)
{
    al_text text = {0};

    if (token->is_used) {
        token_repr(&token->head, &text);
        al_raise(&al_RuntimeError, "%s has already been used once",
                 text.bytes);
        al_text_release(&text);
        return false;
    }
    if (token->var != var)
        return token_fails(token, "by a different ContextVar");
    if (token->context != al_thread_current()->context)
        return token_fails(token, "in a different Context");
    token->is_used = true;
    replace(token->context, var, token->old_value);
    return true;
}

/* -- Context ------------------------------------------------------------ */

struct al_stand_in {
    al_value value;
    al_exception *refusal; /* what entering it raises; a reference */
};

static void release_stand_in(struct al_stand_in *s)
{
    al_value_release(s->value);
    al_unref(s->refusal);
    al_free(s);
}

static void context_free(al_object *self)
{
    al_context *context = (al_context *)self;

    unlink_bound(context);
    al_vars_unref(context->vars);
    if (context->stand_in)
        release_stand_in(context->stand_in);
    al_free(context);
}

static void context_repr(const al_object *self, al_text *out)
{
    (void)self;
    al_text_add(out, "<_contextvars.Context object>");
}

static bool context_truth(const al_object *self)
{
    return al_context_count((const al_context *)self) > 0;
}

const al_type al_context_type = {
    .name = "Context",
    .full_name = "_contextvars.Context",
    .free = context_free,
    .repr = context_repr,
    .truth = context_truth,
    .is_unhashable = true,
};

static al_context *context_over(al_vars *vars)
{
    al_context *context = al_alloc_zero(1, sizeof *context);

    al_object_init(&context->head, &al_context_type);
    context->vars = vars;
    return context;
}

al_context *al_context_new(void)
{
    return context_over(NULL);
}

al_context *al_context_copy(void)
{
    return context_over(al_current_vars());
}

al_context *al_context_copy_of(const al_context *context)
{
    return context_over(al_vars_ref(context->vars));
}

/* Being entered for ever, it costs those who run handles no question. */
al_context *al_context_stand_in_take(al_value value, al_exception *refusal)
{
    al_context *context = al_context_new();

    context->is_entered = true;
    context->stand_in = al_alloc(sizeof *context->stand_in);
    *context->stand_in = (struct al_stand_in){al_value_dup(value), refusal};
    return context;
}

bool al_context_is_stand_in(const al_context *context)
{
    return context->stand_in != NULL;
}

al_value al_context_as_value(al_context *context)
{
    if (al_context_is_stand_in(context))
        return al_value_dup(context->stand_in->value);
    return al_take(al_ref(context));
}

al_value al_context_lookup(const al_context *context, const al_context_var *var)
{
    al_binding *bound = find(context->vars, var);

    return bound ? al_value_dup(bound->value) : (al_value){0};
}

size_t al_context_count(const al_context *context)
{
    return context->vars ? ((al_mapping *)context->vars)->count : 0;
}

al_context_var *al_context_peek_var(const al_context *context, size_t index)
{
    return ((al_mapping *)context->vars)->bindings[index].var;
}

bool al_context_enter(al_context *context)
{
    al_thread *thread = al_thread_current();

    if (al_context_is_stand_in(context))
        return al_raise_take(al_ref(context->stand_in->refusal));
    if (context->is_entered)
        return al_raise(&al_RuntimeError,
                        "cannot enter context: <_contextvars.Context object> "
                        "is already entered");
    context->previous = thread->context;
    context->is_entered = true;
    thread->context = al_ref(context);
    return true;
}

void al_context_exit(al_context *context)
{
    al_thread_current()->context = context->previous;
    context->previous = NULL;
    context->is_entered = false;
    al_unref(context);
}

al_vars *al_current_vars(void)
{
    return al_vars_ref(al_thread_current()->context->vars);
}
