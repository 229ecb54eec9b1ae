/* wait.h - asyncio.wait(). */
#ifndef AL_WAIT_H
#define AL_WAIT_H

#include "loop/task/coroutine.h"

/* asyncio.wait(fs, timeout=timeout, return_when=until): a coroutine not yet
 * begun, which returns a tuple of two sets, (done, pending), each in the order
 * of al_futures_sort.  The values are looked at only when it runs; until: a
 * str. */
al_coroutine *al_wait(al_value fs, al_value timeout, al_value until);

#endif
