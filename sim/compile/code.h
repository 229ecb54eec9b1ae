/* code.h - a compiled function: instructions and what they refer to.
 *
 * Names and texts are borrowed from the scenario; the constants are owned.
 * A code object is immutable but for the pool of idle frames. */
#ifndef AL_CODE_H
#define AL_CODE_H

#include <stddef.h>
#include "loop/object/value.h"
#include "sim/compile/opcodes.h"
#include "sim/scenario/ast.h"

typedef struct al_frame al_frame;

/* Where an exception raised at [first, end) goes: to `target`, with the
 * stack cut to `depth` and the exception pushed.  An entry without a target
 * says instead that in that stretch the exception at stack[depth] is being
 * handled: for __context__, and for a bare raise.  The innermost comes
 * first.  So a frame needs no block stack: its position says it all. */
typedef struct al_region {
    uint32_t first, end;
    uint32_t target; /* AL_NO_TARGET: a stretch of handling */
    uint32_t depth;
} al_region;

#define AL_NO_TARGET UINT32_MAX

/* A call with keyword arguments: how many positional, and the names.  With
 * *star its value follows the positional ones, with **mapping the others. */
typedef struct al_named_call {
    size_t positional, keyword_count;
    const char *const *keywords;
    bool has_star, has_mapping;
} al_named_call;

static inline size_t al_named_call_size(const al_named_call *call)
{
    return call->positional + call->has_star + call->keyword_count +
           call->has_mapping;
}

typedef struct al_code {
    struct al_vm *vm; /* whose it is */
    const char *name; /* the function's; "<module>" */
    al_place place;   /* of its name in the scenario */
    const char *const *local_names;
    bool is_async, is_generator; /* what a call makes of its frame */
    size_t param_count, local_count; /* parameters are the first locals, */
    bool has_rest, has_keywords;     /* then *args, **kwargs */
    size_t stack_size;
    al_instruction *instructions;
    int *lines; /* beside the instructions: where they come from */
    size_t count;
    al_value *constants;
    size_t constant_count;
    al_region *regions;
    size_t region_count;
    al_named_call *named_calls;
    size_t named_call_count;
    al_frame *idle; /* frames to use again; see frame.c */
} al_code;

extern const signed char al_opcode_effects[AL_CODE_COUNT];

void al_code_release(al_code *code);

/* The code as text, one instruction a line; for people and tests. */
void al_code_disassemble(const al_code *code, al_text *out);

#endif
