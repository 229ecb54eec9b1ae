/* console.h - what commands say, a line at a time. */
#ifndef AL_CONSOLE_H
#define AL_CONSOLE_H

#include <stdbool.h>
#include "cli/palette.h"
#include "cli/tty.h"
#include "loop/base/text.h"

/* One line on stderr, "asyncloop-sim: …"; control characters are escaped. */
void al_complain(const char *format, ...)
    __attribute__((format(printf, 1, 2)));

/* A text that is made already, on stderr. */
void al_warn(const char *text);

/* From now on what is said on stderr is added to a text; NULL: no more. */
void al_catch_warnings(al_text *into);

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

#endif
