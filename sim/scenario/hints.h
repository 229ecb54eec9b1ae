/* hints.h - what is written from memory of Python and asyncio, and what a
 * scenario has in its place.
 *
 * Texts end a message: they begin with "; " or ": ", and NULL is none. */
#ifndef AL_HINTS_H
#define AL_HINTS_H

#include <stddef.h>
#include "loop/base/text.h"
#include "sim/scenario/verbs.h"

/* Of a name that is not defined. */
const char *al_hint_name(const char *name);

/* The same of a module's, where no name is like it. */
const char *al_hint_module(const char *name);

/* Of a keyword of Python's, in an expression. */
const char *al_hint_keyword(const char *word, size_t length);

/* Of a statement that scenarios do not have. */
const char *al_hint_statement(const char *name);

/* Of a key of a statement's, function's or the scenario's object. */
const char *al_hint_key(const char *key);

/* Which of the allowed keys means the same; NULL: none. */
const char *al_synonym(const char *key, const char *const *allowed,
                       size_t count);

/* Of "asyncio.sleep" the verb sleep; AL_VERB_COUNT: it is no verb of a module
 * or of a loop. */
al_verb al_verb_undotted(const char *name);

/* How the operation is written: {"Lock": {}}, {"sleep": ...}. */
void al_hint_add_form(al_text *out, al_verb verb);

#endif
