/* escape.h - texts from outside, made safe for a terminal.
 *
 * A callback's name or a log text comes from a file somebody else wrote: it
 * must not move the cursor, change colours or turn the line around. */
#ifndef AL_ESCAPE_H
#define AL_ESCAPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "loop/base/text.h"

/* Would a terminal obey the character, or not show it? */
bool al_is_unsafe(uint32_t code);

/* Add `string` with control characters, bidirectional overrides, other
 * invisible characters and invalid UTF-8 shown as \n, \x1b, \u202e. */
void al_escape_add(al_text *out, const char *string);

/* The same, in at most `columns` columns (0: no limit); what is longer ends
 * in "…".  Returns the columns taken. */
size_t al_escape_add_cut(al_text *out, const char *string, size_t columns);

/* The same, but what is longer lacks its middle: names are told apart by
 * their ends, too. */
size_t al_escape_add_middle_cut(al_text *out, const char *string,
                                size_t columns);

/* The columns `string` takes once escaped. */
size_t al_escape_columns(const char *string);

typedef struct al_escaped { /* one character, as it is shown */
    char text[12]; /* no NUL at its end */
    size_t length;
    size_t columns; /* 0: it combines with the one before */
} al_escaped;

/* The next character of `string`, of which `length` bytes, at least one, are
 * left; returns how many it takes there. */
size_t al_escape_next(const char *string, size_t length, al_escaped *shown);

/* How many bytes of `string` fit into so many columns once escaped. */
size_t al_escape_fit(const char *string, size_t columns);

/* As markup, HTML's or XML's: & < > " are written as entities. */
void al_escape_add_markup(al_text *out, const char *text);

#endif
