/* target.h - what is to be explained, and finding it in a trace.
 *
 * "h12", "t3", "f2" are ids, "@1.5" a time; any other word is a task's name,
 * or that of the coroutine of one, or a part of a line of the log. */
#ifndef AL_EXPLAIN_TARGET_H
#define AL_EXPLAIN_TARGET_H

#include "sim/analysis/causes.h"

typedef enum al_target_kind {
    AL_TARGET_WORD, /* a name or a log line: not seen yet */
    AL_TARGET_HANDLE,
    AL_TARGET_TASK,
    AL_TARGET_FUTURE,
    AL_TARGET_LOG,
    AL_TARGET_TIME
} al_target_kind;

enum { AL_MOST_NAMED = 8 }; /* of several tasks, that can be told */

typedef struct al_target {
    al_target_kind kind;
    const char *word;  /* as it was given */
    uint64_t id;       /* of a handle, task or future */
    double time;       /* of a time; of a log line, once it is found */
    double since;      /* see al_trace_header */

    /* what the first reading finds; each a handle, AL_BY_PROGRAM or
       AL_BY_WORLD */
    bool is_found;
    uint64_t made_by;  /* who created or scheduled it, or logged */
    uint64_t ended_by; /* who ended the future, or cancelled the task last */
    uint64_t index, ended_index; /* of those events, from 1; 0: none */
    bool is_timer;     /* of a handle */
    double due, ran;   /* of a handle: its deadline, or when it was readied;
                          its first run; NaN: none */
    uint64_t loop;     /* where that was */
    double first, last; /* times in the trace; NaN: none */

    /* of a word: tasks whose coroutine is called so, or that were given the
       name later */
    uint64_t named[AL_MOST_NAMED];
    size_t named_count; /* it may be more */
} al_target;

/* False: it is an id or a time that is none. */
bool al_target_parse(al_target *target, const char *word);

/* After a reading that found no task of that name itself: the only one that
 * the word means otherwise becomes the target, for the trace to be read once
 * more.  False: there is no such one, or several. */
bool al_target_settle(al_target *target);

/* Events in the order of the trace, counted from 1. */
void al_target_look(al_target *target, const al_event *event, uint64_t index);

/* There are no more: a time after the last is not found. */
void al_target_finish(al_target *target);

#endif
