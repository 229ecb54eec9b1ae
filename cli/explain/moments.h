/* moments.h - lines of a story: the first and the last are kept. */
#ifndef AL_EXPLAIN_MOMENTS_H
#define AL_EXPLAIN_MOMENTS_H

#include "cli/page.h"

enum { AL_FIRST_MOMENTS = 16, AL_LAST_MOMENTS = 8, AL_WHOLE_MOMENTS = 10000 };

typedef struct al_moments { /* zero-initialise */
    al_text first;                 /* AL_WHOLE_MOMENTS of a page that is whole */
    al_text last[AL_LAST_MOMENTS]; /* a ring */
    bool goes_on[AL_LAST_MOMENTS]; /* it belongs to the line before it */
    uint64_t count, first_count;
} al_moments;

void al_moments_release(al_moments *moments);

/* Add a line to the story. */
void al_moments_add(al_moments *moments, const al_page *page,
                    const al_line *line);
void al_moments_write(const al_moments *moments, al_text *out);

#endif
