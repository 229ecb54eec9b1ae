/* ending.h - the end of a trace that another process wrote, and that may
 * have been cut short with it. */
#ifndef AL_RECORD_ENDING_H
#define AL_RECORD_ENDING_H

#include <stdbool.h>
#include "cli/child.h"
#include "loop/base/error.h"

typedef enum al_ending {
    AL_ENDING_WHOLE, /* the event that ends a trace is there */
    AL_ENDING_CUT,
    AL_ENDING_EMPTY  /* there is not even a header */
} al_ending;

/* What cannot be read is empty. */
al_ending al_ending_check(const char *path);

/* Drop half a line, and add the end that the process had. */
bool al_ending_add(const char *path, const al_child_end *end, al_error *err);

#endif
