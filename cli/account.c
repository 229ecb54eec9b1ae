/* account.c - the readable account of a run.
 *
 * The account is made of chapters: an iteration of a loop, or what the
 * program did outside of one.  A chapter is made of blocks: a callback's run
 * with its effects indented beneath, or a single line.  At each of the three
 * levels a folder (folder.h) shortens what repeats itself: 97 timers
 * scheduled in a row, 500 callbacks that do the same, a million iterations
 * that each fire one timer.
 *
 * Everything is told from (event, state); two kinds of line have to wait for
 * a later event: `run` for how long it took, and `select` for what woke it.
 *
 *   iteration 3     0.5 s                            ready 0  scheduled 2
 *     select        up to 0.5 s: slept until 1.0 s
 *     due           h3    tick('a')                  at 1.0 s
 *     run           h3    tick('a')                  took 0.25 s
 *       log         hello
 *       call_at     h5    tick('b')                  at 1.75 s (in 0.5 s)
 */
#include "cli/account.h"

#include <stdio.h>
#include <string.h>
#include "cli/folder.h"
#include "cli/page.h"
#include "cli/phrases.h"
#include "cli/summary.h"
#include "loop/base/alloc.h"
#include "sim/base/escape.h"
#include "sim/trace/state.h"

enum {
    FLUSH_AT = 32 << 10, /* bytes gathered before the sink sees them */
    BLOCK_INDENT = 2,
    EFFECT_INDENT = 4,
    DEEPER = 2,          /* what the world does, beneath what it is in */
    MOST_TIES = 64       /* ids told of timers that were tied */
};

typedef enum chapter { NO_CHAPTER, PROGRAM, ITERATION } chapter;

typedef struct ties { /* timers that came due in a row, of one deadline */
    double when;
    uint64_t ids[MOST_TIES];
    uint64_t count;
    bool is_fifo;
} ties;

struct al_account {
    al_sink sink;
    al_account_options options;
    al_page page;
    al_state *state;
    al_text out;      /* what the sink has not seen */

    chapter chapter;
    bool is_hidden;   /* not among the iterations to be shown */
    bool has_lines;   /* in the chapter */
    uint64_t chapter_number;
    double chapter_time;
    uint64_t chapter_sign;
    uint64_t programs; /* chapters of the program so far */
    al_text text;      /* of the chapter */

    uint64_t run_handle; /* in a callback: its handle; 0: not in one */
    uint64_t run_sign;
    al_text run_effects;
    bool in_select, select_is_told;
    double select_time, timeout;
    al_text pending;     /* what run or select will be told with */
    ties ties;
    uint64_t near_scheduled, near_cancelled; /* of the latest near miss */

    al_text message;     /* of the latest exception */

    al_folder lines, runs, chapters;
    al_text line, what, note; /* for the line being made */

    al_text waiting; /* what the loops held when they stopped */
    bool has_ended;
    double time;
    char *end_type, *end_text;
    al_error error;
    bool has_failed;
};

/* -- output ------------------------------------------------------------- */

static void write_out(al_account *a)
{
    if (!a->has_failed && a->out.length > 0 &&
        !al_sink_write(a->sink, a->out.bytes, a->out.length, &a->error)) {
        a->has_failed = true;
        if (a->options.failed)
            atomic_store(a->options.failed, true);
    }
    al_text_clear(&a->out);
}

/* -- folding ------------------------------------------------------------ */

static void tell_hidden_lines(void *self, const al_folder *folder,
                              al_text *out)
{
    al_account *a = self;
    al_text note = {0};
    al_line line = {.indent = EFFECT_INDENT};

    al_text_add_format(&note, "… and %llu more like that",
                       (unsigned long long)folder->held);
    if (folder->latest)
        al_text_add_format(&note, ", to h%llu",
                           (unsigned long long)folder->latest);
    line.note = note.bytes;
    al_page_add_line(&a->page, out, &line);
    al_text_release(&note);
}

static void tell_hidden_chapters(void *self, const al_folder *folder,
                                 al_text *out)
{
    al_account *a = self;
    al_text text = {0};

    al_text_add_format(&text,
                       "… and %llu more iterations like that, the last %llu "
                       "at ",
                       (unsigned long long)folder->held,
                       (unsigned long long)folder->latest);
    al_page_add_seconds(&text, folder->latest_time);
    al_palette_begin(out, a->options.color, AL_ROLE_NOTE);
    al_escape_add_cut(out, text.bytes, a->page.width);
    al_palette_end(out, a->options.color, AL_ROLE_NOTE);
    al_text_add(out, "\n\n");
    al_text_release(&text);
}

/* -- lines -------------------------------------------------------------- */

static void begin_chapter(al_account *a, chapter kind, uint64_t number,
                          double time);

/* Where lines go now. */
static al_text *here(al_account *a)
{
    return a->run_handle ? &a->run_effects : &a->text;
}

static unsigned indent_of(const al_account *a, const al_event *event)
{
    unsigned indent = a->run_handle ? EFFECT_INDENT : BLOCK_INDENT;

    if (a->in_select && a->select_is_told)
        indent += DEEPER;
    if (event->by == AL_BY_WORLD)
        indent += DEEPER;
    return indent;
}

static void add_sign(al_account *a, uint64_t sign)
{
    if (a->run_handle)
        a->run_sign = al_sign_number(a->run_sign, sign);
    else
        a->chapter_sign = al_sign_number(a->chapter_sign, sign);
}

/* A line that is made already, in a->line. */
static void put_made(al_account *a, uint64_t sign, uint64_t id)
{
    if (!a->run_handle)
        al_folder_flush(&a->runs, &a->text);
    al_folder_add(&a->lines, sign, &a->line, here(a));
    a->lines.latest = id;
    a->has_lines = true;
    add_sign(a, sign);
}

static void put(al_account *a, uint64_t sign, const al_line *line)
{
    sign = al_sign_number(sign, line->indent);
    if (!al_folder_hides(&a->lines, sign)) {
        al_text_clear(&a->line);
        al_page_add_line(&a->page, &a->line, line);
    }
    put_made(a, sign, line->handle);
}

/* Two lines are alike if they are of one kind and concern the same name;
 * whatever else they say may differ. */
static uint64_t sign_of(const al_event *event, const char *name)
{
    return al_sign_text(al_sign_number(0, event->kind + 1u), name);
}

static void tell_select(al_account *a);
static void tell_ties(al_account *a);

/* Is anything to be shown of this event?  If so, what waited for it is. */
static bool is_shown(al_account *a, const al_event *event)
{
    if (a->options.quiet)
        return false;
    if (event->kind != AL_EVENT_DUE)
        tell_ties(a);
    if (a->chapter == NO_CHAPTER)
        begin_chapter(a, PROGRAM, 0, event->time);
    if (a->is_hidden)
        return false;
    if (a->in_select && !a->select_is_told && event->kind != AL_EVENT_WAKE &&
        event->kind != AL_EVENT_STOPPED)
        tell_select(a);
    return true;
}

static al_line effect(al_account *a, const al_event *event)
{
    al_text_clear(&a->what);
    al_text_clear(&a->note);
    return (al_line){
        .indent = indent_of(a, event),
        .verb = al_event_specs[event->kind].name,
        .handle = event->handle,
    };
}

static const char *text_or_null(const al_text *text)
{
    return text->length ? text->bytes : NULL;
}

/* The line that effect began, with a->what and a->note. */
static void put_effect(al_account *a, const al_event *event, al_line *line,
                       const char *name)
{
    line->what = text_or_null(&a->what);
    line->note = text_or_null(&a->note);
    put(a, sign_of(event, name), line);
}

/* -- chapters ----------------------------------------------------------- */

static void end_run(al_account *a, double duration);
static void end_select(al_account *a);

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

static void end_chapter(al_account *a)
{
    tell_ties(a);
    end_select(a);
    if (a->run_handle)
        end_run(a, 0);
    al_folder_flush(&a->lines, &a->text);
    al_folder_flush(&a->runs, &a->text);
    if (a->chapter != NO_CHAPTER && !a->is_hidden &&
        (a->chapter == ITERATION || a->has_lines)) {
        al_text_add_char(&a->text, '\n');
        al_folder_add(&a->chapters, a->chapter_sign, &a->text, &a->out);
        a->chapters.latest = a->chapter_number;
        a->chapters.latest_time = a->chapter_time;
        if (!folds_chapters(a))
            al_folder_flush(&a->chapters, &a->out);
    }
    if (a->out.length >= FLUSH_AT)
        write_out(a);
    a->chapter = NO_CHAPTER;
}

static void begin_chapter(al_account *a, chapter kind, uint64_t number,
                          double time)
{
    end_chapter(a);
    a->chapter = kind;
    a->is_hidden = kind == ITERATION ? !is_in_range(a, number)
                                     : a->options.first > 1;
    a->has_lines = false;
    a->chapter_number = number;
    a->chapter_time = time;
    a->chapter_sign = kind == PROGRAM ? ++a->programs : 0;
    al_text_clear(&a->text);
    if (kind == PROGRAM && !a->is_hidden)
        al_page_add_heading(&a->page, &a->text, "program", "", "");
}

static void add_heading(al_account *a, const al_event *event)
{
    char heading[64];

    if (event->loop == 1)
        snprintf(heading, sizeof heading, "iteration %llu",
                 (unsigned long long)event->n);
    else
        snprintf(heading, sizeof heading, "iteration %llu of l%llu",
                 (unsigned long long)event->n,
                 (unsigned long long)event->loop);
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

/* Compaction is what people look for: say so when it is just not reached,
 * once for the same numbers. */
static void tell_near_miss(al_account *a, const al_event *event)
{
    al_line line = {.indent = BLOCK_INDENT, .verb = "no compact"};

    al_text_clear(&a->note);
    if (!al_phrase_near_miss(&a->note, event->scheduled, event->cancelled,
                             &a->options.knobs) ||
        (a->near_scheduled == event->scheduled &&
         a->near_cancelled == event->cancelled))
        return;
    a->near_scheduled = event->scheduled;
    a->near_cancelled = event->cancelled;
    line.note = a->note.bytes;
    put(a, sign_of(event, NULL), &line);
}

static void tell_iteration(al_account *a, const al_event *event)
{
    if (a->options.quiet)
        return;
    begin_chapter(a, ITERATION, event->n, event->time);
    if (a->is_hidden)
        return;
    add_heading(a, event);
    tell_near_miss(a, event);
}

/* -- select ------------------------------------------------------------- */

/* The phrase of what it may do; then, once it is known, of what it did. */
static void tell_select(al_account *a)
{
    al_line line = {.indent = BLOCK_INDENT, .verb = "select"};

    a->select_is_told = true;
    line.what = a->pending.bytes;
    al_text_clear(&a->line);
    al_page_add_line(&a->page, &a->line, &line);
    put_made(a, al_sign_number(0, AL_EVENT_SELECT + 1u), 0);
}

static void start_select(al_account *a, const al_event *event)
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
        tell_select(a);
    }
    a->in_select = false;
}

/* What woke it, and when. */
static void phrase_waking(const al_account *a, const al_event *event,
                          al_text *out)
{
    bool has_moved = event->time != a->select_time;

    if (event->fds)
        al_phrase_fds(out, event->fds);
    else if (has_moved)
        al_text_add(out, "slept");
    if (has_moved) {
        al_text_add(out, event->fds ? " at " : " until ");
        al_page_add_seconds(out, event->time);
    } else if (event->fds && a->timeout != 0) {
        al_text_add(out, " already");
    } else if (!event->fds && a->timeout != 0) {
        al_text_add(out, "slept, but time() has not moved");
    }
}

static void tell_wake(al_account *a, const al_event *event)
{
    bool is_told = a->select_is_told;
    uint64_t sign = al_sign_number(sign_of(event, event->fds), a->timeout != 0);
    al_line line = {
        .indent = BLOCK_INDENT,
        .verb = is_told ? "woke" : "select",
    };

    al_text_clear(&a->what);
    phrase_waking(a, event, &a->what);
    if (!is_told) {
        if (a->what.length > 0)
            al_text_add(&a->pending, ": ");
        al_text_add_bytes(&a->pending, al_text_peek(&a->what),
                          a->what.length);
    } else if (a->what.length == 0) {
        al_text_add(&a->what, "at once");
    }
    line.what = is_told ? a->what.bytes : a->pending.bytes;
    a->in_select = false;
    put(a, sign, &line);
}

/* -- timers ------------------------------------------------------------- */

static void remember_tie(al_account *a, const al_traced *timer)
{
    ties *t = &a->ties;

    if (t->count > 0 && t->when != timer->when)
        tell_ties(a);
    if (t->count == 0) {
        t->when = timer->when;
        t->is_fifo = true;
    } else if (t->count <= MOST_TIES && t->ids[t->count - 1] > timer->id) {
        t->is_fifo = false;
    }
    if (t->count < MOST_TIES)
        t->ids[t->count] = timer->id;
    t->count++;
}

/* Equal deadlines leave as heapq's sifting has it: show the order, and say
 * why. */
static void tell_ties(al_account *a)
{
    ties *t = &a->ties;
    uint64_t told = t->count < MOST_TIES ? t->count : MOST_TIES;
    al_line line = {
        .indent = BLOCK_INDENT,
        .what_role = AL_ROLE_NOTE,
        .most_lines = 4,
    };

    if (t->count > 1 && !a->is_hidden) {
        al_text_clear(&a->note);
        al_text_add(&a->note, t->is_fifo
                                  ? "tied: heapq's order, which is FIFO here"
                                  : "tied: heapq's order, not FIFO:");
        for (uint64_t i = 0; !t->is_fifo && i < told; i++)
            al_text_add_format(&a->note, " h%llu",
                               (unsigned long long)t->ids[i]);
        line.what = a->note.bytes;
        put(a, al_sign_number(0, t->is_fifo), &line);
    }
    t->count = 0;
}

static void tell_due(al_account *a, const al_event *event)
{
    const al_traced *timer = al_state_handle(a->state, event->handle);
    al_line line;

    if (timer && a->ties.count > 0 && a->ties.when != timer->when)
        tell_ties(a);
    line = effect(a, event);
    al_phrase_handle(&a->what, timer);
    al_phrase_due(&a->note, timer, event->time);
    put_effect(a, event, &line, timer ? timer->callback : NULL);
    if (timer)
        remember_tie(a, timer);
}

static void tell_prune(al_account *a, const al_event *event)
{
    const al_traced *timer = al_state_handle(a->state, event->handle);
    al_line line = effect(a, event);

    al_phrase_handle(&a->what, timer);
    al_text_add(&a->note, "cancelled, at the head");
    put_effect(a, event, &line, timer ? timer->callback : NULL);
}

/* `cancelled` is asyncio's count before the compaction. */
static void tell_compact(al_account *a, const al_event *event,
                         uint64_t cancelled)
{
    al_line line = effect(a, event);
    al_line after = {.indent = line.indent};

    al_phrase_share(&a->what, event->removed + event->kept, cancelled,
                    a->options.knobs.min_cancelled_timer_handles_fraction);
    al_text_add_format(&a->what, " -> %llu kept",
                       (unsigned long long)event->kept);
    line.verb_role = AL_ROLE_HEADING;
    line.what_role = AL_ROLE_HEADING;
    put_effect(a, event, &line, NULL);
    al_text_clear(&a->note);
    al_text_add_format(&a->note, "%llu dropped, the rest heapified",
                       (unsigned long long)event->removed);
    after.note = a->note.bytes;
    put(a, al_sign_number(0, AL_EVENT_COUNT), &after);
}

/* -- callbacks ---------------------------------------------------------- */

static void start_run(al_account *a, const al_event *event)
{
    const al_traced *handle = al_state_handle(a->state, event->handle);

    if (a->run_handle)
        end_run(a, 0);
    al_folder_flush(&a->lines, &a->text);
    al_text_clear(&a->pending);
    al_text_clear(&a->run_effects);
    al_phrase_call(&a->pending, event->callback ? event->callback : "?",
                   handle ? handle->args : NULL);
    a->run_sign = sign_of(event, event->callback);
    a->run_handle = event->handle ? event->handle : UINT64_MAX;
    a->has_lines = true;
}

static void end_run(al_account *a, double duration)
{
    al_line line = {
        .indent = BLOCK_INDENT,
        .verb = "run",
        .handle = a->run_handle,
        .what = a->pending.bytes,
        .what_role = AL_ROLE_CALLBACK,
    };

    al_folder_flush(&a->lines, &a->run_effects);
    al_text_clear(&a->note);
    if (duration > 0) {
        al_text_add(&a->note, "took ");
        al_page_add_seconds(&a->note, duration);
        line.note = a->note.bytes;
    }
    al_text_clear(&a->line);
    al_page_add_line(&a->page, &a->line, &line);
    al_text_add_bytes(&a->line, al_text_peek(&a->run_effects),
                      a->run_effects.length);
    al_folder_add(&a->runs, a->run_sign, &a->line, &a->text);
    a->runs.latest = a->run_handle;
    a->chapter_sign = al_sign_number(a->chapter_sign, a->run_sign);
    a->run_handle = 0;
}

static void tell_ran(al_account *a, const al_event *event)
{
    if (a->run_handle)
        end_run(a, event->duration);
}

/* -- effects ------------------------------------------------------------ */

static void tell_scheduled(al_account *a, const al_event *event)
{
    al_line line = effect(a, event);

    al_phrase_call(&a->what, event->callback ? event->callback : "?",
                   event->args);
    if (event->kind == AL_EVENT_CALL_AT)
        al_phrase_deadline(&a->note, event->when, event->time);
    put_effect(a, event, &line, event->callback);
}

static bool is_self_pipe(const al_event *event)
{
    return event->fd && strcmp(event->fd, "self") == 0;
}

static void tell_watch(al_account *a, const al_event *event)
{
    al_line line = effect(a, event);

    if (is_self_pipe(event))
        return;
    al_phrase_call(&a->what, event->callback ? event->callback : "?",
                   event->args);
    if (event->kind == AL_EVENT_ADD_SIGNAL) {
        al_text_add(&a->note, "on ");
        al_phrase_signal(&a->note, event->sig);
    } else {
        al_text_add_format(&a->note, "when %s is %s",
                           event->fd ? event->fd : "?",
                           event->kind == AL_EVENT_ADD_READER ? "readable"
                                                              : "writable");
    }
    put_effect(a, event, &line, event->callback);
}

static void tell_unwatch(al_account *a, const al_event *event)
{
    al_line line = effect(a, event);

    if (is_self_pipe(event))
        return;
    if (event->kind == AL_EVENT_REMOVE_SIGNAL)
        al_phrase_signal(&a->what, event->sig);
    else
        al_text_add(&a->what, event->fd ? event->fd : "?");
    put_effect(a, event, &line, NULL);
}

static void phrase_cancelled(al_text *out, const al_traced *handle)
{
    if (handle->in_heap) {
        al_text_add(out, "was due at ");
        al_page_add_seconds(out, handle->when);
    } else if (handle->in_ready > 0) {
        al_text_add(out, "was ready: to be skipped");
    } else if (handle->watches > 0) {
        al_text_add(out, "was watching");
    }
}

/* Of the self-pipe, which close alone cancels, nothing is said. */
static void tell_cancel(al_account *a, const al_event *event)
{
    const al_traced *handle = al_state_handle(a->state, event->handle);
    al_line line = effect(a, event);

    if (handle && handle->watches > 0 &&
        al_is_self_pipe_callback(handle->callback))
        return;
    if (handle)
        al_phrase_handle(&a->what, handle);
    if (handle)
        phrase_cancelled(&a->note, handle);
    else
        al_text_add(&a->note, "was over already");
    put_effect(a, event, &line, handle ? handle->callback : NULL);
}

/* A handle alone: ready, skip. */
static void tell_handle(al_account *a, const al_event *event,
                        const char *note)
{
    const al_traced *handle = al_state_handle(a->state, event->handle);
    al_line line = effect(a, event);

    al_phrase_handle(&a->what, handle);
    if (handle && handle->is_cancelled)
        al_text_add(&a->note, "cancelled");
    else
        al_text_add(&a->note, note);
    put_effect(a, event, &line, handle ? handle->callback : NULL);
}

/* asyncio logs what it handed to the exception handler: what was told there
 * is not told again. */
static const char *without_message(const al_account *a, const char *text)
{
    size_t length = a->message.length;

    if (length == 0 || strncmp(text, a->message.bytes, length) != 0)
        return text;
    if (text[length] == '\n')
        return text + length + 1;
    return text[length] == '\0' ? "as said" : text;
}

static void tell_log(al_account *a, const al_event *event)
{
    const char *text = event->text ? event->text : "";
    al_line line = effect(a, event);
    char level[24];

    line.verb_role = line.what_role = AL_ROLE_LOG;
    line.most_lines = 3;
    if (event->level) {
        snprintf(level, sizeof level, "%s", event->level);
        for (char *c = level; *c; c++)
            *c = *c >= 'A' && *c <= 'Z' ? (char)(*c + 32) : *c;
        line.verb = level;
        line.verb_role = line.what_role = AL_ROLE_WARNING;
        text = without_message(a, text);
    }
    al_text_add(&a->what, text);
    put_effect(a, event, &line, event->level);
}

static void tell_exception(al_account *a, const al_event *event)
{
    al_line line = effect(a, event);
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
    put_effect(a, event, &line, event->type);
    al_text_clear(&a->message);
    if (!event->message)
        return;
    al_text_add(&a->message, event->message);
    if (!event->type)
        return;
    message.what = event->message;
    message.what_role = AL_ROLE_NOTE;
    put(a, sign_of(event, event->message), &message);
}

static void tell_world(al_account *a, const al_event *event)
{
    al_line line = effect(a, event);

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
    put_effect(a, event, &line, event->fd);
}

static void tell_busy(al_account *a, const al_event *event)
{
    al_line line = effect(a, event);

    al_page_add_seconds(&a->what, event->duration);
    al_text_add(&a->note, "until ");
    al_page_add_seconds(&a->note, event->time);
    put_effect(a, event, &line, NULL);
}

static void tell_read(al_account *a, const al_event *event)
{
    al_line line = effect(a, event);

    al_text_add(&a->what, event->fd ? event->fd : "?");
    put_effect(a, event, &line, event->fd);
}

/* A step in a loop's life, with a word of what it means. */
static void tell_step(al_account *a, const al_event *event, const char *verb,
                      const char *note)
{
    al_line line = effect(a, event);

    line.verb = verb;
    if (event->loop != 1)
        al_text_add_format(&a->note, "l%llu ",
                           (unsigned long long)event->loop);
    al_text_add(&a->note, note);
    put_effect(a, event, &line, NULL);
}

/* -- snapshots ---------------------------------------------------------- */

enum { MOST_SHOWN = 200 }; /* entries of a queue */

/* One line after the other, broken between entries. */
typedef struct listing {
    al_account *account;
    const char *verb; /* of the first line */
} listing;

static void end_listing_line(listing *l)
{
    al_account *a = l->account;
    const al_line line = {
        .indent = BLOCK_INDENT,
        .verb = l->verb,
        .what = text_or_null(&a->what),
    };

    al_folder_flush(&a->lines, &a->text);
    al_page_add_line(&a->page, &a->text, &line);
    al_text_clear(&a->what);
    l->verb = NULL;
}

static void list_entry(listing *l, const al_traced *handle, bool with_time)
{
    al_account *a = l->account;
    const unsigned left = 18; /* the columns before and after */

    al_text_clear(&a->note);
    al_text_add_format(&a->note, handle->is_cancelled ? "(h%llu" : "h%llu",
                       (unsigned long long)handle->id);
    if (with_time) {
        al_text_add_char(&a->note, ' ');
        al_page_add_seconds(&a->note, handle->when);
        al_text_truncate(&a->note, a->note.length - 2);
    }
    if (handle->is_cancelled)
        al_text_add_char(&a->note, ')');
    if (a->what.length + a->note.length + left > a->page.width)
        end_listing_line(l);
    if (a->what.length > 0)
        al_text_add(&a->what, "  ");
    al_text_add(&a->what, a->note.bytes);
}

static void end_listing(listing *l, uint64_t total, const char *legend)
{
    al_account *a = l->account;
    al_line line = {.indent = BLOCK_INDENT};

    if (total == 0)
        al_text_add(&a->what, "empty");
    end_listing_line(l);
    al_text_clear(&a->note);
    if (total > MOST_SHOWN)
        al_text_add_format(&a->note, "… and %llu more",
                           (unsigned long long)(total - MOST_SHOWN));
    if (legend)
        al_text_add_format(&a->note, "%s%s", a->note.length ? "; " : "",
                           legend);
    line.note = text_or_null(&a->note);
    if (line.note)
        al_page_add_line(&a->page, &a->text, &line);
}

static void tell_snapshot(al_account *a, const al_event *event)
{
    const al_loop_state *loop = al_state_loop(a->state, event->loop);
    listing heap = {a, "heap"}, ready = {a, "ready"};

    if (!loop)
        return;
    al_text_clear(&a->what);
    for (size_t i = 0; i < loop->heap.count && i < MOST_SHOWN; i++)
        list_entry(&heap, loop->heap.entries[i].item, true);
    end_listing(&heap, loop->heap.count,
                loop->cancelled ? "in brackets: cancelled" : NULL);
    for (size_t i = 0; i < loop->ring_count && i < MOST_SHOWN; i++)
        list_entry(&ready, al_loop_state_ready(loop, i), false);
    end_listing(&ready, loop->ring_count, NULL);
    a->has_lines = true;
    a->chapter_sign = al_sign_number(a->chapter_sign, loop->heap.count);
}

/* -- the end ------------------------------------------------------------ */

/* The program may close its loops before it ends: so what they held is noted
 * when they stop. */
static void note_waiting(al_account *a, const al_event *event)
{
    const al_loop_state *loop = al_state_loop(a->state, event->loop);

    al_text_clear(&a->waiting);
    if (loop)
        al_summary_add_waiting(&a->page, &a->waiting, loop);
}

static void note_end(al_account *a, const al_event *event)
{
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
        .started = a->options.knobs.clock_start,
        .ended = a->time,
    };

    al_summary_add(&a->page, &a->out, al_state_counts(a->state), &ending);
}

/* -- events ------------------------------------------------------------- */

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
            tell_step(a, event, "new loop", "");
        break;
    case AL_EVENT_START:
        tell_step(a, event, "run_forever", "");
        break;
    case AL_EVENT_STOP:
        tell_step(a, event, "stop", "after this iteration");
        break;
    case AL_EVENT_STOPPED:
        end_chapter(a);
        break;
    case AL_EVENT_CLOSE:
        tell_step(a, event, "close", "");
        break;
    case AL_EVENT_PRUNE:
        tell_prune(a, event);
        break;
    case AL_EVENT_COMPACT:
        tell_compact(a, event, cancelled);
        break;
    case AL_EVENT_SELECT:
        start_select(a, event);
        break;
    case AL_EVENT_WAKE:
        tell_wake(a, event);
        break;
    case AL_EVENT_READY:
        tell_handle(a, event, "");
        break;
    case AL_EVENT_DUE:
        tell_due(a, event);
        break;
    case AL_EVENT_RUN:
        start_run(a, event);
        break;
    case AL_EVENT_RAN:
        tell_ran(a, event);
        break;
    case AL_EVENT_SKIP:
        tell_handle(a, event, "");
        break;
    case AL_EVENT_CALL_SOON:
    case AL_EVENT_CALL_AT:
    case AL_EVENT_CALL_SOON_THREADSAFE:
        tell_scheduled(a, event);
        break;
    case AL_EVENT_CANCEL:
        tell_cancel(a, event);
        break;
    case AL_EVENT_ADD_READER:
    case AL_EVENT_ADD_WRITER:
    case AL_EVENT_ADD_SIGNAL:
        tell_watch(a, event);
        break;
    case AL_EVENT_REMOVE_READER:
    case AL_EVENT_REMOVE_WRITER:
    case AL_EVENT_REMOVE_SIGNAL:
        tell_unwatch(a, event);
        break;
    case AL_EVENT_EXCEPTION:
    case AL_EVENT_THREAD_ERROR:
        tell_exception(a, event);
        break;
    case AL_EVENT_LOG:
        tell_log(a, event);
        break;
    case AL_EVENT_WORLD_FD:
    case AL_EVENT_WORLD_SIGNAL:
    case AL_EVENT_WORLD_THREAD:
        tell_world(a, event);
        break;
    case AL_EVENT_BUSY:
        tell_busy(a, event);
        break;
    case AL_EVENT_READ:
        tell_read(a, event);
        break;
    case AL_EVENT_SNAPSHOT:
        tell_snapshot(a, event);
        break;
    }
}

static void emit(void *self, const al_event *event)
{
    al_account *a = self;
    const al_loop_state *loop = al_state_loop(a->state, event->loop);
    uint64_t cancelled = loop ? loop->cancelled : 0;

    al_state_apply(a->state, event);
    a->time = event->time;
    if (event->kind == AL_EVENT_STOPPED)
        note_waiting(a, event);
    else if (event->kind == AL_EVENT_START)
        al_text_clear(&a->waiting);
    else if (event->kind == AL_EVENT_END)
        note_end(a, event);
    if (a->has_failed || event->kind == AL_EVENT_END)
        return;
    if (event->kind == AL_EVENT_ITERATION)
        tell_iteration(a, event);
    else if (is_shown(a, event))
        tell(a, event, cancelled);
}

static const al_observer_ops account_ops = {.emit = emit};

/* -- its life ----------------------------------------------------------- */

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
    a->lines.tell = a->runs.tell = tell_hidden_lines;
    a->chapters.tell = tell_hidden_chapters;
    a->lines.self = a->runs.self = a->chapters.self = a;
    if (options->title && !options->quiet) {
        al_page_add_heading(&a->page, &a->out, options->title, "", "");
        al_text_add_char(&a->out, '\n');
    }
    return a;
}

al_observer al_account_observer(al_account *account)
{
    return (al_observer){&account_ops, account};
}

bool al_account_finish(al_account *a, al_error *err)
{
    end_chapter(a);
    al_folder_flush(&a->chapters, &a->out);
    if (!a->options.no_summary)
        tell_summary(a);
    write_out(a);
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
    al_folder_release(&a->lines);
    al_folder_release(&a->runs);
    al_folder_release(&a->chapters);
    al_text_release(&a->out);
    al_text_release(&a->text);
    al_text_release(&a->pending);
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
