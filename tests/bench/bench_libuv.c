/* bench_libuv.c - libuv, as a user who wants speed would use it.
 *
 * Fairness.  libuv's clock is real and counts whole milliseconds, so a delay
 * of up to 1000 s becomes one of up to 50 ms, due when all are scheduled
 * (W2: of up to 2 ms, due a pass later): next to nothing is waited for, and
 * what is measured is scheduling and firing.  Loop and handles are made anew
 * in each round, as the core's are; but they are not closed, for a million
 * uv_close would only count against libuv. */
#include "tests/bench/bench.h"

#include <uv.h>
#include "loop/base/alloc.h"

static uv_loop_t loop;
static uv_timer_t *timers;
static uv_idle_t idles[W4B_BATCH];
static uint64_t fired, target;

static uint64_t scaled_delay(double longest)
{
    return (uint64_t)(bench_delay(bench_random()) * 1e-3 * longest);
}

static void count(uv_timer_t *timer)
{
    (void)timer;
    fired++;
}

static void rearm(uv_timer_t *timer)
{
    if (++fired >= target)
        uv_stop(timer->loop);
    else
        uv_timer_start(timer, rearm, scaled_delay(2), 0);
}

static void begin(uint64_t fires)
{
    fired = 0;
    target = fires;
    uv_loop_init(&loop);
}

static void make_timers(size_t n)
{
    timers = al_realloc_array(NULL, n, sizeof *timers);
    for (size_t i = 0; i < n; i++)
        uv_timer_init(&loop, &timers[i]);
}

static uint64_t finish(uint64_t operations)
{
    al_free(timers);
    timers = NULL;
    return operations;
}

static void schedule(size_t n, uv_timer_cb call, double longest)
{
    make_timers(n);
    for (size_t i = 0; i < n; i++)
        uv_timer_start(&timers[i], call, scaled_delay(longest), 0);
}

static uint64_t w1(void)
{
    begin(W1_TIMERS);
    schedule(W1_TIMERS, count, 50);
    uv_run(&loop, UV_RUN_DEFAULT);
    return finish(fired);
}

static uint64_t w2(void)
{
    begin(W2_FIRES);
    schedule(W2_TIMERS, rearm, 2);
    uv_run(&loop, UV_RUN_DEFAULT);
    return finish(fired);
}

static uint64_t w3(void)
{
    const uint32_t *order = bench_cancel_order();

    begin(W3_TIMERS / 10);
    schedule(W3_TIMERS, count, 50);
    for (size_t i = 0; i < W3_TIMERS / 10 * 9; i++)
        uv_timer_stop(&timers[order[i]]);
    uv_run(&loop, UV_RUN_DEFAULT);
    return finish(W3_TIMERS);
}

/* A timer of no delay runs before the turn is over, which call_soon must
 * not, and so without the turn's system call: for one callback at a time
 * that is the cheapest. */
static void ping(uv_timer_t *timer)
{
    if (++fired >= target)
        uv_stop(timer->loop);
    else
        uv_timer_start(timer, ping, 0, 0);
}

static uint64_t w4(void)
{
    begin(W4_CALLS);
    make_timers(1);
    uv_timer_start(&timers[0], ping, 0, 0);
    uv_run(&loop, UV_RUN_DEFAULT);
    return finish(fired);
}

/* For a thousand it is the idle handle, which runs once a turn. */
static void idle(uv_idle_t *handle)
{
    if (++fired >= target)
        uv_stop(handle->loop);
}

static uint64_t w4b(void)
{
    begin(W4_CALLS);
    for (size_t i = 0; i < W4B_BATCH; i++) {
        uv_idle_init(&loop, &idles[i]);
        uv_idle_start(&idles[i], idle);
    }
    uv_run(&loop, UV_RUN_DEFAULT);
    return fired;
}

const bench_entry bench_libuv[] = {
    {"W1", "libuv", w1}, {"W2", "libuv", w2},   {"W3", "libuv", w3},
    {"W4", "libuv", w4}, {"W4b", "libuv", w4b}, {NULL, NULL, NULL},
};
