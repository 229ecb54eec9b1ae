/* primitives.c - locks, queues and the like: who waits in them.
 *
 * A change is told where somebody waits: what a lock that nobody wants does
 * all day would bury the rest. */
#include <string.h>
#include "cli/account/private.h"

/* ["f3", "f4"] as "f3 f4"; returns how many they are. */
static uint64_t add_ids(al_account *a, const char *ids)
{
    uint64_t count = 0;

    for (const char *c = ids; *c; c++) {
        if (!strchr("[]\",", *c))
            al_text_add_char(&a->note, *c);
        count += *c == 'f';
    }
    return count;
}

/* An event names the first of a crowd. */
static void add_waiting(al_account *a, const al_event *event)
{
    uint64_t named;

    al_text_add(&a->note, ", waiting: ");
    named = add_ids(a, event->waiters);
    if (named < event->count)
        al_text_add_format(&a->note, " and %llu more",
                           (unsigned long long)(event->count - named));
}

static bool waits_any(const al_event *event)
{
    return event->count > 0 || event->putters;
}

static void add_waiters(al_account *a, const al_event *event)
{
    al_text_add_format(&a->note, "%s: %s", event->type ? event->type : "?",
                       event->state ? event->state : "?");
    if (event->count > 0 && event->waiters)
        add_waiting(a, event);
    if (event->putters) {
        al_text_add(&a->note, ", putting: ");
        add_ids(a, event->putters);
    }
}

static void add_kind(al_account *a, const al_event *event)
{
    al_text_add(&a->note, event->type ? event->type : "?");
    if (event->of)
        al_text_add_format(&a->note, " of p%llu",
                           (unsigned long long)event->of);
}

void al_account_tell_primitive(al_account *a, const al_event *event)
{
    al_line line;

    if (event->kind == AL_EVENT_WAITERS && !waits_any(event))
        return;
    line = al_account_effect(a, event);
    al_text_add_format(&a->what, "p%llu",
                       (unsigned long long)event->primitive);
    if (event->kind == AL_EVENT_WAITERS)
        add_waiters(a, event);
    else
        add_kind(a, event);
    al_account_put_effect(a, event, &line, NULL);
}
