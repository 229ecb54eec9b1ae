/* name_map.h - names, and what is known of each. */
#ifndef AL_NAME_MAP_H
#define AL_NAME_MAP_H

#include <stddef.h>

typedef struct al_name_entry {
    const char *name; /* borrowed; NULL: a free slot */
    unsigned flags;
    size_t index;
} al_name_entry;

typedef struct al_name_map { /* zero-initialise; open addressing */
    al_name_entry *slots;
    size_t size, count;
} al_name_map;

/* The name's entry, NULL: there is none.  Valid until the next add. */
al_name_entry *al_name_map_find(const al_name_map *map, const char *name);

/* The same, added with no flags where it was missing. */
al_name_entry *al_name_map_add(al_name_map *map, const char *name);
void al_name_map_release(al_name_map *map);

#endif
