/* compiler.h - what the compiler's files share while compiling a function. */
#ifndef AL_COMPILER_H
#define AL_COMPILER_H

#include "sim/base/name_map.h"
#include "sim/machine/machine.h"

/* Something the code is inside of, which break, continue, return and
 * exceptions must deal with on their way out. */
typedef enum al_scope_kind {
    AL_SCOPE_LOOP,     /* break and continue end here */
    AL_SCOPE_TRY,      /* exceptions go to `handler` */
    AL_SCOPE_FINALLY,  /* the same, and leaving runs `finally` */
    AL_SCOPE_WITH,     /* the same, and leaving calls exit; manager on top */
    AL_SCOPE_ASYNC_WITH, /* the same, and awaits it */
    AL_SCOPE_NAME,     /* the same, and leaving unbinds `name` */
    AL_SCOPE_HANDLING, /* an exception being handled is on top */
    AL_SCOPE_VALUE     /* a value on its way out of a return is on top */
} al_scope_kind;

typedef struct al_scope {
    struct al_scope *outer;
    al_scope_kind kind;
    uint32_t depth;   /* of the stack outside, in TRY, FINALLY, … */
    uint32_t first;   /* where its current region began */
    uint32_t handler; /* label */
    bool is_for;      /* LOOP: an iterator is on top */
    uint32_t next, end;       /* LOOP: labels of continue and break */
    const al_block *finally;
    const char *name;
} al_scope;

enum { AL_MAX_CODE = 1 << 20 }; /* instructions of a function */

/* While a scenario is compiled: the index of each name of a global, and of
 * an attribute, in the machine's tables of them. */
typedef struct al_compiled_names {
    al_vm *vm;
    al_name_map globals, attributes;
    size_t global_capacity, attribute_capacity; /* of the tables */
} al_compiled_names;

enum { /* what is known of a name in the function being compiled */
    AL_COMPILED_LOCAL = 1,
    AL_COMPILED_GLOBAL = 2 /* declared so */
};

typedef struct al_compiler {
    al_vm *vm;
    al_compiled_names *names;
    al_code *code;
    size_t instruction_capacity, line_capacity, constant_capacity;
    size_t region_capacity, local_capacity, named_call_capacity;
    uint32_t *labels; /* positions */
    size_t label_count, label_capacity;
    uint32_t depth; /* of the stack, here */
    int line;
    bool is_too_large; /* gave up: the function raises MemoryError */
    al_scope *scope;
    al_name_map own; /* names; a local's index is its place in the frame */
} al_compiler;

/* -- emitting ----------------------------------------------------------- */

void al_emit(al_compiler *c, al_opcode op, uint32_t arg);
void al_emit_const(al_compiler *c, al_value constant); /* takes it */
uint32_t al_label(al_compiler *c);               /* a new one */
void al_label_here(al_compiler *c, uint32_t label);

/* A handler begins: the stack was cut to `depth`, the exception pushed. */
void al_raised_here(al_compiler *c, uint32_t depth);

/* -- names -------------------------------------------------------------- */

void al_emit_load(al_compiler *c, const char *name);
void al_emit_store(al_compiler *c, const char *name);
void al_emit_clear(al_compiler *c, const char *name); /* unbind */
uint32_t al_attribute_index(al_compiler *c, const char *text);

/* -- scopes ------------------------------------------------------------- */

void al_scope_enter(al_compiler *c, al_scope *scope, al_scope_kind kind);
void al_scope_leave(al_compiler *c);

/* -- compile_expr.c, compile_stmt.c ------------------------------------- */

void al_compile_expr(al_compiler *c, const al_expr *e);
void al_compile_block(al_compiler *c, const al_block *block);

#endif
