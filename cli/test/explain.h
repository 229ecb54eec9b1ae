/* explain.h - how a run differs from its recorded trace, as diff tells it. */
#ifndef AL_TEST_EXPLAIN_H
#define AL_TEST_EXPLAIN_H

#include "cli/test/case.h"

/* Run the scenario once more beside the trace.  False: by causes they do not
 * differ, only in ids or in how loops take turns. */
bool al_test_explain(const char *path, const char *golden,
                     const al_test_settings *settings, al_text *out);

#endif
