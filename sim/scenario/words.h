/* words.h - which words are names, and which are Python's own. */
#ifndef AL_WORDS_H
#define AL_WORDS_H

#include <stdbool.h>
#include <stddef.h>

/* if, lambda, None, …: no names. */
bool al_is_keyword(const char *text, size_t length);

/* Of an identifier: what may stand first in it. */
static inline bool al_is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/* Letters, digits and "_", no digit first.  ASCII only: Python folds other
 * letters into one another, and a trace must not. */
bool al_is_identifier(const char *text, size_t length);

/* Names every scenario knows without defining them: the functions and types
 * of Python that the script machine has, and the exception classes. */
bool al_is_builtin(const char *name);
extern const char *const al_builtin_names[]; /* NULL-terminated */

/* Attributes that a scenario may assign to: `let` "e.__cause__". */
bool al_is_settable(const char *attribute);

#endif
