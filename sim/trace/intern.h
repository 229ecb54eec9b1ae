/* intern.h - texts kept once each.
 *
 * A trace names a few callbacks a million times. */
#ifndef AL_TRACE_INTERN_H
#define AL_TRACE_INTERN_H

#include <stddef.h>
#include <stdint.h>

typedef struct al_intern_slot {
    uint64_t hash;
    char *text; /* NULL: the slot is free */
} al_intern_slot;

typedef struct al_intern { /* zero-initialise */
    al_intern_slot *slots;
    size_t mask; /* capacity - 1; the capacity is 0 or a power of two */
    size_t count;
    const char *latest; /* asked for last: often again */
} al_intern;

void al_intern_release(al_intern *texts);

/* The one copy of `text`; equal texts give the same pointer, good until
 * release. */
const char *al_intern_text(al_intern *texts, const char *text);

#endif
