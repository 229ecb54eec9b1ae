/* ast.h - a scenario, parsed: what the compiler and the exporters read.
 *
 * Everything here lives in the scenario's arena and is immutable once
 * loaded.  Statements and expressions know their place in the file. */
#ifndef AL_AST_H
#define AL_AST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "sim/scenario/verbs.h"

typedef struct al_place {
    int line, column; /* 1-based, in the scenario file */
} al_place;

typedef struct al_expr al_expr;
typedef struct al_stmt al_stmt;

typedef struct al_exprs {
    al_expr **items;
    size_t count;
} al_exprs;

typedef struct al_block {
    al_stmt **items;
    size_t count;
} al_block;

/* -- expressions -------------------------------------------------------- */

typedef enum al_expr_kind {
    AL_EXPR_NONE,
    AL_EXPR_BOOL,        /* as.boolean */
    AL_EXPR_INT,         /* as.integer */
    AL_EXPR_FLOAT,       /* as.real */
    AL_EXPR_STR,         /* as.str */
    AL_EXPR_NAME,        /* as.name */
    AL_EXPR_UNARY,       /* as.binary: op, left */
    AL_EXPR_BINARY,      /* as.binary */
    AL_EXPR_AND,         /* as.binary: left, right */
    AL_EXPR_OR,
    AL_EXPR_COMPARE,     /* as.compare: a < b <= c */
    AL_EXPR_CONDITIONAL, /* as.conditional: a if test else b */
    AL_EXPR_ATTRIBUTE,   /* as.attribute: object.name */
    AL_EXPR_SUBSCRIPT,   /* as.subscript: object[index] */
    AL_EXPR_SLICE,       /* as.slice, only as a subscript's index */
    AL_EXPR_CALL,        /* as.call: function(args, name=value) */
    AL_EXPR_TUPLE,       /* as.items */
    AL_EXPR_LIST,        /* as.items */
    AL_EXPR_DICT,        /* as.dict */
    AL_EXPR_FSTRING,     /* as.fstring */
    AL_EXPR_VERB         /* as.verb: an operation object */
} al_expr_kind;

typedef enum al_operator {
    AL_OP_ADD, AL_OP_SUB, AL_OP_MUL, AL_OP_DIV, AL_OP_FLOORDIV, AL_OP_MOD,
    AL_OP_POW, AL_OP_LSHIFT, AL_OP_RSHIFT, AL_OP_BITAND, AL_OP_BITOR,
    AL_OP_BITXOR,
    AL_OP_NEG, AL_OP_POS, AL_OP_INVERT, AL_OP_NOT, /* unary */
    AL_OP_LT, AL_OP_LE, AL_OP_EQ, AL_OP_NE, AL_OP_GT, AL_OP_GE,
    AL_OP_IS, AL_OP_IS_NOT, AL_OP_IN, AL_OP_NOT_IN /* comparisons */
} al_operator;

extern const char *const al_operator_text[]; /* "+", "not in", … */

typedef struct al_fstring_part { /* literal text, or {value!conversion:spec} */
    const char *text;  /* literal; or NULL */
    size_t text_length;
    al_expr *value;
    char conversion;   /* 'r', 's', 'a' or 0 */
    const char *spec;  /* format spec, or NULL; plain text only */
    const char *debug; /* the "x=" of {x=}, or NULL */
} al_fstring_part;

struct al_expr {
    al_expr_kind kind;
    al_place place;
    union {
        bool boolean;
        int64_t integer;
        double real;
        const char *name;
        struct { const char *bytes; size_t length; } str;
        struct { al_operator op; al_expr *left, *right; } binary;
        struct { al_expr *left; al_operator *ops; al_exprs rights; } compare;
        struct { al_expr *test, *then, *otherwise; } conditional;
        struct { al_expr *object; const char *name; } attribute;
        struct { al_expr *object, *index; } subscript;
        struct { al_expr *start, *stop, *step; } slice; /* each may be NULL */
        struct {
            al_expr *function;
            al_exprs args;          /* positional, then by keyword */
            const char **keywords;  /* names of the last keyword_count */
            size_t keyword_count;
            al_expr *star, *mapping; /* *star behind the positional ones,
                                        **mapping at the end; or NULL */
        } call;
        al_exprs items;
        struct { al_exprs keys, values; } dict;
        struct { al_fstring_part *parts; size_t count; } fstring;
        struct {
            al_verb verb;
            al_expr *params[AL_VERB_MAX_PARAMS]; /* as the verb's spec lists
                                       them; NULL: left out.  AL_PARAM_ARGS
                                       is a TUPLE, AL_PARAM_KWARGS a DICT
                                       by STRs, the string of an
                                       AL_PARAM_FORMAT or AL_PARAM_TEXT an
                                       FSTRING, AL_PARAM_IDENTIFIER a STR */
        } verb;
    } as;
};

/* -- statements --------------------------------------------------------- */

typedef enum al_stmt_kind {
    AL_STMT_EXPR,     /* as.expr: evaluate value; keep it in `target` if any */
    AL_STMT_LET,      /* as.expr: target = value */
    AL_STMT_GLOBAL,   /* as.global: names */
    AL_STMT_IF,       /* as.branch: test, then, otherwise */
    AL_STMT_WHILE,    /* as.branch: test, then (body), otherwise (else) */
    AL_STMT_FOR,      /* as.loop */
    AL_STMT_BREAK,
    AL_STMT_CONTINUE,
    AL_STMT_PASS,
    AL_STMT_TRY,      /* as.attempt */
    AL_STMT_RAISE,    /* as.raise: value (NULL: re-raise), cause (or NULL) */
    AL_STMT_WITH,     /* as.with */
    AL_STMT_RETURN,   /* as.expr: value may be NULL */
    AL_STMT_ASSERT    /* as.assertion */
} al_stmt_kind;

typedef struct al_except {
    al_place place;
    al_expr *type;    /* a class, or a tuple of them; NULL: everything */
    const char *name; /* as …; or NULL */
    al_block body;
} al_except;

struct al_stmt {
    al_stmt_kind kind;
    al_place place;
    union {
        struct { al_expr *target, *value; } expr; /* target: NAME, SUBSCRIPT
                                                  or TUPLE of NAMEs */
        struct { const char **names; size_t count; } global;
        struct { al_expr *test; al_block then, otherwise; } branch;
        struct {
            bool is_async;
            al_expr *target, *iterable;
            al_block body, otherwise;
        } loop;
        struct {
            al_block body;
            al_except *handlers;
            size_t handler_count;
            bool is_star; /* except* */
            al_block otherwise, finally;
        } attempt;
        struct { al_expr *value, *cause; bool has_cause; } raise;
        struct {
            bool is_async;
            al_expr *manager, *target;
            al_block body;
        } with;
        struct { al_expr *test, *message; } assertion;
    } as;
};

/* -- the scenario ------------------------------------------------------- */

typedef struct al_function {
    const char *name;
    al_place place; /* of its name: where tracebacks and reprs point */
    bool is_async, is_generator; /* it has a yield */
    const char **params; /* behind them the names of *args and **kwargs */
    size_t param_count;
    bool has_rest, has_keywords; /* it has *args, **kwargs */
    al_block body;
} al_function;

/* All that a call binds: parameters, *args, **kwargs. */
static inline size_t al_function_name_count(const al_function *f)
{
    return f->param_count + f->has_rest + f->has_keywords;
}

typedef enum al_world_kind {
    AL_WORLD_FD,     /* readiness changes */
    AL_WORLD_SIGNAL, /* a signal arrives */
    AL_WORLD_THREAD  /* a thread runs statements */
} al_world_kind;

typedef struct al_world_item {
    al_world_kind kind;
    al_place place;
    double at;          /* virtual seconds */
    const char *name;   /* the fd's or thread's */
    int readable, writable; /* 1, 0; -1: unchanged */
    int sig;
    al_block body;      /* of a thread */
} al_world_item;

typedef struct al_limits { /* 0, or a negative time: none */
    double until;          /* virtual seconds */
    uint64_t iterations;   /* of _run_once */
    uint64_t standstill;   /* of those, in a row, while time stands still */
    uint64_t steps;        /* of the script; see al_vm_step */
    uint64_t memory;       /* bytes */
} al_limits;

/* The "loop" section: knobs for every loop the scenario creates. */
typedef struct al_loop_knobs {
    bool debug;
    double slow_callback_duration;
    uint64_t min_scheduled_timer_handles;
    double min_cancelled_timer_handles_fraction;
    double maximum_select_timeout;
    int python_minor;        /* 14 or 15 */
    double clock_start;      /* seconds */
    double clock_resolution; /* what the loop is told */
    double clock_tick;       /* granularity of time(); 0: exact */
} al_loop_knobs;

#endif
