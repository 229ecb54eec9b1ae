/* case.h - one scenario under one Python, beside our own run. */
#ifndef AL_COMPARE_CASE_H
#define AL_COMPARE_CASE_H

#include <stdbool.h>
#include <stdint.h>
#include "cli/page.h"
#include "sim/scenario/scenario.h"

typedef enum al_compare_verdict {
    AL_COMPARE_SAME,
    AL_COMPARE_PARTS,
    AL_COMPARE_TOO_OLD, /* the program failed, for what this Python lacks */
    AL_COMPARE_LATE,    /* it did not end in time */
    AL_COMPARE_FAILED,  /* there is no trace of it */
    AL_COMPARE_VERDICTS
} al_compare_verdict;

typedef struct al_compare_settings {
    unsigned ignored; /* AL_IGNORE_… */
    double limit;     /* seconds a Python may take */
    al_page page;     /* of the details */
} al_compare_settings;

typedef struct al_compare_result { /* zero-initialise; release it */
    al_compare_verdict verdict;
    uint64_t events;     /* of our run */
    bool is_capped;      /* a longer run was cut */
    al_text python;      /* "CPython 3.13.0"; empty: unknown */
    al_text words;       /* one line, unescaped: where it parts, or why not */
    al_text details;     /* lines, escaped, as diff tells them; the Python is
                            called "Python" */
    al_text json;        /* the same as diff's object; empty: none */
} al_compare_result;

void al_compare_release(al_compare_result *result);

/* To be called in a process of its own: what is said on stdout and stderr
 * goes into a temporary file from then on.  `is_capped`: al_proof_cap limited
 * the scenario. */
void al_compare_case(const char *executable, const al_scenario *scenario,
                     bool is_capped, const al_compare_settings *settings,
                     al_compare_result *result);

#endif
