/* story.c - see story.h.
 *
 * Each event that concerns the target becomes a line: the moment, what
 * happened, and where.  Chains and lateness have files of their own. */
#include "cli/explain/story.h"

#include <math.h>
#include <string.h>
#include "cli/account/wakeups.h"
#include "cli/explain/hops.h"
#include "cli/explain/lateness.h"
#include "cli/explain/moments.h"
#include "cli/phrases.h"
#include "loop/base/alloc.h"

struct al_story {
    const al_page *page;
    const al_target *target;
    al_state *state;
    al_text heading;
    al_moments moments, deeds;
    al_hops *made, *ended;
    al_lateness *lateness;
    al_text what, note; /* of the line being made */
    bool was_cancelled; /* a task: CancelledError is to be thrown in, */
    bool is_thrown;     /* or was, and has not ended it yet */
    uint64_t requests;  /* its cancelling() */
    bool is_concerned;  /* it was cancelled, ever */
    bool has_counts;    /* the trace tells of requests taken back */
    uint64_t latest_cancel; /* the task that was cancelled last, */
    uint64_t latest_index;  /* by which event */
    uint64_t index;         /* of the event that is told */
    uint64_t steps, stepping; /* stepping: the handle that does now */
};

al_story *al_story_new(const al_page *page, const al_target *target,
                       const al_chain *made, const al_chain *ended)
{
    al_story *s = al_alloc_zero(1, sizeof *s);

    s->page = page;
    s->target = target;
    s->state = al_state_new(NULL);
    s->made = al_hops_new(made, target->index);
    if (target->ended_index)
        s->ended = al_hops_new(ended, target->ended_index);
    if (target->kind == AL_TARGET_HANDLE)
        s->lateness = al_lateness_new(target);
    return s;
}

void al_story_free(al_story *s)
{
    if (!s)
        return;
    al_state_free(s->state);
    al_text_release(&s->heading);
    al_text_release(&s->what);
    al_text_release(&s->note);
    al_moments_release(&s->moments);
    al_moments_release(&s->deeds);
    al_hops_free(s->made);
    al_hops_free(s->ended);
    al_lateness_free(s->lateness);
    al_free(s);
}

/* -- lines ---------------------------------------------------------------- */

/* A line with s->what, which is emptied. */
static void put(al_story *s, al_moments *to, const char *verb,
                uint64_t handle, const al_event *event)
{
    const al_loop_state *loop = al_state_loop(s->state, event->loop);
    al_line line = {.indent = 2, .event = s->index, .verb = verb,
                    .handle = handle, .what = al_text_peek(&s->what),
                    .most_lines = 3};

    al_text_clear(&s->note);
    al_phrase_moment(&s->note, event->time, loop ? loop->iteration : 0);
    line.note = s->note.bytes;
    al_moments_add(to, s->page, &line);
    al_text_clear(&s->what);
}

static void put_moment(al_story *s, const char *verb, uint64_t handle,
                       const al_event *event)
{
    put(s, &s->moments, verb, handle, event);
}

/* A line beneath it. */
static void put_aside(al_story *s, const char *verb)
{
    al_line line = {.indent = 4, .verb = verb, .most_lines = 3,
                    .what = s->what.bytes, .what_role = AL_ROLE_NOTE};

    if (s->what.length)
        al_moments_add(&s->moments, s->page, &line);
    al_text_clear(&s->what);
}

/* "by h5, Timeout._on_timeout" */
static void add_handle(al_story *s, uint64_t id)
{
    const al_traced *handle = al_state_handle(s->state, id);
    const al_traced_task *task =
        handle && handle->task ? al_state_task(s->state, handle->task) : NULL;

    al_text_add_format(&s->what, "by h%llu", (unsigned long long)id);
    if (task) {
        al_text_add(&s->what, ", ");
        al_phrase_task(&s->what, task->future.id, task->name);
    } else if (handle) {
        al_text_add_format(&s->what, ", %s", handle->callback);
    }
}

static void add_job(al_story *s, uint64_t number)
{
    const al_traced_job *job = al_state_job(s->state, number);

    al_text_add(&s->what, "by ");
    al_phrase_job(&s->what, job ? job : &(al_traced_job){.number = number});
}

static void add_by(al_story *s, const al_event *event)
{
    if (event->by == AL_BY_PROGRAM)
        al_text_add(&s->what, "by the program");
    else if (event->by == AL_BY_WORLD)
        al_text_add(&s->what, "by the world");
    else if (al_cause_job(event->by))
        add_job(s, al_cause_job(event->by));
    else
        add_handle(s, event->by);
}

static void add_outcome(al_story *s, const al_event *event)
{
    al_text_add(&s->what, event->outcome ? event->outcome : "?");
    if (event->type) {
        al_text_add_char(&s->what, ' ');
        al_phrase_exception(&s->what, event->type, event->text);
    } else if (event->text) {
        al_text_add_format(&s->what, " %s", event->text);
    }
}

/* -- what somebody did ---------------------------------------------------- */

static void add_subject(al_story *s, const al_event *event)
{
    if (event->task && event->kind != AL_EVENT_CALL_SOON)
        al_text_add_format(&s->what, "t%llu ",
                           (unsigned long long)event->task);
    if (event->future)
        al_text_add_format(&s->what, "f%llu ",
                           (unsigned long long)event->future);
    if (event->primitive)
        al_text_add_format(&s->what, "p%llu ",
                           (unsigned long long)event->primitive);
}

/* A log may have many lines: "first …". */
static void add_first_line(al_text *out, const char *text)
{
    size_t length = strcspn(text, "\n");

    al_text_add_bytes(out, text, length);
    if (text[length])
        al_text_add(out, " …");
}

static void add_particulars(al_story *s, const al_event *event)
{
    if (event->callback)
        al_phrase_scheduled(&s->what, event);
    else if (event->kind == AL_EVENT_TASK)
        al_text_add_format(&s->what, "%s: %s()",
                           event->name ? event->name : "?",
                           event->coroutine ? event->coroutine : "?");
    else if (event->outcome)
        add_outcome(s, event);
    else if (event->kind == AL_EVENT_CANCELLING)
        al_text_add_format(&s->what, "%llu asked for",
                           (unsigned long long)event->count);
    else if (event->kind == AL_EVENT_LOG || event->kind == AL_EVENT_EXCEPTION)
        add_first_line(&s->what, event->text ? event->text : "");
    else if (event->state)
        al_text_add(&s->what, event->state);
    else if (event->fd)
        al_text_add(&s->what, event->fd);
    if (event->kind == AL_EVENT_CALL_AT) {
        al_text_add(&s->what, " for ");
        al_page_add_seconds(&s->what, event->when);
    }
}

static void tell_deed(al_story *s, const al_event *event)
{
    al_line line = {.indent = 2, .event = s->index,
                    .verb = al_event_specs[event->kind].name,
                    .handle = event->handle};

    add_subject(s, event);
    add_particulars(s, event);
    line.what = al_text_peek(&s->what);
    al_moments_add(&s->deeds, s->page, &line);
    al_text_clear(&s->what);
}

/* -- a handle ------------------------------------------------------------- */

static void tell_creation(al_story *s, const al_event *event)
{
    if (!s->heading.length)
        al_phrase_scheduled(&s->heading, event);
    if (event->fd)
        al_text_add_format(&s->what, "%s ", event->fd);
    if (event->kind == AL_EVENT_CALL_AT) {
        al_text_add(&s->what, "for ");
        al_page_add_seconds(&s->what, event->when);
        al_text_add_char(&s->what, ' ');
    }
    add_by(s, event);
    put_moment(s, al_event_specs[event->kind].name, 0, event);
}

static void tell_run(al_story *s, const al_event *event)
{
    const al_traced_task *task =
        event->task ? al_state_task(s->state, event->task) : NULL;

    if (task) {
        al_text_add(&s->what, "step of ");
        al_phrase_task(&s->what, task->future.id, task->name);
    }
    put_moment(s, "run", 0, event);
    if (task)
        al_phrase_wakeup(&s->what, task);
    put_aside(s, "woken");
}

static void tell_duration(al_story *s, const al_event *event)
{
    if (!(event->duration > 0))
        return;
    al_text_add(&s->what, "took ");
    al_page_add_seconds(&s->what, event->duration);
    put_moment(s, "ran", 0, event);
}

static void tell_cancelled_handle(al_story *s, const al_event *event)
{
    add_by(s, event);
    put_moment(s, "cancel", 0, event);
}

static void follow_handle(al_story *s, const al_event *event)
{
    if (event->by == s->target->id && event->kind != AL_EVENT_RUN)
        tell_deed(s, event);
    if (event->handle != s->target->id)
        return;
    if (al_introduces_handle(event->kind))
        tell_creation(s, event);
    switch (event->kind) {
    case AL_EVENT_READY:
    case AL_EVENT_DUE:
        put_moment(s, al_event_specs[event->kind].name, 0, event);
        break;
    case AL_EVENT_RUN:
        tell_run(s, event);
        break;
    case AL_EVENT_RAN:
        tell_duration(s, event);
        break;
    case AL_EVENT_CANCEL:
        tell_cancelled_handle(s, event);
        break;
    case AL_EVENT_SKIP:
        al_text_add(&s->what, "it was cancelled: never called");
        put_moment(s, "skip", 0, event);
        break;
    case AL_EVENT_PRUNE:
        al_text_add(&s->what, "it was cancelled: out of the heap");
        put_moment(s, "prune", 0, event);
        break;
    default:
        break;
    }
}

/* -- a task --------------------------------------------------------------- */

static void name_it(al_story *s, const char *name, const char *coroutine)
{
    al_text_clear(&s->heading);
    al_text_add_format(&s->heading, "'%s': %s()", name ? name : "?",
                       coroutine ? coroutine : "?");
}

static void tell_task(al_story *s, const al_event *event)
{
    name_it(s, event->name, event->coroutine);
    add_by(s, event);
    put_moment(s, "task", 0, event);
}

/* From now on, and in the title. */
static void tell_name(al_story *s, const al_event *event)
{
    const al_traced_task *task = al_state_task(s->state, event->task);

    name_it(s, event->name, task ? task->coroutine : NULL);
    al_text_add_format(&s->what, "'%s' ", event->name ? event->name : "?");
    add_by(s, event);
    put_moment(s, "set_name", 0, event);
}

static void tell_task_step(al_story *s, const al_event *event)
{
    const al_traced_task *task = al_state_task(s->state, event->task);

    s->stepping = event->handle;
    al_text_add_format(&s->what, "step %llu", (unsigned long long)++s->steps);
    put_moment(s, "run", event->handle, event);
    if (task)
        al_phrase_wakeup(&s->what, task);
    put_aside(s, "woken");
    if (s->was_cancelled)
        s->is_thrown = true;
    s->was_cancelled = false;
}

/* The task before it in the chain of awaits was cancelled just before, and
 * handed it on. */
static bool is_handed_on(const al_story *s, uint64_t index)
{
    const al_traced_task *from = al_state_task(s->state, s->latest_cancel);

    return s->latest_index + 2 >= index && from && from->waits &&
           from->waits->is_task && from->waits->id == s->target->id;
}

static void tell_task_cancel(al_story *s, const al_event *event,
                             uint64_t index)
{
    add_by(s, event);
    put_moment(s, "cancel", 0, event);
    if (is_handed_on(s, index)) {
        al_phrase_task(&s->what, s->latest_cancel,
                       al_state_task(s->state, s->latest_cancel)->name);
        al_text_add(&s->what, ", which waits for it");
    }
    put_aside(s, "through");
    s->was_cancelled = s->is_concerned = true;
}

static void tell_cancelling(al_story *s, const al_event *event)
{
    bool is_less = event->count < s->requests;

    s->requests = event->count;
    if (!is_less) {
        if (event->text)
            al_text_add_format(&s->what, "%s", event->text);
        put_aside(s, "message");
        return;
    }
    if (event->count == 0)
        s->is_thrown = false;
    al_text_add_format(&s->what, "%llu left, ",
                       (unsigned long long)event->count);
    add_by(s, event);
    put_moment(s, "uncancel", 0, event);
}

/* CancelledError was thrown in, and has not ended the task. */
static void tell_survival(al_story *s, const char *how)
{
    if (!s->is_thrown)
        return;
    al_text_add(&s->what, how);
    put_aside(s, "goes on");
    s->is_thrown = false;
}

static void tell_awaits(al_story *s, const al_event *event)
{
    al_phrase_awaited(&s->what, s->state, event);
    put_moment(s, "waits", 0, event);
    tell_survival(s, "though it was cancelled: CancelledError was caught, or "
                  "it cleans up");
}

static void tell_task_done(al_story *s, const al_event *event)
{
    bool is_cancelled = event->outcome &&
                        strcmp(event->outcome, "cancelled") == 0;

    add_outcome(s, event);
    put_moment(s, "done", 0, event);
    if (!is_cancelled)
        tell_survival(s, "to its end, though it was cancelled: "
                      "CancelledError was caught");
}

static void tell_step_length(al_story *s, const al_event *event)
{
    if (s->stepping != event->handle)
        return;
    s->stepping = 0;
    if (event->duration > 0)
        tell_duration(s, event);
}

static void follow_task(al_story *s, const al_event *event, uint64_t index)
{
    if (event->kind == AL_EVENT_RAN)
        tell_step_length(s, event);
    if (event->task != s->target->id)
        return;
    switch (event->kind) {
    case AL_EVENT_TASK:
        tell_task(s, event);
        break;
    case AL_EVENT_TASK_NAME:
        tell_name(s, event);
        break;
    case AL_EVENT_RUN:
        tell_task_step(s, event);
        break;
    case AL_EVENT_TASK_WAITS:
        tell_awaits(s, event);
        break;
    case AL_EVENT_TASK_CANCEL:
        tell_task_cancel(s, event, index);
        break;
    case AL_EVENT_CANCELLING:
        tell_cancelling(s, event);
        break;
    case AL_EVENT_TASK_DONE:
        tell_task_done(s, event);
        break;
    case AL_EVENT_DROPPED:
        put_moment(s, "dropped", 0, event);
        break;
    default:
        break;
    }
}

/* -- a future ------------------------------------------------------------- */

static void tell_waiting_task(al_story *s, const al_event *event)
{
    al_text_add_format(&s->what, "t%llu waits for it",
                       (unsigned long long)event->task);
    if (event->where)
        al_text_add_format(&s->what, ", line %s",
                           al_phrase_line(event->where));
    put_moment(s, "task_waits", 0, event);
}

static void tell_joined(al_story *s, const al_event *event)
{
    al_text_add_format(&s->what, "%s p%llu, %llu in it",
                       event->type ? event->type : "?",
                       (unsigned long long)event->primitive,
                       (unsigned long long)event->count);
    put_moment(s, event->left == s->target->id ? "leaves" : "waits in", 0,
               event);
}

static void follow_future(al_story *s, const al_event *event)
{
    uint64_t id = s->target->id;

    if (event->kind == AL_EVENT_WAITERS &&
        (event->joined == id || event->putter == id || event->left == id)) {
        tell_joined(s, event);
        return;
    }
    if (event->future != id)
        return;
    switch (event->kind) {
    case AL_EVENT_FUTURE:
        add_by(s, event);
        put_moment(s, "future", 0, event);
        break;
    case AL_EVENT_FUTURE_DONE:
        add_outcome(s, event);
        al_text_add_char(&s->what, ' ');
        add_by(s, event);
        put_moment(s, "done", 0, event);
        break;
    case AL_EVENT_TASK_WAITS:
        tell_waiting_task(s, event);
        break;
    case AL_EVENT_ADD_DONE_CALLBACK:
        al_phrase_call(&s->what, event->callback ? event->callback : "?",
                       NULL);
        put_moment(s, "callback", 0, event);
        break;
    default:
        break;
    }
}

/* -- a line of the log, or a time ----------------------------------------- */

static void follow_log(al_story *s, const al_event *event)
{
    add_first_line(&s->heading, event->text ? event->text : "");
    add_by(s, event);
    put_moment(s, "log", 0, event);
}

/* With s->what and s->note. */
static void put_in_queue(al_story *s, const char *verb,
                         const al_traced *handle)
{
    al_line line = {.indent = 2, .verb = verb, .handle = handle->id,
                    .what = s->what.bytes, .note = al_text_peek(&s->note)};

    al_moments_add(&s->moments, s->page, &line);
    al_text_clear(&s->what);
    al_text_clear(&s->note);
}

static void add_queue(al_story *s, const al_loop_state *loop)
{
    al_text_clear(&s->note);
    for (size_t i = 0; i < loop->ring_count && i < AL_FIRST_MOMENTS; i++) {
        const al_traced *handle = al_loop_state_ready(loop, i);

        al_phrase_handle(&s->what, handle);
        put_in_queue(s, "ready", handle);
    }
    for (size_t i = 0; i < loop->heap.count && i < AL_FIRST_MOMENTS; i++) {
        const al_traced *handle = loop->heap.entries[i].item;

        al_phrase_handle(&s->what, handle);
        al_phrase_deadline(&s->note, handle->when, s->target->time);
        put_in_queue(s, "scheduled", handle);
    }
}

static void follow_time(al_story *s, const al_event *event)
{
    static const char *const phases[] = {
        "is not running yet", "begins to run", "begins a turn",
        "waits in select", "takes in what is due", "runs callbacks",
        "has stopped", "is closed"};
    const al_loop_state *loop = al_state_loop(s->state, event->loop);

    if (!loop)
        return;
    al_text_add_format(&s->heading, "the loop %s", phases[loop->phase]);
    if (loop->running) {
        al_text_clear(&s->heading);
        al_phrase_handle(&s->heading, loop->running);
        al_text_add(&s->heading, " runs");
    }
    add_queue(s, loop);
}

/* -- the whole ------------------------------------------------------------ */

void al_story_add(al_story *s, const al_event *event, uint64_t index)
{
    s->index = index;
    al_state_apply(s->state, event);
    s->has_counts |= event->kind == AL_EVENT_CANCELLING;
    al_hops_add(s->made, s->state, event, index);
    if (s->ended)
        al_hops_add(s->ended, s->state, event, index);
    if (s->lateness)
        al_lateness_add(s->lateness, s->state, event);
    switch (s->target->kind) {
    case AL_TARGET_HANDLE:
        follow_handle(s, event);
        break;
    case AL_TARGET_TASK:
        follow_task(s, event, index);
        break;
    case AL_TARGET_FUTURE:
        follow_future(s, event);
        break;
    case AL_TARGET_LOG:
        if (index == s->target->index)
            follow_log(s, event);
        break;
    case AL_TARGET_TIME:
        if (index == s->target->index)
            follow_time(s, event);
        break;
    case AL_TARGET_WORD:
        break;
    }
    if (event->kind == AL_EVENT_TASK_CANCEL) {
        s->latest_cancel = event->task;
        s->latest_index = index;
    }
}

static void add_title(const al_story *s, al_text *out)
{
    al_text title = {0}, time = {0};

    if (s->target->kind == AL_TARGET_TIME ||
        s->target->kind == AL_TARGET_LOG) {
        al_page_add_seconds(&time, s->target->time);
        al_text_add(&title, s->heading.bytes);
    } else {
        al_text_add_char(&title, "?htf"[s->target->kind]);
        al_text_add_uint(&title, s->target->id);
        if (s->heading.length)
            al_text_add_format(&title, " %s", s->heading.bytes);
    }
    al_page_add_heading(s->page, out, al_text_peek(&title), "",
                        al_text_peek(&time));
    al_phrase_since_line(s->page, out, s->target->since);
    al_text_release(&title);
    al_text_release(&time);
}

static void add_section(const al_story *s, al_text *out, const char *heading)
{
    al_text_add_char(out, '\n');
    al_page_add_heading(s->page, out, heading, "", "");
}

/* Who hands a cancellation on, catches it or takes it back is told by detail
 * events alone. */
static void add_doubt(const al_story *s, al_text *out)
{
    const al_line line = {
        .indent = 2,
        .what = "this trace has no cancelling events: through whom a cancellation "
                "came, and who swallowed it or took it back, is a guess",
        .what_role = AL_ROLE_WARNING,
        .most_lines = 3,
        .is_wide = true,
    };

    if (!s->is_concerned || s->has_counts)
        return;
    al_text_add_char(out, '\n');
    al_page_add_line(s->page, out, &line);
}

void al_story_write(al_story *s, al_text *out)
{
    static const char *const made[] = {
        "", "why it was scheduled", "why it was created",
        "why it was created", "why it was logged", "why it runs"};
    bool is_idle = s->target->kind == AL_TARGET_TIME &&
                   s->target->made_by == AL_BY_PROGRAM;

    add_title(s, out);
    al_moments_write(&s->moments, out);
    add_doubt(s, out);
    if (s->lateness)
        al_lateness_write(s->lateness, s->page, out);
    if (!is_idle) {
        add_section(s, out, made[s->target->kind]);
        al_hops_write(s->made, s->page, out);
    }
    if (s->ended) {
        add_section(s, out, s->target->kind == AL_TARGET_TASK
                                ? "why it was cancelled" : "why it is done");
        al_hops_write(s->ended, s->page, out);
    }
    if (s->deeds.count) {
        add_section(s, out, "what it did");
        al_moments_write(&s->deeds, out);
    }
}
