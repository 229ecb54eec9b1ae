/* intern.c - texts kept once each; see intern.h. */
#include "sim/trace/intern.h"

#include <string.h>
#include "loop/base/alloc.h"
#include "loop/base/hash.h"

enum { FIRST_CAPACITY = 64 };

static size_t locate(const al_intern *texts, const char *text, uint64_t hash)
{
    size_t at = (size_t)hash & texts->mask;

    while (texts->slots[at].text && (texts->slots[at].hash != hash ||
                                     strcmp(texts->slots[at].text, text) != 0))
        at = (at + 1) & texts->mask;
    return at;
}

static void grow(al_intern *texts)
{
    al_intern_slot *old = texts->slots;
    size_t capacity = old ? texts->mask + 1 : 0;
    size_t wanted = capacity ? 2 * capacity : FIRST_CAPACITY;

    texts->slots = al_alloc_zero(wanted, sizeof *texts->slots);
    texts->mask = wanted - 1;
    for (size_t i = 0; i < capacity; i++) {
        if (old[i].text)
            texts->slots[locate(texts, old[i].text, old[i].hash)] = old[i];
    }
    al_free(old);
}

void al_intern_release(al_intern *texts)
{
    for (size_t i = 0; texts->slots && i <= texts->mask; i++)
        al_free(texts->slots[i].text);
    al_free(texts->slots);
    *texts = (al_intern){0};
}

const char *al_intern_text(al_intern *texts, const char *text)
{
    uint64_t hash;
    al_intern_slot *slot;

    if (texts->latest && strcmp(texts->latest, text) == 0)
        return texts->latest;
    if (!texts->slots || texts->count * 2 > texts->mask)
        grow(texts);
    hash = al_hash_text(text);
    slot = &texts->slots[locate(texts, text, hash)];
    if (!slot->text) {
        *slot = (al_intern_slot){hash, al_strdup(text)};
        texts->count++;
    }
    texts->latest = slot->text;
    return slot->text;
}
