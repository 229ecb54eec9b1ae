/* arrival.h - how going somewhere in a trace ended. */
#ifndef AL_TUI_ARRIVAL_H
#define AL_TUI_ARRIVAL_H

typedef enum al_arrival {
    AL_ARRIVED,
    AL_NOT_THERE, /* the trace has no such place */
    AL_GIVEN_UP   /* somebody did not wait for it; there may be one */
} al_arrival;

#endif
