/* shared.h - what threads share: the head of executors and their futures.
 *
 * Such an object belongs to no loop, is counted atomically, and may hold what
 * holds it: a future its own result or callback, an executor a job that works
 * on it.  So a world, whose threads live in one real thread, has them on a
 * list, to cut at the end of a run what counting would never free.  Where
 * threads run in parallel there is none: what they still do has no end that
 * anybody could know. */
#ifndef AL_SHARED_H
#define AL_SHARED_H

#include "loop/object/value.h"

typedef struct al_shared {
    al_object head;
    void (*let_go)(struct al_shared *self); /* drop what may hold it */
    struct al_shared *previous, *next; /* of the list; or NULL */
    bool is_listed;
} al_shared;

/* One reference, the caller's. */
void al_shared_init(al_shared *s, const al_type *type,
                    void (*let_go)(al_shared *self));
void al_shared_delist(al_shared *s); /* as it is freed */

/* At the end of a run: have all executors and concurrent futures of the
 * threads in force drop what they hold; those that stay are good for nothing
 * any more. */
void al_shared_let_go_all(void);

#endif
