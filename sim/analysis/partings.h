/* partings.h - where two traces part: each difference, and what it led to.
 *
 * A parting that nothing before it explains is a root; all others follow from
 * one.  The first roots are kept, and of each the first that followed; the
 * rest is counted.  All texts here come from the traces: escape them. */
#ifndef AL_ANALYSIS_PARTINGS_H
#define AL_ANALYSIS_PARTINGS_H

#include <stddef.h>
#include "loop/core/event.h"

typedef enum al_side {
    AL_LEFT,
    AL_RIGHT
} al_side;

typedef struct al_doing { /* an event, as far as it is told */
    al_event_kind kind;
    char letter;          /* of the id: 'h', 't', 'f'; 0: it has none */
    uint64_t id;          /* of the handle, task or future concerned */
    uint64_t task;        /* that the handle steps; 0: none */
    const char *name;     /* callback, coroutine, fd, thread; NULL: none */
    const char *coroutine; /* of the task concerned; NULL: none, or unknown */
    char *label;          /* name of the task concerned; NULL: none */
    char *args, *text;    /* NULL: none */
    const char *outcome;  /* the same */
    const char *type;     /* of an exception */
    double time;
    double when;          /* of a timer; else NaN */
} al_doing;

typedef struct al_actor { /* who did something: a callback that ran, the
                             program outside the loop, or the world */
    uint64_t event;       /* of the trace, from 1; 0: not on this side */
    uint64_t loop, iteration;
    double time;
    uint64_t handle, task; /* 0: none */
    char *name;            /* callback or coroutine; NULL: see is_world */
    char *label;           /* the task's name; NULL: none */
    char *args;            /* the callback's; NULL: none, or a task's */
    bool is_world;
} al_actor;

typedef enum al_parting_kind {
    AL_PARTING_DID,    /* it did other things: the doings of both sides */
    AL_PARTING_MOVED,  /* it did the same things in another order: on the
                          right the first of right's came before left's */
    AL_PARTING_ORDER,  /* on the right `first` ran before `second` */
    AL_PARTING_ALONE,  /* it ran on one side alone */
    AL_PARTING_ENDS,   /* a trace ends, before or in what the other has */
    AL_PARTING_LATER,  /* it ran at another time */
    AL_PARTING_TOOK,   /* it took another time */
    AL_PARTING_TURN,   /* the loop itself: see `what` */
    AL_PARTING_INTERLEAVED /* events of several loops, in another order */
} al_parting_kind;

typedef enum al_reason { /* of another order, or that it ran alone */
    AL_REASON_NONE,
    AL_REASON_TIE,       /* both timers were due at one time */
    AL_REASON_DEADLINE,  /* it was due at another time */
    AL_REASON_OUTCOME,   /* what it waited for came to another end */
    AL_REASON_WAKER,     /* it was scheduled by another */
    AL_REASON_CANCELLED, /* the other side's was cancelled */
    AL_REASON_PENDING,   /* the other side's never came to run */
    AL_REASON_AGAIN      /* it ran more often */
} al_reason;

typedef struct al_because {
    al_reason reason;
    bool of_second;       /* of the actor it ran before */
    const char *in;       /* OUTCOME: the class of what it waited in; NULL */
    const char *sides[2]; /* outcomes, or who scheduled it; NULL: unknown */
    double when[2];       /* DEADLINE, TIE */
} al_because;

typedef struct al_parting {
    al_parting_kind kind;
    uint32_t number;           /* from 1, in the order they were found */
    al_actor actors[2];        /* who, by side; of ORDER: who ran first on the
                                  right */
    al_actor others[2];        /* ORDER: before whom */
    al_doing *doings[2];       /* DID, MOVED */
    size_t counts[2];
    size_t left_out[2];        /* doings that were not kept */
    double values[2];          /* LATER: when; TOOK: how long; TURN */
    const char *what;          /* TURN: what differs, in words */
    al_because because;
    al_side ended;             /* ENDS: which */
} al_parting;

enum {
    AL_PARTINGS_ROOTS = 100,   /* kept */
    AL_PARTINGS_LED_TO = 12,   /* kept, of each */
    AL_PARTINGS_DOINGS = 20    /* kept, of each side */
};

typedef struct al_root {
    al_parting parting;
    al_parting led_to[AL_PARTINGS_LED_TO];
    size_t led_to_count;       /* kept */
    uint64_t followed;         /* all that followed */
    uint64_t alone[2];         /* callbacks that ran on one side alone */
    uint64_t shifted;          /* callbacks that ran at another time */
    double most_shifted;       /* the furthest, in seconds; negative: earlier */
    bool is_independent;       /* only an order, of callbacks that did the
                                  same on both sides */
} al_root;

typedef struct al_partings { /* zero-initialise */
    al_root **roots;         /* by number */
    size_t count, capacity;
    uint64_t more;           /* roots that were not kept */
} al_partings;

void al_partings_release(al_partings *partings);

/* What is taken over: all that the parting holds.  `root`: the number of the
 * one it follows from; 0: none.  Returns the number of the root it belongs
 * to; of one that was not kept, one beyond all that are. */
uint32_t al_partings_take(al_partings *partings, uint32_t root,
                          al_parting *parting);

al_root *al_partings_root(const al_partings *partings, uint32_t number);

/* Copies, owned by who asks. */
al_doing al_doing_dup(const al_doing *doing);
void al_doing_release(al_doing *doing);
void al_parting_release(al_parting *parting);

#endif
