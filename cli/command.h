/* command.h - what a subcommand is, and what all of them share. */
#ifndef AL_COMMAND_H
#define AL_COMMAND_H

#include <stdbool.h>
#include "cli/interrupt.h"
#include "cli/options.h"
#include "cli/palette.h"

/* The exit codes, as README.md documents them. */
typedef enum al_exit {
    AL_EXIT_OK = 0,
    AL_EXIT_FAILED = 1,   /* the program failed, or a comparison differed */
    AL_EXIT_USAGE = 2,    /* usage or input */
    AL_EXIT_DEADLOCK = 3, /* nothing could ever happen again */
    AL_EXIT_LIMIT = 4,    /* a limit was reached, or Ctrl-C pressed */
    AL_EXIT_REFUSED = 5   /* no memory, disk full, cannot write, no Python */
} al_exit;

typedef struct al_command {
    const char *name;
    const char *usage;   /* after "asyncloop-sim run " */
    const char *summary; /* one line */
    const char *details; /* more lines for --help, or NULL */
    const char *examples;
    const al_option *options;
    bool ends_options; /* what follows the first argument is no option */
    al_exit (*run)(int argc, char **argv); /* argv: what is no option */
} al_command;

extern const al_command al_command_run, al_command_check, al_command_test,
    al_command_export, al_command_record, al_command_conform;

/* One line on stderr, "asyncloop-sim: …"; control characters are escaped. */
void al_complain(const char *format, ...)
    __attribute__((format(printf, 1, 2)));

/* A text that is made already, on stderr. */
void al_warn(const char *text);

/* As al_complain, but on stdout, and without a newline of its own. */
void al_say(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* A word on stdout in the role's colour, if colour is wanted there; then the
 * rest as al_say does. */
void al_say_marked(al_role role, const char *color, const char *mark,
                   const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* A difference of traces on stdout, its sides in colour. */
void al_say_difference(const char *text, const char *color);

/* Say that Ctrl-C or its like ended the command, for it to return. */
al_exit al_end_interrupted(void);

/* Are both paths one file?  What is read must not be written. */
bool al_is_same_file(const char *a, const char *b);

/* Is it a terminal that knows escape sequences? */
bool al_is_terminal(int fd);

/* Is colour wanted on that descriptor?  `when`: auto, always, never. */
bool al_want_color(const char *when, int fd);

/* Columns of the terminal at fd, 80 where there is none. */
unsigned al_terminal_width(int fd);

#endif
