/* scan.c - a cursor over one line of JSON; see scan.h. */
#include "sim/trace/scan.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "loop/base/number.h"
#include "loop/base/utf8.h"
#include "loop/core/event.h"
#include "sim/base/hex.h"

enum { MAX_DEPTH = 256 }; /* of arrays and objects that are skipped */

/* -- errors ------------------------------------------------------------- */

static bool fail_at(al_scan *scan, const char *at, const char *what)
{
    int line = scan->number > INT_MAX ? INT_MAX : (int)scan->number;
    size_t column = (size_t)(at - scan->line) + 1;

    return al_fail_at(&scan->error, line,
                      column > INT_MAX ? INT_MAX : (int)column, "%s", what);
}

bool al_scan_fail(al_scan *scan, const char *what)
{
    return fail_at(scan, scan->at, what);
}

/* The usual reasons why something expected is not there. */
bool al_scan_fail_expecting(al_scan *scan, const char *what)
{
    char message[120];

    if (scan->at == scan->end)
        snprintf(message, sizeof message,
                 "the line is cut short: expected %s", what);
    else
        snprintf(message, sizeof message, "expected %s", what);
    return al_scan_fail(scan, message);
}

bool al_scan_expect(al_scan *scan, char c, const char *what)
{
    al_scan_space(scan);
    if (*scan->at != c)
        return al_scan_fail_expecting(scan, what);
    scan->at++;
    return true;
}

bool al_scan_is_blank(al_scan *scan)
{
    al_scan_space(scan);
    return scan->at == scan->end;
}

/* -- texts -------------------------------------------------------------- */

/* The four digits of \uXXXX; -1: they are not there. */
static long hex4(const char *at)
{
    long value = 0;

    for (int i = 0; i < 4; i++) {
        int digit = al_hex_digit(at[i]);

        if (digit < 0)
            return -1;
        value = value << 4 | digit;
    }
    return value;
}

/* The digits behind \u, a pair's second half too.  What no C string can
 * hold becomes U+FFFD, which never takes more room than the escape. */
static bool unescape_unicode(al_scan *scan, char **to)
{
    long code = hex4(scan->at);
    long low;

    if (code < 0)
        return al_scan_fail(scan, "bad \\u escape: it takes four hex digits");
    scan->at += 4;
    if (code >= 0xd800 && code < 0xdc00 && scan->at[0] == '\\' &&
        scan->at[1] == 'u') {
        low = hex4(scan->at + 2);
        if (low >= 0xdc00 && low < 0xe000) {
            code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
            scan->at += 6;
        }
    }
    if (code == 0 || (code >= 0xd800 && code < 0xe000))
        code = 0xfffd;
    *to += al_utf8_encode((uint32_t)code, *to);
    return true;
}

static bool unescape(al_scan *scan, char **to)
{
    static const char escapes[] = "\"\"\\\\//b\bf\fn\nr\rt\t";
    char c = scan->at[1];

    scan->at += 2;
    if (c == 'u')
        return unescape_unicode(scan, to);
    for (const char *e = escapes; *e; e += 2) {
        if (*e == c) {
            *(*to)++ = e[1];
            return true;
        }
    }
    scan->at--;
    return al_scan_fail(scan, "bad escape in a text");
}

/* A character of more than one byte. */
static bool copy_wide(al_scan *scan, char **to)
{
    uint32_t code;
    size_t length =
        al_utf8_decode(scan->at, strnlen(scan->at, 4), &code);

    if (length == 0)
        return al_scan_fail(scan, "invalid UTF-8 in a text");
    memmove(*to, scan->at, length);
    *to += length;
    scan->at += length;
    return true;
}

/* Bytes that stand for themselves in a JSON string. */
static bool is_plain(char c)
{
    unsigned char byte = (unsigned char)c;

    return byte >= 0x20 && byte < 0x80 && byte != '"' && byte != '\\';
}

/* The rest of a text that has something to unescape or check. */
static bool read_special(al_scan *scan, char *to)
{
    while (*scan->at != '"') {
        unsigned char c = (unsigned char)*scan->at;

        if (is_plain((char)c))
            *to++ = *scan->at++;
        else if (c == '\\' && !unescape(scan, &to))
            return false;
        else if (c >= 0x80 && !copy_wide(scan, &to))
            return false;
        else if (c < 0x20)
            return scan->at == scan->end
                       ? al_scan_fail(scan, "the line is cut short in a text")
                       : al_scan_fail(scan, "a control character in a text");
    }
    *to = '\0';
    scan->at++;
    return true;
}

/* A JSON string, unescaped in place; *text is borrowed from the buffer. */
bool al_scan_text(al_scan *scan, const char **text)
{
    al_scan_space(scan);
    if (*scan->at != '"')
        return al_scan_fail_expecting(scan, "a text");
    *text = ++scan->at;
    while (is_plain(*scan->at))
        scan->at++;
    if (*scan->at != '"')
        return read_special(scan, scan->at);
    *scan->at++ = '\0';
    return true;
}

/* Walk over a text, leaving it as it is. */
static bool skip_text(al_scan *scan)
{
    for (scan->at++; *scan->at != '"'; scan->at++) {
        if (*scan->at == '\\' && scan->at[1] != '\0')
            scan->at++;
        else if ((unsigned char)*scan->at < 0x20)
            return al_scan_fail_expecting(scan, "the end of a text");
    }
    scan->at++;
    return true;
}

/* -- any value ---------------------------------------------------------- */

/* This word comes next, and is behind us now; false: it does not, which is no
 * error. */
static bool take_word(al_scan *scan, const char *word)
{
    size_t length = strlen(word);

    if (strncmp(scan->at, word, length) != 0)
        return false;
    scan->at += length;
    return true;
}

static bool skip_scalar(al_scan *scan)
{
    const char *end;
    double number;

    if (*scan->at == '"')
        return skip_text(scan);
    if (take_word(scan, "null") || take_word(scan, "true") ||
        take_word(scan, "false"))
        return true;
    end = al_double_parse(scan->at, &number);
    if (!end)
        return al_scan_fail_expecting(scan, "a value");
    scan->at += end - scan->at;
    return true;
}

/* In an object: "key": */
static bool skip_key(al_scan *scan)
{
    al_scan_space(scan);
    if (*scan->at != '"')
        return al_scan_fail_expecting(scan, "a key");
    return skip_text(scan) && al_scan_expect(scan, ':', "':'");
}

typedef struct nesting { /* the open brackets: what closes them */
    char closers[MAX_DEPTH];
    int depth;
} nesting;

/* After a value: close what ends here.  False: failed. */
static bool close_brackets(al_scan *scan, nesting *open)
{
    for (; open->depth > 0; open->depth--) {
        char closer = open->closers[open->depth - 1];

        al_scan_space(scan);
        if (*scan->at == ',') {
            scan->at++;
            return closer == ']' || skip_key(scan);
        }
        if (*scan->at != closer)
            return al_scan_fail_expecting(scan, closer == ']' ? "',' or ']'"
                                                        : "',' or '}'");
        scan->at++;
    }
    return true;
}

/* At a bracket: go in.  *is_empty: it is closed at once, and walked over. */
static bool open_bracket(al_scan *scan, nesting *open,
                         bool *is_empty)
{
    char closer = *scan->at == '[' ? ']' : '}';

    scan->at++;
    al_scan_space(scan);
    *is_empty = *scan->at == closer;
    if (*is_empty) {
        scan->at++;
        return true;
    }
    if (open->depth == MAX_DEPTH)
        return al_scan_fail(scan, "values are nested too deeply");
    open->closers[open->depth++] = closer;
    return closer == ']' || skip_key(scan);
}

bool al_scan_skip(al_scan *scan)
{
    nesting open;

    open.depth = 0;
    do {
        bool is_empty = true;

        al_scan_space(scan);
        if (*scan->at == '[' || *scan->at == '{') {
            if (!open_bracket(scan, &open, &is_empty))
                return false;
        } else if (!skip_scalar(scan)) {
            return false;
        }
        if (is_empty && !close_brackets(scan, &open))
            return false;
    } while (open.depth > 0);
    return true;
}

/* -- values ------------------------------------------------------------- */

/* Digits, up to `end`'s byte. */
static bool read_digits(al_scan *scan, uint64_t *value)
{
    const char *start = scan->at;
    uint64_t result = 0;

    for (; *scan->at >= '0' && *scan->at <= '9'; scan->at++) {
        uint64_t digit = (uint64_t)(*scan->at - '0');

        if (result > (UINT64_MAX - digit) / 10)
            return fail_at(scan, start, "this number is too large");
        result = result * 10 + digit;
    }
    *value = result;
    return scan->at > start && (*start != '0' || scan->at == start + 1);
}

/* "h12", with the letter given: 1 and up, as the writer writes them. */
static bool fail_expecting_id(al_scan *scan, char letter)
{
    switch (letter) {
    case 'h':
        return al_scan_fail(scan, "expected the id of a handle, \"h1\"");
    case 'j':
        return al_scan_fail(scan, "expected the id of a job, \"j1\"");
    case 't':
        return al_scan_fail(scan, "expected the id of a task, \"t1\"");
    case 'f':
        return al_scan_fail(scan, "expected the id of a future, \"f1\"");
    default:
        return al_scan_fail(scan, "expected the id of a loop, \"l1\"");
    }
}

bool al_scan_id(al_scan *scan, char letter, uint64_t *id)
{
    char *start;

    al_scan_space(scan);
    start = scan->at;
    if (start[0] == '"' && start[1] == letter) {
        scan->at += 2;
        if (read_digits(scan, id) && *id != 0 && *id != AL_BY_WORLD &&
            *scan->at == '"') {
            scan->at++;
            return true;
        }
        if (scan->error.message[0])
            return false;
    }
    scan->at = start;
    return fail_expecting_id(scan, letter);
}

bool al_scan_cause(al_scan *scan, uint64_t *id)
{
    char *start, letter;

    al_scan_space(scan);
    if (take_word(scan, "\"world\"")) {
        *id = AL_BY_WORLD;
        return true;
    }
    start = scan->at;
    letter = start[0] == '"' && start[1] == 'j' ? 'j' : 'h';
    if (!al_scan_id(scan, letter, id))
        return false;
    if (*id & AL_BY_JOB) {
        scan->at = start;
        return fail_expecting_id(scan, letter);
    }
    if (letter == 'j')
        *id |= AL_BY_JOB;
    return true;
}

bool al_scan_count(al_scan *scan, uint64_t *count)
{
    al_scan_space(scan);
    if (!read_digits(scan, count))
        return scan->error.message[0]
                   ? false
                   : al_scan_fail_expecting(scan, "a whole number");
    if (*scan->at == '.' || *scan->at == 'e' || *scan->at == 'E')
        return al_scan_fail(scan, "expected a whole number");
    return true;
}

/* A number, or one of "inf", "-inf", "nan". */
bool al_scan_seconds(al_scan *scan, double *value)
{
    const char *end;

    al_scan_space(scan);
    if (*scan->at == '"') {
        if (take_word(scan, "\"inf\""))
            *value = INFINITY;
        else if (take_word(scan, "\"-inf\""))
            *value = -INFINITY;
        else if (take_word(scan, "\"nan\""))
            *value = NAN;
        else
            return al_scan_fail(scan, "expected a number");
        return true;
    }
    end = al_double_parse(scan->at, value);
    if (!end)
        return al_scan_fail_expecting(scan, "a number");
    if (isinf(*value))
        return al_scan_fail(scan, "this number is too large");
    scan->at += end - scan->at;
    return true;
}

bool al_scan_timeout(al_scan *scan, double *value)
{
    al_scan_space(scan);
    if (!take_word(scan, "null"))
        return al_scan_seconds(scan, value);
    *value = -1;
    return true;
}

bool al_scan_flag(al_scan *scan, bool *flag)
{
    al_scan_space(scan);
    *flag = take_word(scan, "true");
    return *flag || take_word(scan, "false") ||
           al_scan_fail_expecting(scan, "true or false");
}

/* A value left as JSON.  What follows it is part of the line, so it is moved
 * one byte to the front (over the ':' or a space), where a NUL fits. */
bool al_scan_json(al_scan *scan, const char **json)
{
    char *start;
    size_t length;

    al_scan_space(scan);
    start = scan->at;
    if (!al_scan_skip(scan))
        return false;
    length = (size_t)(scan->at - start);
    memmove(start - 1, start, length);
    start[length - 1] = '\0';
    *json = start - 1;
    return true;
}

/* -- objects ------------------------------------------------------------ */

bool al_scan_key(al_scan *scan, bool is_first, const char **key)
{
    *key = NULL;
    al_scan_space(scan);
    if (*scan->at == '}') {
        scan->at++;
        return true;
    }
    if (!is_first && !al_scan_expect(scan, ',', "',' or '}'"))
        return false;
    al_scan_space(scan);
    if (*scan->at != '"')
        return al_scan_fail_expecting(scan, "a key");
    return al_scan_text(scan, key) && al_scan_expect(scan, ':', "':'");
}

bool al_scan_locate(al_scan *scan, const char *key,
                          char **value)
{
    size_t length = strlen(key);
    char *place = NULL;

    *value = NULL;
    if (!al_scan_expect(scan, '{', "'{'"))
        return false;
    for (bool is_first = true; true; is_first = false) {
        al_scan_space(scan);
        if (*scan->at == '}')
            break;
        if (!is_first && !al_scan_expect(scan, ',', "',' or '}'"))
            return false;
        al_scan_space(scan);
        place = scan->at;
        if (!skip_key(scan))
            return false;
        al_scan_space(scan);
        if (!*value && strncmp(place, key, length) == 0)
            *value = scan->at;
        if (!al_scan_skip(scan))
            return false;
    }
    scan->at++;
    return true;
}
