/* source_text.h - the lines of the files that a trace names: a scenario, the
 * modules of a Python program. */
#ifndef AL_TUI_SOURCE_TEXT_H
#define AL_TUI_SOURCE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include "loop/base/text.h"

typedef struct al_source_part { /* of a scenario: a function */
    char *name;                /* NULL: the program's own statements */
    size_t first, last;        /* lines, from 1 */
} al_source_part;

typedef struct al_source_text {
    char *name;   /* as the trace names it */
    char *path;   /* where it was found; NULL: nowhere */
    bool is_newer; /* than what was opened, by the times of the files */
    char *bytes;  /* lines, each ended by a NUL */
    char **lines;
    size_t count;
    al_source_part *parts; /* none, where it is no scenario */
    size_t part_count;
} al_source_text;

typedef struct al_source_texts { /* zero-initialise */
    al_source_text **items;
    size_t count, capacity;
} al_source_texts;

void al_source_texts_release(al_source_texts *texts);

/* The file of that name: itself, or beside `opened`, the trace or scenario
 * that is looked at, or in the folder above.  It is read once; one that is not
 * found has no lines.  Borrowed: it lives as long as the texts. */
const al_source_text *al_source_text_find(al_source_texts *texts,
                                          const char *name,
                                          const char *opened);

/* A line, from 0, as it is shown: with blanks for tabs, up to the next eighth
 * column. */
void al_source_text_add_line(const al_source_text *text, size_t index,
                             al_text *out);

/* The function of a qualified name; or NULL, for the program.  NULL: the file
 * has none. */
const al_source_part *al_source_text_part(const al_source_text *text,
                                          const char *qualname);

/* "a.json:12": the length of the name, and the line (0: there is none). */
size_t al_place_split(const char *where, size_t *line);

#endif
