/* golden.h - recorded traces: whose they are, and whether they are whole. */
#ifndef AL_TEST_GOLDEN_H
#define AL_TEST_GOLDEN_H

#include <stdbool.h>
#include "loop/base/text.h"

/* Ours to write again?  What CPython recorded is the proof, and what is no
 * trace at all is somebody's. */
bool al_golden_is_ours(const char *path);

/* Of a trace that differs: add to what is said if it is cut short, or if it
 * contradicts itself, as one that was edited does. */
void al_golden_add_flaw(const char *path, al_text *out);

#endif
