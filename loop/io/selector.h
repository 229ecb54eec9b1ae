/* selector.h - the seam through which the loop waits for the world.
 *
 * It stands for Python's selectors.BaseSelector, for the self-pipe (the one
 * descriptor of the loop's own, by which another thread or a signal ends
 * a select early) and for the process-wide part of Python's signal module.
 * All calls but write_self come from the loop's thread.
 *
 * Ownership: a selector belongs to the loop that was made with it, which
 * frees it when it is closed.  What is passed to its operations is borrowed
 * for the call. */
#ifndef AL_SELECTOR_H
#define AL_SELECTOR_H

#include <stdbool.h>
#include <stddef.h>
#include "loop/base/text.h"

enum { AL_READ = 1, AL_WRITE = 2 }; /* EVENT_READ, EVENT_WRITE */

enum { AL_SIGNAL_COUNT = 65 }; /* signal.NSIG: they go from 1 to 64 */

typedef struct al_fd_event {
    int fd;
    unsigned mask; /* of AL_READ, AL_WRITE */
} al_fd_event;

typedef struct al_fd_events { /* what one select reports, in order */
    al_fd_event *items;
    size_t count, capacity;
} al_fd_events;

/* Append an entry; fd is a number of the selector's own choosing. */
void al_fd_events_add(al_fd_events *events, int fd, unsigned mask);

/* Free the items and make it empty: it may be used again. */
void al_fd_events_release(al_fd_events *events);

/* What Python's handler of SIGINT does; false: it raised. */
typedef struct al_interrupt {
    bool (*call)(void *self); /* NULL: there is none */
    void *self;
} al_interrupt;

typedef struct al_selector_ops {
    const char *name; /* for people; static */

    /* Watch fd for exactly `mask` from now on; 0 stops watching, and cannot
     * fail (EpollSelector.register, modify and unregister, which passes over
     * a file that was closed meanwhile).  fd is not negative.  False: raised
     * OSError, and the fd is watched no more, not even as before. */
    bool (*watch)(void *self, int fd, unsigned mask);

    /* A turn of the loop is about to begin; NULL: nothing to do then.
     * False: raised, which ends run_forever. */
    bool (*begin_turn)(void *self);

    /* Wait until a watched fd is ready or `timeout` seconds have passed (a
     * negative timeout: for ever), and add what is ready to `events`, which
     * the loop owns and has emptied: at most one entry an fd, in the order
     * in which their callbacks shall run.  False: raised, which ends
     * run_forever. */
    bool (*select)(void *self, double timeout, al_fd_events *events);

    /* The self-pipe: open it and return its reading end, which the loop then
     * watches, or raise and return -1. */
    int (*open_self)(void *self);

    /* Write a byte, from any thread or a signal handler; 0 only wakes, any
     * other is the number of a signal.  A pipe that is full or closed takes
     * no notice. */
    void (*write_self)(void *self, unsigned char byte);

    /* Read what has gathered, at most `size` bytes; 0: the pipe is empty. */
    size_t (*read_self)(void *self, unsigned char *bytes, size_t size);

    void (*close_self)(void *self);

    /* signal.set_wakeup_fd: from now on the signals that the process catches
     * are written to this self-pipe, of all loops' (off: to none).  False:
     * raised ValueError (not the main thread) or OSError.  NULL: signals are
     * not supported; so is catch_signal then. */
    bool (*wake_by_signals)(void *self, bool on);

    /* signal.signal: have the process catch signal `sig`, a valid number, or
     * leave it to its default again.  False: raised, OSError(EINVAL) where
     * it is none that can be caught. */
    bool (*catch_signal)(void *self, int sig, bool on);

    /* signal.signal(SIGINT, handler) where SIGINT is left to its default, as
     * asyncio.Runner does.  False: it was not so, or this is not the main
     * thread, and nothing has changed.  NULL: SIGINT is not this selector's
     * affair. */
    bool (*catch_interrupt)(void *self, al_interrupt handler);

    /* Back to that default if the handler is still the one with this `self`.
     * A SIGINT that it was not called for yet, it is called for now.  False:
     * it raised. */
    bool (*release_interrupt)(void *self, const void *handler);

    /* Add how traces name fd; NULL: its number. */
    void (*name_fd)(void *self, int fd, al_text *out);

    /* Free it, closing what it has open; NULL: nothing to do. */
    void (*free)(void *self);
} al_selector_ops;

typedef struct al_selector {
    const al_selector_ops *ops;
    void *self;
} al_selector;

/* Linux's epoll, level-triggered, with a real self-pipe.  Timeouts are
 * rounded up to milliseconds, and one wait reports at most as many fds as
 * are watched, both as selectors.EpollSelector does.  Signals are caught for
 * the whole process, from whatever thread asks.  To be given to a loop; NULL
 * ops: raised OSError. */
al_selector al_epoll_selector(void);

#endif
