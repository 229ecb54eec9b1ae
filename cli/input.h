/* input.h - the scenarios a command is given. */
#ifndef AL_INPUT_H
#define AL_INPUT_H

#include "cli/options.h"
#include "sim/scenario/scenario.h"

/* Load a scenario; its mistakes go to stderr.  NULL: there were some. */
al_scenario *al_input_load(const char *path, const al_strings *overrides,
                           const char *color);

/* The scenario files a command means: a folder stands for the *.json in it
 * in order of name, and JSON Schemas are passed over.  Adds strings to free with al_free.
 * False: a path does not exist, or there is no scenario;
 * told on stderr. */
bool al_input_find(int argc, char **argv, al_strings *files);
void al_input_release(al_strings *files);

/* "scenarios/traces/ties.jsonl" for "scenarios/ties.json"; al_free it. */
char *al_input_golden_path(const char *scenario_path);

#endif
