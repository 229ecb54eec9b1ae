/* input.h - the scenarios a command is given. */
#ifndef AL_INPUT_H
#define AL_INPUT_H

#include "cli/command.h"
#include "sim/scenario/scenario.h"

typedef struct al_overrides { /* zero-initialise */
    al_override *items;       /* their texts are borrowed */
    size_t count, capacity;
} al_overrides;

void al_overrides_add(al_overrides *overrides, al_override override);
void al_overrides_add_set(al_overrides *overrides, const al_strings *set);
void al_overrides_release(al_overrides *overrides);

/* What messages call an input: its path; of "-" it is "<stdin>". */
const char *al_input_name(const char *path);

/* Load a scenario ("-": stdin) with settings overridden (NULL: none); what is
 * wrong with either goes to stderr.  NULL: something was, and *why is the exit
 * code for it. */
al_scenario *al_input_load(const char *path, const al_overrides *overrides,
                           const char *color, al_exit *why);

/* The same, with what --set was given (NULL: nothing). */
al_scenario *al_input_load_set(const char *path, const al_strings *set,
                               const char *color, al_exit *why);

/* The scenario files a command means: a folder stands for the scenarios in it
 * and below it (cli/walk.h); a JSON Schema, which a glob of *.json brings
 * along, is passed over.  Adds strings, which al_input_release frees.  False: a folder cannot be
 * read, or there is no scenario; told on stderr. */
bool al_input_find(int argc, char **argv, al_strings *files);
void al_input_release(al_strings *files);

/* "scenarios/traces/ties.jsonl" for "scenarios/ties.json"; al_free it. */
char *al_input_golden_path(const char *scenario_path);

#endif
