/* seconds.h - numbers as they are typed, with the units that panes show. */
#ifndef AL_STEP_SECONDS_H
#define AL_STEP_SECONDS_H

#include <stdbool.h>

/* The number that the words begin with; of seconds, where a unit comes after it,
 * also after a blank: "0.3s", "300 ms", "17.8µs", "5ns".  Returns what is after
 * them; NULL: there is no number. */
const char *al_seconds_parse(const char *words, double *value, bool *has_unit);

#endif
