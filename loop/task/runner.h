/* runner.h - asyncio.Runner: a loop that runs coroutines one after the other,
 * and cleans up behind them; asyncio.run() is one that runs one. */
#ifndef AL_RUNNER_H
#define AL_RUNNER_H

#include "loop/task/task.h"

typedef struct al_runner al_runner;

extern const al_type al_runner_type;

/* What Runner(loop_factory=…) calls: a new loop, the runner's; NULL: raised. */
typedef struct al_runner_factory {
    al_loop *(*make)(void *self);
    void (*release)(void *self); /* NULL: nothing to drop */
    void *self;
} al_runner_factory;

/* asyncio.Runner(debug=…, loop_factory=…).  debug: 1, 0, or -1 for the loop's
 * own; factory, taken: NULL: asyncio.new_event_loop, and set_event_loop too. */
al_runner *al_runner_new(int debug, const al_runner_factory *factory);

al_runner *al_runner_peek(al_value value); /* NULL: it is none */

/* runner.__enter__().  False: raised. */
bool al_runner_enter(al_runner *runner);

/* runner.__exit__(): close(), in whose course the exception in the slot, if
 * any, is the one being handled; it stays, unless closing raises another. */
bool al_runner_exit(al_runner *runner);

/* runner.close(): cancel what is left, and wait for it; then close the loop.
 * Harmless where there is none.  False: raised. */
bool al_runner_close(al_runner *runner);

/* runner.get_loop(): borrowed, made on first use.  NULL: raised. */
al_loop *al_runner_get_loop(al_runner *runner);

/* runner.run(main, context=…): owned; AL_ABSENT: raised.  context NULL: the
 * runner's own. */
al_value al_runner_run(al_runner *runner, al_value main, al_context *context);

/* asyncio.run(main, debug=…, loop_factory=…): the same. */
al_value al_asyncio_run(al_value main, int debug,
                        const al_runner_factory *factory);

#endif
