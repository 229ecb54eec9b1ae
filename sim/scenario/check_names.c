/* check_names.c - what each name means: Python's scopes.
 *
 * A name that a body binds is local in all of it, unless it says `global`;
 * everything else is looked up among the module's names (functions, fds,
 * what the program or a `global` statement's function assigns), then among
 * the builtins.  A name found nowhere could only raise NameError, so it is
 * a mistake; one that is merely not assigned yet is the run's business. */
#include <stdio.h>
#include <string.h>
#include "loop/base/alloc.h"
#include "sim/json/suggest.h"
#include "sim/scenario/bound_names.h"
#include "sim/scenario/hints.h"
#include "sim/scenario/loader.h"
#include "sim/scenario/words.h"

/* -- which names a body binds ------------------------------------------- */

static void note_name(void *map, const char *name, bool is_global)
{
    al_name_map_add(map, name)->flags |= is_global ? AL_NAME_GLOBAL
                                                   : AL_NAME_BOUND;
}

static void note_local(void *map, const char *name, bool is_global)
{
    al_name_map_add(map, name)->flags |= is_global ? AL_NAME_GLOBAL
                                                   : AL_NAME_LOCAL;
}

/* -- the module's names ------------------------------------------------- */

static void collect_from_function(al_names *n, const al_block *body)
{
    al_name_map map = {0};

    al_visit_names(body, note_name, &map);
    for (size_t i = 0; i < map.size; i++) {
        const al_name_entry *entry = &map.slots[i];

        if (entry->name && (entry->flags & AL_NAME_BOUND) &&
            (entry->flags & AL_NAME_GLOBAL))
            note_name(&n->module, entry->name, false);
    }
    al_name_map_release(&map);
}

static void collect_module(al_names *n)
{
    const al_scenario *s = n->loader->scenario;

    for (size_t i = 0; i < s->function_count; i++) /* index i, so */
        al_name_map_add(&n->module, s->functions[i].name)->flags |=
            AL_NAME_FUNCTION;
    for (size_t i = 0; i < s->fd_count; i++)
        al_name_map_add(&n->module, s->fds[i])->flags |= AL_NAME_FD;
    al_visit_names(&s->program, note_name, &n->module);
    for (size_t i = 0; i < s->function_count; i++)
        collect_from_function(n, &s->functions[i].body);
    for (size_t i = 0; i < s->world_count; i++)
        collect_from_function(n, &s->world[i].body);
}

/* -- names that are read ------------------------------------------------ */

/* Global statements alone do not make a name known. */
static bool is_known(const al_names *n, const char *name)
{
    const unsigned known = AL_NAME_FUNCTION | AL_NAME_FD | AL_NAME_BOUND;
    const al_name_entry *local = al_name_map_find(&n->scope, name);
    const al_name_entry *global = al_name_map_find(&n->module, name);

    if (local && (local->flags & AL_NAME_LOCAL) &&
        !(local->flags & AL_NAME_GLOBAL))
        return true;
    return (global && (global->flags & known)) || al_is_builtin(name) ||
           al_name_map_find(&n->loader->doubtful, name);
}

typedef struct word_list {
    const char **items;
    size_t count, capacity;
} word_list;

static void add_word(word_list *words, const char *word)
{
    words->items = al_grow((void *)words->items, &words->capacity,
                           words->count + 1, sizeof *words->items);
    words->items[words->count++] = word;
}

static void add_known(const al_names *n, const al_name_map *map,
                      unsigned flags, word_list *words)
{
    for (size_t i = 0; i < map->size; i++) {
        const char *name = map->slots[i].name;

        if (name && (map->slots[i].flags & flags) && is_known(n, name))
            add_word(words, name);
    }
}

/* The flags select: only functions, only fds, or everything (0). */
static const char *closest_name(const al_names *n, const char *name,
                                unsigned flags, size_t offset)
{
    word_list words = {0};
    const char *closest;

    if (!al_diagnostics_wants(n->loader->diagnostics, offset))
        return NULL;
    add_known(n, &n->scope, flags ? 0 : ~0u, &words);
    add_known(n, &n->module, flags ? flags : ~0u, &words);
    for (size_t i = 0; !flags && al_builtin_names[i]; i++) {
        if (al_is_builtin(al_builtin_names[i]))
            add_word(&words, al_builtin_names[i]);
    }
    closest = al_suggest(name, words.items, words.count);
    al_free((void *)words.items);
    return closest;
}

/* What Python has, or this language elsewhere, and expressions have not.
 * False: nothing. */
static bool add_reason(al_text *out, const char *name, const char *closest)
{
    al_verb verb = al_verb_find(name);
    const char *hint = al_hint_name(name);

    if (!hint && verb == AL_VERB_COUNT && !closest)
        hint = al_hint_module(name);
    if (hint) {
        al_text_add(out, hint);
    } else if (verb != AL_VERB_COUNT) {
        al_text_add(out, ": it is an operation, which is written as an "
                         "object: ");
        al_hint_add_form(out, verb);
    }
    return out->length > 0;
}

/* A value like "done" was probably meant as text. */
static bool is_whole_string(const al_names *n, const al_expr_node *node)
{
    const al_json *json = &n->loader->json;

    return node->offset > 0 && node->end < json->length &&
           json->text[node->offset - 1] == '"' && json->text[node->end] == '"';
}

static void report_name(al_names *n, const al_expr *e, const char *what,
                        unsigned flags)
{
    const al_expr_node *node = al_expr_node_of(e);
    const char *closest = closest_name(n, e->as.name, flags,
                                       node->offset);
    size_t length = node->end - node->offset;
    int shown = length > 80 ? 80 : (int)length;
    al_text reason = {0};

    if (!flags && add_reason(&reason, e->as.name, closest))
        al_diagnose(n->loader->diagnostics, node->offset, length, NULL,
                    "name '%.*s' is not defined%s", shown, e->as.name,
                    reason.bytes);
    else if (!closest && (flags & AL_NAME_FD))
        al_diagnose(n->loader->diagnostics, node->offset, length, NULL,
                    "unknown fd '%.*s': name it in \"fds\": [\"%.*s\"], or let "
                    "the world mention it", shown, e->as.name, shown,
                    e->as.name);
    else if (what)
        al_diagnose(n->loader->diagnostics, node->offset, length, closest,
                    "unknown %s '%.*s'", what, shown, e->as.name);
    else if (!closest && is_whole_string(n, node))
        al_diagnose(n->loader->diagnostics, node->offset, length, NULL,
                    "name '%.*s' is not defined; text has quotes of its own: "
                    "\"'%.*s'\"", shown, e->as.name, shown, e->as.name);
    else
        al_diagnose(n->loader->diagnostics, node->offset, length, closest,
                    "name '%.*s' is not defined", shown, e->as.name);
    al_text_release(&reason);
}

/* Each name is reported once a body. */
static void check_use(al_names *n, const al_expr *e, const char *what,
                      unsigned flags)
{
    al_name_entry *entry;
    bool known = is_known(n, e->as.name);

    entry = al_name_map_add(&n->scope, e->as.name);
    entry->flags |= AL_NAME_USED;
    if (known || (entry->flags & AL_NAME_REPORTED))
        return;
    entry->flags |= AL_NAME_REPORTED;
    report_name(n, e, what, flags);
}

/* -- a module's names ---------------------------------------------------- */

static bool is_constant_of_wait(const char *name)
{
    return strcmp(name, "ALL_COMPLETED") == 0 ||
           strcmp(name, "FIRST_COMPLETED") == 0 ||
           strcmp(name, "FIRST_EXCEPTION") == 0;
}

/* What is in its place; false: nothing known. */
static bool report_dotted(al_names *n, const al_expr *e, const char *dotted,
                          bool is_called)
{
    al_diagnostics *d = n->loader->diagnostics;
    const al_expr_node *node = al_expr_node_of(e);
    size_t length = node->end - node->offset;
    const char *name = e->as.attribute.name;
    al_verb verb = al_verb_find(dotted);
    al_text form = {0};

    if (verb == AL_VERB_COUNT)
        verb = al_verb_undotted(dotted);
    if (verb != AL_VERB_COUNT) {
        al_hint_add_form(&form, verb);
        al_diagnose(d, node->offset, length, NULL,
                    "'%s' is an operation, and no function: write %s%s",
                    dotted, form.bytes,
                    is_called ? "" : " in the body of a function");
    } else if (is_constant_of_wait(name)) {
        al_diagnose(d, node->offset, length, NULL,
                    "'%s' is not defined: write \"'%s'\"", dotted, name);
    } else if (al_is_builtin(name)) {
        al_diagnose(d, node->offset, length, name,
                    "'%s' is not defined: a scenario imports no modules",
                    dotted);
    } else {
        return false;
    }
    al_text_release(&form);
    return true;
}

/* asyncio.Lock, time.sleep, where there is no variable of that name. */
static bool refuse_dotted(al_names *n, const al_expr *e, bool is_called)
{
    static const char *const modules[] = {"asyncio", "contextvars", "time"};
    const al_expr *object = e->as.attribute.object;
    char dotted[120];

    if (object->kind != AL_EXPR_NAME || is_known(n, object->as.name))
        return false;
    for (size_t i = 0; i < sizeof modules / sizeof *modules; i++) {
        if (strcmp(modules[i], object->as.name) != 0)
            continue;
        snprintf(dotted, sizeof dotted, "%s.%s", object->as.name,
                 e->as.attribute.name);
        return report_dotted(n, e, dotted, is_called);
    }
    return false;
}

/* -- expressions -------------------------------------------------------- */

static void check_expr(al_names *n, const al_expr *e);

static void check_exprs(al_names *n, const al_exprs *exprs)
{
    for (size_t i = 0; i < exprs->count; i++)
        check_expr(n, exprs->items[i]);
}

static void check_fstring(al_names *n, const al_expr *e)
{
    for (size_t i = 0; i < e->as.fstring.count; i++)
        check_expr(n, e->as.fstring.parts[i].value);
}

static void check_param(al_names *n, const al_expr *e, al_param_kind kind)
{
    bool is_name = e && e->kind == AL_EXPR_NAME;

    if (is_name && kind == AL_PARAM_CALLABLE)
        check_use(n, e, "function", AL_NAME_FUNCTION);
    else if (is_name && kind == AL_PARAM_FD)
        check_use(n, e, "fd", AL_NAME_FD);
    else
        check_expr(n, e);
}

static void check_verb(al_names *n, const al_expr *e)
{
    const al_verb_spec *spec = &al_verb_specs[e->as.verb.verb];

    for (size_t i = 0; i < spec->param_count; i++)
        check_param(n, e->as.verb.params[i], spec->params[i].kind);
    al_check_operation(n, e);
}

static void check_call(al_names *n, const al_expr *e)
{
    const al_expr *function = e->as.call.function;

    if (function->kind != AL_EXPR_ATTRIBUTE ||
        !refuse_dotted(n, function, true))
        check_expr(n, function);
    check_exprs(n, &e->as.call.args);
    check_expr(n, e->as.call.star);
    check_expr(n, e->as.call.mapping);
    al_check_call(n, e);
}

static void check_expr(al_names *n, const al_expr *e)
{
    if (!e)
        return;
    switch (e->kind) {
    case AL_EXPR_NAME:
        check_use(n, e, NULL, 0);
        break;
    case AL_EXPR_UNARY:
    case AL_EXPR_BINARY:
    case AL_EXPR_AND:
    case AL_EXPR_OR:
        check_expr(n, e->as.binary.left);
        check_expr(n, e->as.binary.right);
        break;
    case AL_EXPR_COMPARE:
        check_expr(n, e->as.compare.left);
        check_exprs(n, &e->as.compare.rights);
        break;
    case AL_EXPR_CONDITIONAL:
        check_expr(n, e->as.conditional.then);
        check_expr(n, e->as.conditional.test);
        check_expr(n, e->as.conditional.otherwise);
        break;
    case AL_EXPR_ATTRIBUTE:
        if (!refuse_dotted(n, e, false))
            check_expr(n, e->as.attribute.object);
        break;
    case AL_EXPR_SUBSCRIPT:
        check_expr(n, e->as.subscript.object);
        check_expr(n, e->as.subscript.index);
        break;
    case AL_EXPR_SLICE:
        check_expr(n, e->as.slice.start);
        check_expr(n, e->as.slice.stop);
        check_expr(n, e->as.slice.step);
        break;
    case AL_EXPR_CALL:
        check_call(n, e);
        break;
    case AL_EXPR_TUPLE:
    case AL_EXPR_LIST:
        check_exprs(n, &e->as.items);
        break;
    case AL_EXPR_DICT:
        check_exprs(n, &e->as.dict.keys);
        check_exprs(n, &e->as.dict.values);
        break;
    case AL_EXPR_FSTRING:
        check_fstring(n, e);
        break;
    case AL_EXPR_VERB:
        check_verb(n, e);
        break;
    case AL_EXPR_NONE:
    case AL_EXPR_BOOL:
    case AL_EXPR_INT:
    case AL_EXPR_FLOAT:
    case AL_EXPR_STR:
        break;
    }
}

/* -- statements --------------------------------------------------------- */

static void check_block(al_names *n, const al_block *block);

static void check_target(al_names *n, const al_expr *target)
{
    if (!target)
        return;
    if (target->kind == AL_EXPR_NAME) {
        al_name_map_add(&n->scope, target->as.name)->flags |= AL_NAME_ASSIGNED;
    } else if (target->kind == AL_EXPR_TUPLE) {
        for (size_t i = 0; i < target->as.items.count; i++)
            check_target(n, target->as.items.items[i]);
    } else {
        check_expr(n, target);
    }
}

/* A global statement must come before the name's first use, as in Python. */
static void check_global(al_names *n, const al_stmt *s)
{
    const size_t *offsets = al_stmt_node_of(s)->name_offsets;

    for (size_t i = 0; i < s->as.global.count; i++) {
        const char *name = s->as.global.names[i];
        unsigned flags = al_name_map_add(&n->scope, name)->flags;
        const char *wrong =
            flags & AL_NAME_PARAM      ? "name '%.100s' is parameter and global"
            : flags & AL_NAME_USED     ? "name '%.100s' is used prior to "
                                         "global declaration"
            : flags & AL_NAME_ASSIGNED ? "name '%.100s' is assigned to before "
                                         "global declaration"
                                       : NULL;
        char message[200];

        if (!wrong)
            continue;
        snprintf(message, sizeof message, wrong, name);
        al_diagnose(n->loader->diagnostics, offsets[i], strlen(name) + 2, NULL,
                    "%s", message);
    }
}

static void check_try(al_names *n, const al_stmt *s)
{
    check_block(n, &s->as.attempt.body);
    for (size_t i = 0; i < s->as.attempt.handler_count; i++) {
        const al_except *handler = &s->as.attempt.handlers[i];

        check_expr(n, handler->type);
        if (handler->name)
            al_name_map_add(&n->scope, handler->name)->flags |=
                AL_NAME_ASSIGNED;
        check_block(n, &handler->body);
    }
    check_block(n, &s->as.attempt.otherwise);
    check_block(n, &s->as.attempt.finally);
}

static void check_statement(al_names *n, const al_stmt *s)
{
    switch (s->kind) {
    case AL_STMT_EXPR:
    case AL_STMT_LET:
    case AL_STMT_RETURN:
        check_expr(n, s->as.expr.value);
        check_target(n, s->as.expr.target);
        break;
    case AL_STMT_GLOBAL:
        check_global(n, s);
        break;
    case AL_STMT_IF:
    case AL_STMT_WHILE:
        check_expr(n, s->as.branch.test);
        check_block(n, &s->as.branch.then);
        check_block(n, &s->as.branch.otherwise);
        break;
    case AL_STMT_FOR:
        check_expr(n, s->as.loop.iterable);
        check_target(n, s->as.loop.target);
        check_block(n, &s->as.loop.body);
        check_block(n, &s->as.loop.otherwise);
        break;
    case AL_STMT_TRY:
        check_try(n, s);
        break;
    case AL_STMT_RAISE:
        check_expr(n, s->as.raise.value);
        check_expr(n, s->as.raise.cause);
        break;
    case AL_STMT_WITH:
        check_expr(n, s->as.with.manager);
        check_target(n, s->as.with.target);
        check_block(n, &s->as.with.body);
        break;
    case AL_STMT_ASSERT:
        check_expr(n, s->as.assertion.test);
        check_expr(n, s->as.assertion.message);
        break;
    case AL_STMT_BREAK:
    case AL_STMT_CONTINUE:
    case AL_STMT_PASS:
        break;
    }
}

static void check_block(al_names *n, const al_block *block)
{
    for (size_t i = 0; i < block->count; i++)
        check_statement(n, block->items[i]);
}

/* -- bodies ------------------------------------------------------------- */

static void check_body(al_names *n, const al_block *body, bool is_module)
{
    if (!is_module)
        al_visit_names(body, note_local, &n->scope);
    check_block(n, body);
    al_name_map_release(&n->scope);
}

static void check_function(al_names *n, const al_function *f)
{
    for (size_t i = 0; i < al_function_name_count(f); i++)
        al_name_map_add(&n->scope, f->params[i])->flags |=
            AL_NAME_LOCAL | AL_NAME_PARAM;
    check_body(n, &f->body, false);
}

void al_check_scenario(al_loader *l)
{
    const al_scenario *s = l->scenario;
    al_names n = {.loader = l};

    collect_module(&n);
    for (size_t i = 0; i < s->function_count; i++)
        check_function(&n, &s->functions[i]);
    for (size_t i = 0; i < s->world_count; i++)
        check_body(&n, &s->world[i].body, false);
    check_body(&n, &s->program, true);
    al_name_map_release(&n.module);
}
