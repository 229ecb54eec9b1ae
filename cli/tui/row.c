/* row.c - see row.h. */
#include "cli/tui/row.h"

#include <stdarg.h>
#include <string.h>
#include "loop/base/alloc.h"
#include "sim/base/escape.h"

void al_row_clear(al_row *row)
{
    al_text_clear(&row->text);
    al_text_clear(&row->right);
    row->count = row->aligned = 0;
    row->thing = row->also = (al_thing){0};
    row->skip = 0;
    row->is_right_first = false;
    row->is_struck = row->is_picture = false;
}

void al_row_release(al_row *row)
{
    al_text_release(&row->text);
    al_text_release(&row->right);
    al_free(row->spans);
    *row = (al_row){0};
}

void al_row_add(al_row *row, al_ink ink, const char *text)
{
    al_escape_add(&row->text, text);
    row->spans = al_grow(row->spans, &row->capacity, row->count + 1,
                         sizeof *row->spans);
    row->spans[row->count++] = (al_span_of_row){row->text.length, ink};
}

void al_row_add_format(al_row *row, al_ink ink, const char *format, ...)
{
    al_text text = {0};
    va_list args;

    va_start(args, format);
    al_text_add_vformat(&text, format, args);
    va_end(args);
    al_row_add(row, ink, al_text_peek(&text));
    al_text_release(&text);
}

void al_text_add_as_line(al_text *out, const char *text, const char *sign)
{
    static const char blanks[] = " \t\r\n";

    while (*text) {
        size_t length = strcspn(text, "\n"), kept = length;

        while (text[length] && kept > 0 && strchr(blanks, text[kept - 1]))
            kept--;
        al_text_add_bytes(out, text, kept);
        if (!text[length])
            return;
        text += length + strspn(text + length, blanks);
        if (*text)
            al_text_add_format(out, "%s%s ", kept > 0 ? " " : "", sign);
    }
}

void al_row_add_aligned(al_row *row, al_ink ink, const char *text)
{
    al_row_add(row, ink, text);
    row->aligned = row->count;
}

static size_t columns_before(const char *text, size_t byte)
{
    al_text before = {0};
    size_t columns;

    al_text_add_bytes(&before, text, byte);
    columns = al_escape_columns(al_text_peek(&before));
    al_text_release(&before);
    return columns;
}

size_t al_row_aligned_end(const al_row *row)
{
    if (row->aligned == 0)
        return 0;
    return columns_before(al_text_peek(&row->text),
                          row->spans[row->aligned - 1].end);
}

void al_row_align(al_row *row, size_t blanks)
{
    size_t start = row->aligned > 1 ? row->spans[row->aligned - 2].end : 0;
    size_t rest = row->text.length - start;

    if (row->aligned == 0 || blanks == 0)
        return;
    al_text_reserve(&row->text, blanks);
    memmove(row->text.bytes + start + blanks, row->text.bytes + start,
            rest + 1);
    memset(row->text.bytes + start, ' ', blanks);
    row->text.length += blanks;
    for (size_t i = row->aligned - 1; i < row->count; i++)
        row->spans[i].end += blanks;
}

static void replace(al_row *row, size_t from, size_t to, const char *by)
{
    size_t length = strlen(by);
    al_text text = {0};

    al_text_add_bytes(&text, row->text.bytes, from);
    al_text_add(&text, by);
    al_text_add(&text, row->text.bytes + to);
    for (size_t i = 0; i < row->count; i++) {
        size_t *end = &row->spans[i].end;

        if (*end > from)
            *end = (*end > to ? *end - to : 0) + from + length;
    }
    al_text_release(&row->text);
    row->text = text;
}

void al_row_bring_into_sight(al_row *row, size_t byte, size_t width,
                             const char *more)
{
    enum { ENOUGH = 8 }; /* columns of it */
    const char *text = al_text_peek(&row->text);
    size_t right = row->is_right_first
                       ? al_escape_columns(al_text_peek(&row->right)) + 1 : 0;
    size_t room = width > right ? width - right : 0;
    size_t all = al_escape_columns(text), start, rest, from;

    if (byte >= row->text.length || all <= room || room < 3 * ENOUGH)
        return;
    start = columns_before(text, byte);
    if (start + ENOUGH <= room)
        return;
    rest = all - start < room / 3 ? all - start : room / 3;
    from = al_escape_fit(text, room - rest - 1);
    if (byte > from)
        replace(row, from, byte, more);
}

void al_row_set_right(al_row *row, al_ink ink, const char *text)
{
    al_text_clear(&row->right);
    al_escape_add(&row->right, text);
    row->right_ink = ink;
}
