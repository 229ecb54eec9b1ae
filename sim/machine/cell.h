/* cell.h - objects that can form cycles: the head of list and dict.
 *
 * Counting references does not free what refers to itself.  So such objects
 * hang on a ring of their machine's, which empties those that are left when
 * it is freed. */
#ifndef AL_CELL_H
#define AL_CELL_H

#include "loop/object/value.h"
#include "sim/machine/vm.h"

typedef struct al_cell {
    al_object head;
    struct al_cell *previous, *next;
} al_cell;

void al_cell_init(al_vm *vm, al_cell *cell, const al_type *type);
void al_cell_unlink(al_cell *cell);

/* The head of a ring, which is no object itself. */
void al_cells_init(al_cell *ring);

/* Empty all lists and dicts: every cycle of values goes through one. */
void al_cells_release(al_cell *ring);

#endif
