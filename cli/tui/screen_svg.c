/* screen_svg.c - see screen_svg.h: a text for each stretch of a line that
 * looks the same, as long as its cells whatever font it is drawn in. */
#include "cli/tui/screen_svg.h"

#include <stdint.h>

enum { CELL_WIDTH = 8, CELL_HEIGHT = 17, BASELINE = 13, MARGIN = 8 };

typedef struct canvas {
    const al_screen *screen;
    const al_look *looks;
    al_theme theme;
    al_text *out;
} canvas;

/* -- colours -------------------------------------------------------------- */

static const uint32_t dark_colours[16] = {
    0x1a1c22, 0xe06c75, 0x7cc379, 0xd9b45b, 0x6ea8f0, 0xc792ea,
    0x5fc5d6, 0xd8dae0, 0x7d8290, 0xff8a93, 0x9be498, 0xf3d27f,
    0x94c2ff, 0xdeb3fa, 0x86e1f0, 0xffffff,
};

static const uint32_t light_colours[16] = {
    0x1d1e23, 0xb3261e, 0x1d7a3a, 0x8a6200, 0x1f56b8, 0x8a2d9c,
    0x0b7285, 0xffffff, 0x6c6f7b, 0xd43c34, 0x2a9a4d, 0xa87900,
    0x3a74dd, 0xa94bbc, 0x1793a8, 0xffffff,
};

/* The cube and the greys of terminals with 256 colours. */
static uint32_t colour_beyond(int colour)
{
    static const uint32_t steps[] = {0, 95, 135, 175, 215, 255};
    int cube = colour - 16;

    if (colour >= 232)
        return (uint32_t)(8 + 10 * (colour - 232)) * 0x010101u;
    return steps[cube / 36] << 16 | steps[cube / 6 % 6] << 8 |
           steps[cube % 6];
}

static uint32_t colour_of(const canvas *c, int colour, bool is_ground)
{
    const uint32_t *colours = c->theme == AL_THEME_DARK ? dark_colours
                                                        : light_colours;

    if (colour == AL_COLOUR_DEFAULT)
        return c->theme == AL_THEME_DARK ? (is_ground ? 0x1a1c22 : 0xd8dae0)
                                         : (is_ground ? 0xffffff : 0x1d1e23);
    return colour < 16 ? colours[colour] : colour_beyond(colour);
}

typedef struct style {
    uint32_t fill, ground;
    bool has_ground;  /* other than the screen's */
    bool is_bold, is_dim, is_underlined, is_struck;
} style;

static style style_of(const canvas *c, const al_cell *cell)
{
    al_look look = c->looks && c->looks[cell->ink].is_set
                       ? c->looks[cell->ink]
                       : al_theme_look(c->theme, (al_ink)cell->ink);
    bool is_reverse = look.attributes & AL_LOOK_REVERSE;
    bool has_own = look.background != AL_COLOUR_DEFAULT;
    bool is_changed = cell->flags & AL_CELL_CHANGED && !has_own;
    uint32_t ink = colour_of(c, look.foreground, false);
    uint32_t ground = is_changed
                          ? (c->theme == AL_THEME_DARK ? 0x303338 : 0xe4e4e8)
                          : colour_of(c, look.background, true);

    return (style){
        .fill = is_reverse ? ground : ink,
        .ground = is_reverse ? ink : ground,
        .has_ground = is_reverse || has_own || is_changed,
        .is_bold = look.attributes & AL_LOOK_BOLD,
        .is_dim = look.attributes & AL_LOOK_DIM,
        .is_underlined = look.attributes & AL_LOOK_UNDERLINE ||
                         cell->flags & (AL_CELL_FOUND | AL_CELL_DIFFERS),
        .is_struck = cell->flags & AL_CELL_STRUCK,
    };
}

/* -- pieces --------------------------------------------------------------- */

static void add_escaped(al_text *out, const char *bytes)
{
    for (; *bytes; bytes++) {
        if (*bytes == '<')
            al_text_add(out, "&lt;");
        else if (*bytes == '&')
            al_text_add(out, "&amp;");
        else
            al_text_add_char(out, *bytes);
    }
}

static void add_ground(const canvas *c, int x, int y, int columns,
                       uint32_t colour)
{
    al_text_add_format(c->out, "<rect x=\"%d\" y=\"%d\" width=\"%d\" "
                       "height=\"%d\" fill=\"#%06x\"/>\n",
                       MARGIN + x * CELL_WIDTH, MARGIN + y * CELL_HEIGHT,
                       columns * CELL_WIDTH, CELL_HEIGHT, (unsigned)colour);
}

static void begin_text(const canvas *c, int x, int y, int columns,
                       const style *look)
{
    al_text_add_format(c->out, "<text x=\"%d\" y=\"%d\" textLength=\"%d\" "
                       "fill=\"#%06x\"", MARGIN + x * CELL_WIDTH,
                       MARGIN + y * CELL_HEIGHT + BASELINE,
                       columns * CELL_WIDTH, (unsigned)look->fill);
    if (look->is_bold)
        al_text_add(c->out, " font-weight=\"bold\"");
    if (look->is_dim)
        al_text_add(c->out, " opacity=\".6\"");
    if (look->is_underlined || look->is_struck)
        al_text_add_format(c->out, " text-decoration=\"%s\"",
                           look->is_struck ? "line-through" : "underline");
    al_text_add_char(c->out, '>');
}

static bool is_blank(const al_cell *cell)
{
    return cell->bytes[0] == ' ' && cell->bytes[1] == '\0';
}

/* Where two blanks follow, or the end. */
static int words_end(const al_cell *cells, int x, int end)
{
    while (x < end &&
           !(is_blank(&cells[x]) && (x + 1 == end || is_blank(&cells[x + 1]))))
        x++;
    return x;
}

static void add_words(const canvas *c, const al_cell *cells, int x, int y,
                      int end, const style *look)
{
    begin_text(c, x, y, end - x, look);
    for (; x < end; x++) {
        if (!(cells[x].flags & AL_CELL_TAIL))
            add_escaped(c->out, cells[x].bytes);
    }
    al_text_add(c->out, "</text>\n");
}

/* A text for what no more than one blank parts: browsers take several for
 * one, whatever xml:space says. */
static void add_text(const canvas *c, const al_cell *cells, int x, int y,
                     int end, const style *look)
{
    for (int words; x < end; x = words) {
        while (x < end && is_blank(&cells[x]))
            x++;
        words = words_end(cells, x, end);
        if (words > x)
            add_words(c, cells, x, y, words, look);
    }
}

static bool look_same(const al_cell *a, const al_cell *b)
{
    return a->ink == b->ink &&
           ((a->flags ^ b->flags) & ~(unsigned)AL_CELL_TAIL) == 0;
}

static void add_line(const canvas *c, int y)
{
    const al_cell *cells = c->screen->cells + y * c->screen->width;
    int end;

    for (int x = 0; x < c->screen->width; x = end) {
        style look = style_of(c, &cells[x]);

        for (end = x + 1; end < c->screen->width &&
                          look_same(&cells[x], &cells[end]);)
            end++;
        if (look.has_ground)
            add_ground(c, x, y, end - x, look.ground);
        add_text(c, cells, x, y, end, &look);
    }
}

void al_screen_write_svg(const al_screen *screen, al_theme theme,
                         const al_look *looks, al_text *out)
{
    canvas c = {screen, looks, theme, out};
    int width = screen->width * CELL_WIDTH + 2 * MARGIN;
    int height = screen->height * CELL_HEIGHT + 2 * MARGIN;

    al_text_add_format(out, "<svg xmlns=\"http://www.w3.org/2000/svg\" "
                       "width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" "
                       "font-family=\"'DejaVu Sans Mono',Menlo,Consolas,"
                       "monospace\" font-size=\"13\">\n", width, height, width,
                       height);
    al_text_add_format(out, "<rect width=\"%d\" height=\"%d\" "
                       "fill=\"#%06x\"/>\n", width, height,
                       (unsigned)colour_of(&c, AL_COLOUR_DEFAULT, true));
    for (int y = 0; y < screen->height; y++)
        add_line(&c, y);
    al_text_add(out, "</svg>\n");
}
