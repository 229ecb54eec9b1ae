/* selector.h - the seam through which the loop waits for the world.
 *
 * It stands for Python's selectors.BaseSelector and for the self-pipe: the
 * one descriptor of the loop's own, by which another thread (or a signal)
 * ends a select early.  All calls but write_self come from the loop's
 * thread. */
#ifndef AL_SELECTOR_H
#define AL_SELECTOR_H

#include <stdbool.h>
#include <stddef.h>
#include "loop/base/text.h"

enum { AL_READ = 1, AL_WRITE = 2 }; /* EVENT_READ, EVENT_WRITE */

typedef struct al_fd_event {
    int fd;
    unsigned mask; /* of AL_READ, AL_WRITE */
} al_fd_event;

typedef struct al_fd_events { /* what one select reports, in order */
    al_fd_event *items;
    size_t count, capacity;
} al_fd_events;

void al_fd_events_add(al_fd_events *events, int fd, unsigned mask);
void al_fd_events_release(al_fd_events *events);

typedef struct al_selector_ops {
    const char *name;

    /* Watch fd for exactly `mask` from now on; 0 stops watching.  False:
     * raised OSError (the fd cannot be watched). */
    bool (*watch)(void *self, int fd, unsigned mask);

    /* Wait until a watched fd is ready or `timeout` seconds have passed (a
     * negative timeout: for ever), and add what is ready to `events`, at
     * most one entry an fd.  False: raised. */
    bool (*select)(void *self, double timeout, al_fd_events *events);

    /* The self-pipe: open and return its reading end, which the loop then
     * watches; write a byte (from any thread, or a signal handler); read
     * what has gathered, at most `size` bytes, 0 when empty; close. */
    int (*open_self)(void *self);
    void (*write_self)(void *self, unsigned char byte);
    size_t (*read_self)(void *self, unsigned char *bytes, size_t size);
    void (*close_self)(void *self);

    /* Have signal `sig` written to a self-pipe, or leave it to its default
     * again; 0: to this self-pipe (of all loops), or to none.  NULL: signals
     * are not supported.  False: raised. */
    bool (*catch_signal)(void *self, int sig, bool on);

    /* How traces name fd; NULL: its number. */
    void (*name_fd)(void *self, int fd, al_text *out);

    void (*free)(void *self);
} al_selector_ops;

typedef struct al_selector {
    const al_selector_ops *ops;
    void *self;
} al_selector;

/* Linux's epoll, level-triggered, with a real self-pipe.  Timeouts are
 * rounded up to milliseconds, as selectors.EpollSelector does.  NULL ops:
 * raised OSError. */
al_selector al_epoll_selector(void);

#endif
