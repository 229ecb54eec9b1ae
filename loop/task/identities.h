/* identities.h - which objects were there before: for arguments of which the
 * same may be given twice.  Zero-initialised it is empty. */
#ifndef AL_IDENTITIES_H
#define AL_IDENTITIES_H

#include "loop/object/value.h"

typedef struct al_identity {
    const al_object *object; /* NULL: free; borrowed */
    size_t number;
} al_identity;

typedef struct al_identities {
    al_identity *slots;
    size_t count, size; /* size: a power of two, or 0 */
} al_identities;

/* The number under which that object was added first, which is `number` where
 * it is new.  What is no object is always new. */
size_t al_identities_add(al_identities *known, al_value value, size_t number);

void al_identities_release(al_identities *known);

/* set(given): its different items, borrowed, in the order that stands for a
 * set's, and how many they are; `kept` has room for all.  False: raised (one
 * is unhashable). */
bool al_keep_different(const al_tuple *given, al_value *kept, size_t *count);

#endif
