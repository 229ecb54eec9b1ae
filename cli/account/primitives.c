/* primitives.c - locks, queues and the like: who waits in them.
 *
 * A change is told where somebody waits, or waits no longer: what a lock that
 * nobody wants does all day would bury the rest.  A waiter that is woken goes
 * on, and "woken" has said so: that it leaves the list is not told again; but
 * that it has the lock then is. */
#include <string.h>
#include "cli/account/private.h"

enum { MOST_IDS = 3 }; /* that are told of those that wait */

static uint64_t count_ids(const char *ids)
{
    uint64_t count = 0;

    for (const char *c = ids; *c; c++)
        count += *c == 'f';
    return count;
}

/* ["f3", "f4"] as "f3 f4"; of a crowd the first, and how many more. */
static void add_ids(al_account *a, const char *verb, const char *ids,
                    uint64_t count)
{
    uint64_t told = 0;

    if (count < count_ids(ids))
        count = count_ids(ids);
    al_text_add_format(&a->note, "%s%s:", a->note.length ? ", " : "", verb);
    for (const char *id = ids; told < MOST_IDS && (id = strchr(id, 'f'));
         id++, told++)
        al_text_add_format(&a->note, " %.*s", (int)strcspn(id, "\""), id);
    if (told < count)
        al_text_add_format(&a->note, " +%llu",
                           (unsigned long long)(count - told));
}

static bool waits_any(const al_event *event)
{
    return event->count > 0 || event->putters;
}

/* Who locked it; 0: it is not locked, or that is not known. */
static uint64_t holder(const al_account *a, const al_event *event)
{
    const al_traced_primitive *p =
        al_state_primitive(a->state, event->primitive);

    return p && p->is_locked ? p->taken_by.task : 0;
}

static bool was_woken(const al_account *a, uint64_t future)
{
    const al_traced_future *waiter = al_state_future(a->state, future);

    return waiter && waiter->outcome == AL_TRACED_RESULT;
}

/* The task that was woken for the lock has it now. */
static bool is_taken_at_last(const al_account *a, const al_event *event)
{
    uint64_t id = holder(a, event);
    const al_traced_task *task = id ? al_state_task(a->state, id) : NULL;

    return task && task->is_running && task->woken &&
           task->woken->woken_in == event->primitive;
}

static bool is_told(const al_account *a, const al_event *event)
{
    if (event->left)
        return !was_woken(a, event->left);
    return waits_any(event) || is_taken_at_last(a, event);
}

static void add_waiters(al_account *a, const al_event *event)
{
    uint64_t by = holder(a, event);

    al_text_add_format(&a->what, ": %s", event->state ? event->state : "?");
    if (by)
        al_text_add_format(&a->what, " by t%llu", (unsigned long long)by);
    if (event->left)
        al_text_add_format(&a->note, "f%llu gave up",
                           (unsigned long long)event->left);
    if (event->count > 0 && event->waiters)
        add_ids(a, "waiting", event->waiters, event->count);
    if (event->putters)
        add_ids(a, "putting", event->putters, 0);
}

void al_account_tell_primitive(al_account *a, const al_event *event)
{
    al_line line;

    if (event->kind == AL_EVENT_WAITERS && !is_told(a, event))
        return;
    line = al_account_effect(a, event);
    line.primitive = event->primitive;
    al_text_add(&a->what, event->type ? event->type : "?");
    if (event->kind == AL_EVENT_WAITERS)
        add_waiters(a, event);
    else if (event->of)
        al_text_add_format(&a->what, " of p%llu",
                           (unsigned long long)event->of);
    al_account_put_effect(a, event, &line, NULL);
}
