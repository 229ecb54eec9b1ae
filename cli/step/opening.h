/* opening.h - the traces that step looks at, each with what it is read from. */
#ifndef AL_STEP_OPENING_H
#define AL_STEP_OPENING_H

#include "cli/source.h"
#include "cli/step/followed.h"

typedef struct al_opening {
    const al_strings *set; /* for scenarios; borrowed, as what is below */
    struct al_opened {
        al_history *history;
        al_source *source;
    } *items;
    size_t count, capacity;
    al_exit failure;       /* of the last that could not be opened */
    bool is_stepping;      /* nobody can wait any more for who writes a pipe, and
                              the terminal is the keys' */
} al_opening;

/* The path is borrowed. */
al_origin al_opening_origin(const char *path, const al_source *source);

/* Takes the source.  NULL: the machine refused. */
al_history *al_opening_add(al_opening *opening, al_source *source,
                           al_error *err);

/* al_stepper_options.open, close and add_end, for which an opening is self. */
al_history *al_opening_open(void *self, al_origin *origin, al_text *why);
void al_opening_close(void *self, al_history *history);
void al_opening_add_end(void *self, const al_history *history, al_text *why);

#endif
