/* token.c - the words and signs of an expression, one at a time. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "loop/base/utf8.h"
#include "sim/json/json.h"
#include "sim/scenario/expr_private.h"
#include "sim/scenario/words.h"

/* -- places ------------------------------------------------------------- */

/* Tokens come in order, so the cursor mostly goes forward. */
size_t al_parser_offset(al_parser *p, size_t at)
{
    const al_expr_source *source = p->source;

    if (!source->raw)
        return source->offset + at;
    if (at < p->cursor.decoded)
        p->cursor.decoded = p->cursor.raw = 0;
    while (p->cursor.decoded < at) {
        size_t raw, decoded;

        al_json_character(source->raw + p->cursor.raw, &raw, &decoded);
        p->cursor.raw += raw;
        p->cursor.decoded += decoded;
    }
    return source->offset + p->cursor.raw;
}

void *al_parser_fail(al_parser *p, size_t start, size_t end,
                     const char *format, ...)
{
    char message[AL_DIAGNOSTIC_TEXT];
    size_t offset, stop;
    va_list args;

    if (p->failed)
        return NULL;
    p->failed = true;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    offset = al_parser_offset(p, start);
    stop = al_parser_offset(p, end);
    al_diagnose(p->source->diagnostics, offset, stop - offset, NULL, "%s",
                message);
    return NULL;
}

/* -- scanning ----------------------------------------------------------- */

static char char_at(const al_parser *p, size_t at)
{
    return at < p->length ? p->text[at] : '\0';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* True: at the beginning of a token, or at the end. */
static bool skip_space(al_parser *p)
{
    while (p->at < p->length) {
        char c = p->text[p->at];

        if ((c == '\n' || c == '\r') && !p->bracket) {
            al_parser_fail(p, p->at, p->at + 1,
                           "invalid syntax: a line break outside of "
                           "parentheses");
            return false;
        }
        if (c == '\0' || !strchr(" \t\f\n\r", c))
            return true;
        p->at++;
    }
    return true;
}

static void scan_name(al_parser *p)
{
    p->token.kind = AL_TOKEN_NAME;
    while (al_is_letter(char_at(p, p->at)) || is_digit(char_at(p, p->at)))
        p->at++;
}

/* How long a string's prefix and opening quotes are; 0: no string begins. */
static size_t prefix_length(const al_parser *p)
{
    size_t length = 0;
    char quote;

    while (length < 3 && strchr("rRuUbBfFtT", char_at(p, p->at + length)) &&
           char_at(p, p->at + length))
        length++;
    quote = char_at(p, p->at + length);
    return length < 3 && (quote == '\'' || quote == '"') ? length + 1 : 0;
}

static bool has_letter(const al_parser *p, size_t length, char letter)
{
    for (size_t i = 0; i < length; i++) {
        if ((p->text[p->at + i] | 0x20) == letter)
            return true;
    }
    return false;
}

static void scan_string_start(al_parser *p, size_t length)
{
    al_token *t = &p->token;
    size_t letters = length - 1;
    size_t start = p->at;

    t->kind = AL_TOKEN_STRING;
    t->quote = p->text[p->at + letters];
    t->is_raw = has_letter(p, letters, 'r');
    t->is_format = has_letter(p, letters, 'f');
    if (has_letter(p, letters, 'b'))
        al_parser_fail(p, start, start + length, "bytes are not supported");
    else if (has_letter(p, letters, 't'))
        al_parser_fail(p, start, start + length,
                       "template strings are not supported");
    else if (letters == 2 && !(t->is_raw && t->is_format))
        al_parser_fail(p, start, start + length,
                       "invalid syntax: '%.2s' is no prefix of a string",
                       p->text + start);
    p->at += length;
    t->is_triple = char_at(p, p->at) == t->quote &&
                   char_at(p, p->at + 1) == t->quote;
    if (t->is_triple)
        p->at += 2;
}

static size_t operator_length(const al_parser *p)
{
    static const char *const operators[] = {
        "**=", "//=", "<<=", ">>=", "...", "**", "//", "<<", ">>", "<=",
        ">=",  "==",  "!=",  "->",  ":=",  "+=", "-=", "*=", "/=", "%=",
        "&=",  "|=",  "^=",  "@=",  "+",   "-",  "*",  "/",  "%",  "@",
        "&",   "|",   "^",   "~",   "<",   ">",  "(",  ")",  "[",  "]",
        "{",   "}",   ",",   ":",   ".",   ";",  "=",  "!",
    };

    for (size_t i = 0; i < sizeof operators / sizeof *operators; i++) {
        size_t length = strlen(operators[i]);

        if (p->length - p->at >= length &&
            memcmp(p->text + p->at, operators[i], length) == 0)
            return length;
    }
    return 0;
}

static void scan_operator(al_parser *p)
{
    size_t length = operator_length(p);
    bool in_field = p->bracket && p->bracket->is_field;

    if (in_field && p->text[p->at] == ':')
        length = 1; /* the rest belongs to the format spec */
    p->token.kind = AL_TOKEN_OPERATOR;
    p->at += length;
}

static void bad_character(al_parser *p)
{
    uint32_t code;
    size_t length = al_utf8_decode(p->text + p->at, p->length - p->at, &code);

    if (p->text[p->at] == '#')
        al_parser_fail(p, p->at, p->length,
                       "invalid syntax: an expression has no comments");
    else if (p->text[p->at] == '\\')
        al_parser_fail(p, p->at, p->at + 1,
                       "invalid syntax: a backslash outside of a string");
    else if (length == 0)
        al_parser_fail(p, p->at, p->at + 1, "invalid UTF-8");
    else if (code < 0x20 || (code >= 0x7f && code <= 0xa0))
        al_parser_fail(p, p->at, p->at + length,
                       "invalid non-printable character U+%04X",
                       (unsigned)code);
    else if (code < 0x80)
        al_parser_fail(p, p->at, p->at + 1, "invalid syntax: unexpected '%c'",
                       p->text[p->at]);
    else
        al_parser_fail(p, p->at, p->at + length,
                       "invalid character '%.*s' (U+%04X)", (int)length,
                       p->text + p->at, (unsigned)code);
}

static void scan_token(al_parser *p)
{
    char c = p->text[p->at];
    size_t prefix = prefix_length(p);

    if (prefix)
        scan_string_start(p, prefix);
    else if (al_is_letter(c))
        scan_name(p);
    else if (is_digit(c) || (c == '.' && is_digit(char_at(p, p->at + 1))))
        al_parser_number(p);
    else if (operator_length(p))
        scan_operator(p);
    else
        bad_character(p);
}

void al_parser_advance(al_parser *p)
{
    al_token *t = &p->token;

    p->stop = t->stop;
    *t = (al_token){.kind = AL_TOKEN_END};
    if (!p->failed && skip_space(p)) {
        t->start = p->at;
        t->offset = al_parser_offset(p, p->at);
        if (p->at < p->length)
            scan_token(p);
        t->end = p->at;
        t->stop = al_parser_offset(p, p->at);
    }
    if (p->failed)
        t->kind = AL_TOKEN_END;
}

static bool has_text(const al_parser *p, const char *text)
{
    size_t length = strlen(text);

    return p->token.end - p->token.start == length &&
           memcmp(p->text + p->token.start, text, length) == 0;
}

bool al_parser_is(const al_parser *p, const char *op)
{
    return p->token.kind == AL_TOKEN_OPERATOR && has_text(p, op);
}

bool al_parser_is_word(const al_parser *p, const char *word)
{
    return p->token.kind == AL_TOKEN_NAME && has_text(p, word);
}
