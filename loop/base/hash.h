/* hash.h - the steps our hash functions are made of. */
#ifndef AL_HASH_H
#define AL_HASH_H

#include <stddef.h>
#include <stdint.h>

#define AL_HASH_START UINT64_C(0xcbf29ce484222325) /* FNV's */
#define AL_HASH_FACTOR UINT64_C(0x9e3779b97f4a7c15) /* 2**64 / golden ratio:
                                                       Fibonacci hashing */

/* FNV-1a, going on from `hash`. */
static inline uint64_t al_hash_byte(uint64_t hash, char byte)
{
    return (hash ^ (unsigned char)byte) * UINT64_C(0x100000001b3);
}

/* Of a text from its beginning, for a table: all bits are good. */
static inline uint64_t al_hash_text(const char *text)
{
    uint64_t hash = AL_HASH_START;

    for (; *text; text++)
        hash = al_hash_byte(hash, *text);
    return hash ^ hash >> 32;
}

#endif
