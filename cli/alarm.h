/* alarm.h - errors that would otherwise pass unseen, as lines on stderr.
 *
 * Python prints what asyncio logs as an error, and what ends a thread; a run
 * without an account has to say so, too. */
#ifndef AL_ALARM_H
#define AL_ALARM_H

#include "loop/core/loop.h"

/* `path` is the scenario's, for the messages; borrowed. */
al_logger al_alarm_logger(const char *path);

#endif
