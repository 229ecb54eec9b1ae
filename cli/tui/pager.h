/* pager.h - a text to read, over the panes: help, lists, stories. */
#ifndef AL_TUI_PAGER_H
#define AL_TUI_PAGER_H

#include "cli/tui/glyphs.h"
#include "cli/tui/request.h"
#include "cli/tui/screen.h"

typedef struct al_pager { /* zero-initialise */
    al_text title, text;  /* lines, each ended */
    size_t first;         /* line in sight */
    size_t widest;        /* columns of a line */
    int sideways;         /* columns to the left of what is in sight */
    size_t lines;
    int room, width;      /* lines and columns, when it was drawn last */
    bool is_open;
} al_pager;

void al_pager_release(al_pager *pager);

/* Show a text, of which a copy is made. */
void al_pager_open(al_pager *pager, const char *title, const char *text);
void al_pager_draw(al_pager *pager, al_screen *screen, al_area area,
                   const al_glyphs *glyphs, const char *pattern);

/* True: the request was for it.  count: 0: none was typed. */
bool al_pager_request(al_pager *pager, al_request request, long count);

/* To the next line that has the pattern.  False: none has. */
bool al_pager_search(al_pager *pager, const char *pattern, bool is_back);

#endif
