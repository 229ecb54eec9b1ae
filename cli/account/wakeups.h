/* wakeups.h - why a task runs, in words. */
#ifndef AL_ACCOUNT_WAKEUPS_H
#define AL_ACCOUNT_WAKEUPS_H

#include "sim/trace/state.h"

/* t1 'worker' */
void al_phrase_task(al_text *out, uint64_t id, const al_shared_name *name);

/* "job 1, work() in asyncio_0", as far as it is known. */
void al_phrase_job(al_text *out, const al_traced_job *job);

/* "sleep of 2.0 s over", of a task whose step has just begun.  False: there is
 * nothing to tell, as of a first step. */
bool al_phrase_wakeup(al_text *out, const al_traced_task *task);

#endif
