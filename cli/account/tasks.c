/* tasks.c - what tasks and futures come to: a line for each event. */
#include "cli/account/private.h"

#include <string.h>
#include "cli/phrases.h"
#include "sim/base/escape.h"

enum { NOTE_ROOM = 30 }; /* columns of a note: what is longer has a line */

/* A cancellation that was caught, and not passed on, is easily overlooked. */
static bool ignored_cancel(const al_account *a, const al_event *event)
{
    const al_traced_task *task =
        event->task ? al_state_task(a->state, event->task) : NULL;

    return task && task->cancelling > 0 &&
           task->future.outcome == AL_TRACED_RESULT;
}

static void add_outcome(al_account *a, const al_event *event)
{
    if (!event->outcome)
        return;
    if (event->type)
        al_phrase_exception(&a->note, event->type, event->text);
    else
        al_text_add(&a->note, event->outcome);
    if (ignored_cancel(a, event))
        al_text_add(&a->note, ", though cancelled");
}

/* Gather's future has failed, and its other children go on. */
static void tell_children_left(al_account *a, const al_event *event)
{
    enum { MOST_TOLD = 8 };
    const al_traced_future *future = al_state_future(a->state, event->future);
    size_t count = 0;

    if (!future || future->outcome == AL_TRACED_RESULT)
        return;
    al_text_clear(&a->what);
    for (size_t i = 0; i < future->child_count; i++) {
        const al_traced_child *child = &future->children[i];

        if (!child->future || child->future->outcome != AL_TRACED_PENDING ||
            ++count > MOST_TOLD)
            continue;
        al_text_add_format(&a->what, "%c%llu ", child->is_task ? 't' : 'f',
                           (unsigned long long)child->id);
    }
    if (count == 0)
        return;
    if (count > MOST_TOLD)
        al_text_add_format(&a->what, "… %zu more ", count - MOST_TOLD);
    al_text_add(&a->what, count == 1 ? "is not cancelled: it goes on"
                                     : "are not cancelled: they go on");
    al_account_tell_aside(a, event);
}

/* An exception whose text the note cannot hold. */
static void tell_whole(al_account *a, const al_event *event)
{
    al_text_clear(&a->what);
    al_phrase_exception(&a->what, event->type, event->text);
    al_account_tell_aside(a, event);
}

static void put_end(al_account *a, const al_event *event, al_line *line)
{
    bool is_long = event->type && al_escape_columns(
                                      al_text_peek(&a->note)) > NOTE_ROOM;

    if (is_long) {
        al_text_clear(&a->note);
        al_text_add(&a->note, event->outcome);
    }
    al_account_put_effect(a, event, line, NULL);
    if (is_long)
        tell_whole(a, event);
}

/* What runs at the end of a program that nobody wrote. */
static const char *meaning_of(const char *coroutine)
{
    if (strcmp(coroutine, "BaseEventLoop.shutdown_asyncgens") == 0)
        return "clean-up: closes asynchronous generators";
    if (strcmp(coroutine, "BaseEventLoop.shutdown_default_executor") == 0)
        return "clean-up: waits for the default executor's threads";
    return NULL;
}

static void tell_new_task(al_account *a, const al_event *event, al_line *line)
{
    const char *coroutine = event->coroutine ? event->coroutine : "?";
    const char *meaning = meaning_of(coroutine);

    al_text_add_format(&a->note, meaning ? "%s" : "%s: %s()",
                       event->name ? event->name : "?", coroutine);
    al_account_put_effect(a, event, line, NULL);
    if (!meaning)
        return;
    al_text_clear(&a->what);
    al_text_add(&a->what, meaning);
    al_account_tell_aside(a, event);
}

/* -- cancellations -------------------------------------------------------- */

/* The task that failed, while its group is told so; NULL: it is not that. */
static const al_traced_task *failed_in_group(const al_loop_state *loop)
{
    const al_traced *running = loop ? loop->running : NULL;

    if (!running || !running->about || !running->about->is_task ||
        strcmp(running->callback, "TaskGroup._on_task_done") != 0)
        return NULL;
    return (const al_traced_task *)running->about;
}

static bool is_in_group(const al_traced_task *task)
{
    const al_traced_callbacks *list = &task->future.callbacks;

    for (size_t i = 0; i < list->count; i++) {
        if (strcmp(list->names[i], "TaskGroup._on_task_done") == 0)
            return true;
    }
    return false;
}

/* Whom it concerns: a task group cancels its tasks, and the one that is in its
 * body. */
static void add_concerned(al_account *a, const al_event *event,
                          const al_traced_task *task)
{
    const al_loop_state *loop = al_state_loop(a->state, event->loop);
    const al_traced_task *failed = failed_in_group(loop);

    if (failed && failed->creator == event->task)
        al_text_add(&a->note, "the group's body");
    else if (failed && failed->creator == task->creator)
        al_text_add(&a->note, "of the same group");
    else if (loop && loop->current && loop->current->future.id == task->creator
             && is_in_group(task))
        al_text_add(&a->note, "of its own TaskGroup");
    else if (loop && loop->current == task)
        al_text_add(&a->note, a->taken_back == event->task
                                  ? "again: at its next await"
                                  : "itself: at its next await");
}

static void add_request(al_account *a, const al_event *event)
{
    const al_traced_task *task = al_state_task(a->state, event->task);

    if (!task)
        return;
    add_concerned(a, event, task);
    if (task->cancelling > 1)
        al_text_add_format(&a->note, "%srequest %llu",
                           a->note.length ? ", " : "",
                           (unsigned long long)task->cancelling);
}

/* What a Runner does once its main task has ended by that. */
static bool ends_interrupt(const al_account *a, const al_event *event)
{
    const al_traced_task *task = al_state_task(a->state, event->task);

    return task && event->by == AL_BY_PROGRAM && event->count == 0 &&
           task->cancelled_by.callback &&
           strcmp(task->cancelled_by.callback, AL_SIGINT_HANDLER) == 0;
}

/* A request was taken back; that one was made has been told. */
void al_account_tell_cancelling(al_account *a, const al_event *event)
{
    al_line line;

    if (al_account_is_count(a, event))
        return;
    if (event->count == 0 && event->task == a->thrown_into)
        a->thrown_into = 0;
    line = al_account_effect(a, event);
    line.verb = "uncancel";
    al_text_add_format(&a->what, "t%llu", (unsigned long long)event->task);
    if (event->count == 0)
        al_text_add(&a->note, "no request left");
    else
        al_page_add_count(&a->note, event->count, "request");
    al_text_add(&a->note, event->count ? " left" : "");
    al_account_put_effect(a, event, &line, NULL);
    if (!ends_interrupt(a, event))
        return;
    al_text_clear(&a->what);
    al_text_add(&a->what, "ended by SIGINT alone: raises KeyboardInterrupt");
    al_account_tell_aside(a, event);
}

void al_account_tell_name(al_account *a, const al_event *event)
{
    const al_traced_task *task = al_state_task(a->state, event->task);
    al_line line = al_account_effect(a, event);

    line.verb = "set_name";
    al_phrase_task(&a->what, event->task, task ? task->name : NULL);
    al_account_put_effect(a, event, &line, NULL);
}

/* CancelledError was thrown in, and has not ended the task. */
static void tell_survival(al_account *a, const al_event *event)
{
    if (event->task != a->thrown_into)
        return;
    a->thrown_into = 0;
    al_text_clear(&a->what);
    al_text_add(&a->what, "goes on: it caught CancelledError, or cleans up");
    al_account_tell_aside(a, event);
}

/* "for t2, line 12" */
static void add_awaited(al_account *a, const al_event *event)
{
    al_phrase_awaited(&a->note, a->state, event);
    if (event->where)
        al_text_add_format(&a->note, ", line %s",
                           al_phrase_line(event->where));
}

/* -- tasks and futures ---------------------------------------------------- */

void al_account_tell_task(al_account *a, const al_event *event)
{
    al_line line = al_account_effect(a, event);

    al_text_add_format(&a->what, "t%llu", (unsigned long long)event->task);
    if (event->kind == AL_EVENT_TASK) {
        tell_new_task(a, event, &line);
        return;
    }
    if (event->kind == AL_EVENT_TASK_WAITS)
        add_awaited(a, event);
    else if (event->kind == AL_EVENT_TASK_CANCEL)
        add_request(a, event);
    else
        add_outcome(a, event);
    put_end(a, event, &line);
    if (event->kind == AL_EVENT_TASK_WAITS)
        tell_survival(a, event);
}

void al_account_tell_future(al_account *a, const al_event *event)
{
    al_line line = al_account_effect(a, event);

    al_text_add_format(&a->what, "f%llu", (unsigned long long)event->future);
    add_outcome(a, event);
    put_end(a, event, &line);
    if (event->kind == AL_EVENT_FUTURE_DONE)
        tell_children_left(a, event);
}

/* What asyncio adds for itself is a means: what it is for is told. */
static bool is_asyncios(const char *callback)
{
    static const char *const own[] = {
        "gather.", "TaskGroup.", "shield.", "_log_on_exception", "_wait.",
        "_AsCompletedIterator.", "_release_waiter", "_chain_future.",
        "_run_until_complete_cb", "functools.partial(<function _release_wai",
    };

    for (size_t i = 0; i < sizeof own / sizeof *own; i++) {
        if (strncmp(callback, own[i], strlen(own[i])) == 0)
            return true;
    }
    return false;
}

void al_account_tell_done_callback(al_account *a, const al_event *event)
{
    bool is_added = event->kind == AL_EVENT_ADD_DONE_CALLBACK;
    al_line line;

    if (!event->callback || is_asyncios(event->callback))
        return;
    line = al_account_effect(a, event);
    line.verb = is_added ? "add_done" : "remove_done";
    al_text_add(&a->what, event->callback);
    al_text_add_format(&a->note, "%s %c%llu is done",
                       is_added ? "when" : "no longer when",
                       event->task ? 't' : 'f',
                       (unsigned long long)(event->task ? event->task
                                                        : event->future));
    al_account_put_effect(a, event, &line, event->callback);
}

static bool are_cancelled(const al_account *a, const al_traced_future *future)
{
    for (size_t i = 0; i < future->child_count; i++) {
        const al_traced_child *child = &future->children[i];
        const al_traced_task *task =
            child->is_task ? al_state_task(a->state, child->id) : NULL;

        if (!task || task->cancelling == 0)
            return false;
    }
    return true;
}

/* What the future is that was told of just before. */
void al_account_tell_gather(al_account *a, const al_event *event)
{
    const al_traced_future *future = al_state_future(a->state, event->future);

    if (!future)
        return;
    al_text_clear(&a->what);
    al_text_add_format(&a->what, "f%llu",
                       (unsigned long long)event->future);
    al_phrase_children(&a->what, future);
    if (event->by == AL_BY_PROGRAM && are_cancelled(a, future))
        al_text_add(&a->what, ": clean-up waits for what it has cancelled");
    al_account_tell_aside(a, event);
}

void al_account_tell_result(al_account *a, const al_event *event)
{
    al_text_clear(&a->what);
    al_text_add_format(&a->what, "returned %s",
                       event->text ? event->text : "?");
    al_account_tell_aside(a, event);
}

void al_account_tell_dropped(al_account *a, const al_event *event)
{
    al_line line;

    if (event->primitive) /* it was nobody's any more: so what */
        return;
    line = al_account_effect(a, event);
    al_text_add_format(&a->what, event->task ? "t%llu" : "f%llu",
                       (unsigned long long)(event->task ? event->task
                                                        : event->future));
    al_text_add(&a->note, "still pending");
    al_account_put_effect(a, event, &line, NULL);
}

/* A line of the report. */
static void tell_report_line(al_account *a, const al_event *event,
                             const char *text, size_t length,
                             unsigned indent)
{
    al_line line = {.indent = al_account_indent(a, event) + indent,
                    .is_wide = true, .most_lines = 12};

    al_text_clear(&a->what);
    al_text_add_bytes(&a->what, text, length);
    line.what = a->what.bytes;
    al_account_put(a, al_sign_text(AL_EVENT_DEADLOCK, a->what.bytes), &line);
}

void al_account_tell_deadlock(al_account *a, const al_event *event)
{
    al_line line = al_account_effect(a, event);

    a->is_deadlocked = true;
    line.verb_role = line.what_role = AL_ROLE_ERROR;
    al_text_add(&a->what, "nothing can ever happen again");
    al_account_put_effect(a, event, &line, NULL);
    for (const char *rest = event->text; rest && *rest;) {
        size_t length = strcspn(rest, "\n");
        size_t spaces = strspn(rest, " ");

        if (length > spaces)
            tell_report_line(a, event, rest + spaces, length - spaces,
                             (unsigned)spaces);
        rest += length + (rest[length] == '\n');
    }
}
