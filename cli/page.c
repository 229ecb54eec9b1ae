/* page.c - lines of the account; see page.h. */
#include "cli/page.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "loop/base/alloc.h"
#include "loop/base/number.h"
#include "sim/base/escape.h"
#include "sim/base/wrap.h"

enum {
    MAIN_COLUMN = 16,  /* where a line's handle stands */
    HANDLE_WIDTH = 6,  /* "h1234 " */
    NOTE_WIDTH = 30,   /* room kept for notes at the right */
    LEAST_TEXT = 12,   /* columns never taken from a text for its note */
    MOST_NOTE_LINES = 3
};

/* -- anchors -------------------------------------------------------------- */

enum { ANCHOR = '\x1e' };

void al_page_add_anchor(al_text *out, uint64_t event)
{
    al_text_add_format(out, "%c%llu%c", ANCHOR, (unsigned long long)event,
                       ANCHOR);
}

uint64_t al_page_skip_anchor(const char **line)
{
    size_t digits = **line == ANCHOR ? strspn(*line + 1, "0123456789") : 0;
    uint64_t event;

    if (digits == 0 || (*line)[1 + digits] != ANCHOR)
        return 0;
    event = strtoull(*line + 1, NULL, 10);
    *line += digits + 2;
    return event;
}

/* -- lines ------------------------------------------------------------------ */

static void add_spaces(al_text *out, size_t count)
{
    char *to = al_text_reserve(out, count);

    memset(to, ' ', count);
    to[count] = '\0';
    out->length += count;
}

/* A line as it grows. */
typedef struct cursor {
    const al_page *page;
    al_text *out;
    size_t column;
    uint64_t event; /* its lines have its anchor; 0: they have none */
} cursor;

static void begin_line(cursor *c)
{
    c->column = 0;
    if (c->event)
        al_page_add_anchor(c->out, c->event);
}

static void add(cursor *c, al_role role, const char *text, size_t columns)
{
    if (!text[0] || columns == 0)
        return;
    al_palette_begin(c->out, c->page->color, role);
    c->column += al_escape_add_cut(c->out, text, columns);
    al_palette_end(c->out, c->page->color, role);
}

/* To that column; where it is passed already, `gap` on. */
static void go_to(cursor *c, size_t column, size_t gap)
{
    size_t target = c->column + gap > column ? c->column + gap : column;

    add_spaces(c->out, target - c->column);
    c->column = target;
}

static size_t room(const cursor *c)
{
    return c->page->width > c->column ? c->page->width - c->column : 0;
}

static void add_id(cursor *c, char letter, uint64_t number)
{
    char text[24];
    size_t start = c->column;

    snprintf(text, sizeof text, "%c%llu", letter, (unsigned long long)number);
    add(c, AL_ROLE_HANDLE, text, room(c));
    go_to(c, start + HANDLE_WIDTH, 1);
}

/* What is called, and the like: its end matters, too. */
static void add_shortened(cursor *c, al_role role, const char *text,
                          size_t columns)
{
    if (!text[0] || columns == 0)
        return;
    al_palette_begin(c->out, c->page->color, role);
    c->column += al_escape_add_middle_cut(c->out, text, columns);
    al_palette_end(c->out, c->page->color, role);
}

/* The note's columns are kept free, but not all of the text's. */
static void add_what(cursor *c, const al_line *line)
{
    size_t columns = room(c);
    size_t note = line->note ? al_escape_columns(line->note) + 2 : 0;

    if (note > NOTE_WIDTH)
        note = NOTE_WIDTH;
    if (note && columns > note + LEAST_TEXT)
        columns -= note;
    add_shortened(c, line->what_role, line->what, columns);
}

static void trim_spaces(al_text *out)
{
    while (out->length > 0 && out->bytes[out->length - 1] == ' ')
        al_text_truncate(out, out->length - 1);
}

static void start_line(cursor *c, size_t column)
{
    trim_spaces(c->out);
    al_text_add_char(c->out, '\n');
    begin_line(c);
    go_to(c, column, 0);
}

/* The text on several lines, all but the last of them full. */
static void add_broken(cursor *c, al_role role, const char *rest,
                       unsigned most_lines, bool is_chain)
{
    size_t start = c->column;

    for (unsigned left = most_lines; *rest; left--) {
        size_t length = al_wrap_line(rest, room(c), is_chain ? '>' : '\0');
        char *piece;

        if (left <= 1 || !rest[length]) {
            add(c, role, rest, room(c));
            return;
        }
        piece = al_strndup(rest, length);
        add(c, role, piece, room(c));
        al_free(piece);
        rest = al_wrap_rest(rest, length);
        start_line(c, start);
    }
}

/* At the right, in the notes' column, or as far to the left of it as it is
 * too long; in lines of its own where it finds no room. */
static void add_note(cursor *c, const al_line *line)
{
    size_t width = c->page->width, columns = al_escape_columns(line->note);
    size_t start = width - (columns < NOTE_WIDTH ? NOTE_WIDTH : columns);

    if (!line->what && !line->handle)
        start = c->column;
    else if (columns > width || c->column + 2 + columns > width)
        start_line(c, MAIN_COLUMN);
    else
        go_to(c, start, 2);
    add_broken(c, AL_ROLE_NOTE, line->note, MOST_NOTE_LINES, false);
}

void al_page_add_line(const al_page *page, al_text *out, const al_line *line)
{
    cursor c = {page, out, 0, page->has_anchors ? line->event : 0};

    begin_line(&c);
    go_to(&c, line->indent, 0);
    if (line->is_wide) {
        add_broken(&c, line->what_role, line->what, line->most_lines, true);
        al_text_add_char(out, '\n');
        return;
    }
    if (line->verb)
        add(&c, line->verb_role ? line->verb_role : AL_ROLE_VERB, line->verb,
            room(&c));
    if (line->handle || line->primitive || line->what || line->note)
        go_to(&c, MAIN_COLUMN, line->verb ? 1 : 0);
    if (line->handle)
        add_id(&c, 'h', line->handle);
    else if (line->primitive)
        add_id(&c, 'p', line->primitive);
    if (line->what && line->most_lines > 1)
        add_broken(&c, line->what_role, line->what, line->most_lines, false);
    else if (line->what)
        add_what(&c, line);
    if (line->note)
        add_note(&c, line);
    trim_spaces(out);
    al_text_add_char(out, '\n');
}

void al_page_add_entry(const al_page *page, al_text *out,
                       const al_entry *entry)
{
    cursor c = {.page = page, .out = out};

    go_to(&c, entry->indent, 0);
    add_shortened(&c, AL_ROLE_PLAIN, entry->name,
                  entry->column - entry->indent - 2);
    go_to(&c, entry->column, 2);
    add_broken(&c, entry->role, entry->text, entry->most_lines, false);
    al_text_add_char(out, '\n');
}

void al_page_add_heading(const al_page *page, al_text *out,
                         const char *heading, const char *time,
                         const char *aside)
{
    cursor c = {.page = page, .out = out};
    size_t width = al_escape_columns(aside);

    add(&c, AL_ROLE_HEADING, heading, page->width);
    if (time[0]) {
        go_to(&c, MAIN_COLUMN, 2);
        add(&c, AL_ROLE_TIME, time, room(&c));
    }
    if (aside[0]) {
        go_to(&c, page->width > width ? page->width - width : 0, 2);
        add(&c, AL_ROLE_NOTE, aside, room(&c) ? room(&c) : 1);
    }
    al_text_add_char(out, '\n');
}

/* -- numbers ------------------------------------------------------------ */

enum {
    MOST_DECIMALS = 9, /* clocks count nanoseconds */
    BRIEF_DECIMALS = 3
};

/* Is it short as it is: no exponent, not too many decimals? */
static bool is_short(const char *digits, size_t length, size_t decimals)
{
    const char *point = memchr(digits, '.', length);

    return point && length - (size_t)(point - digits) <= decimals + 1 &&
           !memchr(digits, 'e', length);
}

static bool is_moderate(double value)
{
    return fabs(value) < 1e15 && fabs(value) >= 1e-6; /* NaN is not */
}

/* Below a microsecond: 9.98e-07. */
static void add_tiny(al_text *out, double value)
{
    char digits[32];
    double rounded = value;

    snprintf(digits, sizeof digits, "%.2e", value);
    al_double_parse(digits, &rounded);
    if (rounded != value)
        al_text_add_char(out, '~');
    al_text_add_double(out, rounded);
}

/* Without zeros at its end, but for the first decimal. */
static size_t format_decimals(double value, int decimals, char *digits,
                              size_t size)
{
    size_t length = (size_t)snprintf(digits, size, "%.*f", decimals, value);

    while (digits[length - 1] == '0' && digits[length - 2] != '.')
        length--;
    digits[length] = '\0';
    return length;
}

/* m / 10^9 is the double nearest to m billionths, so its shortest digits are
 * those of m. */
static size_t format_rounded(double *value, char *digits, size_t size)
{
    size_t length;

    *value = nearbyint(*value * 1e9) / 1e9;
    length = al_double_format(*value, digits);
    if (is_short(digits, length, MOST_DECIMALS))
        return length;
    return format_decimals(*value, MOST_DECIMALS, digits, size);
}

/* The digits of what is shown for it. */
static void add_shown(al_text *out, double value, double shown,
                      const char *digits, size_t length)
{
    if (shown != value)
        al_text_add_char(out, '~');
    al_text_add_bytes(out, digits, length);
}

static void add_rounded(al_text *out, double value)
{
    double rounded = value;
    char digits[64];
    size_t length = format_rounded(&rounded, digits, sizeof digits);

    add_shown(out, value, rounded, digits, length);
}

void al_page_add_seconds(al_text *out, double seconds)
{
    char digits[AL_DOUBLE_TEXT];
    size_t length = al_double_format(seconds, digits);

    if (is_short(digits, length, MOST_DECIMALS))
        al_text_add_bytes(out, digits, length);
    else if (is_moderate(seconds))
        add_rounded(out, seconds);
    else if (fabs(seconds) < 1e-6)
        add_tiny(out, seconds);
    else
        al_text_add_bytes(out, digits, length);
    al_text_add(out, " s");
}

/* For three digits that count, and not less than is brief. */
static int rough_decimals(double seconds)
{
    int decimals = 2 - (int)floor(log10(fabs(seconds)));

    return decimals > BRIEF_DECIMALS ? decimals : BRIEF_DECIMALS;
}

void al_page_add_rough_seconds(al_text *out, double seconds)
{
    double rough = seconds;
    char digits[64];
    size_t length;

    if (!is_moderate(seconds)) {
        al_page_add_seconds(out, seconds);
        return;
    }
    length = format_decimals(seconds, rough_decimals(seconds), digits,
                             sizeof digits);
    al_double_parse(digits, &rough);
    add_shown(out, seconds, rough, digits, length);
    al_text_add(out, " s");
}

/* As it is, if it is brief so.  False: it is not. */
static bool add_brief(al_text *out, double seconds)
{
    char digits[AL_DOUBLE_TEXT];
    size_t length = al_double_format(seconds, digits);

    if (fabs(seconds) < 1e15 && !is_short(digits, length, BRIEF_DECIMALS))
        return false;
    al_text_add_bytes(out, digits, length);
    al_text_add(out, " s");
    return true;
}

void al_page_add_brief_seconds(al_text *out, double seconds)
{
    char digits[64];
    double rounded = seconds;

    if (add_brief(out, seconds))
        return;
    if (is_moderate(seconds) &&
        is_short(digits, format_rounded(&rounded, digits, sizeof digits),
                 BRIEF_DECIMALS))
        al_page_add_seconds(out, seconds);
    else
        al_text_add_format(out, "%.6f s", seconds);
}

void al_page_add_duration(al_text *out, double seconds, const char *micro)
{
    const struct { double least, factor; const char *unit; } units[] = {
        {1, 1, "s"}, {1e-3, 1e3, "ms"}, {1e-6, 1e6, micro}, {0, 1e9, "ns"},
    };
    unsigned i = 0;

    if (seconds == 0 || !(fabs(seconds) < 1000)) { /* or NaN */
        al_text_add_format(out, "%.0f s", seconds);
        return;
    }
    while (fabs(seconds) < units[i].least * 0.9995)
        i++;
    al_text_add_format(out, "%.3g %s", seconds * units[i].factor,
                       units[i].unit);
}

void al_page_add_brief_duration(al_text *out, double seconds,
                                const char *micro)
{
    if (!add_brief(out, seconds))
        al_page_add_duration(out, seconds, micro);
}

void al_page_add_count(al_text *out, uint64_t count, const char *noun)
{
    al_text_add_uint(out, count);
    al_text_add_format(out, count == 1 ? " %s" : " %ss", noun);
}
