/* ready.h - the ready queue: a ring of handles, collections.deque's part. */
#ifndef AL_READY_H
#define AL_READY_H

#include <stdbool.h>
#include <stddef.h>

typedef struct al_handle al_handle;

typedef struct al_ready { /* zero-initialise */
    al_handle **ring;
    size_t mask; /* capacity - 1; capacity is 0 or a power of two */
    size_t head, count;
} al_ready;

void al_ready_release(al_ready *ready);
void al_ready_grow(al_ready *ready);

static inline bool al_ready_is_full(const al_ready *ready)
{
    return !ready->ring || ready->count > ready->mask;
}

/* Where it is known not to be full. */
static inline void al_ready_push_plain(al_ready *ready, al_handle *handle)
{
    ready->ring[(ready->head + ready->count++) & ready->mask] = handle;
}

static inline void al_ready_push(al_ready *ready, al_handle *handle)
{
    if (al_ready_is_full(ready))
        al_ready_grow(ready);
    al_ready_push_plain(ready, handle);
}

static inline al_handle *al_ready_pop(al_ready *ready) /* not when empty */
{
    al_handle *handle = ready->ring[ready->head];

    ready->head = (ready->head + 1) & ready->mask;
    ready->count--;
    return handle;
}

static inline al_handle *al_ready_peek(const al_ready *ready, size_t index)
{
    return ready->ring[(ready->head + index) & ready->mask];
}

#endif
