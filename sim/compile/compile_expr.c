/* compile_expr.c - expressions: each leaves one value on the stack. */
#include <string.h>
#include "sim/compile/compiler.h"

static void compile_exprs(al_compiler *c, const al_exprs *exprs)
{
    for (size_t i = 0; i < exprs->count; i++)
        al_compile_expr(c, exprs->items[i]);
}

static void compile_binary(al_compiler *c, const al_expr *e)
{
    al_operator op = e->as.binary.op;

    al_compile_expr(c, e->as.binary.left);
    al_compile_expr(c, e->as.binary.right);
    c->line = e->place.line;
    if (op == AL_OP_ADD)
        al_emit(c, AL_CODE_ADD, 0);
    else if (op == AL_OP_SUB)
        al_emit(c, AL_CODE_SUB, 0);
    else if (op == AL_OP_MUL)
        al_emit(c, AL_CODE_MUL, 0);
    else
        al_emit(c, AL_CODE_BINARY, op);
}

static void compile_unary(al_compiler *c, const al_expr *e)
{
    al_compile_expr(c, e->as.binary.left);
    if (e->as.binary.op == AL_OP_NOT)
        al_emit(c, AL_CODE_NOT, 0);
    else
        al_emit(c, AL_CODE_UNARY, e->as.binary.op);
}

static void compile_logic(al_compiler *c, const al_expr *e)
{
    uint32_t end = al_label(c);

    al_compile_expr(c, e->as.binary.left);
    al_emit(c, e->kind == AL_EXPR_AND ? AL_CODE_AND : AL_CODE_OR, end);
    al_compile_expr(c, e->as.binary.right);
    al_label_here(c, end);
}

static void emit_compare(al_compiler *c, al_operator op)
{
    if (op == AL_OP_LT)
        al_emit(c, AL_CODE_LT, 0);
    else if (op == AL_OP_EQ)
        al_emit(c, AL_CODE_EQ, 0);
    else
        al_emit(c, AL_CODE_COMPARE, op);
}

/* a < b < c: b is evaluated once, c only if a < b. */
static void compile_compare(al_compiler *c, const al_expr *e)
{
    size_t count = e->as.compare.rights.count;
    uint32_t fails = al_label(c);
    uint32_t end = al_label(c);

    al_compile_expr(c, e->as.compare.left);
    for (size_t i = 0; i + 1 < count; i++) {
        al_compile_expr(c, e->as.compare.rights.items[i]);
        al_emit(c, AL_CODE_DUP, 0);
        al_emit(c, AL_CODE_ROT3, 0);
        emit_compare(c, e->as.compare.ops[i]);
        al_emit(c, AL_CODE_AND, fails);
    }
    al_compile_expr(c, e->as.compare.rights.items[count - 1]);
    c->line = e->place.line;
    emit_compare(c, e->as.compare.ops[count - 1]);
    if (count > 1) {
        al_emit(c, AL_CODE_JUMP, end);
        al_label_here(c, fails); /* the operand, and the false result */
        c->depth++;
        al_emit(c, AL_CODE_SWAP, 0);
        al_emit(c, AL_CODE_POP, 0);
    }
    al_label_here(c, end);
}

static void compile_conditional(al_compiler *c, const al_expr *e)
{
    uint32_t otherwise = al_label(c);
    uint32_t end = al_label(c);

    al_compile_expr(c, e->as.conditional.test);
    al_emit(c, AL_CODE_JUMP_IF_FALSE, otherwise);
    al_compile_expr(c, e->as.conditional.then);
    al_emit(c, AL_CODE_JUMP, end);
    c->depth--;
    al_label_here(c, otherwise);
    al_compile_expr(c, e->as.conditional.otherwise);
    al_label_here(c, end);
}

static void compile_optional(al_compiler *c, const al_expr *e)
{
    if (e)
        al_compile_expr(c, e);
    else
        al_emit_const(c, al_none());
}

static void compile_slice(al_compiler *c, const al_expr *e)
{
    compile_optional(c, e->as.slice.start);
    compile_optional(c, e->as.slice.stop);
    compile_optional(c, e->as.slice.step);
    al_emit(c, AL_CODE_SLICE, 0);
}

static void compile_subscript(al_compiler *c, const al_expr *e)
{
    al_compile_expr(c, e->as.subscript.object);
    al_compile_expr(c, e->as.subscript.index);
    c->line = e->place.line;
    al_emit(c, AL_CODE_SUBSCRIPT, 0);
}

static uint32_t add_named_call(al_compiler *c, const al_expr *e)
{
    al_code *code = c->code;
    size_t count = e->as.call.keyword_count;
    const char **copy = al_alloc((count + 1) * sizeof *copy);

    if (count)
        memcpy(copy, e->as.call.keywords, count * sizeof *copy);
    code->named_calls = al_grow(code->named_calls, &c->named_call_capacity,
                                code->named_call_count + 1,
                                sizeof *code->named_calls);
    code->named_calls[code->named_call_count] = (al_named_call){
        e->as.call.args.count - count, count, copy,
        e->as.call.star != NULL, e->as.call.mapping != NULL};
    return (uint32_t)code->named_call_count++;
}

static void compile_named_call(al_compiler *c, const al_expr *e)
{
    const al_exprs *args = &e->as.call.args;
    size_t positional = args->count - e->as.call.keyword_count;

    for (size_t i = 0; i < positional; i++)
        al_compile_expr(c, args->items[i]);
    if (e->as.call.star)
        al_compile_expr(c, e->as.call.star);
    if (e->as.call.star && positional > 0)
        al_emit(c, AL_CODE_STAR, 0);
    for (size_t i = positional; i < args->count; i++)
        al_compile_expr(c, args->items[i]);
    if (e->as.call.mapping)
        al_compile_expr(c, e->as.call.mapping);
    c->line = e->place.line;
    al_emit(c, AL_CODE_CALL_NAMED, add_named_call(c, e));
}

static void compile_call(al_compiler *c, const al_expr *e)
{
    const al_expr *function = e->as.call.function;

    if (function->kind == AL_EXPR_ATTRIBUTE) {
        al_compile_expr(c, function->as.attribute.object);
        al_emit(c, AL_CODE_LOAD_METHOD,
                al_attribute_index(c, function->as.attribute.name));
    } else {
        al_compile_expr(c, function);
        al_emit(c, AL_CODE_ABSENT, 0);
    }
    if (e->as.call.keyword_count || e->as.call.star || e->as.call.mapping) {
        compile_named_call(c, e);
        return;
    }
    compile_exprs(c, &e->as.call.args);
    c->line = e->place.line;
    al_emit(c, AL_CODE_CALL, (uint32_t)e->as.call.args.count);
}

static void compile_pair(al_compiler *c, const al_expr *e, size_t i)
{
    al_compile_expr(c, e->as.dict.keys.items[i]);
    al_compile_expr(c, e->as.dict.values.items[i]);
}

/* When a key turns out to be unhashable, how much was evaluated before?
 * CPython evaluates up to 15 pairs before it makes a dict of them; of more,
 * 17 at a time are added one by one. */
static void compile_dict(al_compiler *c, const al_expr *e)
{
    size_t count = e->as.dict.keys.count;
    size_t single = count % 17 > 15 ? count : count - count % 17;

    al_emit(c, AL_CODE_DICT, 0);
    for (size_t i = 0; i < count; i++) {
        compile_pair(c, e, i);
        if (i < single)
            al_emit(c, AL_CODE_DICT_ADD, 1);
    }
    if (single < count)
        al_emit(c, AL_CODE_DICT_ADD, (uint32_t)(count - single));
}

/* -- f-strings ---------------------------------------------------------- */

static void compile_part(al_compiler *c, const al_fstring_part *part)
{
    char conversion = part->conversion;

    if (part->debug && !conversion && !part->spec)
        conversion = 'r';
    al_compile_expr(c, part->value);
    if (part->spec) {
        al_emit_const(c, al_str_new(part->spec));
        al_emit(c, AL_CODE_FORMAT_SPEC, (unsigned char)conversion);
    } else {
        al_emit(c, AL_CODE_FORMAT, (unsigned char)conversion);
    }
}

static void compile_fstring(al_compiler *c, const al_expr *e)
{
    uint32_t pieces = 0;

    for (size_t i = 0; i < e->as.fstring.count; i++) {
        const al_fstring_part *part = &e->as.fstring.parts[i];

        if (!part->value) {
            al_emit_const(c, al_str_from(part->text, part->text_length));
            pieces++;
            continue;
        }
        if (part->debug) {
            al_emit_const(c, al_str_new(part->debug));
            pieces++;
        }
        compile_part(c, part);
        pieces++;
    }
    if (pieces != 1)
        al_emit(c, AL_CODE_JOIN, pieces);
}

/* -- operations --------------------------------------------------------- */

static void compile_call_verb(al_compiler *c, const al_expr *e)
{
    const al_expr *args = e->as.verb.params[1];

    al_compile_expr(c, e->as.verb.params[0]);
    al_emit(c, AL_CODE_ABSENT, 0);
    if (args)
        compile_exprs(c, &args->as.items);
    c->line = e->place.line;
    al_emit(c, AL_CODE_CALL, args ? (uint32_t)args->as.items.count : 0);
}

/* A callback and its arguments become one tuple, in the arguments' place;
 * it is what the loop will hold (see callback.c). */
static void compile_bundle(al_compiler *c, const al_expr *callback,
                           const al_expr *args)
{
    al_emit(c, AL_CODE_ABSENT, 0);
    al_compile_expr(c, callback);
    compile_exprs(c, &args->as.items);
    al_emit(c, AL_CODE_TUPLE, 1 + (uint32_t)args->as.items.count);
}

static void compile_suspension(al_compiler *c, const al_expr *e)
{
    if (e->as.verb.params[0])
        al_compile_expr(c, e->as.verb.params[0]);
    else
        al_emit_const(c, al_none());
    c->line = e->place.line;
    al_emit(c, e->as.verb.verb == AL_VERB_AWAIT ? AL_CODE_AWAIT
                                                : AL_CODE_YIELD, 0);
}

/* Push the parameters, in the order in which the Python of it evaluates
 * them: the loop first, then as the verb's spec lists them. */
static void compile_verb(al_compiler *c, const al_expr *e)
{
    const al_verb_spec *spec = &al_verb_specs[e->as.verb.verb];
    al_expr *const *params = e->as.verb.params;
    size_t count = spec->param_count;

    if (e->as.verb.verb == AL_VERB_CALL) {
        compile_call_verb(c, e);
        return;
    }
    if (e->as.verb.verb == AL_VERB_AWAIT || e->as.verb.verb == AL_VERB_YIELD) {
        compile_suspension(c, e);
        return;
    }
    if (spec->style == AL_STYLE_LOOP) {
        if (params[--count])
            al_compile_expr(c, params[count]);
        else
            al_emit(c, AL_CODE_LOOP, 0);
    }
    for (size_t i = 0; i < count; i++) {
        if (spec->params[i].kind == AL_PARAM_CALLABLE && i + 1 < count &&
            spec->params[i + 1].kind == AL_PARAM_ARGS && params[i + 1] &&
            params[i + 1]->as.items.count > 0) {
            compile_bundle(c, params[i], params[i + 1]);
            i++;
        } else if (params[i] && spec->params[i].kind != AL_PARAM_ARGS) {
            al_compile_expr(c, params[i]);
        } else {
            al_emit(c, AL_CODE_ABSENT, 0);
        }
    }
    c->line = e->place.line;
    al_emit(c, AL_CODE_VERB, e->as.verb.verb);
}

void al_compile_expr(al_compiler *c, const al_expr *e)
{
    if (e->place.line)
        c->line = e->place.line;
    switch (e->kind) {
    case AL_EXPR_NONE:
        al_emit_const(c, al_none());
        break;
    case AL_EXPR_BOOL:
        al_emit_const(c, al_bool(e->as.boolean));
        break;
    case AL_EXPR_INT:
        al_emit_const(c, al_int(e->as.integer));
        break;
    case AL_EXPR_FLOAT:
        al_emit_const(c, al_float(e->as.real));
        break;
    case AL_EXPR_STR:
        al_emit_const(c, al_str_from(e->as.str.bytes, e->as.str.length));
        break;
    case AL_EXPR_NAME:
        al_emit_load(c, e->as.name);
        break;
    case AL_EXPR_UNARY:
        compile_unary(c, e);
        break;
    case AL_EXPR_BINARY:
        compile_binary(c, e);
        break;
    case AL_EXPR_AND:
    case AL_EXPR_OR:
        compile_logic(c, e);
        break;
    case AL_EXPR_COMPARE:
        compile_compare(c, e);
        break;
    case AL_EXPR_CONDITIONAL:
        compile_conditional(c, e);
        break;
    case AL_EXPR_ATTRIBUTE:
        al_compile_expr(c, e->as.attribute.object);
        al_emit(c, AL_CODE_ATTRIBUTE,
                al_attribute_index(c, e->as.attribute.name));
        break;
    case AL_EXPR_SUBSCRIPT:
        compile_subscript(c, e);
        break;
    case AL_EXPR_SLICE:
        compile_slice(c, e);
        break;
    case AL_EXPR_CALL:
        compile_call(c, e);
        break;
    case AL_EXPR_TUPLE:
        compile_exprs(c, &e->as.items);
        al_emit(c, AL_CODE_TUPLE, (uint32_t)e->as.items.count);
        break;
    case AL_EXPR_LIST:
        compile_exprs(c, &e->as.items);
        al_emit(c, AL_CODE_LIST, (uint32_t)e->as.items.count);
        break;
    case AL_EXPR_DICT:
        compile_dict(c, e);
        break;
    case AL_EXPR_FSTRING:
        compile_fstring(c, e);
        break;
    case AL_EXPR_VERB:
        compile_verb(c, e);
        break;
    }
}
