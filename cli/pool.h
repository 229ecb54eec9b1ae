/* pool.h - many jobs, done side by side in processes.
 *
 * A job is done in a process of its own, whose result comes by a pipe: one
 * that is ended by a signal takes no other with it. */
#ifndef AL_POOL_H
#define AL_POOL_H

#include <stdbool.h>
#include <stddef.h>
#include "loop/base/text.h"

typedef struct al_pool {
    size_t count;       /* of jobs */
    unsigned processes; /* at a time; 0: all is done in this one */
    void *self;

    /* Do it, and add what it came to. */
    void (*work)(void *self, size_t index, al_text *out);

    /* Told of each, in their order, as soon as it and all before it are done.
     * `failure`: what became of its process; NULL: it is well. */
    void (*done)(void *self, size_t index, const al_text *out,
                 const char *failure);
} al_pool;

/* Ctrl-C and its like stop it: of what is not done then nothing is told. */
void al_pool_run(const al_pool *pool);

/* A result as bytes: a struct without pointers, and texts. */
void al_pool_pack(al_text *out, const void *head, size_t size,
                  const al_text *const *texts, size_t count);
bool al_pool_unpack(const al_text *from, void *head, size_t size,
                    al_text *const *texts, size_t count);

/* What --jobs was given (NULL: nothing).  False: no number; told. */
bool al_pool_read_jobs(const char *given, unsigned fallback, unsigned *jobs);

#endif
