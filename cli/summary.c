/* summary.c - what a run came to; see summary.h. */
#include "cli/summary.h"

#include <stdio.h>
#include <string.h>
#include "cli/phrases.h"

/* -- what still waits --------------------------------------------------- */

enum {
    MOST_WATCHES = 20, /* named one by one */
    MOST_LINES = 3     /* of what is long */
};

static void add_watch_line(const al_page *page, al_text *out,
                           const al_traced *handle, const al_watched *watch,
                           const char *readiness)
{
    al_text what = {0}, note = {0};
    al_line line = {.indent = 2, .verb = "still waited", .handle = handle->id};

    al_phrase_handle(&what, handle);
    if (watch->fd)
        al_text_add_format(&note, "for %s to be %s", watch->fd, readiness);
    else {
        al_text_add(&note, "for ");
        al_phrase_signal(&note, watch->sig);
    }
    line.what = what.bytes;
    line.note = note.bytes;
    al_page_add_line(page, out, &line);
    al_text_release(&what);
    al_text_release(&note);
}

static bool is_self_pipe(const al_watched *watch)
{
    return watch->fd && strcmp(watch->fd, "self") == 0;
}

static void add_plain(const al_page *page, al_text *out, const char *verb,
                      const char *what)
{
    const al_line line = {
        .indent = 2,
        .verb = verb,
        .what = what,
        .most_lines = MOST_LINES,
    };

    al_page_add_line(page, out, &line);
}

static void add_watches(const al_page *page, al_text *out,
                        const al_loop_state *loop)
{
    unsigned count = 0;

    for (const al_watched *w = loop->watches; w; w = w->next) {
        if (is_self_pipe(w))
            continue;
        if (count++ == MOST_WATCHES) {
            add_plain(page, out, "", "… and more fds");
            return;
        }
        if (w->reader)
            add_watch_line(page, out, w->reader, w, "readable");
        if (w->writer)
            add_watch_line(page, out, w->writer, w, "writable");
    }
}

void al_summary_add_signal(const al_page *page, al_text *out,
                           const al_loop_state *loop, uint64_t sig)
{
    for (const al_watched *w = loop->watches; w; w = w->next) {
        if (!w->fd && w->sig == sig && w->reader)
            add_watch_line(page, out, w->reader, w, "");
    }
}

static void add_queue(const al_page *page, al_text *out, uint64_t count,
                      const char *noun, const al_traced *first)
{
    al_text what = {0};

    if (count == 0)
        return;
    al_page_add_count(&what, count, noun);
    al_text_add_format(&what, ", first h%llu ",
                       (unsigned long long)first->id);
    al_phrase_handle(&what, first);
    if (first->in_heap) {
        al_text_add(&what, " at ");
        al_page_add_seconds(&what, first->when);
    }
    add_plain(page, out, "still waited", what.bytes);
    al_text_release(&what);
}

/* A cancelled timer waits for nothing. */
static void add_timers(const al_page *page, al_text *out, const al_heap *heap)
{
    const al_traced *first = NULL;
    uint64_t count = 0;

    for (size_t i = 0; i < heap->count; i++) {
        const al_traced *timer = heap->entries[i].item;

        if (timer->is_cancelled)
            continue;
        count++;
        if (!first || timer->when < first->when)
            first = timer;
    }
    add_queue(page, out, count, "timer", first);
}

void al_summary_add_waiting(const al_page *page, al_text *out,
                            const al_loop_state *loop)
{
    add_watches(page, out, loop);
    add_timers(page, out, &loop->heap);
    if (loop->ring_count > 0)
        add_queue(page, out, loop->ring_count, "ready handle",
                  al_loop_state_ready(loop, 0));
}

/* -- the summary -------------------------------------------------------- */

/* ", 3 skipped": nothing where there was none. */
static void add_part(al_text *out, uint64_t count, const char *what)
{
    if (count == 0)
        return;
    if (out->length > 0)
        al_text_add(out, ", ");
    al_text_add_uint(out, count);
    al_text_add_char(out, ' ');
    al_text_add(out, what);
}

/* The line of what was gathered, if anything; and begin anew. */
static void add_parts(const al_page *page, al_text *out, const char *verb,
                      al_text *parts)
{
    if (parts->length > 0)
        add_plain(page, out, verb, parts->bytes);
    al_text_clear(parts);
}

static void add_unclosed(const al_page *page, al_text *out, uint64_t count)
{
    al_text what = {0};

    if (count == 0)
        return;
    al_page_add_count(&what, count, "loop");
    al_text_add(&what, count == 1 ? ": it was never closed"
                                  : ": they were never closed");
    add_plain(page, out, "left open", what.bytes);
    al_text_release(&what);
}

static void add_ending(const al_page *page, al_text *out,
                       const al_ending *ending)
{
    al_text what = {0};
    al_line line = {.indent = 2, .verb = "ended", .most_lines = MOST_LINES};

    if (!ending->is_known) {
        al_text_add(&what, "unknown: the trace breaks off");
        line.what_role = AL_ROLE_WARNING;
    } else if (!ending->type) {
        al_text_add(&what, "the program came to its end");
        line.what_role = AL_ROLE_GOOD;
    } else {
        al_phrase_exception(&what, ending->type, ending->text);
        line.what_role = strcmp(ending->type, "LimitReached") == 0
                             ? AL_ROLE_WARNING
                             : AL_ROLE_ERROR;
    }
    line.what = what.bytes;
    al_page_add_line(page, out, &line);
    al_text_release(&what);
    if (ending->waiting)
        al_text_add_bytes(out, al_text_peek(ending->waiting),
                          ending->waiting->length);
    add_unclosed(page, out, ending->unclosed);
}

static void add_counts(const al_page *page, al_text *out, const al_counts *n)
{
    al_text parts = {0};

    add_part(&parts, n->iterations, n->iterations == 1 ? "turn of the loop"
                                                       : "turns of the loop");
    add_parts(page, out, "iterations", &parts);
    add_part(&parts, n->soon, "call_soon");
    add_part(&parts, n->timers, "call_at");
    add_part(&parts, n->threadsafe, "call_soon_threadsafe");
    add_part(&parts, n->watched, "of fds");
    add_part(&parts, n->signals, "of signals");
    add_part(&parts, n->cancels, "cancelled");
    add_parts(page, out, "handles", &parts);
    add_part(&parts, n->runs, "run");
    add_part(&parts, n->skips, "skipped");
    add_parts(page, out, "callbacks", &parts);
    add_part(&parts, n->fired, "fired");
    add_part(&parts, n->timer_cancels, "cancelled");
    add_part(&parts, n->prunes, "pruned");
    add_part(&parts, n->compacted, "compacted");
    add_parts(page, out, "timers", &parts);
    if (n->compactions > 0)
        al_text_add_uint(&parts, n->compactions);
    add_parts(page, out, "compactions", &parts);
    add_part(&parts, n->most_ready, "ready");
    add_part(&parts, n->most_scheduled, "scheduled");
    add_parts(page, out, "at most", &parts);
    add_part(&parts, n->exceptions, "to the exception handler");
    add_part(&parts, n->thread_errors, "in threads");
    add_parts(page, out, "exceptions", &parts);
    add_part(&parts, n->logs, "by the program");
    add_part(&parts, n->warnings, "by asyncio");
    add_parts(page, out, "logged", &parts);
    add_part(&parts, n->oddities, "that should not be");
    add_parts(page, out, "oddities", &parts);
    al_text_release(&parts);
}

void al_summary_add(const al_page *page, al_text *out, const al_counts *counts,
                    const al_ending *ending)
{
    al_text time = {0}, aside = {0};

    al_page_add_seconds(&time, ending->ended);
    if (ending->started != 0) {
        al_text_add(&aside, "from ");
        al_page_add_seconds(&aside, ending->started);
    }
    al_page_add_heading(page, out, "summary", time.bytes,
                        al_text_peek(&aside));
    add_ending(page, out, ending);
    add_counts(page, out, counts);
    al_text_release(&time);
    al_text_release(&aside);
}
