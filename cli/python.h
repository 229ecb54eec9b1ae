/* python.h - a real Python, recording a program with the recorder that this
 * binary carries (cli/recorder). */
#ifndef AL_PYTHON_H
#define AL_PYTHON_H

#include <stdbool.h>
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
void al_interpreter_release(al_interpreter *python);

/* Record `program` ("-": stdin) into the file `out` ("-": stdout), which
 * messages call `name`; the program's own arguments follow.  *status is its
 * exit status.  False: could not run it. */
bool al_interpreter_record(const al_interpreter *python, const char *out,
                           const char *name, const char *program, char **args,
                           int arg_count, int *status, al_error *err);

/* A path in the temporary folder; al_free it. */
char *al_interpreter_path(const al_interpreter *python, const char *name);

#endif
