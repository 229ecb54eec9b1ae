/* report.h - what became of the tests: for people, as TAP, as JUnit's XML. */
#ifndef AL_TEST_REPORT_H
#define AL_TEST_REPORT_H

#include "cli/test/case.h"

typedef struct al_test_report al_test_report;

typedef struct al_test_report_options {
    bool tap, quiet, update;
    const char *color;
    size_t count;     /* tests there will be */
    const char *junit; /* file; NULL: none */
} al_test_report_options;

al_test_report *al_test_report_new(const al_test_report_options *options);
void al_test_report_free(al_test_report *report);

void al_test_report_add(al_test_report *report, const char *path,
                        const al_test_result *result);

/* All were added, or there was Ctrl-C: the counts, what failed and what took
 * longest.  False: the file of JUnit's could not be written; told on
 * stderr. */
bool al_test_report_finish(al_test_report *report);

size_t al_test_report_count(const al_test_report *report,
                            al_test_verdict verdict);

#endif
