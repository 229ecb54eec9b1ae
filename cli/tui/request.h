/* request.h - all that can be asked of the stepper: the one table from which
 * the usual bindings, help, the manual page's section and the command line
 * derive.
 *
 * Requests that move take a count typed before them.  The same letter in
 * upper case goes the other way. */
#ifndef AL_TUI_REQUEST_H
#define AL_TUI_REQUEST_H

#include "cli/tui/keys.h"

/* X(REQUEST, command, keys in writing, what it does); G(title) begins a
 * group. */
#define AL_REQUESTS(X, G)                                                      \
    G("Moving")                                                                \
    X(EVENT, "event", "s<Right>", "to the next event")                         \
    X(EVENT_BACK, "event-back", "S<Left>", "to the event before")              \
    X(CALLBACK, "next", "n", "to the next callback that runs")                 \
    X(CALLBACK_BACK, "next-back", "N", "to the callback before")               \
    X(PHASE, "phase", "p", "to the next phase of the iteration")               \
    X(PHASE_BACK, "phase-back", "P", "to the phase before")                    \
    X(ITERATION, "iteration", "i", "to the next iteration")                    \
    X(ITERATION_BACK, "iteration-back", "I", "to the iteration before")        \
    X(TOUCH, "touch", "t",                                                     \
      "to the next event that concerns what is selected")                      \
    X(TOUCH_BACK, "touch-back", "T", "to the event before that does")          \
    X(GOTO, "goto", "g",                                                       \
      "to an iteration (12), what is so at 1.5s, event (e40) or handle (h7)")  \
    X(FIRST, "first", "<Home>^", "to the beginning")                           \
    X(LAST, "last", "<End>$", "to the end")                                    \
    X(TAIL, "tail", "G",                                                       \
      "to the end, and on as it grows, up to a breakpoint")                    \
    G("Running")                                                               \
    X(CONTINUE, "continue", "c", "on to a breakpoint, or the end")             \
    X(CONTINUE_BACK, "continue-back", "C", "back to one, or the beginning")    \
    X(RUN, "run", "r",                                                         \
      "on by itself, to a breakpoint or a key; 20r: 20 events")                \
    X(RUN_BACK, "run-back", "R", "the same, backwards")                        \
    X(FASTER, "faster", "}", "more events a second")                           \
    X(SLOWER, "slower", "{", "fewer")                                          \
    X(SPEED, "speed", "", "so many events a second: speed 50")                 \
    G("Looking")                                                               \
    X(UP, "up", "k<Up>", "the row above")                                      \
    X(DOWN, "down", "j<Down>", "the row below")                                \
    X(PAGE_UP, "page-up", "<PageUp><C-b>", "a page up")                        \
    X(PAGE_DOWN, "page-down", "<PageDown><C-f>", "a page down")                \
    X(RIGHT, "right", "l", "the rows' ends: 8 columns to the right; 40l: 40")  \
    X(LEFT, "left", "L", "back to the left")                                   \
    X(NEXT_PANE, "next-pane", "<Tab>", "the keys go to the next pane")         \
    X(PREVIOUS_PANE, "previous-pane", "<S-Tab>", "to the pane before")         \
    X(ZOOM, "zoom", "z", "the pane alone, or all of them again")               \
    X(HIDE, "hide", "x", "hide the pane")                                      \
    X(VIEW, "view", "", "show a pane, or hide it: view log")                   \
    X(LOOP, "loop", "", "of several loops, which is shown: loop 2")            \
    X(GROW, "grow", "+", "a line more for the pane")                           \
    X(SHRINK, "shrink", "-", "a line less")                                    \
    X(WIDEN, "widen", ">", "move the line between the columns right")          \
    X(NARROW, "narrow", "<lt>", "move it left")                                \
    X(HEAP_TREE, "heap-tree", "H", "the heap as a tree, or as its array")      \
    X(TIMELINE_IN, "timeline-in", ")", "the timeline in more detail")          \
    X(TIMELINE_OUT, "timeline-out", "(", "in less")                            \
    X(TIMELINE_AXIS, "timeline-axis", "a", "its columns by time, or by event") \
    X(SEARCH, "search", "/",                                                   \
      "find a text in the pane with the keys: search beat; then n, N")         \
    X(SEARCH_BACK, "search-back", "?", "the same, upwards")                    \
    G("Comparing")                                                             \
    X(DIFF, "diff", "d",                                                       \
      "another trace beside this one: diff b.jsonl; without a file alone "     \
      "again")                                                                 \
    X(FIRST_DIFFERENCE, "first-difference", "D", "to where they first part")   \
    X(DIFFERENCE, "difference", "]", "to the next, or what follows from one")  \
    X(DIFFERENCE_BACK, "difference-back", "[", "to the difference before")     \
    G("Stopping")                                                              \
    X(BREAK, "break", "b",                                                     \
      "stop where a condition begins to hold: break compact")                  \
    X(WATCH, "watch", "w",                                                     \
      "show a value, and stop where it changes: watch heap")                   \
    X(BREAKPOINTS, "breakpoints", "B", "list the breakpoints and watches")     \
    X(ENABLE, "enable", "",                                                    \
      "enable a breakpoint: enable 2; without a number all of them")           \
    X(DISABLE, "disable", "", "disable one, or all of them")                   \
    X(DELETE, "delete", "", "delete one, or all of them")                      \
    X(MARK, "mark", "~", "mark this position, or clear its mark")              \
    X(NEXT_MARK, "next-mark", "'", "to the next mark")                         \
    X(PREVIOUS_MARK, "previous-mark", "\"", "to the mark before")              \
    X(MARKS, "marks", "", "list the marks")                                    \
    X(UNMARK, "unmark", "", "clear all of them")                               \
    G("Understanding")                                                         \
    X(STORY, "story", "<Enter>", "all about what is selected")                 \
    X(EXPLAIN, "explain", "e", "the current event in a sentence")              \
    X(CAUSE, "cause", "f",                                                     \
      "follow: to what caused the event, and that in turn")                    \
    X(EFFECT, "effect", "F", "to the first that the event caused")             \
    X(LINT, "lint", "!",                                                       \
      "what in the trace will hurt, and why; <Enter> goes there")              \
    X(HELP, "help", "h<F1>", "the keys; help break: at that word")             \
    G("Doing")                                                                 \
    X(COMMAND, "command", ":",                                                 \
      "a command by its name or key: <Tab> completes, <Up> recalls")           \
    X(SAVE, "save", "o",                                                       \
      "keep breakpoints and marks, or in a file: save FILE")                   \
    X(LOAD, "load", "", "those that were kept; or load FILE")                  \
    X(EXPORT, "export", "",                                                    \
      "view FILE.txt, view FILE.svg: this screen; trace FILE.jsonl; "          \
      "export! replaces a file that is there")                                 \
    X(EDIT, "edit", "E", "the program in $VISUAL or $EDITOR, at its line")     \
    X(RELOAD, "reload", "", "read or run it anew, and stay at this time")      \
    X(REDRAW, "redraw", "<C-l>", "draw the screen anew")                       \
    X(CLOSE, "close", "<Esc>", "leave a list, a search, a zoomed pane")        \
    X(QUIT, "quit", "q<F10>", "quit, as does <C-c> twice")

/* What holds for all of them. */
extern const char al_request_preface[];

typedef enum al_request {
    AL_REQ_NONE,
#define AL_REQUEST_ENUM(REQUEST, name, keys, meaning) AL_REQ_##REQUEST,
#define AL_REQUEST_GROUP(title)
    AL_REQUESTS(AL_REQUEST_ENUM, AL_REQUEST_GROUP)
#undef AL_REQUEST_ENUM
#undef AL_REQUEST_GROUP
    AL_REQ_COUNT
} al_request;

typedef struct al_request_spec {
    const char *name;  /* of its command */
    const char *keys;  /* by default, in writing */
    const char *meaning;
} al_request_spec;

extern const al_request_spec al_request_specs[AL_REQ_COUNT];

/* By the table; AL_REQ_NONE: the key asks for nothing. */
al_request al_request_of_key(al_key key);

/* By its command, or as much of the name as tells it from others.
 * AL_REQ_NONE: there is none, or (*ambiguous) several. */
al_request al_request_named(const char *name, size_t length, bool *ambiguous);

typedef struct al_request_entry { /* of the table, groups' titles too */
    const char *title;   /* NULL: it is a request */
    al_request request;
} al_request_entry;

extern const al_request_entry al_request_entries[];
extern const size_t al_request_entry_count;

#endif
