/* waiter.h - a future that somebody waits for, and others release: asyncio's
 * _release_waiter(waiter), which sets its result unless it is done. */
#ifndef AL_WAITER_H
#define AL_WAITER_H

#include "loop/task/future.h"

/* False: raised (the loop is closed). */
bool al_waiter_release(al_future *waiter);

/* For call_later: _release_waiter(waiter). */
al_callback al_waiter_timer(al_future *waiter);

/* For add_done_callback: partial(_release_waiter, waiter). */
al_done_callback al_waiter_done_callback(al_future *waiter);

/* Take that one off `future` again. */
void al_waiter_forget(al_future *waiter, al_future *future);

#endif
