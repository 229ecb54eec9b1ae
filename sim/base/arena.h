/* arena.h - storage that dies together: a scenario lives in one. */
#ifndef AL_ARENA_H
#define AL_ARENA_H

#include <stddef.h>

typedef struct al_arena_block al_arena_block;

typedef struct al_arena { /* zero-initialise */
    al_arena_block *blocks;
    size_t used; /* bytes handed out */
} al_arena;

void *al_arena_alloc(al_arena *arena, size_t size); /* zeroed, aligned */
char *al_arena_strdup(al_arena *arena, const char *text);
char *al_arena_strndup(al_arena *arena, const char *text, size_t length);
void al_arena_release(al_arena *arena);

#endif
