/* thread.c - what asyncio keeps per thread; see thread.h. */
#include "loop/object/thread.h"

#include <pthread.h>
#include <stdatomic.h>

_Thread_local al_thread *al_thread_in_force;
_Thread_local unsigned al_thread_depth;
static _Thread_local al_thread own;

static atomic_uint_fast64_t last_ident;
static pthread_key_t cleanup;
static pthread_once_t cleanup_once = PTHREAD_ONCE_INIT;

static void release_at_exit(void *thread)
{
    al_thread_release(thread);
}

static void make_cleanup(void)
{
    pthread_key_create(&cleanup, release_at_exit);
}

void al_thread_init(al_thread *thread, const char *name)
{
    *thread = (al_thread){
        .name = name,
        .ident = atomic_fetch_add(&last_ident, 1) + 1,
    };
    thread->base_context = al_context_new();
    thread->base_context->is_entered = true;
    thread->context = thread->base_context;
}

void al_thread_release(al_thread *thread)
{
    al_unref(thread->raised);
    al_unref(thread->event_loop);
    al_unref(thread->base_context); /* a token may still hold it */
    thread->raised = NULL;
    thread->event_loop = NULL;
    thread->base_context = thread->context = NULL;
    if (al_thread_in_force == thread)
        al_thread_in_force = NULL;
}

al_thread *al_thread_make(void)
{
    al_thread_init(&own, NULL);
    pthread_once(&cleanup_once, make_cleanup);
    pthread_setspecific(cleanup, &own);
    al_thread_in_force = &own;
    return &own;
}

al_thread *al_thread_swap(al_thread *thread)
{
    al_thread *previous = al_thread_current();

    previous->depth = al_thread_depth;
    al_thread_depth = thread->depth;
    al_thread_in_force = thread;
    return previous;
}
