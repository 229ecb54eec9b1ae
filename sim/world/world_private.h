/* world_private.h - inside the world: what its files share.
 *
 * The rules are those of the recorder (cli/record), which gives a real
 * CPython the same world: change both or neither. */
#ifndef AL_WORLD_PRIVATE_H
#define AL_WORLD_PRIVATE_H

#include "sim/base/name_map.h"
#include "sim/world/happenings.h"
#include "sim/world/world.h"

enum { AL_FIRST_FD = 3 };

typedef struct al_mock_selector al_mock_selector;

typedef struct al_descriptor {
    char *name;
    unsigned ready; /* of AL_READ, AL_WRITE */
    uint64_t since; /* which readiness it was: orders what select reports */
} al_descriptor;

typedef struct al_waiting { /* a thread that is blocked */
    const void *point;      /* NULL: by time alone */
    const char *what;
    al_sim_thread *who;     /* NULL: the main thread */
    al_world_stack *stack;  /* its own, while it waits; NULL: the main one's,
                               which is in force when a deadlock is told */
    bool is_woken;
    struct al_waiting *previous, *next; /* in the order in which they began */
} al_waiting;

/* Who waits at some of the points. */
typedef struct al_waiting_list {
    al_waiting *first, *last;
} al_waiting_list;

enum { AL_WAITING_LISTS = 256 };

struct al_world {
    al_world_options options;
    double now;
    uint64_t turns;
    double turn_time;      /* of the latest turn */
    uint64_t turns_so_far; /* at that time */
    al_happenings happenings;
    al_descriptor *fds; /* number AL_FIRST_FD + index */
    size_t fd_count, fd_capacity;
    al_name_map fd_names; /* al_world_fd's: index is the number */
    uint64_t readiness;
    al_mock_selector *signals_to; /* signal.set_wakeup_fd */
    al_threads threads_seam;
    al_sim_thread *first_thread, *last_thread;
    size_t thread_count;
    al_sim_thread *running; /* NULL: the main thread runs */
    al_waiting main_waiting;
    al_waiting_list waiting_lists[AL_WAITING_LISTS];
    bool is_over;          /* whoever blocks is to end */
    al_exception *ending;  /* as al_world_ending() */
    bool caught[AL_SIGNAL_COUNT];
    al_interrupt interrupt; /* a Runner's handler of SIGINT */
    bool is_deadlocked;        /* it was once */
    al_text waiting;           /* at the first deadlock: what was watched, */
    al_text waits;             /* and who waited for whom */
    const al_world_actor *actor;
    void *actor_self;
};

/* -- world.c -------------------------------------------------------------- */

void al_world_emit(al_world *world, al_event *event);

/* Time never goes back, not even where a thread took some meanwhile. */
void al_world_move_to(al_world *world, double time);

/* What time() says at this moment of the world's time. */
double al_world_shown_at(const al_world *world, double time);

bool al_world_check_interrupted(al_world *world); /* false: raised */

int al_world_open_fd(al_world *world, const char *name);
al_descriptor *al_world_descriptor(const al_world *world, int fd);

/* An fd keeps its place in the order of readiness while it stays ready. */
void al_world_set_ready(al_world *world, int fd, unsigned ready);

/* The next happening lies no later than `time`. */
bool al_world_happens_by(const al_world *world, double time);

/* Have all of them happen until `time`; the next one, if it lies no later than
 * the limit.  False: raised. */
bool al_world_apply_until(al_world *world, double time);
bool al_world_apply_next_in_limit(al_world *world);

/* Move on to `time`, where nothing happens any more before it.  False: raised,
 * for it lies beyond the limit. */
bool al_world_pass_until(al_world *world, double time);

/* -- threads.c ------------------------------------------------------------ */

/* A thread of the scenario's begins, its item `index`.  False: raised. */
bool al_world_begin_thread(al_world *world, const char *name, size_t index);

/* In the main thread: let one run until it blocks or ends.  False: raised, by
 * what ends the run. */
bool al_world_resume(al_world *world, al_sim_thread *thread);

/* In another thread: let the others go on until somebody wakes this point, or
 * the deadline has come.  False: raised. */
bool al_world_block(al_world *world, const void *point, const char *what,
                    double deadline, bool *woken);

/* Wake who waits there longest, or all. */
void al_world_wake(al_world *world, const void *point, bool all);

/* "thread NAME waits for WHAT", a line for each. */
void al_world_add_threads_waits(al_world *world, al_text *out);

/* -- selector.c ----------------------------------------------------------- */

void al_mock_selector_write(al_mock_selector *selector, unsigned char byte);

/* Nothing can ever happen again.  selector: where the main thread is; NULL:
 * it waits otherwise.  False: raised Deadlock. */
bool al_world_deadlock(al_world *world, const al_mock_selector *selector);

#endif
