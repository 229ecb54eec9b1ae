/* console.h - talking to the terminal: what is said, colours, width. */
#ifndef AL_CONSOLE_H
#define AL_CONSOLE_H

#include <stdbool.h>
#include "cli/palette.h"

/* One line on stderr, "asyncloop-sim: …"; control characters are escaped. */
void al_complain(const char *format, ...)
    __attribute__((format(printf, 1, 2)));

/* A text that is made already, on stderr. */
void al_warn(const char *text);

/* Lines on stderr; all in them but the newlines is escaped. */
void al_print_escaped(const char *text);

/* As al_complain, but on stdout, and without a newline of its own. */
void al_say(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* A word on stdout in the role's colour, if colour is wanted there; then the
 * rest as al_say does. */
void al_say_marked(al_role role, const char *color, const char *mark,
                   const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* A difference of traces on stdout, its sides in colour. */
void al_say_difference(const char *text, const char *color);

/* Is it a terminal that knows escape sequences? */
bool al_is_terminal(int fd);

/* Is colour wanted on that descriptor?  `when`: auto, always, never. */
bool al_want_color(const char *when, int fd);

/* Columns of the terminal at fd, 80 where there is none. */
unsigned al_terminal_width(int fd);

#endif
