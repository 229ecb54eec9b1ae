/* bench_echo_raw.c - W7 on bare epoll: the least that must be done. */
#include "tests/bench/bench.h"

#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>
#include "tests/bench/echo_end.h"

enum { ENDS = 2 * W7_CONNECTIONS };

static void watch(int epoll_fd, int op, echo_end *end)
{
    struct epoll_event event = {
        .events = EPOLLIN | (end->is_waiting ? (uint32_t)EPOLLOUT : 0u),
        .data.ptr = end,
    };

    epoll_ctl(epoll_fd, op, end->fd, &event);
}

static void serve(echo *e, int epoll_fd, struct epoll_event event)
{
    echo_end *end = event.data.ptr;
    bool was_waiting = end->is_waiting;

    if (event.events & EPOLLOUT)
        echo_write(end);
    if (event.events & ~(uint32_t)EPOLLOUT)
        echo_read(e, end);
    if (end->is_waiting != was_waiting)
        watch(epoll_fd, EPOLL_CTL_MOD, end);
}

static uint64_t w7(void)
{
    static echo e;
    struct epoll_event ready[ENDS];
    int epoll_fd = epoll_create1(EPOLL_CLOEXEC);

    echo_open(&e);
    for (int i = 0; i < ENDS; i++) {
        if (e.ends[i].is_client)
            echo_start(&e.ends[i]);
        watch(epoll_fd, EPOLL_CTL_ADD, &e.ends[i]);
    }
    while (!echo_is_done(&e)) {
        int count = epoll_wait(epoll_fd, ready, ENDS, -1);

        for (int i = 0; i < count; i++)
            serve(&e, epoll_fd, ready[i]);
    }
    echo_close(&e);
    close(epoll_fd);
    return e.trips;
}

const bench_entry bench_echo_raw[] = {
    {"W7", "raw epoll", w7},
    {NULL, NULL, NULL},
};
