/* waiting.c - see waiting.h. */
#include "sim/base/waiting.h"

#include <errno.h>
#include <stddef.h>

static bool (*ends)(void);

void al_waiting_ends_when(bool (*is_asked_for)(void))
{
    ends = is_asked_for;
}

bool al_waiting_goes_on(void)
{
    return errno == EINTR && !(ends && ends());
}
