/* pieces.c - see pieces.h.
 *
 * Small objects are pieces of one wide range of addresses, reserved but not
 * touched, for which the kernel is asked to use big pages.  The range is cut
 * into runs; a run's pieces have one size, so an address tells a piece's.
 * What is freed is handed out again first.  Anything larger is libc's, with its
 * size written before it; libc's heap is made wide from the beginning, so that
 * it may have big pages too: what touching a fresh page costs, an array that
 * doubles pays again and again.
 *
 * What is in use is counted in units, not as libc or the kernel would: the
 * count is the same wherever the sizes asked for are. */
#include "sim/base/pieces.h"

#include <assert.h>
#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "loop/base/alloc.h"

#ifdef __has_feature
#if __has_feature(address_sanitizer) || __has_feature(memory_sanitizer)
#define AL_IS_SANITIZED 1
#endif
#endif
#ifdef __SANITIZE_ADDRESS__
#define AL_IS_SANITIZED 1
#endif

#ifdef AL_IS_SANITIZED
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(memory, size)
#define ASAN_UNPOISON_MEMORY_REGION(memory, size)
#endif

enum { UNIT = 16, LARGEST = 512, SIZES = LARGEST / UNIT };
enum {
    RUN = 1 << 16,
    RUNS = SIZE_MAX > UINT32_MAX ? 1 << 20 : 1 << 12, /* 64 GiB, or 256 MiB */
    BIG_PAGE = 2 << 20
};

#define RANGE ((size_t)RUNS * RUN)

static_assert(SIZE_MAX / RUN > RUNS, "the range's size is a size_t");

typedef struct piece {
    struct piece *next;
} piece;

typedef struct pieces_of_size {
    piece *free;
    char *fresh;  /* never handed out yet, */
    size_t left;  /* so many bytes, in the newest run */
    size_t used;  /* pieces */
} pieces_of_size;

static char *range; /* on a big page's boundary */
static size_t range_size; /* RANGE; or 0: none could be reserved */
static size_t runs_used;
static unsigned char size_of_run[RUNS]; /* in units, less one */
static pieces_of_size sizes[SIZES];
static size_t other_bytes; /* in use, but no pieces */

size_t al_pieces_used(void)
{
    size_t bytes = other_bytes;

    for (size_t i = 0; i < SIZES; i++)
        bytes += sizes[i].used * (i + 1) * UNIT;
    return bytes;
}

void al_pieces_charge(ptrdiff_t bytes)
{
    other_bytes += (size_t)bytes;
}

static bool is_piece(const void *memory)
{
    return (uintptr_t)memory - (uintptr_t)range < range_size;
}

static size_t index_of_piece(const void *memory)
{
    return size_of_run[((uintptr_t)memory - (uintptr_t)range) / RUN];
}

/* -- larger ones -------------------------------------------------------- */

/* The size stands in the unit before; nobody else is to touch it. */
static size_t *size_before(void *memory)
{
    char *head = (char *)memory - UNIT;

    ASAN_UNPOISON_MEMORY_REGION(head, UNIT);
    return (size_t *)(void *)head;
}

static void put_large(void *memory)
{
    size_t *size = size_before(memory);

    other_bytes -= *size;
    free(size);
}

/* memory: NULL, or one to become larger or smaller. */
static void *take_large(void *memory, size_t size)
{
    size_t *old = memory ? size_before(memory) : NULL;
    size_t before = old ? *old : 0;
    size_t rounded = (size + UNIT - 1) / UNIT * UNIT;
    size_t *head;

    if (rounded < size || rounded > SIZE_MAX - UNIT)
        return NULL;
    head = realloc(old, UNIT + rounded);
    if (!head)
        return NULL;
    *head = rounded;
    other_bytes += rounded - before;
    ASAN_POISON_MEMORY_REGION(head, UNIT);
    return (char *)head + UNIT;
}

/* -- pieces ------------------------------------------------------------- */

/* False: the whole range is used up. */
static bool begin_run(size_t index)
{
    if (runs_used == range_size / RUN)
        return false;
    size_of_run[runs_used] = (unsigned char)index;
    sizes[index].fresh = range + runs_used++ * RUN;
    sizes[index].left = RUN;
    return true;
}

static void *cut_piece(size_t index)
{
    pieces_of_size *of = &sizes[index];
    size_t size = (index + 1) * UNIT;
    char *fresh;

    if (of->left < size && !begin_run(index))
        return take_large(NULL, size);
    fresh = of->fresh;
    of->fresh += size;
    of->left -= size;
    of->used++;
    return fresh;
}

/* size: never 0, the seam sees to it. */
static inline void *take(size_t size)
{
    size_t index = (size - 1) / UNIT;
    pieces_of_size *of;
    piece *p;

    if (index >= SIZES)
        return take_large(NULL, size);
    of = &sizes[index];
    p = of->free;
    if (!p)
        return cut_piece(index);
    of->free = p->next;
    of->used++;
    return p;
}

static void put(void *self, void *memory)
{
    piece *p = memory;
    pieces_of_size *of;

    (void)self;
    if (!is_piece(memory)) {
        put_large(memory);
        return;
    }
    of = &sizes[index_of_piece(memory)];
    p->next = of->free;
    of->free = p;
    of->used--;
}

/* A piece to become larger, or smaller: it stays, or moves. */
static void *resize(void *memory, size_t size)
{
    size_t room = (index_of_piece(memory) + 1) * UNIT;
    void *moved;

    if (size <= room)
        return memory;
    moved = take(size);
    if (!moved)
        return NULL;
    memcpy(moved, memory, room);
    put(NULL, memory);
    return moved;
}

static void *take_or_resize(void *self, void *memory, size_t size)
{
    (void)self;
    if (!memory)
        return take(size);
    return is_piece(memory) ? resize(memory, size)
                            : take_large(memory, size);
}

static const al_allocator_ops ops = {take_or_resize, put};

/* A hint: whether it is followed changes nothing but the speed. */
static void ask_for_big_pages(char *memory, size_t size)
{
#ifdef MADV_HUGEPAGE
    madvise(memory, size, MADV_HUGEPAGE);
#else
    (void)memory;
    (void)size;
#endif
}

static void reserve(void)
{
    char *all = mmap(NULL, RANGE + BIG_PAGE, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

    if (all == MAP_FAILED)
        return;
    range = all + (-(uintptr_t)all & (BIG_PAGE - 1));
    range_size = RANGE;
    ask_for_big_pages(range, RANGE);
}

/* Addresses alone: nothing is touched, and where there are none to be had libc
 * goes on without. */
static void widen_heap(void)
{
#ifdef M_TOP_PAD
    enum { WIDTH = 256 << 20, LARGEST_IN_HEAP = 32 << 20 };
    char *first, *begin, *end;

    mallopt(M_TOP_PAD, WIDTH);
    mallopt(M_TRIM_THRESHOLD, 2 * WIDTH);
    mallopt(M_MMAP_THRESHOLD, LARGEST_IN_HEAP);
    first = malloc(BIG_PAGE); /* has it grow */
    end = sbrk(0);
    begin = first + (-(uintptr_t)first & (BIG_PAGE - 1));
    if (first && (uintptr_t)begin < (uintptr_t)end)
        ask_for_big_pages(begin, (size_t)(end - begin));
    free(first);
#endif
}

void al_pieces_use(void)
{
    if (!al_allocator_is_default())
        return;
#ifndef AL_IS_SANITIZED
    reserve();
    widen_heap();
#else
    (void)reserve;
    (void)widen_heap;
#endif
    al_set_allocator((al_allocator){&ops, NULL});
}
