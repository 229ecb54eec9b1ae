/* error.h - what was wrong with the user's input: one clear message.
 *
 * Three kinds of failure never mix: the user's input gives an al_error, our
 * own bug an assert, and a lack of memory the handler of alloc.h.  Python
 * exceptions of the simulated program are values: see exception.h. */
#ifndef AL_ERROR_H
#define AL_ERROR_H

#include <stdbool.h>

typedef struct al_error { /* zero-initialise; the first failure wins */
    int line, column;     /* 1-based; 0: unknown */
    char message[480];
} al_error;

/* Record a failure unless one is recorded already (err may be NULL).
 * Returns false, so that a caller can `return al_fail(err, ...)`. */
bool al_fail(al_error *err, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The same, at a place in the input. */
bool al_fail_at(al_error *err, int line, int column, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

#endif
