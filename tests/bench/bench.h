/* bench.h - timing one workload, in one process with its rivals. */
#ifndef AL_BENCH_H
#define AL_BENCH_H

#include <stddef.h>
#include <stdint.h>

/* One contender on one workload; returns operations done. */
typedef struct bench_entry {
    const char *workload; /* "W1" */
    const char *who;      /* "asyncloop" */
    uint64_t (*run)(void);
} bench_entry;

enum { W1_TIMERS = 1000000, W2_TIMERS = 10000, W2_FIRES = 2000000,
       W3_TIMERS = 1000000, W4_CALLS = 2000000, W4B_BATCH = 1000,
       W7_TRIPS = 20000, W7_CONNECTIONS = 10, W7_BYTES = 1024,
       T1_TASKS = 10000, T1_ROUNDS = 100, T2_TASKS = 1000, T2_ROUNDS = 100,
       T3_ITEMS = 200000, T3_ROOM = 10, T4_TASKS = 100000,
       T5_TASKS = 1000, T5_ROUNDS = 100 };

double bench_now(void);           /* seconds */
uint64_t bench_random(void);      /* the same sequence for everybody */
void bench_random_reset(void);
double bench_delay(uint64_t bits); /* a delay in [0, 1000) s */

/* The order in which W3 cancels; a permutation of 0..W3_TIMERS. */
const uint32_t *bench_cancel_order(void);

/* W7's sockets: TCP connections over loopback, nonblocking, without delay,
 * made before anybody starts to count.  Client i talks to server i. */
typedef struct bench_sockets {
    int clients[W7_CONNECTIONS], servers[W7_CONNECTIONS];
} bench_sockets;

void bench_sockets_open(bench_sockets *sockets);
void bench_sockets_close(bench_sockets *sockets);

/* A loop on a clock that leaps where it would have to wait: a reference. */
struct al_loop *bench_new_loop(void);

extern const bench_entry bench_floor[], bench_asyncloop[], bench_libev[],
    bench_libuv[], bench_libevent[];
extern const bench_entry bench_tasks_floor[], bench_tasks[];
extern const bench_entry bench_echo_raw[], bench_echo_asyncloop[],
    bench_echo_libuv[];

#endif
