/* happenings.h - what will happen in the world, in order of time.
 *
 * What is to happen at the same time happens in the order in which it was
 * added.  A heap: a hundred thousand threads may sleep at once, and each may
 * be woken before its time. */
#ifndef AL_HAPPENINGS_H
#define AL_HAPPENINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct al_sim_thread al_sim_thread;

typedef enum al_happening_kind {
    AL_HAPPENS_FD,
    AL_HAPPENS_SIGNAL,
    AL_HAPPENS_THREAD,
    AL_HAPPENS_STEP /* a thread goes on */
} al_happening_kind;

typedef struct al_happening {
    double at;
    uint64_t number; /* in the order in which they were added */
    size_t place;    /* in the heap */
    al_happening_kind kind;
    union {
        struct {
            int number, readable, writable; /* 1, 0, or -1: unchanged */
        } fd;
        int sig;
        struct {
            const char *name; /* borrowed */
            size_t index;
        } thread;
        al_sim_thread *step;
    } is;
} al_happening;

typedef struct al_happenings { /* zero-initialise */
    al_happening **items;
    size_t count, capacity;
    uint64_t last;
} al_happenings;

void al_happenings_release(al_happenings *all);

/* A new one, of the list, whose `is` is to be filled in. */
al_happening *al_happenings_add(al_happenings *all, double at,
                                al_happening_kind kind);

/* The next; NULL: none.  It stays in the list. */
const al_happening *al_happenings_peek(const al_happenings *all);

/* Take one out, and free it. */
void al_happenings_remove(al_happenings *all, al_happening *h);

#endif
