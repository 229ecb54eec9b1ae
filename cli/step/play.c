/* play.c - see play.h. */
#include "cli/step/play.h"

#include <math.h>

static const double speeds[] = {0.5, 1,   2,   5,    10,   20,   50,   100,
                                200, 500, 1000, 2000, 5000, 10000, 100000};

enum { SPEEDS = sizeof speeds / sizeof *speeds };

static const double USUAL = 5, SLOWEST = 0.01, FASTEST = 1e6;
static const double FRAME = 0.04; /* seconds: more often nobody sees it */

void al_play_begin(al_play *play, bool is_back, uint64_t count)
{
    play->is_on = true;
    play->is_back = is_back;
    play->owed = 0;
    play->left = count ? count : UINT64_MAX;
}

double al_play_speed(const al_play *play)
{
    return play->speed > 0 ? play->speed : USUAL;
}

void al_play_change_speed(al_play *play, bool is_faster)
{
    double now = al_play_speed(play);
    int i = 0;

    while (i < SPEEDS - 1 && speeds[i] < now)
        i++;
    if (is_faster && speeds[i] <= now)
        i += i < SPEEDS - 1;
    else if (!is_faster && speeds[i] >= now)
        i -= i > 0;
    if (is_faster == (speeds[i] > now))
        play->speed = speeds[i];
}

bool al_play_set_speed(al_play *play, double speed)
{
    if (!(speed >= SLOWEST && speed <= FASTEST))
        return false;
    play->speed = speed;
    return true;
}

static uint64_t take(al_play *play, uint64_t events)
{
    if (events > play->left)
        events = play->left;
    play->left -= events;
    return events;
}

/* What takes long is not made up for: a run that was held up goes on as it
 * went. */
uint64_t al_play_take(al_play *play, double seconds, uint64_t most)
{
    const double longest = 0.25;
    uint64_t whole;

    play->owed += fmin(seconds, longest + 1 / al_play_speed(play)) *
                  al_play_speed(play);
    whole = (uint64_t)play->owed;
    play->owed -= (double)whole;
    return take(play, whole < most ? whole : most);
}

uint64_t al_play_take_all(al_play *play)
{
    return take(play, UINT64_MAX);
}

double al_play_wait(const al_play *play)
{
    return fmax((1 - play->owed) / al_play_speed(play), FRAME);
}

void al_play_add_speed(const al_play *play, al_text *out)
{
    double speed = al_play_speed(play);

    al_text_add_format(out, "%.10g event%s a second", speed,
                       speed == 1 ? "" : "s");
}
