/* cell.c - see cell.h. */
#include "sim/machine/cell.h"

#include "sim/machine/machine.h"

void al_cells_init(al_cell *ring)
{
    ring->previous = ring->next = ring;
}

void al_cell_init(al_vm *vm, al_cell *cell, const al_type *type)
{
    al_object_init(&cell->head, type);
    cell->previous = &vm->cells;
    cell->next = vm->cells.next;
    vm->cells.next->previous = cell;
    vm->cells.next = cell;
}

void al_cell_unlink(al_cell *cell)
{
    cell->previous->next = cell->next;
    cell->next->previous = cell->previous;
    cell->previous = cell->next = cell;
}

void al_cells_release(al_cell *ring)
{
    while (ring->next != ring) {
        al_cell *cell = al_ref(ring->next);

        al_cell_unlink(cell);
        if (cell->head.type == &al_list_type)
            al_list_clear((al_list *)cell);
        else
            al_dict_clear((al_dict *)cell);
        al_unref(cell);
    }
}
