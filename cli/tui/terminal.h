/* terminal.h - a screen shown on a real terminal, and the keys pressed there.
 *
 * The only file here that knows curses.  However the process ends, the
 * terminal is as it was: al_terminal_close, or, where something went wrong,
 * al_terminal_restore. */
#ifndef AL_TUI_TERMINAL_H
#define AL_TUI_TERMINAL_H

#include <stdbool.h>
#include "cli/tui/keys.h"
#include "cli/tui/look.h"
#include "cli/tui/screen.h"
#include "loop/base/error.h"

/* looks: of AL_INK_COUNT inks, where they are set, in place of the theme's.
 * False: there is no terminal, or it can do too little. */
bool al_terminal_open(al_theme theme, const al_look *looks, al_error *err);
void al_terminal_close(void);

/* Whether UTF-8 can be drawn: the locale says so. */
bool al_terminal_has_utf8(void);

/* Columns and lines, now. */
void al_terminal_size(int *width, int *height);

/* cursor_y < 0: no cursor is shown. */
void al_terminal_show(const al_screen *screen, int cursor_x, int cursor_y);

/* Give it to another program, as it was; and take it back. */
void al_terminal_pause(void);
void al_terminal_resume(void);

/* All of it anew: something else wrote there. */
void al_terminal_redraw(void);

typedef enum al_input_kind {
    AL_INPUT_NONE, /* nothing within that time, or a signal came */
    AL_INPUT_KEY,
    AL_INPUT_MOUSE,
    AL_INPUT_RESIZE,
    AL_INPUT_GONE  /* the terminal was hung up */
} al_input_kind;

typedef struct al_input_event {
    al_input_kind kind;
    al_key key;
    al_mouse_act act;
    int x, y;
} al_input_event;

/* Wait so many milliseconds; negative: for ever. */
al_input_event al_terminal_read(int timeout);

/* Is there a key to be read?  Reads none. */
bool al_terminal_has_key(void);

/* Safe in a signal's handler; without a terminal it does nothing.  To one that
 * takes no more nothing is sent: its modes alone are set. */
void al_terminal_restore(void);

/* Does it wait for the terminal to take what is sent?  One that was stopped
 * (Ctrl-S), or that nobody reads, may never.  Safe in a signal's handler. */
bool al_terminal_is_stuck(void);

#endif
