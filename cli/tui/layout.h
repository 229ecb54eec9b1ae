/* layout.h - where the panes are. */
#ifndef AL_TUI_LAYOUT_H
#define AL_TUI_LAYOUT_H

#include "cli/tui/pane.h"

/* The smallest screen there is a layout for. */
enum { AL_LEAST_WIDTH = 60, AL_LEAST_HEIGHT = 20 };

/* Below this many columns all panes stand in one. */
enum { AL_TWO_COLUMNS = 80 };

typedef struct al_layout {
    al_pane panes[AL_VIEW_COUNT];
    int share;        /* of the left column, in percent of the width */
    al_view_kind focus;
    bool is_idle;     /* the keys go elsewhere: the focus is not shown */
    bool is_zoomed;   /* the pane with the focus alone */
    int divider;      /* the column between the columns; -1: there is none */
} al_layout;

void al_layout_begin(al_layout *layout);
void al_layout_release(al_layout *layout);

/* Views that keep something forget it: what they look at is another run now. */
void al_layout_renew_views(al_layout *layout);

/* Give each pane its area of the body.  Those that find no room get none.
 * Whether there are two columns is decided by a width: the body's, or that of
 * a narrower one whose panes these are to face. */
void al_layout_place(al_layout *layout, al_area body, int width);

void al_layout_draw(const al_layout *layout, const al_moment *now,
                    al_screen *screen, const char *pattern);

/* The rows that are in sight, with their panes' names. */
void al_layout_tell(const al_layout *layout, const al_moment *now,
                    void (*tell)(void *self, const char *pane,
                                 const al_row *row),
                    void *self);

/* Give the focus to the next pane that has an area; the one before. */
void al_layout_turn(al_layout *layout, bool is_back);

/* What can be dragged: where a pane that stands below another has its title,
 * or the column between the columns. */
typedef enum al_border_kind {
    AL_BORDER_NONE,
    AL_BORDER_ROW,
    AL_BORDER_COLUMN,
    AL_BORDER_BELOW /* above the pane that runs below the columns */
} al_border_kind;

typedef struct al_border {
    al_border_kind kind;
    al_view_kind above, below; /* panes of a row */
} al_border;

al_border al_layout_border_at(al_layout *layout, int x, int y);

/* Set weights, or the share, so that the border comes to stand there, or as
 * near as the panes beside it can be small; place it anew afterwards. */
void al_layout_drag(al_layout *layout, al_border border, int x, int y);

/* NULL: there is none. */
al_pane *al_layout_pane_at(al_layout *layout, int x, int y);

#endif
