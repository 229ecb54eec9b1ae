/* region.c - see region.h.
 *
 * A block has its class before it; classes grow by quarters of a power of
 * two.  What is freed is handed out again first, from the list of its class;
 * the lists' heads lie at the region's beginning, and so in its images. */
#include "sim/base/region.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>

enum {
    PAGE = 4096,
    UNIT = 16,              /* of alignment; and the head of a block */
    QUARTERS = 4,           /* classes to a power of two */
    CLASSES = 40 * QUARTERS
};

typedef struct block {
    size_t class;
    struct block *next; /* of a free one; else what was asked for begins */
} block;

typedef struct head { /* at the region's beginning */
    size_t used;      /* of the range, this included */
    block *free[CLASSES];
} head;

typedef struct page {
    size_t images;         /* that share it */
    union {
        char bytes[PAGE];
        struct page *next; /* of those that no image has */
    };
} page;

struct al_region {
    char *range;
    size_t size; /* of the range, little of which is ever touched */
    size_t images_size;
    page *spare; /* kept for images to come: libc would give back, and ask
                    for, many pages again and again */
    size_t spares;
};

struct al_region_image {
    al_region *region;
    size_t count;
    page *pages[];
};

_Static_assert(offsetof(block, next) <= UNIT, "a block's head has a unit");

/* -- blocks --------------------------------------------------------------- */

static head *head_of(const al_region *region)
{
    return (head *)(void *)region->range;
}

/* Of a class: 32, 40, 48, 56, 64, 80, … bytes. */
static size_t size_of_class(size_t class)
{
    return (size_t)(QUARTERS + class % QUARTERS) << (class / QUARTERS + 3);
}

/* The smallest that holds so much; CLASSES: none does. */
static size_t class_of(size_t size)
{
    size_t class = 0;

    while (class < CLASSES && size_of_class(class) < size)
        class += size_of_class(class) < size / 2 ? QUARTERS : 1;
    return class;
}

static block *cut(al_region *region, size_t class)
{
    head *h = head_of(region);
    size_t size = size_of_class(class);
    size_t aligned = (size + UNIT - 1) / UNIT * UNIT;
    block *b;

    if (region->size - h->used < aligned)
        return NULL;
    b = (block *)(void *)(region->range + h->used);
    h->used += aligned;
    b->class = class;
    return b;
}

static void *take(al_region *region, size_t size)
{
    size_t class = size < SIZE_MAX - UNIT ? class_of(size + UNIT) : CLASSES;
    block *b;

    if (class == CLASSES)
        return NULL;
    b = head_of(region)->free[class];
    if (b)
        head_of(region)->free[class] = b->next;
    else
        b = cut(region, class);
    return b ? (char *)b + UNIT : NULL;
}

static block *block_of(void *memory)
{
    return (block *)(void *)((char *)memory - UNIT);
}

static void put(void *self, void *memory)
{
    block *b = block_of(memory);
    block **list = &head_of(self)->free[b->class];

    b->next = *list;
    *list = b;
}

static void *take_or_resize(void *self, void *memory, size_t size)
{
    size_t room = memory ? size_of_class(block_of(memory)->class) - UNIT : 0;
    void *moved;

    if (memory && size <= room)
        return memory;
    moved = take(self, size);
    if (moved && memory) {
        memcpy(moved, memory, room);
        put(self, memory);
    }
    return moved;
}

static const al_allocator_ops ops = {take_or_resize, put};

al_allocator al_region_allocator(al_region *region)
{
    return (al_allocator){&ops, region};
}

/* -- the region ----------------------------------------------------------- */

/* As wide as can be had; NULL: nothing can. */
static char *reserve(size_t *size)
{
    size_t widest = SIZE_MAX > UINT32_MAX ? (size_t)1 << 36 : (size_t)1 << 28;

    for (*size = widest; *size >= (size_t)1 << 24; *size /= 2) {
        void *range = mmap(NULL, *size, PROT_READ | PROT_WRITE,
                           MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

        if (range != MAP_FAILED)
            return range;
    }
    return NULL;
}

al_region *al_region_new(void)
{
    size_t size;
    char *range = reserve(&size);
    al_region *region;

    if (!range)
        return NULL;
    region = al_alloc(sizeof *region);
    *region = (al_region){.range = range, .size = size};
    head_of(region)->used = (sizeof(head) + UNIT - 1) / UNIT * UNIT;
    return region;
}

void al_region_free(al_region *region)
{
    if (!region)
        return;
    while (region->spare) {
        page *p = region->spare;

        region->spare = p->next;
        al_free(p);
    }
    munmap(region->range, region->size);
    al_free(region);
}

static size_t size_of(const al_region *region)
{
    return head_of(region)->used;
}

/* -- images --------------------------------------------------------------- */

static page *page_new(al_region *region, const char *bytes)
{
    page *p = region->spare;

    if (p) {
        region->spare = p->next;
        region->spares--;
    } else {
        p = al_alloc(sizeof *p);
    }
    region->images_size += sizeof *p;
    p->images = 1;
    memcpy(p->bytes, bytes, PAGE);
    return p;
}

static size_t size_of_image(const al_region_image *image)
{
    return sizeof *image + image->count * sizeof *image->pages;
}

/* The last page is kept whole: what lies behind the bytes in use is zero, or
 * was in use once. */
al_region_image *al_region_save(al_region *region,
                                const al_region_image *like)
{
    size_t count = (size_of(region) + PAGE - 1) / PAGE;
    al_region_image *image = al_alloc(sizeof *image + count * sizeof(page *));

    image->region = region;
    image->count = count;
    region->images_size += size_of_image(image);
    for (size_t i = 0; i < count; i++) {
        const char *bytes = region->range + i * PAGE;
        page *same = like && i < like->count ? like->pages[i] : NULL;

        if (same && memcmp(same->bytes, bytes, PAGE) == 0) {
            same->images++;
            image->pages[i] = same;
        } else {
            image->pages[i] = page_new(region, bytes);
        }
    }
    return image;
}

void al_region_restore(al_region *region, const al_region_image *image)
{
    for (size_t i = 0; i < image->count; i++)
        memcpy(region->range + i * PAGE, image->pages[i]->bytes, PAGE);
}

/* As many as two images of now take, for those often come and go. */
static bool has_spares_enough(const al_region *region)
{
    return region->spares >= 2 * (size_of(region) / PAGE + 1);
}

static void drop(al_region *region, page *p)
{
    if (--p->images > 0)
        return;
    region->images_size -= sizeof *p;
    if (has_spares_enough(region)) {
        al_free(p);
        return;
    }
    p->next = region->spare;
    region->spare = p;
    region->spares++;
}

void al_region_image_free(al_region_image *image)
{
    if (!image)
        return;
    for (size_t i = 0; i < image->count; i++)
        drop(image->region, image->pages[i]);
    image->region->images_size -= size_of_image(image);
    al_free(image);
}

size_t al_region_images_size(const al_region *region)
{
    return region->images_size;
}
