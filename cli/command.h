/* command.h - what a subcommand is, and what all of them share. */
#ifndef AL_COMMAND_H
#define AL_COMMAND_H

#include <stdbool.h>
#include "cli/console.h"
#include "cli/interrupt.h"
#include "cli/options.h"

/* The exit codes, as README.md documents them. */
typedef enum al_exit {
    AL_EXIT_OK = 0,
    AL_EXIT_FAILED = 1,   /* the program failed, or a comparison differed */
    AL_EXIT_USAGE = 2,    /* usage or input */
    AL_EXIT_DEADLOCK = 3, /* nothing could ever happen again */
    AL_EXIT_LIMIT = 4,    /* a limit was reached, or Ctrl-C pressed */
    AL_EXIT_REFUSED = 5,  /* no memory, disk full, cannot write, no Python */
    AL_EXIT_UNREAD = 141  /* who read stdout has gone: 128 + SIGPIPE */
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
    al_command_export, al_command_record, al_command_conform,
    al_command_stats, al_command_explain, al_command_lint,
    al_command_diff, al_command_step, al_command_compare;

/* All of them, as they are listed; NULL ends them. */
extern const al_command *const al_commands[];

/* Of two that ended so, 5 at most, the code that counts, as README.md says: 4,
 * then 5, 2, 1; of equals the first. */
al_exit al_gravest(al_exit a, al_exit b);

/* Of what could not be opened or read for that errno: is it the machine that
 * refused, or is it the name that is wrong? */
al_exit al_exit_of_errno(int error);

/* Say that Ctrl-C or its like ended the command, for it to return. */
al_exit al_end_interrupted(void);

/* What could not be written, said for the command to return.  Where the reader
 * of stdout has gone (`| head`) there is nothing to say. */
al_exit al_refuse(const char *why);

/* Of both a file is also what is being written for the path (sink.h). */

/* Is it a file, rather than a folder, a pipe or nothing? */
bool al_is_plain_file(const char *path);

/* Is the input ("-": stdin) the file of that path?  What is read must not be
 * written. */
bool al_reads_file(const char *input, const char *path);

#endif
