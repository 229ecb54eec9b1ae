/* epoll.c - the real selector: Linux's epoll, level-triggered. */
#include "loop/io/selector.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <math.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "loop/base/alloc.h"
#include "loop/io/clock.h"
#include "loop/object/os_error.h"

typedef struct epoll_selector {
    int epoll_fd;
    atomic_int read_end, write_end; /* the self-pipe; -1: closed */
    unsigned char *masks;           /* by fd: what is watched */
    size_t mask_count;
    size_t watched;                 /* fds with a mask */
    struct epoll_event *reported;   /* room for what one wait reports */
    size_t report_capacity;
    al_interrupt interrupt;         /* call NULL: SIGINT is not its affair */
} epoll_selector;

/* -- watching ----------------------------------------------------------- */

static unsigned mask_at(const epoll_selector *s, int fd)
{
    return (size_t)fd < s->mask_count ? s->masks[fd] : 0;
}

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

static void set_mask(epoll_selector *s, int fd, unsigned mask)
{
    if (mask && !s->masks[fd])
        s->watched++;
    else if (!mask && s->masks[fd])
        s->watched--;
    s->masks[fd] = (unsigned char)mask;
}

static int control(const epoll_selector *s, int op, int fd, unsigned mask)
{
    struct epoll_event event = {
        .events = (mask & AL_READ ? (uint32_t)EPOLLIN : 0u) |
                  (mask & AL_WRITE ? (uint32_t)EPOLLOUT : 0u),
        .data.fd = fd,
    };

    return epoll_ctl(s->epoll_fd, op, fd, &event);
}

/* That nothing is half done, there is room for the fd before the kernel is
 * told of it; but not for a number that stands for no open file. */
static bool start_watching(epoll_selector *s, int fd, unsigned mask)
{
    if (fcntl(fd, F_GETFD) < 0)
        return al_raise_os_error(errno);
    make_room(s, fd);
    if (control(s, EPOLL_CTL_ADD, fd, mask) < 0)
        return al_raise_os_error(errno);
    set_mask(s, fd, mask);
    return true;
}

/* As EpollSelector.modify: whom the kernel refuses is forgotten. */
static bool change_mask(epoll_selector *s, int fd, unsigned mask)
{
    if (control(s, EPOLL_CTL_MOD, fd, mask) == 0) {
        set_mask(s, fd, mask);
        return true;
    }
    set_mask(s, fd, 0);
    return al_raise_os_error(errno);
}

static bool epoll_watch(void *self, int fd, unsigned mask)
{
    epoll_selector *s = self;
    unsigned before = mask_at(s, fd);

    if (before == mask)
        return true;
    if (!before)
        return start_watching(s, fd, mask);
    if (mask)
        return change_mask(s, fd, mask);
    control(s, EPOLL_CTL_DEL, fd, 0); /* a closed fd is gone already */
    set_mask(s, fd, 0);
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

/* Whose Runner handles SIGINT, and has one come that it was not told of? */
static _Atomic(epoll_selector *) interrupts_to;
static atomic_bool was_interrupted;

static void write_signal(int sig)
{
    int saved = errno;
    epoll_selector *s = atomic_load(&signals_to);

    if (s)
        epoll_write_self(s, (unsigned char)sig);
    errno = saved;
}

static bool epoll_wake_by_signals(void *self, bool on)
{
    atomic_store(&signals_to, on ? self : NULL);
    return true;
}

/* SA_RESTART, as siginterrupt(sig, False) has it, spares others EINTR. */
static bool epoll_catch_signal(void *self, int sig, bool on)
{
    struct sigaction action = {
        .sa_flags = SA_RESTART,
        .sa_handler = on ? write_signal : SIG_DFL,
    };

    (void)self;
    if (sigaction(sig, &action, NULL) < 0)
        return al_raise_os_error(errno);
    if (sig == SIGINT)
        atomic_store(&interrupts_to, NULL);
    return true;
}

/* -- SIGINT, for a Runner ------------------------------------------------ */

/* Waiting ends, also where another thread is the one that was interrupted. */
static void note_interrupt(int sig)
{
    int saved = errno;
    epoll_selector *s = atomic_load(&interrupts_to);

    (void)sig;
    atomic_store(&was_interrupted, true);
    if (s)
        epoll_write_self(s, 0);
    errno = saved;
}

/* What Python's interpreter does between any two instructions. */
static bool tell_interrupt(const epoll_selector *s)
{
    return atomic_load(&interrupts_to) != s ||
           !atomic_exchange(&was_interrupted, false) ||
           s->interrupt.call(s->interrupt.self);
}

static bool epoll_begin_turn(void *self)
{
    return tell_interrupt(self);
}

static bool is_main_thread(void)
{
    return syscall(SYS_gettid) == getpid();
}

static bool epoll_catch_interrupt(void *self, al_interrupt handler)
{
    epoll_selector *s = self;
    struct sigaction action = {
        .sa_flags = SA_RESTART,
        .sa_handler = note_interrupt,
    };
    struct sigaction old;

    if (!is_main_thread() || sigaction(SIGINT, NULL, &old) < 0 ||
        old.sa_flags & SA_SIGINFO || old.sa_handler != SIG_DFL)
        return false;
    s->interrupt = handler;
    atomic_store(&was_interrupted, false);
    atomic_store(&interrupts_to, s);
    return sigaction(SIGINT, &action, NULL) == 0;
}

static bool epoll_release_interrupt(void *self, const void *handler)
{
    const epoll_selector *s = self;
    bool ok;

    if (atomic_load(&interrupts_to) != s || s->interrupt.self != handler)
        return true;
    signal(SIGINT, SIG_DFL);
    ok = tell_interrupt(s);
    atomic_store(&interrupts_to, NULL);
    return ok;
}

/* -- waiting ------------------------------------------------------------ */

/* What becomes of a timeout on its way through EpollSelector.select (whole
 * milliseconds, rounded up, in seconds), epoll.poll (nanoseconds, rounded
 * up) and epoll_wait (milliseconds, rounded up).  The rounding of doubles in
 * between may make it one more than the first of these steps said. */
static bool milliseconds(double timeout, int *result)
{
    double nanoseconds = ceil(ceil(timeout * 1e3) * 1e-3 * 1e9);
    int64_t rounded;

    *result = timeout < 0 ? -1 : 0;
    if (timeout <= 0)
        return true;
    if (isnan(timeout))
        return al_raise(&al_ValueError,
                        "cannot convert float NaN to integer");
    if (isinf(timeout * 1e3))
        return al_raise(&al_OverflowError,
                        "cannot convert float infinity to integer");
    if (nanoseconds >= 0x1p63)
        return al_raise(&al_OverflowError,
                        "timestamp out of range for platform time_t");
    rounded = ((int64_t)nanoseconds - 1) / 1000000 + 1;
    if (rounded > INT_MAX)
        return al_raise(&al_OverflowError, "timeout is too large");
    *result = (int)rounded;
    return true;
}

/* An error or hang-up wakes both the reader and the writer. */
static unsigned mask_of(uint32_t events)
{
    return (events & ~(uint32_t)EPOLLOUT ? AL_READ : 0u) |
           (events & ~(uint32_t)EPOLLIN ? AL_WRITE : 0u);
}

/* A signal's handler has written to the self-pipe, where it is the loop's:
 * waiting begins anew, as in Python (PEP 475), unless an interrupt raises.
 * A negative count: raised. */
static int wait_for(epoll_selector *s, int most, int wait)
{
    al_clock clock = al_monotonic_clock();
    double deadline = clock.ops->now(NULL) + wait * 1e-3;
    int count;

    while ((count = epoll_wait(s->epoll_fd, s->reported, most, wait)) < 0) {
        if (errno != EINTR) {
            al_raise_os_error(errno);
            return count;
        }
        if (!tell_interrupt(s))
            return count;
        if (wait > 0)
            wait = (int)fmax(0, ceil((deadline - clock.ops->now(NULL)) * 1e3));
    }
    return count;
}

static bool epoll_select(void *self, double timeout, al_fd_events *events)
{
    epoll_selector *s = self;
    size_t most = s->watched ? s->watched : 1;
    int wait, count;

    if (!milliseconds(timeout, &wait))
        return false;
    s->reported = al_grow(s->reported, &s->report_capacity, most,
                          sizeof *s->reported);
    count = wait_for(s, (int)most, wait);
    if (count < 0)
        return false;
    for (int i = 0; i < count; i++) {
        int fd = s->reported[i].data.fd;
        unsigned watched = mask_at(s, fd);

        if (watched)
            al_fd_events_add(events, fd,
                             mask_of(s->reported[i].events) & watched);
    }
    return true;
}

/* -- life --------------------------------------------------------------- */

static void epoll_free(void *self)
{
    epoll_selector *s = self;
    epoll_selector *expected = s;

    atomic_compare_exchange_strong(&signals_to, &expected, NULL);
    if (atomic_load(&interrupts_to) == s)
        epoll_catch_signal(s, SIGINT, false);
    close(s->epoll_fd);
    al_free(s->masks);
    al_free(s->reported);
    al_free(s);
}

static const al_selector_ops epoll_ops = {
    .name = "epoll",
    .watch = epoll_watch,
    .begin_turn = epoll_begin_turn,
    .select = epoll_select,
    .open_self = epoll_open_self,
    .write_self = epoll_write_self,
    .read_self = epoll_read_self,
    .close_self = epoll_close_self,
    .wake_by_signals = epoll_wake_by_signals,
    .catch_signal = epoll_catch_signal,
    .catch_interrupt = epoll_catch_interrupt,
    .release_interrupt = epoll_release_interrupt,
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
