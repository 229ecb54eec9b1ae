/* differences.c - from one difference of two traces to another. */
#include "cli/step/private.h"

/* The line of words has it, too, but no more of it than there is room for: see
 * al_stepper_repeats_words.  While they are compared it alone says it, and goes
 * on. */
static void say_difference(al_stepper *s)
{
    al_text text = {0};

    if (!s->beside->result)
        return;
    al_beside_tell(s->beside, al_history_at(s->history), &text);
    al_stepper_say(s, AL_INK_MESSAGE, "%s", al_text_peek(&text));
    al_text_release(&text);
}

static void go_to_difference(al_stepper *s, const al_twin_gap *there)
{
    if (!there) {
        al_stepper_say(s, AL_INK_MESSAGE, "there is no difference there%s",
                       s->beside->result ? "" : " so far");
        return;
    }
    al_stepper_drive(s, there->side);
    al_history_go(s->history, there->at);
    say_difference(s);
}

static const al_twin_gap *find_difference(al_stepper *s, al_request request,
                                          long count)
{
    uint64_t at = al_history_at(s->history);

    if (request == AL_REQ_FIRST_DIFFERENCE)
        return al_beside_first(s->beside);
    return al_beside_next(s->beside, at,
                          request == AL_REQ_DIFFERENCE ? count : -count);
}

/* Both are waited for, if need be; unless somebody gives it up. */
static bool comes_more(const al_stepper *s)
{
    const al_patience *patience = &s->options.patience;

    return !al_patience_ends(patience) &&
           al_history_await(s->history, patience) &&
           al_history_await(s->beside->history, patience);
}

/* While none is known the traces are compared further. */
static void seek_difference(al_stepper *s, al_request request)
{
    long count = (long)al_stepper_count(s);
    bool goes_on = true;
    const al_twin_gap *there;

    if (!s->beside) {
        al_stepper_say(s, AL_INK_WARNING,
                       "nothing stands beside this: :diff FILE");
        return;
    }
    while (!(there = find_difference(s, request, count)) && goes_on)
        goes_on = comes_more(s) && al_stepper_work(s, true);
    go_to_difference(s, there);
}

bool al_stepper_request_difference(al_stepper *s, al_request request)
{
    if (request != AL_REQ_FIRST_DIFFERENCE && request != AL_REQ_DIFFERENCE &&
        request != AL_REQ_DIFFERENCE_BACK)
        return false;
    seek_difference(s, request);
    return true;
}
