/* state_private.h - what the files of the fold share; state.c says which does
 * what. */
#ifndef AL_TRACE_STATE_PRIVATE_H
#define AL_TRACE_STATE_PRIVATE_H

#include "sim/trace/intern.h"
#include "sim/trace/state.h"

typedef struct al_state_slab al_state_slab;

typedef struct al_state_ended { /* handles ended by the latest event */
    al_traced **items;
    size_t count, capacity;
} al_state_ended;

typedef struct al_state_aside { /* futures to be freed, if nobody uses them */
    al_traced_future **items;
    size_t count, capacity;
} al_state_aside;

typedef enum al_sigint_phase { /* the trace names no handler: see state.c */
    AL_SIGINT_NONE,
    AL_SIGINT_CAME, /* by the latest event */
    AL_SIGINT_HANDLED /* since, the handler has done all there was */
} al_sigint_phase;

struct al_state {
    al_state_options options;
    al_intern names; /* of callbacks, fds, classes, places */
    al_idmap handles;
    al_idmap loops;
    al_loop_state **loop_list; /* in order of appearance */
    size_t loop_count, loop_capacity;
    al_state_slab *slabs;
    al_traced *free_list; /* linked by args */
    al_state_ended ended;

    al_idmap tasks, futures, primitives, jobs;
    al_traced_future *all_futures;        /* tasks too; newest first */
    al_traced_task *first_task, *last_task; /* those that can be found */
    al_traced_primitive *first_primitive, *last_primitive;
    al_state_aside aside;
    al_counts counts;
    uint64_t moment; /* see al_state_moment */
    double time;     /* of the latest event */
    al_sigint_phase sigint;
    bool has_ended;
};

/* -- state_loop.c ------------------------------------------------------- */

void al_state_forget_ended(al_state *state);
void al_state_apply_to_loop(al_state *state, const al_event *event);
void al_state_cancel_handle(al_state *state, const al_event *event);
void al_state_free_loops(al_state *state);

/* -- state_jobs.c ------------------------------------------------------- */

void al_state_apply_to_jobs(al_state *state, const al_event *event);
void al_state_free_jobs(al_state *state);

/* What is known of it, which is the caller's; al_free it. */
al_traced_job *al_state_copy_job(const al_state *state, uint64_t number);
al_traced_job *al_traced_job_copy(const al_traced_job *job); /* of NULL: NULL */

/* -- state_tasks.c ------------------------------------------------------ */

void al_state_apply_to_tasks(al_state *state, const al_event *event);
void al_state_free_tasks(al_state *state);

/* Who did what the event tells; and forget it. */
void al_state_set_deed(al_state *state, al_deed *deed, const al_event *event);
void al_state_release_deed(al_deed *deed);

/* The future that is called so ("t3", "f2"), if it is known; or NULL. */
al_traced_future *al_state_future_called(const al_state *state,
                                         const char *id);

/* A future that is known, or a stand-in. */
al_traced_future *al_state_find_future(al_state *state, uint64_t id,
                                       const al_event *event);

/* The one whose id the event has: as above. */
al_traced_future *al_state_subject(al_state *state, const al_event *event);

/* By id; NULL: it is not known. */
al_traced_future *al_state_known(const al_state *state, bool is_task,
                                 uint64_t id);

/* The next of a list of ids like ["t2","f3"], which moves on; false: no more.
 */
bool al_state_next_id(const char **list, bool *is_task, uint64_t *id);

/* Hold it: it is kept, known or not; and no longer: it may be freed then. */
void al_state_use_future(al_traced_future *future);
void al_state_unuse_future(al_state *state, al_traced_future *future);

/* -- state_links.c ------------------------------------------------------- */

void al_state_apply_to_links(al_state *state, const al_event *event);
void al_state_drop_callbacks(al_traced_future *future);

/* It is over: its children are let go of. */
void al_state_drop_children(al_state *state, al_traced_future *future);
void al_state_free_links(al_traced_future *future);

/* -- state_ran.c -------------------------------------------------------- */

void al_state_apply_to_ran(al_state *state, const al_event *event);

/* -- state_primitives.c ------------------------------------------------- */

void al_state_apply_to_primitives(al_state *state, const al_event *event);
void al_state_free_primitives(al_state *state);

/* The future waits in it no longer, if it did. */
void al_state_leave_primitive(al_state *state, al_traced_future *future);

#endif
