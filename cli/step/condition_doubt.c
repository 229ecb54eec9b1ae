/* condition_doubt.c - what a condition names and the trace has not, as far as
 * that is known: it may come yet, or be mistyped. */
#include "cli/step/condition_private.h"

#include <stdio.h>
#include <string.h>
#include "cli/step/moves.h"

enum { MOST_EVENTS = 1000000, MOST_DOUBTS = 16 };

typedef struct doubts { /* of its names those that no event had so far */
    const al_condition *items[MOST_DOUBTS];
    size_t count;
} doubts;

/* callback == 'tick', coro ~ 'work': a text that an event is asked for. */
static bool is_of_text(const al_condition *c)
{
    return (c->kind == EQUAL || c->kind == CONTAINS) &&
           c->left->kind == NAME && c->left->is_text &&
           c->right->kind == TEXT;
}

static void gather(const al_condition *c, doubts *d)
{
    if (c->kind == TASK || c->kind == OF_TASK || c->kind == THING ||
        is_of_text(c)) {
        if (d->count < MOST_DOUBTS)
            d->items[d->count++] = c;
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

static bool is_met(const al_condition *c, const al_event *event)
{
    if (c->kind == THING)
        return al_event_touches(event, c->thing);
    if (c->kind == TASK || c->kind == OF_TASK)
        return names(event, c->text);
    return al_condition_holds_of_event(c, event);
}

/* Those that it meets. */
static void strike(void *self, uint64_t at, const al_event *event)
{
    doubts *d = self;
    size_t kept = 0;

    (void)at;
    for (size_t i = 0; i < d->count; i++) {
        if (!is_met(d->items[i], event))
            d->items[kept++] = d->items[i];
    }
    d->count = kept;
}

static void add(const al_condition *c, al_text *out)
{
    static const char *const kinds[] = {
        [AL_THING_HANDLE] = "handle", [AL_THING_TASK] = "task",
        [AL_THING_FUTURE] = "future", [AL_THING_PRIMITIVE] = "primitive",
    };

    if (c->kind == THING) {
        al_text_add_format(out, "no %s ", kinds[c->thing.kind]);
        al_thing_add_name(out, c->thing);
    } else if (c->kind == TASK || c->kind == OF_TASK) {
        al_text_add_format(out, "no task '%s'", c->text);
    } else {
        al_text_add_format(out, "no %s %s'%s'", c->left->name->name,
                           c->kind == CONTAINS ? "~ " : "", c->right->text);
    }
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
    if (d.count > 0)
        add(d.items[0], out);
}
