/* bench_libevent.c - libevent, as a user who wants speed would use it.
 *
 * Fairness.  libevent's clock is real, so a delay of up to 1000 s becomes
 * one of up to 1 ms: same delays, same order, but all due by the time the
 * loop looks, so that nothing is waited for: what is measured is scheduling
 * and firing.  Base and events are made anew in each round, as the core's
 * are; the events are one array, which the core's handles cannot be. */
#include "tests/bench/bench.h"

#include <event2/event.h>
#include <event2/event_struct.h>
#include "loop/base/alloc.h"

static struct event_base *base;
static struct event *timers;
static uint64_t fired, target;

static struct timeval scaled_delay(void)
{
    double delay = bench_delay(bench_random()); /* s, taken as us */

    return (struct timeval){.tv_usec = (suseconds_t)delay};
}

static void count(evutil_socket_t fd, short events, void *arg)
{
    (void)fd;
    (void)events;
    (void)arg;
    fired++;
}

static void rearm(evutil_socket_t fd, short events, void *timer)
{
    struct timeval delay = scaled_delay();

    (void)fd;
    (void)events;
    if (++fired >= target)
        event_base_loopbreak(base);
    else
        evtimer_add(timer, &delay);
}

static void ping(evutil_socket_t fd, short events, void *timer)
{
    (void)fd;
    (void)events;
    if (++fired >= target)
        event_base_loopbreak(base);
    else
        event_active(timer, EV_TIMEOUT, 0);
}

/* Without locks, as this is one thread. */
static struct event_base *new_base(void)
{
    struct event_config *config = event_config_new();
    struct event_base *made;

    event_config_set_flag(config, EVENT_BASE_FLAG_NOLOCK);
    made = event_base_new_with_config(config);
    event_config_free(config);
    return made;
}

static void begin(uint64_t fires, size_t n, event_callback_fn call)
{
    fired = 0;
    target = fires;
    base = new_base();
    timers = al_realloc_array(NULL, n, sizeof *timers);
    for (size_t i = 0; i < n; i++)
        evtimer_assign(&timers[i], base, call, &timers[i]);
}

static uint64_t finish(uint64_t operations)
{
    event_base_free(base);
    al_free(timers);
    return operations;
}

static void schedule(size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct timeval delay = scaled_delay();

        evtimer_add(&timers[i], &delay);
    }
}

static void cancel_first(size_t n)
{
    for (size_t i = 0; i < n; i++)
        evtimer_del(&timers[i]);
}

static uint64_t w1(void)
{
    begin(W1_TIMERS, W1_TIMERS, count);
    schedule(W1_TIMERS);
    event_base_dispatch(base);
    return finish(fired);
}

static uint64_t w2(void)
{
    begin(W2_FIRES, W2_TIMERS, rearm);
    schedule(W2_TIMERS);
    event_base_dispatch(base);
    cancel_first(W2_TIMERS);
    return finish(fired);
}

static uint64_t w3(void)
{
    const uint32_t *order = bench_cancel_order();

    begin(W3_TIMERS / 10, W3_TIMERS, count);
    schedule(W3_TIMERS);
    for (size_t i = 0; i < W3_TIMERS / 10 * 9; i++)
        evtimer_del(&timers[order[i]]);
    event_base_dispatch(base);
    return finish(W3_TIMERS);
}

/* Activating an event is the cheapest: it runs before the turn is over,
 * which call_soon must not, and so without the turn's system call. */
static uint64_t ping_pong(size_t batch)
{
    begin(W4_CALLS, batch, ping);
    for (size_t i = 0; i < batch; i++)
        event_active(&timers[i], EV_TIMEOUT, 0);
    event_base_dispatch(base);
    cancel_first(batch);
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

const bench_entry bench_libevent[] = {
    {"W1", "libevent", w1},   {"W2", "libevent", w2},
    {"W3", "libevent", w3},   {"W4", "libevent", w4},
    {"W4b", "libevent", w4b}, {NULL, NULL, NULL},
};
