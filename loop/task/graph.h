/* graph.h - who waits for whom, from the tasks down, as text; the other way up
 * goes call_graph.h.
 *
 * A task waits for what the innermost coroutine of its chain awaits, or for
 * those that wait() was given, a group's tasks, and so on; a future of gather
 * waits for all its children. */
#ifndef AL_GRAPH_H
#define AL_GRAPH_H

#include "loop/task/task.h"

/* For each task of the loop that is not done, what it waits for, and beneath
 * the chain of its coroutines with the lines they wait in; then the first
 * cycle, if there is any.  A lock leads to the task that acquired it last.
 *
 *     t2 'w1' waits for Lock p1, acquired by t3 'w2'
 *       in worker() locks.json:12 > Lock.acquire()
 *     cycle: t2 'w1' > Lock p1 > t3 'w2' > Lock p2 > t2 'w1'
 */
void al_graph_add_waits(al_loop *loop, al_text *out);

#endif
