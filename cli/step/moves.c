/* moves.c - see moves.h. */
#include "cli/step/moves.h"

#include "cli/step/slice.h"
#include "cli/tui/phase.h"
#include "sim/analysis/causes.h"

typedef struct mover {
    const al_step_move *move;
    al_phase phase;   /* at the position before */
} mover;

/* -- where to stop -------------------------------------------------------- */

static al_phase phase_of(al_event_kind kind, const al_state *state,
                         uint64_t loop)
{
    return al_phase_at(al_state_loop(state, loop), kind);
}

static void begins(al_event_kind kind, const al_state *state, void *self)
{
    mover *m = self;

    m->phase = phase_of(kind, state, m->move->loop);
}

static bool is_of_loop(const mover *m, const al_event *event)
{
    return event->loop == m->move->loop;
}

static bool stops(const al_event *event, const al_state *state, void *self)
{
    mover *m = self;
    al_phase before = m->phase;

    switch (m->move->kind) {
    case AL_MOVE_CALLBACK:
        return event->kind == AL_EVENT_RUN && is_of_loop(m, event);
    case AL_MOVE_PHASE:
        m->phase = phase_of(event->kind, state, m->move->loop);
        return m->phase != before ||
               (event->kind == AL_EVENT_ITERATION && is_of_loop(m, event));
    case AL_MOVE_ITERATION:
        return event->kind == AL_EVENT_ITERATION && is_of_loop(m, event);
    case AL_MOVE_TOUCH:
        return al_event_touches(event, m->move->thing);
    default:
        return true;
    }
}

/* -- moving --------------------------------------------------------------- */

/* Is more than that known, or all there is? */
static bool is_known(const al_history *history, uint64_t position)
{
    return al_history_known(history) >= position ||
           al_history_is_complete(history);
}

al_arrival al_go_to(al_history *history, uint64_t position,
                    const al_patience *patience)
{
    for (bool is_long = false; !is_known(history, position); is_long = true) {
        if ((is_long && al_patience_ends(patience)) ||
            !al_history_await(history, patience))
            return AL_GIVEN_UP;
        al_history_read_on(history, AL_SLICE);
    }
    return al_history_go(history, position) ? AL_ARRIVED : AL_NOT_THERE;
}

al_arrival al_go_to_end(al_history *history, const al_patience *patience)
{
    for (bool is_long = false; !is_known(history, UINT64_MAX) &&
                               !al_history_must_wait(history);
         is_long = true) {
        if (is_long && al_patience_ends(patience))
            return AL_GIVEN_UP;
        al_history_read_on(history, AL_SLICE);
    }
    al_history_go(history, al_history_known(history));
    return AL_ARRIVED;
}

static al_arrival move_by_events(al_history *history, const al_step_move *move,
                                 const al_patience *patience, uint64_t *moved)
{
    uint64_t at = al_history_at(history), count = move->count, now;
    al_arrival arrival;

    if (!move->is_back)
        arrival = al_go_to(history, at + count, patience);
    else
        arrival = al_go_to(history, at > count ? at - count : 0, patience);
    now = al_history_at(history);
    *moved = now > at ? now - at : at - now;
    return arrival == AL_ARRIVED && *moved < count ? AL_NOT_THERE : arrival;
}

al_arrival al_seek(al_history *history, al_history_search *search,
                   bool is_back, uint64_t at)
{
    bool found = is_back ? al_history_find_back(history, search)
                         : al_history_find(history, search);

    if (found)
        return AL_ARRIVED;
    al_history_go(history, search->found ? search->last : at);
    return search->is_given_up ? AL_GIVEN_UP : AL_NOT_THERE;
}

/* All of them in one search: one a time would fold what lies before each of
 * them anew. */
al_arrival al_move(al_history *history, const al_step_move *move,
                   const al_patience *patience, uint64_t *moved)
{
    mover m = {.move = move};
    al_history_search search = {.test = stops, .begins = begins, .self = &m,
                                .count = move->count, .patience = patience};
    al_arrival arrival;

    if (move->kind == AL_MOVE_EVENT)
        return move_by_events(history, move, patience, moved);
    arrival = al_seek(history, &search, move->is_back,
                      al_history_at(history));
    *moved = search.found;
    return arrival;
}

/* -- causes --------------------------------------------------------------- */

typedef struct link { /* from a cause to its effect */
    uint64_t handle;
    uint64_t task;   /* instead: whose step begins */
    bool is_begin;   /* it is looked for where the handle begins to run */
    bool is_deed;    /* ... or for what it did */
} link;

static bool is_link(const al_event *event, const al_state *state, void *self)
{
    const link *l = self;

    (void)state;
    if (l->task)
        return event->kind == AL_EVENT_RUN && event->task == l->task;
    if (l->is_deed)
        return al_event_has_field(event->kind, AL_FIELD_by) &&
               event->by == l->handle;
    if (l->is_begin)
        return event->kind == AL_EVENT_RUN && event->handle == l->handle;
    return al_introduces_handle(event->kind) && event->handle == l->handle;
}

static al_arrival go_to_link(al_history *history, link *l, bool is_back,
                             const al_patience *patience)
{
    al_history_search search = {.test = is_link, .self = l,
                                .patience = patience};

    return al_seek(history, &search, is_back, al_history_at(history));
}

/* The handle that did it; 0: none that has callbacks. */
static uint64_t handle_of_cause(const al_event *event)
{
    bool has_cause = al_event_has_field(event->kind, AL_FIELD_by);

    return has_cause && event->by != AL_BY_WORLD && !(event->by & AL_BY_JOB)
               ? event->by : 0;
}

al_arrival al_go_to_cause(al_history *history, const al_patience *patience)
{
    const al_event *event = al_history_event(history);
    link l = {0};

    if (!event)
        return AL_NOT_THERE;
    l.handle = handle_of_cause(event);
    l.is_begin = l.handle || event->kind == AL_EVENT_RAN;
    if (!l.handle && !al_introduces_handle(event->kind))
        l.handle = event->handle;
    if (!l.handle && !al_event_has_field(event->kind, AL_FIELD_by))
        l.task = event->task;
    return l.handle || l.task ? go_to_link(history, &l, true, patience)
                              : AL_NOT_THERE;
}

al_arrival al_go_to_effect(al_history *history, const al_patience *patience)
{
    const al_event *event = al_history_event(history);
    link l = {0};

    if (!event || !event->handle)
        return AL_NOT_THERE;
    l.handle = event->handle;
    l.is_deed = event->kind == AL_EVENT_RUN;
    l.is_begin = !l.is_deed;
    return go_to_link(history, &l, false, patience);
}
