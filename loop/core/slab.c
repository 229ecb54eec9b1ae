/* slab.c - see slab.h.
 *
 * Blocks double in size, and of the big ones the kernel is asked to use big
 * pages: a million timers lie in 64 MB, and cancelling them in random order
 * spends most of its time on finding the pages.  A block's pieces are handed
 * out a batch at a time, so that what is not needed is never touched. */
#include "loop/core/slab.h"

#include <stdint.h>
#include <sys/mman.h>
#include "loop/base/alloc.h"

/* Pieces begin on a cache line: one of 64 bytes costs one miss, not two. */
enum { BATCH = 64, MOST_BATCHES = 8192, LINE = 64 };
enum { PAGE = 4096, BIG_PAGE = 2 << 20 };

struct al_slab_block {
    al_slab_block *next;
    size_t batches, used; /* how many it has; of them handed out */
    char storage[];
};

static char *first_piece(al_slab_block *block)
{
    return block->storage + (-(uintptr_t)block->storage & (LINE - 1));
}

/* A hint: whether it is followed changes nothing but the speed. */
static void ask_for_big_pages(char *memory, size_t size)
{
#ifdef MADV_HUGEPAGE
    size_t skipped = -(uintptr_t)memory & (PAGE - 1);

    if (size > 2 * BIG_PAGE)
        madvise(memory + skipped, (size - skipped) & ~(size_t)(PAGE - 1),
                MADV_HUGEPAGE);
#else
    (void)memory;
    (void)size;
#endif
}

static al_slab_block *new_block(const al_slab *slab)
{
    size_t batches = slab->blocks ? slab->blocks->batches * 2 : 1;
    al_slab_block *block;
    size_t size;

    if (batches > MOST_BATCHES)
        batches = MOST_BATCHES;
    size = batches * BATCH * slab->size + LINE;
    block = al_alloc(sizeof *block + size);
    *block = (al_slab_block){.next = slab->blocks, .batches = batches};
    ask_for_big_pages(block->storage, size);
    return block;
}

/* A batch's pieces are handed out in order of address. */
void al_slab_refill(al_slab *slab)
{
    al_slab_block *block = slab->blocks;
    char *pieces;

    if (!block || block->used == block->batches)
        block = slab->blocks = new_block(slab);
    pieces = first_piece(block) + block->used++ * BATCH * slab->size;
    for (size_t i = BATCH; i-- > 0;)
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
