/* suites.h - every check_NAME.c here has a NAME_suite(): the Makefile lists
 * them, so that adding a test is adding a file. */
#ifndef AL_SUITES_H
#define AL_SUITES_H

#include <check.h>

#define SUITE(name) Suite *name##_suite(void);
#include "suites.inc"
#undef SUITE

/* How many rows a table has: for tcase_add_loop_test. */
#define COUNT(table) ((int)(sizeof(table) / sizeof *(table)))

#endif
