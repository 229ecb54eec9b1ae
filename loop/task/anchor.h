/* anchor.h - an object of a loop's, held by another thread.
 *
 * What a thread was given to tell the loop when it is done, such as a future,
 * it must not let go of itself: objects are counted, and freed, in the loop's
 * thread alone.  So the thread has an anchor, whose object is handed to the
 * loop in the end, or was given back when the loop closed.  Where threads do
 * not run in parallel an anchor is just a reference. */
#ifndef AL_ANCHOR_H
#define AL_ANCHOR_H

#include "loop/core/loop.h"

typedef struct al_anchor al_anchor;

/* In the loop's thread; the object is taken over. */
al_anchor *al_anchor_new_take(al_loop *loop, void *object);

/* The object, which is the caller's, to be handed to *loop by
 * al_loop_call_soon_threadsafe before the threads' lock, which must be held,
 * is given up.  NULL: it was given back to the loop as that closed, or lifted
 * before. */
void *al_anchor_lift(al_anchor *anchor, al_loop **loop);

void al_anchor_free(al_anchor *anchor); /* in any thread */

#endif
