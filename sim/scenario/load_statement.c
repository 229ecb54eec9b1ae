/* load_statement.c - control forms, operations as statements, blocks.
 *
 * One table lists the control forms with the names that may stand beside
 * them; what a form's loader leaves false is left out of its block. */
#include <string.h>
#include "sim/scenario/expr.h"
#include "sim/scenario/loader.h"
#include "sim/scenario/words.h"

enum { MAX_BLOCKS = 20 }; /* CPython: too many statically nested blocks */

typedef struct form {
    const char *name;
    const char *keys[5]; /* besides the name itself; NULL-terminated */
    al_stmt_kind kind;
    bool (*load)(al_loader *l, al_json_value object, al_json_value head,
                 al_stmt *stmt);
} form;

al_stmt *al_stmt_new(al_loader *l, al_stmt_kind kind, al_json_value at)
{
    const al_json_node *node = al_json_node_of(at);
    al_stmt_node *stmt = al_arena_alloc(l->arena, sizeof *stmt);

    stmt->stmt.kind = kind;
    stmt->stmt.place = al_load_place(l, at);
    stmt->offset = node->offset;
    stmt->end = node->end;
    return &stmt->stmt;
}

void al_block_add(al_loader *l, al_block *block, size_t *capacity,
                  al_stmt *stmt)
{
    block->items = al_arena_grow(l->arena, block->items, block->count,
                                 capacity, sizeof *block->items);
    block->items[block->count++] = stmt;
}

static al_block load_block(al_loader *l, al_json_value list);

/* -- members of a form -------------------------------------------------- */

static const form *find_form(const char *name);

/* A part of a form is missing.  Where the form has unknown keys these were
 * reported, and one of them is most likely the part, misspelt. */
static bool report_missing(al_loader *l, al_json_value object,
                           al_json_value head, const char *name)
{
    const form *f = find_form(head.item->string);

    for (al_json_value v = al_json_first(object); v.item;
         v = al_json_next(v)) {
        size_t i = 0;

        while (f->keys[i] && strcmp(f->keys[i], v.item->string) != 0)
            i++;
        if (!f->keys[i] && v.item != head.item)
            return false;
    }
    return al_load_fail_name(l, head, NULL, "'%s' needs \"%s\"", f->name,
                             name);
}

/* A value that must be there. */
static al_expr *need_value(al_loader *l, al_json_value object,
                           al_json_value head, const char *name)
{
    al_json_value v = al_json_member(object, name);

    if (v.item)
        return al_load_value(l, v);
    report_missing(l, object, head, name);
    return NULL;
}

static bool need_block(al_loader *l, al_json_value object, al_json_value head,
                       const char *name, al_block *block)
{
    al_json_value v = al_json_member(object, name);

    if (!v.item)
        return report_missing(l, object, head, name);
    *block = load_block(l, v);
    return true;
}

/* A block that may be missing. */
static al_block load_optional(al_loader *l, al_json_value object,
                              const char *name)
{
    al_json_value v = al_json_member(object, name);

    return v.item ? load_block(l, v) : (al_block){0};
}

static al_expr *name_expr(al_loader *l, al_json_value value)
{
    const al_json_node *node = al_json_node_of(value);
    const char *name = al_load_name(l, value);
    al_expr *e;

    if (!name)
        return NULL;
    e = al_expr_new(l->arena, AL_EXPR_NAME, node->offset, node->end,
                    al_load_place(l, value));
    e->as.name = name;
    return e;
}

/* -- targets ------------------------------------------------------------ */

static const char *kind_of_target(const al_expr *e)
{
    switch (e->kind) {
    case AL_EXPR_NONE:
        return "None";
    case AL_EXPR_BOOL:
        return e->as.boolean ? "True" : "False";
    case AL_EXPR_CALL:
        return "function call";
    case AL_EXPR_ATTRIBUTE:
        return "an attribute together with others";
    case AL_EXPR_INT:
    case AL_EXPR_FLOAT:
    case AL_EXPR_STR:
        return "literal";
    case AL_EXPR_FSTRING:
        return "f-string expression";
    case AL_EXPR_DICT:
        return "dict literal";
    case AL_EXPR_LIST:
        return "list: write a tuple";
    case AL_EXPR_COMPARE:
        return "comparison";
    case AL_EXPR_CONDITIONAL:
        return "conditional expression";
    case AL_EXPR_TUPLE:
        return "tuple within a tuple";
    default:
        return "expression";
    }
}

static bool fail_at(al_loader *l, const al_expr *e, const char *format,
                    const char *argument)
{
    const al_expr_node *node = al_expr_node_of(e);
    char message[200];

    strcpy(message, format);
    al_diagnose(l->diagnostics, node->offset, node->end - node->offset, NULL,
                "%s%s", message, argument);
    return false;
}

static bool check_target_name(al_loader *l, const al_expr *e)
{
    if (strcmp(e->as.name, "__debug__") == 0)
        return fail_at(l, e, "cannot assign to ", e->as.name);
    return true;
}

/* A name, or at the top an item, an attribute, or several names. */
static bool check_target(al_loader *l, const al_expr *e, bool at_top)
{
    if (e->kind == AL_EXPR_NAME)
        return check_target_name(l, e);
    if (e->kind == AL_EXPR_ATTRIBUTE && at_top)
        return al_is_settable(e->as.attribute.name) ||
               fail_at(l, e, "cannot assign to the attribute ",
                       e->as.attribute.name);
    if (e->kind == AL_EXPR_SUBSCRIPT && at_top) {
        if (e->as.subscript.index->kind == AL_EXPR_SLICE)
            return fail_at(l, e, "cannot assign to ", "slice");
        return true;
    }
    if (e->kind != AL_EXPR_TUPLE || !at_top)
        return fail_at(l, e, "cannot assign to ",
                       e->kind == AL_EXPR_SUBSCRIPT
                           ? "an item together with others"
                           : kind_of_target(e));
    if (e->as.items.count == 0)
        return fail_at(l, e, "cannot assign to ", "an empty tuple");
    for (size_t i = 0; i < e->as.items.count; i++) {
        if (!check_target(l, e->as.items.items[i], false))
            return false;
    }
    return true;
}

static al_expr *load_target(al_loader *l, al_json_value value)
{
    const char *text = cJSON_GetStringValue(value.item);
    al_expr *e;

    if (!text) {
        al_load_fail_type(l, value, "the name of a variable");
        return NULL;
    }
    if (al_is_keyword(text, strlen(text)))
        return name_expr(l, value); /* which says so */
    e = al_load_expression(l, value);
    return e && check_target(l, e, true) ? e : NULL;
}

/* -- assignments and names ---------------------------------------------- */

static bool load_let(al_loader *l, al_json_value object, al_json_value head,
                     al_stmt *s)
{
    s->as.expr.target = load_target(l, head);
    s->as.expr.value = need_value(l, object, head, "be");
    if (s->as.expr.target && !s->as.expr.value)
        s->as.expr.value = al_expr_new(l->arena, AL_EXPR_NONE, 0, 0, s->place);
    return s->as.expr.target;
}

static bool add_global(al_loader *l, al_stmt *s, al_json_value value,
                       size_t *offsets)
{
    const char *name = al_load_name(l, value);

    if (!name)
        return false;
    offsets[s->as.global.count] = al_json_node_of(value)->offset;
    s->as.global.names[s->as.global.count++] = name;
    return true;
}

static bool load_global(al_loader *l, al_json_value object, al_json_value head,
                        al_stmt *s)
{
    bool is_list = cJSON_IsArray(head.item);
    size_t count = is_list ? al_json_size(head) : 1;
    size_t *offsets = al_arena_alloc(l->arena, count * sizeof *offsets);
    al_json_value v = is_list ? al_json_first(head) : head;

    (void)object;
    if (count == 0)
        return al_load_fail(l, head, NULL, "'global' names no variable");
    al_stmt_node_of(s)->name_offsets = offsets;
    s->as.global.names =
        al_arena_alloc(l->arena, count * sizeof *s->as.global.names);
    for (; count > 0; count--) {
        add_global(l, s, v, offsets);
        if (is_list)
            v = al_json_next(v);
    }
    return true;
}

/* -- branches and loops ------------------------------------------------- */

static bool load_if(al_loader *l, al_json_value object, al_json_value head,
                    al_stmt *s)
{
    bool ok;

    s->as.branch.test = al_load_value(l, head);
    ok = need_block(l, object, head, "then", &s->as.branch.then);
    s->as.branch.otherwise = load_optional(l, object, "else");
    return ok && s->as.branch.test;
}

static bool enter_block(al_loader *l, al_json_value head)
{
    if (++l->blocks <= MAX_BLOCKS)
        return true;
    if (l->blocks == MAX_BLOCKS + 1)
        al_load_fail_name(l, head, NULL,
                          "too many statically nested blocks: loops, 'try' "
                          "and 'with' may stand in one another %d deep",
                          MAX_BLOCKS);
    return false;
}

static bool load_loop_body(al_loader *l, al_json_value object,
                           al_json_value head, al_block *body)
{
    bool ok;

    l->loops++;
    ok = need_block(l, object, head, "do", body);
    l->loops--;
    return ok;
}

static bool load_while(al_loader *l, al_json_value object, al_json_value head,
                       al_stmt *s)
{
    bool ok = enter_block(l, head);

    s->as.branch.test = al_load_value(l, head);
    ok = load_loop_body(l, object, head, &s->as.branch.then) && ok;
    l->blocks--;
    s->as.branch.otherwise = load_optional(l, object, "else");
    return ok && s->as.branch.test;
}

static bool load_for(al_loader *l, al_json_value object, al_json_value head,
                     al_stmt *s)
{
    bool ok = enter_block(l, head);

    s->as.loop.target = load_target(l, head);
    s->as.loop.iterable = need_value(l, object, head, "in");
    ok = load_loop_body(l, object, head, &s->as.loop.body) && ok;
    l->blocks--;
    s->as.loop.otherwise = load_optional(l, object, "else");
    return ok && s->as.loop.target && s->as.loop.iterable;
}

static bool load_async_for(al_loader *l, al_json_value object,
                           al_json_value head, al_stmt *s)
{
    s->as.loop.is_async = true;
    if (l->in != AL_BODY_ASYNC)
        return al_load_fail_name(l, head, NULL,
                                 "'async for' outside async function");
    return load_for(l, object, head, s);
}

static bool check_nothing(al_loader *l, al_json_value head)
{
    if (cJSON_IsNull(head.item) ||
        (cJSON_IsObject(head.item) && !head.item->child))
        return true;
    return al_load_fail(l, head, NULL, "'%s' takes nothing: write "
                        "{\"%s\": {}}", head.item->string, head.item->string);
}

/* They would leave the other parts of the group behind. */
static bool check_no_star(al_loader *l, al_json_value head)
{
    return l->stars == 0 ||
           al_load_fail_name(l, head, NULL, "'break', 'continue' and 'return' "
                             "cannot appear in an 'except*' block");
}

static bool load_break(al_loader *l, al_json_value object, al_json_value head,
                       al_stmt *s)
{
    (void)object;
    if (s->kind != AL_STMT_PASS && l->loops == 0 && !check_no_star(l, head))
        return false;
    if (s->kind != AL_STMT_PASS && l->loops == 0)
        return al_load_fail_name(l, head, NULL,
                                 s->kind == AL_STMT_BREAK
                                     ? "'%s' outside loop"
                                     : "'%s' not properly in loop",
                                 head.item->string);
    return check_nothing(l, head);
}

/* -- exceptions --------------------------------------------------------- */

/* The body of a clause: of except*, loops end before it. */
static al_block load_except_body(al_loader *l, al_json_value body, bool is_star)
{
    int loops = l->loops;
    al_block block;

    if (is_star) {
        l->loops = 0;
        l->stars++;
    }
    block = load_block(l, body);
    if (is_star)
        l->stars--;
    l->loops = loops;
    return block;
}

static bool load_except(al_loader *l, al_json_value clause, bool is_last,
                        bool is_star, al_except *handler)
{
    static const char *const keys[] = {"type", "as", "do", NULL};
    al_json_value type = al_json_member(clause, "type");
    al_json_value name = al_json_member(clause, "as");
    al_json_value body = al_json_member(clause, "do");
    const char *what = is_star ? "'except*'" : "'except'";
    bool is_tidy;

    handler->place = al_load_place(l, clause);
    if (!cJSON_IsObject(clause.item))
        return al_load_fail_type(l, clause, "an object with \"do\"");
    is_tidy = al_load_check_keys(l, clause, what, keys);
    if (type.item)
        handler->type = al_load_value(l, type);
    else if (is_star && is_tidy)
        al_load_fail(l, clause, NULL, "expected one or more exception types: "
                     "'except*' needs \"type\"");
    else if (!is_last)
        al_load_fail(l, clause, NULL,
                     "default 'except:' must be last: the clauses after it "
                     "are never reached");
    if (name.item && !type.item && is_tidy)
        al_load_fail(l, name, NULL, "\"as\" needs a \"type\"");
    if (name.item)
        handler->name = al_load_name(l, name);
    if (!body.item && is_tidy)
        al_load_fail(l, clause, NULL, "%s needs \"do\"", what);
    if (body.item)
        handler->body = load_except_body(l, body, is_star);
    return body.item && (handler->type || !is_star);
}

static bool load_handlers(al_loader *l, al_json_value list, bool is_star,
                          al_stmt *s)
{
    size_t count = cJSON_IsArray(list.item) ? al_json_size(list) : 0;
    al_json_value clause;

    if (!cJSON_IsArray(list.item))
        return al_load_fail_type(l, list, "a list of \"except\" clauses");
    s->as.attempt.handlers =
        al_arena_alloc(l->arena, count * sizeof *s->as.attempt.handlers);
    clause = al_json_first(list);
    for (size_t i = 0; i < count; i++, clause = al_json_next(clause)) {
        size_t at = s->as.attempt.handler_count;

        if (load_except(l, clause, i + 1 == count, is_star,
                        &s->as.attempt.handlers[at]))
            s->as.attempt.handler_count++;
    }
    return true;
}

/* "except" or "except*" */
static al_json_value find_except(al_json_value object)
{
    al_json_value except = al_json_member(object, "except");

    return except.item ? except : al_json_member(object, "except*");
}

/* What Python's grammar asks of the parts. */
static bool check_try(al_loader *l, al_json_value object, al_json_value head)
{
    al_json_value except = find_except(object);
    al_json_value otherwise = al_json_member(object, "else");
    bool has_except = except.item && (!cJSON_IsArray(except.item) ||
                                      except.item->child);

    if (al_json_member(object, "except").item &&
        al_json_member(object, "except*").item)
        return al_load_fail_name(l, al_json_member(object, "except*"), NULL,
                                 "cannot have both 'except' and 'except*' on "
                                 "the same 'try'");
    if (otherwise.item && !has_except)
        return al_load_fail_name(l, otherwise, NULL,
                                 "'else' of 'try' needs an \"except\"");
    if (!has_except && !al_json_member(object, "finally").item)
        return al_load_fail_name(l, head, NULL,
                                 "expected \"except\" or \"finally\" beside "
                                 "'try'");
    return true;
}

static bool load_try(al_loader *l, al_json_value object, al_json_value head,
                     al_stmt *s)
{
    al_json_value except = find_except(object);
    bool ok = enter_block(l, head);

    ok = check_try(l, object, head) && ok;
    s->as.attempt.body = load_block(l, head);
    s->as.attempt.is_star =
        except.item && strcmp(except.item->string, "except*") == 0;
    if (except.item)
        ok = load_handlers(l, except, s->as.attempt.is_star, s) && ok;
    s->as.attempt.otherwise = load_optional(l, object, "else");
    s->as.attempt.finally = load_optional(l, object, "finally");
    l->blocks--;
    return ok;
}

static bool load_raise(al_loader *l, al_json_value object, al_json_value head,
                       al_stmt *s)
{
    al_json_value from = al_json_member(object, "from");
    bool ok = true;

    if (!cJSON_IsNull(head.item)) {
        s->as.raise.value = al_load_value(l, head);
        ok = s->as.raise.value;
    }
    if (!from.item)
        return ok;
    if (cJSON_IsNull(head.item))
        return al_load_fail_name(l, from, NULL,
                                 "\"from\" needs an exception to raise");
    s->as.raise.has_cause = true;
    s->as.raise.cause = al_load_value(l, from);
    return s->as.raise.cause && ok;
}

static bool load_with(al_loader *l, al_json_value object, al_json_value head,
                      al_stmt *s)
{
    al_json_value name = al_json_member(object, "as");
    bool ok = enter_block(l, head);

    s->as.with.manager = al_load_value(l, head);
    if (name.item) {
        s->as.with.target = name_expr(l, name);
        ok = ok && s->as.with.target;
    }
    ok = need_block(l, object, head, "do", &s->as.with.body) && ok;
    l->blocks--;
    return ok && s->as.with.manager;
}

static bool load_async_with(al_loader *l, al_json_value object,
                            al_json_value head, al_stmt *s)
{
    s->as.with.is_async = true;
    if (l->in != AL_BODY_ASYNC)
        return al_load_fail_name(l, head, NULL,
                                 "'async with' outside async function");
    return load_with(l, object, head, s);
}

static bool load_return(al_loader *l, al_json_value object, al_json_value head,
                        al_stmt *s)
{
    (void)object;
    if (l->in == AL_BODY_PROGRAM)
        return al_load_fail_name(l, head, NULL, "'return' outside function");
    if (!check_no_star(l, head))
        return false;
    if (!cJSON_IsNull(head.item) && !l->returned.item)
        l->returned = head;
    s->as.expr.value = al_load_value(l, head);
    return s->as.expr.value;
}

static bool load_assert(al_loader *l, al_json_value object, al_json_value head,
                        al_stmt *s)
{
    al_json_value message = al_json_member(object, "message");

    s->as.assertion.test = al_load_value(l, head);
    if (!message.item)
        return s->as.assertion.test;
    s->as.assertion.message = al_load_value(l, message);
    return s->as.assertion.test && s->as.assertion.message;
}

/* -- all of them -------------------------------------------------------- */

static const form forms[] = {
    {"let", {"be"}, AL_STMT_LET, load_let},
    {"global", {NULL}, AL_STMT_GLOBAL, load_global},
    {"if", {"then", "else"}, AL_STMT_IF, load_if},
    {"while", {"do", "else"}, AL_STMT_WHILE, load_while},
    {"for", {"in", "do", "else"}, AL_STMT_FOR, load_for},
    {"async for", {"in", "do", "else"}, AL_STMT_FOR, load_async_for},
    {"break", {NULL}, AL_STMT_BREAK, load_break},
    {"continue", {NULL}, AL_STMT_CONTINUE, load_break},
    {"pass", {NULL}, AL_STMT_PASS, load_break},
    {"try", {"except", "except*", "else", "finally"}, AL_STMT_TRY, load_try},
    {"raise", {"from"}, AL_STMT_RAISE, load_raise},
    {"with", {"as", "do"}, AL_STMT_WITH, load_with},
    {"async with", {"as", "do"}, AL_STMT_WITH, load_async_with},
    {"return", {NULL}, AL_STMT_RETURN, load_return},
    {"assert", {"message"}, AL_STMT_ASSERT, load_assert},
};

enum { FORM_COUNT = sizeof forms / sizeof *forms };

const char *const al_form_names[FORM_COUNT + 1] = {
    "let", "global", "if", "while", "for", "async for",
    "break", "continue", "pass", "try",
    "raise", "with",
    "async with", "return", "assert", NULL,
};

static const form *find_form(const char *name)
{
    for (size_t i = 0; i < FORM_COUNT; i++) {
        if (strcmp(forms[i].name, name) == 0)
            return &forms[i];
    }
    return NULL;
}

bool al_is_form(const char *name)
{
    return find_form(name) != NULL;
}

static al_stmt *load_form(al_loader *l, al_json_value object,
                          al_json_value head, const form *f)
{
    const char *allowed[7] = {f->name};
    char what[32] = "'";
    al_stmt *s = al_stmt_new(l, f->kind, object);

    memcpy(allowed + 1, f->keys, sizeof f->keys);
    strcat(strcat(what, f->name), "'");
    al_load_check_keys(l, object, what, allowed);
    return f->load(l, object, head, s) ? s : NULL;
}

static al_stmt *load_operation(al_loader *l, al_json_value object,
                               al_json_value head)
{
    static const char *const beside[] = {"as", NULL};
    al_json_value name = al_json_member(object, "as");
    al_stmt *s = al_stmt_new(l, AL_STMT_EXPR, object);

    s->as.expr.value = al_load_operation(l, object, head, beside);
    if (name.item)
        s->as.expr.target = name_expr(l, name);
    if (s->as.expr.value)
        return s;
    if (!s->as.expr.target)
        return NULL;
    s->as.expr.value = al_expr_new(l->arena, AL_EXPR_NONE, 0, 0, s->place);
    return s; /* the name is defined, for the checks to come */
}

static al_stmt *load_object(al_loader *l, al_json_value object)
{
    al_json_value v = al_json_first(object);

    for (; v.item; v = al_json_next(v)) {
        const form *f = find_form(v.item->string);

        if (f)
            return load_form(l, object, v, f);
        if (al_verb_find(v.item->string) != AL_VERB_COUNT)
            return load_operation(l, object, v);
    }
    return al_load_unknown(l, object, true);
}

static al_stmt *load_expression_statement(al_loader *l, al_json_value string)
{
    al_stmt *s = al_stmt_new(l, AL_STMT_EXPR, string);

    s->as.expr.value = al_load_expression(l, string);
    return s->as.expr.value ? s : NULL;
}

static al_block load_block(al_loader *l, al_json_value list)
{
    al_block block = {0};
    size_t capacity = 0;

    if (!cJSON_IsArray(list.item)) {
        al_load_fail_type(l, list, "a list of statements");
        return block;
    }
    for (al_json_value v = al_json_first(list); v.item; v = al_json_next(v)) {
        al_stmt *s = NULL;

        if (cJSON_IsObject(v.item))
            s = load_object(l, v);
        else if (cJSON_IsString(v.item))
            s = load_expression_statement(l, v);
        else
            al_load_fail_type(l, v, "a statement");
        if (s)
            al_block_add(l, &block, &capacity, s);
    }
    return block;
}

al_block al_load_body(al_loader *l, al_json_value list, al_body_kind kind)
{
    l->loops = 0;
    l->stars = 0;
    l->blocks = 0;
    l->in = kind;
    return load_block(l, list);
}
