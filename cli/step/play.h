/* play.h - a run that goes on by itself, so many events a second.
 *
 * It knows how far to go and no trace: whoever goes there says what came in
 * the way. */
#ifndef AL_STEP_PLAY_H
#define AL_STEP_PLAY_H

#include <stdbool.h>
#include <stdint.h>
#include "loop/base/text.h"

typedef struct al_play { /* zero-initialise: it stands */
    bool is_on, is_back;
    double speed;  /* events a second; 0: as is usual */
    double owed;   /* events, parts of one included */
    uint64_t left; /* events to the end that was asked for */
} al_play;

/* count: of events; 0: without end. */
void al_play_begin(al_play *play, bool is_back, uint64_t count);

double al_play_speed(const al_play *play);

/* To the next round speed, or the one before. */
void al_play_change_speed(al_play *play, bool is_faster);

/* False: nobody could follow, or would live to see it. */
bool al_play_set_speed(al_play *play, double speed);

/* How many events to go through after so many seconds more, at most as many as
 * there are; they count as gone through. */
uint64_t al_play_take(al_play *play, double seconds, uint64_t most);

/* The same without waiting for their time. */
uint64_t al_play_take_all(al_play *play);

/* Seconds until there is one. */
double al_play_wait(const al_play *play);

/* "5 events a second" */
void al_play_add_speed(const al_play *play, al_text *out);

#endif
