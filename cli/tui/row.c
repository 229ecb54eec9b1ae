/* row.c - see row.h. */
#include "cli/tui/row.h"

#include <stdarg.h>
#include <string.h>
#include "loop/base/alloc.h"
#include "sim/base/escape.h"

bool al_same_thing(al_thing a, al_thing b)
{
    return a.kind != AL_THING_NONE && a.kind == b.kind && a.id == b.id;
}

void al_thing_add_name(al_text *out, al_thing thing)
{
    static const char *const prefixes[] = {
        [AL_THING_NONE] = "",         [AL_THING_HANDLE] = "h",
        [AL_THING_TASK] = "t",        [AL_THING_FUTURE] = "f",
        [AL_THING_PRIMITIVE] = "p",   [AL_THING_EVENT] = "event ",
        [AL_THING_LINE] = "line ",
    };

    al_text_add(out, prefixes[thing.kind]);
    if (thing.kind != AL_THING_NONE)
        al_text_add_uint(out, thing.id);
}

void al_row_clear(al_row *row)
{
    al_text_clear(&row->text);
    al_text_clear(&row->right);
    row->count = row->aligned = 0;
    row->thing = row->also = (al_thing){0};
    row->skip = 0;
    row->is_right_first = false;
    row->is_struck = false;
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

void al_row_add_aligned(al_row *row, al_ink ink, const char *text)
{
    al_row_add(row, ink, text);
    row->aligned = row->count;
}

size_t al_row_aligned_end(const al_row *row)
{
    al_text before = {0};
    size_t columns;

    if (row->aligned == 0)
        return 0;
    al_text_add_bytes(&before, al_text_peek(&row->text),
                      row->spans[row->aligned - 1].end);
    columns = al_escape_columns(al_text_peek(&before));
    al_text_release(&before);
    return columns;
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

void al_row_set_right(al_row *row, al_ink ink, const char *text)
{
    al_text_clear(&row->right);
    al_escape_add(&row->right, text);
    row->right_ink = ink;
}
