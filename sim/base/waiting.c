/* waiting.c - see waiting.h. */
#include "sim/base/waiting.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>

static bool (*ends)(void);

void al_waiting_ends_when(bool (*is_asked_for)(void))
{
    ends = is_asked_for;
}

static bool is_over(void)
{
    return ends && ends();
}

bool al_waiting_goes_on(void)
{
    return errno == EINTR && !is_over();
}

/* A pipe that has room has it for PIPE_BUF bytes. */
size_t al_waiting_room(int fd, size_t length)
{
    struct pollfd out = {.fd = fd, .events = POLLOUT};

    if (!is_over())
        return length;
    if (poll(&out, 1, 0) > 0)
        return length < PIPE_BUF ? length : PIPE_BUF;
    errno = EINTR;
    return 0;
}
