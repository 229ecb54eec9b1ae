/* screen.c - see screen.h. */
#include "cli/tui/screen.h"

#include <string.h>
#include "loop/base/alloc.h"
#include "sim/base/escape.h"

bool al_area_has(al_area area, int x, int y)
{
    return x >= area.x && x < area.x + area.width && y >= area.y &&
           y < area.y + area.height;
}

void al_screen_resize(al_screen *screen, int width, int height)
{
    al_free(screen->cells);
    screen->width = width;
    screen->height = height;
    screen->cells = al_alloc_zero((size_t)width * (size_t)height,
                                  sizeof *screen->cells);
    al_screen_clear(screen);
}

void al_screen_release(al_screen *screen)
{
    al_free(screen->cells);
    *screen = (al_screen){0};
}

void al_screen_clear(al_screen *screen)
{
    size_t count = (size_t)screen->width * (size_t)screen->height;

    for (size_t i = 0; i < count; i++)
        screen->cells[i] = (al_cell){.bytes = " ", .ink = AL_INK_PLAIN};
}

/* NULL: it is not on the screen. */
static al_cell *cell_at(const al_screen *screen, int x, int y)
{
    if (x < 0 || y < 0 || x >= screen->width || y >= screen->height)
        return NULL;
    return &screen->cells[(size_t)y * (size_t)screen->width + (size_t)x];
}

/* -- drawing -------------------------------------------------------------- */

typedef struct pen {
    al_screen *screen;
    al_area area;
    int column, line; /* in the area */
    unsigned char ink, flags;
    const char *more; /* NULL: what is too long is just left out */
} pen;

static void make_blank(al_cell *cell)
{
    strcpy(cell->bytes, " ");
    cell->flags = (unsigned char)(cell->flags & ~(unsigned)AL_CELL_TAIL);
}

/* Half of a wide character that is drawn over takes the other half along. */
static void break_wide(const al_screen *screen, int x, int y)
{
    al_cell *before = cell_at(screen, x - 1, y);
    al_cell *after = cell_at(screen, x + 1, y);

    if (before && cell_at(screen, x, y)->flags & AL_CELL_TAIL)
        make_blank(before);
    if (after && after->flags & AL_CELL_TAIL)
        make_blank(after);
}

static void set(const pen *p, int column, const char *bytes, size_t length,
                unsigned flags)
{
    int x = p->area.x + column, y = p->area.y + p->line;
    al_cell *cell = column < 0 ? NULL : cell_at(p->screen, x, y);

    if (!cell || length >= sizeof cell->bytes)
        return;
    break_wide(p->screen, x, y);
    memcpy(cell->bytes, bytes, length);
    cell->bytes[length] = '\0';
    cell->ink = p->ink;
    cell->flags = (unsigned char)(p->flags | flags);
}

/* What combines with the character before, of which a wide one stands in its
 * first column. */
static void combine(const pen *p, const al_escaped *piece)
{
    int x = p->area.x + p->column - 1, y = p->area.y + p->line;
    al_cell *cell = p->column > 0 ? cell_at(p->screen, x, y) : NULL;

    if (cell && cell->flags & AL_CELL_TAIL)
        cell = cell_at(p->screen, x - 1, y);
    if (cell &&
        strlen(cell->bytes) + piece->length < sizeof cell->bytes)
        strncat(cell->bytes, piece->text, piece->length);
}

/* As wide as what cannot be shown; nothing for what combines. */
static const al_escaped unknown[] = {
    {.length = 0, .columns = 0},
    {.text = "?", .length = 1, .columns = 1},
    {.text = "??", .length = 2, .columns = 2},
};

/* A character; one that is spelled out takes several columns of one byte. */
static void draw(pen *p, const al_escaped *piece)
{
    int columns = (int)piece->columns;

    if (p->screen->is_ascii && (unsigned char)piece->text[0] >= 0x80)
        piece = &unknown[columns];

    if (columns == 0) {
        combine(p, piece);
    } else if (piece->length == piece->columns) {
        for (int i = 0; i < columns; i++)
            set(p, p->column + i, piece->text + i, 1, 0);
    } else {
        set(p, p->column, piece->text, piece->length, 0);
        if (columns == 2 && p->column == -1)
            set(p, 0, " ", 1, 0); /* its first half is out of sight */
        else if (columns == 2)
            set(p, p->column + 1, "", 0, AL_CELL_TAIL);
    }
    p->column += columns;
}

/* False: not all of it had room. */
static bool write_text(pen *p, const char *text, size_t length)
{
    for (size_t at = 0; at < length;) {
        al_escaped piece;

        at += al_escape_next(text + at, length - at, &piece);
        if (p->column + (int)piece.columns > p->area.width)
            return false;
        draw(p, &piece);
    }
    return true;
}

int al_screen_put(al_screen *screen, al_area area, int column, int line,
                  al_ink ink, const char *text)
{
    pen p = {.screen = screen, .area = area, .column = column, .line = line,
             .ink = (unsigned char)ink};

    if (line >= 0 && line < area.height)
        write_text(&p, text, strlen(text));
    return p.column;
}

int al_screen_fill(al_screen *screen, al_area area, int column, int line,
                   int end, al_ink ink, const char *glyph)
{
    if (end > area.width)
        end = area.width;
    while (column < end)
        column = al_screen_put(screen, area, column, line, ink, glyph);
    return column;
}

/* -- rows ----------------------------------------------------------------- */

static void use_ink(pen *p, al_ink ink)
{
    p->ink = (unsigned char)(p->flags & AL_CELL_CHOSEN ? AL_INK_CHOSEN : ink);
}

static bool write_spans(pen *p, const al_row *row)
{
    size_t start = 0;

    for (size_t i = 0; i < row->count; i++) {
        const al_span_of_row *span = &row->spans[i];

        use_ink(p, span->ink);
        if (!write_text(p, al_text_peek(&row->text) + start, span->end - start))
            return false;
        start = span->end;
    }
    return true;
}

/* Where the text at the right begins, if there is room for it; one that comes
 * first takes the room, up to half of the row. */
static int right_of(const pen *p, const al_row *row)
{
    int columns = (int)al_escape_columns(al_text_peek(&row->right));
    int used = (int)al_escape_columns(al_text_peek(&row->text)) - row->skip;
    int start = p->area.width - columns;

    if (columns == 0 ||
        (used >= start && !(row->is_right_first &&
                            columns <= p->area.width / 2 - 2)))
        return p->area.width;
    return start;
}

static void write_right(pen *p, const al_row *row, int start)
{
    p->column = start;
    use_ink(p, row->right_ink);
    write_text(p, al_text_peek(&row->right), row->right.length);
}

/* Over the last column, where a text goes on beyond it, or the first. */
static void write_more(pen *p, int column, const char *more)
{
    p->column = column;
    write_text(p, more, strlen(more));
}

void al_screen_put_row(al_screen *screen, al_area area, int line,
                       const al_row *row, unsigned flags, const char *more)
{
    pen p = {.screen = screen, .area = area, .line = line,
             .flags = (unsigned char)(flags | (row->is_struck
                                                   ? AL_CELL_STRUCK : 0))};
    int right;

    if (line < 0 || line >= area.height || area.width < 1)
        return;
    if (flags & (AL_CELL_CHOSEN | AL_CELL_CHANGED)) {
        use_ink(&p, AL_INK_PLAIN);
        while (p.column < area.width)
            write_text(&p, " ", 1);
        p.column = 0;
    }
    p.column = -row->skip;
    right = right_of(&p, row);
    if (right < area.width)
        p.area.width = right - 1;
    if (!write_spans(&p, row))
        write_more(&p, p.area.width - 1, more);
    p.area.width = area.width;
    if (right < area.width)
        write_right(&p, row, right);
    if (row->skip > 0 && row->text.length > 0)
        write_more(&p, 0, more);
}

/* -- as text -------------------------------------------------------------- */

static void print_line(const al_screen *screen, int y, al_text *out)
{
    size_t end = out->length;

    for (int x = 0; x < screen->width; x++) {
        const char *bytes = cell_at(screen, x, y)->bytes;

        al_text_add(out, bytes);
        if (bytes[0] != '\0' && strcmp(bytes, " ") != 0)
            end = out->length;
    }
    al_text_truncate(out, end);
    al_text_add_char(out, '\n');
}

void al_screen_print(const al_screen *screen, al_text *out)
{
    for (int y = 0; y < screen->height; y++)
        print_line(screen, y, out);
}
