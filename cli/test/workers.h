/* workers.h - many scenarios tested, side by side in processes. */
#ifndef AL_TEST_WORKERS_H
#define AL_TEST_WORKERS_H

#include "cli/options.h"
#include "cli/test/case.h"

/* Told of each, in the order of the files, as soon as it and all before it
 * are done. */
typedef void al_test_teller(void *self, size_t index,
                            const al_test_result *result);

/* At most `jobs` at a time; one: in this process. */
void al_test_all(const al_strings *files, unsigned jobs,
                 const al_test_settings *settings, al_test_teller *tell,
                 void *self);

#endif
