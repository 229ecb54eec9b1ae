/* patience.h - for how long somebody waits for what takes long. */
#ifndef AL_PATIENCE_H
#define AL_PATIENCE_H

#include <stdbool.h>

typedef struct al_patience {
    bool (*ends)(void *self); /* has it ended?  NULL: it never does */
    void *self;
} al_patience;

/* patience: NULL: it never does. */
bool al_patience_ends(const al_patience *patience);

#endif
