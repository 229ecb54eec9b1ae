/* expr_private.h - what the files of the expression parser share.
 *
 *     token.c   text to tokens        string.c  string literals, f-strings
 *     literal.c numbers               expr.c    the grammar
 *
 * The first mistake of an expression ends its parse: failed is set, and the
 * functions return NULL (or false) up to the top. */
#ifndef AL_EXPR_PRIVATE_H
#define AL_EXPR_PRIVATE_H

#include "sim/scenario/expr.h"
#include "sim/scenario/node.h"

typedef enum al_token_kind {
    AL_TOKEN_END,
    AL_TOKEN_NAME,   /* keywords too */
    AL_TOKEN_INT,    /* integer: up to 2**63, for -2**63 */
    AL_TOKEN_FLOAT,  /* real */
    AL_TOKEN_STRING, /* the prefix and the opening quotes alone */
    AL_TOKEN_OPERATOR
} al_token_kind;

typedef struct al_token {
    al_token_kind kind;
    size_t start, end;   /* in the text */
    size_t offset, stop; /* in the file */
    uint64_t integer;
    double real;
    bool is_raw, is_format, is_triple; /* STRING */
    char quote;
} al_token;

typedef struct al_bracket { /* an open one, on the C stack */
    struct al_bracket *outer;
    char kind;     /* '(', '[', '{' */
    bool is_field; /* the '{' of an f-string */
    size_t start;  /* in the text */
} al_bracket;

typedef struct al_parser {
    al_arena *arena;
    const al_expr_source *source;
    const char *text;
    size_t length;
    size_t at;      /* where the next token begins, or space before it */
    al_token token; /* the current one */
    size_t stop;    /* where the one before ended, in the file */
    al_bracket *bracket;
    unsigned nesting;
    al_expr *huge;  /* 9223372036854775808, not yet behind a minus */
    bool failed;
    struct { size_t decoded, raw; } cursor; /* from text to file */
} al_parser;

/* -- token.c ------------------------------------------------------------ */

void al_parser_advance(al_parser *p);
bool al_parser_is(const al_parser *p, const char *op);      /* an operator */
bool al_parser_is_word(const al_parser *p, const char *word);
size_t al_parser_offset(al_parser *p, size_t at); /* in the file */

/* Report what is wrong with [start, end) of the text; always NULL. */
void *al_parser_fail(al_parser *p, size_t start, size_t end,
                     const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* -- literal.c ---------------------------------------------------------- */

void al_parser_number(al_parser *p); /* the current token begins with one */

/* -- string.c ----------------------------------------------------------- */

al_expr *al_parser_strings(al_parser *p); /* 'a' f'{b}' … */
al_expr *al_parser_format(al_parser *p);  /* all of the text */

/* -- expr.c ------------------------------------------------------------- */

al_expr *al_parser_expression_list(al_parser *p); /* a tuple, without () */
bool al_parser_enter(al_parser *p); /* false: nested too deeply */
void al_parser_leave(al_parser *p);
void al_parser_adopt(al_parser *p, al_expr *parent, const al_expr *child);

#endif
