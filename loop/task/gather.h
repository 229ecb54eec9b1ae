/* gather.h - asyncio.gather(). */
#ifndef AL_GATHER_H
#define AL_GATHER_H

#include "loop/task/future.h"

extern const al_type al_gathering_future_type;

/* asyncio.gather(*awaitables, return_exceptions=…): a new reference; NULL:
 * raised. */
al_future *al_gather(const al_value *awaitables, size_t count,
                     bool return_exceptions);

#endif
