/* keymap.h - which key asks for what: the requests' table, and what somebody
 * bound otherwise. */
#ifndef AL_STEP_KEYMAP_H
#define AL_STEP_KEYMAP_H

#include "cli/tui/request.h"

typedef struct al_binding {
    al_key key;
    al_request request; /* AL_REQ_NONE: the key is for nothing */
} al_binding;

typedef struct al_keymap { /* zero-initialise: as the table has it */
    al_binding *bindings;  /* what differs from the table, a key each */
    size_t count, capacity;
} al_keymap;

void al_keymap_release(al_keymap *keymap);
void al_keymap_bind(al_keymap *keymap, al_key key, al_request request);

al_request al_keymap_request(const al_keymap *keymap, al_key key);

/* As al_request_named; a character that tells no name from the others is the
 * key that it is: "b heap > 3". */
al_request al_keymap_named(const al_keymap *keymap, const char *name,
                           size_t length, bool *ambiguous);

/* The first key of a request; AL_KEY_NONE: it has none. */
al_key al_keymap_key(const al_keymap *keymap, al_request request);

/* What keys, commands and conditions there are, as a text.  Returns the byte
 * with which the row of the wanted one begins; 0: none is wanted. */
size_t al_keymap_describe(const al_keymap *keymap, al_request wanted,
                          unsigned width, al_text *out);

#endif
