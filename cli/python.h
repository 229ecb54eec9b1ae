/* python.h - a real Python, recording a program with the recorder that this
 * binary carries (cli/record). */
#ifndef AL_PYTHON_H
#define AL_PYTHON_H

#include <stdbool.h>
#include "cli/child.h"
#include "loop/base/error.h"
#include "loop/base/text.h"

typedef struct al_interpreter { /* zero-initialise; release it */
    bool is_quiet; /* programs are ours: how they end is not told on stderr */
    const char *executable; /* "python3" */
    al_text folder;         /* a temporary one, holding the recorder */
} al_interpreter;

/* See that it is a Python that will do, and unpack the recorder.  False: err
 * says why not. */
bool al_interpreter_init(al_interpreter *python, const char *executable,
                         al_error *err);

/* Either half of it alone. */
bool al_interpreter_check(const char *executable, al_error *err);
bool al_interpreter_unpack(al_interpreter *python, const char *executable,
                           al_error *err);
void al_interpreter_release(al_interpreter *python);

typedef struct al_recording { /* of one program; all is borrowed */
    const char *out, *name; /* the trace's file ("-": stdout), and what
                               messages call it */
    bool is_module;         /* program is a module's name */
    const char *clock;      /* "real", "virtual"; NULL: real */
    const char *program;    /* "-": stdin */
    char **args;            /* the program's own */
    int arg_count;
    char **flags;           /* for Python itself: -X dev */
    int flag_count;
    double limit;           /* seconds it may take; 0: any; quiet ones alone */
} al_recording;

/* Record it.  *end is how it ended.  False: could not run it. */
bool al_interpreter_record(const al_interpreter *python,
                           const al_recording *recording, al_child_end *end,
                           al_error *err);

/* A path in the temporary folder; al_free it. */
char *al_interpreter_path(const al_interpreter *python, const char *name);

#endif
