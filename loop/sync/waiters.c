/* waiters.c - see waiters.h.
 *
 * Who was woken takes itself out, and it is nearly always the oldest: a gap
 * at the array's beginning makes that cheap.  It is closed when the array is
 * full and half of it is gap. */
#include "loop/sync/waiters.h"

#include <string.h>
#include "loop/base/alloc.h"

void al_waiters_release(al_waiters *waiters)
{
    al_waiters old = *waiters;

    *waiters = (al_waiters){0};
    for (size_t i = 0; i < old.count; i++)
        al_unref(al_waiters_peek(&old, i));
    al_free(old.items);
}

static void close_gap(al_waiters *waiters)
{
    memmove(waiters->items, waiters->items + waiters->first,
            waiters->count * sizeof *waiters->items);
    waiters->first = 0;
}

void al_waiters_append(al_waiters *waiters, al_future *future)
{
    size_t end = waiters->first + waiters->count;

    if (end == waiters->capacity && waiters->first > waiters->count) {
        close_gap(waiters);
        end = waiters->count;
    }
    waiters->items = al_grow(waiters->items, &waiters->capacity, end + 1,
                             sizeof *waiters->items);
    waiters->items[end] = al_ref(future);
    waiters->count++;
}

al_future *al_waiters_popleft(al_waiters *waiters)
{
    if (waiters->count == 0)
        return NULL;
    waiters->count--;
    return waiters->items[waiters->first++];
}

static void take_out(al_waiters *waiters, size_t index)
{
    al_future **at = waiters->items + waiters->first + index;

    memmove(at, at + 1, (waiters->count - index - 1) * sizeof *at);
    waiters->count--;
}

bool al_waiters_remove(al_waiters *waiters, const al_future *future)
{
    for (size_t i = 0; i < waiters->count; i++) {
        al_future *found = al_waiters_peek(waiters, i);

        if (found != future)
            continue;
        if (i == 0)
            al_waiters_popleft(waiters);
        else
            take_out(waiters, i);
        al_unref(found);
        return true;
    }
    return false;
}

bool al_waiters_all_cancelled(const al_waiters *waiters)
{
    for (size_t i = 0; i < waiters->count; i++) {
        if (!al_future_cancelled(al_waiters_peek(waiters, i)))
            return false;
    }
    return true;
}

al_future *al_waiters_peek_pending(const al_waiters *waiters)
{
    for (size_t i = 0; i < waiters->count; i++) {
        if (!al_future_done(al_waiters_peek(waiters, i)))
            return al_waiters_peek(waiters, i);
    }
    return NULL;
}
