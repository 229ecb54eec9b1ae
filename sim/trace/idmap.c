/* idmap.c - a hash table with linear probing.
 *
 * Removing moves later entries of the same run back, so there are no
 * tombstones: a trace adds and removes a handle per callback, for ever. */
#include "sim/trace/idmap.h"

#include "loop/base/alloc.h"
#include "loop/base/hash.h"

enum { FIRST_CAPACITY = 64 };

/* The high bits are the good ones. */
static size_t home(const al_idmap *map, uint64_t key)
{
    uint64_t hash = key * AL_HASH_FACTOR;

    return (size_t)(hash ^ hash >> 32) & map->mask;
}

/* The key's slot, or the free one where it belongs. */
static size_t locate(const al_idmap *map, uint64_t key)
{
    size_t at = home(map, key);

    while (map->slots[at].value && map->slots[at].key != key)
        at = (at + 1) & map->mask;
    return at;
}

static void grow(al_idmap *map)
{
    al_idmap_slot *old = map->slots;
    size_t capacity = old ? map->mask + 1 : 0;
    size_t wanted = capacity ? 2 * capacity : FIRST_CAPACITY;

    map->slots = al_alloc_zero(wanted, sizeof *map->slots);
    map->mask = wanted - 1;
    for (size_t i = 0; i < capacity; i++) {
        if (old[i].value)
            map->slots[locate(map, old[i].key)] = old[i];
    }
    al_free(old);
}

void al_idmap_release(al_idmap *map)
{
    al_free(map->slots);
    *map = (al_idmap){0};
}

void *al_idmap_find(const al_idmap *map, uint64_t key)
{
    return map->slots ? map->slots[locate(map, key)].value : NULL;
}

void al_idmap_put(al_idmap *map, uint64_t key, void *value)
{
    al_idmap_slot *slot;

    if (!map->slots || map->count * 2 > map->mask)
        grow(map);
    slot = &map->slots[locate(map, key)];
    map->count += !slot->value;
    *slot = (al_idmap_slot){key, value};
}

void al_idmap_remove(al_idmap *map, uint64_t key)
{
    size_t hole, at;

    if (!map->slots)
        return;
    hole = at = locate(map, key);
    if (!map->slots[hole].value)
        return;
    map->count--;
    for (;;) {
        at = (at + 1) & map->mask;
        if (!map->slots[at].value)
            break;
        /* May it move to the hole, or is its home behind that? */
        if (((at - home(map, map->slots[at].key)) & map->mask) >=
            ((at - hole) & map->mask)) {
            map->slots[hole] = map->slots[at];
            hole = at;
        }
    }
    map->slots[hole].value = NULL;
}

void *al_idmap_next(const al_idmap *map, size_t *at)
{
    while (map->slots && *at <= map->mask) {
        void *value = map->slots[(*at)++].value;

        if (value)
            return value;
    }
    return NULL;
}
