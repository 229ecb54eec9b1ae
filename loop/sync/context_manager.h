/* context_manager.h - `async with lock`: asyncio's _ContextManagerMixin. */
#ifndef AL_CONTEXT_MANAGER_H
#define AL_CONTEXT_MANAGER_H

#include "loop/sync/primitive.h"

/* __aenter__() and __aexit__() of a primitive that is a lock: coroutines not
 * yet begun, which acquire it and release it, and return None. */
al_coroutine *al_primitive_enter(al_primitive *lock);
al_coroutine *al_primitive_exit(al_primitive *lock);

#endif
