/* glyphs.h - what lines and marks are drawn with: UTF-8, or ASCII alone. */
#ifndef AL_TUI_GLYPHS_H
#define AL_TUI_GLYPHS_H

#include <stdbool.h>
#include "loop/base/text.h"

enum { AL_LEVELS = 8 };

typedef struct al_glyphs { /* each takes one column, but `micro` */
    const char *across, *down;       /* lines between panes */
    const char *branch, *last, *stem; /* of a tree: ├ └ │ */
    const char *dashes;              /* a line that is no frame: ╌ */
    const char *pointer;             /* at what is current: ▸ */
    const char *before;              /* what was so before: ▹ */
    const char *waits;               /* where something waits: ○ */
    const char *full, *empty;        /* of a gauge: █ ░ */
    const char *levels[AL_LEVELS];   /* how much of a column, ▁ to █ */
    const char *more;                /* what was cut: … */
    const char *dot;                 /* between two things: · */
    const char *cross;               /* cancelled: × */
    const char *differs;             /* from what is beside it: ≠ */
    const char *line_end;            /* of a text of several, in a row: ↵ */
    const char *micro;               /* a millionth of a second: µs */
    const char *mark;                /* a marked position: ◆ */
    const char *along;               /* a function: ┊ */
} al_glyphs;

const al_glyphs *al_glyphs_of(bool is_ascii);

/* What they mean in the panes, lines that are indented, none longer than
 * `width` columns. */
void al_glyphs_describe(const al_glyphs *glyphs, unsigned width,
                        al_text *out);

#endif
