/* diagnostics.h - the mistakes found in one input file, with their places.
 *
 *     web.json:12:9: error: unknown function 'fetch'
 *        12 |   {"call_soon": {"callback": "fetch"}},
 *           |                              ^~~~~~~
 *     web.json:12:9: did you mean 'fetch_all'?
 */
#ifndef AL_DIAGNOSTICS_H
#define AL_DIAGNOSTICS_H

#include <stdbool.h>
#include <stddef.h>
#include "loop/base/text.h"

enum {
    AL_MAX_DIAGNOSTICS = 20,
    AL_DIAGNOSTIC_TEXT = 400 /* bytes of a message, its NUL included */
};

/* An offset for what is wrong elsewhere than in the text: no place is told. */
#define AL_NO_PLACE ((size_t)-1)

typedef struct al_diagnostic {
    size_t offset, length; /* of the text concerned; length 0: a point */
    int line, column;      /* 1-based; column in characters; 0: no place */
    char message[AL_DIAGNOSTIC_TEXT];
    char suggestion[80];   /* "did you mean 'x'?"'s x; empty: none */
} al_diagnostic;

typedef struct al_diagnostics { /* zero-initialise */
    const char *path;           /* for the message; borrowed */
    char *text;                 /* the input, owned: for the source lines */
    size_t text_length;
    al_diagnostic items[AL_MAX_DIAGNOSTICS];
    size_t count;               /* recorded */
    size_t total;               /* found; more than count: list was cut */
    int error;                  /* the errno for which the file could not be
                                   read; 0: it was */
} al_diagnostics;

void al_diagnostics_release(al_diagnostics *diagnostics);

/* Take a copy of the input that the offsets speak of. */
void al_diagnostics_set_text(al_diagnostics *diagnostics, const char *path,
                             const char *text, size_t length);

/* Record a mistake at bytes [offset, offset + length) of the input; one at
 * the very place of an earlier one is dropped.  suggestion may be NULL. */
void al_diagnose(al_diagnostics *diagnostics, size_t offset, size_t length,
                 const char *suggestion, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

/* Would a mistake there still be shown?  If not, its suggestion need not be
 * looked for. */
bool al_diagnostics_wants(const al_diagnostics *diagnostics, size_t offset);

/* Everything, in order of place, as shown above.  Control characters of the
 * input are escaped; `color` adds terminal colours. */
void al_diagnostics_write(const al_diagnostics *diagnostics, bool color,
                          al_text *out);

#endif
