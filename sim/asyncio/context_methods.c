/* context_methods.c - ContextVar, Context and Token for scripts. */
#include "sim/machine/machine.h"

/* -- ContextVar --------------------------------------------------------- */

static al_context_var *var_of(al_value value)
{
    return (al_context_var *)value.as.object;
}

static al_value var_get(al_call *call)
{
    return al_context_var_get(var_of(call->self), call->slots[0]);
}

static al_value var_set(al_call *call)
{
    return al_take(al_context_var_set(var_of(call->self), call->slots[0]));
}

static al_value var_reset(al_call *call)
{
    al_text text = {0};

    if (al_is(call->slots[0], &al_token_type))
        return al_context_var_reset(var_of(call->self),
                                    (al_token *)call->slots[0].as.object)
                   ? al_none() : al_no_value();
    if (al_add_repr(call->slots[0], &text))
        al_raise(&al_TypeError, "expected an instance of Token, got %s",
                 text.bytes);
    al_text_release(&text);
    return al_no_value();
}

static al_value var_name(al_vm *vm, al_value self)
{
    (void)vm;
    return al_str_new(var_of(self)->name);
}

static al_value construct_var(al_call *call)
{
    const al_str *name = al_str_peek(call->slots[0]);

    if (!name)
        return al_fail_with(&al_TypeError,
                            "context variable name must be a str");
    return al_take(al_context_var_new(name->bytes, call->slots[1]));
}

static const al_method var_methods[] = {
    {.name = "get", .qualname = "ContextVar.get", .call = var_get, .max = 1},
    {.name = "set", .qualname = "ContextVar.set", .call = var_set, .min = 1,
     .max = 1},
    {.name = "reset", .qualname = "ContextVar.reset", .call = var_reset,
     .min = 1, .max = 1},
    {0},
};

static const al_method var_constructor = {
    .name = "ContextVar", .qualname = "ContextVar", .call = construct_var,
    .min = 1, .max = 1, .params = "/name default", .arity = AL_ARITY_TAKES,
};

static const al_getter var_getters[] = {{"name", var_name}, {0}};

const al_class al_context_var_class = {
    .head = AL_CLASS_HEAD,
    .name = "ContextVar",
    .module = "_contextvars.",
    .tag = AL_OBJECT,
    .type = &al_context_var_type,
    .constructor = &var_constructor,
    .methods = var_methods,
    .getters = var_getters,
};

/* -- Context ------------------------------------------------------------ */

static al_context *context_of(al_value value)
{
    return (al_context *)value.as.object;
}

static al_value context_run(al_call *call)
{
    al_context *context = context_of(call->self);
    al_args args = *call->args;
    al_value result;

    if (call->count == 0)
        return al_fail_with(&al_TypeError, "run() missing 1 required "
                            "positional argument");
    args.items++;
    args.count--;
    if (!al_context_enter(context))
        return al_no_value();
    result = al_call_value(call->vm, call->items[0], &args);
    al_context_exit(context);
    return result;
}

static al_value context_copy(al_call *call)
{
    return al_take(al_context_copy_of(context_of(call->self)));
}

static al_value context_get(al_call *call)
{
    int found = al_contains(call->vm, call->self, call->slots[0]);

    if (found < 0)
        return al_no_value();
    if (found)
        return al_context_lookup(context_of(call->self),
                                 var_of(call->slots[0]));
    return call->slots[1].tag == AL_ABSENT ? al_none()
                                           : al_value_dup(call->slots[1]);
}

static al_value pair_of(al_context_var *var, al_value value)
{
    al_value items[2] = {al_take(var), value};

    return al_take(al_tuple_new(items, 2));
}

/* keys(), values() and items() give lists here. */
static al_value listing(al_call *call, al_view_kind kind)
{
    al_context *context = context_of(call->self);
    al_list *list = al_list_new(call->vm, NULL, 0);

    for (size_t i = 0; i < al_context_count(context); i++) {
        al_context_var *var = al_context_peek_var(context, i);
        al_value value = al_context_lookup(context, var);
        al_value key = {.tag = AL_OBJECT, .as.object = &var->head};

        al_list_take(call->vm, list,
                     kind == AL_KEYS ? al_value_dup(key)
                     : kind == AL_VALUES ? al_value_dup(value)
                                         : pair_of(var, value));
        al_value_release(value);
    }
    return al_take(list);
}

static al_value context_keys(al_call *call)
{
    return listing(call, AL_KEYS);
}

static al_value context_values(al_call *call)
{
    return listing(call, AL_VALUES);
}

static al_value context_items(al_call *call)
{
    return listing(call, AL_ITEMS);
}

static const al_method context_methods[] = {
    {.name = "run", .qualname = "Context.run", .call = context_run, .max = -1,
     .takes_any_keyword = true},
    {.name = "copy", .qualname = "Context.copy", .call = context_copy,
     .max = 0},
    {.name = "get", .qualname = "Context.get", .call = context_get, .min = 1,
     .max = 2},
    {.name = "keys", .qualname = "Context.keys", .call = context_keys,
     .max = 0},
    {.name = "values", .qualname = "Context.values", .call = context_values,
     .max = 0},
    {.name = "items", .qualname = "Context.items", .call = context_items,
     .max = 0},
    {0},
};

static al_value construct_context(al_call *call)
{
    if (call->args->count || call->args->keyword_count)
        return al_fail_with(&al_TypeError,
                            "Context() does not accept any arguments");
    return al_take(al_context_new());
}

static const al_method context_constructor = {
    .name = "Context", .qualname = "Context", .call = construct_context,
    .max = -1, .takes_any_keyword = true,
};

const al_class al_context_class = {
    .head = AL_CLASS_HEAD,
    .name = "Context",
    .module = "_contextvars.",
    .tag = AL_OBJECT,
    .type = &al_context_type,
    .constructor = &context_constructor,
    .methods = context_methods,
};

/* -- Token -------------------------------------------------------------- */

static void missing_free(al_object *self)
{
    (void)self; /* static */
}

static void missing_repr(const al_object *self, al_text *out)
{
    (void)self;
    al_text_add(out, "<Token.MISSING>");
}

static const al_type missing_type = {
    .name = "Token.MISSING",
    .free = missing_free,
    .repr = missing_repr,
};

static al_object missing = {&missing_type, AL_IMMORTAL, 0};

const al_class al_missing_class = {
    .head = AL_CLASS_HEAD,
    .name = "Token.MISSING",
    .tag = AL_OBJECT,
    .type = &missing_type,
};

static al_value token_var(al_vm *vm, al_value self)
{
    (void)vm;
    return al_take(al_ref(((al_token *)self.as.object)->var));
}

static al_value token_old_value(al_vm *vm, al_value self)
{
    al_value old = ((al_token *)self.as.object)->old_value;

    (void)vm;
    return old.tag == AL_ABSENT ? al_take(&missing) : al_value_dup(old);
}

static const al_getter token_getters[] = {
    {"var", token_var}, {"old_value", token_old_value}, {0},
};

const al_class al_token_class = {
    .head = AL_CLASS_HEAD,
    .name = "Token",
    .module = "_contextvars.",
    .tag = AL_OBJECT,
    .type = &al_token_type,
    .getters = token_getters,
};
