/* pager.h - a text to read, over the panes: help, lists, stories. */
#ifndef AL_TUI_PAGER_H
#define AL_TUI_PAGER_H

#include "cli/tui/glyphs.h"
#include "cli/tui/request.h"
#include "cli/tui/screen.h"
#include "cli/tui/search.h"

typedef struct al_pager_line {
    size_t start, length; /* in the text, without its anchor */
    uint64_t event;       /* that it leads to; 0: to none */
} al_pager_line;

typedef struct al_pager_page { /* that is come back to */
    char *title, *text;
    size_t first, chosen; /* as they were */
} al_pager_page;

enum { AL_MOST_PAGES = 32 };

typedef struct al_pager { /* zero-initialise */
    al_text title, text;  /* lines, each ended */
    al_pager_page below[AL_MOST_PAGES]; /* the last is come back to first */
    size_t below_count;
    al_pager_line *lines;
    size_t count, capacity;
    size_t first;         /* line in sight */
    size_t chosen;        /* line that is lit, where some lead somewhere */
    size_t found;         /* that a search came to, where none does, until it is
                             scrolled; SIZE_MAX: none */
    size_t widest;        /* columns of a line */
    int sideways;         /* columns to the left of what is in sight */
    int top, room, width; /* where its lines begin, lines and columns */
    bool is_open;
    bool leads;           /* some of its lines do */
} al_pager;

void al_pager_release(al_pager *pager);

/* Show a text, of which a copy is made.  Its lines may have anchors (page.h):
 * lit is that which leads to event `at`, or the one that is least before it. */
void al_pager_open(al_pager *pager, const char *title, const char *text,
                   uint64_t at);

/* The same over what is open, which is come back to; the first of too many is
 * forgotten. */
void al_pager_open_over(al_pager *pager, const char *title, const char *text,
                        uint64_t at);

/* Show a text in the place of what is open. */
void al_pager_replace(al_pager *pager, const char *title, const char *text,
                      uint64_t at);

/* Back to what was open below, as it was.  False: nothing was. */
bool al_pager_go_back(al_pager *pager);

/* Where it is to be on the screen: how long a page is follows from it. */
void al_pager_place(al_pager *pager, al_area area);
void al_pager_draw(al_pager *pager, al_screen *screen, al_area area,
                   const al_glyphs *glyphs, const char *pattern);

/* True: the request was for it.  count: 0: none was typed. */
bool al_pager_request(al_pager *pager, al_request request, long count);

/* The event to which the line leads that is lit, and (out) the line.  0: it
 * leads to none, or no line is lit. */
uint64_t al_pager_chosen(const al_pager *pager, al_text *out);

/* The mouse is pressed on a line of the screen.  True: on that which was
 * lit. */
bool al_pager_press(al_pager *pager, int y);

/* The next search begins with the line in which that byte of the text is. */
void al_pager_search_from(al_pager *pager, size_t byte);

/* To the next line that has the pattern: after the one that is lit or, where
 * none leads anywhere, that was found last; at first from what is in sight on,
 * the other way from above it. */
al_search_end al_pager_search(al_pager *pager, const al_search *search);

#endif
