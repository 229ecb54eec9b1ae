/* help.h - what the command says of itself: an overview, a command, a topic,
 * the manual page, bash's completion.  All derive from the commands' tables. */
#ifndef AL_HELP_H
#define AL_HELP_H

#include "cli/command.h"

void al_help_add_overview(al_text *out);
void al_help_add_command(al_text *out, const al_command *command);

/* "exit-codes"; False: there is no such topic. */
bool al_help_add_topic(al_text *out, const char *name);

/* The names of the topics, which end in NULL. */
const char *const *al_help_topics(void);

#endif
