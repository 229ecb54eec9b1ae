/* diagnostics.c - mistakes, kept in order of place and shown as a compiler
 * shows them.
 *
 * The list keeps the first ones of the file, not the first ones found: the
 * checks make several passes, and a reader mends a file from its top. */
#include "sim/json/diagnostics.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "loop/base/alloc.h"
#include "loop/base/utf8.h"
#include "sim/base/escape.h"
#include "sim/json/places.h"

enum { WINDOW = 96, TAB = 4, GUTTER = 5 };

void al_diagnostics_release(al_diagnostics *diagnostics)
{
    al_free(diagnostics->text);
    *diagnostics = (al_diagnostics){0};
}

void al_diagnostics_set_text(al_diagnostics *diagnostics, const char *path,
                             const char *text, size_t length)
{
    al_free(diagnostics->text);
    diagnostics->path = path;
    diagnostics->text = al_strndup(text ? text : "", length);
    diagnostics->text_length = length;
}

/* -- recording ---------------------------------------------------------- */

/* Mistakes without a place come first. */
static size_t rank(size_t offset)
{
    return offset == AL_NO_PLACE ? 0 : offset + 1;
}

/* Where a mistake at `offset` belongs; false: one is told there already. */
static bool find_slot(const al_diagnostics *d, size_t offset, size_t *slot)
{
    size_t at = d->count;

    while (at > 0 && rank(d->items[at - 1].offset) > rank(offset))
        at--;
    *slot = at;
    return at == 0 || offset == AL_NO_PLACE ||
           d->items[at - 1].offset != offset;
}

static void locate(const al_diagnostics *d, al_diagnostic *item)
{
    al_places places;

    if (item->offset == AL_NO_PLACE)
        return;
    al_places_init(&places, d->text, d->text ? d->text_length : 0);
    al_places_find(&places, item->offset, &item->line, &item->column);
}

static al_diagnostic *open_slot(al_diagnostics *d, size_t slot)
{
    size_t moved;

    if (d->count < AL_MAX_DIAGNOSTICS)
        d->count++;
    moved = d->count - 1 - slot;
    memmove(&d->items[slot + 1], &d->items[slot], moved * sizeof *d->items);
    d->items[slot] = (al_diagnostic){0};
    return &d->items[slot];
}

/* A message may have been cut in the middle of a character. */
static void drop_half_character(char *message, size_t size)
{
    size_t length = strlen(message);
    size_t first = length;
    uint32_t code;

    if (length + 1 < size)
        return;
    while (first > 0 && !al_begins_character(message[first - 1]))
        first--;
    if (first > 0 && !al_utf8_decode(message + first - 1, length - first + 1,
                                     &code))
        message[first - 1] = '\0';
}

void al_diagnose(al_diagnostics *diagnostics, size_t offset, size_t length,
                 const char *suggestion, const char *format, ...)
{
    al_diagnostic *item;
    size_t slot;
    va_list args;

    if (!find_slot(diagnostics, offset, &slot))
        return;
    diagnostics->total++;
    if (slot == AL_MAX_DIAGNOSTICS)
        return;
    item = open_slot(diagnostics, slot);
    item->offset = offset;
    item->length = length;
    locate(diagnostics, item);
    va_start(args, format);
    vsnprintf(item->message, sizeof item->message, format, args);
    va_end(args);
    drop_half_character(item->message, sizeof item->message);
    if (suggestion)
        snprintf(item->suggestion, sizeof item->suggestion, "%s", suggestion);
}

bool al_diagnostics_wants(const al_diagnostics *diagnostics, size_t offset)
{
    size_t count = diagnostics->count;

    return count < AL_MAX_DIAGNOSTICS ||
           rank(offset) < rank(diagnostics->items[count - 1].offset);
}

/* -- showing ------------------------------------------------------------ */

typedef struct painter {
    al_text *out;
    bool color;
} painter;

static void paint(const painter *p, const char *code)
{
    if (p->color)
        al_text_add_format(p->out, "\x1b[%sm", code);
}

static void add_place(const painter *p, const al_diagnostics *d,
                      const al_diagnostic *item)
{
    paint(p, "1");
    al_escape_add(p->out, d->path ? d->path : "<input>");
    if (item->line)
        al_text_add_format(p->out, ":%d:%d", item->line, item->column);
    al_text_add(p->out, ":");
    paint(p, "0");
    al_text_add(p->out, " ");
}

/* The character at `at` as it is shown; returns the bytes it takes. */
static size_t show_character(const al_diagnostics *d, size_t at, al_text *out)
{
    char character[5] = {0};
    uint32_t code;
    size_t length = al_utf8_decode(d->text + at, d->text_length - at, &code);

    if (length == 0)
        length = 1;
    if (d->text[at] == '\t') {
        al_text_add_format(out, "%*s", TAB, "");
    } else if (d->text[at] == '\0') {
        al_text_add(out, "\\x00");
    } else {
        memcpy(character, d->text + at, length);
        al_escape_add(out, character);
    }
    return length;
}

static size_t shown_columns(const al_diagnostics *d, size_t from, size_t to)
{
    al_text shown = {0};
    size_t columns = 0;

    while (from < to) {
        al_text_clear(&shown);
        from += show_character(d, from, &shown);
        columns += al_escape_columns(al_text_peek(&shown));
    }
    al_text_release(&shown);
    return columns;
}

static size_t line_start(const al_diagnostics *d, size_t offset)
{
    while (offset > 0 && d->text[offset - 1] != '\n')
        offset--;
    return offset;
}

static size_t line_end(const al_diagnostics *d, size_t offset)
{
    while (offset < d->text_length && d->text[offset] != '\n')
        offset++;
    if (offset > 0 && d->text[offset - 1] == '\r')
        offset--;
    return offset;
}

static size_t previous(const al_diagnostics *d, size_t at)
{
    return al_character_before(d->text, 0, at);
}

static size_t following(const al_diagnostics *d, size_t at)
{
    do
        at++;
    while (at < d->text_length && !al_begins_character(d->text[at]));
    return at;
}

typedef struct window { /* the part of a line that is shown */
    size_t from, to;
    bool is_cut_left, is_cut_right;
} window;

/* The whole line where it is short; else what is around the mistake. */
static window choose_window(const al_diagnostics *d, size_t offset)
{
    size_t start = line_start(d, offset);
    size_t end = line_end(d, offset);
    window w = {offset, offset, false, false};
    size_t room = WINDOW;

    if (end < offset)
        end = offset;
    for (size_t n = 0; w.from > start && n < WINDOW / 2; n++, room--)
        w.from = previous(d, w.from);
    for (; w.to < end && room > 0; room--)
        w.to = following(d, w.to);
    for (; w.from > start && room > 0; room--)
        w.from = previous(d, w.from);
    w.is_cut_left = w.from > start;
    w.is_cut_right = w.to < end;
    return w;
}

static void add_source(const painter *p, const al_diagnostics *d,
                       const al_diagnostic *item, const window *w)
{
    al_text_add_format(p->out, "%*d |%s%s", GUTTER, item->line,
                       w->from < w->to ? " " : "",
                       w->is_cut_left ? "…" : "");
    for (size_t at = w->from; at < w->to;)
        at += show_character(d, at, p->out);
    al_text_add(p->out, w->is_cut_right ? "…\n" : "\n");
}

static void add_caret(const painter *p, const al_diagnostics *d,
                      const al_diagnostic *item, const window *w)
{
    size_t end = item->offset + item->length;
    size_t indent = shown_columns(d, w->from, item->offset) + w->is_cut_left;
    size_t columns;

    if (end > w->to)
        end = w->to;
    columns = item->offset < end ? shown_columns(d, item->offset, end) : 0;
    al_text_add_format(p->out, "%*s | %*s", GUTTER, "", (int)indent, "");
    paint(p, "1;32");
    al_text_add(p->out, "^");
    for (size_t i = 1; i < columns; i++)
        al_text_add(p->out, "~");
    paint(p, "0");
    al_text_add(p->out, "\n");
}

static void add_item(const painter *p, const al_diagnostics *d,
                     const al_diagnostic *item)
{
    add_place(p, d, item);
    paint(p, "1;31");
    al_text_add(p->out, "error:");
    paint(p, "0");
    al_text_add(p->out, " ");
    al_escape_add(p->out, item->message);
    al_text_add(p->out, "\n");
    if (item->line && d->text && item->offset <= d->text_length) {
        window w = choose_window(d, item->offset);

        add_source(p, d, item, &w);
        add_caret(p, d, item, &w);
    }
    if (item->suggestion[0]) {
        add_place(p, d, item);
        al_text_add(p->out, "did you mean '");
        al_escape_add(p->out, item->suggestion);
        al_text_add(p->out, "'?\n");
    }
}

void al_diagnostics_write(const al_diagnostics *diagnostics, bool color,
                          al_text *out)
{
    painter p = {out, color};
    size_t more = diagnostics->total - diagnostics->count;

    for (size_t i = 0; i < diagnostics->count; i++)
        add_item(&p, diagnostics, &diagnostics->items[i]);
    if (more > 0)
        al_text_add_format(out, "… and %zu more error%s\n", more,
                           more == 1 ? "" : "s");
}
