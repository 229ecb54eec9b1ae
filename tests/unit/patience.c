/* patience.c - see patience.h. */
#include "tests/unit/patience.h"

#include <check.h>

void check_prompt_answer(const struct timespec *since)
{
    enum { PATIENCE = 300 }; /* seconds */
    struct timespec now;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    ck_assert_int_lt(now.tv_sec - since->tv_sec, PATIENCE);
}
