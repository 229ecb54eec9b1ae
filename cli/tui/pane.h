/* pane.h - a place on the screen that shows a view: its title and as many of
 * its rows as fit.
 *
 * What is chosen in it is kept as the thing that the row was about, and where
 * it was scrolled to only if somebody scrolled: what the pane shows follows
 * from that and the moment alone. */
#ifndef AL_TUI_PANE_H
#define AL_TUI_PANE_H

#include "cli/tui/screen.h"
#include "cli/tui/search.h"
#include "cli/tui/view.h"

typedef struct al_pane {
    al_view *view;
    al_area area;    /* with its title, in the first line; empty: not shown */
    bool is_shown;
    bool is_needless; /* the trace has nothing for it: it leaves its room to
                         others, but for while it has the focus */
    int weight;      /* its share of its column's lines */
    bool has_chosen;
    al_thing chosen; /* what the row was about; nothing, or an event: it is
                        told by its index */
    size_t chosen_index;
    int sideways;    /* columns of its rows to the left of it, at most */
    long offset;     /* the first row; -1: so that what is chosen is in sight */
} al_pane;

void al_pane_begin(al_pane *pane, al_view *view);
void al_pane_release(al_pane *pane);

/* pattern: what to show as found; NULL: nothing. */
void al_pane_draw(const al_pane *pane, const al_moment *now,
                  al_screen *screen, bool has_focus, const char *pattern);

/* The rows that are in sight, with the name of its view. */
void al_pane_tell(const al_pane *pane, const al_moment *now,
                  void (*tell)(void *self, const char *name,
                               const al_row *row),
                  void *self);

/* What the row that is chosen, or current, is about. */
al_thing al_pane_thing(const al_pane *pane, const al_moment *now);

/* Choose the row so many below it; above it for a negative number. */
void al_pane_move(al_pane *pane, const al_moment *now, long rows);

/* Let go of what is chosen. */
void al_pane_unchoose(al_pane *pane);

/* So many rows, without choosing another. */
void al_pane_scroll(al_pane *pane, const al_moment *now, long rows);

/* So many columns to the right; to the left for a negative number. */
void al_pane_scroll_sideways(al_pane *pane, const al_moment *now,
                             int columns);

/* All of the row that is chosen, or current, where not all of it is in
 * sight; else nothing. */
void al_pane_add_cut_row(const al_pane *pane, const al_moment *now,
                         al_text *out);

/* Choose the row at a line of the screen, if there is one.  True: it was chosen
 * before. */
bool al_pane_click(al_pane *pane, const al_moment *now, int y);

/* Choose the next row in which the pattern is. */
al_search_end al_pane_search(al_pane *pane, const al_moment *now,
                             const al_search *search);

/* Lines for rows. */
int al_pane_room(const al_pane *pane);

#endif
