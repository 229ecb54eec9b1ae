/* state_primitives.c - the fold of locks, queues and the like: their state,
 * and who waits in them, in order.
 *
 * An event says who came or went, and lists those that wait, of a crowd only
 * the first.  Where the list is whole it is the truth; where it is not, who
 * came and went is. */
#include "sim/trace/state_private.h"

#include <string.h>
#include "loop/base/alloc.h"

/* -- lists ---------------------------------------------------------------- */

static al_waiting_list *list_of(const al_traced_future *future)
{
    return future->is_putter ? &future->in->putters : &future->in->waiters;
}

void al_state_leave_primitive(al_state *state, al_traced_future *future)
{
    al_waiting_list *list;

    if (!future->in)
        return;
    list = list_of(future);
    if (future->previous_waiter)
        future->previous_waiter->next_waiter = future->next_waiter;
    else
        list->first = future->next_waiter;
    if (future->next_waiter)
        future->next_waiter->previous_waiter = future->previous_waiter;
    else
        list->last = future->previous_waiter;
    list->count--;
    future->previous_waiter = future->next_waiter = NULL;
    future->in = NULL;
    al_state_unuse_future(state, future);
}

static void join(al_state *state, al_traced_primitive *p,
                 al_traced_future *future, bool is_putter)
{
    al_waiting_list *list;

    al_state_use_future(future);
    al_state_leave_primitive(state, future);
    future->in = p;
    future->is_putter = is_putter;
    list = list_of(future);
    future->previous_waiter = list->last;
    if (list->last)
        list->last->next_waiter = future;
    else
        list->first = future;
    list->last = future;
    list->count++;
}

static void empty(al_state *state, al_waiting_list *list)
{
    while (list->first)
        al_state_leave_primitive(state, list->first);
}

/* The next of a list of waiters, which are never tasks; 0: no more. */
static uint64_t next_waiter(const char **list)
{
    bool is_task;
    uint64_t id;

    return al_state_next_id(list, &is_task, &id) && !is_task ? id : 0;
}

static bool is_listed_so(const al_waiting_list *list, const char *ids)
{
    const al_traced_future *future = list->first;
    uint64_t id, count = 0;

    for (; (id = next_waiter(&ids)) != 0; count++) {
        if (!future || future->id != id)
            return false;
        future = future->next_waiter;
    }
    return !future || (count == AL_WAITERS_OF_CROWD &&
                       list->count > AL_WAITERS_WHOLE);
}

static void rebuild(al_state *state, al_traced_primitive *p, const char *ids,
                    bool is_putter, const al_event *event)
{
    uint64_t id;

    empty(state, is_putter ? &p->putters : &p->waiters);
    while ((id = next_waiter(&ids)) != 0)
        join(state, p, al_state_find_future(state, id, event), is_putter);
}

static void check_list(al_state *state, al_traced_primitive *p,
                       const char *ids, bool is_putter,
                       const al_event *event)
{
    if (is_listed_so(is_putter ? &p->putters : &p->waiters, ids))
        return;
    state->counts.oddities++;
    rebuild(state, p, ids, is_putter, event);
}

/* -- primitives ----------------------------------------------------------- */

static al_traced_primitive *find(const al_state *state, uint64_t id)
{
    return al_idmap_find(&state->primitives, id);
}

static void free_primitive(al_state *state, al_traced_primitive *p)
{
    empty(state, &p->waiters);
    empty(state, &p->putters);
    al_idmap_remove(&state->primitives, p->id);
    if (p->previous)
        p->previous->next = p->next;
    else
        state->first_primitive = p->next;
    if (p->next)
        p->next->previous = p->previous;
    else
        state->last_primitive = p->previous;
    al_state_release_deed(&p->taken_by);
    al_state_release_deed(&p->freed_by);
    al_free(p->state);
    al_free(p);
}

static al_traced_primitive *create(al_state *state, const al_event *event)
{
    al_traced_primitive *older = find(state, event->primitive);
    al_traced_primitive *p = al_alloc_zero(1, sizeof *p);

    if (older) {
        state->counts.oddities++;
        free_primitive(state, older);
    }
    p->id = event->primitive;
    p->loop = event->loop;
    p->of = event->of;
    p->type = al_intern_text(&state->names, event->type ? event->type : "?");
    p->previous = state->last_primitive;
    if (p->previous)
        p->previous->next = p;
    else
        state->first_primitive = p;
    state->last_primitive = p;
    al_idmap_put(&state->primitives, p->id, p);
    return p;
}

static void note_state(al_state *state, al_traced_primitive *p,
                       const al_event *event)
{
    bool is_lock = strcmp(p->type, "Lock") == 0;
    bool is_locked = event->state && strcmp(event->state, "locked") == 0;

    if (is_lock && is_locked != p->is_locked)
        al_state_set_deed(state, is_locked ? &p->taken_by : &p->freed_by,
                          event);
    if (is_lock && is_locked)
        al_state_release_deed(&p->freed_by);
    p->is_locked = is_locked;
    if (event->state && p->state && strcmp(p->state, event->state) == 0)
        return;
    al_free(p->state);
    p->state = event->state ? al_strdup(event->state) : NULL;
}

static void note_moves(al_state *state, al_traced_primitive *p,
                       const al_event *event)
{
    al_traced_future *left =
        event->left ? al_idmap_find(&state->futures, event->left) : NULL;

    if (event->joined)
        join(state, p, al_state_find_future(state, event->joined, event),
             false);
    if (event->putter)
        join(state, p, al_state_find_future(state, event->putter, event),
             true);
    if (left && left->in == p)
        al_state_leave_primitive(state, left);
}

static void change(al_state *state, const al_event *event)
{
    al_traced_primitive *p = find(state, event->primitive);

    if (!p)
        p = create(state, event);
    note_state(state, p, event);
    note_moves(state, p, event);
    check_list(state, p, event->waiters ? event->waiters : "", false, event);
    check_list(state, p, event->putters ? event->putters : "", true, event);
}

static void drop(al_state *state, uint64_t id)
{
    al_traced_primitive *p = find(state, id);

    if (p)
        free_primitive(state, p);
}

/* -- the fold ------------------------------------------------------------- */

void al_state_apply_to_primitives(al_state *state, const al_event *event)
{
    if (event->kind == AL_EVENT_PRIMITIVE)
        create(state, event);
    else if (event->kind == AL_EVENT_WAITERS)
        change(state, event);
    else if (event->kind == AL_EVENT_DROPPED && event->primitive)
        drop(state, event->primitive);
}

void al_state_free_primitives(al_state *state)
{
    while (state->first_primitive)
        free_primitive(state, state->first_primitive);
    al_idmap_release(&state->primitives);
}

const al_traced_primitive *al_state_primitive(const al_state *state,
                                              uint64_t id)
{
    return find(state, id);
}

const al_traced_primitive *al_state_next_primitive(
    const al_state *state, const al_traced_primitive *primitive)
{
    return primitive ? primitive->next : state->first_primitive;
}
