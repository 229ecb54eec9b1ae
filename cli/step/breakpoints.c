/* breakpoints.c - see breakpoints.h. */
#include "cli/step/breakpoints.h"

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

static bool is_fit(const al_condition *condition, bool is_watch, al_error *err)
{
    if (!al_condition_check_varies(condition, err))
        return false;
    return !is_watch || !al_condition_is_of_event(condition) ||
           al_fail_at(err, 1, 1, "this has a value at single events only: "
                      "break stops there");
}

unsigned al_breakpoints_add(al_breakpoints *all, const char *text,
                            bool is_watch, al_history *history, al_error *err)
{
    al_condition *condition = al_condition_parse(text, history, err);

    if (!condition || !is_fit(condition, is_watch, err)) {
        al_condition_free(condition);
        return 0;
    }
    all->items = al_grow(all->items, &all->capacity, all->count + 1,
                         sizeof *all->items);
    all->items[all->count++] = (al_breakpoint){
        .number = ++all->latest,
        .text = al_strdup(text),
        .condition = condition,
        .is_watch = is_watch,
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

static bool is_meant(const al_breakpoint *b, unsigned number)
{
    return number == 0 || b->number == number;
}

bool al_breakpoints_delete(al_breakpoints *all, unsigned number)
{
    size_t kept = 0, before = all->count;

    for (size_t i = 0; i < all->count; i++) {
        if (is_meant(&all->items[i], number))
            drop(&all->items[i]);
        else
            all->items[kept++] = all->items[i];
    }
    all->count = kept;
    return kept < before;
}

bool al_breakpoints_disable(al_breakpoints *all, unsigned number,
                            bool is_disabled)
{
    bool is_any = false;

    for (size_t i = 0; i < all->count; i++) {
        if (!is_meant(&all->items[i], number))
            continue;
        all->items[i].is_disabled = is_disabled;
        is_any = true;
    }
    return is_any;
}

void al_breakpoints_begin_anew(al_breakpoints *all, bool forgets_hits)
{
    for (size_t i = 0; i < all->count; i++) {
        all->items[i].shown_of = NULL;
        if (forgets_hits)
            all->items[i].hits = 0;
    }
}

/* -- continuing ----------------------------------------------------------- */

/* What is so before the first event, or where nothing is known of the event,
 * is asked with an event that is of no use to it. */
static al_event useless_event(al_event_kind kind, const al_state *state)
{
    return (al_event){.kind = kind < AL_EVENT_COUNT ? kind : AL_EVENT_LOOP,
                      .time = al_state_time(state)};
}

al_condition_value al_watch_value(const al_breakpoint *watch,
                                  const al_event *event,
                                  const al_state *state, uint64_t loop)
{
    al_event useless = useless_event(AL_EVENT_LOOP, state);

    return al_condition_value_of(watch->condition, event ? event : &useless,
                                 state, loop);
}

void al_breakpoints_look_before(al_breakpoints *all, al_history *history,
                                uint64_t loop)
{
    uint64_t at = al_history_at(history);

    for (size_t i = 0; i < all->count && at > 0; i++) {
        al_breakpoint *b = &all->items[i];

        if (!b->is_watch || (b->shown_of == history && b->shown_at == at &&
                             b->shown_loop == loop))
            continue;
        al_history_go(history, at - 1);
        b->before = al_watch_value(b, al_history_event(history),
                                   al_history_state(history), loop);
        b->shown_of = history;
        b->shown_at = at;
        b->shown_loop = loop;
    }
    if (al_history_at(history) != at)
        al_history_go(history, at);
}

typedef struct run { /* from here to where one stops */
    al_breakpoints *all;
    const al_breakpoint_walk *walk;
    al_condition_value *before; /* by index: what was so one position before */
    al_breakpoint *hit; /* where it stopped last */
} run;

/* A watch's value; of a breakpoint whether it holds, 1 or 0. */
static al_condition_value value_of(const run *r, const al_breakpoint *b,
                                   const al_event *event,
                                   const al_state *state)
{
    if (b->is_watch)
        return al_condition_value_of(b->condition, event, state,
                                     r->walk->loop);
    return (al_condition_value){
        .number = al_condition_holds(b->condition, event, state,
                                     r->walk->loop)};
}

/* What happens does not go on to be so. */
static void remember(run *r, size_t i, al_condition_value value)
{
    const al_breakpoint *b = &r->all->items[i];

    if (!b->is_watch && al_condition_is_of_event(b->condition))
        value.number = 0;
    r->before[i] = value;
}

static void begins(al_event_kind kind, const al_state *state, void *self)
{
    run *r = self;
    al_event event = useless_event(kind, state);

    for (size_t i = 0; i < r->all->count; i++)
        remember(r, i, value_of(r, &r->all->items[i], &event, state));
}

/* A watch stops where its value changes, a breakpoint where it begins to
 * hold. */
static bool is_hit(run *r, size_t i, const al_event *event,
                   const al_state *state)
{
    const al_breakpoint *b = &r->all->items[i];
    al_condition_value was = r->before[i];
    al_condition_value now = value_of(r, b, event, state);

    remember(r, i, now);
    return !al_condition_value_is(&now, &was) &&
           (b->is_watch || now.number != 0);
}

static al_breakpoint *find_hit(run *r, const al_event *event,
                               const al_state *state)
{
    al_breakpoint *hit = NULL;

    for (size_t i = r->all->count; i-- > 0;) {
        al_breakpoint *b = &r->all->items[i];

        if (!b->is_disabled && is_hit(r, i, event, state))
            hit = b;
    }
    return hit;
}

static bool stops(const al_event *event, const al_state *state, void *self)
{
    run *r = self;
    al_breakpoint *hit = find_hit(r, event, state);
    bool is_bound = al_state_counts(state)->events == r->walk->bound;

    if (hit || is_bound)
        r->hit = hit;
    return hit || is_bound;
}

/* A search back comes, in the part of the trace where it ends, last to where it
 * stops, too. */
al_arrival al_breakpoints_continue(al_breakpoints *all, al_history *history,
                                   const al_breakpoint_walk *walk,
                                   const al_breakpoint **hit)
{
    run r = {.all = all, .walk = walk};
    al_history_search search = {.test = stops, .begins = begins,
                                .self = &r, .patience = walk->patience};

    *hit = NULL;
    r.before = al_alloc_zero(all->count + 1, sizeof *r.before);
    if (walk->is_back)
        al_history_find_back(history, &search);
    else
        al_history_find(history, &search);
    al_free(r.before);
    if (search.is_given_up)
        return AL_GIVEN_UP;
    if (!r.hit)
        return AL_NOT_THERE;
    r.hit->hits++;
    *hit = r.hit;
    return AL_ARRIVED;
}
