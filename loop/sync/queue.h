/* queue.h - asyncio.Queue, LifoQueue and PriorityQueue. */
#ifndef AL_QUEUE_H
#define AL_QUEUE_H

#include "loop/sync/event.h"
#include "loop/sync/items.h"

typedef struct al_queue {
    al_primitive primitive; /* its waiters are those who get */
    al_waiters putters;
    al_items items;
    al_value maxsize;        /* 0 or less: no limit */
    int64_t unfinished;      /* put, but not yet task_done() */
    al_sync_event *finished; /* for join(); a reference */
    bool is_shut_down;
} al_queue;

extern const al_type al_queue_type, al_lifo_queue_type,
    al_priority_queue_type;

/* asyncio.Queue(maxsize) and its kin, by the order of the items.  A maxsize
 * that is no number is taken, but then whatever asks whether the queue is
 * full raises TypeError. */
al_queue *al_queue_new(al_items_order order, al_value maxsize);

al_queue *al_queue_peek(al_value value); /* of any order; NULL: it is none */

al_coroutine *al_queue_put(al_queue *queue, al_value item); /* shared */
al_coroutine *al_queue_get(al_queue *queue); /* returns the item */
al_coroutine *al_queue_join(al_queue *queue);

/* What an await of these two gives, where it would neither wait nor wake
 * anybody nor raise, as mostly: then it is done, without a coroutine.  False,
 * AL_ABSENT: nothing is done, the coroutine is to be awaited. */
bool al_queue_put_at_once(al_queue *queue, al_value item);
al_value al_queue_get_at_once(al_queue *queue); /* owned */

/* False, AL_ABSENT: raised (QueueFull, QueueEmpty, QueueShutDown, or what
 * comparing the items raised). */
bool al_queue_put_nowait(al_queue *queue, al_value item);
al_value al_queue_get_nowait(al_queue *queue); /* owned */

bool al_queue_task_done(al_queue *queue); /* false: raised ValueError */
bool al_queue_shutdown(al_queue *queue, bool immediate); /* false: raised */

bool al_queue_full(const al_queue *queue, bool *full); /* false: raised */

static inline size_t al_queue_size(const al_queue *queue)
{
    return queue->items.count;
}

#endif
