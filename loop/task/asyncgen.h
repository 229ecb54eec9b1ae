/* asyncgen.h - asynchronous generators, as far as the loop knows them.
 *
 * A loop keeps track of those that were first iterated while it ran: so that
 * one that nobody holds any more is closed by a task, and asyncio.run closes
 * the others in the end. */
#ifndef AL_ASYNCGEN_H
#define AL_ASYNCGEN_H

#include "loop/task/coroutine.h"
#include "loop/task/future.h"

typedef struct al_asyncgen al_asyncgen;

typedef struct al_asyncgen_ops {
    al_coroutine *(*aclose)(al_asyncgen *self); /* a new reference */
} al_asyncgen_ops;

struct al_asyncgen { /* the head of a generator's own struct */
    al_object head;
    const al_asyncgen_ops *ops;
    al_loop *loop; /* a reference; NULL: no loop keeps track of it */
    bool was_iterated;
    al_asyncgen *previous, *next; /* in the loop's list */
};

/* It is about to be iterated: firstiter of sys.set_asyncgen_hooks(). */
void al_asyncgen_iterate(al_asyncgen *agen);

/* Its last reference is gone while it waits at a yield: have its loop close
 * it.  False: no loop will. */
bool al_asyncgen_finalize(al_asyncgen *agen);

/* It has ended, or is being freed: its loop forgets it. */
void al_asyncgen_forget(al_asyncgen *agen);

/* loop.shutdown_asyncgens(): a coroutine not yet begun. */
al_coroutine *al_shutdown_asyncgens(al_loop *loop);

#endif
