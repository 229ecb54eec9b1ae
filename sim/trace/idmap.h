/* idmap.h - from a number to a pointer: a hash table.
 *
 * Ids of handles are mostly dense, but a trace may hold any: so no array is
 * indexed by them. */
#ifndef AL_TRACE_IDMAP_H
#define AL_TRACE_IDMAP_H

#include <stddef.h>
#include <stdint.h>

typedef struct al_idmap_slot {
    uint64_t key;
    void *value; /* NULL: the slot is free */
} al_idmap_slot;

typedef struct al_idmap { /* zero-initialise */
    al_idmap_slot *slots;
    size_t mask; /* capacity - 1; the capacity is 0 or a power of two */
    size_t count;
} al_idmap;

void al_idmap_release(al_idmap *map);
void *al_idmap_find(const al_idmap *map, uint64_t key); /* NULL: not there */
void al_idmap_put(al_idmap *map, uint64_t key, void *value); /* or replace */
void al_idmap_remove(al_idmap *map, uint64_t key);

/* For each value, in no order: start with *at = 0; NULL: no more. */
void *al_idmap_next(const al_idmap *map, size_t *at);

#endif
