/* string.c - string literals, plain and formatted.
 *
 * The token of a string is its opening quotes alone: what follows is read
 * here, character by character, and at a '{' of an f-string the grammar
 * takes over until the matching '}'.  So quotes, escapes and further
 * f-strings may stand inside a field, as in Python since 3.12. */
#include <string.h>
#include "loop/base/text.h"
#include "loop/base/utf8.h"
#include "sim/base/hex.h"
#include "sim/scenario/expr_private.h"

typedef struct pieces { /* of the literals side by side */
    al_fstring_part *parts;
    size_t count, capacity;
    al_text literal; /* text not yet a part */
    bool is_format;  /* some literal is an f-string */
} pieces;

static char char_at(const al_parser *p, size_t at)
{
    return at < p->length ? p->text[at] : '\0';
}

/* -- parts -------------------------------------------------------------- */

static al_fstring_part *add_part(al_parser *p, pieces *s)
{
    s->parts = al_arena_grow(p->arena, s->parts, s->count, &s->capacity,
                             sizeof *s->parts);
    return &s->parts[s->count++];
}

static void flush_literal(al_parser *p, pieces *s)
{
    al_fstring_part *part;

    if (s->literal.length == 0)
        return;
    part = add_part(p, s);
    part->text_length = s->literal.length;
    part->text = al_arena_strndup(p->arena, al_text_peek(&s->literal),
                                  s->literal.length);
    al_text_clear(&s->literal);
}

/* -- escapes ------------------------------------------------------------ */

static void add_code(al_parser *p, pieces *s, size_t start, uint32_t code)
{
    char bytes[4];

    if (code >= 0xd800 && code < 0xe000)
        al_parser_fail(p, start, p->at, "lone surrogates are not supported");
    else if (code > 0x10ffff)
        al_parser_fail(p, start, p->at, "illegal Unicode character");
    else
        al_text_add_bytes(&s->literal, bytes, al_utf8_encode(code, bytes));
}

static void scan_hex_escape(al_parser *p, pieces *s, size_t digits)
{
    size_t start = p->at;
    uint32_t code = 0;

    p->at += 2;
    for (size_t i = 0; i < digits; i++, p->at++) {
        int value = al_hex_digit(char_at(p, p->at));

        if (value < 0) {
            al_parser_fail(p, start, p->at,
                           "truncated \\%c escape: it takes %zu hex digits",
                           p->text[start + 1], digits);
            return;
        }
        code = code << 4 | (uint32_t)value;
    }
    add_code(p, s, start, code);
}

static void scan_octal_escape(al_parser *p, pieces *s)
{
    size_t start = p->at++;
    uint32_t code = 0;

    for (int i = 0; i < 3 && char_at(p, p->at) >= '0' &&
                    char_at(p, p->at) <= '7'; i++)
        code = code * 8 + (uint32_t)(p->text[p->at++] - '0');
    if (code > 0377)
        al_parser_fail(p, start, p->at, "invalid octal escape sequence");
    else
        add_code(p, s, start, code);
}

static void bad_escape(al_parser *p)
{
    uint32_t code;
    size_t length = al_utf8_decode(p->text + p->at + 1,
                                   p->length - p->at - 1, &code);

    if (length == 0)
        length = 1;
    if (p->text[p->at + 1] == 'N')
        al_parser_fail(p, p->at, p->at + 2,
                       "character names (\\N{...}) are not supported");
    else
        al_parser_fail(p, p->at, p->at + 1 + length,
                       "invalid escape sequence '\\%.*s'", (int)length,
                       p->text + p->at + 1);
}

static void scan_escape(al_parser *p, pieces *s)
{
    static const char plain[] = "\\\\''\"\"a\ab\bf\fn\nr\rt\tv\v";
    char c = p->text[p->at + 1];

    for (const char *pair = plain; *pair; pair += 2) {
        if (*pair == c) {
            al_text_add_char(&s->literal, pair[1]);
            p->at += 2;
            return;
        }
    }
    if (c == 'x')
        scan_hex_escape(p, s, 2);
    else if (c == 'u')
        scan_hex_escape(p, s, 4);
    else if (c == 'U')
        scan_hex_escape(p, s, 8);
    else if (c >= '0' && c <= '7')
        scan_octal_escape(p, s);
    else if (c == '\n')
        p->at += 2; /* the line goes on */
    else
        bad_escape(p);
}

/* -- fields of an f-string ---------------------------------------------- */

static bool expect_field_end(al_parser *p)
{
    if (!al_parser_is(p, "}"))
        al_parser_fail(p, p->token.start, p->token.end,
                       "f-string: expecting '}'");
    return !p->failed;
}

static void parse_conversion(al_parser *p, al_fstring_part *part)
{
    size_t mark = p->token.start;
    char c;

    al_parser_advance(p);
    c = p->failed ? '\0' : char_at(p, p->token.start);
    if (p->token.kind != AL_TOKEN_NAME || p->token.start != mark + 1 ||
        p->token.end != mark + 2 || !strchr("rsa", c)) {
        al_parser_fail(p, mark, p->token.end > mark ? p->token.end : mark + 1,
                       "f-string: after '!' comes 'r', 's' or 'a'");
        return;
    }
    part->conversion = c;
    al_parser_advance(p);
}

/* The text up to the '}', which becomes the current token. */
static void parse_spec(al_parser *p, al_fstring_part *part,
                       const al_token *string)
{
    size_t start = p->at;

    for (;; p->at++) {
        char c = char_at(p, p->at);

        if (p->at == p->length || c == '}' || c == '{' || c == '\\' ||
            c == '\n' || (string->quote && c == string->quote))
            break;
    }
    if (char_at(p, p->at) == '{')
        al_parser_fail(p, p->at, p->at + 1,
                       "f-string: a field in a format spec is not supported");
    else if (char_at(p, p->at) == '\\')
        al_parser_fail(p, p->at, p->at + 1,
                       "f-string: a backslash in a format spec is not "
                       "supported");
    part->spec = al_arena_strndup(p->arena, p->text + start, p->at - start);
    if (p->at < p->length && p->text[p->at] != '}')
        al_parser_fail(p, p->at, p->at + 1, "f-string: expecting '}'");
    al_parser_advance(p);
}

/* After the '{': value, '=', conversion, spec. */
static void parse_field_parts(al_parser *p, al_fstring_part *part,
                              const al_token *string)
{
    size_t start = p->at;

    al_parser_advance(p);
    if (al_parser_is(p, "}") || al_parser_is(p, "!") ||
        al_parser_is(p, ":") || al_parser_is(p, "="))
        al_parser_fail(p, p->token.start, p->token.end,
                       "f-string: valid expression required before '%c'",
                       p->text[p->token.start]);
    part->value = al_parser_expression_list(p);
    if (part->value && al_parser_is(p, "=")) {
        al_parser_advance(p);
        part->debug = al_arena_strndup(p->arena, p->text + start,
                                       p->token.start > start
                                           ? p->token.start - start : 0);
    }
    if (part->value && al_parser_is(p, "!"))
        parse_conversion(p, part);
    if (part->value && al_parser_is(p, ":"))
        parse_spec(p, part, string);
}

static void parse_field(al_parser *p, pieces *s, const al_token *string,
                        al_expr *owner)
{
    al_bracket field = {.outer = p->bracket, .kind = '{', .is_field = true,
                        .start = p->at};
    al_fstring_part part = {0};

    flush_literal(p, s);
    p->bracket = &field;
    p->at++;
    if (al_parser_enter(p)) {
        parse_field_parts(p, &part, string);
        if (!p->failed && expect_field_end(p)) {
            al_parser_adopt(p, owner, part.value);
            *add_part(p, s) = part;
        }
        al_parser_leave(p);
    }
    p->bracket = field.outer;
}

/* -- literals ----------------------------------------------------------- */

static bool at_end(const al_parser *p, const al_token *string)
{
    char q = string->quote;

    if (!q)
        return p->at == p->length;
    return char_at(p, p->at) == q &&
           (!string->is_triple || (char_at(p, p->at + 1) == q &&
                                   char_at(p, p->at + 2) == q));
}

static void scan_brace(al_parser *p, pieces *s, const al_token *string,
                       al_expr *owner)
{
    char c = p->text[p->at];

    if (char_at(p, p->at + 1) == c) {
        al_text_add_char(&s->literal, c);
        p->at += 2;
    } else if (c == '}') {
        al_parser_fail(p, p->at, p->at + 1,
                       "f-string: single '}' is not allowed: write '}}'");
    } else {
        parse_field(p, s, string, owner);
    }
}

static void scan_backslash(al_parser *p, pieces *s, const al_token *string)
{
    char next = char_at(p, p->at + 1);

    if (p->at + 1 == p->length) {
        p->at++; /* the end of the text is reported next */
    } else if (!string->is_raw) {
        scan_escape(p, s);
    } else {
        bool takes_next = next == string->quote || next == '\\';

        al_text_add_bytes(&s->literal, p->text + p->at, 1 + takes_next);
        p->at += 1 + (size_t)takes_next;
    }
}

/* From after the opening quotes to after the closing ones. */
static void scan_body(al_parser *p, pieces *s, const al_token *string,
                      al_expr *owner)
{
    while (!p->failed && !at_end(p, string)) {
        char c = char_at(p, p->at);

        if (p->at >= p->length ||
            (string->quote && c == '\n' && !string->is_triple))
            al_parser_fail(p, string->start, string->end,
                           "unterminated %sstring literal",
                           string->is_triple ? "triple-quoted " : "");
        else if (string->is_format && (c == '{' || c == '}'))
            scan_brace(p, s, string, owner);
        else if (c == '\\' && string->quote)
            scan_backslash(p, s, string);
        else {
            al_text_add_char(&s->literal, c);
            p->at++;
        }
    }
    if (string->quote)
        p->at += string->is_triple ? 3 : 1;
}

static al_expr *finish_strings(al_parser *p, pieces *s, al_expr *e)
{
    if (p->failed)
        return NULL;
    al_expr_node_of(e)->end = p->stop;
    if (s->is_format) {
        flush_literal(p, s);
        e->as.fstring.parts = s->parts;
        e->as.fstring.count = s->count;
    } else {
        e->kind = AL_EXPR_STR;
        e->as.str.length = s->literal.length;
        e->as.str.bytes = al_arena_strndup(
            p->arena, al_text_peek(&s->literal), s->literal.length);
    }
    return e;
}

static al_expr *start(al_parser *p)
{
    al_place place;

    al_places_find(p->source->places, p->token.offset, &place.line,
                   &place.column);
    return al_expr_new(p->arena, AL_EXPR_FSTRING, p->token.offset,
                       p->token.stop, place);
}

al_expr *al_parser_strings(al_parser *p)
{
    al_expr *e = start(p);
    pieces s = {0};

    while (!p->failed && p->token.kind == AL_TOKEN_STRING) {
        al_token string = p->token;

        s.is_format |= string.is_format;
        scan_body(p, &s, &string, e);
        if (!p->failed)
            p->token.stop = al_parser_offset(p, p->at);
        al_parser_advance(p);
    }
    e = finish_strings(p, &s, e);
    al_text_release(&s.literal);
    return e;
}

al_expr *al_parser_format(al_parser *p)
{
    al_token all = {.is_format = true, .end = p->length,
                    .offset = al_parser_offset(p, 0)};
    pieces s = {.is_format = true};
    al_expr *e;

    p->token = all;
    e = start(p);
    scan_body(p, &s, &all, e);
    if (!p->failed)
        p->stop = al_parser_offset(p, p->length);
    e = finish_strings(p, &s, e);
    al_text_release(&s.literal);
    return e;
}
