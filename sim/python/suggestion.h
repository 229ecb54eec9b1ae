/* suggestion.h - "Did you mean: 'append'?", as CPython's tracebacks ask.
 *
 * It is no part of an exception's text: only who prints one adds it. */
#ifndef AL_SUGGESTION_H
#define AL_SUGGESTION_H

#include "sim/machine/frame.h"

/* What follows the last line of an AttributeError's or NameError's traceback,
 * or nothing: traceback.py's _compute_suggestion_error(). */
void al_suggestion_add(const al_exception *e, al_text *out);

/* Of the names the frame sees now, locals, globals and builtins, the one that
 * `name` may be meant to be: a string, the caller's; or AL_ABSENT. */
al_value al_suggestion_for_name(const al_frame *frame, const char *name);

#endif
