/* shield.h - asyncio.shield(). */
#ifndef AL_SHIELD_H
#define AL_SHIELD_H

#include "loop/task/future.h"

/* asyncio.shield(awaitable): a new reference, to a future of the same outcome
 * whose cancellation stays with it; NULL: raised. */
al_future *al_shield(al_value awaitable);

#endif
