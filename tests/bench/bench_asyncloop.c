/* bench_asyncloop.c - the core, nobody watching, on a clock that the
 * selector moves: no system call in between.
 *
 * The rivals' clocks are real, their delays therefore scaled until nothing
 * is waited for, and whatever is scheduled is due when they look.  For the
 * core to do the same work this clock leaps beyond all that is scheduled,
 * where it would have to wait. */
#include "tests/bench/bench.h"

#include "loop/asyncloop.h"
#include "loop/base/alloc.h"

enum { LEAP = 1000 }; /* seconds; bench_delay() stays below */

typedef struct still_world {
    double now;
} still_world;

static double world_now(void *self)
{
    return ((still_world *)self)->now;
}

static double world_resolution(void *self)
{
    (void)self;
    return 1e-9;
}

static bool world_watch(void *self, int fd, unsigned mask)
{
    (void)self;
    (void)fd;
    (void)mask;
    return true;
}

static bool world_select(void *self, double timeout, al_fd_events *events)
{
    (void)events;
    if (timeout > 0)
        ((still_world *)self)->now += LEAP;
    return true;
}

static int world_open_self(void *self)
{
    (void)self;
    return 0;
}

static void world_write_self(void *self, unsigned char byte)
{
    (void)self;
    (void)byte;
}

static size_t world_read_self(void *self, unsigned char *bytes, size_t size)
{
    (void)self;
    (void)bytes;
    (void)size;
    return 0;
}

static void world_close_self(void *self)
{
    (void)self;
}

static const al_clock_ops clock_ops = {"still", world_now, world_resolution};
static const al_selector_ops selector_ops = {
    .name = "still",
    .watch = world_watch,
    .select = world_select,
    .open_self = world_open_self,
    .write_self = world_write_self,
    .read_self = world_read_self,
    .close_self = world_close_self,
};

static still_world world;

al_loop *bench_new_loop(void)
{
    world.now = 0;
    return al_loop_new((al_clock){&clock_ops, &world},
                       (al_selector){&selector_ops, &world},
                       (al_observer){0}, NULL);
}

static uint64_t fired;
static uint64_t target;

static bool count(al_loop *loop, void *self)
{
    (void)self;
    if (++fired == target)
        al_loop_stop(loop);
    return true;
}

static const al_callable counter = {.name = "count", .call = count};

/* -- W1: timers scheduled and fired -------------------------------------- */

static uint64_t w1(void)
{
    al_loop *loop = bench_new_loop();

    fired = 0;
    target = W1_TIMERS;
    for (int i = 0; i < W1_TIMERS; i++)
        al_loop_call_later(loop, bench_delay(bench_random()),
                           (al_callback){&counter, NULL}, NULL);
    al_loop_run_forever(loop);
    al_unref(loop);
    return W1_TIMERS;
}

/* -- W2: timers that re-arm ---------------------------------------------- */

static bool rearm(al_loop *loop, void *self);
static const al_callable rearmer = {.name = "rearm", .call = rearm};

static bool rearm(al_loop *loop, void *self)
{
    (void)self;
    if (++fired >= target)
        al_loop_stop(loop);
    else
        al_loop_call_later(loop, bench_delay(bench_random()),
                           (al_callback){&rearmer, NULL}, NULL);
    return true;
}

static uint64_t w2(void)
{
    al_loop *loop = bench_new_loop();

    fired = 0;
    target = W2_FIRES;
    for (int i = 0; i < W2_TIMERS; i++)
        al_loop_call_later(loop, bench_delay(bench_random()),
                           (al_callback){&rearmer, NULL}, NULL);
    al_loop_run_forever(loop);
    al_unref(loop);
    return W2_FIRES;
}

/* -- W3: nine in ten cancelled ------------------------------------------- */

static uint64_t w3(void)
{
    const uint32_t *order = bench_cancel_order();
    al_loop *loop = bench_new_loop();
    al_handle **handles = al_alloc(W3_TIMERS * sizeof *handles);

    fired = 0;
    target = W3_TIMERS / 10;
    for (int i = 0; i < W3_TIMERS; i++)
        handles[i] = al_loop_call_later(loop, bench_delay(bench_random()),
                                        (al_callback){&counter, NULL}, NULL);
    for (int i = 0; i < W3_TIMERS / 10 * 9; i++)
        al_handle_cancel(handles[order[i]]);
    al_loop_run_forever(loop);
    al_free(handles);
    al_unref(loop);
    return W3_TIMERS;
}

/* -- W4: call_soon, one at a time and in batches -------------------------- */

static bool ping(al_loop *loop, void *self);
static const al_callable pinger = {.name = "ping", .call = ping};

static bool ping(al_loop *loop, void *self)
{
    (void)self;
    if (++fired >= target)
        al_loop_stop(loop);
    else
        al_loop_call_soon(loop, (al_callback){&pinger, NULL}, NULL);
    return true;
}

static uint64_t ping_pong(int batch)
{
    al_loop *loop = bench_new_loop();

    fired = 0;
    target = W4_CALLS;
    for (int i = 0; i < batch; i++)
        al_loop_call_soon(loop, (al_callback){&pinger, NULL}, NULL);
    al_loop_run_forever(loop);
    al_unref(loop);
    return W4_CALLS;
}

static uint64_t w4(void)
{
    return ping_pong(1);
}

static uint64_t w4b(void)
{
    return ping_pong(W4B_BATCH);
}

const bench_entry bench_asyncloop[] = {
    {"W1", "asyncloop", w1},   {"W2", "asyncloop", w2},
    {"W3", "asyncloop", w3},   {"W4", "asyncloop", w4},
    {"W4b", "asyncloop", w4b}, {NULL, NULL, NULL},
};
