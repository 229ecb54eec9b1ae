/* case.h - one scenario, tested against the trace recorded for it. */
#ifndef AL_TEST_CASE_H
#define AL_TEST_CASE_H

#include <stdbool.h>
#include <stdint.h>
#include "loop/base/text.h"

typedef enum al_test_verdict {
    AL_TEST_PASSED,
    AL_TEST_FAILED,
    AL_TEST_WRITTEN, /* its trace, by --update */
    AL_TEST_REFUSED, /* by the machine */
    AL_TEST_INVALID, /* a scenario or a recorded trace that is none */
    AL_TEST_STOPPED, /* by Ctrl-C: the trace is cut short, and proves nothing */
    AL_TEST_VERDICTS
} al_test_verdict;

typedef struct al_test_settings {
    bool update, strict;
    const char *color;
} al_test_settings;

typedef struct al_test_result { /* zero-initialise */
    al_test_verdict verdict;
    uint64_t events;  /* that were equal */
    double seconds;   /* it took */
    al_text why;      /* one line, unescaped; empty: nothing to say */
    al_text details;  /* lines, escaped: how the traces differ */
} al_test_result;

void al_test_result_release(al_test_result *result);

/* What is wrong with a scenario goes to stderr, too. */
void al_test_case(const char *path, const al_test_settings *settings,
                  al_test_result *result);

#endif
