/* alarm.h - errors and warnings that would otherwise pass unseen, on stderr:
 * a line for each, and the traceback where there is more to it.
 *
 * Python prints what asyncio logs, what ends a thread, and coroutines that
 * were never awaited; a run without an account has to say so, too.  A
 * deadlock is told when it comes: what follows is the clean-up. */
#ifndef AL_ALARM_H
#define AL_ALARM_H

#include "loop/core/loop.h"
#include "sim/scenario/scenario.h"

typedef struct al_alarm {
    const al_scenario *scenario; /* that runs; borrowed */
    bool has_told_deadlock;
} al_alarm;

al_logger al_alarm_logger(al_alarm *alarm);

#endif
