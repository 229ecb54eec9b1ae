/* python_writer.h - what the files of the Python export share. */
#ifndef AL_PY_WRITER_H
#define AL_PY_WRITER_H

#include <stdbool.h>
#include <stddef.h>
#include "loop/base/text.h"
#include "sim/scenario/scenario.h"

/* What a program may import.  X(NAME, name, module it comes from) */
#define AL_PY_IMPORTS(X)                                                       \
    X(ASYNCIO, asyncio, NULL)                                                  \
    X(CONTEXTVARS, contextvars, NULL)                                          \
    X(CONCURRENT, concurrent, NULL)                                           \
    X(TIME, time, NULL)                                                        \
    X(SIGNAL, signal, NULL)                                                    \
    X(BUSY, busy, "asyncloop_sim_record")                                      \
    X(FD, fd, "asyncloop_sim_record")                                          \
    X(LOG, log, "asyncloop_sim_record")                                        \
    X(READ, read, "asyncloop_sim_record")                                      \
    X(WORLD, world, "asyncloop_sim_record")                                    \
    X(WRITE, write, "asyncloop_sim_record")

typedef enum al_py_import {
#define AL_PY_IMPORT_ENUM(NAME, name, module) AL_PY_##NAME,
    AL_PY_IMPORTS(AL_PY_IMPORT_ENUM)
#undef AL_PY_IMPORT_ENUM
    AL_PY_IMPORT_COUNT
} al_py_import;

typedef struct al_name_set { /* a set of names, borrowed */
    const char **items;
    size_t count, capacity;
} al_name_set;

/* One pass over the scenario.  The first only collects the names that the
 * scenario uses, so that the second can steer clear of them. */
typedef struct al_py {
    const al_scenario *scenario;
    const char *file;    /* base name of the scenario's path */
    al_text *out;
    int depth;           /* of indentation */
    char quote;          /* that strings are written in */
    al_name_set *names;  /* that the scenario uses; the first pass adds */
    char *imports[AL_PY_IMPORT_COUNT]; /* what they are called here */
    bool used[AL_PY_IMPORT_COUNT];
    al_name_set threads; /* names of the threads' functions; owned */
    al_name_set asyncio_names; /* exceptions that Python has in asyncio */
    al_name_set concurrent_names; /* and in concurrent.futures */
} al_py;

/* -- names (python_names.c) --------------------------------------------- */

void al_name_set_release(al_name_set *names);
void al_name_set_add(al_name_set *names, const char *name); /* once */

/* Write a name of the scenario's. */
void al_py_name(al_py *p, const char *name);

/* Write a variable.  InvalidStateError and its like, which a scenario knows
 * as builtins, are imported: so they may be assigned to as builtins may. */
void al_py_variable(al_py *p, const char *name);

/* Write what an import is called here, which makes it one. */
void al_py_use(al_py *p, al_py_import import);

/* A name like `wish` that the scenario does not use; the caller's. */
char *al_py_free_name(const al_name_set *names, const char *wish);

void al_py_choose_imports(al_py *p);
void al_py_add_imports(const al_py *p, al_text *out);

/* "signal.SIGTERM", or the number where there is no such name. */
void al_py_signal(al_py *p, int64_t number);

/* -- expressions (python_expr.c) ---------------------------------------- */

void al_py_string(al_py *p, const char *bytes, size_t length);
void al_py_expr(al_py *p, const al_expr *expr);

/* The target of an assignment: a tuple stands without brackets. */
void al_py_target(al_py *p, const al_expr *expr);

/* Some of a string's bytes, between the quotes; braces doubled where it is
 * an f-string. */
void al_py_string_body(al_text *out, const char *bytes, size_t length,
                       char quote, bool is_fstring);

#endif
