/* slab.c - see slab.h. */
#include "loop/core/slab.h"

#include <stdint.h>
#include "loop/base/alloc.h"

/* Pieces begin on a cache line: one of 64 bytes costs one miss, not two. */
enum { PIECES_PER_BLOCK = 1024, LINE = 64 };

struct al_slab_block {
    al_slab_block *next;
    char storage[];
};

static char *first_piece(al_slab_block *block)
{
    return block->storage + (-(uintptr_t)block->storage & (LINE - 1));
}

/* A new block's pieces are handed out in order of address. */
void al_slab_refill(al_slab *slab)
{
    al_slab_block *block =
        al_alloc(sizeof *block + PIECES_PER_BLOCK * slab->size + LINE);
    char *pieces = first_piece(block);

    block->next = slab->blocks;
    slab->blocks = block;
    for (size_t i = PIECES_PER_BLOCK; i-- > 0;)
        al_slab_put(slab, pieces + i * slab->size);
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
