/* suggestion.h - "Did you mean 'context'?", as CPython itself asks it. */
#ifndef AL_SUGGESTION_H
#define AL_SUGGESTION_H

#include <stddef.h>

/* Which of the names the one given is most like: one of them, or NULL where
 * none is like enough.  As _Py_CalculateSuggestions. */
const char *al_suggestion_find(const char *name, const char *const *known,
                               size_t count);

#endif
