/* story_private.h - what the story's files share:
 *
 *     story.c         the whole; a line of the log, a time
 *     story_lines.c   how a line is put
 *     story_handle.c  the moments of a handle, and what it did
 *     story_task.c    those of a task
 *     story_future.c  those of a future
 */
#ifndef AL_EXPLAIN_STORY_PRIVATE_H
#define AL_EXPLAIN_STORY_PRIVATE_H

#include "cli/explain/hops.h"
#include "cli/explain/lateness.h"
#include "cli/explain/moments.h"
#include "cli/explain/story.h"
#include "cli/phrases.h"

struct al_story {
    const al_page *page;
    const al_target *target;
    al_state *state;
    al_text heading;
    al_moments moments, deeds;
    al_hops *made, *ended;
    al_lateness *lateness;
    al_text what, note; /* of the line being made */
    bool was_cancelled; /* a task: CancelledError is to be thrown in, */
    bool is_thrown;     /* or was, and has not ended it yet */
    uint64_t requests;  /* its cancelling() */
    bool is_concerned;  /* it was cancelled, ever */
    bool has_counts;    /* the trace tells of requests taken back */
    uint64_t latest_cancel; /* the task that was cancelled last, */
    uint64_t latest_index;  /* by which event */
    uint64_t index;         /* of the event that is told */
    uint64_t steps, stepping; /* stepping: the handle that does now */
};

/* -- story_lines.c ----------------------------------------------------------- */

/* A line with s->what, which is emptied: what happened in this moment. */
void al_story_put_moment(al_story *s, const char *verb, uint64_t handle,
                         const al_event *event);
void al_story_put_aside(al_story *s, const char *verb); /* one beneath it */

/* To s->what: who did it, where in the source, and how it ended. */
void al_story_add_by(al_story *s, const al_event *event);
void al_story_add_place(al_story *s, const al_event *event);
void al_story_add_outcome(al_story *s, const al_event *event);

/* How long a callback or a step took; nothing where that was no time. */
void al_story_tell_duration(al_story *s, const al_event *event);

/* A log may have many lines: "first …". */
void al_story_add_first_line(al_text *out, const char *text);

/* -- an event that the state has, of its target or not ------------------------ */

/* What tells of events, by their kinds; NULL: nothing does. */
typedef void al_story_teller(al_story *s, const al_event *event);

void al_story_follow_handle(al_story *s, const al_event *event);
void al_story_follow_task(al_story *s, const al_event *event);
void al_story_follow_future(al_story *s, const al_event *event);

#endif
