/* bench_echo_asyncloop.c - W7 on the core over its epoll selector, with
 * add_reader and add_writer: what a protocol on it would do. */
#include "tests/bench/bench.h"

#include "loop/asyncloop.h"
#include "tests/bench/echo_end.h"

static echo e;

static bool on_readable(al_loop *loop, void *self);
static bool on_writable(al_loop *loop, void *self);

static const al_callable reader = {.name = "reader", .call = on_readable};
static const al_callable writer = {.name = "writer", .call = on_writable};

static bool wait_if_needed(al_loop *loop, echo_end *end)
{
    return !end->is_waiting ||
           al_loop_add_writer(loop, end->fd, (al_callback){&writer, end});
}

static bool on_readable(al_loop *loop, void *self)
{
    echo_end *end = self;
    bool was_waiting = end->is_waiting;

    echo_read(&e, end);
    if (echo_is_done(&e))
        al_loop_stop(loop);
    return was_waiting || wait_if_needed(loop, end);
}

static bool on_writable(al_loop *loop, void *self)
{
    echo_end *end = self;

    echo_write(end);
    if (!end->is_waiting)
        al_loop_remove_writer(loop, end->fd, NULL);
    return true;
}

static uint64_t w7(void)
{
    al_loop *loop = al_loop_new_real();

    echo_open(&e);
    for (int i = 0; i < 2 * W7_CONNECTIONS; i++) {
        echo_end *end = &e.ends[i];

        if (end->is_client)
            echo_start(end);
        al_loop_add_reader(loop, end->fd, (al_callback){&reader, end});
        wait_if_needed(loop, end);
    }
    al_loop_run_forever(loop);
    al_unref(loop);
    echo_close(&e);
    return e.trips;
}

const bench_entry bench_echo_asyncloop[] = {
    {"W7", "asyncloop", w7},
    {NULL, NULL, NULL},
};
