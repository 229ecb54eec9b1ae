/* account_tasks.c - what tasks and futures come to: a line for each event. */
#include "cli/account_private.h"

static void add_outcome(al_account *a, const al_event *event)
{
    if (!event->outcome)
        return;
    if (!event->type) {
        al_text_add(&a->note, event->outcome);
        return;
    }
    al_text_add(&a->note, event->type);
    if (event->text)
        al_text_add_format(&a->note, ": %s", event->text);
}

static void add_awaited(al_account *a, const al_event *event)
{
    if (event->on)
        al_text_add_format(&a->note, "for t%llu", (unsigned long long)event->on);
    else
        al_text_add_format(&a->note, "for f%llu",
                           (unsigned long long)event->future);
}

void al_account_tell_task(al_account *a, const al_event *event)
{
    al_line line = al_account_effect(a, event);

    al_text_add_format(&a->what, "t%llu", (unsigned long long)event->task);
    if (event->kind == AL_EVENT_TASK)
        al_text_add_format(&a->note, "%s: %s()", event->name ? event->name : "?",
                           event->coroutine ? event->coroutine : "?");
    else if (event->kind == AL_EVENT_TASK_WAITS)
        add_awaited(a, event);
    else
        add_outcome(a, event);
    al_account_put_effect(a, event, &line, NULL);
}

void al_account_tell_future(al_account *a, const al_event *event)
{
    al_line line = al_account_effect(a, event);

    al_text_add_format(&a->what, "f%llu", (unsigned long long)event->future);
    add_outcome(a, event);
    al_account_put_effect(a, event, &line, NULL);
}
