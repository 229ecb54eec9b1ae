/* align_private.h - an alignment's own parts.
 *
 *     align.c         events come in, and become units
 *     align_unit.c    units and their doings: what makes two alike
 *     align_strand.c  which unit of one side is which of the other
 *     align_match.c   which doing of two such units is which
 *     align_order.c   units in the order they ran
 *     align_tell.c    what is told of them, and what it follows from
 *     align_pairs.c   which of their events are which
 *
 * A *unit* is one run of a callback, or what was done outside of any: its
 * *doings* are the events it caused.  A *strand* is what a unit is one of:
 * all steps of a task, all runs of a handle, all that happens outside a loop,
 * or in the world.  Strands are twins when the doings that began them are;
 * their units then find their twins in order.  Handles and futures are
 * strands, too, for they are known again by the same rule. */
#ifndef AL_ANALYSIS_ALIGN_PRIVATE_H
#define AL_ANALYSIS_ALIGN_PRIVATE_H

#include "sim/analysis/align.h"
#include "sim/trace/idmap.h"
#include "sim/trace/intern.h"

typedef struct strand strand;
typedef struct unit unit;
typedef struct lane lane;

typedef enum strand_kind {
    STRAND_HANDLE,
    STRAND_TASK,
    STRAND_FUTURE,
    STRAND_OUTSIDE /* a loop, or the world */
} strand_kind;

struct strand {
    strand_kind kind;
    al_side side;
    strand *twin;           /* of the other side; NULL: none yet */
    uint64_t key;           /* the same of twins; 0: none yet */
    unit *first, *last;     /* complete, and without their twins so far */
    size_t waiting;
    unit *running;          /* that is under way; or NULL */
    uint64_t id;
    uint64_t steps;         /* the task that a handle steps; 0: none */
    const char *name;       /* callback or coroutine; interned; NULL */
    char *label;            /* a task's name; NULL: none */
    char *args;             /* a handle's; NULL: none */
    double when;            /* a timer's; else NaN */
    const char *maker;      /* callback that scheduled the handle; interned */
    const char *outcome;    /* of what woke its task; NULL: unknown */
    const char *in;         /* class of what a future waits in; NULL: none */
    uint32_t root;          /* of the parting it follows from; 0: none */
    uint32_t touched;       /* the first by which something happened to it */
    uint32_t refs;
    bool is_watching;       /* a handle that may run more than once */
    bool is_over;           /* no more units will come */
    bool is_alone;          /* it has no twin */
    bool is_widowed;        /* its twin was forgotten */
    bool is_cancelled;
    bool is_queued;         /* to be aligned */
};

typedef struct doing {
    al_doing told;
    uint64_t event;   /* its number in the trace */
    uint64_t base;    /* what makes it alike, ids and numbers of tasks apart */
    uint64_t exact;   /* its texts as they are */
    uint64_t weak;    /* what makes it comparable at all */
    strand *made;     /* that it begins; or NULL */
    strand *about;    /* that it concerns; or NULL */
    uint32_t match;   /* its counterpart's index + 1; 0: none */
    bool is_changed, is_moved;
} doing;

typedef struct turn { /* what a loop did since its last unit */
    uint64_t hash;
    uint64_t n, ready, scheduled, cancelled;
    uint64_t compacted; /* the event of its heap's compaction; 0: none */
    uint64_t removed;   /* by that */
    double timeout, woken;
    const char *fds;    /* interned; NULL: none */
} turn;

struct unit {
    al_side side;
    lane *lane;
    strand *of;       /* that it is one of */
    strand *handle;   /* that ran; NULL: outside */
    unit *next;       /* that waits in the strand */
    unit *twin;
    uint64_t place;   /* in its lane */
    uint64_t event;   /* of the trace, by which it began */
    uint64_t end;     /* by which its callback returned; 0: none */
    double time, duration;
    turn turn;
    doing *doings;
    size_t count, capacity;
    uint64_t base;    /* of all doings */
    bool is_complete, is_decided; /* decided: its twin, or that it has none */
    bool was_given_up, ends_strand;
    bool is_cut;      /* the trace ended in it */
    bool is_rest;     /* of a long one: it began before */
    bool is_told;     /* with its twin, before its turn came */
    uint32_t moved_root; /* of the parting that tells its move; 0: none */
    uint32_t ran_root, did_root; /* of the partings that tell how it ran, and
                                    what it did, otherwise; 0: none */
};

typedef struct queue { /* units in the order they began */
    unit **ring;
    size_t head, count, capacity;
    uint64_t base;    /* place of the one at the head */
} queue;

struct lane { /* a loop, or the world */
    uint64_t number;
    queue queues[2];
    unit *running[2];      /* callbacks */
    unit *outside[2];      /* what is done while none runs */
    strand *strands[2];    /* of what is done outside */
    turn turns[2];
    size_t seen[2], ends[2]; /* of the block at the head, as far as known */
    bool is_dirty;         /* something was decided */
    double shift;          /* by which the right is later */
    uint32_t shift_root;   /* of the parting that made it so */
    uint32_t heap_root;    /* of the first by which the heap differs */
};

typedef struct side {
    al_idmap handles, tasks, futures; /* strands, until they are over */
    uint64_t latest_done;             /* a future or task */
    bool latest_is_task;
    const char *latest_outcome, *latest_in;
    uint64_t position;                /* events that came */
    uint64_t hash;                    /* of all that count, in their order */
    size_t waiting;                   /* units without their twins */
    bool has_ended;
} side;

struct al_align {
    al_align_options options;
    al_align_result result;
    al_intern names;
    side sides[2];
    lane **lanes;
    size_t lane_count, lane_capacity;
    al_idmap by_number;    /* lanes */
    strand **work;         /* left ones, to be aligned */
    size_t work_count, work_capacity;
    strand **orphans;      /* that turn out to have no twin */
    size_t orphan_count, orphan_capacity;
    lane **dirty;
    size_t dirty_count, dirty_capacity;
    uint32_t end_roots[2]; /* what follows from that the other side had ended;
                              0: nothing yet */
    uint64_t keys;
    size_t kept;           /* doings and units in memory */
    bool is_shifted;       /* ids or default names differ of twins */
    bool is_finishing;
};

/* -- align_unit.c --------------------------------------------------------- */

strand *al_strand_new(al_side s, strand_kind kind, uint64_t id);
void al_strand_unref(strand *of);
strand *al_strand_ref(strand *of);
bool al_is_default_name(const char *label); /* "Task-3" */

unit *al_unit_new(al_align *align, al_side s, lane *on, strand *of);
void al_unit_free(al_align *align, unit *one);
doing *al_unit_add(al_align *align, unit *one, const al_event *event);
void al_unit_trim(unit *one); /* to the doings it has */

/* How they are counted and compared without the ids in them. */
uint64_t al_align_hash(al_align *align, const al_event *event, bool is_exact);
bool al_align_are_near(double a, double b);

/* -- align_strand.c ------------------------------------------------------- */

void al_strand_end(al_align *align, strand *one); /* no more units will come */
void al_strand_pair(al_align *align, strand *left, strand *right);
void al_strand_leave_alone(al_align *align, strand *one);
void al_unit_complete(al_align *align, unit *one);
void al_align_settle(al_align *align); /* align what can be */

/* Its twin is looked for no more. */
void al_unit_give_up(al_align *align, unit *one);

/* -- align_match.c -------------------------------------------------------- */
/* Find each doing's counterpart, and pair what they begin. */
void al_unit_match(al_align *align, unit *left, unit *right);

/* Of distinct numbers, the ones that stand apart from a longest increasing
 * subsequence are marked as moved. */
void al_align_mark_moved(const uint64_t *numbers, size_t count, bool *is_moved);

/* -- align_order.c -------------------------------------------------------- */

void al_lane_mark_dirty(al_align *align, lane *on);
void al_queue_push(queue *to, unit *one);
unit *al_queue_at(const queue *of, size_t index);
void al_lane_drain(al_align *align, lane *on);   /* tell what is decided */
void al_align_drain(al_align *align);         /* of all lanes that are dirty */

/* What is undecided and holds it up; NULL: nothing. */
unit *al_lane_find_blocking(lane *on);

/* -- align_pairs.c -------------------------------------------------------- */

/* Tell who asked for it, once it was told itself: of one that has a twin, the
 * left, of both. */
void al_unit_tell_pairs(al_align *align, const unit *one);

/* -- align_tell.c --------------------------------------------------------- */

uint32_t al_unit_root(const unit *one); /* what it follows from; 0: nothing */

/* Of twins, and of one that has none; what is told is noted in it. */
void al_unit_tell(al_align *align, unit *left, uint32_t block_root);
void al_unit_tell_alone(al_align *align, unit *one);

/* Returns the root of what it tells; 0: nothing differs. */
uint32_t al_unit_tell_order(al_align *align, const unit *first,
                            const unit *second, uint32_t root);
void al_align_conclude(al_align *align); /* all is told */
void al_align_release_result(al_align_result *result);

#endif
