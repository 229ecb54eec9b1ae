/* bench_libev.c - libev, as a user who wants speed would use it.
 *
 * Fairness.  libev's clock is real, so a delay of up to 1000 s becomes one
 * of up to 1 ms: same delays, same order, but all due by the time the loop
 * looks, so that nothing is waited for.  That lets libev fire thousands of
 * timers in one turn where the core, on its virtual clock, makes a turn for
 * each: an advantage that it keeps.  Loop and watchers are made in the first
 * round, which the median leaves out. */
#include "tests/bench/bench.h"

#include <ev.h>
#include "loop/base/alloc.h"

static struct ev_loop *loop;
static ev_timer *timers;
static ev_timer *calls; /* W4: timers that are only ever fed */
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
    if (!loop) {
        loop = ev_loop_new(EVFLAG_AUTO);
        timers = al_alloc_zero(W1_TIMERS, sizeof *timers);
        calls = al_alloc_zero(W4B_BATCH, sizeof *calls);
    }
    ev_now_update(loop);
}

static void schedule(size_t n, void (*call)(struct ev_loop *, ev_timer *, int))
{
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
    return fired;
}

static uint64_t w2(void)
{
    begin(W2_FIRES);
    schedule(W2_TIMERS, rearm);
    ev_run(loop, 0);
    for (size_t i = 0; i < W2_TIMERS; i++)
        ev_timer_stop(loop, &timers[i]);
    return fired;
}

static uint64_t w3(void)
{
    const uint32_t *order = bench_cancel_order();

    begin(W3_TIMERS / 10);
    schedule(W3_TIMERS, count);
    for (size_t i = 0; i < W3_TIMERS / 10 * 9; i++)
        ev_timer_stop(loop, &timers[order[i]]);
    ev_run(loop, 0);
    return W3_TIMERS;
}

/* Feeding an event is the cheapest: it runs before the turn is over, which
 * call_soon must not, and so without the turn's system call. */
static uint64_t ping_pong(size_t batch)
{
    begin(W4_CALLS);
    for (size_t i = 0; i < batch; i++) {
        ev_timer_init(&calls[i], ping, 0, 0);
        ev_feed_event(loop, &calls[i], EV_CUSTOM);
    }
    ev_ref(loop);
    ev_run(loop, EVRUN_ONCE);
    ev_unref(loop);
    for (size_t i = 0; i < batch; i++)
        ev_clear_pending(loop, &calls[i]);
    return fired;
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
