/* node.c - nodes and lists of a syntax tree; see node.h. */
#include "sim/scenario/node.h"

#include <string.h>

al_expr *al_expr_new(al_arena *arena, al_expr_kind kind, size_t offset,
                     size_t end, al_place place)
{
    al_expr_node *node = al_arena_alloc(arena, sizeof *node);

    node->expr.kind = kind;
    node->expr.place = place;
    node->offset = offset;
    node->end = end;
    node->height = 1;
    return &node->expr;
}

void *al_arena_grow(al_arena *arena, void *array, size_t count,
                    size_t *capacity, size_t size)
{
    void *larger;

    if (count < *capacity)
        return array;
    *capacity = *capacity ? *capacity * 2 : 4;
    larger = al_arena_alloc(arena, *capacity * size);
    if (count)
        memcpy(larger, array, count * size);
    return larger;
}

void al_exprs_add(al_arena *arena, al_exprs *list, size_t *capacity,
                  al_expr *expr)
{
    list->items = al_arena_grow(arena, list->items, list->count, capacity,
                                sizeof *list->items);
    list->items[list->count++] = expr;
}
