/* on_terminal.h - the stepper on a terminal. */
#ifndef AL_STEP_ON_TERMINAL_H
#define AL_STEP_ON_TERMINAL_H

#include "cli/command.h"
#include "cli/step/stepper.h"

/* Until it is over, after these keys.  What is wrong with the terminal is
 * told. */
al_exit al_step_on_terminal(al_stepper *stepper, const char *keys,
                            al_theme theme, const al_config *config);

/* al_stepper_options.edit: $VISUAL or $EDITOR has the terminal meanwhile. */
bool al_step_edit(void *self, const char *path, size_t line, al_error *err);

#endif
