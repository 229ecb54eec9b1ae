/* ready.c - the ready queue; see ready.h. */
#include "loop/core/ready.h"

#include <string.h>
#include "loop/base/alloc.h"

void al_ready_release(al_ready *ready)
{
    al_free(ready->ring);
    *ready = (al_ready){0};
}

void al_ready_grow(al_ready *ready)
{
    size_t old = ready->ring ? ready->mask + 1 : 0;
    size_t capacity = old ? old * 2 : 64;
    al_handle **ring = al_realloc_array(NULL, capacity, sizeof *ring);

    for (size_t i = 0; i < ready->count; i++)
        ring[i] = al_ready_peek(ready, i);
    al_free(ready->ring);
    *ready = (al_ready){ring, capacity - 1, 0, ready->count};
}
