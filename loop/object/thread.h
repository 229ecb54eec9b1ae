/* thread.h - what asyncio keeps per thread.
 *
 * Python keeps these in thread-local storage; here they are one struct, so
 * that a simulated world can let several Python threads live in one real
 * thread: al_thread_swap makes another one current. */
#ifndef AL_THREAD_H
#define AL_THREAD_H

#include "loop/object/context.h"
#include "loop/object/exception.h"
#include "loop/object/value.h"

typedef struct al_loop al_loop;

enum { AL_RECURSION_LIMIT = 1000 }; /* sys.getrecursionlimit() */

typedef struct al_thread {
    const char *name;      /* threading.current_thread().name; NULL:
                              "MainThread" */
    uint64_t ident;        /* threading.get_ident() */
    al_loop *running_loop; /* _get_running_loop(); borrowed */
    al_loop *event_loop;   /* the default policy's slot; a reference */
    al_context *context;   /* entered last; borrowed */
    al_context *base_context;
    al_exception *raised;  /* see exception.h */
    al_handling *handling; /* innermost; see exception.h */
    uint64_t cause;        /* what an event now is caused by: the id of the
                              handle that runs, or a constant of event.h */
    unsigned depth;        /* al_thread_depth, while another is current */
} al_thread;

/* Begin a simulated thread, in the caller's storage and with an ident of its
 * own; `name` is borrowed.  Release drops what it holds; where it is current,
 * a new one is made for whoever asks next. */
void al_thread_init(al_thread *thread, const char *name);
void al_thread_release(al_thread *thread);

/* The current thread's; made on first use.  Inline, for every call_soon asks:
 * NULL stands for a thread that was never asked for. */
extern _Thread_local al_thread *al_thread_in_force;
al_thread *al_thread_make(void);

static inline al_thread *al_thread_current(void)
{
    return al_thread_in_force ? al_thread_in_force : al_thread_make();
}

/* How many coroutines are inside one another in the current thread, now.  Apart,
 * for every await counts. */
extern _Thread_local unsigned al_thread_depth;

/* Let `thread`, borrowed until the next swap, be the current one in this
 * real thread; returns whom it replaces. */
al_thread *al_thread_swap(al_thread *thread);

#endif
