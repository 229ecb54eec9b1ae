/* iterator.h - iter() and next(), and the builtins that give iterators. */
#ifndef AL_ITERATOR_H
#define AL_ITERATOR_H

#include "sim/python/class.h"
#include "sim/python/dict_view.h"

typedef struct al_iterator { /* 64 bytes: a cache line */
    al_object head;
    al_value (*next)(al_vm *vm, struct al_iterator *it);
    al_value source; /* what it runs over; AL_ABSENT: exhausted */
    int64_t index;   /* next one's */
    union {
        int64_t step;
        al_view_kind view; /* of dicts */
    };
    uint64_t left;   /* ranges: how many; dicts: the size expected;
                        enumerate: true where the index would overflow */
} al_iterator;

/* iter(value): owned; AL_ABSENT: raised. */
al_value al_iter(al_vm *vm, al_value value);

bool al_is_iterator(al_value value);

/* Owned; AL_ABSENT: the end, or raised (al_peek_raised() tells). */
al_value al_iter_next(al_vm *vm, al_value iterator);

/* The builtins of these names: owned; AL_ABSENT: raised. */
al_value al_reversed(al_vm *vm, al_value value);
al_value al_enumerate(al_vm *vm, al_value value, int64_t start);
al_value al_zip(al_vm *vm, const al_value *items, size_t count, bool strict);

extern const al_type al_enumerate_type, al_zip_type, al_reversed_type;

/* The classes of those that have no constructor. */
extern const al_class al_iterator_classes[];
extern const size_t al_iterator_class_count;

#endif
