/* followed.h - the file of a trace that is looked at, which may become another
 * one meanwhile.
 *
 * One that grows is read on.  Of one that was written anew, or a scenario that
 * was edited, the run is read beside the old one, which is shown until then. */
#ifndef AL_STEP_FOLLOWED_H
#define AL_STEP_FOLLOWED_H

#include "cli/file_watch.h"
#include "cli/tui/whereabouts.h"
#include "sim/trace/history.h"

typedef struct al_origin { /* what a trace is read from */
    const char *path;  /* borrowed */
    bool is_read_once; /* it came by a pipe, and cannot be opened again */
    bool is_scenario;  /* it is run anew, not read, when it is */
} al_origin;

typedef struct al_followed {
    al_origin origin;
    al_file_watch watch;
    bool is_tailing;       /* it goes on as the trace grows, unless */
    uint64_t tail;         /* it was moved from here */
    bool is_stale;         /* the file is no longer the one that is shown */
    al_history *anew;      /* what is shown in its place, once it is read; NULL:
                              nothing is read anew */
    bool is_short;         /* what was read anew is shorter than where the old
                              one stood: it goes there if it grows, unless */
    uint64_t stands_at;    /* it was moved from here meanwhile */
    al_whereabouts wanted;
} al_followed;

al_followed al_followed_begin(const al_origin *origin);

/* Is what is shown no longer what the file has, with nothing read anew? */
bool al_followed_is_outdated(const al_followed *file);

/* Read some events more, or (may_wait) wait for some: a file whole, of what is
 * still being made no more than is wanted soon.  False: there are none now. */
bool al_followed_read_on(const al_followed *file, al_history *history,
                         bool may_wait);

/* Is there none only because whoever writes it takes time? */
bool al_followed_must_wait(const al_followed *file,
                           const al_history *history);

#endif
