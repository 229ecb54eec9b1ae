/* tasks.c - what tasks and futures come to: a line for each event. */
#include "cli/account/private.h"

#include <string.h>
#include "cli/phrases.h"

static void add_outcome(al_account *a, const al_event *event)
{
    if (!event->outcome)
        return;
    if (!event->type) {
        al_text_add(&a->note, event->outcome);
        return;
    }
    al_phrase_exception(&a->note, event->type, event->text);
}

/* Of "tick.json:12" the number. */
static const char *line_of(const char *where)
{
    const char *colon = strrchr(where, ':');

    return colon ? colon + 1 : where;
}

static void add_awaited(al_account *a, const al_event *event)
{
    if (event->on)
        al_text_add_format(&a->note, "for t%llu",
                           (unsigned long long)event->on);
    else
        al_text_add_format(&a->note, "for f%llu",
                           (unsigned long long)event->future);
    if (event->where)
        al_text_add_format(&a->note, ", line %s", line_of(event->where));
}

void al_account_tell_task(al_account *a, const al_event *event)
{
    al_line line = al_account_effect(a, event);

    al_text_add_format(&a->what, "t%llu", (unsigned long long)event->task);
    if (event->kind == AL_EVENT_TASK)
        al_text_add_format(&a->note, "%s: %s()",
                           event->name ? event->name : "?",
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

void al_account_tell_result(al_account *a, const al_event *event)
{
    al_text_clear(&a->what);
    al_text_add_format(&a->what, "returned %s",
                       event->text ? event->text : "?");
    al_account_tell_aside(a, event);
}

void al_account_tell_dropped(al_account *a, const al_event *event)
{
    al_line line;

    if (event->primitive) /* it was nobody's any more: so what */
        return;
    line = al_account_effect(a, event);
    al_text_add_format(&a->what, event->task ? "t%llu" : "f%llu",
                       (unsigned long long)(event->task ? event->task
                                                        : event->future));
    al_text_add(&a->note, "still pending");
    al_account_put_effect(a, event, &line, NULL);
}

/* A line of the report. */
static void tell_report_line(al_account *a, const al_event *event,
                             const char *text, size_t length,
                             unsigned indent)
{
    al_line line = {.indent = al_account_indent(a, event) + indent,
                    .is_wide = true, .most_lines = 12};

    al_text_clear(&a->what);
    al_text_add_bytes(&a->what, text, length);
    line.what = a->what.bytes;
    al_account_put(a, al_sign_text(AL_EVENT_DEADLOCK, a->what.bytes), &line);
}

void al_account_tell_deadlock(al_account *a, const al_event *event)
{
    al_line line = al_account_effect(a, event);

    a->is_deadlocked = true;
    line.verb_role = line.what_role = AL_ROLE_ERROR;
    al_text_add(&a->what, "nothing can ever happen again");
    al_account_put_effect(a, event, &line, NULL);
    for (const char *rest = event->text; rest && *rest;) {
        size_t length = strcspn(rest, "\n");
        size_t spaces = strspn(rest, " ");

        if (length > spaces)
            tell_report_line(a, event, rest + spaces, length - spaces,
                             (unsigned)spaces);
        rest += length + (rest[length] == '\n');
    }
}
