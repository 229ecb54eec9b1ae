/* fd.h - file descriptors of the simulated world, as values. */
#ifndef AL_FD_H
#define AL_FD_H

#include "loop/object/value.h"

typedef struct al_fd {
    al_object head;
    const char *name; /* borrowed from the scenario */
    int number;
} al_fd;

al_value al_fd_new(const char *name, int number);
const al_fd *al_fd_of(al_value value); /* borrowed; NULL: raised */

#endif
