/* signals.h - the names of signals. */
#ifndef AL_SIGNALS_H
#define AL_SIGNALS_H

#include <stddef.h>

/* "SIGTERM" to its number, as the machine has it; 0: no such signal. */
int al_signal_find(const char *name);

/* The other way; NULL: it has no name. */
const char *al_signal_name(int sig);

/* The name most like it, or NULL. */
const char *al_signal_closest(const char *name);

extern const char *const al_signal_names[];
extern const size_t al_signal_name_count;

#endif
