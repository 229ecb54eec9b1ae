/* effects.c - what a callback, the program or the world does: a line
 * of the account for each kind of event. */
#include "cli/account/private.h"

#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include "cli/phrases.h"

/* -- handles ------------------------------------------------------------ */

/* A thread that should have called call_soon_threadsafe. */
static bool leaves_select_asleep(const al_account *a, const al_event *event)
{
    const al_loop_state *loop = al_state_loop(a->state, event->loop);

    return event->by == AL_BY_WORLD &&
           event->kind != AL_EVENT_CALL_SOON_THREADSAFE && loop &&
           loop->phase == AL_LOOP_SELECTING &&
           !al_state_is_interrupting(a->state);
}

void al_account_tell_scheduled(al_account *a, const al_event *event)
{
    al_line line = al_account_effect(a, event);

    if (event->kind == AL_EVENT_CALL_SOON_THREADSAFE)
        line.verb = "threadsafe"; /* the whole name would break the columns */
    al_phrase_call(&a->what, event->callback ? event->callback : "?",
                   event->args);
    if (event->kind == AL_EVENT_CALL_AT)
        al_phrase_deadline(&a->note, event->when, event->time);
    if (event->task)
        al_text_add_format(&a->note, "steps t%llu",
                           (unsigned long long)event->task);
    if (leaves_select_asleep(a, event))
        al_text_add(&a->note, a->note.length ? ", wakes nobody"
                                             : "does not wake select");
    al_account_add_loop(a, event->loop);
    al_account_put_effect(a, event, &line, event->callback);
}

static bool is_self_pipe(const al_event *event)
{
    return event->fd && strcmp(event->fd, "self") == 0;
}

void al_account_tell_watch(al_account *a, const al_event *event)
{
    al_line line = al_account_effect(a, event);

    if (is_self_pipe(event))
        return;
    if (event->kind == AL_EVENT_ADD_SIGNAL)
        line.verb = "add_signal";
    al_phrase_call(&a->what, event->callback ? event->callback : "?",
                   event->args);
    if (event->kind == AL_EVENT_ADD_SIGNAL) {
        al_text_add(&a->note, "on ");
        al_phrase_signal(&a->note, event->sig);
    } else {
        al_text_add_format(
            &a->note, "when %s is %s", event->fd ? event->fd : "?",
            event->kind == AL_EVENT_ADD_READER ? "readable" : "writable");
    }
    al_account_add_loop(a, event->loop);
    al_account_put_effect(a, event, &line, event->callback);
}

void al_account_tell_unwatch(al_account *a, const al_event *event)
{
    al_line line = al_account_effect(a, event);

    if (is_self_pipe(event))
        return;
    if (event->kind == AL_EVENT_REMOVE_SIGNAL) {
        line.verb = "remove_signal";
        al_phrase_signal(&a->what, event->sig);
    } else {
        al_text_add(&a->what, event->fd ? event->fd : "?");
    }
    al_account_add_loop(a, event->loop);
    al_account_put_effect(a, event, &line, NULL);
}

static void phrase_cancelled(al_text *out, const al_traced *handle)
{
    if (handle->is_dropped) {
        al_text_add(out, "was dropped by close()");
    } else if (handle->in_heap) {
        al_text_add(out, "was due at ");
        al_page_add_seconds(out, handle->when);
    } else if (handle->in_ready > 0) {
        al_text_add(out, "was ready: to be skipped");
    } else if (handle->watches > 0) {
        al_text_add(out, "was watching");
    }
}

/* sleep() cancels its timer whatever happened: also when that woke it. */
static bool is_spent_sleep(const al_account *a, const al_event *event)
{
    const al_loop_state *loop = al_state_loop(a->state, event->loop);
    const al_traced_task *task = loop ? loop->current : NULL;

    return task && task->woken && event->handle != 0 &&
           task->woken->done_by.handle == event->handle;
}

/* Of the self-pipe, which close alone cancels, nothing is said. */
void al_account_tell_cancel(al_account *a, const al_event *event)
{
    const al_traced *handle = al_state_handle(a->state, event->handle);
    al_line line = al_account_effect(a, event);

    if (handle && handle->watches > 0 &&
        al_is_self_pipe_callback(handle->callback))
        return;
    if (is_spent_sleep(a, event))
        return;
    if (handle)
        al_phrase_handle(&a->what, handle);
    if (handle)
        phrase_cancelled(&a->note, handle);
    else
        al_text_add(&a->note, "was over already");
    al_account_add_loop(a, handle ? handle->loop : a->chapter_loop);
    al_account_put_effect(a, event, &line, handle ? handle->callback : NULL);
}

void al_account_tell_handle(al_account *a, const al_event *event)
{
    const al_traced *handle = al_state_handle(a->state, event->handle);
    al_line line = al_account_effect(a, event);

    al_phrase_handle(&a->what, handle);
    if (handle && handle->is_cancelled)
        al_text_add(&a->note, "cancelled");
    else if (handle && al_is_self_pipe_callback(handle->callback))
        al_text_add(&a->note, "the loop's own: wakes select");
    al_account_put_effect(a, event, &line, handle ? handle->callback : NULL);
}

/* -- logs and exceptions ------------------------------------------------ */

/* The default exception handler logs what it was handed: what was told there
 * is not told again. */
static const char *without_message(const al_account *a, const char *text)
{
    size_t length = a->message.length;

    if (length == 0 || strncmp(text, a->message.bytes, length) != 0)
        return text;
    return text[length] == '\n' || text[length] == '\0' ? text + length
                                                       : text;
}

static void add_asyncios_log(al_account *a, const char *text)
{
    const char *rest = without_message(a, text);

    if (rest != text)
        al_text_add(&a->what, "logged by the default exception handler");
    al_text_add(&a->what, rest);
}

/* A text that has lines, such as a call graph, is shown as it is. */
static unsigned newlines_in(const char *text)
{
    enum { MOST = 60 };
    unsigned count = 0;

    for (; *text && count < MOST; text++)
        count += *text == '\n';
    return count;
}

void al_account_tell_log(al_account *a, const al_event *event)
{
    const char *text = event->text ? event->text : "";
    al_line line = al_account_effect(a, event);
    char level[24];

    line.verb_role = line.what_role = AL_ROLE_LOG;
    line.most_lines = 3 + newlines_in(text);
    if (event->level) {
        snprintf(level, sizeof level, "%s", event->level);
        for (char *c = level; *c; c++)
            *c = *c >= 'A' && *c <= 'Z' ? (char)(*c + 32) : *c;
        line.verb = level;
        line.verb_role = line.what_role = AL_ROLE_WARNING;
        add_asyncios_log(a, text);
    } else {
        al_text_add(&a->what, text);
    }
    al_account_put_effect(a, event, &line, event->level);
}

void al_account_tell_exception(al_account *a, const al_event *event)
{
    al_line line = al_account_effect(a, event);
    al_line message = {.indent = line.indent, .most_lines = 3};

    line.most_lines = 3;
    line.verb = event->kind == AL_EVENT_EXCEPTION ? "exception" : "thread";
    line.verb_role = line.what_role = AL_ROLE_ERROR;
    if (event->function)
        al_text_add_format(&a->what, "%s: ", event->function);
    if (event->type || !event->message)
        al_phrase_exception(&a->what, event->type, event->text);
    else
        al_text_add(&a->what, event->message);
    al_account_put_effect(a, event, &line, event->type);
    al_text_clear(&a->message);
    if (!event->message)
        return;
    al_text_add(&a->message, event->message);
    if (!event->type)
        return;
    message.what = event->message;
    message.what_role = AL_ROLE_NOTE;
    al_account_put(a, al_account_sign_of(event, event->message), &message);
}

static void add_place(al_text *out, const char *before, const al_event *event)
{
    if (event->where)
        al_text_add_format(out, "%s%s", before, event->where);
    if (event->where && event->function)
        al_text_add_format(out, " in %s", event->function);
}

static bool has_role(const al_event *event, const char *role)
{
    return event->role && strcmp(event->role, role) == 0;
}

/* One that nobody told of before: the handler's own, or the run's last. */
static void tell_another(al_account *a, const al_event *event,
                         const char *verb, const char *meaning)
{
    al_line line = al_account_effect(a, event);

    line.verb = verb;
    line.verb_role = line.what_role = AL_ROLE_ERROR;
    line.most_lines = 3;
    al_phrase_exception(&a->what, event->type, event->text);
    al_account_put_effect(a, event, &line, event->type);
    al_text_clear(&a->what);
    al_text_add(&a->what, meaning);
    add_place(&a->what, ", at ", event);
    al_account_tell_aside(a, event);
}

void al_account_tell_raised(al_account *a, const al_event *event)
{
    if (has_role(event, "handler")) {
        tell_another(a, event, "exception", "raised by the handler itself");
        return;
    }
    if (has_role(event, "exit")) {
        tell_another(a, event, "exit", "no exception handler gets it: the run "
                                       "ends");
        return;
    }
    if (has_role(event, "clean-up")) {
        tell_another(a, event, "failed", "the clean-up after what ended the "
                                         "run");
        return;
    }
    al_text_clear(&a->what);
    if (has_role(event, "raised")) {
        add_place(&a->what, "raised at ", event);
    } else if (has_role(event, "called")) {
        add_place(&a->what, "called at ", event);
    } else if (has_role(event, "dropped")) {
        add_place(&a->what, "let go of at ", event);
    } else {
        al_text_add(&a->what, has_role(event, "cause") ? "caused by "
                                                       : "while handling ");
        al_phrase_exception(&a->what, event->type, event->text);
        add_place(&a->what, ", at ", event);
    }
    al_account_tell_aside(a, event);
}

void al_account_tell_handler(al_account *a, const al_event *event)
{
    al_text_clear(&a->what);
    al_text_add_format(&a->what, "handed to %s()",
                       event->callback ? event->callback : "?");
    al_account_tell_aside(a, event);
}

/* -- the world ---------------------------------------------------------- */

/* Does a loop handle the signal? */
static bool is_handled(const al_account *a, uint64_t sig)
{
    const al_loop_state *loop;

    for (size_t i = 0; (loop = al_state_loop_at(a->state, i)) != NULL; i++) {
        for (const al_watched *w = loop->watches; w; w = w->next) {
            if (!w->fd && w->sig == sig)
                return true;
        }
    }
    return false;
}

/* What Python makes of a signal that no loop handles: of SIGINT it is known
 * only by what comes next whether a Runner does. */
void al_account_tell_fate(al_account *a, const al_event *next)
{
    al_line line = {.indent = a->signal_indent, .what_role = AL_ROLE_NOTE,
                    .most_lines = 3};

    if (!a->signal)
        return;
    al_text_clear(&a->what);
    if (next && al_state_is_interrupting(a->state))
        al_text_add_format(&a->what,
                           "handled by the Runner of asyncio.run: cancels "
                           "t%llu",
                           (unsigned long long)next->task);
    else
        al_text_add_format(&a->what, "no loop handles it: it raises %s",
                           a->signal == SIGINT ? "KeyboardInterrupt"
                                               : "SystemExit");
    line.what = a->what.bytes;
    al_account_put(a, al_sign_number(0, a->signal), &line);
    a->signal = 0;
}

static void note_signal(al_account *a, const al_event *event)
{
    if (event->kind != AL_EVENT_WORLD_SIGNAL || is_handled(a, event->sig))
        return;
    a->signal = event->sig;
    a->signal_indent = al_account_indent(a, event);
}

void al_account_tell_world(al_account *a, const al_event *event)
{
    al_line line = al_account_effect(a, event);

    line.verb = "world";
    line.verb_role = line.what_role = AL_ROLE_WORLD;
    if (event->kind == AL_EVENT_WORLD_FD)
        al_text_add_format(&a->what, "%s is %s", event->fd ? event->fd : "?",
                           al_phrase_readiness(event->fds));
    else if (event->kind == AL_EVENT_WORLD_SIGNAL)
        al_phrase_signal(&a->what, event->sig);
    else
        al_text_add_format(&a->what, "thread %s",
                           event->function ? event->function : "?");
    al_text_add(&a->note, "at ");
    al_page_add_seconds(&a->note, event->time);
    al_account_put_effect(a, event, &line, event->fd);
    note_signal(a, event);
}

/* What a pool of threads does beside the loop. */
void al_account_tell_job(al_account *a, const al_event *event)
{
    const char *function = event->function ? event->function : "?";
    al_line line = al_account_effect(a, event);

    line.verb = "job";
    al_text_add_format(&a->what, "%llu", (unsigned long long)event->job);
    if (event->kind == AL_EVENT_JOB)
        al_text_add_format(&a->note, "%s() for an executor",
                           event->callback ? event->callback : "?");
    else
        al_text_add_format(&a->note, "%s %s at ",
                           event->kind == AL_EVENT_JOB_BEGUN ? "begins in"
                                                             : "ends in",
                           function);
    if (event->kind != AL_EVENT_JOB)
        al_page_add_seconds(&a->note, event->time);
    al_account_put_effect(a, event, &line, NULL);
}

void al_account_tell_busy(al_account *a, const al_event *event)
{
    al_line line = al_account_effect(a, event);

    al_page_add_rough_seconds(&a->what, event->duration);
    al_text_add(&a->note, "until ");
    al_page_add_seconds(&a->note, event->time + event->duration);
    al_account_put_effect(a, event, &line, NULL);
    if (a->busy < AL_MOST_BUSY)
        a->work[a->busy++] = event->duration;
}

/* An exception that a signal raises cuts it short. */
void al_account_tell_worked(al_account *a, const al_event *event)
{
    double asked, rounding = 1e-9 * (1 + fabs(event->time));
    al_line line;

    if (a->busy == 0)
        return;
    asked = a->work[--a->busy];
    if (fabs(event->duration - asked) <= rounding)
        return;
    line = al_account_effect(a, event);
    al_page_add_rough_seconds(&a->what, event->duration);
    al_text_add(&a->note, event->duration > asked ? "threads took "
                                                  : "cut short by ");
    al_page_add_rough_seconds(&a->note, fabs(event->duration - asked));
    al_account_put_effect(a, event, &line, NULL);
}

void al_account_tell_drain(al_account *a, const al_event *event)
{
    al_line line = al_account_effect(a, event);

    al_text_add(&a->what, event->fd ? event->fd : "?");
    al_account_put_effect(a, event, &line, event->fd);
}

/* -- the loop ----------------------------------------------------------- */

void al_account_tell_step(al_account *a, const al_event *event,
                          const char *verb, const char *note)
{
    al_line line = al_account_effect(a, event);

    line.verb = verb;
    al_text_add(&a->note, note);
    al_account_add_loop(a, event->loop);
    al_account_put_effect(a, event, &line, NULL);
}

/* stop() only leaves a note, which is read at the end of an iteration. */
static const char *meaning_of_stop(const al_loop_state *loop)
{
    if (!loop || loop->phase == AL_LOOP_CREATED ||
        loop->phase == AL_LOOP_STOPPED)
        return "the next run: after one iteration";
    return loop->phase == AL_LOOP_CLOSED ? "closed: it will not run again"
                                         : "after this iteration";
}

void al_account_tell_stop(al_account *a, const al_event *event)
{
    al_account_tell_step(a, event, "stop",
                         meaning_of_stop(al_state_loop(a->state,
                                                       event->loop)));
}

static void add_dropped(al_text *out, uint64_t count, const char *noun)
{
    if (count == 0)
        return;
    al_text_add(out, out->length ? ", " : "drops ");
    al_page_add_count(out, count, noun);
}

void al_account_tell_close(al_account *a, const al_event *event)
{
    al_text note = {0};

    add_dropped(&note, a->dropped_ready, "ready handle");
    add_dropped(&note, a->dropped_timers, "timer");
    al_account_tell_step(a, event, "close", al_text_peek(&note));
    al_text_release(&note);
}
