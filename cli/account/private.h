/* account_private.h - what the files of the account share; account.c says
 * which does what. */
#ifndef AL_ACCOUNT_PRIVATE_H
#define AL_ACCOUNT_PRIVATE_H

#include "cli/account/account.h"
#include "cli/account/wakeups.h"
#include "cli/repeats.h"
#include "cli/page.h"
#include "sim/trace/state.h"

enum {
    AL_BLOCK_INDENT = 2,
    AL_EFFECT_INDENT = 4,
    AL_DEEPER = 2,    /* what the world does, beneath what it is in */
    AL_MOST_TIES = 64, /* ids told of timers that were tied */
    AL_MOST_BUSY = 8,  /* threads at work inside each other's work, told */
    AL_MOST_CAUSES = 3 /* effects of effects, told as such */
};

typedef enum al_chapter {
    AL_NO_CHAPTER,
    AL_CHAPTER_PROGRAM,
    AL_CHAPTER_ITERATION
} al_chapter;

typedef struct al_ties { /* timers that came due in a row, of one deadline */
    double when;
    uint64_t ids[AL_MOST_TIES];
    uint64_t count;
    bool is_fifo;
} al_ties;

typedef struct al_cause { /* an event that others may be the effect of */
    al_event_kind kind;
    uint64_t id; /* of its task, future or primitive */
} al_cause;

struct al_account {
    al_sink sink;
    al_account_options options;
    al_page page;
    al_state *state;
    al_text out;      /* what the sink has not seen */

    al_chapter chapter;
    bool is_hidden;   /* not among the iterations to be shown */
    bool is_deadlocked; /* what follows is the program's clean-up */
    bool has_lines;   /* in the chapter */
    uint64_t chapter_number;
    uint64_t chapter_loop; /* an iteration's; of the program l1 */
    double chapter_time;
    uint64_t chapter_sign;
    uint64_t last_iteration; /* the highest number */
    uint64_t programs; /* chapters of the program so far */
    al_text text;      /* of the chapter */

    uint64_t run_handle; /* in a callback: its handle; 0: not in one */
    uint64_t run_sign;
    al_text run_effects;
    unsigned busy;       /* how deep in work that takes time */
    double work[AL_MOST_BUSY]; /* seconds of each */
    al_cause causes[AL_MOST_CAUSES]; /* the latest event, and its causes */
    unsigned depth;      /* how many they are */
    unsigned nesting;    /* of the event being told */
    uint64_t requested;  /* task whose cancellation the latest event asked for;
                            0: it did not */
    uint64_t taken_back; /* ... took a request back; 0: it did not */
    uint64_t thrown_into; /* a task, CancelledError, by its latest step; 0 */
    uint64_t job;        /* whose doings are being told; 0: none's */
    bool in_select, select_is_told;
    double select_time, timeout;
    al_text pending;     /* what run or select will be told with */
    al_text stepped;     /* the task that is run */
    al_ties ties;
    uint64_t near_scheduled, near_cancelled; /* of the latest near miss */

    al_text message;     /* of the latest exception */
    uint64_t signal;     /* whose fate is to be told; 0: none */
    unsigned signal_indent;

    al_repeats lines, runs, chapters;
    al_text line, what, note; /* for the line being made */

    al_text waiting; /* what the loops held when they were closed, or in the
                        end */
    uint64_t unclosed; /* loops that never were */
    uint64_t dropped_ready, dropped_timers; /* by the latest close() */
    bool has_ended;
    double time;
    char *end_type, *end_text;
    al_error error;
    bool has_failed;
};

/* -- lines.c ------------------------------------------------------------ */

/* Hand the sink what was gathered; once it fails, nothing more. */
void al_account_write(al_account *a);

/* What repeats itself adds nothing for long: let what was gathered be read,
 * and see whether anybody still reads. */
void al_account_look_up(al_account *a);

/* Two lines are alike if they are of one kind and concern the same name;
 * whatever else they say may differ. */
uint64_t al_account_sign_of(const al_event *event, const char *name);

/* Where a line that concerns the event begins. */
unsigned al_account_indent(const al_account *a, const al_event *event);

/* A line beneath the one of an event, of what stands in a->what. */
void al_account_tell_aside(al_account *a, const al_event *event);

/* A line that concerns the event, without its texts; a->what and a->note are
 * cleared for them.  put_effect adds them and puts it. */
al_line al_account_effect(al_account *a, const al_event *event);
void al_account_put_effect(al_account *a, const al_event *event,
                           al_line *line, const char *name);

/* Say in the note which loop it is, where it is not the iteration's, or the
 * only one. */
void al_account_add_loop(al_account *a, uint64_t loop);

/* What stands in it, for a line: NULL where nothing does. */
static inline const char *al_account_text(const al_text *text)
{
    return text->length ? text->bytes : NULL;
}

/* Any other line; and one that is made already, in a->line. */
void al_account_put(al_account *a, uint64_t sign, const al_line *line);
void al_account_put_made(al_account *a, uint64_t sign, uint64_t id);

/* What folders say of what they held back. */
al_repeats_teller al_account_tell_hidden_lines, al_account_tell_hidden_chapters;

/* -- turn.c ------------------------------------------------------------- */

/* The number and time are an iteration's. */
void al_account_begin_chapter(al_account *a, al_chapter kind, uint64_t number,
                              double time);
void al_account_end_chapter(al_account *a);
void al_account_tell_iteration(al_account *a, const al_event *event);
void al_account_start_select(al_account *a, const al_event *event);
void al_account_tell_select(al_account *a);
void al_account_tell_wake(al_account *a, const al_event *event);
void al_account_start_run(al_account *a, const al_event *event);
void al_account_tell_ran(al_account *a, const al_event *event);

/* -- timers.c ----------------------------------------------------------- */

void al_account_tell_due(al_account *a, const al_event *event);

/* Of the timers that came due: were they tied?  It is told once. */
void al_account_tell_ties(al_account *a);
void al_account_tell_prune(al_account *a, const al_event *event);

/* `cancelled` is asyncio's count before the compaction. */
void al_account_tell_compact(al_account *a, const al_event *event,
                             uint64_t cancelled);
void al_account_tell_near_miss(al_account *a, const al_event *event);

/* -- effects.c ---------------------------------------------------------- */

void al_account_tell_scheduled(al_account *a, const al_event *event);
void al_account_tell_watch(al_account *a, const al_event *event);
void al_account_tell_unwatch(al_account *a, const al_event *event);
void al_account_tell_cancel(al_account *a, const al_event *event);

/* A handle alone: ready, skip. */
void al_account_tell_handle(al_account *a, const al_event *event);
void al_account_tell_log(al_account *a, const al_event *event);
void al_account_tell_exception(al_account *a, const al_event *event);
void al_account_tell_raised(al_account *a, const al_event *event);
void al_account_tell_handler(al_account *a, const al_event *event);
void al_account_tell_world(al_account *a, const al_event *event);

/* Of a signal that was told before; the event is the next; NULL: there is
 * none. */
void al_account_tell_fate(al_account *a, const al_event *next);
void al_account_tell_job(al_account *a, const al_event *event);
void al_account_tell_busy(al_account *a, const al_event *event);
void al_account_tell_worked(al_account *a, const al_event *event);
void al_account_tell_drain(al_account *a, const al_event *event);

void al_account_tell_stop(al_account *a, const al_event *event);
void al_account_tell_close(al_account *a, const al_event *event);

/* A step in a loop's life, with a word of what it means. */
void al_account_tell_step(al_account *a, const al_event *event,
                          const char *verb, const char *note);

/* -- tasks.c ------------------------------------------------------------ */

void al_account_tell_task(al_account *a, const al_event *event);
void al_account_tell_cancelling(al_account *a, const al_event *event);
void al_account_tell_name(al_account *a, const al_event *event);
void al_account_tell_future(al_account *a, const al_event *event);
void al_account_tell_done_callback(al_account *a, const al_event *event);
void al_account_tell_gather(al_account *a, const al_event *event);
void al_account_tell_result(al_account *a, const al_event *event);
void al_account_tell_dropped(al_account *a, const al_event *event);
void al_account_tell_deadlock(al_account *a, const al_event *event);

/* -- wakeups.c ---------------------------------------------------------- */

/* Why the task runs that is about to. */
void al_account_tell_wakeup(al_account *a, const al_event *event);

/* How deep the event stands beneath those that caused it: a->nesting. */
void al_account_place(al_account *a, const al_event *event);

/* Does the event only count what was told just before: a cancellation? */
bool al_account_is_count(const al_account *a, const al_event *event);

/* -- primitives.c ------------------------------------------------------- */

void al_account_tell_primitive(al_account *a, const al_event *event);

/* -- inventory.c -------------------------------------------------------- */

/* Of a snapshot: what each task does, and who waits in what. */
void al_account_tell_inventory(al_account *a, uint64_t loop);

/* -- queues.c ----------------------------------------------------------- */

void al_account_tell_snapshot(al_account *a, const al_event *event);

#endif
