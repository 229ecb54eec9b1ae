/* loader.h - what the loader's files share.
 *
 *     load.c            the file, its sections, functions
 *     load_knobs.c      "loop" and "limits", and overrides of them
 *     load_world.c      "fds" and "world"
 *     load_statement.c  control forms
 *     load_value.c      values and operations
 *     check_names.c     what each name means, once all is loaded
 *     check_calls.c     calls whose argument count is known to be wrong
 *
 * A mistake is reported where it is found, and loading goes on: a function
 * that could not load something returns NULL or false, and its caller leaves
 * the thing out. */
#ifndef AL_LOADER_H
#define AL_LOADER_H

#include "sim/json/json.h"
#include "sim/json/places.h"
#include "sim/base/name_map.h"
#include "sim/scenario/node.h"
#include "sim/scenario/scenario.h"

typedef enum al_body_kind {
    AL_BODY_PROGRAM,
    AL_BODY_FUNCTION,
    AL_BODY_ASYNC
} al_body_kind;

typedef struct al_loader {
    al_scenario *scenario;
    al_arena *arena; /* the scenario's */
    al_diagnostics *diagnostics;
    al_json json;
    al_places places;
    al_name_map declared; /* functions and fds: AL_NAME_FUNCTION, … */
    al_name_map doubtful; /* names that a statement left out may define */
    size_t fd_capacity;
    int loops;        /* around the statement being loaded, in its function */
    int stars;        /* bodies of except* around it */
    int blocks;       /* loops, try and with: Python limits their nesting */
    al_body_kind in;  /* whose body is being loaded */
    al_function *function; /* if it is a function's; else NULL */
    al_json_value returned; /* the first "return" of a value in it */
} al_loader;

/* -- load.c: mistakes and places ---------------------------------------- */

/* Report what is wrong with a value, or with its name in the object it is
 * in.  Always false. */
bool al_load_fail(al_loader *l, al_json_value value, const char *suggestion,
                  const char *format, ...)
    __attribute__((format(printf, 4, 5)));
bool al_load_fail_name(al_loader *l, al_json_value value,
                       const char *suggestion, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* "expected <wanted>, found a list": always false. */
bool al_load_fail_type(al_loader *l, al_json_value value, const char *wanted);

al_place al_load_place(al_loader *l, al_json_value value);

/* Is every name of the object one of these (NULL-terminated)?  The others
 * are reported; `what` says what they do not belong to. */
bool al_load_check_keys(al_loader *l, al_json_value object, const char *what,
                        const char *const *allowed);

/* A string that is a valid name of a variable, else NULL. */
const char *al_load_name(al_loader *l, al_json_value value);

/* Literal text; NULL: it is no string. */
const char *al_load_text(al_loader *l, al_json_value value);

/* -- load_knobs.c ------------------------------------------------------- */

void al_load_knobs(al_loader *l, al_json_value root);
void al_load_overrides(al_loader *l, const al_override *overrides,
                       size_t count);

/* -- load_world.c ------------------------------------------------------- */

void al_load_fds(al_loader *l, al_json_value list);
void al_load_world(al_loader *l, al_json_value list);

/* -- load_statement.c --------------------------------------------------- */

/* A body that is run on its own: of a function, a thread, the program. */
al_block al_load_body(al_loader *l, al_json_value list, al_body_kind kind);

/* A statement that keeps what an operation gives in `target`, if not NULL. */
al_stmt *al_stmt_new(al_loader *l, al_stmt_kind kind, al_json_value at);
void al_block_add(al_loader *l, al_block *block, size_t *capacity,
                  al_stmt *stmt);
extern const char *const al_form_names[]; /* control forms; NULL-terminated */
bool al_is_form(const char *name);

/* -- load_value.c ------------------------------------------------------- */

al_expr *al_load_value(al_loader *l, al_json_value value);
al_expr *al_load_expression(al_loader *l, al_json_value string);

/* The first member that names a verb; item NULL: none does. */
al_json_value al_find_verb(al_json_value object);

/* The operation `head` of an object, in which `beside` (NULL-terminated) may
 * stand, too. */
al_expr *al_load_operation(al_loader *l, al_json_value object,
                           al_json_value head, const char *const *beside);

/* Report an object that is no operation, and (where statements may stand)
 * no control form: always NULL. */
void *al_load_unknown(al_loader *l, al_json_value object, bool is_statement);

/* -- check_names.c, check_calls.c --------------------------------------- */

enum { /* what is known of a name of the module */
    AL_NAME_FUNCTION = 1,
    AL_NAME_FD = 2,
    AL_NAME_BOUND = 4, /* assigned somewhere: no longer surely the function */
    AL_NAME_LOCAL = 8,
    AL_NAME_GLOBAL = 16,
    AL_NAME_PARAM = 32,
    AL_NAME_USED = 64,
    AL_NAME_ASSIGNED = 128,
    AL_NAME_REPORTED = 256
};

typedef struct al_names { /* while one body is checked */
    al_loader *loader;
    al_name_map module;
    al_name_map scope;
} al_names;

void al_check_scenario(al_loader *l);

/* Check a call or an operation whose names are known. */
void al_check_call(al_names *n, const al_expr *call);
void al_check_operation(al_names *n, const al_expr *operation);

#endif
