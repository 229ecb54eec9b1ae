/* repeats.h - many things alike, told as a few and a count.
 *
 * Texts come one after the other, each with a sign of what it is like.  Of
 * texts that repeat themselves, one by one or in turns (a b a b), the first
 * rounds are passed on, and of the others only how many there were, unless
 * they are few. */
#ifndef AL_REPEATS_H
#define AL_REPEATS_H

#include <stdbool.h>
#include <stdint.h>
#include "loop/base/text.h"

enum {
    AL_REPEATS_ROUNDS = 3, /* passed on before anything is held back */
    AL_REPEATS_FEW = 7,    /* so many held back are passed on after all */
    AL_REPEATS_PERIOD = 4  /* the longest turn that is noticed */
};

typedef struct al_repeats al_repeats;

/* Say that so many more were like those before. */
typedef void al_repeats_teller(void *self, const al_repeats *repeats,
                               al_text *out);

struct al_repeats { /* zero-initialise, but for: */
    al_repeats_teller *tell;
    void *self; /* the teller's */

    /* of what is held back: how many, and what the caller says of the last */
    uint64_t held;
    uint64_t latest;
    double latest_time;

    /* private */
    uint64_t signs[AL_REPEATS_PERIOD]; /* of the latest texts; a ring */
    uint64_t count;                    /* since it began anew */
    uint64_t matches[AL_REPEATS_PERIOD + 1]; /* texts in a row that are like
                                                the one so many before */
    unsigned period;                   /* of what is held back; 0: none */
    al_text few[AL_REPEATS_FEW];
};

void al_repeats_release(al_repeats *repeats);

/* Would a text of this sign only be counted?  Then it need not be made. */
bool al_repeats_hides(const al_repeats *repeats, uint64_t sign);

/* The next text (NULL: one that is only counted). */
void al_repeats_add(al_repeats *repeats, uint64_t sign, const al_text *text,
                   al_text *out);

/* Something else comes: pass on or tell what is held back. */
void al_repeats_flush(al_repeats *repeats, al_text *out);

/* Signs are hashes: combine what makes two texts alike. */
uint64_t al_sign_number(uint64_t sign, uint64_t number);
uint64_t al_sign_text(uint64_t sign, const char *text); /* NULL is "" */

#endif
