/* following.c - the trace grows, and the stepper with it. */
#include "cli/step/private.h"

bool al_stepper_must_wait(const al_stepper *s)
{
    return al_followed_must_wait(&s->file, s->history) ||
           (s->beside && al_followed_must_wait(&s->beside->file,
                                               s->beside->history));
}

/* -- at its end ----------------------------------------------------------- */

bool al_stepper_is_tailing(const al_stepper *s)
{
    return s->file.is_tailing && al_history_at(s->history) == s->file.tail;
}

void al_stepper_tail(al_stepper *s)
{
    if (!al_stepper_go_to_end(s))
        return;
    s->file.is_tailing = al_history_may_grow(s->history);
    s->file.tail = al_history_at(s->history);
    if (s->file.is_tailing)
        al_stepper_say(s, AL_INK_MESSAGE, "the end so far%s: it stays there "
                       "as the trace grows",
                       al_history_error(s->history) ? ", within a line" : "");
    else if (al_history_has(s->history, AL_EVENT_END) &&
             !al_history_error(s->history))
        al_stepper_say(s, AL_INK_MESSAGE, "the end: this run is over");
}

/* It goes on with the trace, to its end or a breakpoint. */
static void keep_up(al_stepper *s)
{
    const al_breakpoint *hit;
    al_arrival arrival;

    s->file.is_tailing = al_stepper_is_tailing(s);
    if (!s->file.is_tailing)
        return;
    if (s->file.tail == al_history_known(s->history)) {
        if (al_history_is_whole(s->history))
            al_stepper_tail(s); /* which says that it goes on no more */
        return;
    }
    arrival = al_stepper_continue(s, false, al_history_known(s->history),
                                  &hit);
    s->file.tail = al_history_at(s->history);
    s->file.is_tailing = arrival != AL_ARRIVED;
    if (hit)
        al_stepper_say_hit(s, hit);
}

/* -- reading on ----------------------------------------------------------- */

/* Where what was read anew comes to where it stood before; unless somebody is
 * where he wants to be. */
static void catch_up(al_stepper *s)
{
    if (s->file.is_short && al_history_at(s->history) == s->file.stands_at)
        al_stepper_go_to_wanted(s);
    else
        s->file.is_short = false;
}

/* What is told of a run that is shown no more names what is not there. */
static void close_told(al_stepper *s)
{
    if (s->pager.leads || s->pager.below_count > 0)
        s->pager.is_open = false;
}

/* On the half that is driven. */
static bool work_on_half(al_stepper *s, bool may_wait)
{
    bool goes_on;

    if (s->file.anew)
        return al_stepper_reload_on(s, may_wait);
    goes_on = al_followed_read_on(&s->file, s->history, may_wait);
    if (goes_on)
        catch_up(s);
    al_stepper_check_marks(s);
    return goes_on;
}

/* The path of the half that is lost, of the driven one first; NULL: neither. */
static const char *lost_path(const al_stepper *s)
{
    if (al_history_is_lost(s->history))
        return s->file.origin.path;
    return s->beside && al_history_is_lost(s->beside->history)
               ? s->beside->file.origin.path : NULL;
}

void al_stepper_say_loss(al_stepper *s)
{
    const char *path = lost_path(s);

    if (path)
        al_stepper_say(s, AL_INK_ERROR, "what was read%s%s is there no more: "
                       "the file was cut short or written over",
                       s->beside ? " of " : "", s->beside ? path : "");
}

bool al_stepper_work(al_stepper *s, bool may_wait)
{
    const al_history *shown = s->history;
    bool goes_on = work_on_half(s, may_wait);

    if (s->history != shown)
        close_told(s);
    keep_up(s);
    al_stepper_say_loss(s); /* for it shows when it is drawn, too */
    if (!s->beside)
        return goes_on;
    al_stepper_exchange(s);
    goes_on |= work_on_half(s, may_wait);
    al_stepper_exchange(s);
    goes_on |= al_beside_work(s->beside, s->history);
    if (!goes_on)
        al_twins_settle(&s->beside->twins);
    return goes_on;
}
