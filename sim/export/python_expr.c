/* python_expr.c - expressions, as Python writes them.
 *
 * Brackets stand only where the tree needs them.  Strings are written in
 * double quotes; inside an f-string's braces in single ones, for up to 3.11
 * Python takes neither the outer quote nor a backslash there. */
#include "sim/export/python_writer.h"

#include <assert.h>
#include <math.h>
#include <string.h>
#include "loop/base/utf8.h"
#include "sim/base/escape.h"

/* How tightly an expression holds together, loosest first. */
typedef enum binding {
    ANY,
    CONDITIONAL,
    OR,
    AND,
    NOT,
    COMPARISON,
    BIT_OR,
    BIT_XOR,
    BIT_AND,
    SHIFT,
    SUM,
    PRODUCT,
    SIGN,
    POWER,
    AWAIT,
    POSTFIX /* an atom, a call, a subscript */
} binding;

static void add(al_py *p, const al_expr *expr, binding least);

/* -- operators ---------------------------------------------------------- */

static binding binding_of_operator(al_operator op)
{
    switch (op) {
    case AL_OP_ADD:
    case AL_OP_SUB:
        return SUM;
    case AL_OP_MUL:
    case AL_OP_DIV:
    case AL_OP_FLOORDIV:
    case AL_OP_MOD:
        return PRODUCT;
    case AL_OP_POW:
        return POWER;
    case AL_OP_LSHIFT:
    case AL_OP_RSHIFT:
        return SHIFT;
    case AL_OP_BITAND:
        return BIT_AND;
    case AL_OP_BITOR:
        return BIT_OR;
    case AL_OP_BITXOR:
        return BIT_XOR;
    case AL_OP_NOT:
        return NOT;
    case AL_OP_NEG:
    case AL_OP_POS:
    case AL_OP_INVERT:
        return SIGN;
    default:
        return COMPARISON;
    }
}

static binding binding_of(const al_expr *expr)
{
    switch (expr->kind) {
    case AL_EXPR_INT:
        return expr->as.integer < 0 ? SIGN : POSTFIX;
    case AL_EXPR_FLOAT:
        return signbit(expr->as.real) ? SIGN : POSTFIX;
    case AL_EXPR_VERB:
        return al_verb_specs[expr->as.verb.verb].style == AL_STYLE_AWAIT
                   ? AWAIT : POSTFIX;
    case AL_EXPR_CONDITIONAL:
        return CONDITIONAL;
    case AL_EXPR_OR:
        return OR;
    case AL_EXPR_AND:
        return AND;
    case AL_EXPR_COMPARE:
        return COMPARISON;
    case AL_EXPR_UNARY:
    case AL_EXPR_BINARY:
        return binding_of_operator(expr->as.binary.op);
    default:
        return POSTFIX;
    }
}

static void add_unary(al_py *p, const al_expr *expr)
{
    al_operator op = expr->as.binary.op;

    al_text_add(p->out, al_operator_text[op]);
    if (op == AL_OP_NOT)
        al_text_add_char(p->out, ' ');
    add(p, expr->as.binary.left, binding_of_operator(op));
}

/* Operators group to the left, but the power to the right; its exponent may
 * have a sign. */
static void add_binary(al_py *p, const al_expr *expr)
{
    al_operator op = expr->as.binary.op;
    binding own = binding_of_operator(op);
    bool is_power = op == AL_OP_POW;

    add(p, expr->as.binary.left, is_power ? POSTFIX : own);
    al_text_add_format(p->out, is_power ? "%s" : " %s ", al_operator_text[op]);
    add(p, expr->as.binary.right, is_power ? SIGN : own + 1);
}

static void add_and_or(al_py *p, const al_expr *expr)
{
    bool is_and = expr->kind == AL_EXPR_AND;

    add(p, expr->as.binary.left, is_and ? AND : OR);
    al_text_add(p->out, is_and ? " and " : " or ");
    add(p, expr->as.binary.right, is_and ? NOT : AND);
}

static void add_compare(al_py *p, const al_expr *expr)
{
    const al_exprs *rights = &expr->as.compare.rights;

    add(p, expr->as.compare.left, COMPARISON + 1);
    for (size_t i = 0; i < rights->count; i++) {
        al_text_add_format(p->out, " %s ",
                           al_operator_text[expr->as.compare.ops[i]]);
        add(p, rights->items[i], COMPARISON + 1);
    }
}

static void add_conditional(al_py *p, const al_expr *expr)
{
    add(p, expr->as.conditional.then, OR);
    al_text_add(p->out, " if ");
    add(p, expr->as.conditional.test, OR);
    al_text_add(p->out, " else ");
    add(p, expr->as.conditional.otherwise, CONDITIONAL);
}

/* -- literals ----------------------------------------------------------- */

/* There is no literal for infinity, but one that is too large. */
static void add_float(al_py *p, double value)
{
    if (isinf(value))
        al_text_add(p->out, value < 0 ? "-1e999" : "1e999");
    else
        al_text_add_double(p->out, value);
}

static void add_escaped(al_text *out, unsigned char c, char quote)
{
    switch (c) {
    case '\n':
        al_text_add(out, "\\n");
        return;
    case '\t':
        al_text_add(out, "\\t");
        return;
    case '\r':
        al_text_add(out, "\\r");
        return;
    default:
        break;
    }
    if (c < 0x20 || c == 0x7f)
        al_text_add_format(out, "\\x%02x", c);
    else if (c == '\\' || c == (unsigned char)quote)
        al_text_add_format(out, "\\%c", c);
    else
        al_text_add_char(out, (char)c);
}

/* What is not ASCII, whole: spelled out where a terminal would obey it, or
 * not show it.  Returns its size; 0: it is ASCII, or broken. */
static size_t add_character(al_text *out, const char *bytes, size_t left)
{
    uint32_t code;
    size_t size = al_utf8_decode(bytes, left, &code);

    if (size < 2)
        return 0;
    if (!al_is_unsafe(code))
        al_text_add_bytes(out, bytes, size);
    else
        al_text_add_format(out, code < 0x10000 ? "\\u%04x" : "\\U%08x", code);
    return size;
}

void al_py_string_body(al_text *out, const char *bytes, size_t length,
                       char quote, bool is_fstring)
{
    for (size_t i = 0; i < length; i++) {
        size_t size = add_character(out, bytes + i, length - i);

        if (size) {
            i += size - 1;
            continue;
        }
        add_escaped(out, (unsigned char)bytes[i], quote);
        if (is_fstring && (bytes[i] == '{' || bytes[i] == '}'))
            al_text_add_char(out, bytes[i]);
    }
}

void al_py_string(al_py *p, const char *bytes, size_t length)
{
    al_text_add_char(p->out, p->quote);
    al_py_string_body(p->out, bytes, length, p->quote, false);
    al_text_add_char(p->out, p->quote);
}

static void add_items(al_py *p, const al_exprs *items)
{
    for (size_t i = 0; i < items->count; i++) {
        if (i > 0)
            al_text_add(p->out, ", ");
        al_py_expr(p, items->items[i]);
    }
}

static void add_tuple(al_py *p, const al_exprs *items)
{
    al_text_add_char(p->out, '(');
    add_items(p, items);
    al_text_add(p->out, items->count == 1 ? ",)" : ")");
}

static void add_list(al_py *p, const al_exprs *items)
{
    al_text_add_char(p->out, '[');
    add_items(p, items);
    al_text_add_char(p->out, ']');
}

static void add_dict(al_py *p, const al_expr *expr)
{
    const al_exprs *keys = &expr->as.dict.keys;

    al_text_add_char(p->out, '{');
    for (size_t i = 0; i < keys->count; i++) {
        if (i > 0)
            al_text_add(p->out, ", ");
        al_py_expr(p, keys->items[i]);
        al_text_add(p->out, ": ");
        al_py_expr(p, expr->as.dict.values.items[i]);
    }
    al_text_add_char(p->out, '}');
}

/* -- f-strings ---------------------------------------------------------- */

typedef al_fstring_part part;

static bool is_literal(const part *f)
{
    return !f->value;
}

static void add_replacement(const part *f, const char *value, al_text *out)
{
    char conversion = f->conversion;

    if (f->debug && !conversion && !f->spec)
        conversion = 'r';
    al_text_add_char(out, '{');
    if (value[0] == '{')
        al_text_add_char(out, ' '); /* "{{" would be a brace */
    al_text_add(out, value);
    if (conversion)
        al_text_add_format(out, "!%c", conversion);
    if (f->spec)
        al_text_add_format(out, ":%s", f->spec);
    al_text_add_char(out, '}');
}

/* The value's source, with strings in the given quotes. */
static void render(al_py *p, const part *f, char quote, al_text *out)
{
    al_text *outer = p->out;
    char outer_quote = p->quote;

    p->out = out;
    p->quote = quote;
    al_py_expr(p, f->value);
    p->out = outer;
    p->quote = outer_quote;
}

static char other_quote(char quote)
{
    return quote == '"' ? '\'' : '"';
}

/* May the value stand between the braces of an f-string? */
static bool fits_in_braces(const char *value, char quote)
{
    const char bad[] = {quote, '\\', '#', '\n', '\0'};

    return strpbrk(value, bad) == NULL;
}

/* A string under way: f"…" while values fit, else pieces joined by "+". */
typedef struct pieces {
    al_py *p;
    bool is_open;
    size_t count; /* of pieces so far */
} pieces;

static void open_piece(pieces *s)
{
    if (s->is_open)
        return;
    if (s->count++ > 0)
        al_text_add(s->p->out, " + ");
    al_text_add_format(s->p->out, "f%c", s->p->quote);
    s->is_open = true;
}

static void close_piece(pieces *s)
{
    if (s->is_open)
        al_text_add_char(s->p->out, s->p->quote);
    s->is_open = false;
}

static void add_literal_part(pieces *s, const char *text, size_t length)
{
    open_piece(s);
    al_py_string_body(s->p->out, text, length, s->p->quote, true);
}

/* "{!r:>4}".format(value): one that does not fit. */
static void add_formatted(pieces *s, const part *f)
{
    al_py *p = s->p;

    close_piece(s);
    if (s->count++ > 0)
        al_text_add(p->out, " + ");
    al_text_add_char(p->out, p->quote);
    add_replacement(f, "", p->out);
    al_text_add_format(p->out, "%c.format(", p->quote);
    al_py_expr(p, f->value);
    al_text_add_char(p->out, ')');
}

static void add_value_part(pieces *s, const part *f)
{
    al_text value = {0};

    if (f->debug)
        add_literal_part(s, f->debug, strlen(f->debug));
    render(s->p, f, other_quote(s->p->quote), &value);
    if (fits_in_braces(al_text_peek(&value), s->p->quote)) {
        open_piece(s);
        add_replacement(f, al_text_peek(&value), s->p->out);
    } else {
        add_formatted(s, f);
    }
    al_text_release(&value);
}

static void add_parts(al_py *p, const al_expr *expr)
{
    pieces s = {.p = p};

    for (size_t i = 0; i < expr->as.fstring.count; i++) {
        const part *f = &expr->as.fstring.parts[i];

        if (is_literal(f))
            add_literal_part(&s, f->text, f->text_length);
        else
            add_value_part(&s, f);
    }
    close_piece(&s);
    if (s.count == 0)
        al_text_add_format(p->out, "%c%c", p->quote, p->quote);
}

/* Does it take more than one piece?  Then it is a sum. */
static bool has_pieces(al_py *p, const al_expr *expr)
{
    bool fits = true;

    for (size_t i = 0; i < expr->as.fstring.count && fits; i++) {
        al_text value = {0};

        if (is_literal(&expr->as.fstring.parts[i]))
            continue;
        render(p, &expr->as.fstring.parts[i], other_quote(p->quote), &value);
        fits = fits_in_braces(al_text_peek(&value), p->quote);
        al_text_release(&value);
    }
    return !fits;
}

static bool is_plain(const al_expr *expr)
{
    for (size_t i = 0; i < expr->as.fstring.count; i++) {
        if (!is_literal(&expr->as.fstring.parts[i]))
            return false;
    }
    return true;
}

static void add_plain(al_py *p, const al_expr *expr)
{
    al_text_add_char(p->out, p->quote);
    for (size_t i = 0; i < expr->as.fstring.count; i++)
        al_py_string_body(p->out, expr->as.fstring.parts[i].text,
                              expr->as.fstring.parts[i].text_length, p->quote,
                              false);
    al_text_add_char(p->out, p->quote);
}

static void add_fstring(al_py *p, const al_expr *expr, bool may_be_sum)
{
    bool is_sum;

    if (is_plain(expr)) {
        add_plain(p, expr);
        return;
    }
    is_sum = !may_be_sum && has_pieces(p, expr);
    if (is_sum)
        al_text_add_char(p->out, '(');
    add_parts(p, expr);
    if (is_sum)
        al_text_add_char(p->out, ')');
}

/* -- calls -------------------------------------------------------------- */

static void add_comma(al_py *p, bool *is_first)
{
    if (!*is_first)
        al_text_add(p->out, ", ");
    *is_first = false;
}

static void add_spread(al_py *p, const char *stars, const al_expr *expr,
                       bool *is_first)
{
    if (!expr)
        return;
    add_comma(p, is_first);
    al_text_add(p->out, stars);
    al_py_expr(p, expr);
}

static void add_call(al_py *p, const al_expr *expr)
{
    const al_exprs *args = &expr->as.call.args;
    size_t positional = args->count - expr->as.call.keyword_count;
    bool is_first = true;

    add(p, expr->as.call.function, POSTFIX);
    al_text_add_char(p->out, '(');
    for (size_t i = 0; i < positional; i++) {
        add_comma(p, &is_first);
        al_py_expr(p, args->items[i]);
    }
    add_spread(p, "*", expr->as.call.star, &is_first);
    for (size_t i = positional; i < args->count; i++) {
        add_comma(p, &is_first);
        al_text_add_format(p->out, "%s=",
                           expr->as.call.keywords[i - positional]);
        al_py_expr(p, args->items[i]);
    }
    add_spread(p, "**", expr->as.call.mapping, &is_first);
    al_text_add_char(p->out, ')');
}

static void add_signal(al_py *p, const al_expr *expr)
{
    if (expr->kind == AL_EXPR_INT)
        al_py_signal(p, expr->as.integer);
    else
        al_py_expr(p, expr);
}

static void add_starred(al_py *p, const al_expr *items)
{
    if (items->kind == AL_EXPR_TUPLE) {
        add_items(p, &items->as.items);
    } else {
        al_text_add_char(p->out, '*');
        add(p, items, POSTFIX);
    }
}

/* name=value, ... */
static void add_kwargs(al_py *p, const al_expr *kwargs)
{
    const al_exprs *keys = &kwargs->as.dict.keys;
    bool is_first = true;

    for (size_t i = 0; i < keys->count; i++) {
        add_comma(p, &is_first);
        al_text_add_format(p->out, "%s=", keys->items[i]->as.str.bytes);
        al_py_expr(p, kwargs->as.dict.values.items[i]);
    }
}

static bool is_empty(al_param_kind kind, const al_expr *param)
{
    if (kind == AL_PARAM_KWARGS)
        return param->as.dict.keys.count == 0;
    return (kind == AL_PARAM_ARGS || kind == AL_PARAM_ITEMS) &&
           param->kind == AL_EXPR_TUPLE && param->as.items.count == 0;
}

/* The argument list of a verb, from parameter `from` on. */
static void add_params(al_py *p, const al_expr *expr, size_t from)
{
    const al_verb_spec *spec = &al_verb_specs[expr->as.verb.verb];
    int loop = al_verb_param(expr->as.verb.verb, "loop");
    bool is_first = true;

    al_text_add_char(p->out, '(');
    for (size_t i = from; i < spec->param_count; i++) {
        const al_expr *param = expr->as.verb.params[i];

        if (!param || ((int)i == loop && spec->style == AL_STYLE_LOOP))
            continue;
        if (is_empty(spec->params[i].kind, param))
            continue;
        add_comma(p, &is_first);
        if (spec->params[i].is_keyword)
            al_text_add_format(p->out, "%s=", spec->params[i].name);
        if (spec->params[i].kind == AL_PARAM_ARGS)
            add_items(p, &param->as.items);
        else if (spec->params[i].kind == AL_PARAM_KWARGS)
            add_kwargs(p, param);
        else if (spec->params[i].kind == AL_PARAM_ITEMS)
            add_starred(p, param);
        else if (spec->params[i].kind == AL_PARAM_SIGNAL)
            add_signal(p, param);
        else
            al_py_expr(p, param);
    }
    al_text_add_char(p->out, ')');
}

/* A number's point would be taken for its own: (1).x */
static void add_object(al_py *p, const al_expr *object)
{
    bool is_number = object->kind == AL_EXPR_INT;

    if (is_number)
        al_text_add_char(p->out, '(');
    add(p, object, is_number ? ANY : POSTFIX);
    if (is_number)
        al_text_add_char(p->out, ')');
}

static void add_loop(al_py *p, const al_expr *expr)
{
    int loop = al_verb_param(expr->as.verb.verb, "loop");

    if (loop >= 0 && expr->as.verb.params[loop]) {
        add_object(p, expr->as.verb.params[loop]);
        return;
    }
    al_py_use(p, AL_PY_ASYNCIO);
    al_text_add(p->out, ".get_event_loop()");
}

static al_py_import import_of(al_verb verb)
{
    switch (verb) {
    case AL_VERB_LOG:
        return AL_PY_LOG;
    case AL_VERB_BUSY:
        return AL_PY_BUSY;
    case AL_VERB_READ:
        return AL_PY_READ;
    default:
        assert(verb == AL_VERB_WRITE);
        return AL_PY_WRITE;
    }
}

/* "asyncio.run" says its module itself. */
static const char *plain_name(const char *name)
{
    const char *dot = strchr(name, '.');

    return dot ? dot + 1 : name;
}

static void add_yield(al_py *p, const al_expr *value)
{
    al_text_add(p->out, "(yield");
    if (value) {
        al_text_add_char(p->out, ' ');
        al_py_expr(p, value);
    }
    al_text_add_char(p->out, ')');
}

static void add_verb(al_py *p, const al_expr *expr)
{
    const al_verb_spec *spec = &al_verb_specs[expr->as.verb.verb];
    size_t from = 0;

    switch (spec->style) {
    case AL_STYLE_LOOP:
        add_loop(p, expr);
        al_text_add_format(p->out, ".%s", spec->name);
        break;
    case AL_STYLE_ASYNCIO:
        al_py_use(p, AL_PY_ASYNCIO);
        al_text_add_format(p->out, ".%s", plain_name(spec->name));
        break;
    case AL_STYLE_YIELD:
        add_yield(p, expr->as.verb.params[0]);
        return;
    case AL_STYLE_AWAIT:
        al_text_add(p->out, "await ");
        add(p, expr->as.verb.params[0], POSTFIX);
        return;
    case AL_STYLE_CONTEXTVARS:
        al_py_use(p, AL_PY_CONTEXTVARS);
        al_text_add_format(p->out, ".%s", spec->name);
        break;
    case AL_STYLE_FUTURES:
        al_py_use(p, AL_PY_CONCURRENT);
        al_text_add_format(p->out, ".futures.%s", spec->name);
        break;
    case AL_STYLE_TIME:
        al_py_use(p, AL_PY_TIME);
        al_text_add_format(p->out, ".%s", plain_name(spec->name));
        break;
    case AL_STYLE_METHOD:
        add(p, expr->as.verb.params[from++], POSTFIX);
        al_text_add_format(p->out, ".%s", spec->name);
        break;
    case AL_STYLE_CALL:
        add(p, expr->as.verb.params[from++], POSTFIX);
        break;
    case AL_STYLE_SIM:
        al_py_use(p, import_of(expr->as.verb.verb));
        break;
    }
    add_params(p, expr, from);
}

/* -- places ------------------------------------------------------------- */

static void add_slice(al_py *p, const al_expr *expr)
{
    if (expr->as.slice.start)
        al_py_expr(p, expr->as.slice.start);
    al_text_add_char(p->out, ':');
    if (expr->as.slice.stop)
        al_py_expr(p, expr->as.slice.stop);
    if (!expr->as.slice.step)
        return;
    al_text_add_char(p->out, ':');
    al_py_expr(p, expr->as.slice.step);
}

static void add_subscript(al_py *p, const al_expr *expr)
{
    add(p, expr->as.subscript.object, POSTFIX);
    al_text_add_char(p->out, '[');
    al_py_expr(p, expr->as.subscript.index);
    al_text_add_char(p->out, ']');
}

/* -- all together ------------------------------------------------------- */

static void add_bare(al_py *p, const al_expr *expr, bool may_be_sum)
{
    switch (expr->kind) {
    case AL_EXPR_NONE:
        al_text_add(p->out, "None");
        break;
    case AL_EXPR_BOOL:
        al_text_add(p->out, expr->as.boolean ? "True" : "False");
        break;
    case AL_EXPR_INT:
        al_text_add_int(p->out, expr->as.integer);
        break;
    case AL_EXPR_FLOAT:
        add_float(p, expr->as.real);
        break;
    case AL_EXPR_STR:
        al_py_string(p, expr->as.str.bytes, expr->as.str.length);
        break;
    case AL_EXPR_NAME:
        al_py_variable(p, expr->as.name);
        break;
    case AL_EXPR_UNARY:
        add_unary(p, expr);
        break;
    case AL_EXPR_BINARY:
        add_binary(p, expr);
        break;
    case AL_EXPR_AND:
    case AL_EXPR_OR:
        add_and_or(p, expr);
        break;
    case AL_EXPR_COMPARE:
        add_compare(p, expr);
        break;
    case AL_EXPR_CONDITIONAL:
        add_conditional(p, expr);
        break;
    case AL_EXPR_ATTRIBUTE:
        add_object(p, expr->as.attribute.object);
        al_text_add_format(p->out, ".%s", expr->as.attribute.name);
        break;
    case AL_EXPR_SUBSCRIPT:
        add_subscript(p, expr);
        break;
    case AL_EXPR_SLICE:
        add_slice(p, expr);
        break;
    case AL_EXPR_CALL:
        add_call(p, expr);
        break;
    case AL_EXPR_TUPLE:
        add_tuple(p, &expr->as.items);
        break;
    case AL_EXPR_LIST:
        add_list(p, &expr->as.items);
        break;
    case AL_EXPR_DICT:
        add_dict(p, expr);
        break;
    case AL_EXPR_FSTRING:
        add_fstring(p, expr, may_be_sum);
        break;
    case AL_EXPR_VERB:
        add_verb(p, expr);
        break;
    }
}

/* Add it, in brackets where it binds less than is asked. */
static void add(al_py *p, const al_expr *expr, binding least)
{
    bool is_loose = binding_of(expr) < least;

    if (is_loose)
        al_text_add_char(p->out, '(');
    add_bare(p, expr, is_loose || least <= SUM);
    if (is_loose)
        al_text_add_char(p->out, ')');
}

void al_py_expr(al_py *p, const al_expr *expr)
{
    add(p, expr, ANY);
}

void al_py_target(al_py *p, const al_expr *expr)
{
    if (expr->kind == AL_EXPR_TUPLE && expr->as.items.count > 1)
        add_items(p, &expr->as.items);
    else
        al_py_expr(p, expr);
}
