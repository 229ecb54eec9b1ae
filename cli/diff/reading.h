/* reading.h - what is compared, and what of it is ignored. */
#ifndef AL_DIFF_READING_H
#define AL_DIFF_READING_H

#include "cli/source.h"
#include "sim/analysis/align.h"

/* Both to their ends. */
void al_diff_read(al_align *align, al_source *sources[2]);

/* The row of --ignore. */
#define AL_OPTION_IGNORE(to)                                                   \
    {AL_OPTION_LIST, 0, "ignore", "WHAT[,WHAT]",                               \
     "times, order, logs, args, names: no differences", to,                    \
     "times order logs args names"}

/* What --ignore was given, as AL_IGNORE_…  False: something else; told. */
bool al_diff_read_ignored(const al_strings *given, unsigned *ignored);

#endif
