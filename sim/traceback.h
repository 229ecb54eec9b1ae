/* traceback.h - an exception as Python prints it, with scenario lines.
 *
 * Causes and contexts come before it, a group's exceptions are drawn beneath
 * it, each with its own traceback: the text is that of CPython's traceback
 * module, but that what stands in the file is JSON. */
#ifndef AL_TRACEBACK_H
#define AL_TRACEBACK_H

#include "loop/base/text.h"
#include "loop/object/exception.h"
#include "sim/scenario/scenario.h"

/* "Traceback (most recent call last):" and all that follows, each line with
 * its newline. */
void al_traceback_add(const al_exception *e, const al_scenario *scenario,
                      al_text *out);

#endif
