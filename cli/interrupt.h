/* interrupt.h - Ctrl-C and its like: what is under way ends in good order.
 *
 * The first one asks for the end; a second Ctrl-C does not wait for it. */
#ifndef AL_INTERRUPT_H
#define AL_INTERRUPT_H

#include <stdatomic.h>
#include <stdbool.h>
#include <sys/types.h>

/* The run under way shall end.  Set by SIGINT, SIGTERM and SIGHUP, and by who
 * watches the run and needs no more of it. */
extern atomic_bool al_interrupted;

void al_interrupt_set_up(void);

/* What is still done where the process ends without waiting: safe in a signal's
 * handler. */
void al_interrupt_before_end(void (*act)(void));

/* Of what was asked to end and stands still there, as on a terminal that takes
 * no more, the process is ended by that signal, a second after it or later.
 * Safe in a signal's handler, too. */
void al_interrupt_ends_where(bool (*is_stuck)(void));

/* The first signal that asked for it; 0: none has. */
int al_interrupt_signal(void);

/* That run has ended, and the next one is not meant; a signal still is. */
void al_interrupt_forget_watcher(void);

/* From now on a child hears what we are sent (0: none does).  One that is
 * `apart`, in a process group of its own, hears all of it, and as SIGTERM;
 * any other has had the terminal's Ctrl-C from there. */
void al_interrupt_pass_on(pid_t child, bool is_apart);

#endif
