/* going.c - to a place by its name: an event, a time, an iteration, or where a
 * thing is mentioned first. */
#include "cli/step/private.h"

#include <string.h>
#include "cli/tui/seconds.h"

typedef struct place {
    uint64_t iteration; /* 0: a time is meant */
    double time;
    uint64_t loop;
} place;

static bool is_there(const al_event *event, const al_state *state, void *self)
{
    const place *p = self;

    (void)state;
    if (p->iteration == 0)
        return event->time >= p->time;
    return event->kind == AL_EVENT_ITERATION && event->loop == p->loop &&
           event->n >= p->iteration;
}

/* Did it come before, or right here? */
static bool has_come(const al_state *state, void *self)
{
    const place *p = self;
    const al_loop_state *loop = al_state_loop(state, p->loop);

    return p->iteration > 0 ? loop && loop->iteration >= p->iteration
                            : al_state_has_come_to(state, p->time);
}

/* From where it is now on; where it does not come to that, back to `at`.  That
 * somebody gave it up is told. */
static al_arrival seek(al_stepper *s, al_history_test *test, void *self,
                       uint64_t at)
{
    al_history_search search = {.test = test, .self = self,
                                .patience = &s->options.patience};
    al_arrival arrival = al_seek(s->history, &search, false, at);

    al_stepper_gave_up(s, arrival);
    return arrival;
}

/* What is looked for may be behind or before.  False: it did not come there;
 * why not is told. */
static bool find_place(al_stepper *s, place p, const char *words)
{
    uint64_t at = al_history_at(s->history);
    al_arrival arrival;

    al_history_skip(s->history, has_come, &p);
    arrival = seek(s, is_there, &p, at);
    if (arrival == AL_NOT_THERE)
        al_stepper_say(s, AL_INK_WARNING, "the trace does not come to '%s'",
                       words);
    return arrival == AL_ARRIVED;
}

bool al_stepper_go_to_event(al_stepper *s, uint64_t number)
{
    uint64_t at = al_history_at(s->history);
    al_arrival arrival = al_go_to(s->history, number, &s->options.patience);
    unsigned long long last = al_history_at(s->history);

    if (al_stepper_gave_up(s, arrival) || arrival == AL_ARRIVED)
        return arrival == AL_ARRIVED;
    al_history_go(s->history, at);
    al_stepper_say(s, AL_INK_WARNING, "there %s only %llu event%s",
                   last == 1 ? "is" : "are", last, last == 1 ? "" : "s");
    return false;
}

static bool concerns(const al_event *event, const al_state *state, void *self)
{
    (void)state;
    return al_event_touches(event, *(const al_thing *)self);
}

/* Where it is mentioned first. */
static void go_to_thing(al_stepper *s, al_thing thing, const char *words)
{
    uint64_t at = al_history_at(s->history);

    al_history_go(s->history, 0);
    if (seek(s, concerns, &thing, at) == AL_NOT_THERE)
        al_stepper_say(s, AL_INK_WARNING, "there is no %s in the trace",
                       words);
}

/* All of it a number?  Of seconds, where a unit comes after it. */
static bool read_number(const char *words, double *value, bool *is_seconds)
{
    const char *end = al_seconds_parse(words, value, is_seconds);

    *is_seconds |= strpbrk(words, ".e") != NULL;
    return end && !*end && *value >= 0 && *value < 1e18;
}

void al_stepper_go_to_time(al_stepper *s, double time, double until)
{
    al_text words = {0};
    bool found;
    double its;

    al_text_add_double(&words, time);
    al_text_add_char(&words, 's');
    found = find_place(s, (place){.time = time}, words.bytes);
    al_text_release(&words);
    if (!found)
        return;
    its = al_history_event(s->history)->time;
    if (its > time && its >= until)
        al_history_go(s->history, al_history_at(s->history) - 1);
}

void al_stepper_go_to(al_stepper *s, const char *words)
{
    al_thing thing = al_thing_parse(words, strlen(words));
    bool is_seconds;
    double value;
    bool is_number = read_number(words, &value, &is_seconds);

    if (is_number && is_seconds) {
        al_stepper_go_to_time(s, value, value);
    } else if (is_number) {
        find_place(s, (place){.iteration = value < 1 ? 1 : (uint64_t)value,
                              .loop = s->loop}, words);
    } else if (*words == 'e' && read_number(words + 1, &value, &is_seconds) &&
               !is_seconds) {
        al_stepper_go_to_event(s, (uint64_t)value);
    } else if (thing.kind != AL_THING_NONE) {
        go_to_thing(s, thing, words);
    } else {
        al_stepper_say(s, AL_INK_ERROR, "go where?  12 is an iteration, "
                       "1.5s a time, e40 an event, h7 a handle");
    }
}
