/* happenings.c - see happenings.h. */
#include "sim/world/happenings.h"

#include "loop/base/alloc.h"

void al_happenings_release(al_happenings *all)
{
    for (size_t i = 0; i < all->count; i++)
        al_free(all->items[i]);
    al_free(all->items);
    *all = (al_happenings){0};
}

static bool is_before(const al_happening *a, const al_happening *b)
{
    return a->at < b->at || (a->at == b->at && a->number < b->number);
}

static void put(al_happenings *all, size_t place, al_happening *h)
{
    all->items[place] = h;
    h->place = place;
}

static void sift_up(al_happenings *all, size_t place, al_happening *h)
{
    while (place > 0) {
        size_t parent = (place - 1) / 2;

        if (!is_before(h, all->items[parent]))
            break;
        put(all, place, all->items[parent]);
        place = parent;
    }
    put(all, place, h);
}

static void sift_down(al_happenings *all, size_t place, al_happening *h)
{
    for (size_t child; (child = 2 * place + 1) < all->count; place = child) {
        if (child + 1 < all->count &&
            is_before(all->items[child + 1], all->items[child]))
            child++;
        if (!is_before(all->items[child], h))
            break;
        put(all, place, all->items[child]);
    }
    put(all, place, h);
}

al_happening *al_happenings_add(al_happenings *all, double at,
                                al_happening_kind kind)
{
    al_happening *h = al_alloc_zero(1, sizeof *h);

    h->at = at;
    h->kind = kind;
    h->number = ++all->last;
    all->items = al_grow(all->items, &all->capacity, all->count + 1,
                         sizeof *all->items);
    sift_up(all, all->count++, h);
    return h;
}

const al_happening *al_happenings_peek(const al_happenings *all)
{
    return all->count > 0 ? all->items[0] : NULL;
}

void al_happenings_remove(al_happenings *all, al_happening *h)
{
    size_t place = h->place;
    al_happening *last = all->items[--all->count];

    al_free(h);
    if (place == all->count)
        return;
    if (place > 0 && is_before(last, all->items[(place - 1) / 2]))
        sift_up(all, place, last);
    else
        sift_down(all, place, last);
}
