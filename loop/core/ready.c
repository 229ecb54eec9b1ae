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
    al_ready grown = *ready;

    grown.capacity = ready->capacity ? ready->capacity * 2 : 64;
    grown.ring = al_realloc_array(NULL, grown.capacity, sizeof *grown.ring);
    for (size_t i = ready->head; i != ready->tail; i++)
        *al_ready_place(&grown, i) = *al_ready_place(ready, i);
    al_free(ready->ring);
    *ready = grown;
}
