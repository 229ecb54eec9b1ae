/* turn.c - the chapters of the account, and the frame of each turn:
 * its heading, select, and the runs of callbacks.
 *
 * Two kinds of line have to wait for a later event: `run` for how long it
 * took, and `select` for what woke it. */
#include "cli/account/private.h"

#include <stdio.h>
#include "cli/phrases.h"

enum { FLUSH_AT = 32 << 10 }; /* bytes gathered before the sink sees them */

static void end_select(al_account *a);
static void end_run(al_account *a, double duration);

/* -- chapters ----------------------------------------------------------- */

static bool is_in_range(const al_account *a, uint64_t iteration)
{
    return iteration >= a->options.first &&
           (a->options.last == 0 || iteration <= a->options.last);
}

/* What is asked for one by one is not folded. */
static bool folds_chapters(const al_account *a)
{
    return a->options.first == 0 && a->options.last == 0;
}

void al_account_end_chapter(al_account *a)
{
    al_account_tell_ties(a);
    al_account_tell_fate(a, NULL);
    end_select(a);
    if (a->run_handle)
        end_run(a, 0);
    al_repeats_flush(&a->lines, &a->text);
    al_repeats_flush(&a->runs, &a->text);
    if (a->chapter != AL_NO_CHAPTER && !a->is_hidden &&
        (a->chapter == AL_CHAPTER_ITERATION || a->has_lines)) {
        al_text_add_char(&a->text, '\n');
        al_repeats_add(&a->chapters, a->chapter_sign, &a->text, &a->out);
        a->chapters.latest = a->chapter_number;
        a->chapters.latest_time = a->chapter_time;
        if (!folds_chapters(a))
            al_repeats_flush(&a->chapters, &a->out);
    }
    if (a->out.length >= FLUSH_AT)
        al_account_write(a);
    a->chapter = AL_NO_CHAPTER;
}

void al_account_begin_chapter(al_account *a, al_chapter kind, uint64_t number,
                              double time)
{
    al_account_end_chapter(a);
    a->busy = 0;
    a->chapter = kind;
    a->is_hidden = kind == AL_CHAPTER_ITERATION ? !is_in_range(a, number)
                                                : a->options.first > 1;
    a->has_lines = false;
    a->chapter_number = number;
    a->chapter_loop = 1;
    a->chapter_time = time;
    a->chapter_sign = kind == AL_CHAPTER_PROGRAM ? ++a->programs : 0;
    al_text_clear(&a->text);
    if (kind == AL_CHAPTER_PROGRAM && !a->is_hidden)
        al_page_add_heading(&a->page, &a->text, "program", "",
                            a->is_deadlocked ? "cleans up after the deadlock"
                                             : "");
    if (kind == AL_CHAPTER_PROGRAM)
        a->is_deadlocked = false;
}

static void add_heading(al_account *a, const al_event *event)
{
    char heading[64];

    if (event->loop == 1)
        snprintf(heading, sizeof heading, "iteration %llu",
                 (unsigned long long)event->n);
    else
        snprintf(heading, sizeof heading, "iteration %llu of l%llu",
                 (unsigned long long)event->n, (unsigned long long)event->loop);
    al_text_clear(&a->what);
    al_page_add_seconds(&a->what, event->time);
    al_text_clear(&a->note);
    al_text_add_format(&a->note, "ready %llu  scheduled %llu",
                       (unsigned long long)event->ready,
                       (unsigned long long)event->scheduled);
    if (event->cancelled)
        al_text_add_format(&a->note, " (%llu cancelled)",
                           (unsigned long long)event->cancelled);
    al_page_add_heading(&a->page, &a->text, heading, a->what.bytes,
                        a->note.bytes);
}

void al_account_tell_iteration(al_account *a, const al_event *event)
{
    if (a->options.quiet)
        return;
    if (event->n > a->last_iteration)
        a->last_iteration = event->n;
    al_account_begin_chapter(a, AL_CHAPTER_ITERATION, event->n, event->time);
    a->chapter_loop = event->loop;
    if (a->is_hidden)
        return;
    add_heading(a, event);
    al_account_tell_near_miss(a, event);
}

/* -- select ------------------------------------------------------------- */

/* The phrase of what it may do; then, once it is known, of what it did. */
void al_account_tell_select(al_account *a)
{
    al_line line = {.indent = AL_BLOCK_INDENT, .verb = "select"};

    a->select_is_told = true;
    line.what = a->pending.bytes;
    al_text_clear(&a->line);
    al_page_add_line(&a->page, &a->line, &line);
    al_account_put_made(a, al_sign_number(0, AL_EVENT_SELECT + 1u), 0);
}

void al_account_start_select(al_account *a, const al_event *event)
{
    a->in_select = true;
    a->select_is_told = false;
    a->select_time = event->time;
    a->timeout = event->timeout;
    al_text_clear(&a->pending);
    al_phrase_timeout(&a->pending, event->timeout);
    if (event->timeout == a->options.knobs.maximum_select_timeout)
        al_text_add(&a->pending, ", the most asyncio allows");
}

/* Select never returned: the run ended in it. */
static void end_select(al_account *a)
{
    if (!a->in_select)
        return;
    if (!a->select_is_told) {
        al_text_add(&a->pending, ": does not return");
        al_account_tell_select(a);
    }
    a->in_select = false;
}

/* What woke it, and when. */
static void phrase_waking(const al_account *a, const al_event *event,
                          al_text *out)
{
    bool has_moved = event->time != a->select_time;
    bool sleeps = a->timeout != 0; /* a real clock moves all the same */

    if (has_moved && !event->fds && a->select_is_told) {
        al_text_add(out, "by the timeout, at ");
        al_page_add_seconds(out, event->time);
        return;
    }
    if (event->fds)
        al_phrase_fds(out, event->fds);
    else if (has_moved)
        al_text_add(out, sleeps ? "slept" : "returned");
    if (has_moved) {
        al_text_add(out, sleeps && !event->fds ? " until " : " at ");
        al_page_add_seconds(out, event->time);
    } else if (event->fds && a->timeout != 0) {
        al_text_add(out, " already");
    } else if (!event->fds && a->timeout != 0) {
        al_text_add(out, "slept, but time() has not moved");
    }
}

void al_account_tell_wake(al_account *a, const al_event *event)
{
    bool is_told = a->select_is_told;
    uint64_t sign =
        al_sign_number(al_account_sign_of(event, event->fds), a->timeout != 0);
    al_line line = {
        .indent = AL_BLOCK_INDENT,
        .verb = is_told ? "woke" : "select",
    };

    al_text_clear(&a->what);
    phrase_waking(a, event, &a->what);
    if (!is_told) {
        if (a->what.length > 0)
            al_text_add(&a->pending, ": ");
        al_text_add_bytes(&a->pending, al_text_peek(&a->what), a->what.length);
    } else if (a->what.length == 0) {
        al_text_add(&a->what, "at once");
    }
    line.what = is_told ? a->what.bytes : a->pending.bytes;
    a->in_select = false;
    al_account_put(a, sign, &line);
}

/* -- callbacks ---------------------------------------------------------- */

static void note_task(al_account *a, const al_event *event)
{
    const al_traced_task *task =
        event->task ? al_state_task(a->state, event->task) : NULL;

    al_text_clear(&a->stepped);
    if (task)
        al_phrase_task(&a->stepped, event->task, task->name);
}

void al_account_start_run(al_account *a, const al_event *event)
{
    const al_traced *handle = al_state_handle(a->state, event->handle);

    if (a->run_handle)
        end_run(a, 0);
    al_repeats_flush(&a->lines, &a->text);
    al_text_clear(&a->pending);
    al_text_clear(&a->run_effects);
    al_phrase_call(&a->pending, event->callback ? event->callback : "?",
                   handle ? handle->args : NULL);
    a->run_sign = al_account_sign_of(event, event->callback);
    a->run_handle = event->handle ? event->handle : UINT64_MAX;
    a->has_lines = true;
    note_task(a, event);
    al_account_tell_wakeup(a, event);
}

static void end_run(al_account *a, double duration)
{
    al_line line = {
        .indent = AL_BLOCK_INDENT,
        .verb = "run",
        .handle = a->run_handle,
        .what = a->pending.bytes,
        .what_role = AL_ROLE_CALLBACK,
    };

    al_repeats_flush(&a->lines, &a->run_effects);
    al_text_clear(&a->note);
    if (duration > 0) {
        al_text_add(&a->note, "took ");
        al_page_add_rough_seconds(&a->note, duration);
        al_text_add(&a->note, a->stepped.length ? ", " : "");
    }
    al_text_add_bytes(&a->note, al_text_peek(&a->stepped), a->stepped.length);
    line.note = al_account_text(&a->note);
    al_text_clear(&a->line);
    al_page_add_line(&a->page, &a->line, &line);
    al_text_add_bytes(&a->line, al_text_peek(&a->run_effects),
                      a->run_effects.length);
    al_repeats_add(&a->runs, a->run_sign, &a->line, &a->text);
    a->runs.latest = a->run_handle;
    a->chapter_sign = al_sign_number(a->chapter_sign, a->run_sign);
    a->run_handle = 0;
}

void al_account_tell_ran(al_account *a, const al_event *event)
{
    if (a->run_handle)
        end_run(a, event->duration);
}
