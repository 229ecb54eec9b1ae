/* scan.c - RFC 8259 to the letter, with places.
 *
 * A mistake after which it is clear where to go on (a bad escape, a bad
 * number) is reported and passed over, so that one run tells them all.  One
 * that leaves the structure in doubt ends the scan: guesses after it would
 * only make noise. */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "loop/base/alloc.h"
#include "loop/base/number.h"
#include "loop/base/utf8.h"
#include "sim/base/hex.h"
#include "sim/json/json.h"
#include "sim/json/places.h"

enum { LONGEST_NUMBER = 60 }; /* cJSON reads no more of one */

typedef struct scanner {
    al_json *json;
    al_diagnostics *diagnostics;
    const char *text;
    size_t length, at;
    int depth;
    bool found_mistake;
} scanner;

/* -- mistakes ----------------------------------------------------------- */

/* Reports and returns false. */
__attribute__((format(printf, 5, 6)))
static bool mistake(scanner *s, size_t offset, size_t length,
                    const char *suggestion, const char *format, ...)
{
    char message[AL_DIAGNOSTIC_TEXT];
    va_list args;

    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    al_diagnose(s->diagnostics, offset, length, suggestion, "%s", message);
    s->found_mistake = true;
    return false;
}

static int peek(const scanner *s)
{
    return s->at < s->length ? (unsigned char)s->text[s->at] : -1;
}

static bool is_digit(int c)
{
    return c >= '0' && c <= '9';
}

static bool is_word(int c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           c == '$' || is_digit(c) || c >= 0x80;
}

static size_t word_length(const scanner *s, size_t at)
{
    size_t end = at;

    while (end < s->length && is_word((unsigned char)s->text[end]))
        end++;
    return end - at;
}

static size_t character_length(const scanner *s, size_t at)
{
    uint32_t code;
    size_t length = al_utf8_decode(s->text + at, s->length - at, &code);

    return length ? length : 1;
}

static bool bad_utf8(scanner *s)
{
    unsigned byte = (unsigned char)s->text[s->at];

    return mistake(s, s->at, 1, NULL,
                   "invalid UTF-8: no character begins with byte 0x%02x here",
                   byte);
}

/* Told once, not again for each byte that would have followed. */
static void skip_bad_utf8(scanner *s)
{
    bad_utf8(s);
    do
        s->at++;
    while (s->at < s->length && !al_begins_character(s->text[s->at]));
}

static bool is_text(const scanner *s, const char *word)
{
    size_t length = strlen(word);

    return word_length(s, s->at) == length &&
           memcmp(s->text + s->at, word, length) == 0;
}

/* What JSON writes for a word of another language. */
static const char *json_word(const scanner *s)
{
    static const char *const words[][2] = {
        {"True", "true"},   {"TRUE", "true"},   {"False", "false"},
        {"FALSE", "false"}, {"None", "null"},   {"nil", "null"},
        {"NULL", "null"},   {"Null", "null"},   {"undefined", "null"},
    };

    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (is_text(s, words[i][0]))
            return words[i][1];
    }
    return NULL;
}

static bool bad_word(scanner *s, const char *wanted)
{
    size_t length = word_length(s, s->at);
    int shown = length > 40 ? 40 : (int)length;

    if (is_text(s, "NaN") || is_text(s, "Infinity") || is_text(s, "nan") ||
        is_text(s, "inf"))
        return mistake(s, s->at, length, NULL,
                       "%.*s is no JSON number; as an expression it is "
                       "\"float('%s')\"",
                       shown, s->text + s->at,
                       s->text[s->at] == 'I' || s->text[s->at] == 'i' ? "inf"
                                                                      : "nan");
    return mistake(s, s->at, length, json_word(s),
                   "invalid JSON: expected %s, found '%.*s'", wanted, shown,
                   s->text + s->at);
}

/* Something stands where `wanted` should. */
static bool unexpected(scanner *s, const char *wanted)
{
    int c = peek(s);
    uint32_t code;
    size_t length;

    if (c < 0)
        return mistake(s, s->at, 0, NULL,
                       "invalid JSON: the file ends, but %s was expected",
                       wanted);
    if (c == '/' || c == '#')
        return mistake(s, s->at, 1, NULL,
                       "invalid JSON: JSON has no comments");
    if (c == '\0')
        return mistake(s, s->at, 1, NULL,
                       "invalid JSON: expected %s, found a NUL byte", wanted);
    length = al_utf8_decode(s->text + s->at, s->length - s->at, &code);
    if (length == 0)
        return bad_utf8(s);
    if (is_word(c) && c < 0x80)
        return bad_word(s, wanted);
    if (c == '\'')
        return mistake(s, s->at, 1, NULL,
                       "invalid JSON: strings stand in double quotes");
    return mistake(s, s->at, length, NULL,
                   "invalid JSON: expected %s, found '%.*s'", wanted,
                   (int)length, s->text + s->at);
}

/* -- white space -------------------------------------------------------- */

static void skip_space(scanner *s)
{
    while (s->at < s->length && strchr(" \t\r\n", s->text[s->at]) &&
           s->text[s->at])
        s->at++;
}

/* -- strings ------------------------------------------------------------ */

/* The four digits of \uXXXX at `at`, or -1. */
static int read_hex4(const scanner *s, size_t at)
{
    int value = 0;

    if (s->length - at < 4)
        return -1;
    for (size_t i = 0; i < 4; i++) {
        int digit = al_hex_digit((unsigned char)s->text[at + i]);

        if (digit < 0)
            return -1;
        value = value * 16 + digit;
    }
    return value;
}

static bool is_high_surrogate(int code)
{
    return code >= 0xd800 && code < 0xdc00;
}

static bool is_low_surrogate(int code)
{
    return code >= 0xdc00 && code < 0xe000;
}

static bool has_escape(const scanner *s, size_t at)
{
    return s->length - at >= 2 && s->text[at] == '\\' && s->text[at + 1] == 'u';
}

static void scan_unicode_escape(scanner *s)
{
    size_t start = s->at;
    int code = read_hex4(s, start + 2);
    int low;

    s->at += 2;
    if (code < 0) {
        mistake(s, start, 2, NULL, "bad escape: \\u takes four hex digits");
        return;
    }
    s->at += 4;
    if (code == 0) {
        mistake(s, start, 6, NULL, "\\u0000 is not allowed in a string");
    } else if (is_high_surrogate(code)) {
        low = has_escape(s, s->at) ? read_hex4(s, s->at + 2) : -1;
        if (low >= 0 && is_low_surrogate(low))
            s->at += 6;
        else
            mistake(s, start, 6, NULL,
                    "lone surrogate: \\u%04x needs a \\udc00 to \\udfff "
                    "after it", (unsigned)code);
    } else if (is_low_surrogate(code)) {
        mistake(s, start, 6, NULL,
                "lone surrogate: \\u%04x needs a \\ud800 to \\udbff before it",
                (unsigned)code);
    }
}

static void scan_escape(scanner *s)
{
    int c = s->at + 1 < s->length ? (unsigned char)s->text[s->at + 1] : -1;

    if (c == 'u') {
        scan_unicode_escape(s);
    } else if (c > 0 && strchr("\"\\/bfnrt", c)) {
        s->at += 2;
    } else if (c < 0x20) { /* what is wrong is what follows */
        s->at++;
        if (c >= 0 && c != '\n')
            mistake(s, s->at - 1, 1, NULL, "bad escape in a string");
    } else {
        size_t length = character_length(s, s->at + 1);

        mistake(s, s->at, 1 + length, NULL,
                "bad escape '\\%.*s': a backslash is written '\\\\'",
                (int)length, s->text + s->at + 1);
        s->at += 1 + length;
    }
}

static void scan_character(scanner *s)
{
    unsigned c = (unsigned char)s->text[s->at];
    uint32_t code;
    size_t length;

    if (c == '\\') {
        scan_escape(s);
    } else if (c < 0x20) {
        mistake(s, s->at, 1, NULL,
                "control character U+%04X in a string: write it as \\u%04x",
                c, c);
        s->at++;
    } else {
        length = al_utf8_decode(s->text + s->at, s->length - s->at, &code);
        if (length == 0)
            skip_bad_utf8(s);
        s->at += length;
    }
}

static bool scan_string(scanner *s)
{
    size_t start = s->at++;

    while (s->at < s->length && s->text[s->at] != '\n') {
        if (s->text[s->at] == '"') {
            s->at++;
            return true;
        }
        scan_character(s);
    }
    return mistake(s, start, 1, NULL,
                   "invalid JSON: the string that begins here has no end%s",
                   s->at < s->length ? " on its line" : "");
}

/* -- numbers ------------------------------------------------------------ */

static size_t skip_digits(scanner *s)
{
    size_t start = s->at;

    while (is_digit(peek(s)))
        s->at++;
    return s->at - start;
}

/* All that a reader would take for the number. */
static size_t number_like(const scanner *s, size_t at)
{
    size_t end = at;

    while (end < s->length &&
           (is_word((unsigned char)s->text[end]) || s->text[end] == '.' ||
            ((s->text[end] == '-' || s->text[end] == '+') &&
             (end == at || strchr("eE", s->text[end - 1])))))
        end++;
    return end - at;
}

static const char *number_form(scanner *s)
{
    bool is_zero;

    if (peek(s) == '-')
        s->at++;
    is_zero = peek(s) == '0';
    if (skip_digits(s) == 0)
        return "a digit is missing";
    if (is_zero && s->text[s->at - 1] != '0')
        return "numbers do not begin with 0";
    if (is_zero && s->at >= 2 && is_digit((unsigned char)s->text[s->at - 2]))
        return "numbers do not begin with 0";
    if (peek(s) == '.') {
        s->at++;
        if (skip_digits(s) == 0)
            return "a digit must follow the point";
    }
    if (peek(s) == 'e' || peek(s) == 'E') {
        s->at++;
        if (peek(s) == '+' || peek(s) == '-')
            s->at++;
        if (skip_digits(s) == 0)
            return "the exponent has no digits";
    }
    return is_word(peek(s)) || peek(s) == '.' ? "it does not end as one" : NULL;
}

static bool is_out_of_range(const scanner *s, size_t start, size_t length)
{
    char *copy = al_strndup(s->text + start, length);
    double value = 0;
    bool is_huge = al_double_parse(copy, &value) && isinf(value);

    al_free(copy);
    return is_huge;
}

static bool scan_number(scanner *s)
{
    size_t start = s->at;
    size_t length = number_like(s, start);
    int shown = length > 40 ? 40 : (int)length;
    const char *wrong;

    if (s->text[start] == '-' && length > 1 && s->text[start + 1] == 'I') {
        s->at++;
        bad_word(s, "a number");
        s->at = start + length;
        return true;
    }
    wrong = number_form(s);
    if (!wrong && length > LONGEST_NUMBER)
        wrong = "that is more than 60 characters";
    if (wrong)
        mistake(s, start, length, NULL, "bad number '%.*s': %s", shown,
                s->text + start, wrong);
    else if (is_out_of_range(s, start, length))
        mistake(s, start, length, NULL,
                "number out of range: '%.*s' is beyond 1.8e308", shown,
                s->text + start);
    s->at = start + length;
    return true;
}

/* -- values ------------------------------------------------------------- */

static bool scan_value(scanner *s, size_t key, size_t key_end);

static size_t add_node(al_json *json, size_t offset)
{
    json->nodes = al_grow(json->nodes, &json->capacity, json->count + 1,
                          sizeof *json->nodes);
    json->nodes[json->count] = (al_json_node){.offset = (uint32_t)offset};
    return json->count++;
}

/* After an element: true at the end of its list or object, past `close`. */
static bool scan_separator(scanner *s, char close, size_t open, bool *is_end)
{
    char wanted[24] = "',' or '?'";
    size_t comma = s->at;
    int line, column;
    al_places places;

    wanted[8] = close;
    skip_space(s);
    *is_end = peek(s) == close;
    if (*is_end) {
        s->at++;
        return true;
    }
    if (peek(s) == ',') {
        comma = s->at++;
        skip_space(s);
        if (peek(s) != close)
            return true;
        mistake(s, comma, 1, NULL,
                "invalid JSON: no comma may stand after the last %s",
                close == ']' ? "element" : "member");
        *is_end = true;
        s->at++;
        return true;
    }
    if (peek(s) >= 0) {
        if (peek(s) == '"' || peek(s) == '{' || peek(s) == '[')
            return mistake(s, comma, 0, NULL,
                           "invalid JSON: a comma is missing here");
        return unexpected(s, wanted);
    }
    al_places_init(&places, s->text, s->length);
    al_places_find(&places, open, &line, &column);
    return mistake(s, s->at, 0, NULL,
                   "invalid JSON: the file ends, but the '%c' of %d:%d is "
                   "still open", close == ']' ? '[' : '{', line, column);
}

static bool scan_list(scanner *s)
{
    size_t open = s->at++;
    bool is_end;

    skip_space(s);
    is_end = peek(s) == ']';
    if (is_end)
        s->at++;
    while (!is_end) {
        if (!scan_value(s, 0, 0) || !scan_separator(s, ']', open, &is_end))
            return false;
    }
    return true;
}

static bool scan_member(scanner *s)
{
    size_t key = s->at;
    size_t key_end;

    if (peek(s) != '"')
        return unexpected(s, "a name in double quotes");
    if (!scan_string(s))
        return false;
    key_end = s->at;
    skip_space(s);
    if (peek(s) != ':')
        return unexpected(s, "':'");
    s->at++;
    skip_space(s);
    return scan_value(s, key, key_end);
}

static bool scan_object(scanner *s)
{
    size_t open = s->at++;
    bool is_end;

    skip_space(s);
    is_end = peek(s) == '}';
    if (is_end)
        s->at++;
    while (!is_end) {
        if (!scan_member(s) || !scan_separator(s, '}', open, &is_end))
            return false;
    }
    return true;
}

static bool scan_literal(scanner *s)
{
    static const char *const literals[] = {"true", "false", "null"};

    for (size_t i = 0; i < 3; i++) {
        if (is_text(s, literals[i])) {
            s->at += strlen(literals[i]);
            return true;
        }
    }
    return unexpected(s, "a value");
}

static bool scan_nested(scanner *s)
{
    bool ok;

    if (s->depth == AL_JSON_MAX_DEPTH)
        return mistake(s, s->at, 1, NULL,
                       "nested too deeply: more than %d levels",
                       AL_JSON_MAX_DEPTH);
    s->depth++;
    ok = peek(s) == '[' ? scan_list(s) : scan_object(s);
    s->depth--;
    return ok;
}

static bool scan_any(scanner *s)
{
    int c = peek(s);

    if (c == '[' || c == '{')
        return scan_nested(s);
    if (c == '"')
        return scan_string(s);
    if (c == '-' || is_digit(c))
        return scan_number(s);
    return scan_literal(s);
}

static bool scan_value(scanner *s, size_t key, size_t key_end)
{
    size_t node = add_node(s->json, s->at);
    al_json_node *n;

    if (!scan_any(s))
        return false;
    n = &s->json->nodes[node];
    n->end = (uint32_t)s->at;
    n->key = (uint32_t)key;
    n->key_end = (uint32_t)key_end;
    n->next = (uint32_t)s->json->count;
    return true;
}

static bool scan_text(scanner *s)
{
    if (s->length > AL_JSON_MAX_BYTES)
        return mistake(s, AL_NO_PLACE, 0, NULL,
                       "the file is too large: more than %d bytes",
                       AL_JSON_MAX_BYTES);
    if (s->length >= 3 && memcmp(s->text, "\xef\xbb\xbf", 3) == 0)
        s->at = 3;
    skip_space(s);
    if (s->at == s->length)
        return mistake(s, s->length, 0, NULL, "the file is empty");
    if (!scan_value(s, 0, 0))
        return false;
    skip_space(s);
    if (s->at < s->length)
        return mistake(s, s->at, character_length(s, s->at), NULL,
                       "invalid JSON: the value has ended, but more follows");
    return true;
}

bool al_json_scan(al_json *json, al_diagnostics *diagnostics)
{
    scanner s = {.json = json, .diagnostics = diagnostics,
                 .text = json->text, .length = json->length};

    return scan_text(&s) && !s.found_mistake;
}
