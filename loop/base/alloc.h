/* alloc.h - the one seam through which all memory comes.
 *
 * No function here returns NULL: when memory runs out the out-of-memory
 * handler is called, and it must not return (the default says so on stderr
 * and exits with status 5).  Callers therefore never check. */
#ifndef AL_ALLOC_H
#define AL_ALLOC_H

#include <stdbool.h>
#include <stddef.h>

/* The raw allocator below the seam.  realloc(self, NULL, n) allocates. */
typedef struct al_allocator_ops {
    void *(*realloc)(void *self, void *memory, size_t size);
    void (*free)(void *self, void *memory);
} al_allocator_ops;

typedef struct al_allocator {
    const al_allocator_ops *ops;
    void *self;
} al_allocator;

/* Replace the raw allocator; returns the one before.  What was allocated
 * under one must be resized and freed under it.  The tests install one that
 * fails each allocation in turn. */
al_allocator al_set_allocator(al_allocator allocator);
bool al_allocator_is_default(void); /* none was set: it is libc's */

/* Called when the allocator returned NULL; must not return. */
typedef void al_oom_handler(size_t size);
void al_set_oom_handler(al_oom_handler *handler);

void *al_alloc(size_t size);                  /* uninitialised */
void *al_alloc_zero(size_t count, size_t size);
void *al_realloc(void *memory, size_t size);
void *al_realloc_array(void *memory, size_t count, size_t size);
char *al_strdup(const char *text);
char *al_strndup(const char *text, size_t length);
void al_free(void *memory);                   /* al_free(NULL) is harmless */

/* Grow *array (of *capacity elements) until it holds at least `needed`. */
void *al_grow(void *array, size_t *capacity, size_t needed, size_t size);

#endif
