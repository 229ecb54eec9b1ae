/* walk.h - the scenarios in a folder and in all folders below it. */
#ifndef AL_WALK_H
#define AL_WALK_H

#include <stdbool.h>
#include "cli/options.h"

/* Add the paths of the *.json that have a member "scenario", in order of
 * name, as strings that the caller frees with al_free.  Passed over are JSON
 * Schemas; what is hidden, node_modules, and traces, which stand beside
 * scenarios; and a folder that links lead to once more.  False: a folder
 * cannot be read; told on stderr. */
bool al_walk(const char *folder, al_strings *files);

#endif
