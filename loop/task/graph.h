/* graph.h - who waits for whom: asyncio.graph's await chains, as text.
 *
 * A task waits for what the innermost coroutine of its chain awaits; a
 * future of gather waits for all its children. */
#ifndef AL_GRAPH_H
#define AL_GRAPH_H

#include "loop/task/task.h"

/* For each task of the loop that is not done, a line: what it waits for, and
 * how many lines of the scenario deep.
 *
 *     t1 'Task-1' main() waits for t2
 *     t2 'w1' worker() > acquire() waits for f3
 *
 * Then one for a cycle, if there is any: "cycle: t2 > t3 > t2". */
void al_graph_add_waits(al_loop *loop, al_text *out);

/* The names of a chain of awaiting coroutines, outermost first:
 * "worker() > acquire()". */
void al_graph_add_chain(const al_coroutine *coroutine, al_text *out);

#endif
