/* check_expr.c - expressions are parsed as CPython parses them.
 *
 * tests/unit/data/python_syntax.txt holds what CPython's own parser makes of
 * each expression (tests/unit/tools/python_syntax.mjs writes it); our trees
 * are written in the same way and compared.  What is refused on purpose, and
 * every message's place, stands in the tables below. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "loop/base/alloc.h"
#include "sim/scenario/expr.h"
#include "tests/unit/suites.h"

/* -- trees as text ------------------------------------------------------ */

static void show(al_text *out, const al_expr *e);

static void show_text(al_text *out, const char *bytes, size_t length)
{
    static const char escapes[] = "\"\"\\\\\nn\tt\rr\ff\bb";

    al_text_add(out, "s\"");
    for (size_t i = 0; i < length; i++) {
        const char *found = bytes[i] ? strchr(escapes, bytes[i]) : NULL;

        if (found && (found - escapes) % 2 == 0)
            al_text_add_format(out, "\\%c", found[1]);
        else if ((unsigned char)bytes[i] < 0x20)
            al_text_add_format(out, "\\u%04x", (unsigned)bytes[i]);
        else
            al_text_add_char(out, bytes[i]);
    }
    al_text_add_char(out, '"');
}

static void show_list(al_text *out, const al_exprs *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        al_text_add_char(out, ' ');
        show(out, list->items[i]);
    }
}

static void show_group(al_text *out, const char *head, const al_expr *first,
                       const al_expr *second)
{
    al_text_add_format(out, "(%s ", head);
    show(out, first);
    al_text_add_char(out, ' ');
    show(out, second);
    al_text_add_char(out, ')');
}

static void show_compare(al_text *out, const al_expr *e)
{
    al_text_add(out, "(cmp ");
    show(out, e->as.compare.left);
    for (size_t i = 0; i < e->as.compare.rights.count; i++) {
        al_text_add_format(out, " %s ",
                           al_operator_text[e->as.compare.ops[i]]);
        show(out, e->as.compare.rights.items[i]);
    }
    al_text_add_char(out, ')');
}

static void show_call(al_text *out, const al_expr *e)
{
    size_t named = e->as.call.keyword_count;
    size_t positional = e->as.call.args.count - named;

    al_text_add(out, "(call ");
    show(out, e->as.call.function);
    show_list(out, &e->as.call.args, positional);
    for (size_t i = 0; i < named; i++) {
        al_text_add_format(out, " %s=", e->as.call.keywords[i]);
        show(out, e->as.call.args.items[positional + i]);
    }
    al_text_add_char(out, ')');
}

static void show_dict(al_text *out, const al_expr *e)
{
    al_text_add(out, "(dict");
    for (size_t i = 0; i < e->as.dict.keys.count; i++) {
        al_text_add_char(out, ' ');
        show(out, e->as.dict.keys.items[i]);
        al_text_add_char(out, ':');
        show(out, e->as.dict.values.items[i]);
    }
    al_text_add_char(out, ')');
}

/* CPython has the "x = " of {x = } in the literal before it. */
static void show_field(al_text *out, const al_fstring_part *part)
{
    char conversion = part->conversion;

    if (part->debug && !conversion && !part->spec)
        conversion = 'r';
    al_text_add(out, " {");
    show(out, part->value);
    if (conversion)
        al_text_add_format(out, "!%c", conversion);
    if (part->spec)
        al_text_add_format(out, ":%s", part->spec);
    al_text_add_char(out, '}');
}

static void flush(al_text *out, al_text *literal)
{
    if (literal->length > 0) {
        al_text_add_char(out, ' ');
        show_text(out, literal->bytes, literal->length);
    }
    al_text_clear(literal);
}

static void show_fstring(al_text *out, const al_expr *e)
{
    al_text literal = {0};

    al_text_add(out, "(f");
    for (size_t i = 0; i < e->as.fstring.count; i++) {
        const al_fstring_part *part = &e->as.fstring.parts[i];

        if (part->text)
            al_text_add_bytes(&literal, part->text, part->text_length);
        if (part->debug)
            al_text_add(&literal, part->debug);
        if (part->value) {
            flush(out, &literal);
            show_field(out, part);
        }
    }
    flush(out, &literal);
    al_text_add_char(out, ')');
    al_text_release(&literal);
}

static void show_slice(al_text *out, const al_expr *e)
{
    al_text_add(out, "(: ");
    show(out, e->as.slice.start);
    al_text_add_char(out, ' ');
    show(out, e->as.slice.stop);
    al_text_add_char(out, ' ');
    show(out, e->as.slice.step);
    al_text_add_char(out, ')');
}

static void show_conditional(al_text *out, const al_expr *e)
{
    al_text_add(out, "(if ");
    show(out, e->as.conditional.test);
    al_text_add_char(out, ' ');
    show(out, e->as.conditional.then);
    al_text_add_char(out, ' ');
    show(out, e->as.conditional.otherwise);
    al_text_add_char(out, ')');
}

static void show_compound(al_text *out, const al_expr *e)
{
    switch (e->kind) {
    case AL_EXPR_UNARY:
        al_text_add_format(out, "(%s ", al_operator_text[e->as.binary.op]);
        show(out, e->as.binary.left);
        al_text_add_char(out, ')');
        break;
    case AL_EXPR_BINARY:
        show_group(out, al_operator_text[e->as.binary.op], e->as.binary.left,
                   e->as.binary.right);
        break;
    case AL_EXPR_AND:
        show_group(out, "and", e->as.binary.left, e->as.binary.right);
        break;
    case AL_EXPR_OR:
        show_group(out, "or", e->as.binary.left, e->as.binary.right);
        break;
    case AL_EXPR_ATTRIBUTE:
        al_text_add(out, "(. ");
        show(out, e->as.attribute.object);
        al_text_add_format(out, " %s)", e->as.attribute.name);
        break;
    case AL_EXPR_SUBSCRIPT:
        show_group(out, "[]", e->as.subscript.object, e->as.subscript.index);
        break;
    case AL_EXPR_TUPLE:
    case AL_EXPR_LIST:
        al_text_add(out, e->kind == AL_EXPR_TUPLE ? "(tuple" : "(list");
        show_list(out, &e->as.items, e->as.items.count);
        al_text_add_char(out, ')');
        break;
    case AL_EXPR_COMPARE:
        show_compare(out, e);
        break;
    case AL_EXPR_CONDITIONAL:
        show_conditional(out, e);
        break;
    case AL_EXPR_SLICE:
        show_slice(out, e);
        break;
    case AL_EXPR_CALL:
        show_call(out, e);
        break;
    case AL_EXPR_DICT:
        show_dict(out, e);
        break;
    case AL_EXPR_FSTRING:
        show_fstring(out, e);
        break;
    default:
        ck_abort_msg("an unexpected kind of expression");
    }
}

static void show(al_text *out, const al_expr *e)
{
    if (!e)
        al_text_add_char(out, '_');
    else if (e->kind == AL_EXPR_NONE)
        al_text_add(out, "None");
    else if (e->kind == AL_EXPR_BOOL)
        al_text_add(out, e->as.boolean ? "True" : "False");
    else if (e->kind == AL_EXPR_INT)
        al_text_add_int(out, e->as.integer);
    else if (e->kind == AL_EXPR_FLOAT)
        al_text_add_double(out, e->as.real);
    else if (e->kind == AL_EXPR_STR)
        show_text(out, e->as.str.bytes, e->as.str.length);
    else if (e->kind == AL_EXPR_NAME)
        al_text_add(out, e->as.name);
    else
        show_compound(out, e);
}

/* -- parsing ------------------------------------------------------------ */

typedef struct parse { /* of one text */
    al_arena arena;
    al_diagnostics diagnostics;
    al_places places;
    al_expr *expr;
} parse;

static void parse_init(parse *p, const char *text, bool is_format)
{
    al_expr_source source = {.text = text, .length = strlen(text),
                             .places = &p->places,
                             .diagnostics = &p->diagnostics};

    *p = (parse){0};
    al_places_init(&p->places, text, source.length);
    al_diagnostics_set_text(&p->diagnostics, "text", text, source.length);
    p->expr = is_format ? al_expr_parse_format(&p->arena, &source)
                        : al_expr_parse(&p->arena, &source);
    ck_assert_uint_eq(p->diagnostics.total, p->expr == NULL);
}

static void parse_release(parse *p)
{
    al_diagnostics_release(&p->diagnostics);
    al_arena_release(&p->arena);
}

static void check_tree(const char *text, bool is_format, const char *tree)
{
    al_text shown = {0};
    parse p;

    parse_init(&p, text, is_format);
    if (p.expr)
        show(&shown, p.expr);
    else
        al_text_add(&shown, "!");
    ck_assert_msg(strcmp(al_text_peek(&shown), tree) == 0,
                  "%s\n  is       %s\n  CPython: %s", text,
                  al_text_peek(&shown), tree);
    al_text_release(&shown);
    parse_release(&p);
}

START_TEST(trees_are_those_of_cpython)
{
    FILE *file = fopen("tests/unit/data/python_syntax.txt", "r");
    char line[1000];
    int count = 0;

    ck_assert_ptr_nonnull(file);
    while (fgets(line, sizeof line, file)) {
        char *tab = strchr(line, '\t');

        line[strcspn(line, "\n")] = '\0';
        if (line[0] == '#' || !tab)
            continue;
        *tab = '\0';
        check_tree(line, false, tab + 1);
        count++;
    }
    fclose(file);
    ck_assert_int_gt(count, 500);
}
END_TEST

static const struct { const char *text, *tree; } formats[] = {
    {"", "(f)"},
    {"tick", "(f s\"tick\")"},
    {"tick {n}!", "(f s\"tick\x20\" {n} s\"!\")"},
    {"{{{n}}}", "(f s\"{\" {n} s\"}\")"},
    {"it's \"{n!r}\"", "(f s\"it's \\\"\" {n!r} s\"\\\"\")"},
    {"a\\n{n}", "(f s\"a\\\\n\" {n})"}, /* JSON has its own escapes */
    {"line\n{\nn\n}", "(f s\"line\\n\" {n})"},
    {"{n:>5}{m=}", "(f {n:>5} s\"m=\" {m!r})"},
    {"{'}' + f'{n}'}", "(f {(+ s\"}\" (f {n}))})"},
};

START_TEST(formats_are_the_inside_of_an_fstring)
{
    check_tree(formats[_i].text, true, formats[_i].tree);
}
END_TEST

/* -- mistakes ----------------------------------------------------------- */

static const struct {
    const char *text;
    int column;
    size_t length;
    const char *message; /* its beginning */
} mistakes[] = {
    {"", 1, 0, "an expression is missing"},
    {"a +", 4, 0, "invalid syntax: the expression is incomplete"},
    {"(a, [b", 5, 1, "'[' was never closed"},
    {"a)", 2, 1, "unmatched ')'"},
    {"(a]", 3, 1, "closing parenthesis ']' does not match"},
    {"[a b]", 4, 1, "invalid syntax. Perhaps you forgot a comma?"},
    {"a b", 3, 1, "invalid syntax: an operator is missing"},
    {"a = 1", 3, 1, "invalid syntax: '=' is no operator"},
    {"'a", 1, 1, "unterminated string literal"},
    {"f'{a'", 5, 1, "f-string: expecting '}'"},
    {"lambda: a", 1, 6, "lambda is not supported"},
    {"[a for a in b]", 4, 3, "comprehensions are not supported"},
    {"f(a for a in b)", 5, 3, "comprehensions are not supported"},
    {"[*a]", 2, 1, "star arguments are not supported"},
    {"f(**a, b)", 8, 1, "**kwargs must come once, at the end"},
    {"(a := 1)", 4, 2, "assignment expressions"},
    {"await a", 1, 5, "await is not supported"},
    {"(yield)", 2, 5, "yield is not supported"},
    {"{a, b}", 3, 1, "sets are not supported"},
    {"b'a'", 1, 2, "bytes are not supported"},
    {"t'a'", 1, 2, "template strings are not supported"},
    {"3j", 1, 2, "complex numbers are not supported"},
    {"a @ b", 3, 1, "matrix multiplication"},
    {"a[1:2, 3]", 6, 1, "slices of several dimensions"},
    {"9223372036854775808", 1, 19, "integer literal too large"},
    {"1 - 9223372036854775808", 5, 19, "integer literal too large"},
    {"-9223372036854775808 ** 2", 2, 19, "integer literal too large"},
    {"-9223372036854775809", 2, 19, "integer literal too large"},
    {"0xffffffffffffffffffff", 1, 22, "integer literal too large"},
    {"1if a else b", 1, 3, "invalid decimal literal"},
    {"'\\d'", 2, 2, "invalid escape sequence '\\d'"},
    {"'\\ud800'", 2, 6, "lone surrogates"},
    {"é + ×", 1, 2, "invalid character 'é' (U+00E9)"},
    {"'é' + ×", 7, 2, "invalid character '×' (U+00D7)"},
    {"a # b", 3, 3, "invalid syntax: an expression has no comments"},
    {"a\n+ b", 2, 1, "invalid syntax: a line break"},
    {"f(a=1, a=2)", 8, 1, "keyword argument repeated: a"},
};

START_TEST(mistakes_are_told_at_their_place)
{
    const al_diagnostic *told;
    parse p;

    parse_init(&p, mistakes[_i].text, false);
    told = &p.diagnostics.items[0];
    ck_assert_ptr_null(p.expr);
    ck_assert_int_eq(told->column, mistakes[_i].column);
    ck_assert_uint_eq(told->length, mistakes[_i].length);
    ck_assert_msg(strncmp(told->message, mistakes[_i].message,
                          strlen(mistakes[_i].message)) == 0,
                  "%s: %s", mistakes[_i].text, told->message);
    parse_release(&p);
}
END_TEST

/* -- bombs -------------------------------------------------------------- */

static const struct { const char *open, *middle, *close; } bombs[] = {
    {"(", "a", ")"},
    {"[", "", "]"},
    {"{1:", "1", "}"},
    {"-", "1", ""},
    {"not ", "a", ""},
    {"f(", "", ")"},
    {"a[", "0", "]"},
    {"2 ** ", "2", ""},
    {"a if b else ", "c", ""},
    {"f'{", "a", "}'"},
    {"a + ", "a", ""},
    {"a and ", "a", ""},
    {"", "a", ".b"},
    {"", "a", "()"},
    {"", "a", "[0]"},
};

START_TEST(bombs_are_refused)
{
    enum { TIMES = 100000 };
    al_text text = {0};
    parse p;

    for (int i = 0; i < TIMES; i++)
        al_text_add(&text, bombs[_i].open);
    al_text_add(&text, bombs[_i].middle);
    for (int i = 0; i < TIMES; i++)
        al_text_add(&text, bombs[_i].close);
    parse_init(&p, al_text_peek(&text), false);
    ck_assert_ptr_null(p.expr);
    ck_assert_msg(strstr(p.diagnostics.items[0].message, " more than "),
                  "%s", p.diagnostics.items[0].message);
    parse_release(&p);
    al_text_release(&text);
}
END_TEST

START_TEST(a_long_list_is_no_bomb)
{
    al_text text = {0};
    parse p;

    for (int i = 0; i < 100000; i++)
        al_text_add(&text, "a < b, ");
    parse_init(&p, al_text_peek(&text), false);
    ck_assert_ptr_nonnull(p.expr);
    ck_assert_uint_eq(p.expr->as.items.count, 100000);
    parse_release(&p);
    al_text_release(&text);
}
END_TEST

Suite *expr_suite(void)
{
    Suite *suite = suite_create("expr");
    TCase *tcase = tcase_create("expressions");

    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, trees_are_those_of_cpython);
    tcase_add_loop_test(tcase, formats_are_the_inside_of_an_fstring, 0,
                        COUNT(formats));
    tcase_add_loop_test(tcase, mistakes_are_told_at_their_place, 0,
                        COUNT(mistakes));
    tcase_add_loop_test(tcase, bombs_are_refused, 0, COUNT(bombs));
    tcase_add_test(tcase, a_long_list_is_no_bomb);
    suite_add_tcase(suite, tcase);
    return suite;
}
