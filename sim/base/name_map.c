/* name_map.c - names, and what is known of each; see name_map.h. */
#include "sim/base/name_map.h"

#include <string.h>
#include "loop/base/alloc.h"
#include "loop/base/hash.h"

/* The slot that holds the name, or would. */
static al_name_entry *find_slot(const al_name_map *map, const char *name)
{
    size_t at = (size_t)al_hash_text(name) & (map->size - 1);

    while (map->slots[at].name && strcmp(map->slots[at].name, name) != 0)
        at = (at + 1) & (map->size - 1);
    return &map->slots[at];
}

static void grow(al_name_map *map)
{
    al_name_map larger = {.size = map->size ? map->size * 2 : 16};

    larger.slots = al_alloc_zero(larger.size, sizeof *larger.slots);
    larger.count = map->count;
    for (size_t i = 0; i < map->size; i++) {
        if (map->slots[i].name)
            *find_slot(&larger, map->slots[i].name) = map->slots[i];
    }
    al_free(map->slots);
    *map = larger;
}

al_name_entry *al_name_map_find(const al_name_map *map, const char *name)
{
    al_name_entry *entry = map->size ? find_slot(map, name) : NULL;

    return entry && entry->name ? entry : NULL;
}

al_name_entry *al_name_map_add(al_name_map *map, const char *name)
{
    al_name_entry *entry;

    if (map->count * 2 >= map->size)
        grow(map);
    entry = find_slot(map, name);
    if (!entry->name) {
        entry->name = name;
        entry->index = map->count++;
    }
    return entry;
}

void al_name_map_release(al_name_map *map)
{
    al_free(map->slots);
    *map = (al_name_map){0};
}
