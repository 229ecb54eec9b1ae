/* alloc.c - memory through one seam; see alloc.h. */
#include "loop/base/alloc.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *libc_realloc(void *self, void *memory, size_t size)
{
    (void)self;
    return memory ? realloc(memory, size) : malloc(size);
}

static void libc_free(void *self, void *memory)
{
    (void)self;
    free(memory);
}

static const al_allocator_ops libc_ops = {
    .realloc = libc_realloc,
    .free = libc_free,
};

static void say_and_exit(size_t size)
{
    fprintf(stderr, "fatal: out of memory (%zu bytes asked for)\n", size);
    exit(5);
}

static al_allocator raw = {&libc_ops, NULL};
static al_oom_handler *out_of_memory = say_and_exit;

al_allocator al_set_allocator(al_allocator allocator)
{
    al_allocator before = raw;

    raw = allocator;
    return before;
}

bool al_allocator_is_default(void)
{
    return raw.ops == &libc_ops;
}

void al_set_oom_handler(al_oom_handler *handler)
{
    out_of_memory = handler;
}

static inline void *from_raw(void *memory, size_t size)
{
    void *result = raw.ops->realloc(raw.self, memory, size ? size : 1);

    if (!result) {
        out_of_memory(size);
        abort(); /* the handler must not return */
    }
    return result;
}

void *al_realloc(void *memory, size_t size)
{
    return from_raw(memory, size);
}

void *al_realloc_array(void *memory, size_t count, size_t size)
{
    if (size && count > SIZE_MAX / size) {
        out_of_memory(SIZE_MAX);
        abort();
    }
    return al_realloc(memory, count * size);
}

void *al_alloc(size_t size)
{
    return from_raw(NULL, size);
}

void *al_alloc_zero(size_t count, size_t size)
{
    void *memory = al_realloc_array(NULL, count, size);

    return memset(memory, 0, count * size);
}

char *al_strndup(const char *text, size_t length)
{
    char *copy = al_alloc(length + 1);

    memcpy(copy, text, length);
    copy[length] = '\0';
    return copy;
}

char *al_strdup(const char *text)
{
    return al_strndup(text, strlen(text));
}

void al_free(void *memory)
{
    if (memory)
        raw.ops->free(raw.self, memory);
}

void *al_grow(void *array, size_t *capacity, size_t needed, size_t size)
{
    size_t wanted = *capacity + *capacity / 2;

    if (needed <= *capacity)
        return array;
    if (wanted < needed)
        wanted = needed;
    if (wanted < 8)
        wanted = 8;
    array = al_realloc_array(array, wanted, size);
    *capacity = wanted;
    return array;
}
