/* background_run.h - a scenario that is run in a process of its own, whose
 * trace comes by a pipe. */
#ifndef AL_BACKGROUND_RUN_H
#define AL_BACKGROUND_RUN_H

#include <sys/types.h>
#include "cli/command.h"
#include "loop/base/text.h"
#include "sim/scenario/scenario.h"

typedef struct al_background_run { /* all zero: there is none */
    pid_t pid;
    int fd;           /* its trace comes here */
    bool is_unwanted; /* it did not come to its end, for nobody read that */
    bool has_ended;
    int status;       /* then, as waitpid gives it */
} al_background_run;

/* Quiet: it does not say which limit it came to.  False: the machine refused,
 * which was told. */
bool al_background_run_start(al_background_run *run,
                             const al_scenario *scenario, bool is_quiet);

/* Wait for its end, which comes at once unless all was read, or written. */
void al_background_run_end(al_background_run *run, bool is_read);

/* Once it has ended: OK, or the exit code for it; what there is to say of the
 * scenario, that has a name, was said. */
al_exit al_background_run_tell(const al_background_run *run,
                               const char *name);

/* Was it ended by a signal?  Then that is added to a text; one that has
 * written all is waited for. */
void al_background_run_add_signal(al_background_run *run, al_text *why);

#endif
