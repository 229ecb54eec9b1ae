/* history.h - a trace that can be gone through forwards and backwards.
 *
 * A position is a number of events: at 0 nothing has happened yet, at n the
 * n-th event was the latest, and the state is that after it.  Going back is
 * folding anew from an image of the state (region.h) that was kept on the
 * way; of those there are as many as fit a budget, so that memory is bounded
 * however long the trace is.
 *
 * A trace is read as far as somebody asks.  One that cannot be read twice (a
 * pipe) is copied to a temporary file on the way. */
#ifndef AL_TRACE_HISTORY_H
#define AL_TRACE_HISTORY_H

#include "sim/base/patience.h"
#include "sim/trace/reader.h"
#include "sim/trace/state.h"

typedef struct al_history al_history;

typedef struct al_history_options {
    size_t budget;  /* bytes of images; 0: as is usual */
    size_t spacing; /* events from one to the next at first; 0: as is usual */

    /* Which events to pick, so that they can be listed; NULL: none.  It takes
     * no more memory however many there are. */
    bool (*picks)(const al_event *event);
} al_history_options;

/* Takes the reader, before its first event.  NULL: failed; the reader is the
 * caller's then.  options: NULL: defaults. */
al_history *al_history_new(al_trace_reader *reader,
                           const al_history_options *options, al_error *err);
void al_history_free(al_history *history);

const al_trace_header *al_history_header(const al_history *history);

/* Bytes of images from now on; 0: as is usual. */
void al_history_limit(al_history *history, size_t budget);

/* -- where it is ----------------------------------------------------------- */

uint64_t al_history_at(const al_history *history);

/* The latest event, and what all of them came to; good until the next call
 * that moves or reads.  Before the first there is no event: NULL. */
const al_event *al_history_event(const al_history *history);
const al_state *al_history_state(const al_history *history);

/* Go to a position, or as near as there is one.  False: it was beyond the
 * trace's end. */
bool al_history_go(al_history *history, uint64_t position);

/* -- looking elsewhere, without moving ---------------------------------------- */

/* Tell the known events from..to, both included, in order: positions.  Their
 * texts are good until tell returns. */
void al_history_look(al_history *history, uint64_t from, uint64_t to,
                     void (*tell)(void *self, uint64_t at,
                                  const al_event *event),
                     void *self);

/* The events that were picked: how many there are up to where it is; and one
 * of them by its index, from 0, with its position, until the next look.  NULL:
 * it is lost. */
uint64_t al_history_picked(const al_history *history);
const al_event *al_history_picked_event(al_history *history, uint64_t index,
                                        uint64_t *at);

/* -- looking for something -------------------------------------------------- */

/* Does it stop here?  Asked at every position that is passed. */
typedef bool al_history_test(const al_event *event, const al_state *state,
                             void *self);

typedef struct al_history_search {
    al_history_test *test;

    /* It goes on from this position, whose event was of that kind; what was
     * asked before is no longer the position before.  NULL: need not know. */
    void (*begins)(al_event_kind kind, const al_state *state, void *self);
    void *self;
    uint64_t count; /* stop at the n-th such position; 0: as 1 */
    const al_patience *patience; /* NULL: it never ends */

    /* Told: so many such positions it came to, at most count, the last of them
     * here (0: there was none), and whether the patience ended. */
    uint64_t found, last;
    bool is_given_up;
} al_history_search;

/* Go on, or back, to where it stops.  False: nowhere (it is at the end, or
 * at 0), or given up (it stays where it was). */
bool al_history_find(al_history *history, al_history_search *search);
bool al_history_find_back(al_history *history, al_history_search *search);

/* Go to the last kept image whose state something has not come to yet: a time,
 * an iteration, what stays true once it is.  A search from there passes a few
 * thousand events instead of all. */
void al_history_skip(al_history *history,
                     bool (*has_come)(const al_state *state, void *self),
                     void *self);

/* -- what is known of it ---------------------------------------------------- */

/* Read so many events more, without moving, or as many as there are without
 * waiting; for the first it does wait.  False: there are no more. */
bool al_history_read_on(al_history *history, uint64_t count);

uint64_t al_history_known(const al_history *history); /* events so far */
bool al_history_is_complete(const al_history *history);

/* Is one of the known events of that kind? */
bool al_history_has(const al_history *history, al_event_kind kind);

/* Whether reading on would have to wait for whoever writes the trace. */
bool al_history_must_wait(const al_history *history);

/* Wait until it would not.  False: the patience ended before. */
bool al_history_await(const al_history *history, const al_patience *patience);

/* A complete one whose file has grown is complete no longer.  False: it has
 * not. */
bool al_history_try_again(al_history *history);

/* Has it been read to an end after which no more can come? */
bool al_history_is_whole(const al_history *history);

/* Was something not found where it was read before, for somebody cut the file
 * short or wrote over it?  Then a move ends where it was missed. */
bool al_history_is_lost(const al_history *history);

/* Could it grow?  What has come to its end does not, nor what goes wrong in a
 * line that is whole, nor a pipe whose writer is gone. */
bool al_history_may_grow(const al_history *history);

/* Write what is known of it to a sink, byte by byte as it was read.  False:
 * failed, or it is there no more. */
bool al_history_copy(const al_history *history, al_sink sink, al_error *err);

/* The part of it that is known, from 0 to 1; NaN: nobody can tell. */
double al_history_progress(const al_history *history);

/* Why it ends where it does; NULL: it is whole, or goes on. */
const al_error *al_history_error(const al_history *history);

#endif
