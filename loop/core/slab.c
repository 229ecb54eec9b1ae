/* slab.c - see slab.h. */
#include "loop/core/slab.h"

#include "loop/base/alloc.h"

enum { PIECES_PER_BLOCK = 1024 };

struct al_slab_block {
    al_slab_block *next;
    void *unused; /* keeps the pieces aligned to 16 bytes */
    char pieces[];
};

/* A new block's pieces are handed out in order of address. */
void al_slab_refill(al_slab *slab)
{
    al_slab_block *block =
        al_alloc(sizeof *block + PIECES_PER_BLOCK * slab->size);

    block->next = slab->blocks;
    slab->blocks = block;
    for (size_t i = PIECES_PER_BLOCK; i-- > 0;)
        al_slab_put(slab, block->pieces + i * slab->size);
}

void al_slab_release(al_slab *slab)
{
    while (slab->blocks) {
        al_slab_block *next = slab->blocks->next;

        al_free(slab->blocks);
        slab->blocks = next;
    }
    slab->free = NULL;
}
