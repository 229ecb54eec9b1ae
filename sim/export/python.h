/* python.h - a scenario as the asyncio program it stands for.
 *
 * The program runs on a real CPython, from 3.9 on, under the recorder
 * (cli/record), and takes the same course. */
#ifndef AL_EXPORT_PYTHON_H
#define AL_EXPORT_PYTHON_H

#include "loop/base/text.h"
#include "sim/scenario/scenario.h"

/* Add the program's source, in UTF-8, to `out`. */
void al_export_python(const al_scenario *scenario, al_text *out);

#endif
