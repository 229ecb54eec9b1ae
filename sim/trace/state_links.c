/* state_links.c - the fold of what hangs on futures: their done callbacks, and
 * what gather's have for children.
 *
 * The callbacks of a future that is done have been scheduled; its children
 * stay, for one of them is why it is done. */
#include "sim/trace/state_private.h"

#include <stdlib.h>
#include <string.h>
#include "loop/base/alloc.h"

/* -- done callbacks ------------------------------------------------------- */

static void add_callback(al_state *state, const al_event *event)
{
    al_traced_callbacks *list = &al_state_subject(state, event)->callbacks;
    const char *name = event->callback ? event->callback : "?";

    list->names = al_grow(list->names, &list->capacity, list->count + 1,
                          sizeof *list->names);
    list->names[list->count++] = al_intern_text(&state->names, name);
}

static void remove_callback(al_state *state, const al_event *event)
{
    al_traced_callbacks *list = &al_state_subject(state, event)->callbacks;
    size_t behind;

    if (event->index >= list->count) {
        state->counts.oddities++;
        return;
    }
    behind = list->count - (size_t)event->index - 1;
    memmove(&list->names[event->index], &list->names[event->index + 1],
            behind * sizeof *list->names);
    list->count--;
}

void al_state_drop_callbacks(al_traced_future *future)
{
    al_free(future->callbacks.names);
    future->callbacks = (al_traced_callbacks){.names = NULL};
}

/* -- children ------------------------------------------------------------- */

bool al_state_next_id(const char **list, bool *is_task, uint64_t *id)
{
    const char *at = *list + strcspn(*list, "tf");
    char *end;

    if (!*at)
        return false;
    *is_task = *at == 't';
    *id = strtoull(at + 1, &end, 10);
    *list = end;
    return true;
}

static void note_children(al_state *state, const al_event *event)
{
    const char *rest = event->children ? event->children : "";
    al_traced_future *future = al_state_subject(state, event);
    al_traced_child child;
    size_t capacity = 0;

    al_state_use_future(future);
    al_state_drop_children(state, future);
    while (al_state_next_id(&rest, &child.is_task, &child.id)) {
        child.future = al_state_known(state, child.is_task, child.id);
        future->children = al_grow(future->children, &capacity,
                                   future->child_count + 1,
                                   sizeof *future->children);
        future->children[future->child_count++] = child;
        if (child.future)
            al_state_use_future(child.future);
    }
    al_state_unuse_future(state, future);
}

void al_state_drop_children(al_state *state, al_traced_future *future)
{
    for (size_t i = 0; i < future->child_count; i++) {
        if (future->children[i].future)
            al_state_unuse_future(state, future->children[i].future);
    }
    al_free(future->children);
    future->children = NULL;
    future->child_count = 0;
}

/* -- the fold ------------------------------------------------------------- */

void al_state_apply_to_links(al_state *state, const al_event *event)
{
    if (event->kind == AL_EVENT_ADD_DONE_CALLBACK)
        add_callback(state, event);
    else if (event->kind == AL_EVENT_REMOVE_DONE_CALLBACK)
        remove_callback(state, event);
    else if (event->kind == AL_EVENT_GATHER)
        note_children(state, event);
}

void al_state_free_links(al_traced_future *future)
{
    al_state_drop_callbacks(future);
    al_free(future->children);
}
