/* report.h - one scenario under several Pythons, for people and programs. */
#ifndef AL_COMPARE_REPORT_H
#define AL_COMPARE_REPORT_H

#include <cjson/cJSON.h>
#include "cli/compare/case.h"
#include "cli/options.h"

typedef struct al_compared { /* all borrowed */
    const char *path;                 /* of the scenario */
    const al_strings *pythons;        /* executables */
    const al_compare_result *results; /* one each */
} al_compared;

/* A table with a row a Python, then how each that parts does; Pythons that
 * part alike are told once.  `quiet`: nothing of those that are the same. */
void al_compare_add_text(const al_page *page, const al_compared *compared,
                         bool quiet, al_text *out);

void al_compare_add_json(cJSON *list, const al_compared *compared);

/* A scenario that cannot be run: {"scenario": path, "invalid": true}. */
void al_compare_add_invalid(cJSON *list, const char *path);

#endif
