/* epoll.c - the real selector: Linux's epoll, level-triggered. */
#include "loop/io/selector.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>
#include "loop/base/alloc.h"
#include "loop/object/os_error.h"

enum { BATCH = 256 };

typedef struct epoll_selector {
    int epoll_fd;
    atomic_int read_end, write_end; /* the self-pipe; -1: closed */
    unsigned char *masks;           /* by fd: what is watched */
    size_t mask_count;
} epoll_selector;

/* -- watching ----------------------------------------------------------- */

static void make_room(epoll_selector *s, int fd)
{
    size_t needed = (size_t)fd + 1;
    size_t old = s->mask_count;

    if (needed <= old)
        return;
    needed = needed < 2 * old ? 2 * old : needed;
    s->masks = al_realloc(s->masks, needed);
    memset(s->masks + old, 0, needed - old);
    s->mask_count = needed;
}

static bool epoll_watch(void *self, int fd, unsigned mask)
{
    epoll_selector *s = self;
    struct epoll_event event = {.data.fd = fd};
    int op;

    make_room(s, fd);
    if (s->masks[fd] == mask)
        return true;
    op = !mask ? EPOLL_CTL_DEL : s->masks[fd] ? EPOLL_CTL_MOD : EPOLL_CTL_ADD;
    event.events = (mask & AL_READ ? (uint32_t)EPOLLIN : 0u) |
                   (mask & AL_WRITE ? (uint32_t)EPOLLOUT : 0u);
    if (epoll_ctl(s->epoll_fd, op, fd, &event) < 0 && mask)
        return al_raise_os_error(errno);
    s->masks[fd] = (unsigned char)mask; /* a closed fd is gone already */
    return true;
}

/* -- waiting ------------------------------------------------------------ */

static int milliseconds(double timeout)
{
    double rounded = ceil(timeout * 1e3);

    if (timeout < 0)
        return -1;
    return rounded > 2147483647.0 ? 2147483647 : (int)rounded;
}

/* An error or hang-up wakes both the reader and the writer. */
static unsigned mask_of(uint32_t events)
{
    return (events & ~(uint32_t)EPOLLOUT ? AL_READ : 0u) |
           (events & ~(uint32_t)EPOLLIN ? AL_WRITE : 0u);
}

static bool epoll_select(void *self, double timeout, al_fd_events *events)
{
    epoll_selector *s = self;
    struct epoll_event ready[BATCH];
    int count;

    if (isnan(timeout))
        return al_raise(&al_ValueError,
                        "cannot convert float NaN to integer");
    count = epoll_wait(s->epoll_fd, ready, BATCH, milliseconds(timeout));
    if (count < 0)
        return errno == EINTR ? true : al_raise_os_error(errno);
    for (int i = 0; i < count; i++) {
        int fd = ready[i].data.fd;

        al_fd_events_add(events, fd, mask_of(ready[i].events) & s->masks[fd]);
    }
    return true;
}

/* -- the self-pipe ------------------------------------------------------ */

static int epoll_open_self(void *self)
{
    epoll_selector *s = self;
    int ends[2];

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0,
                   ends) < 0) {
        al_raise_os_error(errno);
        return -1;
    }
    atomic_store(&s->read_end, ends[0]);
    atomic_store(&s->write_end, ends[1]);
    return ends[0];
}

static void epoll_write_self(void *self, unsigned char byte)
{
    epoll_selector *s = self;
    int fd = atomic_load(&s->write_end);

    if (fd >= 0 && send(fd, &byte, 1, MSG_NOSIGNAL) < 0)
        return; /* full: the loop is awake already; closed: nobody reads */
}

static size_t epoll_read_self(void *self, unsigned char *bytes, size_t size)
{
    epoll_selector *s = self;
    ssize_t count;

    do {
        count = recv(atomic_load(&s->read_end), bytes, size, 0);
    } while (count < 0 && errno == EINTR);
    return count < 0 ? 0 : (size_t)count;
}

static void epoll_close_self(void *self)
{
    epoll_selector *s = self;

    close(atomic_exchange(&s->read_end, -1));
    close(atomic_exchange(&s->write_end, -1));
}

/* -- signals ------------------------------------------------------------ */

/* As signal.set_wakeup_fd: one pipe for the whole process, the last loop's
 * that asked. */
static _Atomic(epoll_selector *) signals_to;

static void write_signal(int sig)
{
    int saved = errno;
    epoll_selector *s = atomic_load(&signals_to);

    if (s)
        epoll_write_self(s, (unsigned char)sig);
    errno = saved;
}

static bool epoll_catch_signal(void *self, int sig, bool on)
{
    struct sigaction action = {.sa_flags = SA_RESTART};

    if (sig == 0) {
        atomic_store(&signals_to, on ? self : NULL);
        return true;
    }
    action.sa_handler = on ? write_signal : SIG_DFL;
    if (sigaction(sig, &action, NULL) == 0)
        return true;
    if (errno == EINVAL)
        return al_raise(&al_RuntimeError, "sig %d cannot be caught", sig);
    return al_raise_os_error(errno);
}

/* -- life --------------------------------------------------------------- */

static void epoll_free(void *self)
{
    epoll_selector *s = self;
    epoll_selector *expected = s;

    atomic_compare_exchange_strong(&signals_to, &expected, NULL);
    close(s->epoll_fd);
    al_free(s->masks);
    al_free(s);
}

static const al_selector_ops epoll_ops = {
    .name = "epoll",
    .watch = epoll_watch,
    .select = epoll_select,
    .open_self = epoll_open_self,
    .write_self = epoll_write_self,
    .read_self = epoll_read_self,
    .close_self = epoll_close_self,
    .catch_signal = epoll_catch_signal,
    .free = epoll_free,
};

al_selector al_epoll_selector(void)
{
    epoll_selector *s;
    int fd = epoll_create1(EPOLL_CLOEXEC);

    if (fd < 0) {
        al_raise_os_error(errno);
        return (al_selector){0};
    }
    s = al_alloc_zero(1, sizeof *s);
    s->epoll_fd = fd;
    s->read_end = s->write_end = -1;
    return (al_selector){&epoll_ops, s};
}
