/* dict.h - dict. */
#ifndef AL_DICT_H
#define AL_DICT_H

#include "sim/machine/cell.h"

typedef struct al_dict_entry {
    uint64_t hash;
    al_value key; /* AL_ABSENT: removed */
    al_value value;
} al_dict_entry;

typedef struct al_dict {
    al_cell cell;
    al_dict_entry *entries; /* in order of insertion, with gaps */
    size_t used, capacity;  /* of entries */
    size_t count;           /* of keys */
    uint32_t *buckets;      /* 1 + index of the entry; 0: free */
    size_t bucket_count;    /* a power of two, or 0 */
    size_t filled;          /* buckets that are not empty, gaps included */
} al_dict;

extern const al_type al_dict_type;

al_dict *al_dict_new(al_vm *vm);
al_dict *al_dict_peek(al_value value); /* NULL where it is none */

/* Borrowed, or NULL: no such key, or raised (unhashable). */
al_value *al_dict_find(al_dict *dict, al_value key);

/* False: raised. */
bool al_dict_set(al_vm *vm, al_dict *dict, al_value key, al_value value);
bool al_dict_set_text(al_vm *vm, al_dict *dict, const char *key,
                      al_value value); /* takes the value */
al_value al_dict_remove(al_dict *dict, al_value key); /* AL_ABSENT: none */
void al_dict_clear(al_dict *dict);

/* The entry at or after *position, which is set beyond it; NULL: the end. */
al_dict_entry *al_dict_next(const al_dict *dict, size_t *position);

#endif
