/* account.c - the readable account of a run.
 *
 * The account is made of chapters: an iteration of a loop, or what the
 * program did outside of one.  A chapter is made of blocks: a callback's run
 * with its effects indented beneath, or a single line.  At each of the three
 * levels a folder (repeats.h) shortens what repeats itself: 97 timers
 * scheduled in a row, 500 callbacks that do the same, a million iterations
 * that each fire one timer.
 *
 * Everything is told from (event, state).
 *
 *   iteration 3     0.5 s                            ready 0  scheduled 2
 *     select        up to 0.5 s: slept until 1.0 s
 *     due           h3    tick('a')                  at 1.0 s
 *     run           h3    tick('a')                  took 0.25 s
 *       log         hello
 *       call_at     h5    tick('b')                  at 1.75 s (in 0.5 s)
 *
 *     account.c     its life; which event is told by what
 *     lines.c       how a line gets into it, and is folded
 *     turn.c        chapters, select, the runs of callbacks
 *     timers.c      what comes due, ties, pruning and compaction
 *     effects.c     what callbacks, the program and the world do
 *     tasks.c       what tasks and futures come to
 *     wakeups.c     why a task runs, and what is whose effect
 *     primitives.c  who waits in locks and queues
 *     queues.c      snapshots: the heap and the ready queue
 *     inventory.c   and the tasks, locks and queues
 */
#include "cli/account/private.h"

#include "cli/phrases.h"
#include "cli/summary.h"
#include "loop/base/alloc.h"

enum { LOOK_UP_EVERY = 4096 }; /* events */

/* -- the end ------------------------------------------------------------ */

/* What the loops still held is told in the end; but close() drops it. */
static void note_close(al_account *a, const al_event *event)
{
    const al_loop_state *loop = al_state_loop(a->state, event->loop);

    a->dropped_ready = loop ? loop->ring_count : 0;
    a->dropped_timers = loop ? loop->heap.count : 0;
    if (loop && loop->phase != AL_LOOP_CLOSED)
        al_summary_add_waiting(&a->page, &a->waiting, loop);
}

/* It does so with the handlers of signals one by one, before all else. */
static void note_signal(al_account *a, const al_event *event)
{
    const al_loop_state *loop = al_state_loop(a->state, event->loop);

    if (loop && loop->phase == AL_LOOP_STOPPED)
        al_summary_add_signal(&a->page, &a->waiting, loop, event->sig);
}

static void note_open_loops(al_account *a)
{
    const al_loop_state *loop;

    for (size_t i = 0; (loop = al_state_loop_at(a->state, i)) != NULL; i++) {
        if (loop->phase == AL_LOOP_CLOSED)
            continue;
        al_summary_add_waiting(&a->page, &a->waiting, loop);
        a->unclosed++;
    }
}

static void note_end(al_account *a, const al_event *event)
{
    note_open_loops(a);
    a->has_ended = true;
    al_free(a->end_type);
    al_free(a->end_text);
    a->end_type = event->type ? al_strdup(event->type) : NULL;
    a->end_text = event->text ? al_strdup(event->text) : NULL;
}

static void tell_summary(al_account *a)
{
    const al_ending ending = {
        .is_known = a->has_ended,
        .type = a->end_type,
        .text = a->end_text,
        .waiting = &a->waiting,
        .unclosed = a->unclosed,
        .started = a->options.knobs.clock_start,
        .ended = a->time,
    };

    al_summary_add(&a->page, &a->out, al_state_counts(a->state), &ending);
}

/* Of the iterations that were asked for, there was none. */
static void tell_missed_range(al_account *a)
{
    const al_counts *counts = al_state_counts(a->state);
    al_text what = {0};
    al_line line = {.verb = "no more"};

    if (a->options.quiet || a->options.first <= a->last_iteration)
        return;
    al_text_add_format(&what, "iteration %llu was not reached: the run had ",
                       (unsigned long long)a->options.first);
    al_page_add_count(&what, counts->iterations, "iteration");
    line.what = what.bytes;
    al_page_add_line(&a->page, &a->out, &line);
    al_text_add_char(&a->out, '\n');
    al_text_release(&what);
}

/* -- events ------------------------------------------------------------- */

/* Is anything to be shown of this event?  If so, what waited for it is. */
static bool is_shown(al_account *a, const al_event *event)
{
    if (a->options.quiet)
        return false;
    if (event->kind != AL_EVENT_DUE)
        al_account_tell_ties(a);
    al_account_tell_fate(a, event);
    if (a->chapter == AL_NO_CHAPTER)
        al_account_begin_chapter(a, AL_CHAPTER_PROGRAM, 0, event->time);
    if (a->is_hidden)
        return false;
    if (a->in_select && !a->select_is_told && event->kind != AL_EVENT_WAKE &&
        event->kind != AL_EVENT_STOPPED)
        al_account_tell_select(a);
    return true;
}

/* Each event, after the state took it in. */
static void tell(al_account *a, const al_event *event, uint64_t cancelled)
{
    switch (event->kind) {
    case AL_EVENT_ITERATION: /* told by emit */
    case AL_EVENT_END:
    case AL_EVENT_COUNT:
        break;
    case AL_EVENT_LOOP:
        if (event->loop != 1)
            al_account_tell_step(a, event, "new loop", "");
        break;
    case AL_EVENT_START:
        al_account_tell_step(a, event, "run_forever", "");
        break;
    case AL_EVENT_STOP:
        al_account_tell_stop(a, event);
        break;
    case AL_EVENT_STOPPED:
        al_account_end_chapter(a);
        break;
    case AL_EVENT_CLOSE:
        al_account_tell_close(a, event);
        break;
    case AL_EVENT_PRUNE:
        al_account_tell_prune(a, event);
        break;
    case AL_EVENT_COMPACT:
        al_account_tell_compact(a, event, cancelled);
        break;
    case AL_EVENT_SELECT:
        al_account_start_select(a, event);
        break;
    case AL_EVENT_WAKE:
        al_account_tell_wake(a, event);
        break;
    case AL_EVENT_READY:
        al_account_tell_handle(a, event);
        break;
    case AL_EVENT_DUE:
        al_account_tell_due(a, event);
        break;
    case AL_EVENT_RUN:
        al_account_start_run(a, event);
        break;
    case AL_EVENT_RAN:
        al_account_tell_ran(a, event);
        break;
    case AL_EVENT_SKIP:
        al_account_tell_handle(a, event);
        break;
    case AL_EVENT_CALL_SOON:
    case AL_EVENT_CALL_AT:
    case AL_EVENT_CALL_SOON_THREADSAFE:
        al_account_tell_scheduled(a, event);
        break;
    case AL_EVENT_CANCEL:
        al_account_tell_cancel(a, event);
        break;
    case AL_EVENT_ADD_READER:
    case AL_EVENT_ADD_WRITER:
    case AL_EVENT_ADD_SIGNAL:
        al_account_tell_watch(a, event);
        break;
    case AL_EVENT_REMOVE_READER:
    case AL_EVENT_REMOVE_WRITER:
    case AL_EVENT_REMOVE_SIGNAL:
        al_account_tell_unwatch(a, event);
        break;
    case AL_EVENT_TASK:
    case AL_EVENT_TASK_CANCEL:
    case AL_EVENT_TASK_DONE:
    case AL_EVENT_TASK_WAITS:
    case AL_EVENT_EAGER:
        al_account_tell_task(a, event);
        break;
    case AL_EVENT_FUTURE:
    case AL_EVENT_FUTURE_DONE:
        al_account_tell_future(a, event);
        break;
    case AL_EVENT_PRIMITIVE:
    case AL_EVENT_WAITERS:
        al_account_tell_primitive(a, event);
        break;
    case AL_EVENT_EXCEPTION:
    case AL_EVENT_THREAD_ERROR:
        al_account_tell_exception(a, event);
        break;
    case AL_EVENT_LOG:
        al_account_tell_log(a, event);
        break;
    case AL_EVENT_WORLD_FD:
    case AL_EVENT_WORLD_SIGNAL:
    case AL_EVENT_WORLD_THREAD:
        al_account_tell_world(a, event);
        break;
    case AL_EVENT_JOB:
    case AL_EVENT_JOB_BEGUN:
    case AL_EVENT_JOB_ENDED:
        al_account_tell_job(a, event);
        break;
    case AL_EVENT_RAISED:
        al_account_tell_raised(a, event);
        break;
    case AL_EVENT_HANDLER:
        al_account_tell_handler(a, event);
        break;
    case AL_EVENT_BUSY:
        al_account_tell_busy(a, event);
        break;
    case AL_EVENT_WORKED:
        al_account_tell_worked(a, event);
        break;
    case AL_EVENT_READ:
    case AL_EVENT_WRITE:
        al_account_tell_drain(a, event);
        break;
    case AL_EVENT_SNAPSHOT:
        al_account_tell_snapshot(a, event);
        break;
    case AL_EVENT_ADD_DONE_CALLBACK:
    case AL_EVENT_REMOVE_DONE_CALLBACK:
        al_account_tell_done_callback(a, event);
        break;
    case AL_EVENT_GATHER:
        al_account_tell_gather(a, event);
        break;
    case AL_EVENT_RESULT:
        al_account_tell_result(a, event);
        break;
    case AL_EVENT_DROPPED:
        al_account_tell_dropped(a, event);
        break;
    case AL_EVENT_DEADLOCK:
        al_account_tell_deadlock(a, event);
        break;
    case AL_EVENT_TASK_NAME:
        al_account_tell_name(a, event);
        break;
    case AL_EVENT_CANCELLING:
        al_account_tell_cancelling(a, event);
        break;
    case AL_EVENT_EAGER_END:
    case AL_EVENT_JOB_TOLD: /* its wakeup says it */
        break;
    }
}

static void note_request(al_account *a, const al_event *event)
{
    bool is_count = al_account_is_count(a, event);

    a->requested = event->kind == AL_EVENT_TASK_CANCEL ? event->task : 0;
    a->taken_back = event->kind == AL_EVENT_CANCELLING && !is_count
                        ? event->task : 0;
}

static void emit(void *self, const al_event *event)
{
    al_account *a = self;
    const al_loop_state *loop = al_state_loop(a->state, event->loop);
    uint64_t cancelled = loop ? loop->cancelled : 0;

    if (event->kind == AL_EVENT_CLOSE)
        note_close(a, event);
    else if (event->kind == AL_EVENT_REMOVE_SIGNAL)
        note_signal(a, event);
    al_state_apply(a->state, event);
    a->time = event->time;
    if (al_state_counts(a->state)->events % LOOK_UP_EVERY == 0)
        al_account_look_up(a);
    if (event->kind == AL_EVENT_END)
        note_end(a, event);
    if (a->has_failed || event->kind == AL_EVENT_END)
        return;
    if (event->kind == AL_EVENT_ITERATION || event->kind == AL_EVENT_RUN)
        a->job = 0;
    if (event->kind == AL_EVENT_ITERATION) {
        al_account_tell_iteration(a, event);
    } else if (is_shown(a, event)) {
        al_account_place(a, event);
        tell(a, event, cancelled);
        note_request(a, event);
    }
}

static const al_observer_ops account_ops = {.emit = emit};

/* -- its life ----------------------------------------------------------- */

static void tell_title(al_account *a)
{
    al_text aside = {0};

    al_phrase_since(&aside, a->options.since);
    al_page_add_heading(&a->page, &a->out, a->options.title, "",
                        al_text_peek(&aside));
    al_text_add_char(&a->out, '\n');
    al_text_release(&aside);
}

al_account *al_account_new(al_sink sink, const al_account_options *options)
{
    al_account *a = al_alloc_zero(1, sizeof *a);

    a->sink = sink;
    a->options = *options;
    a->page.color = options->color;
    a->page.width = options->width ? options->width : 80;
    if (a->page.width < AL_PAGE_NARROWEST)
        a->page.width = AL_PAGE_NARROWEST;
    a->state = al_state_new(NULL);
    a->time = options->knobs.clock_start;
    a->lines.tell = a->runs.tell = al_account_tell_hidden_lines;
    a->chapters.tell = al_account_tell_hidden_chapters;
    a->lines.self = a->runs.self = a->chapters.self = a;
    if (options->title && !options->quiet)
        tell_title(a);
    return a;
}

al_observer al_account_observer(al_account *account)
{
    return (al_observer){&account_ops, account};
}

bool al_account_finish(al_account *a, al_error *err)
{
    al_account_end_chapter(a);
    al_repeats_flush(&a->chapters, &a->out);
    tell_missed_range(a);
    if (!a->options.no_summary)
        tell_summary(a);
    al_account_write(a);
    if (!a->has_failed)
        a->has_failed = !al_sink_finish(a->sink, &a->error);
    if (!a->has_failed)
        return true;
    return al_fail(err, "%s", a->error.message);
}

void al_account_free(al_account *a)
{
    if (!a)
        return;
    al_sink_free(a->sink);
    al_state_free(a->state);
    al_repeats_release(&a->lines);
    al_repeats_release(&a->runs);
    al_repeats_release(&a->chapters);
    al_text_release(&a->out);
    al_text_release(&a->text);
    al_text_release(&a->pending);
    al_text_release(&a->stepped);
    al_text_release(&a->run_effects);
    al_text_release(&a->message);
    al_text_release(&a->line);
    al_text_release(&a->what);
    al_text_release(&a->note);
    al_text_release(&a->waiting);
    al_free(a->end_type);
    al_free(a->end_text);
    al_free(a);
}
