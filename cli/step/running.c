/* running.c - the trace runs by itself, forwards or backwards, until it comes
 * to a breakpoint, to its end, or somebody presses a key.
 *
 * Time is told from outside (al_stepper_tick), so that what is scripted does
 * not depend on any clock. */
#include "cli/step/private.h"

#include "loop/base/number.h"

static void say_speed(al_stepper *s, const char *before, const char *after)
{
    al_text text = {0};

    al_text_add(&text, before);
    al_play_add_speed(&s->play, &text);
    al_text_add(&text, after);
    al_stepper_say(s, AL_INK_MESSAGE, "%s", text.bytes);
    al_text_release(&text);
}

/* The keys for the speed do not. */
static void say_running(al_stepper *s)
{
    const al_keymap *keymap = &s->config->keymap;
    al_key faster = al_keymap_key(keymap, AL_REQ_FASTER);
    al_key slower = al_keymap_key(keymap, AL_REQ_SLOWER);
    al_text keys = {0};

    al_text_add(&keys, ": any key ");
    if (faster != AL_KEY_NONE && slower != AL_KEY_NONE) {
        al_text_add(&keys, "but ");
        al_key_add_name(&keys, slower);
        al_text_add(&keys, " and ");
        al_key_add_name(&keys, faster);
        al_text_add_char(&keys, ' ');
    }
    al_text_add(&keys, "stops it");
    say_speed(s, s->play.is_back ? "running back, " : "running, ", keys.bytes);
    al_text_release(&keys);
}

void al_stepper_run(al_stepper *s, bool is_back)
{
    al_play_begin(&s->play, is_back, s->count > 0 ? (uint64_t)s->count : 0);
    say_running(s);
}

void al_stepper_change_speed(al_stepper *s, bool is_faster)
{
    al_play_change_speed(&s->play, is_faster);
    if (s->play.is_on)
        say_running(s);
    else
        say_speed(s, "runs take ", "");
}

void al_stepper_set_speed(al_stepper *s, const char *words)
{
    double speed;
    const char *end = al_double_parse(words, &speed);

    if (!*words) {
        say_speed(s, "runs take ", "");
    } else if (!end || *end || !al_play_set_speed(&s->play, speed)) {
        al_stepper_say(s, AL_INK_ERROR, "'%s' is no speed: events a second, "
                       "0.01 to 1000000", words);
    } else {
        say_speed(s, "runs take ", "");
    }
}

/* Of all keys those for the speed alone go on. */
bool al_stepper_stops_run(al_stepper *s, al_request request)
{
    if (!s->play.is_on || request == AL_REQ_FASTER ||
        request == AL_REQ_SLOWER || request == AL_REQ_REDRAW)
        return false;
    s->play.is_on = false;
    al_stepper_say(s, AL_INK_MESSAGE, "stopped");
    return true;
}

/* -- time passes ---------------------------------------------------------- */

/* Events there are already: more are read on between the ticks, in which
 * whoever writes the trace is not waited for. */
static uint64_t ready(const al_stepper *s)
{
    uint64_t at = al_history_at(s->history);

    return s->play.is_back ? at : al_history_known(s->history) - at;
}

static uint64_t bound_of(const al_stepper *s, uint64_t events)
{
    uint64_t at = al_history_at(s->history);

    if (s->play.is_back)
        return at > events ? at - events : 0;
    return events > UINT64_MAX - at ? UINT64_MAX : at + events;
}

/* Is there no more, in that direction? */
static bool is_at_end(const al_stepper *s)
{
    uint64_t at = al_history_at(s->history);

    return s->play.is_back ? at == 0
                           : al_history_is_complete(s->history) &&
                                 at == al_history_known(s->history);
}

static void advance(al_stepper *s, uint64_t events)
{
    const al_breakpoint *hit;
    al_arrival arrival = al_stepper_continue(s, s->play.is_back,
                                             bound_of(s, events), &hit);

    s->play.is_on = arrival == AL_NOT_THERE && s->play.left > 0 &&
                    !is_at_end(s);
    if (al_stepper_gave_up(s, arrival))
        return;
    if (hit)
        al_stepper_say_hit(s, hit);
    else if (is_at_end(s))
        al_stepper_say(s, AL_INK_MESSAGE, "%s",
                       al_stepper_end(s, s->play.is_back));
    else if (!s->play.is_on)
        al_text_clear(&s->message);
}

bool al_stepper_is_running(const al_stepper *s)
{
    return s->play.is_on;
}

double al_stepper_tick_wait(const al_stepper *s)
{
    return al_play_wait(&s->play);
}

void al_stepper_tick(al_stepper *s, double seconds)
{
    uint64_t events;

    if (!s->play.is_on)
        return;
    events = al_play_take(&s->play, seconds, ready(s));
    if (events > 0 || is_at_end(s))
        advance(s, events);
}

static bool is_read_anew(const al_stepper *s)
{
    return s->file.anew || (s->beside && s->beside->file.anew);
}

void al_stepper_run_out(al_stepper *s)
{
    while (is_read_anew(s) && al_stepper_work(s, true))
        ;
    if (!s->play.is_on)
        return;
    advance(s, al_play_take_all(&s->play));
    s->play.is_on = false;
}
