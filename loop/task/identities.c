/* identities.c - open addressing, by address; see identities.h. */
#include "loop/task/identities.h"

#include "loop/base/alloc.h"
#include "loop/base/hash.h"
#include "loop/object/hashable.h"
#include "loop/task/future.h"

static al_identity *find(const al_identities *known, const al_object *object)
{
    uint64_t hash = (uint64_t)(uintptr_t)object * AL_HASH_FACTOR;
    size_t at = (size_t)(hash >> 32) & (known->size - 1);

    while (known->slots[at].object && known->slots[at].object != object)
        at = (at + 1) & (known->size - 1);
    return &known->slots[at];
}

static void grow(al_identities *known)
{
    al_identities larger = {.count = known->count,
                            .size = known->size ? 2 * known->size : 16};

    larger.slots = al_alloc_zero(larger.size, sizeof *larger.slots);
    for (size_t i = 0; i < known->size; i++) {
        if (known->slots[i].object)
            *find(&larger, known->slots[i].object) = known->slots[i];
    }
    al_free(known->slots);
    *known = larger;
}

size_t al_identities_add(al_identities *known, al_value value, size_t number)
{
    al_identity *slot;

    if (value.tag != AL_OBJECT)
        return number;
    if (2 * (known->count + 1) > known->size)
        grow(known);
    slot = find(known, value.as.object);
    if (slot->object)
        return slot->number;
    known->count++;
    *slot = (al_identity){value.as.object, number};
    return number;
}

void al_identities_release(al_identities *known)
{
    al_free(known->slots);
    *known = (al_identities){0};
}

bool al_keep_different(const al_tuple *given, al_value *kept, size_t *count)
{
    al_identities known = {0};
    bool ok = true;

    *count = 0;
    for (size_t i = 0; ok && i < given->count; i++) {
        ok = al_check_hashable(given->items[i], "set element");
        if (ok && al_identities_add(&known, given->items[i], i) == i)
            kept[(*count)++] = given->items[i];
    }
    al_identities_release(&known);
    al_futures_sort(kept, *count);
    return ok;
}
