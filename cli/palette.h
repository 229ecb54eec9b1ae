/* palette.h - colours by role: what a text is, never how it looks. */
#ifndef AL_PALETTE_H
#define AL_PALETTE_H

#include <stdbool.h>
#include "loop/base/text.h"

typedef enum al_role {
    AL_ROLE_PLAIN,
    AL_ROLE_HEADING,  /* an iteration, a summary */
    AL_ROLE_TIME,     /* a moment or a duration */
    AL_ROLE_HANDLE,   /* h12 */
    AL_ROLE_CALLBACK, /* what runs */
    AL_ROLE_VERB,     /* what was done: call_soon, cancel */
    AL_ROLE_WORLD,    /* the world outside: fds, threads, signals */
    AL_ROLE_LOG,      /* what the program says */
    AL_ROLE_NOTE,     /* an explanation */
    AL_ROLE_WARNING,
    AL_ROLE_ERROR,
    AL_ROLE_GOOD,
    AL_ROLE_COUNT
} al_role;

/* Begin and end a text of that role; without colour they add nothing. */
void al_palette_begin(al_text *out, bool color, al_role role);
void al_palette_end(al_text *out, bool color, al_role role);

#endif
