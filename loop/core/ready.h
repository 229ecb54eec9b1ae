/* ready.h - the ready queue: a ring of handles, collections.deque's part. */
#ifndef AL_READY_H
#define AL_READY_H

#include <stdbool.h>
#include <stddef.h>

typedef struct al_handle al_handle;

typedef struct al_ready { /* zero-initialise */
    al_handle **ring;
    size_t capacity;   /* 0 or a power of two */
    size_t head, tail; /* every handle has a number, by order of arrival: from
                          head on they are here, tail is the next one's */
} al_ready;

void al_ready_release(al_ready *ready);
void al_ready_grow(al_ready *ready);

static inline size_t al_ready_count(const al_ready *ready)
{
    return ready->tail - ready->head;
}

static inline bool al_ready_is_full(const al_ready *ready)
{
    return al_ready_count(ready) == ready->capacity;
}

static inline al_handle **al_ready_place(const al_ready *ready, size_t number)
{
    return &ready->ring[number & (ready->capacity - 1)];
}

static inline al_handle *al_ready_peek(const al_ready *ready, size_t index)
{
    return *al_ready_place(ready, ready->head + index);
}

/* Where it is known not to be full. */
static inline void al_ready_push_plain(al_ready *ready, al_handle *handle)
{
    *al_ready_place(ready, ready->tail++) = handle;
}

static inline void al_ready_push(al_ready *ready, al_handle *handle)
{
    if (al_ready_is_full(ready))
        al_ready_grow(ready);
    al_ready_push_plain(ready, handle);
}

static inline al_handle *al_ready_pop(al_ready *ready) /* not when empty */
{
    return *al_ready_place(ready, ready->head++);
}

#endif
