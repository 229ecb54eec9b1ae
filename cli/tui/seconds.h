/* seconds.h - numbers as they are typed, with the units that panes show. */
#ifndef AL_TUI_SECONDS_H
#define AL_TUI_SECONDS_H

#include <stdbool.h>
#include <stddef.h>

/* The bytes of the unit that stands there: "ms".  0: none does, or it begins a
 * word.  *of_a_second (NULL: not asked for): so many of it are one. */
size_t al_seconds_unit(const char *at, double *of_a_second);

/* The number that the words begin with; of seconds, where a unit comes after
 * it, also after a blank: "0.3s", "300 ms", "17.8µs", "5ns".  Returns what is
 * after them; NULL: there is no number. */
const char *al_seconds_parse(const char *words, double *value, bool *has_unit);

#endif
