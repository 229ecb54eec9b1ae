/* sleep.h - asyncio.sleep(). */
#ifndef AL_SLEEP_H
#define AL_SLEEP_H

#include "loop/task/coroutine.h"

/* asyncio.sleep(delay, result): a coroutine not yet begun, which returns
 * `result` after `delay` seconds; not above 0: after one turn of the loop. */
al_coroutine *al_sleep(al_value delay, al_value result);

#endif
