/* sentence.c - see sentence.h; it speaks in the account's phrases. */
#include "cli/tui/sentence.h"

#include <string.h>
#include "cli/account/wakeups.h"
#include "cli/page.h"
#include "cli/phrases.h"

typedef struct telling {
    al_text *out;
    const al_event *event;
    const al_state *state;
} telling;

/* -- names ---------------------------------------------------------------- */

static void add_task(const telling *t, uint64_t id)
{
    const al_traced_task *task = al_state_task(t->state, id);

    al_phrase_task(t->out, id, task ? task->name : NULL);
}

/* "h4 tick(1)"; "h4, a step of t2 w1"; of one that is forgotten "h4". */
static void add_handle(const telling *t, uint64_t id)
{
    const al_traced *handle = al_state_handle(t->state, id);

    if (handle && handle->task) {
        al_text_add_format(t->out, "h%llu, a step of ",
                           (unsigned long long)id);
        add_task(t, handle->task);
        return;
    }
    al_text_add_format(t->out, "h%llu", (unsigned long long)id);
    if (handle) {
        al_text_add_char(t->out, ' ');
        al_phrase_handle(t->out, handle);
    }
}

static void add_cause(const telling *t, uint64_t by)
{
    al_cause_id id = al_cause_id_of(by);
    const al_traced *handle;

    if (by == AL_BY_WORLD)
        al_text_add(t->out, "the world");
    else if (by == AL_BY_PROGRAM)
        al_text_add(t->out, "the program");
    else if (id.letter == 'j')
        al_text_add_format(t->out, "job %llu", (unsigned long long)id.number);
    else if ((handle = al_state_handle(t->state, by)) != NULL && handle->task)
        add_task(t, handle->task);
    else
        add_handle(t, by);
}

/* -- what was done -------------------------------------------------------- */

static void add_scheduled(const telling *t)
{
    const al_event *event = t->event;

    add_cause(t, event->by);
    al_text_add_format(t->out, " scheduled h%llu ",
                       (unsigned long long)event->handle);
    if (event->task) {
        al_text_add(t->out, "to step ");
        add_task(t, event->task);
    } else {
        al_phrase_scheduled(t->out, event);
    }
    al_text_add_char(t->out, ' ');
    if (event->kind == AL_EVENT_CALL_AT)
        al_phrase_deadline(t->out, event->when, event->time);
    else
        al_text_add(t->out, event->kind == AL_EVENT_CALL_SOON
                                ? "for the next turn"
                                : "for the next turn, safely for threads");
}

static void add_run(const telling *t)
{
    const al_event *event = t->event;
    const al_traced *handle = al_state_handle(t->state, event->handle);
    const al_traced_task *task = al_state_task(t->state, event->task);
    al_text reason = {0};

    add_handle(t, event->handle);
    al_text_add(t->out, ", begins");
    if (handle && handle->when < event->time) {
        al_text_add_char(t->out, ' ');
        al_page_add_rough_seconds(t->out, event->time - handle->when);
        al_text_add(t->out, " late");
    }
    if (handle && handle->origin < AL_EVENT_COUNT) {
        al_text_add(t->out, "; ");
        add_cause(t, handle->by);
        al_text_add(t->out, " scheduled it at ");
        al_page_add_seconds(t->out, handle->scheduled_at);
    }
    if (task && al_phrase_wakeup(&reason, task))
        al_text_add_format(t->out, ": %s", reason.bytes);
    al_text_release(&reason);
}

static void add_due(const telling *t)
{
    const al_traced *handle = al_state_handle(t->state, t->event->handle);

    add_handle(t, t->event->handle);
    al_text_add(t->out, ", came due ");
    al_phrase_due(t->out, handle, t->event->time);
}

static void add_done(const telling *t)
{
    const al_event *event = t->event;
    const char *outcome = event->outcome ? event->outcome : "";

    if (event->kind == AL_EVENT_TASK_DONE) {
        add_task(t, event->task);
    } else {
        add_cause(t, event->by);
        al_text_add_format(t->out, " ended f%llu, which",
                           (unsigned long long)event->future);
    }
    if (strcmp(outcome, "cancelled") == 0) {
        al_text_add(t->out, " was cancelled");
    } else if (strcmp(outcome, "exception") == 0) {
        al_text_add(t->out, " failed with ");
        al_phrase_exception(t->out, event->type, event->text);
    } else {
        al_text_add(t->out, " has its result");
        if (event->text)
            al_text_add_format(t->out, ", %s", event->text);
    }
}

static void add_waits(const telling *t)
{
    add_task(t, t->event->task);
    al_text_add(t->out, " waits ");
    al_phrase_awaited(t->out, t->state, t->event);
    if (t->event->where)
        al_text_add_format(t->out, ", %s", al_phrase_place(t->event->where));
}

static void add_select(const telling *t)
{
    al_text_add(t->out, "the loop looks for what is ready: ");
    al_phrase_timeout(t->out, t->event->timeout);
}

static const char *name_of_fd(const char *fd)
{
    return strcmp(fd, "self") == 0 ? "the self-pipe" : fd;
}

/* What its handle is called for; NULL: that is not known. */
static const al_watched *find_watch(const telling *t)
{
    const al_loop_state *loop = al_state_loop(t->state, t->event->loop);
    const al_traced *handle = al_state_handle(t->state, t->event->handle);
    const al_watched *watch = loop ? loop->watches : NULL;

    while (watch && (!handle ||
                     (watch->reader != handle && watch->writer != handle)))
        watch = watch->next;
    return watch;
}

static void add_readied(const telling *t)
{
    const al_watched *watch = find_watch(t);

    add_handle(t, t->event->handle);
    al_text_add(t->out, ", was appended to ready");
    if (watch && watch->fd) {
        al_text_add_format(t->out, ": %s is %s", name_of_fd(watch->fd),
                           watch->reader &&
                                   watch->reader->id == t->event->handle
                               ? "readable" : "writable");
    } else if (watch) {
        al_text_add(t->out, ", for ");
        al_phrase_signal(t->out, watch->sig);
    }
}

static void add_gather(const telling *t)
{
    const al_traced_future *future =
        al_state_future(t->state, t->event->future);

    add_cause(t, t->event->by);
    al_text_add_format(t->out, " made f%llu",
                       (unsigned long long)t->event->future);
    if (future)
        al_phrase_children(t->out, future);
}

/* Of a task that is over, requests can but be taken back. */
static void add_cancelling(const telling *t)
{
    const al_event *event = t->event;
    const al_traced_task *task = al_state_task(t->state, event->task);

    al_text_add(t->out, "cancelling() of ");
    add_task(t, event->task);
    al_text_add_format(t->out, " is %llu now: ",
                       (unsigned long long)event->count);
    add_cause(t, event->by);
    if (!task || task->is_uncancelled)
        al_text_add(t->out, " called uncancel()");
    else
        al_text_add_format(t->out, " called cancel(%s)",
                           event->text ? event->text : "");
    if (event->outcome)
        al_text_add_format(t->out, ", for the timeout expired, and its block "
                           "came to a %s", event->outcome);
}

static void add_eager_end(const telling *t)
{
    const al_traced_task *task = al_state_task(t->state, t->event->task);
    bool is_pending = task && task->future.outcome == AL_TRACED_PENDING;

    add_task(t, t->event->task);
    al_text_add(t->out, is_pending
                            ? " goes on later: its eager step is over"
                            : " has ended within the step that created it");
}

/* The handler is told of what is no exception, too: of a pending task that is
 * gone. */
static void add_exception(const telling *t)
{
    if (!t->event->type && t->event->message) {
        al_text_add_format(t->out, "the exception handler was told: %s",
                           t->event->message);
        return;
    }
    al_text_add(t->out, "nobody caught ");
    al_phrase_exception(t->out, t->event->type, t->event->text);
    al_text_add(t->out, ": it went to the exception handler");
}

/* The exception, or the coroutine, that was told of before has no name here. */
static void add_raised(const telling *t)
{
    static const char *const roles[][3] = { /* role, before it, after it */
        {"raised", "it was raised", NULL},
        {"called", "what was never awaited was called", NULL},
        {"dropped", "what was never awaited was let go of", NULL},
        {"cause", "its cause, ", ", was raised"},
        {"context", "", ", which was being handled, was raised"},
        {"handler", "", " was raised by the exception handler itself"},
        {"exit", "", " ends the run, and no exception handler gets it"},
        {"clean-up", "", " was raised by the clean-up after what ended the "
                         "run"},
    };
    const al_event *event = t->event;
    const char *before = "", *after = " was raised";

    for (size_t i = 0; i < sizeof roles / sizeof *roles; i++) {
        if (event->role && strcmp(event->role, roles[i][0]) == 0) {
            before = roles[i][1];
            after = roles[i][2];
        }
    }
    al_text_add(t->out, before);
    if (after) {
        al_phrase_exception(t->out, event->type, event->text);
        al_text_add(t->out, after);
    }
    if (event->where)
        al_text_add_format(t->out, ", at %s", al_phrase_place(event->where));
    if (event->where && event->function)
        al_text_add_format(t->out, " in %s", event->function);
}

/* Its text has a line for each who waits. */
static void add_deadlock(const telling *t)
{
    const char *at = t->event->text ? t->event->text : "";

    al_text_add(t->out, "nothing can ever happen again");
    while (*at) {
        size_t length;

        at += strspn(at, " ");
        length = strcspn(at, "\n");
        al_text_add(t->out, "; ");
        al_text_add_bytes(t->out, at, length);
        at += length + (at[length] == '\n');
    }
}

/* -- what can be said in one pattern -------------------------------------- */

/* {key} is a field of the event; what is in brackets is left out where a field
 * in it is not set. */
static const char *const patterns[AL_EVENT_COUNT] = {
    [AL_EVENT_LOOP] = "a loop was created",
    [AL_EVENT_START] = "run_forever begins",
    [AL_EVENT_STOP] = "{by} called loop.stop()",
    [AL_EVENT_STOPPED] = "run_forever ends",
    [AL_EVENT_CLOSE] = "the loop was closed",
    [AL_EVENT_ITERATION] = "iteration {n} begins: {ready} ready, {scheduled} "
                           "scheduled[, {cancelled} of them cancelled]",
    [AL_EVENT_PRUNE] = "{h}, was cancelled, and left the heap's head",
    [AL_EVENT_COMPACT] = "the heap was made anew: {removed} cancelled timers "
                         "left it, {kept} stay",
    [AL_EVENT_WAKE] = "select returned[: {fds}]",
    [AL_EVENT_RAN] = "{h}, ended after {duration}",
    [AL_EVENT_SKIP] = "{h}, was cancelled, and is passed over",
    [AL_EVENT_CANCEL] = "{by} cancelled {h}",
    [AL_EVENT_ADD_READER] = "{by} watches {fd}, to read: {h}",
    [AL_EVENT_REMOVE_READER] = "{by} watches {fd} no longer, to read",
    [AL_EVENT_ADD_WRITER] = "{by} watches {fd}, to write: {h}",
    [AL_EVENT_REMOVE_WRITER] = "{by} watches {fd} no longer, to write",
    [AL_EVENT_ADD_SIGNAL] = "{by} handles {sig}: {h}",
    [AL_EVENT_REMOVE_SIGNAL] = "{by} handles {sig} no longer",
    [AL_EVENT_TASK] = "{by} created {task}[ of {coro}()]",
    [AL_EVENT_TASK_CANCEL] = "{by} asked {task} to cancel",
    [AL_EVENT_FUTURE] = "{by} created the future {future}",
    [AL_EVENT_ADD_DONE_CALLBACK] = "{by} has {callback} called once "
                                   "[{task}][{future}] is done",
    [AL_EVENT_REMOVE_DONE_CALLBACK] = "{by} has {callback} called no longer "
                                      "once [{task}][{future}] is done",
    [AL_EVENT_TASK_NAME] = "{by} named the task: {task}",
    [AL_EVENT_RESULT] = "{task} returned {text}",
    [AL_EVENT_EAGER] = "{task} begins within the step that creates it",
    [AL_EVENT_PRIMITIVE] = "{by} created the {type} {p}[, a part of {of}]",
    [AL_EVENT_WAITERS] = "{by} changed the {type} {p}[: {state}]"
                         "[; {joined} begins to wait]"
                         "[; {putter} begins to wait to put]"
                         "[; {left} waits no longer][; those that wait: "
                         "{count}]",
    [AL_EVENT_DROPPED] = "nobody has [{task}][{future}][{p}] any more",
    [AL_EVENT_LOG] = "{by} said[, at level {level}]: {text}",
    [AL_EVENT_THREAD_ERROR] = "the thread {function} was ended by {type}"
                              "[: {text}]",
    [AL_EVENT_END] = "the program ended[ by {type}][: {text}]",
    [AL_EVENT_HANDLER] = "the exception handler that was set is called: "
                         "{callback}",
    [AL_EVENT_WORLD_SIGNAL] = "the world sent {sig}",
    [AL_EVENT_WORLD_THREAD] = "the world's thread {function} acts",
    [AL_EVENT_JOB] = "{by} gave an executor job {job}[: {callback}]",
    [AL_EVENT_JOB_BEGUN] = "the thread {function} takes job {job}",
    [AL_EVENT_JOB_ENDED] = "the thread {function} is done with job {job}",
    [AL_EVENT_JOB_TOLD] = "the end of job {job} is passed on: {h}",
    [AL_EVENT_BUSY] = "{by} works for {duration}",
    [AL_EVENT_WORKED] = "{by} worked for {duration}",
    [AL_EVENT_READ] = "{by} drained {fd}",
    [AL_EVENT_WRITE] = "{by} filled {fd}",
    [AL_EVENT_SNAPSHOT] = "a snapshot of the heap, the ready deque, tasks and "
                          "primitives",
};

/* AL_FIELD_COUNT: there is none of that key. */
static al_event_field find_field(const char *key, size_t length)
{
    int i = 0;

    while (i < AL_FIELD_COUNT &&
           (strncmp(al_field_specs[i].key, key, length) != 0 ||
            al_field_specs[i].key[length]))
        i++;
    return (al_event_field)i;
}

static const void *value_of(const telling *t, al_event_field field)
{
    return al_event_value(t->event, &al_field_specs[field]);
}

static const char *text_of(const telling *t, al_event_field field)
{
    return *(const char *const *)value_of(t, field);
}

static uint64_t id_of(const telling *t, al_event_field field)
{
    return *(const uint64_t *)value_of(t, field);
}

static void add_text(const telling *t, al_event_field field)
{
    const char *text = text_of(t, field);

    if (!text)
        al_text_add_char(t->out, '?');
    else if (field == AL_FIELD_fds)
        al_phrase_fds(t->out, text);
    else if (field == AL_FIELD_fd)
        al_text_add(t->out, name_of_fd(text));
    else
        al_text_add(t->out, field == AL_FIELD_where ? al_phrase_place(text)
                                                    : text);
}

static void add_field(const telling *t, al_event_field field)
{
    switch (al_field_specs[field].type) {
    case AL_TYPE_HANDLE:
        add_handle(t, id_of(t, field));
        break;
    case AL_TYPE_TASK:
        add_task(t, id_of(t, field));
        break;
    case AL_TYPE_FUTURE:
        al_text_add_format(t->out, "f%llu",
                           (unsigned long long)id_of(t, field));
        break;
    case AL_TYPE_PRIMITIVE:
        al_text_add_format(t->out, "p%llu",
                           (unsigned long long)id_of(t, field));
        break;
    case AL_TYPE_CAUSE:
        add_cause(t, id_of(t, field));
        break;
    case AL_TYPE_COUNT:
        if (field == AL_FIELD_sig)
            al_phrase_signal(t->out, id_of(t, field));
        else
            al_text_add_uint(t->out, id_of(t, field));
        break;
    case AL_TYPE_SECONDS:
    case AL_TYPE_TIMEOUT:
        al_page_add_rough_seconds(t->out,
                                  *(const double *)value_of(t, field));
        break;
    case AL_TYPE_FLAG:
        break;
    case AL_TYPE_TEXT:
    case AL_TYPE_JSON:
        add_text(t, field);
        break;
    }
}

/* An exception without a text has an empty one. */
static bool is_set(const telling *t, al_event_field field)
{
    switch (al_field_specs[field].type) {
    case AL_TYPE_TEXT:
    case AL_TYPE_JSON:
        return text_of(t, field) && *text_of(t, field);
    case AL_TYPE_HANDLE:
    case AL_TYPE_TASK:
    case AL_TYPE_FUTURE:
    case AL_TYPE_PRIMITIVE:
    case AL_TYPE_COUNT:
        return id_of(t, field) != 0;
    default:
        return true;
    }
}

/* The end of a piece of a pattern, where its bracket is; are all of its fields
 * set? */
static const char *end_of_piece(const telling *t, const char *at, bool *is_told)
{
    *is_told = true;
    for (; *at != ']'; at++) {
        const char *key = at + 1;

        if (*at == '{' && !is_set(t, find_field(key, strcspn(key, "}"))))
            *is_told = false;
    }
    return at;
}

static void add_pattern(const telling *t, const char *at)
{
    while (*at) {
        bool is_told;
        size_t length = strcspn(at, "{}[]");

        al_text_add_bytes(t->out, at, length);
        at += length;
        if (*at == '{') {
            length = strcspn(at, "}") - 1;
            add_field(t, find_field(at + 1, length));
            at += length + 1;
        } else if (*at == '[') {
            const char *end = end_of_piece(t, at, &is_told);

            at = is_told ? at : end;
        }
        at += *at != '\0';
    }
}

static void add_readiness(const telling *t)
{
    const char *fd = t->event->fd ? t->event->fd : "?";

    al_text_add_format(t->out, "the world made %s %s", fd,
                       al_phrase_readiness(t->event->fds));
}

static void (*const sentences[AL_EVENT_COUNT])(const telling *t) = {
    [AL_EVENT_CALL_SOON] = add_scheduled,
    [AL_EVENT_CALL_SOON_THREADSAFE] = add_scheduled,
    [AL_EVENT_CALL_AT] = add_scheduled,
    [AL_EVENT_RUN] = add_run,
    [AL_EVENT_DUE] = add_due,
    [AL_EVENT_DEADLOCK] = add_deadlock,
    [AL_EVENT_TASK_DONE] = add_done,
    [AL_EVENT_FUTURE_DONE] = add_done,
    [AL_EVENT_TASK_WAITS] = add_waits,
    [AL_EVENT_SELECT] = add_select,
    [AL_EVENT_READY] = add_readied,
    [AL_EVENT_GATHER] = add_gather,
    [AL_EVENT_CANCELLING] = add_cancelling,
    [AL_EVENT_EAGER_END] = add_eager_end,
    [AL_EVENT_EXCEPTION] = add_exception,
    [AL_EVENT_RAISED] = add_raised,
    [AL_EVENT_WORLD_FD] = add_readiness,
};

/* Every kind has one of both. */
void al_sentence_add(al_text *out, const al_event *event,
                     const al_state *state)
{
    telling t = {out, event, state};

    al_text_add(out, "at ");
    al_page_add_seconds(out, event->time);
    al_text_add(out, " ");
    if (sentences[event->kind])
        sentences[event->kind](&t);
    else
        add_pattern(&t, patterns[event->kind]);
}
