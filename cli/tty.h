/* tty.h - is a descriptor a terminal, how wide is it, may it be coloured? */
#ifndef AL_TTY_H
#define AL_TTY_H

#include <stdbool.h>

/* Is it a terminal that knows escape sequences? */
bool al_is_terminal(int fd);

/* Is colour wanted on that descriptor?  `when`: auto, always, never. */
bool al_want_color(const char *when, int fd);

/* Columns of the terminal at fd, 80 where there is none. */
unsigned al_terminal_width(int fd);

#endif
