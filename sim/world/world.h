/* world.h - what is outside the loop: virtual time, fds, signals, threads.
 *
 * A world gives every loop of a run the same virtual clock, and each a mock
 * selector.  Only select and simulated work (al_world_busy) move the clock;
 * what the scenario lists happens exactly at its time, also in the middle of
 * such work. */
#ifndef AL_WORLD_H
#define AL_WORLD_H

#include <stdatomic.h>
#include "loop/core/loop.h"
#include "loop/io/threads.h"

typedef struct al_world al_world;

/* A level of the logger's: the text says so in its first line, and beneath who
 * waits for what, as al_world_add_waiting does. */
#define AL_LOG_DEADLOCK "DEADLOCK"

typedef struct al_world_options {
    double start;        /* seconds shown at the beginning */
    double resolution;   /* what the clock says of itself */
    double tick;         /* granularity of time(); 0: exact */
    double until;        /* limit of virtual time; negative: none */
    uint64_t iterations; /* limit of turns; 0: none */
    uint64_t standstill; /* of turns while time stands still; 0: none */
    al_observer observer;
    al_logger logger;    /* told what ends a thread, and of a deadlock, as
                            AL_LOG_DEADLOCK; NULL ops: none */
    const atomic_bool *interrupted; /* set: the run ends; may be NULL */
} al_world_options;

/* What whoever runs the scenario keeps of a thread that does not run. */
typedef struct al_world_stack {
    union {
        void *pointer;
        size_t number;
    } words[4];
} al_world_stack;

typedef struct al_world_actor {
    /* Run item `index`, in its simulated thread, which is current.  False:
     * raised. */
    bool (*act)(void *self, size_t index);

    /* Exchange the running thread's stack for another; zeroes: an empty
     * one. */
    void (*swap)(void *self, al_world_stack *stack);

    /* Where the running thread's stack is: "work() pool.json:12"; nothing
     * where it runs none of the scenario. */
    void (*add_place)(void *self, al_text *out);
} al_world_actor;

al_world *al_world_new(const al_world_options *options);
void al_world_free(al_world *world); /* after its loops are gone */

/* A name's fd number; declares it on first use. */
int al_world_fd(al_world *world, const char *name);

/* What will happen, in order of time; to be said before the run. */
void al_world_add_fd(al_world *world, double at, int fd, int readable,
                     int writable); /* 1, 0, or -1: unchanged */
void al_world_add_signal(al_world *world, double at, int sig);
void al_world_add_thread(al_world *world, double at, const char *name,
                         size_t index);
void al_world_set_actor(al_world *world, const al_world_actor *actor,
                        void *self);

/* The seams for a loop.  The selector belongs to the loop made with it, and
 * is told which one that is. */
al_clock al_world_clock(al_world *world);
al_selector al_world_selector(al_world *world);
void al_world_set_loop(al_selector selector, al_loop *loop);

/* Its threads, for al_set_threads: they run one at a time, in virtual time.
 * AL_CPU_COUNT is their os.process_cpu_count(). */
enum { AL_CPU_COUNT = 4 };
al_threads *al_world_threads(al_world *world);

/* At the end of a run: let every thread end, by raising LimitReached in those
 * that wait; one that has not begun begins now.  The scenario's own code must
 * not run any more. */
void al_world_end_threads(al_world *world);

/* Work that takes `seconds` of virtual time.  False: raised. */
bool al_world_busy(al_world *world, double seconds);

/* Drain: no longer readable (writable); was it? */
bool al_world_read(al_world *world, int fd);
bool al_world_write(al_world *world, int fd);

double al_world_now(const al_world *world); /* as time() shows it */

/* What was raised just now, a limit or a deadlock, ends the run: it is noted,
 * if it is the first, for a script may catch it.  False. */
bool al_world_end(al_world *world);

/* That limit or deadlock; borrowed; NULL: none so far. */
const al_exception *al_world_ending(const al_world *world);

/* After a deadlock, the first: add what its loop still waited for, as "; still waiting:
 * conn (readable)", nothing where it watched no fd; and who waited for whom,
 * as al_graph_add_waits tells it. */
void al_world_add_waiting(const al_world *world, al_text *fds, al_text *tasks);

#endif
