/* child.h - another program, run to its end.
 *
 * What interrupts us interrupts it: it never outlives us, but for our being
 * killed outright. */
#ifndef AL_CHILD_H
#define AL_CHILD_H

#include <stdbool.h>
#include "loop/base/error.h"

typedef enum al_child_kind {
    AL_CHILD_USERS,  /* with our streams, in our place at the terminal */
    AL_CHILD_EDITOR, /* the same, and the terminal's Ctrl-C, Ctrl-\ and Ctrl-Z
                        are its own: we go on, but stop where it stops */
    AL_CHILD_HELPER, /* our own: the terminal's Ctrl-C is not for it */
    AL_CHILD_SILENT  /* a helper without any streams */
} al_child_kind;

typedef struct al_child_end {
    int status;   /* its exit status, 128 + n where signal n ended it */
    int sig;      /* n; 0: it exited */
    bool is_late; /* it was killed, for its time was over */
} al_child_end;

/* Run argv[0], looked for in PATH, with argv, which ends in NULL.  A helper
 * that has not ended after `limit` seconds (0: none) is killed, with all that
 * it started.  False: it could not be run, or was not, for a signal had
 * interrupted us. */
bool al_child_run_to_end(al_child_kind kind, const char *const *argv,
                         double limit, al_child_end *end, al_error *err);

/* The same, where its status says enough. */
bool al_child_run(al_child_kind kind, const char *const *argv, double limit,
                  int *status, al_error *err);

#endif
