/* breakpoints.c - see breakpoints.h. */
#include "cli/tui/breakpoints.h"

#include <string.h>
#include "loop/base/alloc.h"

static void drop(al_breakpoint *b)
{
    al_free(b->text);
    al_condition_free(b->condition);
}

void al_breakpoints_release(al_breakpoints *all)
{
    for (size_t i = 0; i < all->count; i++)
        drop(&all->items[i]);
    al_free(all->items);
    *all = (al_breakpoints){0};
}

unsigned al_breakpoints_add(al_breakpoints *all, const char *text,
                            al_error *err)
{
    al_condition *condition = al_condition_parse(text, err);

    if (!condition)
        return 0;
    all->items = al_grow(all->items, &all->capacity, all->count + 1,
                         sizeof *all->items);
    all->items[all->count++] = (al_breakpoint){
        .number = ++all->latest,
        .text = al_strdup(text),
        .condition = condition,
    };
    return all->latest;
}

al_breakpoint *al_breakpoints_find(al_breakpoints *all, unsigned number)
{
    for (size_t i = 0; i < all->count; i++) {
        if (all->items[i].number == number)
            return &all->items[i];
    }
    return NULL;
}

bool al_breakpoints_delete(al_breakpoints *all, unsigned number)
{
    size_t kept = 0, before = all->count;

    for (size_t i = 0; i < all->count; i++) {
        if (number == 0 || all->items[i].number == number)
            drop(&all->items[i]);
        else
            all->items[kept++] = all->items[i];
    }
    all->count = kept;
    return kept < before;
}

/* -- continuing ---------------------------------------------------------------- */

typedef struct run { /* from here to where one stops */
    al_breakpoints *all;
    uint64_t loop;
    bool *held; /* by index: did what is so hold at the position before? */
    al_breakpoint *hit;
    bool (*gives_up)(void *self);
    void *self;
} run;

/* What is so before the first event, or where nothing is known of the event,
 * is asked with an event that is of no use to it. */
static void begins(al_event_kind kind, const al_state *state, void *self)
{
    run *r = self;
    al_event event = {.kind = kind < AL_EVENT_COUNT ? kind : AL_EVENT_LOOP};
    const al_loop_state *loop = al_state_loop(state, r->loop);

    event.time = loop ? loop->time : 0;
    for (size_t i = 0; i < r->all->count; i++) {
        const al_condition *c = r->all->items[i].condition;

        r->held[i] = !al_condition_is_of_event(c) &&
                     al_condition_holds(c, &event, state, r->loop);
    }
}

static bool stops(const al_event *event, const al_state *state, void *self)
{
    run *r = self;
    al_breakpoint *hit = NULL;

    for (size_t i = r->all->count; i-- > 0;) {
        al_breakpoint *b = &r->all->items[i];
        bool holds = !b->is_disabled &&
                     al_condition_holds(b->condition, event, state, r->loop);

        if (holds && !r->held[i])
            hit = b;
        r->held[i] = holds && !al_condition_is_of_event(b->condition);
    }
    if (hit)
        r->hit = hit;
    return hit != NULL;
}

static bool asks(void *self)
{
    run *r = self;

    return r->gives_up && r->gives_up(r->self);
}

/* Which one it was, where a search back has passed others since. */
static al_breakpoint *which(run *r, al_history *history)
{
    for (size_t i = 0; i < r->all->count; i++) {
        al_breakpoint *b = &r->all->items[i];

        if (!b->is_disabled &&
            al_condition_holds(b->condition, al_history_event(history),
                               al_history_state(history), r->loop))
            return b;
    }
    return r->hit;
}

const al_breakpoint *al_breakpoints_continue(
    al_breakpoints *all, al_history *history, uint64_t loop, bool is_back,
    bool (*gives_up)(void *self), void *self)
{
    run r = {.all = all, .loop = loop, .gives_up = gives_up, .self = self};
    al_history_search search = {.test = stops, .begins = begins,
                                .gives_up = asks, .self = &r};
    bool found;

    r.held = al_alloc_zero(all->count + 1, sizeof *r.held);
    found = is_back ? al_history_find_back(history, &search)
                    : al_history_find(history, &search);
    al_free(r.held);
    if (!found)
        return NULL;
    r.hit = is_back ? which(&r, history) : r.hit;
    r.hit->hits++;
    return r.hit;
}
