/* key_bytes.h - characters out of the bytes that a keyboard sends. */
#ifndef AL_TUI_KEY_BYTES_H
#define AL_TUI_KEY_BYTES_H

#include <wchar.h>
#include "cli/tui/keys.h"

typedef struct al_key_bytes { /* zero-initialise */
    mbstate_t state; /* of what has come of a character */
} al_key_bytes;

/* The character that ends with the byte, in the locale's encoding.
 * AL_KEY_NONE: more of it is to come, however late, or it is none: what cannot
 * become one is dropped, and the byte that shows it begins another. */
al_key al_key_bytes_take(al_key_bytes *bytes, char byte);

#endif
