/* arena.c - storage that dies together; see arena.h. */
#include "sim/base/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <string.h>
#include "loop/base/alloc.h"

enum { FIRST_BLOCK = 4096, LARGEST_BLOCK = 256 * 1024 };

struct al_arena_block {
    al_arena_block *older;
    size_t size, used;
    alignas(max_align_t) unsigned char bytes[];
};

static size_t round_up(size_t size)
{
    size_t unit = alignof(max_align_t);

    return (size + unit - 1) / unit * unit;
}

static size_t block_size(const al_arena_block *newest, size_t needed)
{
    size_t size = newest ? newest->size * 2 : FIRST_BLOCK;

    if (size > LARGEST_BLOCK)
        size = LARGEST_BLOCK;
    return size < needed ? needed : size;
}

static al_arena_block *room_for(al_arena *arena, size_t needed)
{
    al_arena_block *block = arena->blocks;
    size_t size;

    if (block && block->size - block->used >= needed)
        return block;
    size = block_size(block, needed);
    block = al_alloc(sizeof *block + size);
    *block = (al_arena_block){.older = arena->blocks, .size = size};
    arena->blocks = block;
    return block;
}

void *al_arena_alloc(al_arena *arena, size_t size)
{
    size_t needed = round_up(size ? size : 1);
    al_arena_block *block = room_for(arena, needed);
    void *memory = block->bytes + block->used;

    block->used += needed;
    arena->used += needed;
    return memset(memory, 0, needed);
}

char *al_arena_strndup(al_arena *arena, const char *text, size_t length)
{
    char *copy = al_arena_alloc(arena, length + 1);

    if (length)
        memcpy(copy, text, length);
    return copy;
}

char *al_arena_strdup(al_arena *arena, const char *text)
{
    return al_arena_strndup(arena, text, strlen(text));
}

void al_arena_release(al_arena *arena)
{
    al_arena_block *block = arena->blocks;

    while (block) {
        al_arena_block *older = block->older;

        al_free(block);
        block = older;
    }
    *arena = (al_arena){0};
}
