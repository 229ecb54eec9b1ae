/* queues.c - a snapshot: the whole heap and the ready queue. */
#include "cli/account/private.h"

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
        .indent = AL_BLOCK_INDENT,
        .verb = l->verb,
        .what = al_account_text(&a->what),
    };

    al_repeats_flush(&a->lines, &a->text);
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
    al_line line = {.indent = AL_BLOCK_INDENT};

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
    line.note = al_account_text(&a->note);
    if (line.note)
        al_page_add_line(&a->page, &a->text, &line);
}

void al_account_tell_snapshot(al_account *a, const al_event *event)
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
    al_account_tell_inventory(a, event->loop);
    a->has_lines = true;
    a->chapter_sign = al_sign_number(a->chapter_sign, loop->heap.count);
}
