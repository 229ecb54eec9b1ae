/* escape.c - texts from outside, made safe for a terminal.
 *
 * What is shown as it is: printable characters, and marks that combine with
 * them.  What is spelled out, in Python's manner: everything that acts on
 * the terminal or on the reading order instead of showing itself. */
#include "sim/base/escape.h"

#include <stdbool.h>
#include <string.h>
#include "loop/base/utf8.h"

enum { LONGEST_CHARACTER = 4 }; /* bytes, of UTF-8 */

typedef struct range {
    uint32_t first, last;
} range;

/* Invisible, or in charge of others: spelled out. */
static const range unsafe[] = {
    {0x00, 0x1f},       {0x7f, 0x9f},       {0xad, 0xad},
    {0x34f, 0x34f},     {0x61c, 0x61c},     {0x115f, 0x1160},
    {0x17b4, 0x17b5},   {0x180b, 0x180f},   {0x200b, 0x200f},
    {0x2028, 0x202e},   {0x2060, 0x206f},   {0x3164, 0x3164},
    {0xe000, 0xf8ff},   {0xfeff, 0xfeff},   {0xffa0, 0xffa0},
    {0xfff0, 0xfffb},   {0xfffe, 0xffff},   {0x1d173, 0x1d17a},
    {0xe0000, 0x10ffff},
};

/* On top of the character before: no column. */
static const range combining[] = {
    {0x300, 0x36f},   {0x483, 0x489},   {0x591, 0x5bd},   {0x610, 0x61a},
    {0x64b, 0x65f},   {0x900, 0x902},   {0xe31, 0xe31},   {0xe34, 0xe3a},
    {0xe47, 0xe4e},   {0x1ab0, 0x1aff}, {0x1dc0, 0x1dff}, {0x20d0, 0x20ff},
    {0xfe00, 0xfe0f}, {0xfe20, 0xfe2f},
};

/* Two columns. */
static const range wide[] = {
    {0x1100, 0x115f},   {0x231a, 0x231b},   {0x23e9, 0x23ec},
    {0x2614, 0x2615},   {0x2e80, 0x303e},   {0x3041, 0xa4cf},
    {0xa960, 0xa97c},   {0xac00, 0xd7a3},   {0xf900, 0xfaff},
    {0xfe30, 0xfe6f},   {0xff00, 0xff60},   {0xffe0, 0xffe6},
    {0x1f300, 0x1f64f}, {0x1f680, 0x1f6ff}, {0x1f900, 0x1faff},
    {0x20000, 0x3fffd},
};

static bool is_among(const range *ranges, size_t count, uint32_t code)
{
    for (size_t i = 0; i < count && ranges[i].first <= code; i++) {
        if (code <= ranges[i].last)
            return true;
    }
    return false;
}

#define IS_AMONG(ranges, code) \
    is_among(ranges, sizeof(ranges) / sizeof *(ranges), code)

bool al_is_unsafe(uint32_t code)
{
    return IS_AMONG(unsafe, code);
}

static void add_hex(al_escaped *p, char mark, uint32_t code, int digits)
{
    p->text[p->length++] = '\\';
    p->text[p->length++] = mark;
    for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4)
        p->text[p->length++] = "0123456789abcdef"[code >> shift & 15];
}

static void spell_out(al_escaped *p, uint32_t code)
{
    static const char named[] = "\tt\nn\rr";
    const char *name = code && code < 0x80 ? strchr(named, (int)code) : NULL;

    if (name && (name - named) % 2 == 0) {
        p->text[p->length++] = '\\';
        p->text[p->length++] = name[1];
    } else if (code < 0x100) {
        add_hex(p, 'x', code, 2);
    } else if (code < 0x10000) {
        add_hex(p, 'u', code, 4);
    } else {
        add_hex(p, 'U', code, 8);
    }
    p->columns = p->length;
}

size_t al_escape_next(const char *string, size_t length, al_escaped *p)
{
    uint32_t code = (unsigned char)string[0];
    size_t taken = 1;

    p->length = 0;
    if (code < 0x20 || code >= 0x7f)
        taken = al_utf8_decode(string, length, &code);
    if (taken == 0) {
        spell_out(p, (unsigned char)string[0]);
        return 1;
    }
    if (IS_AMONG(unsafe, code)) {
        spell_out(p, code);
        return taken;
    }
    memcpy(p->text, string, taken);
    p->length = taken;
    p->columns = code < 0x300                ? 1
                 : IS_AMONG(combining, code) ? 0
                 : IS_AMONG(wide, code)      ? 2
                                             : 1;
    return taken;
}

size_t al_escape_columns(const char *string)
{
    size_t length = strlen(string);
    size_t columns = 0;

    for (size_t at = 0; at < length;) {
        al_escaped p;

        at += al_escape_next(string + at, length - at, &p);
        columns += p.columns;
    }
    return columns;
}

size_t al_escape_fit(const char *string, size_t columns)
{
    size_t at = 0, used = 0;

    while (string[at]) {
        al_escaped p;
        size_t taken = al_escape_next(
            string + at, strnlen(string + at, LONGEST_CHARACTER), &p);

        used += p.columns;
        if (used > columns)
            break;
        at += taken;
    }
    return at;
}

void al_escape_add(al_text *out, const char *string)
{
    al_escape_add_cut(out, string, 0);
}

/* Nearly all texts are printable ASCII, and not too long. */
static bool is_plain(const char *string, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (string[i] < 0x20 || string[i] > 0x7e)
            return false;
    }
    return true;
}

/* The end is only known when it comes, so remember the last place where the
 * "…" would fit. */
size_t al_escape_add_cut(al_text *out, const char *string, size_t columns)
{
    size_t length = strlen(string);
    size_t used = 0;
    size_t cut_length = out->length, cut_used = 0;

    if ((columns == 0 || length <= columns) && is_plain(string, length)) {
        al_text_add_bytes(out, string, length);
        return length;
    }
    for (size_t at = 0; at < length;) {
        al_escaped p;

        at += al_escape_next(string + at, length - at, &p);
        if (columns && used + p.columns > columns) {
            al_text_truncate(out, cut_length);
            al_text_add(out, "…");
            return cut_used + 1;
        }
        al_text_add_bytes(out, p.text, p.length);
        used += p.columns;
        if (used + 1 <= columns) {
            cut_length = out->length;
            cut_used = used;
        }
    }
    return used;
}

/* Where the part begins that fits into the last `columns`. */
static const char *end_of(const char *string, size_t columns)
{
    size_t all = al_escape_columns(string);
    const char *end =
        string + al_escape_fit(string, all > columns ? all - columns : 0);

    while (*end && al_escape_columns(end) > columns) {
        al_escaped p;

        end += al_escape_next(end, strlen(end), &p);
    }
    return end;
}

size_t al_escape_add_middle_cut(al_text *out, const char *string,
                                size_t columns)
{
    size_t end = columns / 2;
    size_t used;

    if (columns < 2 || al_escape_columns(string) <= columns)
        return al_escape_add_cut(out, string, columns);
    used = al_escape_add_cut(out, string, columns - end);
    return used + al_escape_add_cut(out, end_of(string, end), 0);
}

void al_escape_add_markup(al_text *out, const char *text)
{
    for (; *text; text++) {
        switch (*text) {
        case '&': al_text_add(out, "&amp;"); break;
        case '<': al_text_add(out, "&lt;"); break;
        case '>': al_text_add(out, "&gt;"); break;
        case '"': al_text_add(out, "&quot;"); break;
        default:  al_text_add_char(out, *text);
        }
    }
}
