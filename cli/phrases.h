/* phrases.h - how the account puts things into words.
 *
 * Each adds plain text; escaping it is the page's part. */
#ifndef AL_PHRASES_H
#define AL_PHRASES_H

#include "cli/page.h"
#include "loop/base/text.h"
#include "sim/scenario/ast.h"
#include "sim/trace/state.h"

/* tick(1, 'a') */
void al_phrase_call(al_text *out, const char *callback, const char *args);
void al_phrase_handle(al_text *out, const al_traced *handle);

/* The same of an event that schedules it; of sleep's timer "sleep (f1)". */
void al_phrase_scheduled(al_text *out, const al_event *event);

/* "conn:r out:rw" as "conn readable, out readable and writable". */
void al_phrase_fds(al_text *out, const char *fds);

/* "r" as "readable". */
const char *al_phrase_readiness(const char *mask);

/* "signal 2 (SIGINT)" */
void al_phrase_signal(al_text *out, uint64_t sig);

/* "up to 0.5 s", "for ever", "does not wait". */
void al_phrase_timeout(al_text *out, double timeout);

/* "at 1.5 s, iteration 3"; of no iteration (0) the time alone. */
void al_phrase_moment(al_text *out, double time, uint64_t iteration);

/* "times since the start, 47184.5 s"; nothing where that is 0. */
void al_phrase_since(al_text *out, double since);

/* The same as a line of its own. */
void al_phrase_since_line(const al_page *page, al_text *out, double since);

/* "it runs from 0.0 s to 2.5 s" */
void al_phrase_span(al_text *out, double first, double last);

/* "at 1.5 s (in 1.0 s)" */
void al_phrase_deadline(al_text *out, double when, double now);

/* "at 1.5 s, 0.25 s late"; "at 1.5 s, early: resolution", for it is the
 * clock's resolution that lets a timer fire before its time. */
void al_phrase_due(al_text *out, const al_traced *timer, double now);

/* "101 scheduled, 51 cancelled (50.5% > 50%)" */
void al_phrase_share(al_text *out, uint64_t scheduled, uint64_t cancelled,
                     double threshold);

/* Why there is just no compaction: "100 scheduled is not more than 100".
 * False: it is not near, or there is one. */
bool al_phrase_near_miss(al_text *out, uint64_t scheduled, uint64_t cancelled,
                         const al_loop_knobs *knobs);

/* Of "tick.json:12" the number. */
const char *al_phrase_line(const char *where);

/* Of "/srv/app.py:12" what tells it from other files: "app.py:12". */
const char *al_phrase_place(const char *where);

/* What of asyncio's made a future: "gather", "sleep"; "shield", "thread" by the
 * callbacks that they give it.  NULL: nothing, or a lock, queue or the like. */
const char *al_phrase_maker(const al_traced_future *future);

/* What a task waits for, by its event, which the state has folded in: "for t2";
 * "for f3 (sleep)". */
void al_phrase_awaited(al_text *out, const al_state *state,
                       const al_event *event);

/* What gather's future gathers: ", gather of t2 f3 … 12 more". */
void al_phrase_children(al_text *out, const al_traced_future *future);

/* "ValueError: boom" */
void al_phrase_exception(al_text *out, const char *type, const char *text);

#endif
