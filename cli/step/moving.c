/* moving.c - the stepper's position: by steps, to stops and marks, along
 * causes. */
#include "cli/step/private.h"

bool al_stepper_gave_up(al_stepper *s, al_arrival arrival)
{
    if (arrival == AL_GIVEN_UP)
        al_stepper_say(s, AL_INK_WARNING, "given up");
    return arrival == AL_GIVEN_UP;
}

/* -- steps ---------------------------------------------------------------- */

static void move(al_stepper *s, al_move_kind kind, bool is_back)
{
    static const char *const names[] = {
        [AL_MOVE_EVENT] = "event",         [AL_MOVE_CALLBACK] = "callback",
        [AL_MOVE_PHASE] = "phase",         [AL_MOVE_ITERATION] = "iteration",
        [AL_MOVE_TOUCH] = "event that concerns it",
    };
    al_moment now = al_stepper_now(s);
    al_step_move m = {.kind = kind, .loop = s->loop, .is_back = is_back,
                      .count = al_stepper_count(s)};
    al_arrival arrival;
    uint64_t moved;

    if (kind == AL_MOVE_TOUCH) {
        m.thing = al_pane_thing(&s->layout.panes[s->layout.focus], &now);
        if (m.thing.kind == AL_THING_NONE ||
            m.thing.kind >= AL_THING_EVENT) {
            al_stepper_say_unselected(s);
            return;
        }
    }
    arrival = al_move(s->history, &m, &s->options.patience, &moved);
    if (arrival == AL_ARRIVED || al_stepper_gave_up(s, arrival))
        return;
    if (moved == 0)
        al_stepper_say(s, AL_INK_MESSAGE, "there is no %s %s", names[kind],
                       is_back ? "before" : "after this");
    else
        al_stepper_say(s, AL_INK_MESSAGE, "the %s: there %s only %llu",
                       is_back ? "first" : "last", moved == 1 ? "was" : "were",
                       (unsigned long long)moved);
}

void al_stepper_say_hit(al_stepper *s, const al_breakpoint *hit)
{
    al_moment now = al_stepper_now(s);
    al_condition_value value;
    al_text text = {0};

    if (hit->is_watch) {
        value = al_watch_value(hit, now.event, now.state, s->loop);
        al_text_add(&text, " is now ");
        al_condition_value_add(&value, &text);
    } else if (now.event) {
        al_condition_add_seconds(hit->condition, now.event, now.state, s->loop,
                                 &text);
    }
    al_stepper_say(s, AL_INK_MESSAGE, "%s %u: %s%s",
                   hit->is_watch ? "watch" : "breakpoint", hit->number,
                   hit->text, al_text_peek(&text));
    al_text_release(&text);
}

const char *al_stepper_end(const al_stepper *s, bool is_back)
{
    return is_back ? "the beginning"
           : al_history_is_whole(s->history) ? "the end" : "the end so far";
}

/* It went as far as it could, and stopped so many times on the way. */
static void say_unhit(al_stepper *s, bool is_back, uint64_t stops)
{
    size_t enabled = 0;

    if (stops > 0) {
        al_stepper_say(s, AL_INK_MESSAGE, "%s: it stopped only %llu time%s "
                       "before", al_stepper_end(s, is_back),
                       (unsigned long long)stops, stops == 1 ? "" : "s");
        return;
    }
    for (size_t i = 0; i < s->breakpoints.count; i++)
        enabled += !s->breakpoints.items[i].is_disabled;
    al_stepper_say(s, AL_INK_MESSAGE, "%s: %s",
                   enabled > 0                ? "no breakpoint stopped it"
                   : s->breakpoints.count > 0 ? "every breakpoint is disabled"
                                              : "no breakpoint",
                   al_stepper_end(s, is_back));
}

al_arrival al_stepper_continue(al_stepper *s, bool is_back, uint64_t bound,
                               const al_breakpoint **hit)
{
    const al_breakpoint_walk walk = {.loop = s->loop, .is_back = is_back,
                                     .bound = bound,
                                     .patience = &s->options.patience};

    return al_breakpoints_continue(&s->breakpoints, s->history, &walk, hit);
}

static void continue_to(al_stepper *s, bool is_back)
{
    uint64_t at = al_history_at(s->history);
    const al_breakpoint *hit = NULL;
    al_arrival arrival = AL_ARRIVED;
    uint64_t stops = 0;

    while (stops < al_stepper_count(s)) {
        arrival = al_stepper_continue(s, is_back, is_back ? 0 : UINT64_MAX,
                                      &hit);
        if (arrival != AL_ARRIVED)
            break;
        stops++;
    }
    if (al_stepper_gave_up(s, arrival))
        return;
    if (hit)
        al_stepper_say_hit(s, hit);
    else if (al_history_at(s->history) == at)
        al_stepper_say(s, AL_INK_MESSAGE, "this is %s",
                       al_stepper_end(s, is_back));
    else
        say_unhit(s, is_back, stops);
}

bool al_stepper_go_to_end(al_stepper *s)
{
    al_arrival arrival = al_go_to_end(s->history, &s->options.patience);
    al_text why = {0};

    if (arrival == AL_GIVEN_UP)
        al_stepper_say(s, AL_INK_WARNING, "given up after %llu events",
                       (unsigned long long)al_history_known(s->history));
    else if (al_stepper_breaks_off(s, &why))
        al_stepper_say(s, AL_INK_ERROR, "the trace ends here: %s", why.bytes);
    al_text_release(&why);
    return arrival != AL_GIVEN_UP;
}

static void follow(al_stepper *s, bool is_back)
{
    al_arrival (*go)(al_history *, const al_patience *) =
        is_back ? al_go_to_effect : al_go_to_cause;
    al_arrival arrival = AL_ARRIVED;

    for (uint64_t i = al_stepper_count(s); i > 0 && arrival == AL_ARRIVED; i--)
        arrival = go(s->history, &s->options.patience);
    if (arrival == AL_ARRIVED)
        al_stepper_tell_event(s);
    else if (!al_stepper_gave_up(s, arrival))
        al_stepper_say(s, AL_INK_MESSAGE, is_back
                           ? "the trace tells nothing that this caused"
                           : "the chain of causes begins here");
}

/* -- marks ---------------------------------------------------------------- */

void al_stepper_mark(al_stepper *s)
{
    al_bookmark here = {.at = al_history_at(s->history), .is_told = true,
                        .where = al_whereabouts_of(s->history, s->loop)};

    al_stepper_say(s, AL_INK_MESSAGE, al_bookmarks_toggle(&s->marks, here)
                                          ? "marked: event %llu"
                                          : "the mark of event %llu is gone",
                   (unsigned long long)here.at);
}

void al_stepper_unmark(al_stepper *s)
{
    al_bookmarks_release(&s->marks);
    al_stepper_say(s, AL_INK_MESSAGE, "all marks are gone");
}

static void go_to_mark(al_stepper *s, bool is_back)
{
    const al_bookmark *there = al_bookmarks_next(&s->marks,
                                         al_history_at(s->history),
                                         al_stepper_count(s), is_back);

    if (there)
        al_stepper_go_to_event(s, there->at);
    else
        al_stepper_say(s, AL_INK_MESSAGE, "there is no mark %s",
                       is_back ? "before" : "after this");
}

/* -- requests ------------------------------------------------------------- */

bool al_stepper_request_move(al_stepper *s, al_request request)
{
    switch (request) {
    case AL_REQ_EVENT:
    case AL_REQ_EVENT_BACK:
        move(s, AL_MOVE_EVENT, request == AL_REQ_EVENT_BACK);
        return true;
    case AL_REQ_CALLBACK:
    case AL_REQ_CALLBACK_BACK:
        move(s, AL_MOVE_CALLBACK, request == AL_REQ_CALLBACK_BACK);
        return true;
    case AL_REQ_PHASE:
    case AL_REQ_PHASE_BACK:
        move(s, AL_MOVE_PHASE, request == AL_REQ_PHASE_BACK);
        return true;
    case AL_REQ_ITERATION:
    case AL_REQ_ITERATION_BACK:
        move(s, AL_MOVE_ITERATION, request == AL_REQ_ITERATION_BACK);
        return true;
    case AL_REQ_TOUCH:
    case AL_REQ_TOUCH_BACK:
        move(s, AL_MOVE_TOUCH, request == AL_REQ_TOUCH_BACK);
        return true;
    case AL_REQ_FIRST:
        al_history_go(s->history, 0);
        return true;
    case AL_REQ_LAST:
        al_stepper_go_to_end(s);
        return true;
    case AL_REQ_TAIL:
        al_stepper_tail(s);
        return true;
    case AL_REQ_CONTINUE:
    case AL_REQ_CONTINUE_BACK:
        continue_to(s, request == AL_REQ_CONTINUE_BACK);
        return true;
    case AL_REQ_CAUSE:
    case AL_REQ_EFFECT:
        follow(s, request == AL_REQ_EFFECT);
        return true;
    case AL_REQ_RUN:
    case AL_REQ_RUN_BACK:
        al_stepper_run(s, request == AL_REQ_RUN_BACK);
        return true;
    case AL_REQ_FASTER:
    case AL_REQ_SLOWER:
        al_stepper_change_speed(s, request == AL_REQ_FASTER);
        return true;
    case AL_REQ_NEXT_MARK:
    case AL_REQ_PREVIOUS_MARK:
        go_to_mark(s, request == AL_REQ_PREVIOUS_MARK);
        return true;
    default:
        return false;
    }
}
