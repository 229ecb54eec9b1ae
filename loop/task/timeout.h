/* timeout.h - asyncio.Timeout: a scope that ends its task's waiting.
 *
 * When the deadline comes the task is cancelled; on the way out the
 * CancelledError becomes a TimeoutError, if nobody else asked for it too. */
#ifndef AL_TIMEOUT_H
#define AL_TIMEOUT_H

#include "loop/task/coroutine.h"

typedef struct al_timeout al_timeout;

extern const al_type al_timeout_type;

/* asyncio.timeout_at(when) and asyncio.timeout(delay): a new one, not yet
 * entered; None: no deadline.  NULL: raised. */
al_timeout *al_timeout_at(al_value when);
al_timeout *al_timeout_after(al_value delay);

al_timeout *al_timeout_peek(al_value value); /* NULL: it is none */

/* timeout.when(): borrowed; as it was given. */
al_value al_timeout_when(const al_timeout *timeout);

/* timeout.reschedule(when).  False: raised. */
bool al_timeout_reschedule(al_timeout *timeout, al_value when);

bool al_timeout_expired(const al_timeout *timeout);

/* What __aenter__ and __aexit__ do; `raised`, borrowed, is what ended the
 * body, or NULL.  False: raised; of exit: TimeoutError in its place. */
bool al_timeout_enter(al_timeout *timeout);
bool al_timeout_exit(al_timeout *timeout, al_exception *raised);

/* timeout.__aenter__() and __aexit__(type(e), e, tb): coroutines. */
al_coroutine *al_timeout_aenter(al_timeout *timeout);
al_coroutine *al_timeout_aexit(al_timeout *timeout, al_exception *raised);

#endif
