/* scan.h - a cursor over one line of JSON, without building anything.
 *
 * The line ends in a NUL, which stands where its newline was; no rule of
 * JSON accepts a NUL, so the cursor needs no other check for the end.  Texts
 * are unescaped in place: the line is changed, except by skip and locate.
 *
 * Every function skips white space first, and returns false with the error
 * said, unless told otherwise. */
#ifndef AL_TRACE_SCAN_H
#define AL_TRACE_SCAN_H

#include <stdbool.h>
#include <stdint.h>
#include "loop/base/error.h"

typedef struct al_scan { /* zero-initialise; then al_scan_begin */
    char *line;          /* where it starts, for columns */
    char *end;           /* its NUL */
    char *at;            /* the cursor */
    uint64_t number;     /* of the line, from 1 */
    al_error error;      /* the first */
} al_scan;

/* Go to the start of the next line. */
static inline void al_scan_begin(al_scan *scan, char *line, char *end)
{
    scan->line = scan->at = line;
    scan->end = end;
    scan->number++;
}

static inline void al_scan_space(al_scan *scan)
{
    while (*scan->at == ' ' || *scan->at == '\t' || *scan->at == '\r')
        scan->at++;
}

/* Say what is wrong, at the cursor; false. */
bool al_scan_fail(al_scan *scan, const char *what);
bool al_scan_fail_expecting(al_scan *scan, const char *what);

/* This character; `what` is for the message. */
bool al_scan_expect(al_scan *scan, char c, const char *what);

/* Nothing but white space is left. */
bool al_scan_is_blank(al_scan *scan);

/* -- values ------------------------------------------------------------- */

/* Borrowed from the line.  "\u0000" and lone surrogates are U+FFFD. */
bool al_scan_text(al_scan *scan, const char **text);
bool al_scan_id(al_scan *scan, char letter, uint64_t *id); /* "h12" */
bool al_scan_cause(al_scan *scan, uint64_t *id);           /* "j1", "world" too */
bool al_scan_count(al_scan *scan, uint64_t *count);
bool al_scan_seconds(al_scan *scan, double *value); /* or "inf", … */
bool al_scan_timeout(al_scan *scan, double *value); /* or null: -1 */
bool al_scan_flag(al_scan *scan, bool *flag);
bool al_scan_json(al_scan *scan, const char **json); /* any value, as it is */
bool al_scan_skip(al_scan *scan);                    /* any value */

/* -- objects ------------------------------------------------------------ */

/* Behind a '{' (is_first) or a member: the next key, past its ':'.  *key is
 * NULL when the object ended. */
bool al_scan_key(al_scan *scan, bool is_first, const char **key);

/* Walk over an object, changing nothing.  *value is the place of the value
 * of `key`, which is given in its quotes; NULL: it has none. */
bool al_scan_locate(al_scan *scan, const char *key, char **value);

#endif
