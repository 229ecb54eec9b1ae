/* python.h - a real Python, recording a program with the recorder that this
 * binary carries (cli/recorder). */
#ifndef AL_PYTHON_H
#define AL_PYTHON_H

#include <stdbool.h>
#include "loop/base/error.h"
#include "loop/base/text.h"

typedef struct al_python { /* zero-initialise; release it */
    bool is_quiet; /* programs are ours: how they end is not told on stderr */
    const char *executable; /* "python3" */
    al_text folder;         /* a temporary one, holding the recorder */
} al_python;

/* See that it is a Python that will do, and unpack the recorder.  False: err
 * says why not. */
bool al_python_init(al_python *python, const char *executable, al_error *err);
void al_python_release(al_python *python);

/* Record `program` ("-": stdin) into the file `out` ("-": stdout), which
 * messages call `name`; the program's own arguments follow.  *status is its exit status.  False: could
 * not run it. */
bool al_python_record(const al_python *python, const char *out,
                      const char *name, const char *program, char **args, int arg_count,
                      int *status, al_error *err);

/* A path in the temporary folder; al_free it. */
char *al_python_path(const al_python *python, const char *name);

#endif
