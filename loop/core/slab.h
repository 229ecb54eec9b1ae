/* slab.h - storage for handles: fixed-size pieces, recycled last-in
 * first-out, so that a busy loop keeps touching the same cache lines. */
#ifndef AL_SLAB_H
#define AL_SLAB_H

#include <stddef.h>

typedef struct al_slab_block al_slab_block;
typedef struct al_slab_piece al_slab_piece;

typedef struct al_slab { /* zero-initialise, then set size */
    size_t size;         /* of a piece, in bytes */
    al_slab_piece *free;
    al_slab_block *blocks;
} al_slab;

struct al_slab_piece {
    al_slab_piece *next;
};

void al_slab_refill(al_slab *slab);
void al_slab_release(al_slab *slab); /* all pieces at once */

static inline void *al_slab_get_plain(al_slab *slab) /* not when empty */
{
    al_slab_piece *piece = slab->free;

    slab->free = piece->next;
    return piece;
}

static inline void *al_slab_get(al_slab *slab) /* uninitialised */
{
    if (!slab->free)
        al_slab_refill(slab);
    return al_slab_get_plain(slab);
}

static inline void al_slab_put(al_slab *slab, void *memory)
{
    al_slab_piece *piece = memory;

    piece->next = slab->free;
    slab->free = piece;
}

#endif
