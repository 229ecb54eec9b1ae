/* story.h - a target's story, told while the trace is read again. */
#ifndef AL_EXPLAIN_STORY_H
#define AL_EXPLAIN_STORY_H

#include "cli/explain/target.h"
#include "cli/page.h"
#include "sim/trace/state.h"

typedef struct al_story al_story;

/* The target was found, and both chains traced; all is borrowed.  `ended` is
 * empty where the target has nothing of the kind. */
al_story *al_story_new(const al_page *page, const al_target *target,
                       const al_chain *made, const al_chain *ended);
void al_story_free(al_story *story);
void al_story_add(al_story *story, const al_event *event, uint64_t index);

/* All was read: the whole of it. */
void al_story_write(al_story *story, al_text *out);

#endif
