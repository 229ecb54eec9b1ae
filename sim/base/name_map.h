/* name_map.h - names, and what is known of each: a hash table.
 *
 * The first name added has the index 0, the next one 1, …: so the map finds
 * a name's place in a table that grows beside it. */
#ifndef AL_NAME_MAP_H
#define AL_NAME_MAP_H

#include <stddef.h>

typedef struct al_name_entry {
    const char *name; /* borrowed; NULL: a free slot */
    unsigned flags;   /* 0 at first; whose map it is says what they mean */
    size_t index;     /* how many names were added before it, unless whose map
                         it is writes another number */
} al_name_entry;

typedef struct al_name_map { /* zero-initialise; open addressing */
    al_name_entry *slots;
    size_t size, count;
} al_name_map;

/* The name's entry, NULL: there is none.  Valid until the next add. */
al_name_entry *al_name_map_find(const al_name_map *map, const char *name);

/* The same, added where it was missing.  The map keeps the name, and not a
 * copy of it. */
al_name_entry *al_name_map_add(al_name_map *map, const char *name);

void al_name_map_release(al_name_map *map);

#endif
