/* manual.h - the manual page and bash's completion, made from the commands'
 * tables. */
#ifndef AL_MANUAL_H
#define AL_MANUAL_H

#include "loop/base/text.h"

void al_manual_add_page(al_text *out);       /* roff, with man's macros */
void al_manual_add_completion(al_text *out); /* to be sourced by bash */

#endif
