/* check_calls.c - calls that must fail, whatever happens at run time.
 *
 * Only what is certain is reported: the callee is a function of the
 * scenario, by a name that nothing ever assigns. */
#include <stdio.h>
#include <string.h>
#include "sim/scenario/loader.h"

static bool is_local(const al_names *n, const char *name)
{
    const al_name_entry *entry = al_name_map_find(&n->scope, name);

    return entry && (entry->flags & AL_NAME_LOCAL) &&
           !(entry->flags & AL_NAME_GLOBAL);
}

/* The function a name surely stands for, or NULL. */
static const al_function *sure_function(const al_names *n, const al_expr *e)
{
    const al_name_entry *entry;

    if (!e || e->kind != AL_EXPR_NAME || is_local(n, e->as.name) ||
        al_name_map_find(&n->loader->doubtful, e->as.name))
        return NULL;
    entry = al_name_map_find(&n->module, e->as.name);
    if (!entry || !(entry->flags & AL_NAME_FUNCTION) ||
        (entry->flags & AL_NAME_BOUND))
        return NULL;
    return &n->loader->scenario->functions[entry->index];
}

static void report(al_names *n, const al_expr *at, const char *message)
{
    const al_expr_node *node = al_expr_node_of(at);

    al_diagnose(n->loader->diagnostics, node->offset, node->end - node->offset,
                NULL, "%s", message);
}

static void report_count(al_names *n, const al_expr *at, const al_function *f,
                         size_t given)
{
    char message[300];

    if (given > f->param_count && f->has_rest)
        return;
    if (given > f->param_count)
        snprintf(message, sizeof message,
                 "%.80s() takes %zu positional argument%s but %zu %s given",
                 f->name, f->param_count, f->param_count == 1 ? "" : "s",
                 given, given == 1 ? "was" : "were");
    else
        snprintf(message, sizeof message,
                 "%.80s() misses %zu required argument%s: '%.80s'%s", f->name,
                 f->param_count - given,
                 f->param_count - given == 1 ? "" : "s", f->params[given],
                 f->param_count - given == 1 ? "" : ", …");
    report(n, at, message);
}

static bool has_param(const al_function *f, const char *name, size_t *at)
{
    for (*at = 0; *at < f->param_count; ++*at) {
        if (strcmp(f->params[*at], name) == 0)
            return true;
    }
    return false;
}

/* True: each keyword is a parameter of its own. */
static bool check_keywords(al_names *n, const al_expr *call,
                           const al_function *f, size_t positional)
{
    char message[300];
    size_t at;

    for (size_t i = 0; i < call->as.call.keyword_count; i++) {
        const char *name = call->as.call.keywords[i];
        const char *wrong =
 !has_param(f, name, &at) && f->has_keywords ? NULL
            : at == f->param_count
                ? "%.80s() got an unexpected keyword argument '%.80s'"
            : at < positional
                ? "%.80s() got multiple values for argument '%.80s'" : NULL;

        if (!wrong)
            continue;
        snprintf(message, sizeof message, wrong, f->name, name);
        report(n, call->as.call.function, message);
        return false;
    }
    return true;
}

void al_check_call(al_names *n, const al_expr *call)
{
    const al_function *f = sure_function(n, call->as.call.function);
    size_t given = call->as.call.args.count;
    size_t positional = given - call->as.call.keyword_count;

    if (!f || call->as.call.star || call->as.call.mapping)
        return;
    if (positional > f->param_count)
        report_count(n, call->as.call.function, f, positional);
    else if (check_keywords(n, call, f, positional) && given < f->param_count)
        report_count(n, call->as.call.function, f, given);
}

static const al_expr *param(const al_expr *operation, const char *name)
{
    int at = al_verb_param(operation->as.verb.verb, name);

    return at < 0 ? NULL : operation->as.verb.params[at];
}

void al_check_operation(al_names *n, const al_expr *operation)
{
    al_verb verb = operation->as.verb.verb;
    const al_verb_spec *spec = &al_verb_specs[verb];
    const al_expr *args = param(operation, "args");
    const al_expr *kwargs = param(operation, "kwargs");
    size_t given = (args ? args->as.items.count : 0) +
                   (kwargs ? kwargs->as.dict.keys.count : 0);

    for (size_t i = 0; i < spec->param_count; i++) {
        const al_expr *callee = operation->as.verb.params[i];
        const al_function *f = spec->params[i].kind == AL_PARAM_CALLABLE
                                   ? sure_function(n, callee) : NULL;

        if (verb == AL_VERB_SET_EXCEPTION_HANDLER)
            given = 2; /* the loop and the context */
        if (verb == AL_VERB_ADD_DONE_CALLBACK)
            given = 1; /* the future */
        if (f && verb != AL_VERB_REMOVE_DONE_CALLBACK &&
            given != f->param_count)
            report_count(n, callee, f, given);
    }
}
