/* condition.h - when to stop: a condition on an event and the state after it.
 *
 *     compact                        an event of that kind
 *     h12   t3   p1                  an event that concerns it
 *     task 'w1'   task 'w1' cancelled, which is its end
 *     callback == 'tick'   where it runs; scheduled ~ 'step': where it is to
 *     task 'w1'.state == 'waits'   task 'w1'.awaits   task 'w1'.cancelling
 *     t3 cancelled   t3.state   task t3.awaits, by its id
 *     heap > 100 and cancelled / heap > 0.5
 *     t >= 3.5   iteration == 12   late > 0.1   duration > 0.05
 *
 * Numbers: t, iteration, event, heap, cancelled, ready, tasks, late, duration,
 * timeout, line, failed.  Texts: kind, callback, scheduled, coro, text, type,
 * level, where.
 * A text is written as it is shown: \n is a line break.
 * With them Python's and, or, not, comparisons and + - * /; `a ~ b`: b is in
 * a.  At most 1000 values are joined in one condition. */
#ifndef AL_STEP_CONDITION_H
#define AL_STEP_CONDITION_H

#include <stdbool.h>
#include "loop/base/error.h"
#include "loop/base/text.h"
#include "sim/trace/history.h"

typedef struct al_condition al_condition;

/* NULL: it is none; err says what is wrong, and the column; and what was
 * meant, perhaps, by texts of the history (NULL: of none). */
al_condition *al_condition_parse(const char *text, al_history *history,
                                 al_error *err);
void al_condition_free(al_condition *condition);

/* loop: the one that is watched. */
bool al_condition_holds(const al_condition *condition, const al_event *event,
                        const al_state *state, uint64_t loop);

/* What it comes to. */
typedef struct al_condition_value {
    bool is_text;
    char text[48]; /* as much of it as fits */
    double number; /* NaN: there is none */
} al_condition_value;

al_condition_value al_condition_value_of(const al_condition *condition,
                                         const al_event *event,
                                         const al_state *state,
                                         uint64_t loop);
bool al_condition_value_is(const al_condition_value *a,
                           const al_condition_value *b);
void al_condition_value_add(const al_condition_value *value, al_text *out);

/* What the lateness, duration or timeout that it asks for is at an event, where
 * that has it: "; late is 0.05 s". */
void al_condition_add_seconds(const al_condition *condition,
                              const al_event *event, const al_state *state,
                              uint64_t loop, al_text *out);

/* Does it depend on where one is?  False: err says what was meant, perhaps. */
bool al_condition_check_varies(const al_condition *condition, al_error *err);

/* Of each of so many, what it asks for and no known event has, so that it may
 * never hold: "no task 'w9' so far".  Nothing: they have it all, or are too
 * many to be looked through.  out: empty texts, as many. */
void al_conditions_add_doubts(const al_condition *const *conditions,
                              size_t count, al_history *history,
                              al_text *out);

/* Is it about what happens, and not about what is so?  What is so goes on to
 * be so: a breakpoint stops where it begins. */
bool al_condition_is_of_event(const al_condition *condition);

/* Where a word stands. */
typedef enum al_condition_place {
    AL_PLACE_ANY,        /* names, kinds of events, and, or, not */
    AL_PLACE_OF_NAME,    /* after `task`, if no name follows: and, or */
    AL_PLACE_AFTER_TASK, /* after task 'w1': done, waits, and, or */
    AL_PLACE_OF_TASK     /* after task 'w1'. */
} al_condition_place;

/* The words that may stand there. */
void al_condition_tell_words(al_condition_place place,
                             void (*tell)(void *self, const char *word),
                             void *self);

/* What conditions are made of, lines that are indented, none longer than
 * `width` columns. */
void al_conditions_describe(unsigned width, al_text *out);

#endif
