/* shared.c - see shared.h. */
#include "loop/task/shared.h"

#include "loop/io/threads.h"

void al_shared_init(al_shared *s, const al_type *type,
                    void (*let_go)(al_shared *self))
{
    al_threads *threads = al_threads_in_force();

    al_object_init(&s->head, type);
    s->head.refs = AL_SHARED + 1;
    s->let_go = let_go;
    if (threads->ops->is_parallel)
        return;
    s->is_listed = true;
    s->next = threads->shared;
    if (s->next)
        s->next->previous = s;
    threads->shared = s;
}

void al_shared_delist(al_shared *s)
{
    if (!s->is_listed)
        return;
    if (s->previous)
        s->previous->next = s->next;
    else
        al_threads_in_force()->shared = s->next;
    if (s->next)
        s->next->previous = s->previous;
    s->previous = s->next = NULL;
    s->is_listed = false;
}

void al_shared_let_go_all(void)
{
    al_threads *threads = al_threads_in_force();

    while (threads->shared) {
        al_shared *s = al_ref(threads->shared);

        al_shared_delist(s);
        s->let_go(s);
        al_unref(s);
    }
}
