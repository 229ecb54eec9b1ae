/* primitives.c - locks, queues and the like: who waits in them.
 *
 * A change is told where somebody waits: what a lock that nobody wants does
 * all day would bury the rest. */
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

static void add_waiters(al_account *a, const al_event *event)
{
    al_text_add_format(&a->what, ": %s", event->state ? event->state : "?");
    if (event->count > 0 && event->waiters)
        add_ids(a, "waiting", event->waiters, event->count);
    if (event->putters)
        add_ids(a, "putting", event->putters, 0);
}

void al_account_tell_primitive(al_account *a, const al_event *event)
{
    al_line line;

    if (event->kind == AL_EVENT_WAITERS && !waits_any(event))
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
