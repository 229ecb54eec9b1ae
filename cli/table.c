/* table.c - see table.h. */
#include "cli/table.h"

#include "loop/base/alloc.h"
#include "sim/base/escape.h"

enum { GAP = 2, LEAST_NAME = 12 };

void al_table_release(al_table *table)
{
    for (size_t i = 0; i < table->count; i++)
        al_free(table->cells[i].text);
    al_free(table->cells);
    *table = (al_table){0};
}

void al_table_add_cell(al_table *table, al_role role, const char *text)
{
    al_text escaped = {0};

    al_escape_add(&escaped, text);
    table->cells = al_grow(table->cells, &table->capacity, table->count + 1,
                           sizeof *table->cells);
    table->cells[table->count++] = (al_cell){
        .columns = al_escape_columns(text),
        .role = role,
        .text = al_strdup(al_text_peek(&escaped)),
    };
    al_text_release(&escaped);
}

void al_table_add_text(al_table *table, al_role role, al_text *text)
{
    al_table_add_cell(table, role, al_text_peek(text));
    al_text_clear(text);
}

static size_t width_of(const al_table *table, size_t column)
{
    size_t width = 0;

    for (size_t i = column; i < table->count; i += table->columns) {
        if (table->cells[i].columns > width)
            width = table->cells[i].columns;
    }
    return width;
}

/* Of each column; the one on the left gives way where the page is too
 * narrow. */
static size_t *find_widths(const al_table *table, const al_page *page,
                           unsigned indent, size_t left)
{
    size_t *widths = al_alloc_zero(table->columns, sizeof *widths);
    size_t all = indent, excess;

    for (size_t i = 0; i < table->columns; i++) {
        widths[i] = width_of(table, i);
        all += widths[i] + (i ? GAP : 0);
    }
    excess = !page->is_uncut && all > page->width ? all - page->width : 0;
    if (widths[left] > LEAST_NAME)
        widths[left] -= excess < widths[left] - LEAST_NAME
            ? excess : widths[left] - LEAST_NAME;
    return widths;
}

static void add_spaces(al_text *out, size_t count)
{
    while (count-- > 0)
        al_text_add_char(out, ' ');
}

static void add_cell(const al_page *page, al_text *out, const al_cell *cell,
                     size_t width, bool is_left)
{
    size_t shown = cell->columns < width ? cell->columns : width;

    if (!is_left)
        add_spaces(out, width - shown);
    al_palette_begin(out, page->color, cell->role);
    al_escape_add_cut(out, cell->text, width ? width : 1);
    al_palette_end(out, page->color, cell->role);
    if (is_left)
        add_spaces(out, width - shown);
}

static void trim(al_text *out)
{
    while (out->length > 0 && out->bytes[out->length - 1] == ' ')
        al_text_truncate(out, out->length - 1);
}

void al_table_write(const al_table *table, const al_page *page,
                    unsigned indent, size_t left, al_text *out)
{
    size_t *widths = find_widths(table, page, indent, left);

    for (size_t i = 0; i < table->count; i++) {
        size_t column = i % table->columns;

        add_spaces(out, column ? GAP : indent);
        add_cell(page, out, &table->cells[i], widths[column],
                 column == 0 || column == left);
        if (column + 1 < table->columns)
            continue;
        trim(out);
        al_text_add_char(out, '\n');
    }
    al_free(widths);
}
