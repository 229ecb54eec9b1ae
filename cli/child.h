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
    AL_CHILD_HELPER, /* our own: the terminal's Ctrl-C is not for it */
    AL_CHILD_SILENT  /* a helper without any streams */
} al_child_kind;

enum { AL_CHILD_LATE = -1 };

/* Run argv[0], looked for in PATH, with argv, which ends in NULL.  *status is
 * its exit status, 128 + n where signal n ended it.  A helper that has not
 * ended after `limit` seconds (0: none) is killed, with all that it started,
 * and *status is AL_CHILD_LATE.  False: it could not be run, or was not, for a
 * signal had interrupted us. */
bool al_child_run(al_child_kind kind, const char *const *argv, double limit,
                  int *status, al_error *err);

#endif
