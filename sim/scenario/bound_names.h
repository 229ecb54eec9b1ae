/* bound_names.h - which names a body binds, by Python's rules of scope.
 *
 * The loader asks to tell unknown names, the compiler to give each its place:
 * they must agree, and so walk alike. */
#ifndef AL_BOUND_NAMES_H
#define AL_BOUND_NAMES_H

#include "sim/scenario/ast.h"

typedef void al_name_visitor(void *self, const char *name, bool is_global);

/* Visit every name the block binds (a name once for each time), and with
 * is_global set those it declares global; in order. */
void al_visit_names(const al_block *block, al_name_visitor *visit, void *self);

#endif
