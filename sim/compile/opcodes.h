/* opcodes.h - the instructions, in one list.
 *
 * From it derive the enum, the disassembler's names and the compiler's
 * account of the stack.  An instruction is one word: the opcode in its low
 * byte, an argument in the rest.
 *
 * X(NAME, name, argument, effect): how many values more are on the stack
 * afterwards.  VARIES: it depends on the argument; see stack_effect() in
 * compile.c.  A jump's effect is that of falling through. */
#ifndef AL_OPCODES_H
#define AL_OPCODES_H

#include <stdint.h>

enum { AL_EFFECT_VARIES = 99 };

#define AL_OPCODES(X)                                                          \
    X(CONST, const, CONSTANT, 1)        /* push a constant */                  \
    X(ABSENT, absent, NOTHING, 1)       /* push AL_ABSENT: a left-out param */ \
    X(POP, pop, NOTHING, -1)                                                   \
    X(DUP, dup, NOTHING, 1)                                                    \
    X(SWAP, swap, NOTHING, 0)           /* a b -- b a */                       \
    X(ROT3, rot3, NOTHING, 0)           /* a b c -- c a b */                   \
    X(LOAD_LOCAL, load_local, LOCAL, 1)                                        \
    X(STORE_LOCAL, store_local, LOCAL, -1)                                     \
    X(CLEAR_LOCAL, clear_local, LOCAL, 0)                                      \
    X(LOAD_GLOBAL, load_global, GLOBAL, 1)                                     \
    X(STORE_GLOBAL, store_global, GLOBAL, -1)                                  \
    X(CLEAR_GLOBAL, clear_global, GLOBAL, 0)                                   \
    X(ATTRIBUTE, attribute, NAME, 0)    /* object -- value */                  \
    X(STORE_ATTRIBUTE, store_attribute, NAME, -2) /* value object -- */        \
    X(LOAD_METHOD, load_method, NAME, 1) /* object -- function self */         \
    X(SUBSCRIPT, subscript, NOTHING, -1) /* object index -- value */           \
    X(STORE_SUBSCRIPT, store_subscript, NOTHING, -3) /* value object index */  \
    X(SLICE, slice, NOTHING, -2)        /* start stop step -- slice */         \
    X(ADD, add, NOTHING, -1)            /* fast paths of BINARY */             \
    X(SUB, sub, NOTHING, -1)                                                   \
    X(MUL, mul, NOTHING, -1)                                                   \
    X(BINARY, binary, OPERATOR, -1)                                            \
    X(UNARY, unary, OPERATOR, 0)                                               \
    X(NOT, not, NOTHING, 0)                                                    \
    X(LT, lt, NOTHING, -1)              /* fast paths of COMPARE */            \
    X(EQ, eq, NOTHING, -1)                                                     \
    X(COMPARE, compare, OPERATOR, -1)                                          \
    X(TUPLE, tuple, COUNT, AL_EFFECT_VARIES)                                   \
    X(LIST, list, COUNT, AL_EFFECT_VARIES)                                     \
    X(DICT, dict, NOTHING, 1)                                                  \
    X(DICT_ADD, dict_add, COUNT, AL_EFFECT_VARIES) /* dict (key value)… -- */  \
                                        /* dict; arg: pairs */                 \
    X(FORMAT, format, COUNT, 0)         /* value -- str; arg: conversion */    \
    X(FORMAT_SPEC, format_spec, COUNT, -1) /* value spec -- str */             \
    X(JOIN, join, COUNT, AL_EFFECT_VARIES) /* strings -- string */             \
    X(UNPACK, unpack, COUNT, AL_EFFECT_VARIES) /* iterable -- last … first */  \
    X(JUMP, jump, TARGET, 0)                                                   \
    X(JUMP_BACK, jump_back, TARGET, 0)  /* the same, and counts a step */      \
    X(JUMP_IF_FALSE, jump_if_false, TARGET, -1)                                \
    X(JUMP_IF_TRUE, jump_if_true, TARGET, -1)                                  \
    X(AND, and, TARGET, -1)             /* false: keep it and jump */          \
    X(OR, or, TARGET, -1)                                                      \
    X(ITER, iter, NOTHING, 0)           /* iterable -- iterator */             \
    X(FOR, for, TARGET, 1)              /* it -- it value; at the end: it, */  \
                                        /* jump */                             \
    X(CALL, call, COUNT, AL_EFFECT_VARIES) /* function self args -- value */   \
    X(CALL_NAMED, call_named, KEYWORDS, AL_EFFECT_VARIES)                      \
    X(STAR, star, NOTHING, 0)           /* iterable -- tuple, for f(a, *b) */  \
    X(LOOP, loop, NOTHING, 1)           /* the current event loop */           \
    X(VERB, verb, VERB, AL_EFFECT_VARIES) /* params -- value */                \
    X(YIELD, yield, NOTHING, 0)         /* value -- what is sent */            \
    X(AITER, aiter, NOTHING, 0)         /* iterable -- asynchronous one */     \
    X(ANEXT, anext, NOTHING, 1)         /* it -- it awaitable */               \
    X(END_ASYNC_FOR, end_async_for, NOTHING, -1) /* e -- ; raises it again */  \
                                        /* unless StopAsyncIteration */        \
    X(AWAIT, await, NOTHING, 0)         /* awaitable -- its result */          \
    X(RETURN, return, NOTHING, -1)                                             \
    X(RETURN_NONE, return_none, NOTHING, 0)                                    \
    X(RAISE, raise, NOTHING, -1)                                               \
    X(RAISE_FROM, raise_from, NOTHING, -2) /* exception cause */               \
    X(RAISE_AGAIN, raise_again, NOTHING, 0) /* what is being handled */        \
    X(RERAISE, reraise, NOTHING, -1)    /* go on unwinding */                  \
    X(ASSERT, assert, COUNT, AL_EFFECT_VARIES) /* raise AssertionError */      \
    X(MATCH, match, NOTHING, 0)         /* exception class -- exception bool */\
    X(STAR_BEGIN, star_begin, NOTHING, 2) /* e -- e raised rest */             \
    X(STAR_MATCH, star_match, NOTHING, 0) /* rest type -- rest part; None: */  \
                                        /* of it nothing is caught */          \
    X(STAR_RAISED, star_raised, NOTHING, -2) /* raised rest part e -- */       \
                                        /* raised rest */                      \
    X(STAR_END, star_end, NOTHING, -1)  /* e raised rest -- e new; or None */  \
    X(ENTER, enter, NOTHING, 1)         /* manager -- manager value */         \
    X(ENTER_ASYNC, enter_async, NOTHING, 1) /* manager -- manager awaitable */ \
    X(EXIT_ASYNC, exit_async, NOTHING, 0) /* manager -- awaitable */           \
    X(EXIT_ASYNC_RAISED, exit_async_raised, NOTHING, 1) /* manager e -- */     \
                                        /* manager e awaitable */              \
    X(EXIT, exit, NOTHING, -1)          /* manager -- */                       \
    X(EXIT_RAISED, exit_raised, NOTHING, 0) /* manager e -- manager e; */      \
                                        /* the body raised e */

typedef enum al_opcode {
#define AL_OPCODE_ENUM(NAME, name, argument, effect) AL_CODE_##NAME,
    AL_OPCODES(AL_OPCODE_ENUM)
#undef AL_OPCODE_ENUM
    AL_CODE_COUNT
} al_opcode;

/* What an instruction's argument means. */
typedef enum al_argument {
    AL_ARG_NOTHING,
    AL_ARG_CONSTANT, /* index of the code's constants */
    AL_ARG_LOCAL,
    AL_ARG_GLOBAL,
    AL_ARG_NAME,     /* index of the machine's attribute names */
    AL_ARG_OPERATOR, /* al_operator */
    AL_ARG_COUNT,
    AL_ARG_KEYWORDS, /* index of the code's calls with keywords */
    AL_ARG_TARGET,   /* index of the instruction to jump to */
    AL_ARG_VERB      /* al_verb */
} al_argument;

typedef uint32_t al_instruction;

static inline al_instruction al_instruction_make(al_opcode op, uint32_t arg)
{
    return (al_instruction)op | arg << 8;
}

static inline al_opcode al_instruction_op(al_instruction i)
{
    return (al_opcode)(i & 0xff);
}

static inline uint32_t al_instruction_arg(al_instruction i)
{
    return i >> 8;
}

#endif
