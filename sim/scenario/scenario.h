/* scenario.h - a scenario file, loaded and checked. */
#ifndef AL_SCENARIO_H
#define AL_SCENARIO_H

#include "loop/base/error.h"
#include "sim/base/arena.h"
#include "sim/json/diagnostics.h"
#include "sim/scenario/ast.h"

typedef struct al_scenario {
    al_arena arena;
    const char *path;  /* as the user gave it; "<stdin>" */
    const char *name;  /* path without folder and ".json": "heap-compaction" */
    const char *text;  /* the file's: tracebacks show lines of it */
    const char *title; /* or NULL */
    const char *description; /* or NULL */
    al_loop_knobs loop;
    al_limits limits;
    const char **fds; /* names, in order of first mention */
    size_t fd_count;
    al_function *functions;
    size_t function_count;
    al_world_item *world; /* in order of time; equal times as written */
    size_t world_count;
    al_block program;     /* where missing in the file: the default one, see
                             scenarios/README.md */
    bool has_program;     /* the file has one of its own */
} al_scenario;

/* A setting given elsewhere than in the file; values are JSON. */
typedef struct al_override {
    const char *option;  /* where: "--set", "--until"; for messages */
    const char *setting; /* "limits.until"; NULL: the text names it */
    const char *text;    /* "10"; or "limits.until=10" */
} al_override;

/* Is it a setting, and the value one of its?  False: err says what is wrong,
 * beginning with the option. */
bool al_override_check(const al_override *override, al_error *err);

/* Load a scenario from text (which need not be NUL-terminated).  Mistakes
 * are added to `diagnostics`, at most AL_MAX_DIAGNOSTICS; then NULL is
 * returned.  Free it with al_scenario_free. */
al_scenario *al_scenario_parse(const char *text, size_t length,
                               const char *path, const al_override *overrides,
                               size_t override_count,
                               al_diagnostics *diagnostics);

/* The same of what an fd, which is borrowed, has yet to give; one that cannot
 * be read is a diagnostic too, and -1, with errno set, is one that could not
 * be opened. */
al_scenario *al_scenario_read(int fd, const char *path,
                              const al_override *overrides,
                              size_t override_count,
                              al_diagnostics *diagnostics);

/* The same from a file. */
al_scenario *al_scenario_load(const char *path, const al_override *overrides,
                              size_t override_count,
                              al_diagnostics *diagnostics);

void al_scenario_free(al_scenario *scenario); /* NULL is harmless */

/* Is a text no scenario, but the beginning of a trace? */
bool al_scenario_is_trace(const char *text, size_t length);

#endif
