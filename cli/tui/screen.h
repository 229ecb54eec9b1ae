/* screen.h - what is to be seen, in cells: what views draw on.
 *
 * It knows no terminal: terminal.h shows it on one, al_screen_print writes it
 * as text, which is how it is tested and how screens get into documents. */
#ifndef AL_TUI_SCREEN_H
#define AL_TUI_SCREEN_H

#include <stdbool.h>
#include "cli/tui/ink.h"
#include "cli/tui/row.h"
#include "loop/base/text.h"

typedef struct al_area { /* in columns and lines */
    int x, y, width, height;
} al_area;

bool al_area_has(al_area area, int x, int y);

typedef enum al_cell_flags {
    AL_CELL_CHOSEN = 1,  /* its row is: drawn in that ink alone */
    AL_CELL_CHANGED = 2, /* by the latest event */
    AL_CELL_STRUCK = 4,
    AL_CELL_FOUND = 8,   /* a search found its row */
    AL_CELL_TAIL = 16,   /* the second column of a wide character */
    AL_CELL_DIFFERS = 32 /* from what stands beside it */
} al_cell_flags;

typedef struct al_cell {
    char bytes[14]; /* a character with what combines with it; ends in NUL */
    unsigned char ink;
    unsigned char flags;
} al_cell;

typedef struct al_screen { /* zero-initialise */
    int width, height;
    al_cell *cells; /* line by line */
    bool is_ascii;  /* it can show nothing else: that is drawn as "?" */
} al_screen;

void al_screen_resize(al_screen *screen, int width, int height);
void al_screen_release(al_screen *screen);
void al_screen_clear(al_screen *screen);

/* Draw a text, made safe, within an area (of the screen), from a column of it
 * on; what does not fit is left out.  Returns the column after it. */
int al_screen_put(al_screen *screen, al_area area, int column, int line,
                  al_ink ink, const char *text);

/* The same glyph, up to a column. */
int al_screen_fill(al_screen *screen, al_area area, int column, int line,
                   int end, al_ink ink, const char *glyph);

/* A row, cut with `more` where it is too long. */
void al_screen_put_row(al_screen *screen, al_area area, int line,
                       const al_row *row, unsigned flags, const char *more);

/* All of it as text, lines without the blanks at their ends. */
void al_screen_print(const al_screen *screen, al_text *out);

#endif
