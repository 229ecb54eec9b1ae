/* condition_doubt.c - what a condition names and the trace has not, as far as
 * that is known: it may come yet, or be mistyped. */
#include "cli/step/condition_private.h"

#include <stdio.h>
#include <string.h>
#include "cli/step/moves.h"

enum { MOST_EVENTS = 1000000, MOST_DOUBTS = 16 };

typedef struct doubt {
    const al_condition *what;
    bool is_named; /* there is such a task; nothing of the kind becomes of it */
} doubt;

typedef struct doubts { /* of its names those that no event had so far */
    doubt items[MOST_DOUBTS];
    size_t count;
} doubts;

/* callback == 'tick', coro ~ 'work': a text that an event is asked for. */
static bool is_of_text(const al_condition *c)
{
    return (c->kind == EQUAL || c->kind == CONTAINS) &&
           c->left->kind == NAME && c->left->is_text &&
           c->right->kind == TEXT;
}

static bool is_failed(const al_condition *c)
{
    return c->kind == NAME && strcmp(c->name->name, "failed") == 0;
}

/* Can it be told of an event alone? */
static bool is_doubtful(const al_condition *c)
{
    return c->kind == KIND || c->kind == THING || c->kind == TASK ||
           c->kind == OF_TASK || is_failed(c) || is_of_text(c);
}

static void gather(const al_condition *c, doubts *d)
{
    if (is_doubtful(c)) {
        if (d->count < MOST_DOUBTS)
            d->items[d->count++].what = c;
        return;
    }
    if (c->left)
        gather(c->left, d);
    if (c->right)
        gather(c->right, d);
}

/* Is it about the task that a condition means by its name, or by "t3"? */
static bool names(const al_event *event, const char *task)
{
    char id[24];

    snprintf(id, sizeof id, "t%llu", (unsigned long long)event->task);
    return event->task && ((event->name && strcmp(event->name, task) == 0) ||
                           strcmp(id, task) == 0);
}

static bool is_met(doubt *d, const al_event *event)
{
    const al_condition *c = d->what;

    if (c->kind == THING)
        return al_event_touches(event, c->thing);
    if (c->kind != TASK && c->kind != OF_TASK)
        return al_condition_holds_of_event(c, event);
    if (!names(event, c->text))
        return false;
    d->is_named = true;
    return c->kind == OF_TASK || al_condition_has_fate(event, c->fate);
}

/* Those that it meets. */
static void strike(void *self, uint64_t at, const al_event *event)
{
    doubts *d = self;
    size_t kept = 0;

    (void)at;
    for (size_t i = 0; i < d->count; i++) {
        if (!is_met(&d->items[i], event))
            d->items[kept++] = d->items[i];
    }
    d->count = kept;
}

static void add_what(const doubt *d, al_text *out)
{
    static const char *const kinds[] = {
        [AL_THING_HANDLE] = "handle", [AL_THING_TASK] = "task",
        [AL_THING_FUTURE] = "future", [AL_THING_PRIMITIVE] = "primitive",
    };
    const al_condition *c = d->what;

    if (c->kind == THING) {
        al_text_add_format(out, "no %s ", kinds[c->thing.kind]);
        al_thing_add_name(out, c->thing);
    } else if (c->kind == TASK || c->kind == OF_TASK) {
        al_text_add_format(out, "no task '%s'%s%s", c->text,
                           d->is_named ? " " : "", d->is_named ? c->fate : "");
    } else if (c->kind == KIND) {
        al_text_add_format(out, "no %s", al_event_specs[c->event].name);
    } else if (is_failed(c)) {
        al_text_add(out, "no task that failed");
    } else {
        al_text_add_format(out, "no %s %s'%s'", c->left->name->name,
                           c->kind == CONTAINS ? "~ " : "", c->right->text);
    }
}

/* What is asked to be cancelled need not end so. */
static bool is_end_by_cancelling(const doubt *d)
{
    return d->is_named && strcmp(d->what->fate, "cancelled") == 0;
}

void al_condition_add_doubt(const al_condition *c, al_history *history,
                            al_text *out)
{
    uint64_t known = al_history_known(history);
    doubts d = {.count = 0};

    gather(c, &d);
    if (d.count == 0 || known > MOST_EVENTS)
        return;
    al_history_look(history, 1, known, strike, &d);
    if (d.count == 0)
        return;
    add_what(&d.items[0], out);
    al_text_add(out, al_history_is_complete(history) ? " in the trace"
                                                     : " so far");
    if (is_end_by_cancelling(&d.items[0]))
        al_text_add(out, "; where one is asked to be is task_cancel");
}
