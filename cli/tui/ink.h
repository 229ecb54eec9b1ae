/* ink.h - what a text on the screen is; a theme says how that looks. */
#ifndef AL_TUI_INK_H
#define AL_TUI_INK_H

/* X(INK, name in the config file, what it is for) */
#define AL_INKS(X)                                                             \
    X(PLAIN, plain, "any text")                                                \
    X(DIM, dim, "what matters less")                                           \
    X(FRAME, frame, "lines between panes")                                     \
    X(TITLE, title, "a pane's title")                                          \
    X(FOCUS, focus, "the title of the pane that has the keys")                 \
    X(CHOSEN, chosen, "the row that is chosen")                                \
    X(STATUS, status, "the line at the top")                                   \
    X(PHASE, phase, "the phase that the loop is in")                           \
    X(BAR, bar, "the keys at the bottom")                                      \
    X(MESSAGE, message, "what the stepper says")                               \
    X(TIME, time, "a moment or a duration")                                    \
    X(HANDLE, handle, "h12")                                                   \
    X(TASK, task, "t3, and a task's name")                                     \
    X(FUTURE, future, "f5")                                                    \
    X(PRIMITIVE, primitive, "p1: locks, queues and the like")                  \
    X(CALLBACK, callback, "what runs")                                         \
    X(CANCELLED, cancelled, "what was cancelled")                              \
    X(TIE, tie, "timers that are due at one time")                             \
    X(CYCLE, cycle, "tasks that wait for one another")                         \
    X(WORLD, world, "the world outside: fds, threads, signals")                \
    X(LOG, log, "what the program says")                                       \
    X(WARNING, warning, "a warning")                                           \
    X(ERROR, error, "an error, an exception")                                  \
    X(GOOD, good, "what went well")                                            \
    X(CURRENT, current, "the line that runs, the latest event")                \
    X(FOUND, found, "what was searched for")

typedef enum al_ink {
#define AL_INK_ENUM(INK, name, meaning) AL_INK_##INK,
    AL_INKS(AL_INK_ENUM)
#undef AL_INK_ENUM
    AL_INK_COUNT
} al_ink;

#endif
