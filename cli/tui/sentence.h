/* sentence.h - an event as a sentence: when, who, what, and why. */
#ifndef AL_TUI_SENTENCE_H
#define AL_TUI_SENTENCE_H

#include "loop/base/text.h"
#include "sim/trace/state.h"

/* The state has the event already. */
void al_sentence_add(al_text *out, const al_event *event,
                     const al_state *state);

#endif
