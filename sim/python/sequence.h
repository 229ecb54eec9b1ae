/* sequence.h - what can be indexed: items, slices, len(), "+" and "*". */
#ifndef AL_SEQUENCE_H
#define AL_SEQUENCE_H

#include "loop/object/value.h"
#include "sim/python/list.h"

bool al_is_sequence(al_value value); /* str, list, tuple */

/* What is in a list or a tuple: borrowed until the list is changed. */
typedef struct al_span {
    const al_value *items;
    size_t count;
} al_span;

static inline al_span al_span_of(al_value sequence)
{
    const al_list *list = al_list_peek(sequence);
    const al_tuple *tuple = (const al_tuple *)sequence.as.object;

    return list ? (al_span){list->items, list->count}
                : (al_span){tuple->items, tuple->count};
}

/* object[index], also of a dict or a context.  Owned; AL_ABSENT: raised. */
al_value al_subscript_get(al_vm *vm, al_value object, al_value index);
bool al_subscript_set(al_vm *vm, al_value object, al_value index,
                      al_value value); /* false: raised */
al_value al_length(al_vm *vm, al_value object); /* len() */

al_value al_concat(al_vm *vm, al_value a, al_value b); /* sequences, + */
al_value al_repeat(al_vm *vm, al_value sequence, int64_t count);

typedef struct al_slice {
    al_object head;
    al_value start, stop, step;
} al_slice;

extern const al_type al_slice_type;

al_value al_slice_new(al_value start, al_value stop, al_value step);

#endif
