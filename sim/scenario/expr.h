/* expr.h - Python expressions, from text to tree.
 *
 * The grammar is Python's, without what a scenario has no use for: lambdas,
 * comprehensions, assignment expressions, star arguments, sets, bytes and
 * complex numbers are refused by name. */
#ifndef AL_EXPR_H
#define AL_EXPR_H

#include "sim/base/arena.h"
#include "sim/json/diagnostics.h"
#include "sim/json/places.h"
#include "sim/scenario/ast.h"

enum {
    AL_EXPR_MAX_NESTING = 200, /* parentheses, unary operators, … */
    AL_EXPR_MAX_HEIGHT = 1000  /* of the tree: a + b + … is as high as long */
};

/* A text to parse, and where it stands in its file. */
typedef struct al_expr_source {
    const char *text; /* need not be NUL-terminated */
    size_t length;
    const char *raw;  /* the text as the JSON file has it, with its escapes;
                         NULL: there are none, it is the text itself */
    size_t offset;    /* of that, in the file */
    al_places *places; /* of the file */
    al_diagnostics *diagnostics;
} al_expr_source;

/* An expression.  NULL: it is none, and one diagnostic says why. */
al_expr *al_expr_parse(al_arena *arena, const al_expr_source *source);

/* "*EXPRESSION", as among a call's arguments: the expression.  NULL as
 * above. */
al_expr *al_expr_parse_starred(al_arena *arena, const al_expr_source *source);

/* Text with {expressions}, as between the quotes of an f-string, but without
 * escapes: JSON has its own.  An AL_EXPR_FSTRING; NULL as above. */
al_expr *al_expr_parse_format(al_arena *arena, const al_expr_source *source);

#endif
