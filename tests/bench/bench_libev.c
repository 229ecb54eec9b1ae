/* bench_libev.c - libev, as a user who wants speed would use it.
 *
 * Fairness.  libev's clock is real, so a delay of up to 1000 s becomes one
 * of up to 1 ms: same delays, same order, but all due by the time the loop
 * looks, so that nothing is waited for: what is measured is scheduling and
 * firing.  Loop and watchers are made anew in each round, as the core's are;
 * the watchers are one array, which the core's handles cannot be. */
#include "tests/bench/bench.h"

#include <ev.h>
#include "loop/base/alloc.h"

static struct ev_loop *loop;
static ev_timer *timers;
static uint64_t fired, target;

static double scaled_delay(void)
{
    return bench_delay(bench_random()) * 1e-6;
}

static void count(struct ev_loop *l, ev_timer *timer, int events)
{
    (void)l;
    (void)timer;
    (void)events;
    fired++;
}

static void rearm(struct ev_loop *l, ev_timer *timer, int events)
{
    (void)events;
    if (++fired >= target) {
        ev_break(l, EVBREAK_ALL);
        return;
    }
    ev_timer_set(timer, scaled_delay(), 0);
    ev_timer_start(l, timer);
}

static void ping(struct ev_loop *l, ev_timer *timer, int events)
{
    if (++fired >= target)
        ev_break(l, EVBREAK_ALL);
    else
        ev_feed_event(l, timer, events);
}

static void begin(uint64_t fires)
{
    fired = 0;
    target = fires;
    loop = ev_loop_new(EVFLAG_AUTO);
}

static uint64_t finish(uint64_t operations)
{
    ev_loop_destroy(loop);
    al_free(timers);
    timers = NULL;
    return operations;
}

static void schedule(size_t n, void (*call)(struct ev_loop *, ev_timer *, int))
{
    timers = al_realloc_array(NULL, n, sizeof *timers);
    for (size_t i = 0; i < n; i++) {
        ev_timer_init(&timers[i], call, scaled_delay(), 0);
        ev_timer_start(loop, &timers[i]);
    }
}

static uint64_t w1(void)
{
    begin(W1_TIMERS);
    schedule(W1_TIMERS, count);
    ev_run(loop, 0);
    return finish(fired);
}

static uint64_t w2(void)
{
    begin(W2_FIRES);
    schedule(W2_TIMERS, rearm);
    ev_run(loop, 0);
    return finish(fired);
}

static uint64_t w3(void)
{
    const uint32_t *order = bench_cancel_order();

    begin(W3_TIMERS / 10);
    schedule(W3_TIMERS, count);
    for (size_t i = 0; i < W3_TIMERS / 10 * 9; i++)
        ev_timer_stop(loop, &timers[order[i]]);
    ev_run(loop, 0);
    return finish(W3_TIMERS);
}

/* Feeding an event is the cheapest: it runs before the turn is over, which
 * call_soon must not, and so without the turn's system call. */
static uint64_t ping_pong(size_t batch)
{
    begin(W4_CALLS);
    timers = al_realloc_array(NULL, batch, sizeof *timers);
    for (size_t i = 0; i < batch; i++) {
        ev_timer_init(&timers[i], ping, 0, 0); /* never started, only fed */
        ev_feed_event(loop, &timers[i], EV_CUSTOM);
    }
    ev_ref(loop);
    ev_run(loop, EVRUN_ONCE);
    ev_unref(loop);
    for (size_t i = 0; i < batch; i++)
        ev_clear_pending(loop, &timers[i]);
    return finish(fired);
}

static uint64_t w4(void)
{
    return ping_pong(1);
}

static uint64_t w4b(void)
{
    return ping_pong(W4B_BATCH);
}

const bench_entry bench_libev[] = {
    {"W1", "libev", w1}, {"W2", "libev", w2},   {"W3", "libev", w3},
    {"W4", "libev", w4}, {"W4b", "libev", w4b}, {NULL, NULL, NULL},
};
