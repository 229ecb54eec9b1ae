/* region.h - memory whose bytes can be kept, and put back.
 *
 * What is allocated in a region lies in one range of addresses, with all that
 * the allocator itself knows of it.  A copy of the bytes in use is therefore
 * an image of every object there: restored, they are as they were, pointers
 * and all, however many were made, changed or freed in between.
 *
 * An image shares the pages that it has in common with the one it was saved
 * after: of a large, slowly changing heap many can be kept.
 *
 * Objects in a region must not hold what lies outside and changes. */
#ifndef AL_REGION_H
#define AL_REGION_H

#include <stddef.h>
#include "loop/base/alloc.h"

typedef struct al_region al_region;
typedef struct al_region_image al_region_image;

al_region *al_region_new(void); /* NULL: there are no addresses to be had */
void al_region_free(al_region *region);

/* What is allocated by it must be resized and freed by it. */
al_allocator al_region_allocator(al_region *region);

/* `like`: an image to share pages with; NULL: none. */
al_region_image *al_region_save(al_region *region,
                                const al_region_image *like);
void al_region_restore(al_region *region, const al_region_image *image);
void al_region_image_free(al_region_image *image);

/* What all its images take, which go before it does. */
size_t al_region_images_size(const al_region *region);

#endif
