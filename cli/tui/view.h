/* view.h - a way to look at a moment of a trace: rows, of which a pane shows
 * as many as fit.
 *
 * A view reads the moment and, for the program, the source files that the
 * trace names; never a running loop.  It may keep what took long to read or
 * make (events, files, the timeline), but what it shows depends on where one
 * is and on how much of the trace is known, not on how one came there. */
#ifndef AL_TUI_VIEW_H
#define AL_TUI_VIEW_H

#include "cli/tui/bookmarks.h"
#include "cli/tui/contrast.h"
#include "cli/tui/glyphs.h"
#include "cli/tui/row.h"
#include "sim/trace/history.h"

typedef struct al_moment {
    al_history *history;
    const al_state *state;
    const al_event *event;     /* the latest; NULL: before the first */
    uint64_t at;               /* its number */
    const al_loop_state *loop; /* the one that is watched; NULL: none yet */
    const al_loop_knobs *knobs;
    const al_glyphs *glyphs;
    const al_bookmarks *marks;
    const al_contrast *contrast; /* with the other half; NULL: there is none */
    const char *path;          /* the trace's, or the scenario's */
    al_thing chosen;           /* in the pane with the focus; nothing: none */
    bool heap_is_tree;
    bool timeline_by_order;    /* its columns are events, not time */
    int timeline_zoom;         /* how often it was doubled */
} al_moment;

typedef struct al_destination { /* where a click leads to */
    bool is_time;       /* the first event of these; else the one of a number */
    double time, until; /* seconds, this one not included; where no event is
                           among them, to what is so then */
    uint64_t at;
} al_destination;

/* X(VIEW, its name in commands, and of its functions) in the order in which the
 * keys go through them. */
#define AL_VIEWS(X)                                                            \
    X(READY, ready)                                                            \
    X(SCHEDULED, scheduled)                                                    \
    X(TASKS, tasks)                                                            \
    X(PRIMITIVES, primitives)                                                  \
    X(PROGRAM, program)                                                        \
    X(EVENTS, events)                                                          \
    X(LOG, log)                                                                \
    X(TIMELINE, timeline)

typedef enum al_view_kind {
#define AL_VIEW_ENUM(VIEW, name) AL_VIEW_##VIEW,
    AL_VIEWS(AL_VIEW_ENUM)
#undef AL_VIEW_ENUM
    AL_VIEW_COUNT
} al_view_kind;

extern const char *const al_view_names[AL_VIEW_COUNT];

typedef struct al_view al_view;

typedef struct al_view_ops {
    const char *title; /* "Ready" */

    /* How many rows there are.  It is asked first; what comes below is of the
     * same moment. */
    size_t (*count)(al_view *view, const al_moment *now);

    /* One of them, into an empty row. */
    void (*row)(al_view *view, const al_moment *now, size_t index,
                al_row *row);

    /* The row that is about a thing; SIZE_MAX: none is.  NULL: rows are asked
     * one by one, which takes long where there are many. */
    size_t (*find)(al_view *view, const al_moment *now, al_thing thing);

    /* More for the title: "3, 2 of them in this turn".  NULL: nothing. */
    void (*add_title)(al_view *view, const al_moment *now, al_text *out);

    /* The row to keep in sight while nobody chose one; SIZE_MAX: none.
     * NULL: the first. */
    size_t (*current)(al_view *view, const al_moment *now);

    /* Where a click at a column leads to; false: nowhere.  NULL: it chooses
     * the row. */
    bool (*travel)(al_view *view, const al_moment *now, int column,
                   al_destination *to);
    void (*free)(al_view *view); /* NULL: al_free does */
} al_view_ops;

struct al_view { /* the head of those that keep something */
    const al_view_ops *ops;
    al_view_kind kind; /* by al_view_new */
    int width; /* columns that a row has on the screen */
};

#define AL_VIEW_NEW(VIEW, name) al_view *al_view_##name##_new(void);
AL_VIEWS(AL_VIEW_NEW)
#undef AL_VIEW_NEW

al_view *al_view_new(al_view_kind kind);
void al_view_free(al_view *view);

/* An event as the events' view has it: "12 0.0 s primitive p1 Lock by h2". */
void al_event_add_line(al_text *out, uint64_t at, const al_event *event,
                       const al_glyphs *glyphs);

/* Does the log's view have such an event?  Its histories are to pick those:
 * al_history_options.picks. */
bool al_view_log_picks(const al_event *event);

/* Of the program's view: the file that it shows, as the trace names it, where
 * that is (NULL: it was not found), and the line that runs (0: none).  False:
 * it shows none. */
bool al_view_program_place(al_view *view, const al_moment *now,
                           const char **name, const char **path,
                           size_t *line);

/* -- what several views say ----------------------------------------------- */

/* "h12 tick(3)", "h13 t2 worker step", "h14 sleep of t2 worker". */
void al_row_add_handle(al_row *row, const al_moment *now,
                       const al_traced *handle);

/* "t3 w1". */
void al_row_add_task(al_row *row, const al_traced_task *task);

/* Who did something: "by h9", "by the world", "by the program". */
void al_text_add_cause(al_text *out, uint64_t by);

#endif
