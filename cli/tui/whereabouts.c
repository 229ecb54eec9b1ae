/* whereabouts.c - see whereabouts.h. */
#include "cli/tui/whereabouts.h"

typedef struct seeker {
    const al_whereabouts *where;
    bool by_time_alone;
    uint64_t left;    /* events to go on within the moment */
    bool has_left_it; /* the event is of another moment */
    const al_patience *patience;
    bool is_given_up;
} seeker;

static uint64_t iteration_of(const al_state *state, uint64_t number)
{
    const al_loop_state *loop = al_state_loop(state, number);

    return loop ? loop->iteration : 0;
}

/* Is it of that time and iteration, or after? */
static bool has_come(const al_event *event, const al_state *state, void *self)
{
    const seeker *s = self;
    const al_whereabouts *where = s->where;

    if (event->time != where->time || s->by_time_alone)
        return event->time >= where->time;
    return iteration_of(state, where->loop) >= where->iteration;
}

static bool is_of_moment(const al_whereabouts *where, const al_event *event,
                         const al_state *state)
{
    return event && event->time == where->time &&
           iteration_of(state, where->loop) == where->iteration;
}

static bool is_far_enough(const al_event *event, const al_state *state,
                          void *self)
{
    seeker *s = self;

    s->has_left_it = !is_of_moment(s->where, event, state);
    return s->has_left_it || --s->left == 0;
}

/* An image whose loops' clocks are behind is before it. */
static bool is_past(const al_state *state, void *self)
{
    return al_state_has_come_to(state, ((const seeker *)self)->where->time);
}

/* To the first event for which the test holds. */
static bool seek(al_history *history, seeker *s, al_history_test *test)
{
    al_history_search search = {.test = test, .self = s,
                                .patience = s->patience};
    bool found = al_history_find(history, &search);

    s->is_given_up = search.is_given_up;
    return found;
}

static bool go_to_moment(al_history *history, seeker *s)
{
    al_history_skip(history, is_past, s);
    return seek(history, s, has_come);
}

static bool stands_in_moment(const seeker *s, const al_history *history)
{
    return is_of_moment(s->where, al_history_event(history),
                        al_history_state(history));
}

al_whereabouts al_whereabouts_of(const al_history *history, uint64_t number)
{
    const al_state *state = al_history_state(history);
    const al_event *event = al_history_event(history);
    const al_loop_state *loop = al_state_loop(state, number);
    uint64_t first = al_state_moment(state);

    if (!event)
        return (al_whereabouts){.is_beginning = true};
    if (loop && loop->iteration_at > first)
        first = loop->iteration_at;
    return (al_whereabouts){
        .time = event->time,
        .loop = number,
        .iteration = iteration_of(state, number),
        .further = al_history_at(history) - first,
    };
}

static void go_on(al_history *history, seeker *s)
{
    bool found;

    s->left = s->where->further;
    found = s->left == 0 || seek(history, s, is_far_enough);
    if (found && s->has_left_it)
        al_history_go(history, al_history_at(history) - 1);
}

/* False: the trace does not come so far. */
static bool go_by_time(al_history *history, seeker *s)
{
    s->by_time_alone = true;
    if (!go_to_moment(history, s))
        return false;
    if (al_history_event(history)->time > s->where->time)
        al_history_go(history, al_history_at(history) - 1);
    return true;
}

al_arrival al_whereabouts_go(const al_whereabouts *where, al_history *history,
                             const al_patience *patience)
{
    seeker s = {.where = where, .patience = patience};
    uint64_t at = al_history_at(history);

    if (where->is_beginning) {
        al_history_go(history, 0);
    } else if (go_to_moment(history, &s) && stands_in_moment(&s, history)) {
        go_on(history, &s);
    } else if (!s.is_given_up && !go_by_time(history, &s) && !s.is_given_up) {
        return AL_NOT_THERE;
    }
    if (!s.is_given_up)
        return AL_ARRIVED;
    al_history_go(history, at);
    return AL_GIVEN_UP;
}
