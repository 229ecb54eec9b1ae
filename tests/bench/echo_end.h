/* echo_end.h - one end of a W7 connection, for the contenders that do their
 * own reading and writing: raw epoll, and the core over its epoll selector.
 *
 * A client that has its whole message back sends the next; a server sends
 * back what it gets.  What the socket does not take waits in `out` until it
 * is writable: is_waiting tells the contender to watch for that. */
#ifndef AL_ECHO_END_H
#define AL_ECHO_END_H

#include <stdbool.h>
#include <stddef.h>
#include "tests/bench/bench.h"

typedef struct echo_end {
    int fd;
    bool is_client;
    bool is_waiting;        /* for fd to become writable */
    size_t got;             /* client: bytes of the message that are back */
    size_t start, count;    /* what of `out` is still to be sent */
    char out[W7_BYTES];
} echo_end;

typedef struct echo {
    bench_sockets sockets;
    echo_end ends[2 * W7_CONNECTIONS]; /* clients first */
    uint64_t trips;
} echo;

void echo_open(echo *e);
void echo_close(echo *e);
void echo_start(echo_end *end);           /* client: send the first message */
void echo_read(echo *e, echo_end *end);   /* fd is readable */
void echo_write(echo_end *end);           /* fd is writable */

static inline bool echo_is_done(const echo *e)
{
    return e->trips >= W7_TRIPS;
}

#endif
