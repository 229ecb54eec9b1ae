/* condition_private.h - what the files of conditions share:
 *
 *     condition.c        reading them
 *     condition_names.c  the names in them, and what these stand for
 *     condition_hint.c   what was meant by a text that is none
 *     condition_try.c    trying them on an event and a state
 *     condition_doubt.c  what they name and the trace has not */
#ifndef AL_STEP_CONDITION_PRIVATE_H
#define AL_STEP_CONDITION_PRIVATE_H

#include <math.h>
#include "cli/step/condition.h"
#include "cli/tui/thing.h"

typedef struct operand { /* a value, while a condition is tried */
    const char *text;    /* NULL: it is the number */
    double number;       /* NaN: there is none, and nothing is true of it */
} operand;

static inline operand number(double value)
{
    return (operand){NULL, value};
}

static inline operand text(const char *value)
{
    return (operand){value, NAN};
}

enum { BUFFERS = 8, LONGEST_TEXT = 48 };

typedef struct look { /* what it is tried on */
    const al_event *event;
    uint64_t at;               /* its number, where there is no state */
    const al_state *state;     /* NULL: only what the event tells is asked */
    const al_loop_state *loop; /* NULL: there is none yet */
    char (*buffers)[LONGEST_TEXT]; /* for texts that are made; taken in turn */
    int *taken;
} look;

typedef operand read_name(const look *l);
typedef operand read_of_task(const look *l, const al_traced_task *task);

typedef struct condition_name { /* that stands for a value */
    const char *name;
    read_name *read;
    bool is_of_event; /* it has one at some events only */
    bool is_told;     /* by the event alone: the state is not asked */
    bool is_text;     /* else a number */
    bool is_seconds;  /* that the screen does not show */
} condition_name;

typedef struct condition_task_name { /* after task 'w1'. */
    const char *name;
    read_of_task *read;
    bool is_text;
} condition_task_name;

typedef enum node_kind {
    NUMBER, TEXT, NAME, KIND, THING, TASK, OF_TASK,
    OR, AND, NOT, NEGATIVE,
    EQUAL, DIFFERENT, LESS, AT_MOST, MORE, AT_LEAST, CONTAINS,
    PLUS, MINUS, TIMES, OVER
} node_kind;

struct al_condition {
    node_kind kind;
    double number;
    bool is_seconds;         /* of NUMBER: "2s", "2.5" */
    char *text;              /* of TEXT; of TASK and OF_TASK its name, or */
    const char *source;      /* of TEXT: where it stood, while it is parsed */
    const condition_name *name; /* of NAME */
    read_of_task *read_task; /* of OF_TASK */
    al_event_kind event;     /* of KIND */
    al_thing thing;          /* of THING; or its id */
    const char *fate;        /* of TASK: "cancelled"; NULL: any event of it */
    bool is_of_event;        /* it, or what is below it */
    bool is_text;            /* its value; else a number */
    al_condition *left, *right;
};

/* -- condition_names.c ---------------------------------------------------- */

extern const condition_name al_condition_names[];
extern const int al_condition_name_count;

/* Does a task end by this event, so? */
bool al_condition_is_outcome(const al_event *event, const char *outcome);

/* What becomes of a task: task 'w1' cancelled; ends in NULL. */
extern const char *const al_condition_fates[];

/* What is so of a task; ends in a NULL name. */
extern const condition_task_name al_condition_task_names[];

/* The texts that the value of a node can be, where these are known: kinds of
 * events, states of a task.  How many; 0: it can be any. */
size_t al_condition_known_texts(const al_condition *node,
                                const char *known[AL_EVENT_COUNT]);

/* -- condition_hint.c ----------------------------------------------------- */

/* How a condition asks for a text that the trace has, as far as it is known:
 * "type == 'ValueError'", "task 'w1'".  False: there is none, or no history
 * (NULL). */
bool al_condition_add_asking(al_text *out, const char *text, char quote,
                             al_history *history);

/* -- condition_try.c ------------------------------------------------------ */

/* Does it hold of an event, by its number?  Of a kind, or of names that it
 * tells by itself. */
bool al_condition_holds_of_event(const al_condition *condition, uint64_t at,
                                 const al_event *event);

/* Is it what becomes of its task?  fate: of al_condition_fates; NULL: any
 * is. */
bool al_condition_is_fate(const al_event *event, const char *fate);

/* Is it the task that is meant, by its id, its name (NULL: it has none) or a
 * name that is "t3"? */
bool al_condition_means(const al_condition *of_task, uint64_t task,
                        const char *name);

#endif
