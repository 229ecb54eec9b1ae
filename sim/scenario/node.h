/* node.h - a syntax tree's node together with what only the loader needs:
 * where exactly it stands, and how high the tree below it is. */
#ifndef AL_NODE_H
#define AL_NODE_H

#include "sim/base/arena.h"
#include "sim/scenario/ast.h"

typedef struct al_expr_node {
    al_expr expr; /* first: a pointer to it is one to the node */
    size_t offset, end; /* bytes of the file */
    unsigned height;
} al_expr_node;

typedef struct al_stmt_node {
    al_stmt stmt;
    size_t offset, end;
    const size_t *name_offsets; /* of a global statement's names */
} al_stmt_node;

/* Every expression and statement of a loaded scenario is in such a node. */
static inline al_expr_node *al_expr_node_of(const al_expr *expr)
{
    return (al_expr_node *)(void *)expr;
}

static inline al_stmt_node *al_stmt_node_of(const al_stmt *stmt)
{
    return (al_stmt_node *)(void *)stmt;
}

al_expr *al_expr_new(al_arena *arena, al_expr_kind kind, size_t offset,
                     size_t end, al_place place);

/* Append to a list whose storage grows within the arena. */
void al_exprs_add(al_arena *arena, al_exprs *list, size_t *capacity,
                  al_expr *expr);

/* The next place in an array of `count` elements that grows in an arena. */
void *al_arena_grow(al_arena *arena, void *array, size_t count,
                    size_t *capacity, size_t size);

#endif
