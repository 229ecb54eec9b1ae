/* completion.h - the words that what is being typed may go on with. */
#ifndef AL_TUI_COMPLETION_H
#define AL_TUI_COMPLETION_H

#include <stdbool.h>
#include <stddef.h>

enum { AL_MOST_WORDS = 1000 }; /* more are not offered */

typedef struct al_completion { /* zero-initialise */
    char *typed;    /* of the word; NULL: nothing is being completed */
    size_t from;    /* the byte of the line where the word begins */
    char **words;   /* in order, none twice */
    size_t count, capacity;
    size_t chosen;  /* the one that stands in the line; count: what was typed */
} al_completion;

void al_completion_release(al_completion *completion);

/* Let go of the words; those of the next one are offered from then on. */
void al_completion_begin(al_completion *completion, const char *typed,
                         size_t from);

/* A word is taken where it begins with what was typed. */
void al_completion_offer(al_completion *completion, const char *word);

/* How many bytes all words have in common from their beginning, as whole
 * characters. */
size_t al_completion_common(const al_completion *completion);

/* Choose the next word, or the one before; what was typed is among them.
 * Returns what is to stand in the line. */
const char *al_completion_turn(al_completion *completion, bool is_back);

#endif
