/* anchor.c - see anchor.h.
 *
 * The anchors of parallel threads are listed at their loop, under the
 * threads' lock.  One that is freed though its object was never lifted stays
 * with the loop, which gives the object up when it closes. */
#include "loop/task/anchor.h"

#include "loop/base/alloc.h"
#include "loop/io/threads.h"

struct al_anchor {
    al_loop *loop;  /* NULL: it is closed */
    void *object;   /* NULL: lifted, or given up */
    bool is_parallel;
    bool is_left;   /* the thread has freed it */
    al_anchor *previous, *next; /* of the loop's */
};

/* -- the loop's list, under the lock -------------------------------------- */

static void list(al_anchor *a)
{
    al_task_slots *slots = al_loop_task_slots(a->loop);

    a->next = slots->anchors;
    if (a->next)
        a->next->previous = a;
    slots->anchors = a;
}

static void unlist(al_anchor *a)
{
    if (a->previous)
        a->previous->next = a->next;
    else
        al_loop_task_slots(a->loop)->anchors = a->next;
    if (a->next)
        a->next->previous = a->previous;
}

/* The loop closes: its objects come back to it. */
static void give_up_all(al_loop *loop)
{
    al_task_slots *slots = al_loop_task_slots(loop);

    for (;;) {
        al_anchor *a;
        void *object;

        al_threads_lock();
        a = slots->anchors;
        if (!a)
            break;
        unlist(a);
        object = a->object;
        a->object = NULL;
        a->loop = NULL;
        if (a->is_left)
            al_free(a);
        al_threads_unlock();
        al_unref(object);
    }
    al_threads_unlock();
}

/* -- anchors -------------------------------------------------------------- */

al_anchor *al_anchor_new_take(al_loop *loop, void *object)
{
    al_anchor *a = al_alloc_zero(1, sizeof *a);

    a->loop = loop;
    a->object = object;
    a->is_parallel = al_threads_in_force()->ops->is_parallel;
    if (!a->is_parallel)
        return a;
    al_loop_task_slots(loop)->give_up_anchors = give_up_all;
    al_threads_lock();
    list(a);
    al_threads_unlock();
    return a;
}

void *al_anchor_lift(al_anchor *a, al_loop **loop)
{
    void *object = a->object;

    if (!object)
        return NULL;
    if (a->is_parallel)
        unlist(a);
    *loop = a->loop;
    a->loop = NULL;
    a->object = NULL;
    return object;
}

void al_anchor_free(al_anchor *a)
{
    void *object = a->object;

    if (!a->is_parallel) {
        al_free(a);
        al_unref(object);
        return;
    }
    al_threads_lock();
    if (a->loop)
        a->is_left = true;
    else
        al_free(a);
    al_threads_unlock();
}
