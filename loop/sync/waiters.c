/* waiters.c - see waiters.h.
 *
 * Who was woken takes itself out, and it is nearly always the oldest: a gap
 * at the array's beginning makes that cheap.  It is closed when the array is
 * full and half of it is gap.
 *
 * A future is made when its coroutine begins to wait: those that stand here are
 * in the order of their creation, and each is found by its serial number. */
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
    if (waiters->done > 0)
        waiters->done--;
    return waiters->items[waiters->first++];
}

/* The younger ones move up, or the older ones down: whichever are fewer. */
static void take_out(al_waiters *waiters, size_t index)
{
    al_future **oldest = waiters->items + waiters->first;
    size_t after = --waiters->count - index;

    if (index < waiters->done)
        waiters->done--;
    if (after < index) {
        memmove(oldest + index, oldest + index + 1, after * sizeof *oldest);
    } else {
        memmove(oldest + 1, oldest, index * sizeof *oldest);
        waiters->first++;
    }
}

/* How many are older than it. */
static size_t count_older(const al_waiters *waiters, const al_future *future)
{
    size_t low = 0, high = waiters->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (al_waiters_peek(waiters, middle)->serial < future->serial)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

bool al_waiters_remove(al_waiters *waiters, const al_future *future)
{
    size_t index = count_older(waiters, future);
    al_future *found;

    if (index == waiters->count || al_waiters_peek(waiters, index) != future)
        return false;
    found = al_waiters_peek(waiters, index);
    take_out(waiters, index);
    al_unref(found);
    return true;
}

bool al_waiters_all_cancelled(const al_waiters *waiters)
{
    for (size_t i = 0; i < waiters->count; i++) {
        if (!al_future_cancelled(al_waiters_peek(waiters, i)))
            return false;
    }
    return true;
}

al_future *al_waiters_peek_pending(al_waiters *waiters)
{
    for (; waiters->done < waiters->count; waiters->done++) {
        al_future *future = al_waiters_peek(waiters, waiters->done);

        if (!al_future_done(future))
            return future;
    }
    return NULL;
}
