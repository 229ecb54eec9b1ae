/* list.h - list.
 *
 * What puts something in returns false where it raised: the memory limit
 * was reached. */
#ifndef AL_LIST_H
#define AL_LIST_H

#include "sim/machine/cell.h"

typedef struct al_list {
    al_cell cell;
    al_value *items;
    size_t count, capacity;
} al_list;

extern const al_type al_list_type;

al_list *al_list_new(al_vm *vm, const al_value *items, size_t count);
al_list *al_list_from(al_vm *vm, al_value iterable); /* NULL: raised */
al_list *al_list_peek(al_value value); /* NULL where it is none */
bool al_list_append(al_vm *vm, al_list *list, al_value item); /* dups */
bool al_list_take(al_vm *vm, al_list *list, al_value item);
void al_list_clear(al_list *list);

/* list.sort(): stable.  key AL_ABSENT or None: none.  False: raised. */
bool al_list_sort(al_vm *vm, al_list *list, al_value key, bool is_reverse);

#endif
