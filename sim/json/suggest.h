/* suggest.h - "did you mean": the word a user is likely to have meant. */
#ifndef AL_SUGGEST_H
#define AL_SUGGEST_H

#include <stddef.h>

/* The candidate closest to `word`, or NULL where none is near. */
const char *al_suggest(const char *word, const char *const *candidates,
                       size_t count);

#endif
