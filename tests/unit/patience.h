/* patience.h - that nothing is worked on without end. */
#ifndef TESTS_PATIENCE_H
#define TESTS_PATIENCE_H

#include <time.h>

/* What takes as long as its input is long takes no more than minutes of this
 * process (CLOCK_PROCESS_CPUTIME_ID), under valgrind too. */
void check_prompt_answer(const struct timespec *since);

#endif
